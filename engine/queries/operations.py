"""Whether everything runs: incidents, jobs, timers, mail, the machine itself.

Owns: the overview, and each of its lists page by page.
Leaves: retrying and resolving to `engine.service`; what a case looks like to `cases`.
Promises: every figure comes from an index and stops at 999; the first page of each list costs the same however long it is.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, inspect, or_, select, text

from engine import VERSION
from engine.errors import NotFound
from engine.people.person import Person
from engine.queries.basis import Basis, case_ref
from engine.queries.beside import letter_line
from engine.queries.cases import element_of_case, incident_line, incidents_of
from engine.queries.places import Place
from engine.queries.shapes import (
    Count,
    HandlerLoad,
    Health,
    IncidentLine,
    IncidentList,
    JobLine,
    JobList,
    LetterList,
    Operations,
    TimerLine,
    TimerList,
    WorkerLine,
)
from engine.states import IncidentState, InstanceState, JobState, TimerState
from engine.store.tables import incident, instance, job, letter, timer, worker_sign
from engine.work.signs import SILENT_AFTER

NEXT_TIMERS = 10
FIRST_INCIDENTS = 10
MOST_COUNTED = 999
_HOUR = timedelta(hours=1)
_CASE: tuple[Any, ...] = (instance.c.business_key, instance.c.title, instance.c.definition_id.label("case_definition"), instance.c.bindings)


class NoSuchIncident(NotFound):
    """This incident does not exist."""

    fr = "Cet incident n’existe pas."


def operations(basis: Basis, person: Person) -> Operations:
    """Read the overview. Raises: NotAllowed (`group`), for people of the outside."""
    basis.check_staff(person)
    armed = timer.c.state == TimerState.OPEN
    return Operations(
        active_cases=_count(basis, instance.c.state == InstanceState.ACTIVE),
        suspended_cases=_count(basis, instance.c.state == InstanceState.SUSPENDED),
        open_incidents=_count(basis, incident.c.state == IncidentState.OPEN),
        waiting_jobs=_count(basis, job.c.state.in_((JobState.READY, JobState.RUNNING))),
        late_timers=_late_timers(basis), armed_timers=_count(basis, armed),
        incidents=incidents_of(basis, size=FIRST_INCIDENTS), timers=timers(basis, person, late=False, after=None, size=NEXT_TIMERS).lines,
        handlers=_handlers(basis))


def incidents(basis: Basis, person: Person, *, settled: bool, after: str | None, size: int) -> IncidentList:
    """One page of incidents: open ones oldest first, settled ones newest first."""
    basis.check_staff(person)
    state = incident.c.state != IncidentState.OPEN if settled else incident.c.state == IncidentState.OPEN
    query = select(incident, instance.c.business_key, instance.c.title, instance.c.definition_id, instance.c.bindings).join(
        instance, instance.c.id == incident.c.instance_id).where(state)
    rows, last = _page(basis, query, incident.c.created_at, incident.c.id, after, size, falls=settled)
    return IncidentList(tuple(incident_line(basis, row) for row in rows), last)


def incident_of(basis: Basis, person: Person, incident_id: str) -> IncidentLine:
    """One incident. Raises: NoSuchIncident; NotAllowed (`group`)."""
    basis.check_staff(person)
    row = basis.connection.execute(select(
        incident, instance.c.business_key, instance.c.title, instance.c.definition_id, instance.c.bindings).join(
        instance, instance.c.id == incident.c.instance_id).where(incident.c.id == incident_id)).first()
    if row is None:
        raise NoSuchIncident(incident_id=incident_id)
    return incident_line(basis, row)


def jobs(basis: Basis, person: Person, *, state: str, handlers: Sequence[str], after: str | None, size: int) -> JobList:
    """One page of jobs of a state, those due first first; done ones, those done last first. `handlers`: only these, none for all."""
    basis.check_staff(person)
    query = select(job, *_CASE).join(instance, instance.c.id == job.c.instance_id).where(job.c.state == state)
    if handlers:
        query = query.where(job.c.handler.in_(handlers))
    rows, last = _page(basis, query, job.c.run_at, job.c.id, after, size, falls=state in (JobState.DONE, JobState.FAILED))
    return JobList(tuple(_job_line(basis, row) for row in rows), last)


def timers(basis: Basis, person: Person, *, late: bool, after: str | None, size: int, process: str = "") -> TimerList:
    """One page of timers that are armed, those due first first. `late`: due and not fired; of suspended cases they wait."""
    basis.check_staff(person)
    query = select(timer, instance.c.state.label("case_state"), *_CASE).join(instance, instance.c.id == timer.c.instance_id).where(
        timer.c.state == TimerState.OPEN)
    if late:
        query = query.where(timer.c.due_at <= basis.now)
    if process:
        query = query.where(timer.c.process_id == process)
    rows, last = _page(basis, query, timer.c.due_at, timer.c.id, after, size)
    return TimerList(tuple(TimerLine(row.id, case_ref(row), row.element_id, _element(basis, row), row.due_at, row.process_id,
                                     row.due_at <= basis.now, row.case_state == InstanceState.SUSPENDED) for row in rows), last)


def letters(basis: Basis, person: Person, *, after: str | None, size: int) -> LetterList:
    """One page of letters that went out, newest first."""
    basis.check_staff(person)
    rows, last = _page(basis, select(letter, letter.c.key.label("id")), letter.c.sent_at, letter.c.key, after, size, falls=True)
    return LetterList(tuple(letter_line(row) for row in rows), last)


def health(basis: Basis, person: Person) -> Health:
    """The machine: its database, its workers, its versions. Raises: NotAllowed (`group`)."""
    basis.check_staff(person)
    dialect = basis.connection.dialect
    workers = basis.connection.execute(select(worker_sign).order_by(worker_sign.c.started_at, worker_sign.c.owner)).all()
    return Health(
        database=dialect.name, database_version=".".join(str(part) for part in dialect.server_version_info or ()),
        schema=str(basis.connection.scalar(text("select version_num from alembic_version")) or "") if _is_migrated(basis) else "",
        workers=tuple(WorkerLine(row.owner, row.started_at, row.seen_at, row.alarm_at, basis.now - row.seen_at > SILENT_AFTER)
                      for row in workers),
        version=VERSION, python=platform.python_version(), now=basis.now)


def _is_migrated(basis: Basis) -> bool:
    return inspect(basis.connection).has_table("alembic_version")


def _page(basis: Basis, query: Select[Any], at: Any, key: Any, after: str | None, size: int, *, falls: bool = False) -> tuple[
        Sequence[Row[Any]], str | None]:
    """One page in the order of a moment and a key, and the place of the next one."""
    place = Place.read(after)
    if place is not None:
        # the first condition lets the index start there; the second leaves out what was shown
        query = query.where(at <= place.at, or_(at < place.at, key < place.id)) if falls else query.where(
            at >= place.at, or_(at > place.at, key > place.id))
    ends = (at.desc(), key.desc()) if falls else (at, key)
    rows = basis.connection.execute(query.order_by(*ends).limit(size + 1)).all()
    shown = rows[:size]
    return shown, str(Place(getattr(shown[-1], at.name), getattr(shown[-1], key.name))) if len(rows) > size else None


def _job_line(basis: Basis, row: Row[Any]) -> JobLine:
    return JobLine(row.id, case_ref(row), row.element_id, _element(basis, row), row.handler, row.state, row.run_at, row.tries,
                   row.max_tries, row.lease_owner or "", row.lease_until, row.last_error or "")


def _element(basis: Basis, row: Row[Any]) -> Any:
    return basis.library.bundle(row.case_definition, row.bindings).element_name(row.process_id, row.element_id)


def _late_timers(basis: Basis) -> Count:
    """Timers due and not fired, of cases that are not suspended."""
    limited = select(timer.c.id).join(instance, instance.c.id == timer.c.instance_id).where(
        timer.c.state == TimerState.OPEN, timer.c.due_at <= basis.now, instance.c.state == InstanceState.ACTIVE).limit(MOST_COUNTED + 1)
    found = basis.connection.execute(select(func.count()).select_from(limited.subquery())).scalar() or 0
    return Count(min(found, MOST_COUNTED), found > MOST_COUNTED)


def _count(basis: Basis, *conditions: ColumnElement[bool]) -> Count:
    limited = select(1).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    found = basis.connection.execute(select(func.count()).select_from(limited)).scalar() or 0
    return Count(min(found, MOST_COUNTED), found > MOST_COUNTED)


def _handlers(basis: Basis) -> tuple[HandlerLoad, ...]:
    """Jobs of each handler: those done in the last hour, waiting now, out of tries and not settled."""
    def many(condition: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.sum(case((condition, 1), else_=0))

    # a job done lately was due lately: the index on state and due moment starts there
    recent = and_(job.c.state == JobState.DONE, job.c.run_at > basis.now - 2 * _HOUR, job.c.closed_at > basis.now - _HOUR)
    waiting = job.c.state.in_((JobState.READY, JobState.RUNNING))
    failed = job.c.state == JobState.FAILED
    query = select(job.c.handler, many(recent), many(waiting), many(failed)).where(or_(recent, waiting, failed))
    rows = basis.connection.execute(query.group_by(job.c.handler).order_by(job.c.handler))
    return tuple(HandlerLoad(handler, int(done), int(queued), int(stuck)) for handler, done, queued, stuck in rows)


__all__ = ["NoSuchIncident", "element_of_case", "health", "incident_of", "incidents", "jobs", "letters", "operations", "timers"]
