"""Arithmetic and logic on values.

Owns: + - * / ** and negation over numbers, strings, days, moments and durations; three-valued `and`, `or`, `not`; `in`.
Leaves: order and equality to `values`.
Promises: what has no meaning is null (None), never an exception; results keep to 34 digits.
Rule: DMN 1.5, 10.3.2.8, tables 48 to 58.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal, DecimalException
from typing import Any

from engine.feel import timeline, wide
from engine.feel.budget import Budget
from engine.feel.timeline import apart, months_later, moved, moved_time, turned
from engine.feel.values import CONTEXT, INT_LIMIT, Months, Range, adopt, compare, equal, is_number, kind, number, time_offset
from engine.feel.wide import Duration, Time, WideDuration, WideMoment

Operator = Callable[[Any, Any, Budget], Any]


def add(left: Any, right: Any, budget: Budget) -> Any:
    if type(left) is int and type(right) is int:
        total = left + right
        return total if -INT_LIMIT < total < INT_LIMIT else number(total)
    if isinstance(left, str) and isinstance(right, str):
        budget.room_for_text(len(left) + len(right))
        return left + right
    return _dispatch("+", left, right, budget)


def subtract(left: Any, right: Any, budget: Budget) -> Any:
    if type(left) is int and type(right) is int:
        total = left - right
        return total if -INT_LIMIT < total < INT_LIMIT else number(total)
    return _dispatch("-", left, right, budget)


def multiply(left: Any, right: Any, budget: Budget) -> Any:
    return _dispatch("*", left, right, budget)


def divide(left: Any, right: Any, budget: Budget) -> Any:
    return _dispatch("/", left, right, budget)


def power(left: Any, right: Any, budget: Budget) -> Any:
    budget.charge(20 if isinstance(right, int) else 400)
    return _dispatch("**", left, right, budget)


def negate(value: Any) -> Any:
    value = adopt(value)
    if isinstance(value, (timedelta, WideDuration)):
        return turned(value)
    if is_number(value) or isinstance(value, Months):
        return CONTEXT.minus(value) if isinstance(value, Decimal) else -value
    return None


OPERATORS: dict[str, Operator] = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}


def _dispatch(sign: str, left: Any, right: Any, budget: Budget) -> Any:
    left, right = adopt(left), adopt(right)
    kinds = kind(left), kind(right)
    budget.charge(8 if kinds == ("number", "number") else 150 if type(left) is WideMoment or type(right) is WideMoment else 20)
    rule = _RULES.get((sign, *kinds))
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


def _times_apart(left: Time, right: Time) -> Duration | None:
    """The clocks count, each at its offset; a time with one and a time without have no distance."""
    offsets = time_offset(left), time_offset(right)
    if (offsets[0] is None) != (offsets[1] is None):
        return None
    ahead = sum(sign * wide.nanos_of(offset) for sign, offset in zip((1, -1), offsets, strict=True) if offset is not None)
    return wide.make_duration(wide.clock(left) - wide.clock(right) - ahead)


def _months(value: Decimal) -> Months | None:
    return Months(int(value)) if value.adjusted() < 34 else None


_N, _S, _D, _T, _M, _DT, _YM = ("number", "string", "date", "time", "date and time", "days and time duration", "years and months duration")
_RULES: dict[tuple[str, str, str], Callable[[Any, Any], Any]] = {
    ("+", _N, _N): lambda a, b: CONTEXT.add(Decimal(a), Decimal(b)),
    ("-", _N, _N): lambda a, b: CONTEXT.subtract(Decimal(a), Decimal(b)),
    ("*", _N, _N): _times,
    ("/", _N, _N): _divided,
    ("**", _N, _N): _powered,
    ("-", _D, _D): apart, ("-", _M, _M): apart, ("-", _D, _M): apart, ("-", _M, _D): apart,
    ("-", _T, _T): _times_apart,
    ("+", _D, _DT): moved, ("+", _M, _DT): moved, ("+", _DT, _D): lambda a, b: moved(b, a), ("+", _DT, _M): lambda a, b: moved(b, a),
    ("-", _D, _DT): lambda a, b: moved(a, turned(b)), ("-", _M, _DT): lambda a, b: moved(a, turned(b)),
    ("+", _D, _YM): lambda a, b: months_later(a, b.months), ("+", _M, _YM): lambda a, b: months_later(a, b.months),
    ("+", _YM, _D): lambda a, b: months_later(b, a.months), ("+", _YM, _M): lambda a, b: months_later(b, a.months),
    ("-", _D, _YM): lambda a, b: months_later(a, -b.months), ("-", _M, _YM): lambda a, b: months_later(a, -b.months),
    ("+", _T, _DT): moved_time, ("+", _DT, _T): lambda a, b: moved_time(b, a), ("-", _T, _DT): lambda a, b: moved_time(a, turned(b)),
    ("+", _DT, _DT): timeline.joined, ("-", _DT, _DT): lambda a, b: timeline.joined(a, turned(b)),
    ("+", _YM, _YM): lambda a, b: a + b, ("-", _YM, _YM): lambda a, b: a + -b,
    ("*", _DT, _N): timeline.scaled, ("*", _N, _DT): lambda a, b: timeline.scaled(b, a),
    ("*", _YM, _N): lambda a, b: _months(CONTEXT.multiply(Decimal(a.months), Decimal(b))),
    ("*", _N, _YM): lambda a, b: _months(CONTEXT.multiply(Decimal(b.months), Decimal(a))),
    ("/", _DT, _N): timeline.shared, ("/", _YM, _N): lambda a, b: _months(CONTEXT.divide(Decimal(a.months), Decimal(b))),
    ("/", _DT, _DT): timeline.times_in, ("/", _YM, _YM): lambda a, b: _divided(a.months, b.months),
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
    budget.charge(4 * len(tests))
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
    budget.charge(5)
    if sign in ("=", "!="):
        found = equal(left, right, budget.charge)
        return found if sign == "=" or found is None else not found
    order = compare(left, right)
    if order is None:
        return None
    return _ORDERS[sign](order)


_ORDERS: dict[str, Callable[[int], bool]] = {"<": lambda o: o < 0, "<=": lambda o: o <= 0, ">": lambda o: o > 0, ">=": lambda o: o >= 0}
