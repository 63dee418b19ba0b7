"""Texts with places: `{{ FEEL }}` in letters and forms, filled in words of one language.

Owns: `Template`, and how a value is said inside a sentence.
Leaves: which texts there are to `engine.letters` and `engine.forms`.
Promises: read once, immutable; a place that does not read is named when the text is read, not when it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine import feel
from engine.errors import Invalid
from engine.texts import Text
from engine.words import say_count, say_day, say_length, say_list, say_moment, say_number

_PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_GROUPED_FROM = 10_000  #: a number of four digits may be a year, so it is not grouped
_YES_NO = {"fr": ("oui", "non"), "en": ("yes", "no")}
Functions = Mapping[str, Callable[..., Any]]


class PlaceNotReadable(Invalid):
    """The place {place} is not FEEL: {why}."""

    fr = "La place {place} n’est pas du FEEL : {why}."


class PlaceEmpty(Invalid):
    """The place {place} has no value."""

    fr = "La place {place} n’a pas de valeur."


class Template:
    """A text whose places are FEEL expressions. `names` are the variables it reads."""

    __slots__ = ("_parts", "names", "text")

    def __init__(self, text: str) -> None:
        """Read a text. Raises: PlaceNotReadable, naming the first place that is not FEEL."""
        self.text = text
        pieces = _PLACE.split(text)
        self._parts = tuple(_expression(piece) if number % 2 else piece for number, piece in enumerate(pieces))
        self.names = frozenset[str]().union(*(part.names for part in self._parts if isinstance(part, feel.Expression)))

    def fill(self, context: Mapping[str, Any], locale: str, zone: ZoneInfo, functions: Functions | None = None, *,
             empty: str | None = None) -> str:
        """Fill every place.

        Args:
            empty: what stands in a place without a value; None: that is an error.
        Raises: PlaceEmpty, naming the place.
        """
        return "".join(part if isinstance(part, str) else _filled(part, context, locale, zone, functions or {}, empty)
                       for part in self._parts)


def _expression(text: str) -> feel.Expression:
    try:
        return feel.compile(text.strip().removeprefix("="))
    except feel.SyntaxError as error:
        raise PlaceNotReadable(place="{{" + text + "}}", why=Text(error.fr, error.en)) from error


def _filled(part: feel.Expression, context: Mapping[str, Any], locale: str, zone: ZoneInfo, functions: Functions, empty: str | None) -> str:
    value = part.evaluate(context, functions)
    if value is None and empty is None:
        raise PlaceEmpty(place="{{ " + part.text + " }}")
    return empty or "" if value is None else say_value(value, locale, zone)


def say_value(value: Any, locale: str, zone: ZoneInfo) -> str:
    """Say a value in a sentence: a day as "14 juin 2027", a number as "12 345,50", a list as "A, B et C", true as "oui"."""
    if isinstance(value, bool):
        return _YES_NO["en" if locale == "en" else "fr"][0 if value else 1]
    if isinstance(value, (int, Decimal)):
        return say_number(value, locale, grouped=not -_GROUPED_FROM < value < _GROUPED_FROM)
    if isinstance(value, datetime):
        return say_moment(value, locale, zone)
    if isinstance(value, date):
        return say_day(value, locale)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, feel.Months):
        return say_length(value.months, 0, locale)
    if isinstance(value, timedelta):
        return say_length(0, value.days, locale) if value.days else say_count(value.seconds // 3600, "hour", locale)
    if isinstance(value, list):
        return say_list([say_value(one, locale, zone) for one in value], locale)
    return str(value)
