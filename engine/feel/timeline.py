"""Moving days and moments by durations, and how far they are apart.

Owns: what + - * / do to days, times, moments and durations.
Leaves: which operand may stand beside which to `operators`; what Python's types cannot hold to `wide`.
Promises: calendar months clip at the end of the month (31 January + P3M is 30 April); days and hours move a moment along the time line,
so that its clock may change where its zone's does; exact to the nanosecond. None where there is no such day.
Rule: DMN 1.5, 10.3.2.8, tables 54 to 57.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.feel import wide
from engine.feel.values import CONTEXT, is_date, number
from engine.feel.wide import DAY, Date, Duration, Moment, Time, WideDate, WideMoment

_MIDNIGHT_UTC = time(tzinfo=UTC)


def moved(value: Date | Moment, by: Duration) -> Date | Moment | None:
    """Move a moment along the time line; a day by its midnight, staying a day."""
    if isinstance(value, datetime) and isinstance(by, timedelta):
        try:
            return value + by if value.tzinfo is None else (value.astimezone(UTC) + by).astimezone(value.tzinfo)
        except OverflowError:
            pass
    if isinstance(value, (datetime, WideMoment)):
        return wide.lined(wide.line(value) + wide.nanos_of(by), value.tzinfo)
    return wide.numbered_day((wide.day_number(value) * DAY + wide.nanos_of(by)) // DAY)


def moved_time(value: Time, by: Duration) -> Time:
    """Move a time of day; it goes round midnight."""
    return wide.clocked((wide.clock(value) + wide.nanos_of(by)) % DAY, value.tzinfo)


def apart(left: Date | Moment, right: Date | Moment) -> Duration | None:
    """Tell how far one is after another. A day counts as its midnight UTC beside a moment; a moment with a zone and one without have no
    distance."""
    if is_date(left) and is_date(right):
        return wide.make_duration((wide.day_number(left) - wide.day_number(right)) * DAY)
    one, other = midnight_utc(left), midnight_utc(right)
    if (one.tzinfo is None) != (other.tzinfo is None):
        return None
    return wide.make_duration(wide.line(one) - wide.line(other))


def midnight_utc(value: Date | Moment) -> Moment:
    """A day as its midnight UTC; a moment as it is."""
    return value if isinstance(value, (datetime, WideMoment)) else wide.make_moment(value, _MIDNIGHT_UTC)


def months_later(value: Date | Moment, months: int) -> Date | Moment | None:
    """Move a day (or moment, by its clock) by calendar months; a day the month lacks becomes that month's last."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if isinstance(value, date) and 1 <= year <= 9999:
        return value.replace(year=year, month=month + 1, day=min(value.day, monthrange(year, month + 1)[1]))
    day = min(value.day, last_day(year, month + 1))
    on = wide.make_date(year, month + 1, day)
    return wide.make_moment(on, wide.time_of(value)) if on is not None and isinstance(value, (datetime, WideMoment)) else on


def last_day(year: int, month: int) -> int:
    """Tell the number of days of a month."""
    return monthrange(wide.alike(WideDate(year, 1, 1)).year, month)[1]


def months_between(start: Date, end: Date) -> int:
    """Count the whole calendar months from one day to another, negative when the other comes first."""
    if (end.year, end.month, end.day) < (start.year, start.month, start.day):
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if end.day < start.day else months


# --- durations ------------------------------------------------------------------------------------------------------------------------


def joined(left: Duration, right: Duration) -> Duration | None:
    """Add two durations."""
    return wide.make_duration(wide.nanos_of(left) + wide.nanos_of(right))


def turned(value: Duration) -> Duration:
    """The same duration backward."""
    found = wide.make_duration(-wide.nanos_of(value))
    assert found is not None
    return found


def scaled(value: Duration, by: int | Decimal) -> Duration | None:
    """Multiply a duration, to the nearest nanosecond."""
    return _counted(CONTEXT.multiply(Decimal(wide.nanos_of(value)), Decimal(by)))


def shared(value: Duration, by: int | Decimal) -> Duration | None:
    """Divide a duration by a number, to the nearest nanosecond."""
    return _counted(CONTEXT.divide(Decimal(wide.nanos_of(value)), Decimal(by)))


def times_in(value: Duration, other: Duration) -> int | Decimal | None:
    """Divide a duration by another."""
    return number(CONTEXT.divide(Decimal(wide.nanos_of(value)), Decimal(wide.nanos_of(other))))


def _counted(nanos: Decimal) -> Duration | None:
    return wide.make_duration(int(nanos.to_integral_value())) if nanos.adjusted() < 40 else None
