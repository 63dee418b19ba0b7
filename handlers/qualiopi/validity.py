"""How long a certificate is valid, and when its surveillance takes place.

Owns: these days. Leaves: reminders and lapses to deadline rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from engine.work.calendars import plus_months

YEARS = 3
OPENS_MONTHS, CLOSES_MONTHS = 14, 22


def certificate_ends_on(starts_on: date) -> date:
    """Tell the last day a certificate is valid: the day before its third anniversary.

    A renewed certificate runs from the day after the old one ends, so the end day itself is still covered; no source says it word for
    word, so it is to be validated. Three years are counted from the day before the start, which also makes 29 February and 1 March
    end on the same day.
    Rule: arrêté of 6 June 2019: three years (qualiopi.md, 3).
    """
    return plus_months(starts_on - timedelta(days=1), 12 * YEARS)


@dataclass(frozen=True)
class Window:
    """Two days between which something takes place, each included."""

    opens_on: date
    closes_on: date


def surveillance_window(certified_on: date) -> Window:
    """Tell between which two days the surveillance audit takes place; a day the month lacks becomes that month's last.

    Args:
        certified_on: first day of the certificate, in the body's zone.
    Rule: arrêté of 6 June 2019, art. 2 as changed in 2023: between month 14 and month 22 (qualiopi.md, 3 and 10).
    """
    return Window(plus_months(certified_on, OPENS_MONTHS), plus_months(certified_on, CLOSES_MONTHS))
