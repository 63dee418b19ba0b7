"""The time, read in one place.

Owns: "what time is it". Every other module is handed a `Clock`; nothing else reads the wall clock.
Promises: moments are aware and in UTC; civil days are told by the zone of the body (`Settings.zone`), not here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """Tell the present moment, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is set: for tests, scenarios, rehearsals and the demo."""

    def __init__(self, at: datetime) -> None:
        self._now = self._aware(at)

    def now(self) -> datetime:
        return self._now

    def set(self, at: datetime) -> None:
        """Move to a moment, not before the present one. Raises: ValueError for a step back or a moment without zone."""
        at = self._aware(at)
        if at < self._now:
            raise ValueError(f"the clock stands at {self._now} and does not go back to {at}")
        self._now = at

    def advance(self, by: timedelta) -> None:
        self.set(self._now + by)

    @staticmethod
    def _aware(at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError(f"{at} has no time zone")
        return at.astimezone(UTC)
