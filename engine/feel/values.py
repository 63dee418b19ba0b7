"""The values of FEEL that Python has no type for, and what all values have in common.

Owns: `Months`, `Range`, functions as values; numbers of 34 digits; equality and order.
Leaves: how values are written and read to `temporal` and `text`; arithmetic to `operators`.
Promises: values are None, bool, int, Decimal, str, date, datetime, time, timedelta (and their wide kin), Months, list, dict, Range,
Function. Never float. Times and moments are told apart to the second, as the standard counts them; `is` tells all of them apart.
Rule: DMN 1.5, 10.3.2.3 (semantic domain), 10.3.2.13 (equality and order).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any, TypeGuard

from engine.feel import wide
from engine.feel.wide import Date, Moment, Time, WideDate, WideDuration, WideMoment, WideTime

#: pays for work, in steps of the budget
Charge = Callable[[int], None]
#: decimal128: 34 digits
CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow])
INT_LIMIT = 10**34


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years and months duration, counted in months (negative for a step back)."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        parts = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (parts or "0M")

    def __neg__(self) -> Months:
        return Months(-self.months)

    def __add__(self, other: Months) -> Months:
        return Months(self.months + other.months)


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends; an end that is None is open. `unary` tells `(< 10)` from `(null..10)`."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    unary: bool = False

    def includes(self, value: Any) -> bool | None:
        """Tell whether a value lies in the range; None when it cannot be compared with its ends, or an end is null."""
        if not self.unary and (self.start is None or self.end is None):
            return None
        low = high = True
        if self.start is not None:
            order = compare(value, self.start)
            if order is None:
                return None
            low = order > 0 or (order == 0 and self.start_included)
        if self.end is not None:
            order = compare(value, self.end)
            if order is None:
                return None
            high = order < 0 or (order == 0 and self.end_included)
        return low and high


class Function:
    """A function as a value. `parameters` are its names in order; `call(run, args)` runs it."""

    __slots__ = ("call", "name", "parameters", "types")

    def __init__(self, name: str, parameters: tuple[str, ...], call: Callable[[Any, list[Any]], Any], types: tuple[Any, ...] = ()) -> None:
        self.name, self.parameters, self.call, self.types = name, parameters, call, types

    def __repr__(self) -> str:
        return f"function({', '.join(self.parameters)})"


def is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def is_date(value: Any) -> TypeGuard[Date]:
    return isinstance(value, (date, WideDate)) and not isinstance(value, datetime)


def is_day_or_moment(value: Any) -> TypeGuard[Date | Moment]:
    return isinstance(value, (date, WideDate, WideMoment))


def number(value: int | Decimal) -> int | Decimal | None:
    """Bring a number into 34 digits; a whole Decimal of that size becomes an int. None for what is no finite number."""
    if isinstance(value, int):
        return value if -INT_LIMIT < value < INT_LIMIT else _plus(Decimal(value))
    if not value.is_finite():
        return None
    if value.adjusted() < 34 and value == value.to_integral_value():
        return int(value)
    return _plus(value)


def whole(value: int | Decimal) -> int | None:
    """Tell the integer a number is; None for one that is not whole or does not keep to 34 digits."""
    if isinstance(value, int):
        return value
    return int(value) if value.adjusted() < 34 and value == value.to_integral_value() else None


def truncated(value: int | Decimal) -> int | None:
    """Tell the integer a number has before its point; None for one beyond 34 digits, which no place or size can be."""
    if isinstance(value, int):
        return value
    return int(value) if value.adjusted() < 34 else None


def _plus(value: Decimal) -> Decimal | None:
    try:
        return CONTEXT.plus(value)
    except Overflow:
        return None


def adopt(value: Any) -> Any:
    """Turn a host's value into FEEL's own: a float into a number, tuples and sets into lists, other mappings into contexts."""
    if type(value) in _KINDS:
        return value
    if isinstance(value, float):
        return number(Decimal(repr(value)))
    if isinstance(value, Mapping) and not isinstance(value, dict):
        return dict(value)
    if isinstance(value, (tuple, set, frozenset)):
        return list(value)
    return value


def seconds_of(value: Time) -> int:
    """Count the whole seconds since midnight UTC of a time with offset, or since midnight of one without."""
    offset = time_offset(value)
    whole = value.hour * 3600 + value.minute * 60 + value.second
    return whole if offset is None else whole - (offset.days * 86_400 + offset.seconds)


def instant_of(value: Moment) -> int:
    """Count the whole seconds of a moment on the time line, or by its clock when it has no zone."""
    offset = wide.utc_offset(value)
    wall = ((wide.day_number(wide.day_of(value)) * 24 + value.hour) * 60 + value.minute) * 60 + value.second
    return wall if offset is None else wall - (offset.days * 86_400 + offset.seconds)


def time_offset(value: Time) -> timedelta | None:
    """Tell the offset of a time; one with a zone takes the zone's offset of 1 January 1970, since it has no day."""
    if value.tzinfo is None:
        return None
    return value.tzinfo.utcoffset(datetime(1970, 1, 1, value.hour, value.minute))


