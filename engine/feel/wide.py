"""Days, times, moments and durations that Python's own types cannot hold.

Owns: `WideDate` (years outside 1 to 9999), `WideTime` (nanoseconds), `WideMoment` (either of the two), `WideDuration` (nanoseconds, or more
than timedelta's days); making the value of parts; every one of them as a whole number of days or nanoseconds, and back.
Leaves: how they are written and read to `temporal`; what may be added to what to `operators`.
Promises: a value has one form only. What Python's type can hold is Python's, so hosts see these types where they would otherwise see null.
Rule: DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8; years run from -999,999,999 to 999,999,999.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

NANOS = 1_000_000_000
DAY = 86_400 * NANOS
MAX_YEAR = 999_999_999
MAX_DURATION = 10**34          # nanoseconds, excluded: what 34 digits can count
#: the calendar comes round after 400 years, weekdays included
CYCLE_YEARS, CYCLE_DAYS = 400, 146_097


@dataclass(frozen=True, slots=True)
class WideDate:
    """A day of a year outside 1 to 9999. The year before 1 is 0."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time of day with nanoseconds. `fold` tells the second run of an hour that comes twice, as Python's does."""

    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: tzinfo | None = None
    fold: int = 0

    def folded(self) -> WideTime:
        """The same time in the second run of its hour."""
        return replace(self, fold=1)


@dataclass(frozen=True, slots=True)
class WideMoment:
    """A date and time of which the day or the time is wide."""

    on: Date
    at: Time

    @property
    def year(self) -> int:
        return self.on.year

    @property
    def month(self) -> int:
        return self.on.month

    @property
    def day(self) -> int:
        return self.on.day

    @property
    def hour(self) -> int:
        return self.at.hour

    @property
    def minute(self) -> int:
        return self.at.minute

    @property
    def second(self) -> int:
        return self.at.second

    @property
    def tzinfo(self) -> tzinfo | None:
        return self.at.tzinfo

    @property
    def fold(self) -> int:
        return self.at.fold

    def folded(self) -> WideMoment:
        """The same clock in the second run of its hour."""
        return replace(self, at=replace(self.at, fold=1) if isinstance(self.at, WideTime) else self.at.replace(fold=1))


@dataclass(frozen=True, slots=True)
class WideDuration:
    """A days and time duration, counted in nanoseconds."""

    nanos: int


Date = date | WideDate
Time = time | WideTime
Moment = datetime | WideMoment
Duration = timedelta | WideDuration


# --- making values of parts -----------------------------------------------------------------------------------------------------------


def make_date(year: int, month: int, day: int) -> Date | None:
    """Make a day; None when the calendar has no such day."""
    if 1 <= year <= 9999:
        return _valid_date(year, month, day)
    known = abs(year) <= MAX_YEAR and _valid_date(_alike(year), month, day) is not None
    return WideDate(year, month, day) if known else None


