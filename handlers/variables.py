"""Reading what a case holds: days and numbers, whether they came as FEEL values or as text of a JSON file.

Owns: the one way a handler turns a variable into a day or a number.
Promises: never a float; what cannot be read is told by name.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import Invalid


class NotADay(Invalid):
    """{name} is not a day: {value}."""

    fr = "{name} n’est pas une date : {value}."


class NotANumber(Invalid):
    """{name} is not a number: {value}."""

    fr = "{name} n’est pas un nombre : {value}."


def day(value: Any, name: str) -> date:
    """Read a civil day: a date, or ISO text.

    Raises: NotADay, naming what was read; a moment is refused, because its day depends on a zone.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise NotADay(name=name, value=value) from error


def day_or_none(value: Any, name: str) -> date | None:
    """Read a civil day that may be missing: None and empty text are none. Raises: NotADay."""
    return None if value is None or value == "" else day(value, name)


def number(value: Any, name: str) -> Decimal:
    """Read a number, without zeros that say nothing (4, not 4.0): int, Decimal or text.

    Raises: NotANumber, for a boolean, a float, nothing, or text that is none.
    """
    if isinstance(value, (bool, float)):
        raise NotANumber(name=name, value=value)
    try:
        read = Decimal(value)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise NotANumber(name=name, value=value) from error
    if not read.is_finite():
        raise NotANumber(name=name, value=value)
    trimmed = read.normalize()
    return trimmed.quantize(Decimal(1)) if trimmed == trimmed.to_integral_value() else trimmed


def text(value: Any) -> str:
    """Read a text that may be missing: without blanks around it, "" for none."""
    return "" if value is None else str(value).strip()
