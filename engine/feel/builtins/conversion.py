"""Conversions: text to number, anything to text, and `not`.

Rule: DMN 1.5, tables 78 and 79.
"""

from __future__ import annotations

import re
from typing import Any

from engine.feel.builtins.registry import Register
from engine.feel.operators import negation
from engine.feel.text import text_of
from engine.feel.values import CONTEXT, is_number, whole
from engine.feel.values import number as as_number

register = Register()
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")


@register("number(from: string)", "number(from: string, grouping separator?: string!, decimal separator?: string!)", cost=15, run=True)
def number(run: Any, text: str, grouping: str | None = None, point: str | None = None) -> Any:
    """Read a number whose separators are told."""
    run.charge(len(text) >> 3)
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ",") or (grouping is not None and grouping == point):
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point == ",":
        text = text.replace(".", "x").replace(",", ".")
    return read_number(text)


@register("number(from: number)")
def same_number(value: Any) -> Any:
    return value


def read_number(text: str) -> Any:
    """Read a number as an expression would write it, to 34 digits; None when it is none."""
    if not _NUMBER.fullmatch(text):
        return None
    value = CONTEXT.create_decimal(text)
    return as_number(value) if "." not in text else value


@register("string(from)", run=True)
def string(run: Any, value: Any) -> str | None:
    return text_of(value, run)


@register("not(negand)")
def not_(value: Any) -> bool | None:
    return negation(value)


def is_whole(value: Any) -> bool:
    """Tell whether a value is a whole number."""
    return is_number(value) and whole(value) is not None
