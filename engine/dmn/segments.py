"""A column of a decision table, cut into parts that no cell tells apart.

Owns: one example value of each part, and which rules take it for sure or perhaps.
Leaves: putting the columns of a table together to `coverage`; the words of problems to it too.
Promises: an example is a value the column may have, and a rule said to take it for sure does: cells of literals are looked at as ranges,
any other cell that reads nothing but the value tested is run on the example; of the rest nothing is claimed. Bounded work.
Rule: DMN 1.5, 8.3.3 (input entries) and 10.3.2.7 (ranges).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from engine import feel
from engine.dmn.logic import Literal, Logic
from engine.dmn.tables import Table
from engine.dmn.types import limits_of
from engine.feel import tree as t

#: cells × examples of one column that are looked at, at most
MAX_LOOKS = 3_000_000
MAX_RUNS = 20_000               # of cells that must be run to know what they take
_COUNTING = frozenset({"count", "string length", "day of year", "week of year", "last day of month"})
#: functions of the host: what they give is not known while editing
_NOT_FIXED = frozenset({"now", "today"})
#: what may come before and after the bounds of a kind, and between two of them
_STEPS: dict[str, tuple[str, str, str]] = {
    "number": ("a - 1", "b + 1", "if floor((a + b) / 2) > a then floor((a + b) / 2) else (a + b) / 2"),
    "whole number": ("a - 1", "b + 1", "if floor((a + b) / 2) > a then floor((a + b) / 2) else null"),
    "date": ('a - @"P1D"', 'b + @"P1D"', "a + (b - a) / 2"),
    "date and time": ('a - @"P1D"', 'b + @"P1D"', "a + (b - a) / 2"),
    "time": ('a - @"PT1H"', 'b + @"PT1H"', "a + (b - a) / 2"),
    "days and time duration": ('a - @"P1D"', 'b + @"P1D"', "a + (b - a) / 2"),
    "years and months duration": ('a - @"P1M"', 'b + @"P1M"', "a + (b - a) / 2"),
}


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a column's values.

    Attributes:
        example: one of them in FEEL; None for any value that no cell names.
        sure: the rules (bits) that take it. perhaps: those that take it or may take it.
    """

    example: str | None
    sure: int
    perhaps: int


@dataclass(frozen=True, slots=True)
class Column:
    """The segments of a column. `whole`: every value is in one of them, and what each rule does is known."""

    segments: tuple[Segment, ...]
    whole: bool


def cut(table: Table, index: int) -> Column:
    """Cut a column of a table."""
    cells = [rule.cells[index] if index < len(rule.cells) else None for rule in table.rules]
    column = table.inputs[index]
    limits = [*([column.allowed] if column.allowed is not None else []), *limits_of(column.fits)]
    kind = _kind(cells, limits, column.fits)
    if kind is None:
        return _unknown(cells)
    if kind == "number" and _counts(column.logic):
        kind = "whole number"
    try:
        samples = _samples(kind, [*(cell for cell in cells if cell is not None), *limits])
    except _NoOrder:
        return _unknown(cells)
    samples = [one for one in samples if all(_passes(limit, one.value) for limit in limits)] if limits else samples
    if not samples or len(samples) * len(cells) > MAX_LOOKS:
        return _unknown(cells)
    found = _column(cells, samples)
    return Column(found.segments, found.whole and not (kind == "string" and _speaks_of_order(cells)))


def _counts(logic: Logic) -> bool:
    """Tell whether what a column looks at is always a whole number: what a counting function gives, or the year, month or day of a date."""
    node = logic.expression.tree if isinstance(logic, Literal) else None
    if isinstance(node, t.Call) and isinstance(node.function, t.Name):
        return node.function.name in _COUNTING and node.function.name in feel.BUILTINS
    return isinstance(node, t.Path) and node.name in ("year", "month", "day", "weekday")


@dataclass(frozen=True, slots=True)
class _Sample:
    value: Any
    example: str | None


class _NoOrder(Exception):
    """Some bounds have a time zone and others none."""


class Anything:
    """A value no cell names."""


def _unknown(cells: list[feel.UnaryTests | None]) -> Column:
    """A column nothing is known of but the cells that take everything."""
    free = sum(1 << n for n, cell in enumerate(cells) if cell is not None and not cell.tree.tests)
    return Column((Segment(None, free, (1 << len(cells)) - 1),), False)


