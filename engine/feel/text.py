"""Values as text: what `string(…)` gives and what concatenation shows.

Owns: the canonical text of every value.
Rule: DMN 1.5, table 78 (`string`).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import temporal
from engine.feel.budget import Budget
from engine.feel.values import Range, adopt, kind


def text_of(value: Any, budget: Budget) -> str | None:
    """Write a value as text; null stays null, a string stays as it is."""
    if value is None or isinstance(value, str):
        return value
    return _written(value, budget)


def number_text(value: int | Decimal) -> str:
    """Write a number without exponent."""
    return str(value) if isinstance(value, int) else format(value, "f")


def _written(value: Any, budget: Budget) -> str:
    budget.charge(7)
    value = adopt(value)
    write = _WRITERS.get(kind(value))
    return "null" if write is None else write(value, budget)


def _number(value: int | Decimal, budget: Budget) -> str:
    text = number_text(value)
    budget.charge(len(text) >> 5)
    return text


def _string(value: str, budget: Budget) -> str:
    budget.room_for_text(len(value))
    return string_literal(value)


def string_literal(value: str) -> str:
    """Write a string as an expression would, in quotation marks."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _list(value: list[Any], budget: Budget) -> str:
    return _bounded("[" + ", ".join([_written(item, budget) for item in value]) + "]", budget)


def _context(value: dict[str, Any], budget: Budget) -> str:
    return _bounded("{" + ", ".join([f"{_key(key)}: {_written(item, budget)}" for key, item in value.items()]) + "}", budget)


def _bounded(text: str, budget: Budget) -> str:
    budget.room_for_text(len(text))
    return text


def _key(key: object) -> str:
    name = str(key)
    return name if name and not set(name) & set('{}",: ') else '"' + name.replace('"', '\\"') + '"'


def _range(value: Range, budget: Budget) -> str:
    if value.unary:
        sign, end = ("<", value.end) if value.start is None else (">", value.start)
        return f"({sign}{'=' if value.start_included or value.end_included else ''} {_written(end, budget)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{_written(value.start, budget)}..{_written(value.end, budget)}{closing}"


_WRITERS: dict[str, Callable[[Any, Budget], str]] = {
    "boolean": lambda value, budget: "true" if value else "false", "number": _number, "string": _string, "list": _list, "context": _context,
    "range": _range, "function": lambda value, budget: repr(value), "years and months duration": lambda value, budget: str(value),
    **dict.fromkeys(("date", "time", "date and time", "days and time duration"), lambda value, budget: temporal.text_of(value)),
}
