"""What whoever tries a process out sees of it.

Owns: the shapes of a trial's page, read from the rehearsal at one moment.
Leaves: cases and tasks as their pages show them to `engine.queries`, acts to `trial`, sentences to `words`.
Promises: reading changes nothing; a task is named by where it stands, never by an id of one stage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from engine.change.rehearsal import OpenWork
from engine.change.trials.acts import Act
from engine.change.trials.trial import Posted, Trial
from engine.change.trials.words import act_text, element_name, processes_of, retry_text, timer_text
from engine.people.access import Access, Refusal, TaskFacts
from engine.people.accounts import Accounts
from engine.people.person import Person
from engine.queries.shapes import CaseData, CaseLine, CasePage, TaskPage
from engine.states import JobState
from engine.store.tables import candidate, job, party, user_task
from engine.texts import Text

#: Reads everything of a trial: nobody of the cast.
READER = Person("0" * 32, "", "", groups=frozenset({"administrator", "manager", "process_owner", "quality"}))
MOST_COMING = 6


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something waits: in which case of the trial, at which element, and which of several there."""

    case: int
    element: str
    place: int

    def __str__(self) -> str:
        return f"{self.case}.{self.element}.{self.place}"

    @classmethod
    def of(cls, text: str) -> Spot:
        """Read one from an address. Raises: ValueError."""
        case, _, rest = text.partition(".")
        element, _, place = rest.rpartition(".")
        return cls(int(case), element, int(place))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for somebody. `kind`: "user", "failed", "message", "signal" or "service".

    Attributes:
        name: of the element. message: name of what it waits for. why: of something that stands still. groups: who may take a task.
    """

    spot: Spot
    kind: str
    process: str
    name: Text
    subject: str = ""
    message: str = ""
    why: Text | None = None
    groups: tuple[str, ...] = ()
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """Whether somebody may do a task: `refusal` is what they would read, None when they may."""

    login: str
    name: str
    refusal: Refusal | None


@dataclass(frozen=True)
class OpenTask:
    """A task chosen, with its form as its page shows it, and who may do it: those who may first."""

    waiting: Waiting
    page: TaskPage
    chances: tuple[Chance, ...]

    @property
    def may(self) -> tuple[Chance, ...]:
        return tuple(one for one in self.chances if one.refusal is None)

    @property
    def may_not(self) -> tuple[Chance, ...]:
        return tuple(one for one in self.chances if one.refusal is not None)


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that will happen by itself."""

    at: datetime
    text: Text


@dataclass(frozen=True, slots=True)
class Told:
    """An act as it was done. `at`: by the trial's clock, after it; `letters`: how many went out with it."""

    number: int
    text: Text
    at: datetime
    letters: int
    act: Act


@dataclass(frozen=True)
class Seen:
    """Everything a trial's page shows at one moment; `case` is None before anything has begun."""

    now: datetime
    began_at: datetime
    cases: tuple[CaseLine, ...]
    case: CasePage | None
    chosen: int
    waiting: tuple[Waiting, ...]
    coming: tuple[Coming, ...]
    posted: tuple[Posted, ...]
    told: tuple[Told, ...]
    outside: Mapping[str, bool]
    task: OpenTask | None = None
    data: CaseData | None = None

    @property
    def tasks(self) -> tuple[Waiting, ...]:
        return tuple(one for one in self.waiting if one.kind == "user")

    @property
    def still(self) -> tuple[Waiting, ...]:
        """What stands still with an incident."""
        return tuple(one for one in self.waiting if one.kind == "failed")

    @property
    def expected(self) -> tuple[Waiting, ...]:
        """Messages and signals it waits for."""
        return tuple(one for one in self.waiting if one.kind in ("message", "signal"))


def look(trial: Trial, says: Mapping[str, Text], case: int | None = None, spot: Spot | None = None) -> Seen:
    """Look at a trial.

    Args:
        says: what each story says, by name. case: which of its cases; the one of the task chosen, else the first that goes on.
        spot: of the task chosen; one that waits no more is not shown.
    """
    return _Looking(trial).seen(says, case, spot)


