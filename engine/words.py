"""Days, moments, durations and amounts in French and English words.

Owns: how a date, a length of time, a distance in days, a number and a list are said in the two languages of the house.
Leaves: which sentence they stand in to whoever writes it; the zone of a moment to the caller, who passes it.
Promises: French typography (1er, 10 h 31, no-break spaces); the same words everywhere a person reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from engine.texts import Text

NBSP = "\u00a0"
THIN = "\u202f"
DAYS_A_WEEK = 7

_DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}
_UNITS = {
    "fr": {"year": ("an", "ans"), "month": ("mois", "mois"), "week": ("semaine", "semaines"), "day": ("jour", "jours"),
           "hour": ("heure", "heures"), "minute": ("minute", "minutes")},
    "en": {"year": ("year", "years"), "month": ("month", "months"), "week": ("week", "weeks"), "day": ("day", "days"),
           "hour": ("hour", "hours"), "minute": ("minute", "minutes")},
}


def _language(locale: str) -> str:
    return "en" if locale == "en" else "fr"


def say_day(day: date, locale: str, *, weekday: bool = False, year: bool = True) -> str:
    """Say a civil day: "lundi 14 juin 2027", "1er mai 2027", "14 June 2027"."""
    language = _language(locale)
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    parts = [_DAYS[language][day.weekday()]] if weekday else []
    parts += [number + NBSP + _MONTHS[language][day.month - 1]]
    parts += [str(day.year)] if year else []
    return " ".join(parts)


def day_text(day: date, *, weekday: bool = False, year: bool = True) -> Text:
    """Say a civil day in both languages."""
    return Text(say_day(day, "fr", weekday=weekday, year=year), say_day(day, "en", weekday=weekday, year=year))


def say_weekday(day: date, locale: str) -> str:
    """Say the day of the week alone: "lundi", "Monday"."""
    return _DAYS[_language(locale)][day.weekday()]


def say_time(moment: datetime, locale: str, zone: ZoneInfo) -> str:
    """Say a time of day: "10 h 31", "10 h", "10:31"."""
    local = moment.astimezone(zone)
    if _language(locale) == "en":
        return f"{local:%H:%M}"
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}" if local.minute else f"{local.hour}{NBSP}h"


def say_moment(moment: datetime, locale: str, zone: ZoneInfo, *, weekday: bool = False, year: bool = True) -> str:
    """Say a moment as seen in a zone: "14 mai 2027 à 10 h 31", "14 May 2027 at 10:31"."""
    day = say_day(moment.astimezone(zone).date(), locale, weekday=weekday, year=year)
    return f"{day} {'at' if _language(locale) == 'en' else 'à'} {say_time(moment, locale, zone)}"


def say_count(count: int, unit: str, locale: str) -> str:
    """Say a number of units: "1 jour", "3 mois", "2 weeks". The unit is the English singular."""
    one, many = _UNITS[_language(locale)][unit]
    alone = count == 1 or (count == 0 and _language(locale) == "fr")
    return f"{count}{NBSP}{one if alone else many}"


def say_length(months: int, days: int, locale: str) -> str:
    """Say a calendar length: "3 mois", "1 an et 6 mois", "30 jours", "0 jour"."""
    years, rest = divmod(months, 12)
    parts = [say_count(count, unit, locale) for count, unit in ((years, "year"), (rest, "month"), (days, "day")) if count]
    return say_list(parts, locale) if parts else say_count(0, "day", locale)


def length_text(months: int, days: int) -> Text:
    """Say a calendar length in both languages."""
    return Text(say_length(months, days, "fr"), say_length(months, days, "en"))


def say_distance(day: date, today: date, locale: str) -> str:
    """Say how far a day is: "aujourd’hui", "demain", "dans 26 jours", "il y a 7 jours", "in 7 weeks"."""
    days = (day - today).days
    language = _language(locale)
    near = {"fr": {0: "aujourd’hui", 1: "demain", -1: "hier"}, "en": {0: "today", 1: "tomorrow", -1: "yesterday"}}[language]
    if days in near:
        return near[days]
    far = _far(abs(days), locale)
    if days > 0:
        return f"dans {far}" if language == "fr" else f"in {far}"
    return f"il y a {far}" if language == "fr" else f"{far} ago"


def say_lateness(due: date, today: date, locale: str) -> str:
    """Say how late something is that was due on a day before today: "en retard de 7 jours", "7 days late"."""
    days = say_count((today - due).days, "day", locale)
    return f"en retard de {days}" if _language(locale) == "fr" else f"{days} late"


def _far(days: int, locale: str) -> str:
    """Say a number of days as people do: days up to a month, then weeks, then months of thirty days."""
    if days <= 31:
        return say_count(days, "day", locale)
    if days < 9 * DAYS_A_WEEK:
        return say_count(round(days / DAYS_A_WEEK), "week", locale)
    return say_count(round(days / 30.44), "month", locale)


def say_list(items: Iterable[str], locale: str, *, last: str = "") -> str:
    """Say several things: "A, B et C", "A, B and C". `last` is the word before the last one ("ou", "or")."""
    words = list(items)
    joint = last or ("and" if _language(locale) == "en" else "et")
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}" if words else ""


def list_text(items: Iterable[str], *, choice: bool = False) -> Text:
    """Say several things in both languages; `choice` joins them with "or"."""
    words = list(items)
    return Text(say_list(words, "fr", last="ou" if choice else ""), say_list(words, "en", last="or" if choice else ""))


def say_number(value: int | Decimal, locale: str, *, decimals: int | None = None, grouped: bool = True) -> str:
    """Say a number: "1 234,5" in French, "1,234.5" in English. `decimals` rounds halves up to so many."""
    number = Decimal(value)
    if decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{number:,f}" if grouped else f"{number:f}"
    return text if _language(locale) == "en" else text.replace(",", THIN).replace(".", ",")


def say_amount(value: int | Decimal, locale: str, currency: str = "€") -> str:
    """Say an amount of money with two decimals: "1 234,50 €", "€1,234.50"."""
    number = say_number(value, locale, decimals=2)
    return f"{currency}{number}" if _language(locale) == "en" else f"{number}{NBSP}{currency}"
