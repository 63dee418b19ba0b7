"""Deadlines over all cases, by when they end: whose they are, and what comes next.

Owns: the agenda, the load of the coming weeks, the lines of a calendar feed.
Promises: each part is limited and what is left out is counted; owners and next alarms are read in three statements however many lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from engine.people.person import Person
from engine.queries.basis import Basis, case_ref
from engine.queries.places import Place
from engine.queries.shapes import Agenda, AgendaLine, Alarm, Count, Week
from engine.states import DeadlineState, TaskState, TimerState
from engine.store.tables import candidate, deadline, definition, instance, timer, user_task
from engine.work.calendars import plus_months
from engine.work.ledger import Entry

WEEKS = 12
MOST_LINES = 200
MOST_LATER = 50
MOST_FED = 1000


@dataclass(frozen=True, slots=True)
class Sought:
    """Which deadlines are asked for; "" stands for any. `process`: the folder whose rule it is; `mine`: those of one's own tasks."""

    rule: str = ""
    basis: str = ""
    process: str = ""
    mine: bool = False


def agenda(basis: Basis, person: Person, sought: Sought, after: str | None = None) -> Agenda:
    """Open deadlines by when they end. `after`: the place in what is later. Raises: NotAllowed (`group`), for people of the outside."""
    basis.check_staff(person)
    wanted = _conditions(sought, person)
    opened = [deadline.c.state == DeadlineState.OPEN, *wanted]
    today = basis.today
    monday = today - timedelta(days=today.weekday())
    sunday, month_end = monday + timedelta(days=6), _last_of_month(today)
    until = max(sunday, month_end)
    later = [*opened, deadline.c.due_on > until]
    rest, last = _later(basis, later, after)
    return Agenda(
        late=_lines(basis, [*opened, deadline.c.due_on < today], MOST_LINES),
        this_week=_lines(basis, [*opened, deadline.c.due_on.between(today, sunday)], MOST_LINES),
        this_month=_lines(basis, [*opened, deadline.c.due_on > sunday, deadline.c.due_on <= until], MOST_LINES),
        paused=_lines(basis, [deadline.c.state == DeadlineState.PAUSED, *wanted], MOST_LINES),
        later=rest, later_count=_count(basis, later), weeks=_weeks(basis, opened, monday), after=last)


def feed(basis: Basis, person: Person, sought: Sought) -> tuple[AgendaLine, ...]:
    """The deadlines of a calendar, open and paused ones, soonest first. Raises: NotAllowed (`group`), for people of the outside."""
    basis.check_staff(person)
    living = deadline.c.state.in_((DeadlineState.OPEN, DeadlineState.PAUSED))
    return _lines(basis, [living, *_conditions(sought, person)], MOST_FED)


def _conditions(sought: Sought, person: Person) -> list[ColumnElement[bool]]:
    wanted = [deadline.c.rule == sought.rule] if sought.rule else []
    wanted += [deadline.c.basis == sought.basis] if sought.basis else []
    if sought.process:
        wanted.append(deadline.c.definition_id.in_(select(definition.c.id).where(definition.c.key == sought.process)))
    return [*wanted, deadline.c.id.in_(_of_own_tasks(person))] if sought.mine else wanted


def _of_own_tasks(person: Person) -> Select[Any]:
    """Deadlines of open tasks that the person holds or may take."""
    offered = select(candidate.c.task_id).where(candidate.c.group_id.in_(sorted(person.groups)))
    return select(user_task.c.deadline_id).where(
        user_task.c.state == TaskState.OPEN, user_task.c.deadline_id.is_not(None),
        or_(user_task.c.assignee_id == person.id, user_task.c.id.in_(offered) & user_task.c.assignee_id.is_(None)))