def kind(value: Any) -> str:
    """Name the FEEL type of a value, "" for none."""
    found = _KINDS.get(type(value))
    if found is not None:
        return found
    for base, name in _BASES:
        if isinstance(value, base):
            return name
    return ""


_BASES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"), (int, "number"), (Decimal, "number"), (str, "string"), (datetime, "date and time"), (date, "date"), (time, "time"),
    (timedelta, "days and time duration"), (WideDate, "date"), (WideTime, "time"), (WideMoment, "date and time"),
    (WideDuration, "days and time duration"), (Months, "years and months duration"), (dict, "context"), (list, "list"), (Range, "range"),
    (Function, "function"), (type(None), "null"),
)
_KINDS = dict(_BASES)


def compare(left: Any, right: Any) -> int | None:
    """Tell the order of two values: negative, zero, positive; None when they have none.

    Rule: DMN 1.5, table 53. Values of different types have no order; a moment with a zone has none with a moment without.
    """
    family = kind(left)
    if family != kind(right):
        left, right = adopt(left), adopt(right)
        family = kind(left)
        if family != kind(right):
            return None
    if family not in _ORDERED:
        return None
    if family in _ON_A_LINE:
        if _zones_part(left, right):
            return None
        count = _ON_A_LINE[family]
        left, right = count(left), count(right)
    return int(left > right) - int(left < right)


def _zones_part(left: Any, right: Any) -> bool:
    """Tell whether one of two values has a zone and the other none."""
    return isinstance(left, _ZONED) and (left.tzinfo is None) != (right.tzinfo is None)


_ZONED = (time, datetime, WideTime, WideMoment)
_ON_A_LINE: dict[str, Callable[[Any], int]] = {
    "time": seconds_of, "date and time": instant_of, "date": wide.day_number, "days and time duration": wide.nanos_of,
}
_ORDERED = frozenset({"number", "string", "date", "time", "date and time", "days and time duration", "years and months duration"})


def equal(left: Any, right: Any, charge: Charge) -> bool | None:
    """Tell whether two values are equal; None when they are of different types. `charge` pays for what is compared.

    Rule: DMN 1.5, table 52. Null equals null only; lists and contexts are compared part by part.
    """
    if left is None or right is None:
        return left is right
    family = kind(left)
    if family != kind(right):
        left, right = adopt(left), adopt(right)
        family = kind(left)
        if family != kind(right):
            return None
    if family == "list":
        return _equal_lists(left, right, charge)
    if family == "context":
        return _equal_contexts(left, right, charge)
    if family in _ORDERED and family != "string":
        order = compare(left, right)
        return None if order is None else order == 0
    if family == "range":
        return _equal_ranges(left, right, charge)
    if family == "string":
        charge(len(left) >> 9)
    return bool(left == right)


def _equal_lists(left: list[Any], right: list[Any], charge: Charge) -> bool | None:
    charge(3 * len(left) + 3)
    if len(left) != len(right):
        return False
    for one, other in zip(left, right, strict=True):
        found = equal(one, other, charge)
        if not found:
            return found
    return True


def _equal_contexts(left: dict[str, Any], right: dict[str, Any], charge: Charge) -> bool | None:
    charge(3 * len(left) + 3)
    if left.keys() != right.keys():
        return False
    for key, value in left.items():
        found = equal(value, right[key], charge)
        if not found:
            return found
    return True


def _equal_ranges(left: Range, right: Range, charge: Charge) -> bool | None:
    if (left.start_included, left.end_included, left.unary) != (right.start_included, right.end_included, right.unary):
        return False
    return bool(equal(left.start, right.start, charge) and equal(left.end, right.end, charge))
