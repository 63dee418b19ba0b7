"""What all commands share.

Owns: `Commands`, the base of `Engine`: opening a command, loading its case, noting an event, who may steer a case, and waking whoever
waits for work.
Leaves: the commands themselves to the modules beside this one, one noun each.
Promises: one public method of `Engine` = one command = one transaction with at most one instance locked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, update

from engine.clock import Clock
from engine.definitions import Bundle, Library
from engine.errors import Conflict, NotAllowed
from engine.execution.case import Case, HotRuns, load
from engine.execution.ports import Ports
from engine.execution.step import Step, step
from engine.execution.surroundings import Surroundings
from engine.forms.form import Validator
from engine.handler import Registry
from engine.history import Chain, NewEvent
from engine.people.access import Access
from engine.people.person import Person
from engine.settings import Settings
from engine.states import InstanceState
from engine.store.bell import Bell
from engine.store.database import Store
from engine.store.tables import instance
from engine.store.unit_of_work import UnitOfWork
from engine.texts import Text
from engine.work import signs
from engine.work.calendars import Calendar
from engine.work.jobs import Jobs, JobTable

STEWARDS = frozenset({"manager", "administrator", "quality", "process_owner"})  #: groups that may steer a case beside its tasks


class NotActive(Conflict):
    """This case is suspended or has ended; nothing can be done in it now."""

    fr = "Ce dossier est suspendu ou terminé ; rien ne peut y être fait maintenant."


@dataclass(frozen=True, slots=True)
class Committed:
    """What a command has left: the instance it changed, if any, and what there is to do now ("job", "timer", "outbox")."""

    instance_id: str | None
    hints: frozenset[str]


class Commands:
    """The engine's surroundings and the beginnings every command shares."""

    def __init__(
        self,
        store: Store,
        registry: Registry,
        ports: Ports,
        clock: Clock,
        settings: Settings,
        *,
        library: Library | None = None,
        jobs: Jobs | None = None,
        validators: Mapping[str, Validator] | None = None,
        groups: Collection[str] | None = None,
        keep_runs: bool = True,
        values_without_form: bool = False,
    ) -> None:
        """Put the engine together.

        Args:
            validators: checks that forms call by name. groups: those a diagram may name; None: any.
            keep_runs: keep runs in memory between commands; without, each is read back from its row.
            values_without_form: a task without a form takes any values; for rehearsals, where nobody is kept from anything.
        Raises: LookupError, when a handler asks for a port nobody has put in.
        """
        ports.check(registry)
        self.validators = dict(validators or {})
        known_groups = None if groups is None else frozenset(groups)
        calendar = Calendar(settings.zone, alsace_moselle=settings.body.alsace_moselle)
        self.around = Surroundings(
            store,
            registry,
            ports,
            clock,
            settings,
            calendar,
            library or Library(store, calendar.zone, validators=frozenset(self.validators), groups=known_groups),
            jobs or JobTable(),
            HotRuns() if keep_runs else None,
        )
        self.store, self.clock, self.library = store, clock, self.around.library
        self.values_without_form = values_without_form
        self._bell = Bell(store)
        store.at_close(self._bell.close)
        self._listeners: list[Callable[[Committed], object]] = []

    def listen(self, call: Callable[[Committed], object]) -> None:
        """Have something told after every command that changed a case or left something to do: for the worker and for open pages."""
        self._listeners.append(call)

    def announce_due(self) -> None:
        """Tell whoever works when nobody asks to look again: what was committed elsewhere may be due by time."""
        self._announce(Committed(None, frozenset({"timer"})))

    def wake(self) -> None:
        """Have whoever waits for work look now and say that they are there: the time has moved."""
        self._announce(Committed(None, frozenset({"job", "timer", "sign"})))

    def give_sign(self, owner: str, alarm_at: datetime | None) -> None:
        """Say that a worker is there. `alarm_at`: when it looks by itself next."""
        with self.store.begin() as work:
            signs.give(work.connection, owner, self._now(), alarm_at)

    def sign_off(self, owner: str) -> None:
        """Say that a worker stops."""
        with self.store.begin() as work:
            signs.leave(work.connection, owner)

    @contextmanager
    def _command(self) -> Iterator[UnitOfWork]:
        with self.store.begin() as work:
            yield work
            if work.locked_id is not None or work.hints:
                work.after_commit(lambda: self._announce(Committed(work.locked_id, frozenset(work.hints))))

    def _announce(self, committed: Committed) -> None:
        if committed.hints:
            self._bell.ring(committed.hints)
        for call in self._listeners:
            call(committed)

    def _case(self, work: UnitOfWork, row: Row[Any]) -> Case:
        """The case of a locked row. Raises: NotActive, when it is suspended or over."""
        if row.state != InstanceState.ACTIVE:
            raise NotActive(instance_id=row.id, state=row.state)
        return self._loaded(work, row)

    def _loaded(self, work: UnitOfWork, row: Row[Any]) -> Case:
        """The case of a locked row, whatever its state."""
        return load(work.connection, self.around, row)

    def _step(
        self, work: UnitOfWork, case: Case, change: Callable[[Step], object], by: Person | None = None, *, unattended: bool = False
    ) -> Step:
        return step(work, self.around, case, change, by_id=by.id if by else None, unattended=unattended)

    def _note(self, work: UnitOfWork, row: Row[Any], happened: str, by: Person | None, /, element: str | None = None, *,
              personal: Mapping[str, Any] | None = None, **data: Any) -> None:
        """Add an event to the history of a case whose tokens do not move. `personal`: what can be erased from it."""
        now = self.clock.now()
        chain = Chain(row.id, row.event_seq, row.event_hash)
        chain.append(
            work.connection, [NewEvent(happened, element_id=element, actor_id=by.id if by else None, data=data, personal=personal)], now
        )
        work.connection.execute(update(instance).where(instance.c.id == row.id).values(
            event_seq=chain.seq, event_hash=chain.hash, updated_at=now))

    def _access(self, work: UnitOfWork) -> Access:
        return Access(work.connection, self.around.calendar, self.library.element_name)

    def _bundle(self, row: Row[Any]) -> Bundle:
        return self.library.bundle(row.definition_id, row.bindings)

    def _now(self) -> datetime:
        return self.clock.now()

    @staticmethod
    def _check_steward(by: Person) -> None:
        if not by.is_in(*STEWARDS):
            raise NotAllowed("group", _STEWARDS_ONLY, tuple(sorted(STEWARDS)))

    @staticmethod
    def _check_staff(by: Person) -> None:
        if not by.is_staff:
            raise NotAllowed("group", _STAFF_ONLY)


_STEWARDS_ONLY = Text("Seules les personnes qui pilotent les dossiers peuvent le faire.", "Only people who steer cases may do this.")
_STAFF_ONLY = Text("Seules les personnes de la maison peuvent le faire.", "Only people of the house may do this.")
