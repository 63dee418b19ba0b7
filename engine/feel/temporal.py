"""Days, times, moments and durations: how they are written, read and added.

Owns: the lexical forms of ISO 8601 and XML Schema that FEEL takes, zones included; calendar arithmetic.
Leaves: names of properties to `properties`; `date(…)` and its like to `builtins.temporal`.
Promises: calendar months clip at the end of the month (31 January + P3M is 30 April). Nothing here reads a clock. What Python's calendar
cannot hold (years outside 1 to 9999) is None, as is every text that is not of the form asked for.
Rule: DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8 and 10.3.4.1.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from engine.feel.values import Months

T = TypeVar("T")

_DATE = re.compile(r"(-?[0-9]{4,9})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,18})?)?(Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+/-]+)?")
_DURATION = re.compile(
    r"(-)?P(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})W)?(?:([0-9]{1,18})D)?"
    r"(?:T(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})(\.[0-9]{0,18})?S)?)?"
)


def parse_date(text: str) -> date | None:
    """Read `2026-01-31`."""
    match = _DATE.fullmatch(text)
    if match is None or (len(match[1].lstrip("-")) > 4 and match[1].lstrip("-")[0] == "0"):
        return None
    return _built(lambda: date(int(match[1]), int(match[2]), int(match[3])))


def parse_time(text: str) -> time | None:
    """Read `09:30:00`, with `Z`, an offset `+02:00` or a zone `@Europe/Paris` behind it if there is one."""
    match = _TIME.fullmatch(text)
    if match is None or match[3] is None:
        return None
    zone = _zone(match[5])
    if match[5] and zone is None:
        return None
    return _built(lambda: time(int(match[1]), int(match[2]), int(match[3]), _microseconds(match[4]), zone))


def parse_date_and_time(text: str) -> datetime | None:
    """Read `2026-01-31T09:30:00`, with offset or zone behind it if there is one, or a date alone (then midnight).

    Returns: the moment, aware when the text names its offset or zone; None when the text is no date and time.
    """
    day, mark, rest = text.partition("T")
    found = parse_date(day)
    if found is None:
        return None
    late = rest.startswith("24:00:00")              # the end of the day, which is the start of the next
    at = parse_time("00" + rest[2:] if late else rest) if mark else time()
    return None if at is None else _built(lambda: datetime.combine(found, at) + timedelta(days=late))


def parse_duration(text: str) -> timedelta | Months | None:
    """Read an ISO 8601 duration: `P1Y2M` is `Months`, `P3DT4H` (and `P2W`) a timedelta; both kinds in one are None."""
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("T", "P")):
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(match[n]) if match[n] else 0 for n in range(2, 9))
    sign = -1 if match[1] else 1
    if match[2] or match[3]:
        return None if any(match[n] for n in range(4, 9)) else Months(sign * (years * 12 + months))
    try:
        return sign * timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=_microseconds(match[9]))
    except OverflowError:
        return None


def at_literal(text: str) -> date | time | timedelta | Months | None:
    """Read what stands behind `@`: a date, a time, a date and time or a duration."""
    if "T" in text and not text.lstrip("-").startswith("P"):
        return parse_date_and_time(text)
    return parse_date(text) or parse_time(text) or parse_duration(text)


def _microseconds(fraction: str | None) -> int:
    return int(fraction[1:7].ljust(6, "0")) if fraction and len(fraction) > 1 else 0


def _built(build: Callable[[], T]) -> T | None:
    try:
        return build()
    except (ValueError, OverflowError):
        return None


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


@lru_cache(maxsize=256)
def zone(name: str) -> tzinfo | None:
    """Find a zone of the IANA data by name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_name(value: datetime | time) -> str | None:
    """Tell the name of a value's zone, None for an offset or none."""
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def add_months(day: date, months: int) -> date | None:
    """Move a day (or moment) by calendar months; a day the month lacks becomes that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Count the whole calendar months from one day to another, negative when the other comes first."""
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if end.day < start.day else months


def add_to_time(value: time, by: timedelta) -> time:
    """Move a time of day; it goes round midnight."""
    moved = datetime.combine(date(2000, 1, 1), value.replace(tzinfo=None)) + timedelta(seconds=by.seconds, microseconds=by.microseconds)
    return moved.time().replace(tzinfo=value.tzinfo)


def duration_text(value: timedelta) -> str:
    """Write a days and time duration as ISO 8601: `P1DT2H`, `-PT0.5S`, `PT0S`."""
    whole = value // timedelta(microseconds=1)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    seconds, micro = divmod(whole, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    fraction = f".{micro:06d}".rstrip("0") if micro else ""
    clock = (f"{hour}H" if hour else "") + (f"{minute}M" if minute else "") + (f"{second}{fraction}S" if second or micro else "")
    text = (f"{days}D" if days else "") + ("T" + clock if clock else "")
    return f"{sign}P{text or 'T0S'}"


def seconds(value: timedelta) -> int | Decimal:
    """Count the seconds of a duration, exactly."""
    whole = value // timedelta(microseconds=1)
    return whole // 1_000_000 if whole % 1_000_000 == 0 else Decimal(whole) / 1_000_000


def time_text(value: time) -> str:
    """Write a time as FEEL reads it."""
    fraction = f".{value.microsecond:06d}".rstrip("0") if value.microsecond else ""
    return f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{fraction}{_zone_text(value.tzinfo)}"


def moment_text(value: datetime) -> str:
    """Write a date and time as FEEL reads it."""
    return f"{value.year:04d}-{value.month:02d}-{value.day:02d}T{time_text(value.timetz())}"


def _zone_text(found: tzinfo | None) -> str:
    if found is None:
        return ""
    if isinstance(found, ZoneInfo):
        return f"@{found.key}"
    away = found.utcoffset(None) or timedelta()
    if not away:
        return "Z"
    total = int(abs(away).total_seconds())
    text = f"{'-' if away < timedelta() else '+'}{total // 3600:02d}:{total // 60 % 60:02d}"
    return text + (f":{total % 60:02d}" if total % 60 else "")
