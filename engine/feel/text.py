"""Values as text: what `string(…)` gives and what concatenation shows.

Owns: the canonical text of every value.
Rule: DMN 1.5, table 78 (`string`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import temporal
from engine.feel.budget import Budget
from engine.feel.values import Function, Months, Range, adopt, kind


def text_of(value: Any, budget: Budget) -> str | None:
    """Write a value as text; null stays null, a string stays as it is."""
    if value is None or isinstance(value, str):
        return value
    return _written(value, budget)


def number_text(value: int | Decimal) -> str:
    """Write a number without exponent."""
    return str(value) if isinstance(value, int) else format(value, "f")


def _written(value: Any, budget: Budget) -> str:
    budget.charge(5)
    value = adopt(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return number_text(value)
    if isinstance(value, str):
        budget.room_for_text(len(value))
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if kind(value) in _TEMPORAL:
        return temporal.text_of(value)
    return _written_whole(value, budget)


_TEMPORAL = frozenset({"date", "time", "date and time", "days and time duration"})


def _written_whole(value: Any, budget: Budget) -> str:
    if isinstance(value, Months):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(_written(item, budget) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_written(item, budget)}" for key, item in value.items()) + "}"
    if isinstance(value, Range):
        return _range(value, budget)
    return repr(value) if isinstance(value, Function) else "null"


def _key(key: object) -> str:
    name = str(key)
    return name if name and not set(name) & set('{}",: ') else '"' + name.replace('"', '\\"') + '"'


def _range(value: Range, budget: Budget) -> str:
    if value.unary:
        sign, end = ("<", value.end) if value.start is None else (">", value.start)
        return f"({sign}{'=' if value.start_included or value.end_included else ''} {_written(end, budget)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{_written(value.start, budget)}..{_written(value.end, budget)}{closing}"
