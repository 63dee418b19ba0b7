"""The time, read in one place.

Owns: "what time is it". Every other module is handed a `Clock`; nothing else reads the wall clock.
Promises: moments are aware and in UTC; civil days are told by the zone of the body (`Settings.zone`), not here.
"""

from __future__ import annotations

from collections.abc import Callable
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


class PushedClock:
    """A clock that runs with another one, ahead of it by as much as it was pushed: the demo's."""

    def __init__(self, ahead: timedelta = timedelta(), base: Clock | None = None, *,
                 keep: Callable[[timedelta], object] = lambda ahead: None) -> None:
        """Start a clock.

        Args:
            ahead: how far before the other one. base: the other one; None: the machine's. keep: told each new lead, so that it lasts.
        """
        self._base, self._ahead, self._keep = base or SystemClock(), ahead, keep

    def now(self) -> datetime:
        return self._base.now() + self._ahead

    def set(self, at: datetime) -> None:
        """Push to a moment; to one that has passed, it stays where it is: time runs meanwhile, and never back."""
        ahead = at.astimezone(UTC) - self._base.now()
        if ahead > self._ahead:
            self._ahead = ahead
            self._keep(ahead)

    def restart(self) -> None:
        """Run with the other clock again. Only where everything that has happened is undone too."""
        self._ahead = timedelta()
        self._keep(self._ahead)