def _column(cells: list[feel.UnaryTests | None], samples: list[_Sample]) -> Column:
    line = _Line(samples)
    sure, perhaps, whole = [0] * len(samples), [0] * len(samples), True
    for number, cell in enumerate(cells):
        bit, ranges = 1 << number, feel.literal_tests(cell.tree) if cell is not None else None
        whole = whole and ranges is not None
        for at, found in line.taken(cell, ranges):
            perhaps[at] |= bit
            sure[at] |= bit if found else 0
    merged: dict[tuple[int, int], Segment] = {}
    for sample, yes, maybe in sorted(zip(samples, sure, perhaps, strict=True), key=_strangeness):
        merged.setdefault((yes, maybe), Segment(sample.example, yes, maybe))
    return Column(tuple(merged.values()), whole)


def _strangeness(found: tuple[_Sample, int, int]) -> int:
    """Of values the rules do not tell apart the one that is told is whole and not below zero, if it can: most numbers count something."""
    value = found[0].value
    return (value < 0) + 2 * (feel.evaluate("v = floor(v)", {"v": value}) is not True) if feel.kind(value) == "number" else 0


class _Line:
    """The examples of a column in their order, so that the ones in a range are found without looking at all."""

    def __init__(self, samples: list[_Sample]) -> None:
        samples.sort(key=lambda one: _place(one.value))
        self.values = [one.value for one in samples]
        self.places = [_place(value) for value in self.values]
        self.runs = 0

    def taken(self, cell: feel.UnaryTests | None, ranges: list[feel.Range] | None) -> Iterator[tuple[int, bool]]:
        """Give the examples a cell takes, by their number, and whether it does for sure."""
        if cell is None:
            return                                          # a cell that cannot be read never matches
        if ranges is None:
            yield from self._tried(cell)
            return
        found = {at for one in ranges for at in self._inside(one)}
        everything = range(len(self.values))
        for at in everything if not cell.tree.tests else (set(everything) - found if cell.tree.negated else found):
            yield at, True

    def _inside(self, test: feel.Range) -> range:
        low = 0 if test.start is None else (bisect_left if test.start_included else bisect_right)(self.places, _place(test.start))
        high = len(self.places) if test.end is None else (bisect_right if test.end_included else bisect_left)(self.places, _place(test.end))
        return range(low, high)

    def _tried(self, cell: feel.UnaryTests) -> Iterator[tuple[int, bool]]:
        """Run a cell that is more than literals, where what it gives depends on the value only."""
        self.runs += len(self.values)
        for at, value in enumerate(self.values):
            if _is_null(cell):
                found: bool | None = False                  # an example is never null
            elif isinstance(value, Anything) or not is_fixed(cell) or self.runs > MAX_RUNS:
                found = None
            else:
                found = _passes(cell, value)
            if found is not False:
                yield at, found is True


def _place(value: Any) -> Any:
    """A key by which values of one kind stand in their order; values without order stand together."""
    return cmp_to_key(lambda one, other: feel.compare(one, other) or 0)(value) if feel.kind(value) not in ("boolean", "") else value is True


def _is_null(cell: feel.UnaryTests) -> bool:
    return not cell.tree.negated and all(isinstance(node, t.Literal) and node.value is None for node in cell.tree.tests)


def is_fixed(code: feel.Expression | feel.UnaryTests) -> bool:
    """Tell whether what an expression or cell gives depends on nothing outside of it."""
    return not code.names and not code.maybe and code.calls <= feel.BUILTINS.keys() - _NOT_FIXED


def _passes(tests: feel.UnaryTests, value: Any) -> bool | None:
    try:
        return tests.test(value, {})
    except feel.EvaluationError:
        return None


# --- what to try ----------------------------------------------------------------------------------------------------------------------


def _kind(cells: Iterable[feel.UnaryTests | None], limits: list[feel.UnaryTests], fits: feel.Type | None) -> str | None:
    """The kind of a column's values; "" when nothing tells, None when cells disagree."""
    told = {feel.kind(value) for cell in [*cells, *limits] if cell is not None for value in literals(cell.tree)} - {"null"}
    if fits is not None and fits.kind in (*_STEPS, "string", "boolean"):
        return fits.kind if told <= {fits.kind} else None
    return (told or {""}).pop() if len(told) < 2 else None


