"""Days, times, moments and durations out of parts and texts; what is asked about a day; ranges out of text.

Leaves: how they are written to `engine.feel.temporal`. `now()` and `today()` are the host's.
Rule: DMN 1.5, tables 78, 85 and 88.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from engine.feel import temporal
from engine.feel.builtins.registry import Register
from engine.feel.literals import range_literal
from engine.feel.values import Months, Range, equal, is_date, kind

register = Register()
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


@register("date(from)")
def date_from(value: Any) -> date | None:
    if isinstance(value, str):
        return temporal.parse_date(value)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


@register("date(year: number, month: number, day: number)")
def date_of(year: Any, month: Any, day: Any) -> date | None:
    try:
        return date(_whole(year), _whole(month), _whole(day))
    except ValueError:
        return None


def _whole(value: Any) -> int:
    if value != int(value):
        raise ValueError(value)
    return int(value)


@register("time(from)")
def time_from(value: Any) -> time | None:
    if isinstance(value, str):
        return temporal.parse_time(value)
    if isinstance(value, datetime):
        return value.timetz()
    if is_date(value):
        return time(tzinfo=UTC)
    return value if isinstance(value, time) else None


@register("time(hour: number, minute: number, second: number, offset?: days and time duration!)")
def time_of(hour: Any, minute: Any, second: Any, offset: timedelta | None = None) -> time | None:
    try:
        whole = int(second)
        zone = None if offset is None else UTC if not offset else timezone(offset)
        return time(_whole(hour), _whole(minute), whole, int((Decimal(second) - whole) * 1_000_000), zone)
    except ValueError:
        return None


@register("date and time(from)")
def moment_from(value: Any) -> datetime | None:
    if isinstance(value, str):
        return temporal.parse_date_and_time(value)
    if is_date(value):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value if isinstance(value, datetime) else None


@register("date and time(date, time: time)")
def moment_of(day: Any, at: time) -> datetime | None:
    return datetime.combine(day.date() if isinstance(day, datetime) else day, at) if isinstance(day, date) else None


@register("duration(from)")
def duration(value: Any) -> timedelta | Months | None:
    if isinstance(value, str):
        return temporal.parse_duration(value)
    return value if isinstance(value, (timedelta, Months)) else None


@register("years and months duration(from, to)")
def years_and_months(start: Any, end: Any) -> Months | None:
    """Whole months between two days; of moments, the day in their own zone counts."""
    if not isinstance(start, date) or not isinstance(end, date):
        return None
    return Months(temporal.months_between(_day(start), _day(end)))


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


@register("is(value1?, value2?)", run=True)
def is_(run: Any, one: Any = None, other: Any = None) -> bool:
    """Tell whether two values are the same, zone and offset included."""
    if kind(one) != kind(other):
        return False
    if isinstance(one, (time, datetime)):
        same_zone = temporal.zone_name(one) == temporal.zone_name(other) and one.utcoffset() == other.utcoffset()
        return same_zone and one.replace(tzinfo=None) == other.replace(tzinfo=None)
    return bool(equal(one, other, run.charge))


@register("day of year(date)")
def day_of_year(day: Any) -> int | None:
    return day.timetuple().tm_yday if isinstance(day, date) else None


@register("day of week(date)")
def day_of_week(day: Any) -> str | None:
    return _DAYS[day.weekday()] if isinstance(day, date) else None


@register("month of year(date)")
def month_of_year(day: Any) -> str | None:
    return _MONTHS[day.month - 1] if isinstance(day, date) else None


@register("week of year(date)")
def week_of_year(day: Any) -> int | None:
    """The number of its ISO 8601 week."""
    return day.isocalendar().week if isinstance(day, date) else None


@register("last day of month(date)")
def last_day_of_month(day: Any) -> int | None:
    if not isinstance(day, date):
        return None
    following = temporal.add_months(day.replace(day=1), 1)
    return (following - timedelta(days=1)).day if following is not None else 31


@register("range(from: string)")
def range_of(text: str) -> Range | None:
    """Read a range of literals such as `[18..21)` out of text."""
    return range_literal(text)
