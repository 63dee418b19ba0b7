"""Deadlines over all cases: when each ends, whose it is, what rings next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.queries.shapes.common import Count, DeadlineView
from engine.texts import Text


@dataclass(frozen=True, slots=True)
class Week:
    """How many deadlines end in one week, by who set them."""

    number: int                                             #: ISO week
    starts_on: date
    law: int
    body: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """What happens next by itself: when, and the name of the event that does it."""

    at: datetime
    name: Text


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A deadline of the agenda. `people` hold its tasks, `groups` may take those that nobody holds; `next`: what comes by itself."""

    deadline: DeadlineView
    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    next: Alarm | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """Deadlines over all cases by when they end; `weeks` are the next twelve, this one first; `after` goes on with what is later."""

    late: tuple[AgendaLine, ...]
    this_week: tuple[AgendaLine, ...]
    this_month: tuple[AgendaLine, ...]
    paused: tuple[AgendaLine, ...]
    later: tuple[AgendaLine, ...]
    later_count: Count
    weeks: tuple[Week, ...]
    after: str | None = None