class _Looking:
    """One look at a trial."""

    def __init__(self, trial: Trial) -> None:
        self.trial, self.rehearsal = trial, trial.rehearsal
        self.processes = processes_of(trial.ground)

    def seen(self, says: Mapping[str, Text], case: int | None, spot: Spot | None) -> Seen:
        trial, known = self.trial, self.rehearsal.instances
        pages = [trial.queries.case(one, READER) for one in known]
        chosen = self._chosen([page.line for page in pages], spot.case if spot is not None else case)
        waiting = tuple(one for number in range(len(known)) for one in self._waiting(number))
        return Seen(
            self.rehearsal.clock.now(), trial.began_at, tuple(page.line for page in pages), pages[chosen] if pages else None, chosen,
            waiting, self._coming(), tuple(trial.posted), self._told(says),
            {name: switch.up for name, switch in self.rehearsal.outside.items()},
            next((self._open_task(one) for one in waiting if one.spot == spot and one.kind == "user"), None),
            trial.queries.case_data(known[chosen], READER) if pages else None)

    @staticmethod
    def _chosen(lines: list[CaseLine], wanted: int | None) -> int:
        if wanted is not None and 0 <= wanted < len(lines):
            return wanted
        return next((number for number, line in enumerate(lines) if line.state == "active"), 0)

    # --- what waits -------------------------------------------------------------------------------

    def _waiting(self, number: int) -> list[Waiting]:
        """What waits in one case, its tasks first."""
        places = Counter[str]()
        found = []
        tasks = self._rows(self.rehearsal.instances[number])
        for work in self.trial.works(number):
            spot = Spot(number, work.element, places[work.element])
            places[work.element] += 1
            if work.kind in ("user", "failed", "message", "signal"):
                found.append(self._one(work, spot, tasks))
        return sorted(found, key=lambda one: ("user", "failed", "message", "signal").index(one.kind))

    def _one(self, work: OpenWork, spot: Spot, tasks: Mapping[str, tuple[str, datetime | None, tuple[str, ...]]]) -> Waiting:
        subject, due_at, groups = tasks.get(work.token, ("", None, ()))
        day = self.rehearsal.calendar.day_of(due_at - timedelta(microseconds=1)) if due_at else None     # it is late from then on
        return Waiting(spot, work.kind, work.process, element_name(self.processes, work.element, work.process), subject, work.name,
                       work.reason if work.kind == "failed" else None, groups, day)

    def _rows(self, instance_id: str) -> dict[str, tuple[str, datetime | None, tuple[str, ...]]]:
        """Subject, due moment and groups of the open tasks of a case, by token."""
        with self.rehearsal.store.read() as connection:
            rows = connection.execute(select(user_task.c.id, user_task.c.subject, user_task.c.due_at).where(
                user_task.c.instance_id == instance_id, user_task.c.state == "open")).all()
            groups: dict[str, list[str]] = {row.id: [] for row in rows}
            for row in connection.execute(select(candidate).where(candidate.c.task_id.in_(groups)).order_by(candidate.c.group_id)):
                groups[row.task_id].append(row.group_id)
        return {row.id: (row.subject, row.due_at, tuple(groups[row.id])) for row in rows}

    def _open_task(self, one: Waiting) -> OpenTask:
        token = self.trial.point_at(one.spot.case, one.spot.element, one.spot.place).token
        return OpenTask(one, self.trial.queries.task(token, READER), tuple(self._chances(token)))

    def _chances(self, token: str) -> list[Chance]:
        """Who may do a task: the cast and the parties of its case, those who may first."""
        library = self.rehearsal.engine.library
        with self.rehearsal.store.read() as connection:
            row = connection.execute(select(user_task).where(user_task.c.id == token)).one()
            groups = tuple(connection.scalars(select(candidate.c.group_id).where(candidate.c.task_id == token)))
            element = self.processes[row.process_id].elements[row.element_id]
            facts = TaskFacts(row.id, row.instance_id, row.definition_id, row.process_id, row.element_id, row.state, row.assignee_id,
                              tuple(sorted(groups)), element.ext.not_who_did)
            access = Access(connection, self.rehearsal.calendar, library.element_name)
            parties = connection.scalars(select(party.c.person_id).where(party.c.instance_id == row.instance_id))
            people = {one.id: one for one in (*(Accounts(connection).get(key) for key in parties), *self.rehearsal.people.values())}
            found = [Chance(one.login, one.name, access.why_not(facts, one)) for one in people.values()]
        return sorted(found, key=lambda one: (one.refusal is not None, one.refusal is not None and one.refusal.rule == "group"))

    # --- what comes, and what was -----------------------------------------------------------------

    def _coming(self) -> tuple[Coming, ...]:
        """What happens by itself, soonest first."""
        now, found = self.rehearsal.clock.now(), []
        for work in self.rehearsal.open_work():
            process = self.processes.get(work.process)
            if work.kind == "timer" and work.due_at is not None and process is not None and work.element in process.elements:
                found.append(Coming(max(work.due_at, now), timer_text(process, process.elements[work.element])))
        with self.rehearsal.store.read() as connection:
            for row in connection.execute(select(job.c.process_id, job.c.element_id, job.c.run_at).where(job.c.state == JobState.READY)):
                found.append(Coming(max(row.run_at, now), retry_text(element_name(self.processes, row.element_id, row.process_id))))
        return tuple(sorted(found, key=lambda one: one.at)[:MOST_COMING])

    def _told(self, says: Mapping[str, Text]) -> tuple[Told, ...]:
        with self.rehearsal.store.read() as connection:
            names = {one.login: one.name for one in Accounts(connection).everybody()}
        letters = Counter(one.act for one in self.trial.posted)
        return tuple(Told(number, act_text(act, self.processes, names, says), self.trial.moments[number], letters[number], act)
                     for number, act in enumerate(self.trial.acts))


