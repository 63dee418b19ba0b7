"""Civil days: of a moment, months after one another, working days, and the moment a day is over.

Owns: `Period` (a calendar length) and `Calendar` (the body's zone and its holidays).
Leaves: what a day is reckoned for to `deadlines`; the present moment to `engine.clock`.
Promises: months are calendar months, a day the month lacks becomes its last; a day named as a limit is included, so it is over
at the first moment of the next one in the zone, whatever the clock change does.
Rule: Code civil and Code du travail holidays by the `holidays` package, France (L3133-1); Alsace-Moselle on demand (L3134-13).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from engine.texts import Text
from engine.words import length_text

ONE_DAY = timedelta(days=1)
MORNING = time(8)  #: when the house writes to people
SATURDAY = 5
_PERIOD = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?")


def plus_months(day: date, months: int) -> date:
    """Move a day by calendar months, forward or back; a day the month lacks becomes that month's last.

    Raises: OverflowError, when the result is outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"{day} and {months} months is not a day")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar length: whole months and whole days. `P3M`, `P30D`, `P1Y6M`, `P2W`."""

    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read an ISO 8601 length without hours. Raises: ValueError, when it is not one."""
        found = _PERIOD.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is not a calendar length such as P3M, P30D or P1Y")
        years, months, weeks, days = (int(part or 0) for part in found.groups())
        return cls(years * 12 + months, weeks * 7 + days)

    def after(self, day: date) -> date:
        """The day so long after another: months first, then days."""
        return plus_months(day, self.months) + timedelta(days=self.days)

    def before(self, day: date) -> date:
        """The day so long before another: months first, then days."""
        return plus_months(day, -self.months) - timedelta(days=self.days)

    def clips(self, day: date) -> bool:
        """Tell whether the month reached lacks that day: 31 January and one month."""
        return plus_months(day, self.months).day != day.day

    @property
    def text(self) -> Text:
        return length_text(self.months, self.days)

    def __bool__(self) -> bool:
        return bool(self.months or self.days)

    def __str__(self) -> str:
        months, days = (f"{self.months}M" if self.months else ""), (f"{self.days}D" if self.days else "")
        return f"P{months}{days}" if months or days else "P0D"


NO_PERIOD = Period()


@lru_cache(maxsize=256)
def _holidays(year: int, alsace_moselle: bool) -> dict[date, Text]:
    subdivision = "57" if alsace_moselle else None
    fr = holidays.country_holidays("FR", subdiv=subdivision, years=year, language="fr")
    en = holidays.country_holidays("FR", subdiv=subdivision, years=year, language="en_US")
    return {day: Text(name.replace("'", "’"), en.get(day, name).replace("'", "’")) for day, name in fr.items()}


class Calendar:
    """The civil days of one body: its zone and its holidays."""

    def __init__(self, zone: str = "Europe/Paris", *, alsace_moselle: bool = False) -> None:
        self.zone = ZoneInfo(zone)
        self.alsace_moselle = alsace_moselle

    def day_of(self, moment: datetime) -> date:
        """The civil day of a moment in the zone. Raises: ValueError, when the moment has no zone."""
        if moment.tzinfo is None:
            raise ValueError(f"{moment} has no time zone")
        return moment.astimezone(self.zone).date()

    def at(self, day: date, hour: time = MORNING) -> datetime:
        """The moment of a time of day, in UTC.

        A time the clock change skips is told by the clock before it (2:30 becomes 3:30); of one it repeats, the first is meant.
        """
        return datetime.combine(day, hour, self.zone).astimezone(UTC)

    def starts(self, day: date) -> datetime:
        """The first moment of a day, in UTC."""
        return self.at(day, time.min)

    def over(self, day: date) -> datetime:
        """The moment a day is over: the first of the next one, in UTC."""
        return self.starts(day + ONE_DAY)

    def holiday(self, day: date) -> Text | None:
        """The name of a public holiday, None on other days."""
        return _holidays(day.year, self.alsace_moselle).get(day)

    def is_working(self, day: date) -> bool:
        """Tell whether people work: not on Saturdays, Sundays and public holidays."""
        return day.weekday() < SATURDAY and self.holiday(day) is None

    def next_working_day(self, day: date) -> date:
        """The day itself when people work then, else the first one after it on which they do."""
        while not self.is_working(day):
            day += ONE_DAY
        return day
