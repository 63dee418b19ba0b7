"""One case in memory: its row, its definition and its run.

Owns: `Case`, loading and keeping it, and `HotRuns`, the runs that stay in memory between commands.
Leaves: what happens to it to `step`.
Promises: a run from memory is used only when its row has not changed since, so that several processes may share a database; a run of a
command that failed is thrown away.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, update
from sqlalchemy.exc import IntegrityError

from engine import values
from engine.bpmn.model import Element
from engine.definitions import Bundle, Library
from engine.definitions.library import LATEST
from engine.errors import Conflict, NotFound
from engine.execution.deadlines import DeadlineBook
from engine.execution.host import CaseHost
from engine.execution.surroundings import Surroundings
from engine.history import Chain, NewEvent
from engine.kernel.run import Run
from engine.states import InstanceState
from engine.store.tables import instance
from engine.store.unit_of_work import UnitOfWork

_KEPT_RUNS = 200


class BusinessKeyTaken(Conflict):
    """Another case has the number {business_key} already."""

    fr = "Un autre dossier porte déjà le numéro {business_key}."


class OtherVersionRuns(Conflict):
    """Another version of {called} is running in this case; this call can begin once that one is over."""

    fr = "Une autre version de {called} est en cours dans ce dossier ; cet appel pourra commencer quand elle sera finie."


class HotRuns:
    """Runs kept in memory, each for the revision it stands at; the least used go first. Safe for threads."""

    def __init__(self, size: int = _KEPT_RUNS) -> None:
        self.size = size
        self._runs: OrderedDict[str, tuple[int, Run, CaseHost]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, instance_id: str, revision: int) -> tuple[Run, CaseHost] | None:
        """Take the run of an instance out, if it stands at that revision."""
        with self._lock:
            kept = self._runs.pop(instance_id, None)
        return (kept[1], kept[2]) if kept is not None and kept[0] == revision else None

    def put(self, instance_id: str, revision: int, run: Run, host: CaseHost) -> None:
        """Keep a run whose command is committed."""
        with self._lock:
            self._runs[instance_id] = (revision, run, host)
            while len(self._runs) > self.size:
                self._runs.popitem(last=False)

    def forget(self) -> None:
        """Let every run be read anew: the database holds something else."""
        with self._lock:
            self._runs.clear()


@dataclass
class Case:
    """A locked instance in a command.

    Attributes:
        performers: who has completed which activity, those of this command included. earlier: bundles this command has left.
        title, found_by: as they were, and as they become.
        id, revision: of the row as it was found. changed: columns to write. chain: the end of its history; events: what to add to it.
    """

    id: str
    revision: int
    business_key: str | None
    state: str
    milestones: dict[str, str]
    bundle: Bundle
    run: Run
    host: CaseHost
    at: datetime
    chain: Chain
    performers: dict[str, list[str]] = field(default_factory=dict)
    title: str = ""
    found_by: str = ""
    is_new: bool = False
    earlier: list[Bundle] = field(default_factory=list)
    changed: dict[str, Any] = field(default_factory=dict)
    events: list[NewEvent] = field(default_factory=list)

    def element(self, process_id: str, element_id: str) -> Element:
        """An element as it was drawn when the step came by: a version that a call has taken since may lack it. Raises: NoSuchElement."""
        missing: NotFound | None = None
        for bundle in (self.bundle, *reversed(self.earlier)):
            try:
                return bundle.program.element(process_id, element_id)
            except NotFound as error:
                missing = missing or error
        assert missing is not None
        raise missing

    def bind(self, library: Library, caller: str, element: Element) -> None:
        """Take the version that a call activity asks for, unless it is the one the case runs on.

        Raises: OtherVersionRuns, when the case is inside another one; what `Library.rebound` raises.
        """
        wanted = library.rebound(self.bundle, caller, element)
        if wanted is self.bundle:
            return
        left = set(self.bundle.package_of(element.called).model.processes)
        if self.run.is_in(left):
            if element.ext.binding == LATEST:               # what runs is the latest the case has met
                return
            raise OtherVersionRuns(called=element.called)
        self.earlier.append(self.bundle)
        self.bundle, self.run = wanted, self.run.moved_to(wanted.program)
        self.book.rules = wanted
        self.changed["bindings"] = dict(wanted.bindings)

    @property
    def book(self) -> DeadlineBook:
        return self.host.book

    def did(self, element: str, by_id: str) -> None:
        """Note that a person has completed an activity, for whoever may not have done it."""
        people = self.performers.setdefault(element, [])
        if by_id not in people:
            people.append(by_id)
            self.changed["performers"] = self.performers

    def tell(self, happened: str, /, element: str | None = None, by_id: str | None = None, personal: dict[str, Any] | None = None,
             **data: Any) -> None:
        """Add an event to its history."""
        self.events.append(NewEvent(happened, element_id=element, actor_id=by_id, data=data, personal=personal))


def load(connection: Connection, around: Surroundings, row: Row[Any], *, hot: bool = True) -> Case:
    """Bring the case of an instance row into memory.

    Args:
        hot: take its run from memory when it is there; only for whoever holds the lock of the instance.
    """
    bundle = around.library.bundle(row.definition_id, row.bindings)
    kept = around.hot.take(row.id, row.revision) if hot and around.hot else None
    host = kept[1] if kept else CaseHost(around.calendar)
    now = around.clock.now()
    host.enter(now, DeadlineBook(connection, around.calendar, bundle, row.id, now))
    run = kept[0] if kept else Run.load(bundle.program, row.blob, values.decode(row.variables), host)
    return Case(row.id, row.revision, row.business_key, row.state, dict(row.milestones), bundle, run, host, now,
                Chain(row.id, row.event_seq, row.event_hash), dict(row.performers), row.title, row.found_by)


def new_host(work: UnitOfWork, around: Surroundings, bundle: Bundle, instance_id: str) -> CaseHost:
    """Make the host of an instance that starts in this command."""
    host, now = CaseHost(around.calendar), around.clock.now()
    host.enter(now, DeadlineBook(work.connection, around.calendar, bundle, instance_id, now))
    return host


def insert_row(work: UnitOfWork, case: Case, process_id: str, bindings: dict[str, str], by_id: str | None) -> None:
    """Write the row of a new instance, so that what hangs on it can be written; the step completes it."""
    _guarded(work, case, insert(instance), {
        "id": case.id, "definition_id": case.bundle.id, "process_id": process_id, "bindings": bindings, "business_key": case.business_key,
        "title": "", "state": InstanceState.ACTIVE, "revision": 0, "blob": b"", "variables": b"", "milestones": {}, "event_seq": 0,
        "event_hash": case.chain.hash, "started_at": case.at, "started_by": by_id, "updated_at": case.at})


_SAVE = update(instance).where(instance.c.id == bindparam("of_id"), instance.c.revision == bindparam("of_revision"))


def save(work: UnitOfWork, around: Surroundings, case: Case) -> None:
    """Write history and state of a case, in two statements, and keep its run for the next command once this one is committed."""
    case.chain.append(work.connection, case.events, case.at)
    case.events = []
    revision = case.revision + 1
    columns = {"revision": revision, "blob": case.run.dump(), "variables": values.encode(case.run.scopes), "updated_at": case.at,
               "event_seq": case.chain.seq, "event_hash": case.chain.hash, **case.changed}
    written = _guarded(work, case, _SAVE, {"of_id": case.id, "of_revision": case.revision, **columns})
    if written != 1:
        raise RuntimeError(f"instance {case.id} changed under its lock")
    hot = around.hot
    if hot is not None and not case.run.ended:
        run, host = case.run, case.host
        work.after_commit(lambda: hot.put(case.id, revision, run, host))
    case.revision, case.changed = revision, {}


def _guarded(work: UnitOfWork, case: Case, statement: Any, values_: dict[str, Any]) -> int:
    try:
        return int(work.connection.execute(statement, values_).rowcount)
    except IntegrityError as error:
        if "business_key" in str(error.orig):
            raise BusinessKeyTaken(business_key=case.changed.get("business_key", case.business_key)) from error
        raise
