"""Whether everything runs: timers, jobs, incidents, workers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.queries.shapes.common import CaseRef, Count, IncidentLine
from engine.texts import Text


@dataclass(frozen=True, slots=True)
class TimerLine:
    """A timer that will fire. `late`: its moment has passed; `waits`: its case is suspended."""

    id: str
    case: CaseRef
    element: str
    element_name: Text
    due_at: datetime
    process: str = ""
    late: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class TimerList:
    """One page of timers; `after` fetches the next, None at the end."""

    lines: tuple[TimerLine, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class IncidentList:
    """One page of incidents; `after` fetches the next, None at the end."""

    lines: tuple[IncidentLine, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job: whose, what handles it, when it is or was due, how often it was tried; held by whom until when; what went wrong last."""

    id: str
    case: CaseRef
    element: str
    element_name: Text
    handler: str
    state: str                                              #: JobState
    run_at: datetime
    tries: int
    max_tries: int
    held_by: str
    held_until: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class JobList:
    """One page of jobs; `after` fetches the next, None at the end."""

    lines: tuple[JobLine, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """A process that does the work: since when, seen last, when it looks next by itself; `silent` when it has given no sign for long."""

    owner: str
    started_at: datetime
    seen_at: datetime
    alarm_at: datetime | None
    silent: bool


@dataclass(frozen=True, slots=True)
class Health:
    """The machine under an installation. `schema`: the revision of its tables; `now`: the engine's clock."""

    database: str
    database_version: str
    schema: str
    workers: tuple[WorkerLine, ...]
    version: str
    python: str
    now: datetime


@dataclass(frozen=True, slots=True)
class HandlerLoad:
    """Jobs of one handler: done in the last hour, waiting now, out of tries."""

    handler: str
    done: int
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class Operations:
    """Whether everything runs."""

    active_cases: Count
    suspended_cases: Count
    open_incidents: Count
    waiting_jobs: Count
    late_timers: Count                                      #: due and not fired
    armed_timers: Count
    incidents: tuple[IncidentLine, ...]
    timers: tuple[TimerLine, ...]
    handlers: tuple[HandlerLoad, ...]