def make_time(hour: int, minute: int, second: int, nanos: int = 0, zone: tzinfo | None = None, fold: int = 0) -> Time | None:
    """Make a time of day; None when the clock has no such time."""
    try:
        found = time(hour, minute, second, nanos // 1000, zone, fold=fold)
    except ValueError:
        return None
    return found if nanos % 1000 == 0 else WideTime(hour, minute, second, nanos, zone, fold)


def make_moment(on: Date, at: Time) -> Moment:
    """Make a date and time of its day and time."""
    return datetime.combine(on, at) if isinstance(on, date) and isinstance(at, time) else WideMoment(on, at)


def make_duration(nanos: int) -> Duration | None:
    """Make a duration; None for one beyond 34 digits."""
    if nanos % 1000 == 0:
        try:
            return timedelta(microseconds=nanos // 1000)
        except OverflowError:
            pass
    return WideDuration(nanos) if abs(nanos) < MAX_DURATION else None


def _valid_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _alike(year: int) -> int:
    """A year of Python's range with the same days and weekdays."""
    return 2000 + year % CYCLE_YEARS


# --- parts of moments -----------------------------------------------------------------------------------------------------------------


def day_of(value: Moment | Date) -> Date:
    """The day of a moment; a day itself."""
    if isinstance(value, datetime):
        return value.date()
    return value.on if isinstance(value, WideMoment) else value


def time_of(value: Moment) -> Time:
    """The time of a moment, with its zone."""
    return value.timetz() if isinstance(value, datetime) else value.at


def nanosecond(value: Time | Moment) -> int:
    """The part of a second of a time or moment."""
    if isinstance(value, WideMoment):
        return nanosecond(value.at)
    return value.nanosecond if isinstance(value, WideTime) else value.microsecond * 1000


def alike(day: Date) -> date:
    """A day of Python's calendar with the same weekday, place in its year and length of month."""
    return day if isinstance(day, date) else date(_alike(day.year), day.month, day.day)


def utc_offset(value: Moment) -> timedelta | None:
    """How far the clock of a moment is ahead of UTC; None without zone."""
    if value.tzinfo is None:
        return None
    if isinstance(value, datetime):
        return value.utcoffset()
    return datetime(_zone_year(value.year), value.month, value.day, value.hour, value.minute, value.second, tzinfo=value.tzinfo,
                    fold=value.at.fold).utcoffset()


def _zone_year(year: int) -> int:
    """The year whose rules a zone follows then: the last known ones for ever after, local mean time before year 2."""
    if 1 < year < 9999:
        return year
    return (9200 if year > 1 else CYCLE_YEARS) + year % CYCLE_YEARS


# --- whole numbers --------------------------------------------------------------------------------------------------------------------


def day_number(day: Date) -> int:
    """Count the days from the last one of year 0 on."""
    if isinstance(day, date):
        return day.toordinal()
    near = alike(day)
    return near.toordinal() + (day.year - near.year) // CYCLE_YEARS * CYCLE_DAYS


def numbered_day(number: int) -> Date | None:
    """The day of such a number; None for one out of range."""
    cycles, rest = divmod(number - 1, CYCLE_DAYS)
    near = date.fromordinal(rest + 1)
    return make_date(near.year + cycles * CYCLE_YEARS, near.month, near.day)


def clock(at: Time) -> int:
    """Count the nanoseconds since midnight by the clock."""
    return (at.hour * 3600 + at.minute * 60 + at.second) * NANOS + nanosecond(at)


def clocked(nanos: int, zone: tzinfo | None, fold: int = 0) -> Time:
    """The time of day so many nanoseconds (less than a day) after midnight."""
    seconds, fraction = divmod(nanos, NANOS)
    found = make_time(seconds // 3600, seconds // 60 % 60, seconds % 60, fraction, zone, fold)
    assert found is not None
    return found


def nanos_of(value: Duration) -> int:
    """Count the nanoseconds of a duration."""
    if isinstance(value, WideDuration):
        return value.nanos
    return ((value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds) * 1000


def line(value: Moment) -> int:
    """Count the nanoseconds of a moment on the time line of UTC, or by its clock when it has no zone."""
    offset = utc_offset(value)
    wall = day_number(day_of(value)) * DAY + clock(time_of(value))
    return wall if offset is None else wall - nanos_of(offset)


def lined(nanos: int, zone: tzinfo | None) -> Moment | None:
    """The moment of such a number in a zone; None for one out of range."""
    if zone is None:
        return _at_wall(nanos, None, 0)
    day, rest = divmod(nanos, DAY)
    near = numbered_day(day)
    if near is None:
        return None
    seconds = rest // NANOS
    local = datetime(_zone_year(near.year), near.month, near.day, seconds // 3600, seconds // 60 % 60, seconds % 60,
                     tzinfo=UTC).astimezone(zone)
    offset = local.utcoffset()
    assert offset is not None
    return _at_wall(nanos + nanos_of(offset), zone, local.fold)


def _at_wall(nanos: int, zone: tzinfo | None, fold: int) -> Moment | None:
    day, rest = divmod(nanos, DAY)
    on = numbered_day(day)
    return None if on is None else make_moment(on, clocked(rest, zone, fold))
