"""Whether everything runs: incidents, jobs, timers.

Owns: the overview of the machine.
Leaves: retrying and resolving to `engine.service`.
Promises: every figure comes from an index and stops at 999.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from engine.people.person import Person
from engine.queries.basis import Basis, case_ref
from engine.queries.cases import element_of_case, incidents_of
from engine.queries.shapes import Count, HandlerLoad, Operations, TimerLine
from engine.states import IncidentState, InstanceState, JobState, TimerState
from engine.store.tables import incident, instance, job, timer

NEXT_TIMERS = 20
MOST_COUNTED = 999
_HOUR = timedelta(hours=1)


def operations(basis: Basis, person: Person) -> Operations:
    """Read the overview. Raises: NotAllowed (`group`), for people of the outside."""
    basis.check_staff(person)
    armed = timer.c.state == TimerState.OPEN
    return Operations(
        active_cases=_count(basis, instance.c.state == InstanceState.ACTIVE),
        open_incidents=_count(basis, incident.c.state == IncidentState.OPEN),
        waiting_jobs=_count(basis, job.c.state.in_((JobState.READY, JobState.RUNNING))),
        late_timers=_count(basis, armed, timer.c.due_at <= basis.now), armed_timers=_count(basis, armed),
        incidents=incidents_of(basis), timers=_timers(basis), handlers=_handlers(basis))


def _count(basis: Basis, *conditions: ColumnElement[bool]) -> Count:
    limited = select(1).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    found = basis.connection.execute(select(func.count()).select_from(limited)).scalar() or 0
    return Count(min(found, MOST_COUNTED), found > MOST_COUNTED)


def _timers(basis: Basis) -> tuple[TimerLine, ...]:
    """The next timers to fire."""
    columns: tuple[Any, ...] = (timer.c.id, timer.c.instance_id, timer.c.process_id, timer.c.element_id, timer.c.due_at,
                                instance.c.business_key, instance.c.title, instance.c.definition_id, instance.c.bindings)
    query = select(*columns).join(instance, instance.c.id == timer.c.instance_id).where(
        timer.c.state == TimerState.OPEN).order_by(timer.c.due_at, timer.c.id)
    rows = basis.connection.execute(query.limit(NEXT_TIMERS))
    return tuple(TimerLine(row.id, case_ref(row), row.element_id, element_of_case(basis, row), row.due_at) for row in rows)


def _handlers(basis: Basis) -> tuple[HandlerLoad, ...]:
    """Jobs of each handler: those done in the last hour, waiting now, out of tries."""
    def many(condition: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.sum(case((condition, 1), else_=0))

    # a job done lately was due lately: the index on state and due moment starts there
    recent = (job.c.state == JobState.DONE) & (job.c.run_at > basis.now - 2 * _HOUR) & (job.c.closed_at > basis.now - _HOUR)
    waiting = job.c.state.in_((JobState.READY, JobState.RUNNING))
    failed = job.c.state == JobState.FAILED
    query = select(job.c.handler, many(recent), many(waiting), many(failed)).where(recent | waiting | failed)
    rows = basis.connection.execute(query.group_by(job.c.handler).order_by(job.c.handler))
    return tuple(HandlerLoad(handler, int(done), int(queued), int(stuck)) for handler, done, queued, stuck in rows)
