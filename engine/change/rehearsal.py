"""An engine in memory whose time stands still until it is moved: the one door for every check of a process.

Owns: `Rehearsal`. Scenarios, the studio's "try it", tests, the demo and embedding programs use the same object.
Leaves: what happens to the real engine, kernel, store and handlers: nothing here is simulated but the time.
Promises: the same calls give the same result; advancing stops at every due timer and job in order; with `save_and_restore` every command
reads its case back from what was written, and nothing anyone can see changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol, cast

from sqlalchemy import select

from engine import feel
from engine.bpmn.model import Process
from engine.clock import VirtualClock
from engine.definitions import Deployment, Library, Package
from engine.errors import Conflict, Invalid, NotFound
from engine.execution.case import Case, load
from engine.execution.ports import Ports
from engine.forms.form import Validator
from engine.handler import Registry
from engine.kernel.waits import Wait
from engine.people.accounts import Accounts
from engine.people.person import Person
from engine.problems import Problem
from engine.service import Engine
from engine.service.messages import Delivery
from engine.settings import Settings
from engine.states import IncidentState, InstanceState
from engine.store.database import Store
from engine.store.tables import deadline, event, incident, instance, person
from engine.texts import Text
from engine.work.calendars import Calendar, Period

Length = timedelta | feel.Months | str
PortsOf = Callable[[Store, VirtualClock], Ports]


class Switch(Protocol):
    """An adapter of the outside that can be made not to answer."""

    up: bool


class NoSuchWork(NotFound):
    """Nothing waits at {element}; open is: {open}."""

    fr = "Rien n’attend à {element} ; est ouvert : {open}."


class SeveralWait(Conflict):
    """{count} tokens wait at {element}; say which one with `where` or by its token."""

    fr = "{count} jetons attendent à {element} ; dites lequel avec `where` ou par son jeton."


class NotATime(Invalid):
    """“{text}” is neither a duration nor a moment."""

    fr = "« {text} » n’est ni une durée ni un moment."


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One thing that waits. `kind` as of `Wait`; `name`, `correlation` of a message or signal; `reason` of what cannot go on."""

    token: str
    kind: str
    element: str
    process: str
    instance_id: str
    scope: str
    due_at: datetime | None
    name: str
    reason: Text
    correlation: Any = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that would have gone out. `template` is its id in letters.yaml; paragraphs of `body` are parted by blank lines."""

    template: str
    to: str
    subject: str
    body: str
    instance_id: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """A rehearsal as it was set up, before its first case: its database, its people, and what was read of its processes."""

    database: bytes
    people: Mapping[str, Person]
    library: Library


class _Engine(Engine):
    """The real engine, with three commands that a rehearsal gives to things that have no person or handler."""

    def complete_wait(self, instance_id: str, token: str, values: Mapping[str, Any]) -> None:
        with self._command() as work:
            case = self._case(work, work.lock_instance(instance_id))
            wait = case.run.waits()[token]
            case.tell(
                "task_completed" if wait.kind == "user" else "job_done", wait.element, personal={"values": dict(values)} if values else None
            )
            self._step(work, case, lambda step: step.complete(token, values))

    def fail_wait(self, instance_id: str, token: str, reason: Text) -> None:
        with self._command() as work:
            case = self._case(work, work.lock_instance(instance_id))
            self._step(work, case, lambda step: step.fail(token, reason, "error"), unattended=True)

    def error_wait(self, instance_id: str, token: str, code: str) -> None:
        with self._command() as work:
            case = self._case(work, work.lock_instance(instance_id))
            self._step(work, case, lambda step: step.bpmn_error(token, code), unattended=True)


class Rehearsal:
    """An engine in memory in virtual time.

    Attributes:
        engine, store, clock: the real things, for whatever a method here does not cover. people: those made known, by login.
        ready: it began from a scene, with processes and people.
        instances: ids of the cases of this rehearsal, in the order they began; methods without an id mean the first.
    """

    def __init__(self, at: datetime | VirtualClock, *, registry: Registry | None = None, ports: Ports | PortsOf | None = None,
                 settings: Settings | None = None, validators: Mapping[str, Validator] | None = None, groups: Collection[str] | None = None,
                 outside: Mapping[str, Switch] | None = None, sent: Callable[[], Sequence[str]] | None = None, store: Store | None = None,
                 letters: Callable[[], Sequence[Letter]] | None = None,
                 enrol: Callable[[Rehearsal, Person, Mapping[str, Any]], object] | None = None, save_and_restore: bool = False) -> None:
        """Set the stage.

        Args:
            at: the moment it begins; one without a zone is told in the body's.
            ports: of the handlers, or a function that makes them from the store and the clock.
            outside: adapters that can be switched off, by name. sent: lists the letters sent so far, by template.
            letters: the same letters as they were written, one for each that receives it.
            save_and_restore: read the case back from its row at every command.
        """
        self.settings = settings or Settings.model_construct()
        self.calendar = Calendar(self.settings.zone, alsace_moselle=self.settings.body.alsace_moselle)
        self.clock = at if isinstance(at, VirtualClock) else VirtualClock(self.moment(at))
        self.store = store or Store.memory()
        chosen = ports if isinstance(ports, Ports) else ports(self.store, self.clock) if ports else Ports()
        self.engine = _Engine(self.store, registry or Registry(), chosen, self.clock, self.settings, validators=validators, groups=groups,
                              keep_runs=not save_and_restore, values_without_form=True)
        self.outside = dict(outside or {})
        self._sent = sent or (lambda: ())
        self._letters = letters or (lambda: ())
        self._enrol = enrol
        self.people: dict[str, Person] = {}
        self.ready = False

    # --- setting the stage ------------------------------------------------------------------------

    def check(self, files: Mapping[str, bytes]) -> list[Problem]:
        """Judge the files of a process folder; never raises for what is in them."""
        return self.engine.check_files(files)

    def deploy(self, files: Mapping[str, bytes], key: str | None = None) -> Deployment:
        """Publish the files of a process folder, under the id of its first process unless a key is given.

        Raises: NotDeployable, with the problems.
        """
        if key is None:
            drawn = Package.read("", files, self.engine.library.zone).main
            key = drawn.id if drawn is not None else "rehearsal"
        return self.engine.deploy(key, files, None)

    def deploy_all(self, folders: Mapping[str, Mapping[str, bytes]]) -> list[Deployment]:
        """Publish process folders that may call each other, by key. Raises: NotDeployable, with the problems."""
        return self.engine.deploy_all(folders, None)

    def add_people(self, cast_: Mapping[str, Mapping[str, Any]]) -> None:
        """Make people known: `{login: {name, groups, email?, locale?}}`."""
        for login, facts in cast_.items():
            who = self.engine.add_person(login, str(facts.get("name") or login), None, groups=facts.get("groups") or (),
                                         email=str(facts.get("email") or ""), locale=str(facts.get("locale") or "fr"))
            self.people[login] = who
            if self._enrol is not None:
                self._enrol(self, who, facts)

    def scene(self) -> Scene:
        """Keep this rehearsal as it stands, so that others may begin from it."""
        return Scene(self.store.copied(), dict(self.people), self.engine.library)

    def begin_from(self, scene: Scene) -> None:
        """Stand as another rehearsal stood, with the same processes and people, instead of setting everything up again."""
        self.store.become(scene.database)
        self.engine.library.take_over(scene.library)
        self.people = dict(scene.people)
        self.ready = True

    def person(self, login: str) -> Person:
        """Find a person by login: of the cast, or a party of a case. Raises: NoSuchPerson."""
        with self.store.read() as connection:
            return self.people.get(login) or Accounts(connection).by_login(login)

    # --- what happens -----------------------------------------------------------------------------

    def start(
        self, process_id: str, variables: Mapping[str, Any] | None = None, business_key: str | None = None, by: str | None = None
    ) -> str:
        """Start a case and tell its id. Raises: NotFound; FormInvalid."""
        return self.engine.start_instance(process_id, variables or {}, self.person(by) if by else None, business_key=business_key)

    def settle(self) -> int:
        """Do everything that is due now: deliveries, jobs, timers, and what they set off."""
        return self.engine.settle()

    def advance(self, to: Length | date) -> None:
        """Move the time on, by a duration or to a moment, and do what comes due on the way, in order.

        Args:
            to: a timedelta, calendar months, ISO 8601 text (`P3M`, `PT4H`, `2026-05-01T08:00`), a moment, or a day (its first moment).
        Raises: NotATime; ValueError, when it lies in the past.
        """
        target = self._target(to)
        while True:
            self.settle()
            earliest = self.engine.earliest()
            if earliest is None or not self.clock.now() < earliest <= target:
                break
            self.clock.set(earliest)
        self.clock.set(target)
        self.settle()

    def complete(
        self,
        work: str,
        variables: Mapping[str, Any] | None = None,
        by: str | None = None,
        *,
        where: Mapping[str, Any] | None = None,
        instance_id: str | None = None,
    ) -> None:
        """Complete a task, by its token or element; as a person with all checks, or as nobody with none.

        Args:
            where: picks one of several: FEEL expression, seen from the task, and its value.
        Raises: NoSuchWork; SeveralWait; as a person, what `Engine.complete_task` raises.
        """
        found = self._find(work, ("user", "service", "decision", "failed"), where, instance_id)
        if by is not None and found.kind == "user":
            self.engine.complete_task(found.token, dict(variables or {}), self.person(by))
        else:
            self.engine.complete_wait(found.instance_id, found.token, dict(variables or {}))

    def claim(self, work: str, by: str, *, where: Mapping[str, Any] | None = None) -> None:
        """Take a task. Raises: NoSuchWork; SeveralWait; NotAllowed with its reason."""
        self.engine.claim_task(self._find(work, ("user",), where, None).token, self.person(by))

    def fail(self, work: str, reason: str = "failed on purpose", *, instance_id: str | None = None) -> None:
        """Let an element stand as failed, with an incident. Raises: NoSuchWork; SeveralWait."""
        found = self._find(work, ("user", "service", "decision", "timer", "message", "signal", "condition"), None, instance_id)
        self.engine.fail_wait(found.instance_id, found.token, Text.of(reason))

    def bpmn_error(self, work: str, code: str, *, instance_id: str | None = None) -> None:
        """End a task with an error the diagram foresees. Raises: NoSuchWork; SeveralWait."""
        found = self._find(work, ("user", "service", "decision", "failed"), None, instance_id)
        self.engine.error_wait(found.instance_id, found.token, code)

    def message(self, name: str, correlation: Any = None, variables: Mapping[str, Any] | None = None) -> Delivery:
        """Send a message from outside."""
        return self.engine.send_message(name, correlation, variables)

    def signal(self, name: str, variables: Mapping[str, Any] | None = None) -> None:
        """Send a signal to all who wait for it, and have it delivered."""
        self.engine.send_signal(name, variables)
        self.engine.deliver_outbox()

    def tell(self, facts: Mapping[str, Any]) -> list[str]:
        """Tell facts of the world; give the ids of the cases that begin at a conditional start whose condition comes true over them."""
        return self.engine.tell_facts(facts)

    def switch(self, name: str, up: bool) -> None:
        """Make an adapter of the outside answer or not. Raises: NotFound, naming those there are."""
        if name not in self.outside:
            raise NotFound(outside=name, known=sorted(self.outside))
        self.outside[name].up = up

    # --- looking ----------------------------------------------------------------------------------

    @property
    def instances(self) -> list[str]:
        with self.store.read() as connection:
            return list(connection.scalars(select(instance.c.id).order_by(instance.c.started_at, instance.c.id)))

    def state(self, instance_id: str | None = None) -> str:
        """Tell the state of a case: active, suspended, completed or cancelled."""
        return str(self._row(instance_id).state)

    def outcome(self, instance_id: str | None = None) -> str | None:
        """Tell the end event a case reached last."""
        return cast("str | None", self._row(instance_id).outcome)

    def milestone(self, instance_id: str | None = None) -> str | None:
        """Tell where a case stands."""
        return cast("str | None", self._row(instance_id).milestone)

    def variables(self, instance_id: str | None = None) -> dict[str, Any]:
        """Tell the variables of the process's own scope."""
        return dict(self._case(self._id(instance_id)).run.scopes.read(""))

    def evaluate(self, expression: str, instance_id: str | None = None) -> Any:
        """Evaluate FEEL over the variables of a case."""
        case = self._case(self._id(instance_id))
        return feel.evaluate(expression, case.run.scopes.read(""), case.host.functions("", []))

    def seen_from(self, instance_id: str, token: str) -> Callable[[str], Any]:
        """Give a function that evaluates FEEL as the task with this token sees its case now."""
        case = self._case(instance_id)
        return lambda text: case.run.evaluate(token, text)[0]

    def open_work(self, instance_id: str | None = None) -> list[OpenWork]:
        """Tell everything that waits in a case, or in all when no id is given and there are several."""
        wanted = [instance_id] if instance_id else self.instances
        return [_open_work(wait, one) for one in wanted for wait in self._case(one).run.waits().values()]

    def open_tasks(self) -> list[str]:
        """Tell the elements of the open user tasks of all cases, in order of their ids."""
        return sorted(work.element for work in self.open_work() if work.kind == "user")

    def trace(self, instance_id: str | None = None) -> list[tuple[str, str, datetime]]:
        """Tell what tokens did, in order: (element, what happened, when)."""
        return [(element, happened, at) for _, _, element, happened, at in self.path(instance_id)]

    def path(self, instance_id: str | None = None) -> list[tuple[int, str, str, str, datetime]]:
        """Tell what tokens did, in order: (number of the step, process, element, what happened, when)."""
        row = self._row(instance_id)
        with self.store.read() as connection:
            steps = connection.execute(select(event.c.data, event.c.at).where(event.c.instance_id == row.id, event.c.kind == "path")
                                       .order_by(event.c.seq)).all()
        return [(number, stage[2] if len(stage) > 2 else row.process_id, stage[0], stage[1], at)
                for number, (data, at) in enumerate(steps) for stage in data["path"]]

    def sent(self) -> list[str]:
        """Tell the templates of all letters sent so far, in order."""
        return list(self._sent())

    def letters(self) -> list[Letter]:
        """Give all letters sent so far as they were written, in order."""
        return list(self._letters())

    def deadlines(self, rule: str) -> list[date]:
        """Tell the last days of all deadlines of a rule, in the order they were opened."""
        with self.store.read() as connection:
            return list(connection.scalars(select(deadline.c.due_on).where(deadline.c.rule == rule).order_by(deadline.c.created_at)))

    def incidents(self) -> list[tuple[str, Text]]:
        """Tell the open incidents: (element, why)."""
        with self.store.read() as connection:
            rows = connection.execute(select(incident.c.element_id, incident.c.message).where(incident.c.state == IncidentState.OPEN)
                                      .order_by(incident.c.created_at))
            return [(row.element_id, Text.of(row.message)) for row in rows]

    def process(self, process_id: str) -> Process:
        """A process as it is drawn, in its newest version."""
        return self.engine.library.newest(process_id).program.process(process_id)

    def inputs_of(self, work: OpenWork) -> Callable[[str], Any]:
        """Give a function that evaluates FEEL as seen now from something that waits, over its inputs."""
        case = self._case(work.instance_id)
        inputs, functions = case.run.inputs(work.token), case.host.functions(work.scope, [])
        return lambda expression: feel.evaluate(expression, inputs, functions)

    def evaluate_at(self, work: OpenWork, expression: str) -> Any:
        """Evaluate FEEL as seen from something that waits, over its inputs."""
        return self.inputs_of(work)(expression)

    def find(self, work: str, *, where: Mapping[str, Any] | None = None) -> OpenWork:
        """Find the one task that waits, by its token or element. Raises: NoSuchWork; SeveralWait."""
        return self._find(work, ("user", "service", "decision", "failed"), where, None)

    def moment_after(self, length: Length | date) -> datetime:
        """Tell where `advance` would lead. Raises: NotATime."""
        return self._target(length)

    def moment(self, at: datetime) -> datetime:
        """A moment; one without a zone is told in the body's."""
        return at if at.tzinfo else at.replace(tzinfo=self.calendar.zone)

    # --- inside -----------------------------------------------------------------------------------

    def _target(self, to: Length | date) -> datetime:
        if isinstance(to, str):
            to = self._read_time(to)
        now = self.clock.now()
        if isinstance(to, timedelta):
            return now + to
        if isinstance(to, feel.Months):
            local = now.astimezone(self.calendar.zone)
            return self.calendar.at(Period(months=to.months).after(local.date()), local.time())
        if isinstance(to, datetime):
            return self.moment(to).astimezone(UTC)
        if isinstance(to, date):
            return self.calendar.at(to, time.min)
        raise NotATime(text=to)

    @staticmethod
    def _read_time(text: str) -> timedelta | feel.Months | date:
        length = feel.parse_duration(text)
        if length is not None:
            return length
        try:
            return date.fromisoformat(text) if len(text) == len("2026-05-01") else datetime.fromisoformat(text)
        except ValueError:
            raise NotATime(text=text) from None

    def _id(self, instance_id: str | None) -> str:
        if instance_id:
            return instance_id
        known = self.instances
        if not known:
            raise NotFound(instance="none has been started")
        return known[0]

    def _row(self, instance_id: str | None) -> Any:
        with self.store.read() as connection:
            row = connection.execute(select(instance).where(instance.c.id == self._id(instance_id))).first()
        if row is None:
            raise NotFound(instance_id=instance_id)
        return row

    def _case(self, instance_id: str) -> Case:
        with self.store.read() as connection:
            row = connection.execute(select(instance).where(instance.c.id == instance_id)).first()
            if row is None:
                raise NotFound(instance_id=instance_id)
            case = load(connection, self.engine.around, row, hot=False)
            case.book.entries()
            return case

    def _find(self, wanted: str, kinds: Sequence[str], where: Mapping[str, Any] | None, instance_id: str | None) -> OpenWork:
        """The one thing that waits at an element (or with a token) and matches."""
        found, open_ = [], []
        for one in [instance_id] if instance_id else self._active():
            case = self._case(one)
            for wait in case.run.waits().values():
                open_.append(wait.element)
                if wanted in (wait.token, wait.element) and wait.kind in kinds and all(
                        _matches(case, wait, text, value) for text, value in (where or {}).items()):
                    found.append(_open_work(wait, one))
        if not found:
            raise NoSuchWork(element=wanted, where=dict(where or {}), open=", ".join(sorted(open_)) or "–")
        if len(found) > 1:
            raise SeveralWait(element=wanted, count=len(found))
        return found[0]

    def _active(self) -> list[str]:
        query = select(instance.c.id).where(instance.c.state == InstanceState.ACTIVE).order_by(instance.c.started_at, instance.c.id)
        with self.store.read() as connection:
            return list(connection.scalars(query))

    def names(self) -> dict[str, str]:
        """Logins by id, of everybody known."""
        with self.store.read() as connection:
            return {row.id: row.login for row in connection.execute(select(person.c.id, person.c.login))}


def _matches(case: Case, wait: Wait, expression: str, value: Any) -> bool:
    return feel.evaluate("left = right", {"left": case.run.evaluate(wait.token, expression)[0], "right": feel.adopt(value)}) is True


def _open_work(wait: Wait, instance_id: str) -> OpenWork:
    return OpenWork(wait.token, wait.kind, wait.element, wait.process, instance_id, wait.scope, wait.due_at, wait.name, wait.reason,
                    wait.correlation)
