"""What the templates of cases, deadlines and operations may use: one frozen dataclass a page, each field with its meaning.

Owns: the shapes that those views hand to their templates where `engine.queries` has none that says it all.
Leaves: words of the language to the templates and filters; the other pages to `web.pages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from engine.people.feeds import Feed
from engine.queries.shapes import (
    AgendaLine,
    CaseLine,
    CaseList,
    CasePage,
    Count,
    DeadlineView,
    Happened,
    Health,
    IncidentLine,
    JobLine,
    JobList,
    LetterLine,
    LetterList,
    Operations,
    TaskLine,
    Week,
)
from handlers.registers import Nonconformity
from web.drawing import Picture
from web.wording import Mark

if TYPE_CHECKING:
    from web.forms import Told


@dataclass(frozen=True)
class Option:
    """A choice of a filter."""

    value: str
    label: str


@dataclass(frozen=True)
class CasesPage:
    """The list of cases: what was found, for what, and what may be asked for. `asked`: the filters as the address says them."""

    found: CaseList
    asked: Mapping[str, str]
    states: tuple[Option, ...]
    processes: tuple[Option, ...]
    milestones: tuple[Option, ...]
    sorts: tuple[Option, ...]


@dataclass(frozen=True)
class Finding:
    """A non-conformity with its gravity, its state, and the deadline that runs for it: `gone` days of `days` are over."""

    nonconformity: Nonconformity
    gravity: Mark
    state: Mark
    clock: DeadlineView | None = None
    gone: int = 0
    days: int = 0


@dataclass(frozen=True)
class Step:
    """One step of the outline of a diagram. `waiting`: tokens there; `passed`: how often it was left; `inside`: of a call, its steps."""

    id: str
    name: str
    lane: str
    mark: Mark
    waiting: int = 0
    passed: int = 0
    inside: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where something waits: its name, how much, the address that brings it into view, its state."""

    name: str
    count: int
    address: str
    mark: Mark


@dataclass(frozen=True)
class Drawing:
    """The diagram of a case or of what it calls.

    Attributes:
        picture: None for a process that nobody has drawn. steps: the same in words. places: where something waits.
        calls: how many calls of the process have something to do.
    """

    process: str
    name: str
    picture: Picture | None
    steps: tuple[Step, ...]
    places: tuple[Place, ...]
    calls: int = 0


@dataclass(frozen=True)
class Seal:
    """What a check of the record found just now: whether it is intact, up to which event, what is wrong first, its fingerprint."""

    intact: bool
    sound_until: int
    events: int
    fault: str
    head: str
    erased: int


@dataclass(frozen=True)
class CaseShown:
    """The page of one case. `stands`: where it stands, a sentence each; `seal`: the check the reader asked for."""

    case: CasePage
    stands: tuple[Markup, ...]
    findings: tuple[Finding, ...]
    drawing: Drawing
    answers: tuple[Told, ...] = ()
    seal: Seal | None = None
    may_steer: bool = False
    dossier: str | None = None                              #: id of the document that holds the whole case


@dataclass(frozen=True)
class InsidePage:
    """What a process does that a case calls."""

    case: CasePage
    drawing: Drawing
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True)
class DataRow:
    """A value of a case: what a form calls it ("" when none does), its name in the process, and itself in words."""

    label: str
    name: str
    value: str


@dataclass(frozen=True)
class DataGroup:
    """The values of one scope: of the case, or of one call."""

    title: str
    rows: tuple[DataRow, ...]


@dataclass(frozen=True)
class DataPage:
    """What a case knows."""

    line: CaseLine
    groups: tuple[DataGroup, ...]
    erased: bool
    may_see_raw: bool


@dataclass(frozen=True)
class AgendaGroup:
    """Deadlines that end in one span of time; `count` when there are more than are shown."""

    id: str
    title: str
    lines: tuple[AgendaLine, ...]
    count: Count | None = None


@dataclass(frozen=True)
class Bar:
    """One week of the chart: its number, its figures, and its shapes in units of the picture."""

    number: int
    left: float
    law: int
    body: int
    law_top: float
    law_height: float
    body_top: float
    body_height: float


@dataclass(frozen=True)
class Chart:
    """The load of the next weeks."""

    bars: tuple[Bar, ...]
    width: float
    bar: float


@dataclass(frozen=True)
class AgendaPage:
    """The agenda.

    Attributes:
        late_law, late_body: how many are late by law and by our own rules. chart, weeks: the load of the next twelve weeks.
        asked: the filters as the address says them; rules, processes: what may be asked for. after: the place of what comes later still.
        feed: the calendar feed the reader has.
    """

    groups: tuple[AgendaGroup, ...]
    late_law: int
    late_body: int
    this_week: int
    this_month: int
    chart: Chart
    weeks: tuple[Week, ...]
    asked: Mapping[str, str]
    rules: tuple[Option, ...]
    processes: tuple[Option, ...]
    after: str | None
    feed: Feed | None


@dataclass(frozen=True)
class Tally:
    """How often something happened, in words, with its icon."""

    icon: str
    told: str


@dataclass(frozen=True)
class HappenedPage:
    """What happened while time passed, counted and in its order."""

    found: Happened
    tallies: tuple[Tally, ...]


@dataclass(frozen=True)
class OperationsPage:
    """The overview of the machine."""

    found: Operations
    letters: tuple[LetterLine, ...]
    health: Health
    may_steer: bool


@dataclass(frozen=True)
class Expected:
    """A value that a step gives. `type`: as its handler declares it."""

    name: str
    label: str
    type: str
    required: bool


@dataclass(frozen=True)
class IncidentPage:
    """One incident: its case, the diagram it happened in, and what completing it by hand asks for."""

    incident: IncidentLine
    case: CasePage
    drawing: Drawing
    expected: tuple[Expected, ...]
    may_steer: bool


@dataclass(frozen=True)
class JobsPage:
    """Jobs of one state, of one handler or of all."""

    found: JobList
    state: str
    handler: str
    handlers: tuple[str, ...]


@dataclass(frozen=True)
class MailPage:
    """Mail: jobs that have not sent theirs, with the incident of those that failed; letters that went out; `later`: a further page."""

    waiting: tuple[JobLine, ...]
    incidents: Mapping[str, str]
    sent: LetterList
    later: bool


@dataclass(frozen=True)
class IntegrityPage:
    """A check of all records under way: how many of how many cases are done; `after` is where it goes on, "" when it is over."""

    asked: bool = False
    done: int = 0
    of: int = 0
    events: int = 0
    after: str = ""
    broken: tuple[str, ...] = ()
