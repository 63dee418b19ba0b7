"""Cases: the list, and the page of one.

Owns: finding cases by number and title, and gathering all that stands in one.
Leaves: what a body knows beyond the case (findings, certificates) to `handlers.registers`.
Promises: the list is read in four statements however many cases there are; people of the outside get their own cases only, and of those
what is meant for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, union_all

from engine import values
from engine.definitions import Bundle
from engine.errors import NotFound
from engine.people.person import APPLICANT, Person
from engine.queries import record
from engine.queries.answered import answered, forms_of
from engine.queries.basis import Basis, case_ref
from engine.queries.beside import comments_of, documents_of, milestones_of, parties_of
from engine.queries.lines import lines
from engine.queries.places import Place
from engine.queries.shapes import (
    CaseData,
    CaseLine,
    CaseList,
    CasePage,
    CaseRef,
    DeadlineView,
    HistoryPage,
    IncidentLine,
    Scope,
    TaskLine,
)
from engine.queries.trail import trails
from engine.states import DeadlineState, IncidentState, InstanceState, TaskState
from engine.store.tables import (
    candidate,
    deadline,
    definition,
    event,
    incident,
    instance,
    party,
    user_task,
)
from engine.texts import Text
from engine.work.ledger import Entry

_LIVING = (DeadlineState.OPEN, DeadlineState.PAUSED)


class NoSuchCase(NotFound):
    """There is no such case."""

    fr = "Ce dossier n’existe pas."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are asked for, and in what order; "" stands for any."""

    search: str = ""
    state: str = ""
    process: str = ""
    milestone: str = ""
    late: bool = False
    sort: str = ""


def case_list(basis: Basis, person: Person, wanted: Wanted, *, after: str | None, size: int) -> CaseList:
    """One page of cases, last changed first unless asked otherwise."""
    column, falls = {"begun": (instance.c.started_at, True), "oldest": (instance.c.started_at, False)}.get(
        wanted.sort, (instance.c.updated_at, True))
    ends = (column.desc(), instance.c.id.desc()) if falls else (column, instance.c.id)
    query = select(*_COLUMNS).where(*_conditions(basis, wanted)).order_by(*ends).limit(size + 1)
    if not person.is_staff:
        query = query.where(instance.c.id.in_(select(party.c.instance_id).where(party.c.person_id == person.id)))
    place = Place.read(after)
    if place is not None and falls:
        query = query.where(column <= place.at, or_(column < place.at, instance.c.id < place.id))
    elif place is not None:
        query = query.where(column >= place.at, or_(column > place.at, instance.c.id > place.id))
    rows = basis.connection.execute(query).all()
    shown = rows[:size]
    last = str(Place(shown[-1]._mapping[column], shown[-1].id)) if len(rows) > size else None
    return CaseList(_case_lines(basis, shown), last)


