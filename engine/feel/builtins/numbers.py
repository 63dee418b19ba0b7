"""Numbers: rounding, roots, remainders.

Rule: DMN 1.5, table 84.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from typing import Any

from engine.feel.builtins.registry import Register
from engine.feel.operators import negate
from engine.feel.values import CONTEXT, compare
from engine.feel.values import number as as_number

register = Register()
_WIDE = Context(prec=7000, Emin=-99999, Emax=99999)


def _rounded(value: Any, scale: Any, how: str) -> Any:
    """Round to so many digits behind the point; negative digits round before it."""
    places = int(scale)
    if not -6111 < places <= 6176:
        return None
    if places >= 0 and isinstance(value, int):
        return value
    found = Decimal(value).quantize(Decimal(1).scaleb(-places), how, _WIDE)
    return as_number(found) if places <= 0 else CONTEXT.plus(found)


@register("decimal(n: number, scale: number)")
def decimal(n: Any, scale: Any) -> Any:
    return _rounded(n, scale, ROUND_HALF_EVEN)


@register("floor(n: number)", "floor(n: number, scale: number)")
def floor(n: Any, scale: Any = 0) -> Any:
    return _rounded(n, scale, ROUND_FLOOR)


@register("ceiling(n: number)", "ceiling(n: number, scale: number)")
def ceiling(n: Any, scale: Any = 0) -> Any:
    return _rounded(n, scale, ROUND_CEILING)


@register("round up(n: number, scale: number)")
def round_up(n: Any, scale: Any) -> Any:
    return _rounded(n, scale, ROUND_UP)


@register("round down(n: number, scale: number)")
def round_down(n: Any, scale: Any) -> Any:
    return _rounded(n, scale, ROUND_DOWN)


@register("round half up(n: number, scale: number)")
def round_half_up(n: Any, scale: Any) -> Any:
    return _rounded(n, scale, ROUND_HALF_UP)


@register("round half down(n: number, scale: number)")
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


@register("modulo(dividend: number, divisor: number)")
def modulo(dividend: Any, divisor: Any) -> Any:
    """The remainder with the sign of the divisor."""
    if not divisor:
        return None
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend % divisor
    one, other = Decimal(dividend), Decimal(divisor)
    quotient = CONTEXT.divide(one, other).to_integral_value(ROUND_FLOOR)
    return as_number(CONTEXT.subtract(one, CONTEXT.multiply(quotient, other)))


@register("sqrt(number: number)")
def sqrt(value: Any) -> Any:
    return None if value < 0 else as_number(CONTEXT.sqrt(Decimal(value)))


@register("log(number: number)")
def log(value: Any) -> Any:
    return None if value <= 0 else as_number(CONTEXT.ln(Decimal(value)))


@register("exp(number: number)")
def exp(value: Any) -> Any:
    return as_number(CONTEXT.exp(Decimal(value)))


@register("odd(number: number)")
def odd(value: Any) -> bool | None:
    return abs(value) % 2 == 1 if value == int(value) else None


@register("even(number: number)")
def even(value: Any) -> bool | None:
    return value % 2 == 0 if value == int(value) else None
