"""How days, times, moments and durations are written.

Owns: the lexical forms of ISO 8601 and XML Schema that FEEL takes, zones included, read and written.
Leaves: adding and comparing to `timeline` and `values`; names of properties to `properties`; `date(…)` and its like to `builtins.temporal`.
Promises: a text that is not of the form asked for is None. Nothing here reads a clock. `parse_*` are for hosts: they give Python's own
types only, None for what these cannot hold; `read_*` give every value of FEEL.
Rule: DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8 and 10.3.4.1.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from engine.feel import timeline, wide
from engine.feel.values import Months
from engine.feel.wide import NANOS, Date, Duration, Moment, Time, WideMoment, WideTime

_DATE = re.compile(r"(-?[0-9]{4,9})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,18})?)?(Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+/-]+)?")
_DURATION = re.compile(
    r"(-)?P(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})W)?(?:([0-9]{1,18})D)?"
    r"(?:T(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})(\.[0-9]{0,18})?S)?)?"
)


# --- reading --------------------------------------------------------------------------------------------------------------------------


def read_date(text: str) -> Date | None:
    """Read `2026-01-31`; years may have up to nine digits and a sign."""
    match = _DATE.fullmatch(text)
    if match is None or (len(match[1].lstrip("-")) > 4 and match[1].lstrip("-")[0] == "0"):
        return None
    return wide.make_date(int(match[1]), int(match[2]), int(match[3]))


def read_time(text: str) -> Time | None:
    """Read `09:30:00`, with `Z`, an offset `+02:00` or a zone `@Europe/Paris` behind it if there is one."""
    match = _TIME.fullmatch(text)
    if match is None or match[3] is None:
        return None
    zone = _zone(match[5])
    if match[5] and zone is None:
        return None
    return wide.make_time(int(match[1]), int(match[2]), int(match[3]), _nanos(match[4]), zone)


def read_moment(text: str) -> Moment | None:
    """Read `2026-01-31T09:30:00`, with offset or zone behind it if there is one, or a date alone (then midnight)."""
    day, mark, rest = text.partition("T")
    found = read_date(day)
    if found is None:
        return None
    late = rest.startswith("24:00:00")              # the end of the day, which is the start of the next
    at = read_time("00" + rest[2:] if late else rest) if mark else time()
    on = timeline.moved(found, timedelta(days=1)) if late else found
    return None if at is None or on is None else wide.make_moment(wide.day_of(on), at)


def read_duration(text: str) -> Duration | Months | None:
    """Read an ISO 8601 duration: `P1Y2M` is `Months`, `P3DT4H` (and `P2W`) of days and time; both kinds in one are None."""
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("T", "P")):
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(match[n]) if match[n] else 0 for n in range(2, 9))
    sign = -1 if match[1] else 1
    if match[2] or match[3]:
        return None if any(match[n] for n in range(4, 9)) else Months(sign * (years * 12 + months))
    whole = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds
    return wide.make_duration(sign * (whole * NANOS + _nanos(match[9])))


def at_literal(text: str) -> Any:
    """Read what stands behind `@`: a date, a time, a date and time or a duration."""
    if "T" in text and not text.lstrip("-").startswith("P"):
        return read_moment(text)
    readers = (read_date, read_time, read_duration)
    return next((found for found in (read(text) for read in readers) if found is not None), None)


def parse_date(text: str) -> date | None:
    """Read a date for a host."""
    found = read_date(text)
    return found if isinstance(found, date) else None


def parse_time(text: str) -> time | None:
    """Read a time for a host."""
    found = read_time(text)
    return found if isinstance(found, time) else None


def parse_date_and_time(text: str) -> datetime | None:
    """Read a date and time for a host: aware when the text names its offset or zone."""
    found = read_moment(text)
    return found if isinstance(found, datetime) else None


def parse_duration(text: str) -> timedelta | Months | None:
    """Read a duration for a host."""
    found = read_duration(text)
    return found if isinstance(found, (timedelta, Months)) else None


def add_months(day: date, months: int) -> date | None:
    """Move a day (or moment) by calendar months for a host; a day the month lacks becomes that month's last."""
    found = timeline.months_later(day, months)
    return found if isinstance(found, date) else None


def _nanos(fraction: str | None) -> int:
    """What is finer than a nanosecond is left out."""
    return int(fraction[1:10].ljust(9, "0")) if fraction and len(fraction) > 1 else 0


# --- zones ----------------------------------------------------------------------------------------------------------------------------


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    return zone(text[1:]) if text[0] == "@" else _offset(text)


def _offset(text: str) -> tzinfo | None:
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if hours > 14 or minutes > 59 or (seconds and seconds[0] > 59):
        return None
    away = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    return UTC if not away else timezone(-away if text[0] == "-" else away)


@lru_cache(maxsize=1024)
def zone(name: str) -> tzinfo | None:
    """Find a zone of the IANA data by name."""
    if _ZONES and name not in _ZONES:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # looking for a name that is none goes through the files of the machine: from now on names are looked up first
        _ZONES.update(available_timezones() if not _ZONES else ())
        return None


_ZONES: set[str] = set()


def zone_name(value: Moment | Time) -> str | None:
    """Tell the name of a value's zone, None for an offset or none."""
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


# --- writing --------------------------------------------------------------------------------------------------------------------------


def text_of(value: Date | Time | Moment | Duration) -> str:
    """Write a value as FEEL reads it."""
    if isinstance(value, (datetime, WideMoment)):
        return moment_text(value)
    if isinstance(value, (time, WideTime)):
        return time_text(value)
    return duration_text(value) if isinstance(value, (timedelta, wide.WideDuration)) else date_text(value)


def date_text(value: Date) -> str:
    """Write a date: `2026-01-31`, `-0044-03-15`, `12026-01-31`."""
    return f"{'-' if value.year < 0 else ''}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def time_text(value: Time) -> str:
    """Write a time."""
    return f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{_fraction(wide.nanosecond(value))}{_zone_text(value.tzinfo)}"


def moment_text(value: Moment) -> str:
    """Write a date and time."""
    return f"{date_text(wide.day_of(value))}T{time_text(wide.time_of(value))}"


def duration_text(value: Duration) -> str:
    """Write a days and time duration as ISO 8601: `P1DT2H`, `-PT0.5S`, `PT0S`."""
    whole = wide.nanos_of(value)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    seconds, nanos = divmod(whole, NANOS)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    clock = (f"{hour}H" if hour else "") + (f"{minute}M" if minute else "") + (f"{second}{_fraction(nanos)}S" if second or nanos else "")
    text = (f"{days}D" if days else "") + ("T" + clock if clock else "")
    return f"{sign}P{text or 'T0S'}"


def seconds(nanos: int) -> int | Decimal:
    """Tell nanoseconds as seconds, exactly."""
    return nanos // NANOS if nanos % NANOS == 0 else Decimal(nanos) / NANOS


def _fraction(nanos: int) -> str:
    return f".{nanos:09d}".rstrip("0") if nanos else ""


def _zone_text(found: tzinfo | None) -> str:
    if found is None:
        return ""
    if isinstance(found, ZoneInfo):
        return f"@{found.key}"
    away = found.utcoffset(None) or timedelta()
    if not away:
        return "Z"
    total = abs(away.days * 86_400 + away.seconds)
    text = f"{'-' if away < timedelta() else '+'}{total // 3600:02d}:{total // 60 % 60:02d}"
    return text + (f":{total % 60:02d}" if total % 60 else "")
