"""Ranges written as text.

Owns: reading `[18..21)`, `(< 10)` and their like when both ends are literals or calls of `date`, `time`, `date and time`, `duration` on one.
Rule: DMN 1.5, table 78 (`range`).
"""

from __future__ import annotations

from typing import Any

from engine.feel import temporal
from engine.feel import tree as t
from engine.feel.errors import SyntaxError
from engine.feel.operators import negate
from engine.feel.parser import parse
from engine.feel.values import Range, compare

_READERS = {
    "date": temporal.parse_date, "time": temporal.parse_time, "date and time": temporal.parse_date_and_time, "duration": temporal.parse_duration,
}


def range_literal(text: str) -> Range | None:
    """Read a range; None when the text is none, an end is no literal, or the ends have no ascending order."""
    try:
        node = parse(text)
    except SyntaxError:
        return None
    if not isinstance(node, t.RangeNode):
        return None
    start, end = _end(node.start), _end(node.end)
    if (start is None and end is None) or (start is not None and end is not None and (compare(start, end) or 0) > 0):
        return None
    if start is not None and end is not None and compare(start, end) is None:
        return None
    return Range(start, end, node.start_included and start is not None, node.end_included and end is not None, node.unary)


def _end(node: t.Node | None) -> Any:
    if isinstance(node, t.Literal):
        return node.value
    if isinstance(node, t.Negation):
        return negate(_end(node.operand))
    if isinstance(node, t.Call) and isinstance(node.function, t.Name) and len(node.arguments) == 1:
        reader, argument = _READERS.get(node.function.name), node.arguments[0]
        if reader is not None and isinstance(argument, t.Literal) and isinstance(argument.value, str):
            return reader(argument.value)
    return None
