"""Deadlines over all cases, by when they end.

Owns: the agenda and the load of the coming weeks.
Promises: each part is limited; what is left out is counted.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from engine.people.person import Person
from engine.queries.basis import Basis, case_ref
from engine.queries.shapes import Agenda, Count, DeadlineView, Week
from engine.states import DeadlineState
from engine.store.tables import deadline, instance
from engine.work.calendars import plus_months
from engine.work.ledger import Entry

WEEKS = 12
MOST_LINES = 200
MOST_LATER = 50


def agenda(basis: Basis, person: Person, *, rule: str, basis_of: str) -> Agenda:
    """Open deadlines by when they end. Raises: NotAllowed (`group`), for people of the outside."""
    basis.check_staff(person)
    wanted = [deadline.c.rule == rule] if rule else []
    wanted += [deadline.c.basis == basis_of] if basis_of else []
    opened = [deadline.c.state == DeadlineState.OPEN, *wanted]
    today = basis.today
    monday = today - timedelta(days=today.weekday())
    sunday, month_end = monday + timedelta(days=6), _last_of_month(today)
    until = max(sunday, month_end)
    later = [*opened, deadline.c.due_on > until]
    return Agenda(
        late=_lines(basis, [*opened, deadline.c.due_on < today], MOST_LINES),
        this_week=_lines(basis, [*opened, deadline.c.due_on.between(today, sunday)], MOST_LINES),
        this_month=_lines(basis, [*opened, deadline.c.due_on > sunday, deadline.c.due_on <= until], MOST_LINES),
        paused=_lines(basis, [deadline.c.state == DeadlineState.PAUSED, *wanted], MOST_LINES),
        later=_lines(basis, later, MOST_LATER), later_count=_count(basis, later), weeks=_weeks(basis, opened, monday))


def _lines(basis: Basis, conditions: list[ColumnElement[bool]], size: int) -> tuple[DeadlineView, ...]:
    query: Select[Any] = select(deadline, instance.c.business_key, instance.c.title).join(
        instance, instance.c.id == deadline.c.instance_id).where(*conditions).order_by(deadline.c.due_on, deadline.c.id).limit(size)
    return tuple(basis.deadline(Entry.of(row), case_ref(row)) for row in basis.connection.execute(query))


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