def literals(tests: t.UnaryTests) -> list[Any]:
    """The literal values that the tests of a cell compare the value with."""
    found: list[Any] = []
    for node in tests.tests:
        for part in _compared(node):
            value = feel.literal_value(part)
            if value is not None:
                found.append(value)
    return found


def _compared(node: t.Node) -> list[t.Node]:
    """The parts of a test that stand beside the value: operands, ends of ranges, and those of comparisons with `?`."""
    if isinstance(node, t.Test):
        return [node.operand]
    if isinstance(node, t.RangeNode):
        return [end for end in (node.start, node.end) if end is not None]
    if isinstance(node, (t.UnaryTests, t.ListNode)):
        return [part for one in node.children() for part in _compared(one)]
    if isinstance(node, t.Comparison):
        sides = (node.left, node.right)
        return list(sides) if any(isinstance(side, t.Name) and side.name == "?" for side in sides) else []
    if isinstance(node, t.Between):
        return [node.low, node.high] if isinstance(node.value, t.Name) and node.value.name == "?" else []
    if isinstance(node, t.Junction):
        return [part for one in node.operands for part in _compared(one)]
    return [node]


def _samples(kind: str, cells: list[feel.UnaryTests]) -> list[_Sample]:
    bounds = [value for cell in cells for value in literals(cell.tree)]
    if kind == "boolean":
        return [_Sample(True, "true"), _Sample(False, "false")]
    if kind == "string":
        return _strings(list(dict.fromkeys(bounds)), _speaks_of_order(cells))
    if not bounds or kind not in _STEPS:
        return [_Sample(Anything(), None)]
    samples = _along(bounds, kind)
    if kind == "whole number":
        samples = (value for value in samples if feel.evaluate("v = floor(v)", {"v": value}) is True)
    return [_Sample(value, str(feel.evaluate("string(v)", {"v": value}))) for value in samples]


def _speaks_of_order(cells: Iterable[feel.UnaryTests | None]) -> bool:
    return any(_has_order(node) for cell in cells if cell is not None for node in cell.tree.tests)


def _has_order(node: t.Node) -> bool:
    if isinstance(node, t.RangeNode) or (isinstance(node, (t.Test, t.Comparison)) and node.sign not in ("=", "!=")):
        return True
    return any(map(_has_order, node.children()))


def _strings(texts: list[str], ordered: bool) -> list[_Sample]:
    """The texts of the cells, and another; where cells speak of an order, also something before, between and after them."""
    found = [_Sample(text, feel.string_literal(text)) for text in texts]
    if ordered:
        between = ["", *(text + "!" for text in texts)]
        found += [_Sample(text, feel.string_literal(text)) for text in dict.fromkeys(between) if text not in texts]
        return found
    return [*found, _Sample("\uffff", None)]


def _along(bounds: list[Any], kind: str) -> Iterator[Any]:
    """Each bound, something between two neighbours, something before the first and after the last."""
    points: list[Any] = []
    if any(feel.compare(bound, bounds[0]) is None for bound in bounds):
        raise _NoOrder
    for bound in sorted(bounds, key=cmp_to_key(lambda one, other: feel.compare(one, other) or 0)):
        if not points or feel.compare(bound, points[-1]) != 0:
            points.append(bound)
    before, after, between = _STEPS[kind]
    yield from _strictly(None, feel.evaluate(before, {"a": points[0]}), points[0])
    for low, high in zip(points, [*points[1:], None], strict=True):
        yield low
        if high is not None:
            yield from _strictly(low, feel.evaluate(between, {"a": low, "b": high}), high)
    yield from _strictly(points[-1], feel.evaluate(after, {"b": points[-1]}), None)


def _strictly(low: Any, value: Any, high: Any) -> Iterator[Any]:
    """The value, when it lies between; days, months and the end of the day leave nothing there."""
    above = low is None or (feel.compare(value, low) or 0) > 0
    if value is not None and above and (high is None or (feel.compare(value, high) or 0) < 0):
        yield value