def _later(basis: Basis, conditions: list[ColumnElement[bool]], after: str | None) -> tuple[tuple[AgendaLine, ...], str | None]:
    place = Place.read(after)
    if place is not None:
        day = place.at.date()
        conditions = [*conditions, deadline.c.due_on >= day, or_(deadline.c.due_on > day, deadline.c.id > place.id)]
    found = _lines(basis, conditions, MOST_LATER + 1)
    shown = found[:MOST_LATER]
    last = Place(datetime.combine(shown[-1].deadline.due_on, time(), UTC), shown[-1].deadline.id) if len(found) > MOST_LATER else None
    return shown, str(last) if last is not None else None


def _lines(basis: Basis, conditions: list[ColumnElement[bool]], size: int) -> tuple[AgendaLine, ...]:
    query: Select[Any] = select(deadline, instance.c.business_key, instance.c.title).join(
        instance, instance.c.id == deadline.c.instance_id).where(*conditions).order_by(deadline.c.due_on, deadline.c.id).limit(size)
    rows = basis.connection.execute(query).all()
    ids = [row.id for row in rows]
    people, groups, alarms = *_owners(basis, ids), _alarms(basis, ids)
    return tuple(AgendaLine(basis.deadline(Entry.of(row), case_ref(row)), tuple(people[row.id]), tuple(groups[row.id]), alarms.get(row.id))
                 for row in rows)


def _owners(basis: Basis, ids: Sequence[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Whose tasks a deadline holds: names of people, and ids of groups where nobody has taken it."""
    people, groups = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    columns: tuple[Any, ...] = (user_task.c.deadline_id, user_task.c.assignee_id, candidate.c.group_id)
    rows = basis.connection.execute(select(*columns).outerjoin(candidate, candidate.c.task_id == user_task.c.id).where(
        user_task.c.deadline_id.in_(ids), user_task.c.state == TaskState.OPEN).order_by(candidate.c.group_id)).all() if ids else []
    basis.learn_names(row.assignee_id for row in rows)
    for row in rows:
        held, name = (people, basis.name(row.assignee_id)) if row.assignee_id else (groups, row.group_id or "")
        if name and name not in held[row.deadline_id]:
            held[row.deadline_id].append(name)
    return people, groups


def _alarms(basis: Basis, ids: Sequence[str]) -> dict[str, Alarm]:
    """The next thing that happens by itself for a deadline: a reminder, an alert, or its end."""
    if not ids:
        return {}
    columns: tuple[Any, ...] = (timer.c.deadline_id, timer.c.due_at, timer.c.definition_id, timer.c.process_id, timer.c.element_id)
    rows: Sequence[Row[Any]] = basis.connection.execute(select(*columns).where(
        timer.c.deadline_id.in_(ids), timer.c.state == TimerState.OPEN).order_by(timer.c.due_at.desc(), timer.c.id)).all()
    return {row.deadline_id: Alarm(row.due_at, basis.library.element_name(row.definition_id, row.process_id, row.element_id))
            for row in rows}


def _count(basis: Basis, conditions: list[ColumnElement[bool]]) -> Count:
    found = basis.connection.execute(select(func.count()).select_from(
        select(deadline.c.id).where(*conditions).limit(1000).subquery())).scalar() or 0
    return Count(min(found, 999), found > 999)


def _weeks(basis: Basis, conditions: list[ColumnElement[bool]], monday: date) -> tuple[Week, ...]:
    """The load of the coming weeks, this one first."""
    query = select(deadline.c.due_on, deadline.c.basis, func.count().label("count")).where(
        *conditions, deadline.c.due_on >= monday, deadline.c.due_on < monday + timedelta(weeks=WEEKS)).group_by(
        deadline.c.due_on, deadline.c.basis)
    loads = [{"law": 0, "body": 0} for _ in range(WEEKS)]
    for row in basis.connection.execute(query):
        loads[(row.due_on - monday).days // 7][row.basis] += row._mapping["count"]
    starts = [monday + timedelta(weeks=number) for number in range(WEEKS)]
    return tuple(Week(start.isocalendar().week, start, load["law"], load["body"]) for start, load in zip(starts, loads, strict=True))


def _last_of_month(day: date) -> date:
    return plus_months(day.replace(day=1), 1) - timedelta(days=1)
