"""How points and ranges stand to each other.

Owns: the functions of Allen's relations. Each is one rule over bounds; its mirror (`after`, `met by`, …) swaps the arguments.
Promises: what cannot be compared gives null.
Rule: DMN 1.5, table 89 and 10.3.4.8.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel.builtins.registry import Register
from engine.feel.values import Range, compare

register = Register()


class _Incomparable(Exception):
    """Two bounds have no order."""


def _order(one: Any, other: Any) -> int:
    found = compare(one, other)
    if found is None:
        raise _Incomparable
    return found


def _as_range(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _before(one: Range, other: Range) -> bool:
    order = _order(one.end, other.start)
    return order < 0 or (order == 0 and not (one.end_included and other.start_included))


def _starts_no_later(one: Range, other: Range) -> bool:
    order = _order(one.start, other.start)
    return order < 0 or (order == 0 and (one.start_included or not other.start_included))


def _ends_no_sooner(one: Range, other: Range) -> bool:
    order = _order(one.end, other.end)
    return order > 0 or (order == 0 and (one.end_included or not other.end_included))


def _meets(one: Range, other: Range) -> bool:
    return one.end_included and other.start_included and _order(one.end, other.start) == 0


def _overlaps(one: Range, other: Range) -> bool:
    return not _before(one, other) and not _before(other, one)


def _overlaps_before(one: Range, other: Range) -> bool:
    return not _starts_no_later(other, one) and not _before(one, other) and _ends_no_sooner(other, one)


def _includes(one: Range, other: Range) -> bool:
    return _starts_no_later(one, other) and _ends_no_sooner(one, other)


def _starts(one: Range, other: Range) -> bool:
    return _order(one.start, other.start) == 0 and one.start_included == other.start_included and _ends_no_sooner(other, one)


def _finishes(one: Range, other: Range) -> bool:
    return _order(one.end, other.end) == 0 and one.end_included == other.end_included and _starts_no_later(other, one)


def _coincides(one: Range, other: Range) -> bool:
    return _order(one.start, other.start) == 0 == _order(one.end, other.end) and (
        (one.start_included, one.end_included) == (other.start_included, other.end_included))


def _declare(name: str, mirror: str, rule: Callable[[Range, Range], bool], *shapes: str) -> None:
    """Register a relation, and its mirror when it has one."""
    def relation(one: Any, other: Any) -> bool | None:
        try:
            return rule(_as_range(one), _as_range(other))
        except _Incomparable:
            return None

    register(*(f"{name}({shape})" for shape in shapes), cost=30)(relation)
    if mirror:
        swapped = [", ".join(reversed(shape.split(", "))) if "1" not in shape else shape for shape in shapes]
        register(*(f"{mirror}({shape})" for shape in swapped), cost=30)(lambda one, other: relation(other, one))


_BOTH = "range1: range, range2: range"
_declare("before", "after", _before, _BOTH, "point: Any, range: range", "range: range, point: Any", "point1: Any, point2: Any")
_declare("meets", "met by", _meets, _BOTH)
_declare("overlaps", "", _overlaps, _BOTH)
_declare("overlaps before", "overlaps after", _overlaps_before, _BOTH)
_declare("finishes", "finished by", _finishes, _BOTH, "point: Any, range: range")
_declare("includes", "during", _includes, _BOTH, "range: range, point: Any")
_declare("starts", "started by", _starts, _BOTH, "point: Any, range: range")
_declare("coincides", "", _coincides, _BOTH, "point1: Any, point2: Any")
