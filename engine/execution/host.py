"""What the kernel asks of its surroundings, answered for one case.

Owns: `CaseHost`, the one `engine.kernel.waits.Host` of the engine. It stays with a run in memory and is given a new moment and a new book
of deadlines by every command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from engine.execution.deadlines import DeadlineBook
from engine.kernel.waits import DeadlineRef
from engine.work.calendars import Calendar


class CaseHost:
    """The clock, the civil days and the FEEL functions of a case, as one command sees them."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._now: datetime | None = None
        self._book: DeadlineBook | None = None

    def enter(self, now: datetime, book: DeadlineBook) -> None:
        """Start a command: its moment stays the same until it ends."""
        # As the body's clock shows it: months from 9:00 in winter end at 9:00 in summer, and the day of a moment is the civil day.
        self._now, self._book = now.astimezone(self.calendar.zone), book

    @property
    def book(self) -> DeadlineBook:
        if self._book is None:
            raise RuntimeError("no command has entered this case")
        return self._book

    def now(self) -> datetime:
        if self._now is None:
            raise RuntimeError("no command has entered this case")
        return self._now

    def functions(self, scope: str, seen: list[DeadlineRef]) -> Mapping[str, Callable[..., Any]]:
        now = self.now()
        return {"now": lambda: now, "today": lambda: self.calendar.day_of(now), **self.book.functions(scope, seen)}

    def moment(self, day: date) -> datetime:
        return self.calendar.over(day)
