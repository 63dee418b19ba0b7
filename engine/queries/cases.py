"""Cases: the list, and the page of one.

Owns: finding cases by number and title, and gathering all that stands in one.
Leaves: what a body knows beyond the case (findings, certificates) to `handlers.registers`.
Promises: the list is read in four statements however many cases there are; people of the outside get their own cases only, and of those
what is meant for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, union_all

from engine import values
from engine.definitions import Bundle
from engine.errors import NotFound
from engine.history import KINDS, Naming, describe
from engine.people.person import APPLICANT, Person
from engine.queries.answered import answered
from engine.queries.basis import Basis, case_ref
from engine.queries.beside import comments_of, documents_of, milestones_of, parties_of
from engine.queries.inbox import Place, lines
from engine.queries.shapes import CaseLine, CaseList, CasePage, CaseRef, DeadlineView, HistoryLine, IncidentLine, TaskLine
from engine.states import DeadlineState, IncidentState, JobState, TaskState, TimerState
from engine.store.tables import (
    candidate,
    deadline,
    definition,
    event,
    incident,
    instance,
    job,
    party,
    subscription,
    timer,
    user_task,
)
from engine.texts import Text
from engine.work.ledger import Entry

_LIVING = (DeadlineState.OPEN, DeadlineState.PAUSED)
_LEFT = frozenset({"completed", "taken", "ended"})


class NoSuchCase(NotFound):
    """There is no such case."""

    fr = "Ce dossier n’existe pas."


def case_list(basis: Basis, person: Person, *, search: str, state: str, process: str, after: str | None, size: int) -> CaseList:
    """One page of cases, last changed first."""
    query = select(*_COLUMNS).order_by(instance.c.updated_at.desc(), instance.c.id.desc()).limit(size + 1)
    if not person.is_staff:
        query = query.where(instance.c.id.in_(select(party.c.instance_id).where(party.c.person_id == person.id)))
    if state:
        query = query.where(instance.c.state == state)
    if process:
        query = query.where(instance.c.process_id == process)
    if search:
        query = query.where(_matches(search))
    place = Place.read(after)
    if place is not None:
        query = query.where(instance.c.updated_at <= place.at, or_(instance.c.updated_at < place.at, instance.c.id < place.id))
    rows = basis.connection.execute(query).all()
    shown = rows[:size]
    return CaseList(_case_lines(basis, shown), str(Place(shown[-1].updated_at, shown[-1].id)) if len(rows) > size else None)


def _matches(search: str) -> Any:
    """A case matches by its number from the start, or by any part of its title; case does not matter."""
    words = search.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    number, title = func.lower(instance.c.business_key), func.lower(instance.c.title)
    return or_(number.like(f"{words}%", escape="\\"), title.like(f"%{words}%", escape="\\"))


_COLUMNS: tuple[Any, ...] = (
    instance.c.id, instance.c.id.label("instance_id"), instance.c.definition_id, instance.c.process_id, instance.c.bindings,
    instance.c.business_key, instance.c.title, instance.c.state, instance.c.state.label("case_state"), instance.c.milestone,
    instance.c.milestones, instance.c.outcome, instance.c.started_at, instance.c.updated_at, instance.c.ended_at)


def _case_lines(basis: Basis, rows: Sequence[Row[Any]]) -> tuple[CaseLine, ...]:
    ids = [row.id for row in rows]
    due = {row.instance_id: row.due_on for row in basis.connection.execute(
        select(deadline.c.instance_id, func.min(deadline.c.due_on).label("due_on")).where(
            deadline.c.instance_id.in_(ids), deadline.c.state == DeadlineState.OPEN).group_by(deadline.c.instance_id))} if ids else {}
    late = _late(basis, ids)
    return tuple(_case_line(basis, row, due.get(row.id), late[row.id]) for row in rows)


def _late(basis: Basis, ids: Sequence[str]) -> Counter[str]:
    """How many open deadlines, and open tasks with a due moment of their own, are past their day, by case."""
    if not ids:
        return Counter()
    both = union_all(
        select(deadline.c.instance_id).where(deadline.c.instance_id.in_(ids), deadline.c.state == DeadlineState.OPEN,
                                             deadline.c.lapses_at <= basis.now),
        select(user_task.c.instance_id).where(user_task.c.instance_id.in_(ids), user_task.c.state == TaskState.OPEN,
                                              user_task.c.deadline_id.is_(None), user_task.c.due_at <= basis.now))
    return Counter(basis.connection.execute(both).scalars())


def _case_line(basis: Basis, row: Row[Any], due_on: Any, late: int) -> CaseLine:
    process = basis.library.process(row.definition_id, row.process_id)
    names = {one.id: one.name for one in process.milestones} if process is not None else {}
    outcome = basis.library.element_name(row.definition_id, row.process_id, row.outcome) if row.outcome and row.ended_at else None
    name = process.name if process is not None else Text.of(row.process_id)
    return CaseLine(row.id, row.business_key or "", row.title, row.process_id, name, row.state, names.get(row.milestone), outcome,
                    row.started_at, row.updated_at, row.ended_at, due_on, late)


def find(basis: Basis, name: str) -> Row[Any]:
    """Find a case by id, or by its number. Raises: NoSuchCase."""
    found = select(instance).where(or_(instance.c.id == name, instance.c.business_key == name)).order_by(instance.c.started_at.desc())
    row = basis.connection.execute(found.limit(1)).first()
    if row is None:
        raise NoSuchCase(case=name)
    return row


def page(basis: Basis, name: str, person: Person) -> CasePage:
    """Read the page of a case. Raises: NoSuchCase; NotAllowed (`party`)."""
    whole = find(basis, name)
    basis.access.check_may_see_case(whole.id, person)
    columns: tuple[Any, ...] = (*_COLUMNS, definition.c.key, definition.c.version, instance.c.variables)
    row = basis.connection.execute(select(*columns).join(definition, definition.c.id == instance.c.definition_id).where(
        instance.c.id == whole.id)).one()
    bundle = basis.library.bundle(row.definition_id, row.bindings)
    line = _case_lines(basis, [row])[0]
    tasks = _tasks(basis, row, person)
    events = basis.connection.execute(select(event).where(event.c.instance_id == row.id).order_by(event.c.seq)).all()
    seen = values.decode(row.variables)[""] if person.is_staff else {}
    return CasePage(
        line=line, definition_id=row.definition_id, definition_key=row.key, version=row.version,
        milestones=milestones_of(bundle, row, late=line.late > 0), tasks=tasks, deadlines=_deadlines(basis, row, person),
        history=_history(basis, events, bundle, person), documents=documents_of(basis, row.id, person),
        parties=parties_of(basis, row.id), incidents=incidents_of(basis, row.id) if person.is_staff else (),
        comments=comments_of(basis, row.id, person), here=_here(basis, row.id) if person.is_staff else {},
        done=_left(events) if person.is_staff else (), variables=seen,
        answered=answered(bundle, bundle.process.id, seen))


def _tasks(basis: Basis, row: Row[Any], person: Person) -> tuple[TaskLine, ...]:
    """Open tasks of a case, soonest due first; people of the outside see their own."""
    query = select(user_task.c.id).where(user_task.c.instance_id == row.id, user_task.c.state == TaskState.OPEN)
    ids = basis.connection.execute(query.order_by(user_task.c.due_at.is_(None), user_task.c.due_at, user_task.c.created_at, user_task.c.id))
    found = lines(basis, list(ids.scalars()), person)
    return found if person.is_staff else tuple(one for one in found if APPLICANT in one.groups or one.mine)


def _deadlines(basis: Basis, row: Row[Any], person: Person) -> tuple[DeadlineView, ...]:
    """Deadlines of a case, open ones first; people of the outside see those set by law and those of their own tasks."""
    query = select(deadline).where(deadline.c.instance_id == row.id)
    if not person.is_staff:
        theirs = select(user_task.c.deadline_id).outerjoin(candidate, candidate.c.task_id == user_task.c.id).where(
            user_task.c.instance_id == row.id, or_(candidate.c.group_id == APPLICANT, user_task.c.closed_by == person.id))
        query = query.where(or_(deadline.c.basis == "law", deadline.c.id.in_(theirs)))
    entries = [Entry.of(found) for found in basis.connection.execute(query.order_by(deadline.c.due_on, deadline.c.id))]
    case = case_ref(row)
    return tuple(basis.deadline(entry, case) for entry in sorted(entries, key=lambda entry: entry.state not in _LIVING))


def _history(basis: Basis, events: Sequence[Row[Any]], bundle: Bundle, person: Person) -> tuple[HistoryLine, ...]:
    """What happened, newest first; technical events are left out, for people of the outside internal ones too."""
    told = [row for row in events if _is_told(row.kind, person)]
    basis.learn_names(key for row in told for key in (row.actor_id, row.data.get("person"), row.data.get("to")))
    naming = _naming(basis, bundle)
    return tuple(HistoryLine(row.seq, row.at, row.kind, describe(row.kind, row.data, naming, element_id=row.element_id),
                             basis.name(row.actor_id), row.element_id or "") for row in reversed(told))


def _is_told(kind: str, person: Person) -> bool:
    found = KINDS.get(kind)
    return person.is_staff if found is None else not found.quiet and (person.is_staff or found.for_parties)


def _naming(basis: Basis, bundle: Bundle) -> Naming:
    elements = {element.id: element.name for package in bundle.packages.values() for process in package.model.processes.values()
                for element in process.elements.values() if element.name.fr}
    rules = {key: rule.title for package in bundle.packages.values() for key, rule in package.rules.items()}
    milestones = {one.id: one.name for one in bundle.process.milestones}
    return Naming(element=_namer(elements), person=basis.name, rule=_namer(rules), milestone=_namer(milestones), zone=basis.calendar.zone)


def _namer(names: Mapping[str, Text]) -> Callable[[str], Text]:
    """Name what is known; the rest goes by its id."""
    return lambda key: names.get(key) or Text(key, key)


def incidents_of(basis: Basis, instance_id: str | None = None, size: int = 100) -> tuple[IncidentLine, ...]:
    """Open incidents, oldest first: of a case, or of all."""
    query = select(incident, instance.c.business_key, instance.c.title, instance.c.definition_id, instance.c.bindings).join(
        instance, instance.c.id == incident.c.instance_id).where(incident.c.state == IncidentState.OPEN)
    if instance_id is not None:
        query = query.where(incident.c.instance_id == instance_id)
    rows = basis.connection.execute(query.order_by(incident.c.created_at, incident.c.id).limit(size))
    return tuple(IncidentLine(row.id, case_ref(row), row.kind, row.element_id, element_of_case(basis, row), Text.of(row.message), row.state,
                              row.created_at) for row in rows)


def element_of_case(basis: Basis, row: Row[Any]) -> Text:
    """The name of an element from a row with the definition and bindings of its case."""
    return basis.library.bundle(row.definition_id, row.bindings).element_name(row.process_id, row.element_id)


def _here(basis: Basis, instance_id: str) -> dict[str, int]:
    """Where tokens wait: element → how many."""
    waits: list[tuple[Any, Iterable[str]]] = [(user_task, (TaskState.OPEN,)), (job, (JobState.READY, JobState.RUNNING)),
                                              (timer, (TimerState.OPEN, TimerState.PAUSED)), (incident, (IncidentState.OPEN,))]
    parts: list[Select[Any]] = [select(table.c.element_id).where(table.c.instance_id == instance_id, table.c.state.in_(tuple(states)))
                                for table, states in waits]
    parts.append(select(subscription.c.element_id).where(subscription.c.instance_id == instance_id))
    return dict(Counter(basis.connection.execute(union_all(*parts)).scalars()))


def _left(events: Sequence[Row[Any]]) -> tuple[str, ...]:
    """Elements left the normal way, in the order they first were."""
    path = (step for row in events if row.kind == "path" for step in row.data.get("path", ()))
    return tuple(dict.fromkeys(step[0] for step in path if step[1] in _LEFT))


__all__ = ["CaseRef", "NoSuchCase", "case_list", "element_of_case", "find", "incidents_of", "page"]
