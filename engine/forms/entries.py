"""What people type, turned into typed values.

Owns: how a text of a form post, or a value of JSON, becomes a number, a day, a choice …; and back into the text of an input.
Leaves: whether the value is right to `checks`.
Promises: never raises: what cannot be read as its type comes back as it was typed, and `checks` names it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from engine import feel
from engine.forms.components import MANY, Choice, Component
from engine.forms.views import Option
from engine.texts import Text

_TRUE, _FALSE = frozenset({"on", "true", "1", "yes"}), frozenset({"", "off", "false", "0", "no"})
_SPACES = {ord(space): None for space in " \u00a0\u202f"}


def typed(component: Component, raw: Any, choices: Sequence[Choice], zone: ZoneInfo) -> Any:
    """Read a value as the component's type; None for nothing, the raw value when it cannot be read.

    Args:
        raw: text, list of texts, or a value of JSON. choices: the options as they stand now.
        zone: of a moment typed without one.
    """
    match component.type:
        case "checkbox":
            return _boolean(raw)
        case "number":
            return _number(raw)
        case "datetime":
            return _temporal(raw, component.subtype, zone)
        case "radio" | "select":
            return _chosen(raw[0] if isinstance(raw, list) and len(raw) == 1 else raw, choices)
        case "checklist" | "taglist":
            return _all_chosen(raw, choices)
        case _:
            return _line(raw)


def _line(raw: Any) -> Any:
    if not isinstance(raw, str):
        return raw
    return raw.replace("\r\n", "\n").strip() or None


def _boolean(raw: Any) -> Any:
    if raw is None or isinstance(raw, bool):
        return bool(raw)
    text = str(raw).strip().casefold()
    return True if text in _TRUE else False if text in _FALSE else raw


def _number(raw: Any) -> Any:
    """Read a number as typed in French or English: "1 234,5", "1234.5"."""
    if isinstance(raw, bool) or raw is None:
        return raw
    if isinstance(raw, float):
        raw = repr(raw)
    if isinstance(raw, str):
        text = raw.translate(_SPACES).replace(",", ".").strip()
        if not text:
            return None
        try:
            raw_number: int | Decimal = Decimal(text)
        except InvalidOperation:
            return raw
    elif isinstance(raw, (int, Decimal)):
        raw_number = raw
    else:
        return raw
    number = feel.adopt(raw_number)
    if isinstance(number, Decimal):
        if not number.is_finite():
            return raw
        return int(number) if number == number.to_integral_value() and abs(number) < 10**30 else number
    return number


def _temporal(raw: Any, subtype: str, zone: ZoneInfo) -> Any:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str):
        return raw.date() if subtype == "date" and isinstance(raw, datetime) and raw.time() == time.min else raw
    text = raw.strip()
    try:
        return time.fromisoformat(text) if subtype == "time" else _moment(text, zone) if subtype == "datetime" else _day(text)
    except ValueError:
        return raw


def _day(text: str) -> date:
    """Read "2026-01-31", or "31/01/2026" as French people type it."""
    if "/" in text:
        day, month, year = text.split("/")
        return date(int(year), int(month), int(day))
    return date.fromisoformat(text)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _chosen(raw: Any, choices: Sequence[Choice]) -> Any:
    if raw is None or raw == "":
        return None
    return next((choice.value for choice in choices if _same(choice.value, raw)), raw)


def _all_chosen(raw: Any, choices: Sequence[Choice]) -> Any:
    if raw is None or raw == "":
        return []
    if isinstance(raw, str):
        raw = [raw]
    if not isinstance(raw, (list, tuple)):
        return raw
    return list(dict.fromkeys(_chosen(one, choices) for one in raw if one not in (None, "") and not isinstance(one, (list, dict))))


def _same(value: Any, raw: Any) -> bool:
    """Tell whether an option is meant: a form post only knows texts."""
    return bool(value == raw and isinstance(value, bool) is isinstance(raw, bool)) or (isinstance(raw, str) and option_value(value) == raw)


def choices_of(component: Component, context: Mapping[str, Any], functions: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The options of a choice as they stand now: written, or given by an expression as texts, numbers or {value, label} contexts."""
    if component.options_from is None:
        return component.options
    found = component.options_from.evaluate(context, functions)
    return tuple(_choice(one) for one in found) if isinstance(found, list) else ()


def _choice(one: Any) -> Choice:
    if not isinstance(one, Mapping):
        return Choice(one, Text.of(one))
    label = one.get("label") or {"fr": one.get("label_fr"), "en": one.get("label_en")}
    told = any(label.values()) if isinstance(label, Mapping) else True
    return Choice(one.get("value"), Text.of(label if told else one.get("value")))


def options(component: Component, choices: Sequence[Choice], value: Any) -> tuple[Option, ...]:
    """The options as a page draws them, the chosen ones marked."""
    chosen = value if component.type in MANY and isinstance(value, list) else [value]
    return tuple(Option(option_value(choice.value), choice.label, choice.value in chosen) for choice in choices)


def option_value(value: Any) -> str:
    """An option's value as a form post carries it."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def as_text(value: Any) -> str:
    """A value as the text of an input."""
    if value is None or isinstance(value, (list, dict)):
        return ""
    if isinstance(value, bool):
        return option_value(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)
