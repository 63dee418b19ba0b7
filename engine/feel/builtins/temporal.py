"""Days, times, moments and durations out of parts and texts; what is asked about a day; ranges out of text.

Leaves: how they are written to `engine.feel.temporal`. `now()` and `today()` are the host's.
Rule: DMN 1.5, tables 78, 85 and 88.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from engine.feel import temporal, timeline, wide
from engine.feel.builtins.registry import Register
from engine.feel.literals import range_literal
from engine.feel.values import Months, Range, equal, is_date, is_day_or_moment, kind, whole
from engine.feel.wide import NANOS, Date, Duration, Moment, Time, WideDuration, WideMoment, WideTime

register = Register()
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


@register("date(from)", cost=20)
def date_from(value: Any) -> Date | None:
    if isinstance(value, str):
        return temporal.read_date(value)
    return wide.day_of(value) if is_day_or_moment(value) else None


@register("date(year: number, month: number, day: number)", cost=20)
def date_of(year: Any, month: Any, day: Any) -> Date | None:
    return wide.make_date(int(year), int(month), int(day)) if _whole(year, month, day) else None


def _whole(*values: Any) -> bool:
    """Tell whether numbers are whole, and of a size that a date could have."""
    return all(abs(value) <= wide.MAX_YEAR and whole(value) is not None for value in values)


@register("time(from)", run=True, cost=20)
def time_from(run: Any, value: Any) -> Time | None:
    if isinstance(value, str):
        _charge_for_zone(run, value)
        return temporal.read_time(value)
    if isinstance(value, (datetime, WideMoment)):
        return wide.time_of(value)
    if is_date(value):
        return time(tzinfo=UTC)
    return value if isinstance(value, (time, WideTime)) else None


@register("time(hour: number, minute: number, second: number, offset?: days and time duration!)", cost=20)
def time_of(hour: Any, minute: Any, second: Any, offset: Duration | None = None) -> Time | None:
    zone = _fixed(offset) if offset is not None else None
    if not _whole(hour, minute) or not 0 <= second < 60 or (offset is not None and zone is None):
        return None
    return wide.make_time(int(hour), int(minute), int(second), int(Decimal(second) % 1 * NANOS), zone)


def _fixed(offset: Duration) -> timezone | None:
    """The zone of an offset; None when it is not less than a day."""
    try:
        return (UTC if not offset else timezone(offset)) if isinstance(offset, timedelta) else None
    except ValueError:
        return None


def _charge_for_zone(run: Any, text: str) -> None:
    """A zone that nobody knows is looked for in the files of the machine."""
    if "@" in text:
        run.charge(400)


@register("date and time(from)", run=True, cost=30)
def moment_from(run: Any, value: Any) -> Moment | None:
    if isinstance(value, str):
        _charge_for_zone(run, value)
        return temporal.read_moment(value)
    return timeline.midnight_utc(value) if is_day_or_moment(value) else None


@register("date and time(date, time: time)")
def moment_of(day: Any, at: Time) -> Moment | None:
    return wide.make_moment(wide.day_of(day), at) if is_day_or_moment(day) else None


@register("duration(from)", cost=25)
def duration(value: Any) -> Duration | Months | None:
    if isinstance(value, str):
        return temporal.read_duration(value)
    return value if isinstance(value, (timedelta, WideDuration, Months)) else None


@register("years and months duration(from, to)", cost=12)
def years_and_months(start: Any, end: Any) -> Months | None:
    """Whole months between two days; of moments, the day in their own zone counts."""
    if not is_day_or_moment(start) or not is_day_or_moment(end):
        return None
    return Months(timeline.months_between(wide.day_of(start), wide.day_of(end)))


@register("is(value1?, value2?)", run=True)
def is_(run: Any, one: Any = None, other: Any = None) -> bool:
    """Tell whether two values are the same, to the nanosecond, zone and offset included."""
    if kind(one) != kind(other):
        return False
    if kind(one) == "time":
        return bool(temporal.time_text(one) == temporal.time_text(other))
    if kind(one) == "date and time":
        return bool(temporal.moment_text(one) == temporal.moment_text(other) and wide.utc_offset(one) == wide.utc_offset(other))
    return bool(equal(one, other, run.charge))


@register("day of year(date)", cost=10)
def day_of_year(day: Any) -> int | None:
    return _alike(day).timetuple().tm_yday if is_day_or_moment(day) else None


@register("day of week(date)", cost=10)
def day_of_week(day: Any) -> str | None:
    return _DAYS[_alike(day).weekday()] if is_day_or_moment(day) else None


@register("month of year(date)", cost=10)
def month_of_year(day: Any) -> str | None:
    return _MONTHS[day.month - 1] if is_day_or_moment(day) else None


@register("week of year(date)", cost=10)
def week_of_year(day: Any) -> int | None:
    """The number of its ISO 8601 week."""
    return _alike(day).isocalendar().week if is_day_or_moment(day) else None


@register("last day of month(date)", cost=10)
def last_day_of_month(day: Any) -> int | None:
    return timeline.last_day(day.year, day.month) if is_day_or_moment(day) else None


def _alike(day: Date | Moment) -> Any:
    return wide.alike(wide.day_of(day))


@register("range(from: string)", run=True)
def range_of(run: Any, text: str) -> Range | None:
    """Read a range of literals such as `[18..21)` out of text."""
    run.charge(60 + 40 * len(text))
    return range_literal(text)
