"""Ranges of literals.

Owns: reading `[18..21)`, `(< 10)` and their like when both ends are literals or calls of `date`, `time`, `date and time`, `duration`
on one; telling the cells of a table that hold nothing else.
Rule: DMN 1.5, table 78 (`range`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import temporal
from engine.feel import tree as t
from engine.feel.errors import SyntaxError
from engine.feel.operators import negate
from engine.feel.parser import parse
from engine.feel.values import Range, compare

_READERS: dict[str, Callable[[str], Any]] = {
    "date": temporal.read_date, "time": temporal.read_time, "date and time": temporal.read_moment, "duration": temporal.read_duration,
}


def range_literal(text: str) -> Range | None:
    """Read a range; None when the text is none, an end is no literal, or the ends have no ascending order."""
    try:
        node = parse(text)
    except SyntaxError:
        return None
    return _range(node) if isinstance(node, t.RangeNode) else None


def literal_tests(tests: t.UnaryTests) -> list[Range] | None:
    """Tell the ranges of values a cell of literals takes (a single value is a range of one; its negation is left to the caller).

    Returns: None when a test is more than literals.
    """
    found = [_tested(node) for node in tests.tests]
    return [one for one in found if one is not None] if all(one is not None for one in found) else None


def _tested(node: t.Node) -> Range | None:
    if isinstance(node, t.RangeNode):
        return _range(node, ascending=False)
    if isinstance(node, t.Test):
        value = literal_value(node.operand)
        if value is None or node.sign == "!=":
            return None
        if node.sign == "=":
            return Range(value, value)
        below = node.sign[0] == "<"
        return Range(None, value, False, node.sign == "<=", True) if below else Range(value, None, node.sign == ">=", False, True)
    value = literal_value(node)
    return None if value is None else Range(value, value)


def _range(node: t.RangeNode, ascending: bool = True) -> Range | None:
    start, end = literal_value(node.start), literal_value(node.end)
    if node.unary:
        return None if start is None and end is None else Range(start, end, node.start_included, node.end_included, True)
    order = None if start is None or end is None else compare(start, end)
    return None if order is None or (ascending and order > 0) else Range(start, end, node.start_included, node.end_included)


def literal_value(node: t.Node | None) -> Any:
    """Tell the value of a literal, negated or made by `date("…")` and its like; None for anything else and for null."""
    if isinstance(node, t.Literal):
        return node.value
    if isinstance(node, t.Negation):
        return negate(literal_value(node.operand))
    if isinstance(node, t.Call) and isinstance(node.function, t.Name) and len(node.arguments) == 1:
        reader, argument = _READERS.get(node.function.name), node.arguments[0]
        if reader is not None and isinstance(argument, t.Literal) and isinstance(argument.value, str):
            return reader(argument.value)
    return None
