"""Arithmetic and logic on values.

Owns: + - * / ** and negation over numbers, strings, days, moments and durations; three-valued `and`, `or`, `not`; `in`.
Leaves: order and equality to `values`.
Promises: what has no meaning is null (None), never an exception; results keep to 34 digits.
Rule: DMN 1.5, 10.3.2.8, tables 48 to 58.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, DecimalException
from typing import Any

from engine.feel import temporal
from engine.feel.budget import Budget
from engine.feel.values import CONTEXT, INT_LIMIT, Months, Range, adopt, compare, equal, is_date, is_number, kind, number, seconds_of

Operator = Callable[[Any, Any, Budget], Any]


def add(left: Any, right: Any, budget: Budget) -> Any:
    if type(left) is int and type(right) is int:
        total = left + right
        return total if -INT_LIMIT < total < INT_LIMIT else number(total)
    if isinstance(left, str) and isinstance(right, str):
        budget.room_for_text(len(left) + len(right))
        return left + right
    return _dispatch("+", left, right)


def subtract(left: Any, right: Any, budget: Budget) -> Any:
    if type(left) is int and type(right) is int:
        total = left - right
        return total if -INT_LIMIT < total < INT_LIMIT else number(total)
    return _dispatch("-", left, right)


def multiply(left: Any, right: Any, budget: Budget) -> Any:
    return _dispatch("*", left, right)


def divide(left: Any, right: Any, budget: Budget) -> Any:
    return _dispatch("/", left, right)


def power(left: Any, right: Any, budget: Budget) -> Any:
    budget.charge(20)
    return _dispatch("**", left, right)


def negate(value: Any) -> Any:
    value = adopt(value)
    if is_number(value) or isinstance(value, (timedelta, Months)):
        return CONTEXT.minus(value) if isinstance(value, Decimal) else -value
    return None


OPERATORS: dict[str, Operator] = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}


def _dispatch(sign: str, left: Any, right: Any) -> Any:
    left, right = adopt(left), adopt(right)
    rule = _RULES.get((sign, kind(left), kind(right)))
    if rule is None:
        return None
    try:
        return rule(left, right)
    except (DecimalException, OverflowError, ValueError, ZeroDivisionError):
        return None


def _times(left: int | Decimal, right: int | Decimal) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        return number(left * right)
    return CONTEXT.multiply(Decimal(left), Decimal(right))


def _divided(left: int | Decimal, right: int | Decimal) -> Any:
    return number(CONTEXT.divide(Decimal(left), Decimal(right)))


def _powered(left: int | Decimal, right: int | Decimal) -> Any:
    return number(CONTEXT.power(Decimal(left), Decimal(right)))


def _minus(left: Any, right: Any) -> timedelta | None:
    """A day counts as its midnight UTC beside a moment; a moment with a zone and one without have no distance."""
    one, other = _same_zone(left, right)
    if not is_date(one) and (one.tzinfo is None) != (other.tzinfo is None):
        return None
    away: timedelta = one - other
    return away


def _same_zone(left: date, right: date) -> tuple[Any, Any]:
    if is_date(left) and is_date(right):
        return left, right
    return _instant(_midnight(left, UTC)), _instant(_midnight(right, UTC))


def _instant(value: datetime) -> datetime:
    """Python tells two moments of one zone apart by their wall clocks; FEEL by the time line."""
    return value.astimezone(UTC) if value.tzinfo is not None else value


def _midnight(value: date, zone: tzinfo | None = None) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=zone)


def _times_apart(left: time, right: time) -> timedelta | None:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    return timedelta(microseconds=int((Decimal(seconds_of(left)) - Decimal(seconds_of(right))) * 1_000_000))


def _moved(value: date, by: timedelta) -> date:
    """Move a moment by a duration on the time line; a day by its midnight, staying a day."""
    if not isinstance(value, datetime):
        return (_midnight(value) + by).date()
    if value.tzinfo is None:
        return value + by
    return (value.astimezone(UTC) + by).astimezone(value.tzinfo)


def _scaled(value: timedelta, by: int | Decimal) -> timedelta:
    return timedelta(microseconds=int((Decimal(value // timedelta(microseconds=1)) * Decimal(by)).to_integral_value()))


def _shared(value: timedelta, by: int | Decimal) -> timedelta:
    return timedelta(microseconds=int((Decimal(value // timedelta(microseconds=1)) / Decimal(by)).to_integral_value()))


def _months(value: Decimal) -> Months:
    return Months(int(value))


_N, _S, _D, _T, _M, _DT, _YM = ("number", "string", "date", "time", "date and time", "days and time duration", "years and months duration")
_MICRO = timedelta(microseconds=1)
_RULES: dict[tuple[str, str, str], Callable[[Any, Any], Any]] = {
    ("+", _N, _N): lambda a, b: CONTEXT.add(Decimal(a), Decimal(b)),
    ("-", _N, _N): lambda a, b: CONTEXT.subtract(Decimal(a), Decimal(b)),
    ("*", _N, _N): _times,
    ("/", _N, _N): _divided,
    ("**", _N, _N): _powered,
    ("-", _D, _D): _minus, ("-", _M, _M): _minus, ("-", _D, _M): _minus, ("-", _M, _D): _minus,
    ("-", _T, _T): _times_apart,
    ("+", _D, _DT): _moved, ("+", _M, _DT): _moved, ("+", _DT, _D): lambda a, b: _moved(b, a), ("+", _DT, _M): lambda a, b: _moved(b, a),
    ("-", _D, _DT): lambda a, b: _moved(a, -b), ("-", _M, _DT): lambda a, b: _moved(a, -b),
    ("+", _D, _YM): lambda a, b: temporal.add_months(a, b.months), ("+", _M, _YM): lambda a, b: temporal.add_months(a, b.months),
    ("+", _YM, _D): lambda a, b: temporal.add_months(b, a.months), ("+", _YM, _M): lambda a, b: temporal.add_months(b, a.months),
    ("-", _D, _YM): lambda a, b: temporal.add_months(a, -b.months), ("-", _M, _YM): lambda a, b: temporal.add_months(a, -b.months),
    ("+", _T, _DT): temporal.add_to_time, ("+", _DT, _T): lambda a, b: temporal.add_to_time(b, a),
    ("-", _T, _DT): lambda a, b: temporal.add_to_time(a, -b),
    ("+", _DT, _DT): lambda a, b: a + b, ("-", _DT, _DT): lambda a, b: a - b,
    ("+", _YM, _YM): lambda a, b: a + b, ("-", _YM, _YM): lambda a, b: a + -b,
    ("*", _DT, _N): _scaled, ("*", _N, _DT): lambda a, b: _scaled(b, a),
    ("*", _YM, _N): lambda a, b: _months(Decimal(a.months) * Decimal(b)),
    ("*", _N, _YM): lambda a, b: _months(Decimal(b.months) * Decimal(a)),
    ("/", _DT, _N): _shared, ("/", _YM, _N): lambda a, b: _months(Decimal(a.months) / Decimal(b)),
    ("/", _DT, _DT): lambda a, b: _divided(a // _MICRO, b // _MICRO), ("/", _YM, _YM): lambda a, b: _divided(a.months, b.months),
}


def negation(value: Any) -> bool | None:
    """Three-valued `not`."""
    return not value if isinstance(value, bool) else None


def holds(test: Any, value: Any, budget: Budget) -> bool | None:
    """Tell whether a value is in what a test evaluated to: a range, a list of values and ranges, or one value.

    Rule: DMN 1.5, table 55.
    """
    if isinstance(test, Range):
        return test.includes(value)
    if isinstance(test, list):
        return _in_list(test, value, budget)
    return equal(value, test, budget.charge)


def _in_list(tests: list[Any], value: Any, budget: Budget) -> bool | None:
    budget.charge(len(tests))
    if isinstance(value, list) and equal(value, tests, budget.charge):
        return True
    unknown = False
    for test in tests:
        found = test.includes(value) if isinstance(test, Range) else equal(value, test, budget.charge)
        if found:
            return True
        unknown = unknown or found is None
    return None if unknown and value is None else False


def ordered(sign: str, left: Any, right: Any, budget: Budget) -> bool | None:
    """Compare two values with one of = != < <= > >=."""
    if sign in ("=", "!="):
        found = equal(left, right, budget.charge)
        return found if sign == "=" or found is None else not found
    order = compare(left, right)
    if order is None:
        return None
    return _ORDERS[sign](order)


_ORDERS: dict[str, Callable[[int], bool]] = {"<": lambda o: o < 0, "<=": lambda o: o <= 0, ">": lambda o: o > 0, ">=": lambda o: o >= 0}
