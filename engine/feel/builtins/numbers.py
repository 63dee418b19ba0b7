"""Numbers: rounding, roots, remainders.

Rule: DMN 1.5, table 84.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from typing import Any

from engine.feel.builtins.registry import Register
from engine.feel.operators import negate
from engine.feel.values import CONTEXT, INT_LIMIT, compare, truncated, whole
from engine.feel.values import number as as_number

register = Register()
#: one digit more than a number has, for the one that rounding up may carry over
_ROUNDING = Context(prec=35, Emin=-99999, Emax=99999)


def _rounded(value: Any, scale: Any, how: str) -> Any:
    """Round to so many digits behind the point; negative digits round before it."""
    places = truncated(scale)
    if places is None or not -6111 < places <= 6176:
        return None
    if places >= 0 and isinstance(value, int):
        return value
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -places:       # nothing behind the place to round away
        return as_number(number)
    if number.adjusted() < -places - 1:                         # all of it is: zero, or one unit of the place
        number = Decimal((number.as_tuple().sign, (1,), -places - 2)) if number else Decimal(0)
    found = number.quantize(Decimal(1).scaleb(-places), how, _ROUNDING)
    return as_number(found) if places <= 0 else CONTEXT.plus(found)


@register("decimal(n: number, scale: number)", cost=14)
def decimal(n: Any, scale: Any) -> Any:
    return _rounded(n, scale, ROUND_HALF_EVEN)


@register("floor(n: number)", "floor(n: number, scale: number)", cost=14)
def floor(n: Any, scale: Any = 0) -> Any:
    return _rounded(n, scale, ROUND_FLOOR)


@register("ceiling(n: number)", "ceiling(n: number, scale: number)", cost=14)
def ceiling(n: Any, scale: Any = 0) -> Any:
    return _rounded(n, scale, ROUND_CEILING)


@register("round up(n: number, scale: number)", cost=14)
def round_up(n: Any, scale: Any) -> Any:
    return _rounded(n, scale, ROUND_UP)


@register("round down(n: number, scale: number)", cost=14)
def round_down(n: Any, scale: Any) -> Any:
    return _rounded(n, scale, ROUND_DOWN)


@register("round half up(n: number, scale: number)", cost=14)
def round_half_up(n: Any, scale: Any) -> Any:
    return _rounded(n, scale, ROUND_HALF_UP)


@register("round half down(n: number, scale: number)", cost=14)
def round_half_down(n: Any, scale: Any) -> Any:
    return _rounded(n, scale, ROUND_HALF_DOWN)


@register("abs(n)")
def absolute(n: Any) -> Any:
    """Of a number, or of a duration."""
    if isinstance(n, Decimal):
        return CONTEXT.abs(n)
    negated = negate(n)
    order = compare(n, negated)
    return None if order is None else n if order >= 0 else negated


@register("modulo(dividend: number, divisor: number)", cost=14)
def modulo(dividend: Any, divisor: Any) -> Any:
    """The remainder with the sign of the divisor."""
    if not divisor:
        return None
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend % divisor
    one, other = Decimal(dividend), Decimal(divisor)
    quotient = CONTEXT.divide(one, other).to_integral_value(ROUND_FLOOR)
    return as_number(CONTEXT.subtract(one, CONTEXT.multiply(quotient, other)))


@register("sqrt(number: number)", cost=20)
def sqrt(value: Any) -> Any:
    return None if value < 0 else as_number(CONTEXT.sqrt(Decimal(value)))


@register("log(number: number)", cost=160)
def log(value: Any) -> Any:
    return None if value <= 0 else as_number(CONTEXT.ln(Decimal(value)))


@register("exp(number: number)", cost=80)
def exp(value: Any) -> Any:
    return as_number(CONTEXT.exp(Decimal(value)))


@register("odd(number: number)")
def odd(value: Any) -> bool | None:
    even_ = even(value)
    return None if even_ is None else not even_


@register("even(number: number)")
def even(value: Any) -> bool | None:
    """A whole number beyond 34 digits ends in zeros."""
    found = whole(value)
    if found is None:
        return True if abs(value) >= INT_LIMIT else None
    return found % 2 == 0