def _conditions(basis: Basis, wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = [(instance.c.state, wanted.state), (instance.c.process_id, wanted.process), (instance.c.milestone, wanted.milestone)]
    found = [column == value for column, value in asked if value]
    if wanted.search:
        found.append(_matches(wanted.search))
    if wanted.late:
        found.append(or_(*(instance.c.id.in_(one) for one in _past_their_day(basis))))
    return found


def _past_their_day(basis: Basis) -> tuple[Select[Any], Select[Any]]:
    """Cases with an open deadline, or an open task with a due moment of its own, past its day."""
    return (select(deadline.c.instance_id).where(deadline.c.state == DeadlineState.OPEN, deadline.c.due_on <= basis.today,
                                                 deadline.c.lapses_at <= basis.now),
            select(user_task.c.instance_id).where(user_task.c.state == TaskState.OPEN, user_task.c.deadline_id.is_(None),
                                                  user_task.c.due_at <= basis.now))


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
    late = (query.where(query.selected_columns.instance_id.in_(ids)) for query in _past_their_day(basis))
    return Counter(basis.connection.execute(union_all(*late)).scalars())


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
    """Read the page of a case. Raises: NoSuchCase, for a stranger too."""
    whole = find(basis, name)
    basis.access.check_may_see_case(whole.id, person, NoSuchCase)
    columns: tuple[Any, ...] = (*_COLUMNS, definition.c.key, definition.c.version, instance.c.variables, instance.c.event_seq,
                                instance.c.performers, instance.c.cancel_reason)
    row = basis.connection.execute(select(*columns).join(definition, definition.c.id == instance.c.definition_id).where(
        instance.c.id == whole.id)).one()
    bundle = basis.library.bundle(row.definition_id, row.bindings)
    line = _case_lines(basis, [row])[0]
    tasks = _tasks(basis, row, person)
    first = record.history(basis, row.id, bundle, person, None, record.FIRST_PAGE)
    found = CasePage(
        line=line, definition_id=row.definition_id, definition_key=row.key, version=row.version,
        milestones=milestones_of(bundle, row, late=line.late > 0), tasks=tasks, deadlines=_deadlines(basis, row, person),
        history=first.lines, history_before=first.before, events=row.event_seq, documents=documents_of(basis, row.id, person),
        parties=parties_of(basis, row.id), incidents=(), comments=comments_of(basis, row.id, person), bindings=row.bindings)
    return replace(found, **_for_staff(basis, row, bundle)) if person.is_staff else found


def _for_staff(basis: Basis, row: Row[Any], bundle: Bundle) -> dict[str, Any]:
    """What the page of a case tells people of the house only."""
    erased = record.is_erased(basis, row.id)
    seen = {} if erased else values.decode(row.variables)[""]
    return {"incidents": incidents_of(basis, row.id), "trails": trails(basis, row.id, bundle), "variables": seen, "erased": erased,
            "answered": answered(bundle, bundle.process.id, seen), "decisions": record.decisions(basis, row.id, bundle),
            "did": record.done_by(basis, row, bundle), "separations": record.separations(basis, row, bundle),
            "suspended_because": _reason(basis, row)}


def _reason(basis: Basis, row: Row[Any]) -> str:
    """Why a case is suspended or was cancelled."""
    if row.state != InstanceState.SUSPENDED:
        return row.cancel_reason or ""
    data = basis.connection.execute(select(event.c.data).where(event.c.instance_id == row.id, event.c.kind == "instance_suspended")
                                    .order_by(event.c.seq.desc()).limit(1)).scalar() or {}
    return str(data.get("reason") or "")


def history(basis: Basis, name: str, person: Person, before: int | None, size: int) -> HistoryPage:
    """One page of the record of a case. Raises: NoSuchCase; NotAllowed (`party`)."""
    row = find(basis, name)
    basis.access.check_may_see_case(row.id, person, NoSuchCase)
    return record.history(basis, row.id, basis.library.bundle(row.definition_id, row.bindings), person, before, size)


def data(basis: Basis, name: str, person: Person) -> CaseData:
    """What a case knows, by scope; what people typed is left out once it was erased. Raises: NoSuchCase; NotAllowed."""
    basis.check_staff(person)
    row = find(basis, name)
    bundle = basis.library.bundle(row.definition_id, row.bindings)
    case = basis.connection.execute(select(*_COLUMNS).where(instance.c.id == row.id)).one()
    forms = tuple(forms_of(bundle))
    erased = record.is_erased(basis, row.id)
    typed = {variable for variable, _ in forms} if erased else set()
    scopes = {key: {name: value for name, value in held.items() if name not in typed and not (erased and "" in typed)}
              for key, held in values.decode(row.variables).items()}
    subjects = {one.scope: one for one in basis.connection.execute(
        select(user_task.c.scope, user_task.c.subject, user_task.c.process_id).where(user_task.c.instance_id == row.id).order_by(
            user_task.c.created_at))}
    return CaseData(_case_lines(basis, [case])[0], tuple(
        Scope(subjects[key].subject if key in subjects and key else "", _process_name(bundle, subjects[key].process_id if key in subjects
                                                                                      else bundle.process.id), held)
        for key, held in scopes.items() if held or not key), forms, erased)


def _process_name(bundle: Bundle, process_id: str) -> Text:
    process = bundle.package_of(process_id).model.processes.get(process_id)
    return process.name if process is not None and process.name.fr else Text.of(process_id)


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


def incidents_of(basis: Basis, instance_id: str | None = None, size: int = 100) -> tuple[IncidentLine, ...]:
    """Open incidents, oldest first: of a case, or of all."""
    query = select(incident, instance.c.business_key, instance.c.title, instance.c.definition_id, instance.c.bindings).join(
        instance, instance.c.id == incident.c.instance_id).where(incident.c.state == IncidentState.OPEN)
    if instance_id is not None:
        query = query.where(incident.c.instance_id == instance_id)
    rows = basis.connection.execute(query.order_by(incident.c.created_at, incident.c.id).limit(size))
    return tuple(incident_line(basis, row) for row in rows)


def incident_line(basis: Basis, row: Row[Any]) -> IncidentLine:
    """An incident from its row joined to its case."""
    return IncidentLine(row.id, case_ref(row), row.kind, row.element_id, element_of_case(basis, row), Text.of(row.message), row.state,
                        row.created_at, row.process_id, row.token)


def element_of_case(basis: Basis, row: Row[Any]) -> Text:
    """The name of an element from a row with the definition and bindings of its case."""
    return basis.library.bundle(row.definition_id, row.bindings).element_name(row.process_id, row.element_id)


__all__ = ["CaseRef", "NoSuchCase", "case_list", "element_of_case", "find", "incidents_of", "page"]
