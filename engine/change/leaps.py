"""Leaps in time of a living system: what a visitor of the demo does to see reminders, alerts and lapses happen.

Owns: `Leaps`: moving the clock on, stopping wherever something is due on the way, one leap at a time.
Leaves: what happens at each stop to the engine, keeping the clock's lead to whoever made it.
Promises: everything due happens in its order and at its own moment, as life would have it; the time never goes back; of two who leap at
once the second is told, and nobody leaps from a day they have not seen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select

from engine.errors import Conflict, Invalid
from engine.service import Engine
from engine.states import JobState
from engine.store.tables import job
from engine.work import timers

FARTHEST = timedelta(days=31)
_REST_SECONDS, _LOOK_SECONDS = 30.0, 0.02


class Movable(Protocol):
    """A clock that can be moved on."""

    def now(self) -> datetime: ...
    def set(self, at: datetime) -> None: ...


class SomebodyLeaps(Conflict):
    """Somebody else is moving the time just now. Look again in a moment."""

    fr = "Quelqu’un d’autre fait avancer le temps en ce moment. Revenez voir dans un instant."


class TimeMoved(Conflict):
    """The time was moved meanwhile. Look what day it is, and choose again."""

    fr = "Le temps a été avancé entre-temps. Regardez le jour qu’il est, puis choisissez de nouveau."


class NotForward(Invalid):
    """The time moves on, by a month at most, and never back."""

    fr = "Le temps avance, d’un mois au plus, et ne recule jamais."


class NothingAhead(Conflict):
    """Nothing is due in any case: there is nowhere to leap to."""

    fr = "Rien n’est à échéance dans aucun dossier : il n’y a nulle part où sauter."


@dataclass(frozen=True, slots=True)
class Leap:
    """A leap that was made: what happened, happened after `since` and not after `until`."""

    since: datetime
    until: datetime


class Leaps:
    """The leaps of one living system. `turn` counts them, so that a page knows whether its day is still that of the clock."""

    def __init__(self, engine: Engine, clock: Movable) -> None:
        self._engine, self._clock = engine, clock
        self._one_at_a_time = threading.Lock()
        self.turn = 0

    def next_moment(self) -> datetime | None:
        """When the next timer of any case fires, for a page to name; None when none is armed."""
        with self._engine.store.read() as connection:
            return timers.earliest(connection)

    def by(self, length: timedelta, turn: int) -> Leap:
        """Move the time on by a length. `turn`: as the page that asks has seen it. Raises: NotForward; SomebodyLeaps; TimeMoved."""
        if not timedelta() < length <= FARTHEST:
            raise NotForward()
        return self._leap(turn, lambda: self._clock.now() + length)

    def to_next(self, turn: int) -> Leap:
        """Move the time on to when the next timer fires, however far that is. Raises: NothingAhead; SomebodyLeaps; TimeMoved."""
        def target() -> datetime:
            moment = self.next_moment()
            if moment is None:
                raise NothingAhead()
            return max(moment, self._clock.now())
        return self._leap(turn, target)

    def alone(self) -> threading.Lock:
        """The lock under which the time stands still, for whoever sets everything back."""
        return self._one_at_a_time

    def _leap(self, turn: int, target: Callable[[], datetime]) -> Leap:
        if not self._one_at_a_time.acquire(blocking=False):
            raise SomebodyLeaps()
        try:
            if turn != self.turn:
                raise TimeMoved(turn=turn)
            self._rest()
            since, until = self._clock.now(), target()
            self.turn += 1
            while (due := self._engine.earliest()) is not None and due <= until:
                self._clock.set(max(due, self._clock.now()))
                self._rest()
            self._clock.set(max(until, self._clock.now()))
            self._rest()
            self._engine.wake()     # alarms are set as a distance from now: anew
            return Leap(since, self._clock.now())
        finally:
            self._one_at_a_time.release()

    def _rest(self) -> None:
        """Do all that is due, and wait for what the workers have in hand."""
        patience = threading.Event()
        for _ in range(int(_REST_SECONDS / _LOOK_SECONDS)):
            self._engine.settle()
            if not self._is_working():
                return
            patience.wait(_LOOK_SECONDS)

    def _is_working(self) -> bool:
        with self._engine.store.read() as connection:
            running = connection.scalar(select(func.count()).select_from(job).where(job.c.state == JobState.RUNNING))
        return bool(running)
