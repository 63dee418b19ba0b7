"""The inbox: a person's tasks in five views, and how many each holds.

Owns: which tasks stand in which view, in what order, and the lines that tell of tasks.
Leaves: one task's page to `tasks`.
Promises: the first lines of a group cost the same with a hundred and with a hundred thousand open tasks: one indexed, limited
statement a group, merged; counting stops at `MOST_COUNTED`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, or_, select, union

from engine.people.person import APPLICANT, Person
from engine.queries.basis import Basis, case_ref
from engine.queries.shapes import Count, Counts, Inbox, Standing, TaskLine, View
from engine.states import DeadlineState, TaskState
from engine.store.tables import Moment, candidate, deadline, instance, party, user_task
from engine.texts import Text
from engine.work.explanations import Explanation

MOST_COUNTED = 999
END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)


class Place(NamedTuple):
    """Where a task stands in a view: by moment, then by id."""

    at: datetime
    id: str

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"

    @classmethod
    def read(cls, text: str | None) -> Place | None:
        """Read a place back from an address; None for none or for one that nobody wrote."""
        try:
            at, _, task_id = (text or "").partition("~")
            return cls(datetime.fromisoformat(at), task_id) if task_id and at.endswith("+00:00") else None
        except ValueError:
            return None


def inbox(basis: Basis, person: Person, view: View, after: str | None, size: int) -> Inbox:
    """One view of a person's tasks."""
    places = _VIEWS[view](basis, person, Place.read(after), size + 1)
    shown = places[:size]
    return Inbox(view, lines(basis, [place.id for place in shown], person), counts(basis, person),
                 str(shown[-1]) if len(places) > size else None)


def counts(basis: Basis, person: Person) -> Counts:
    """How many tasks each view holds, in one statement."""
    mine = _held(person)
    queries: dict[View, list[Select[Any]]] = {
        "mine": [select(user_task.c.id).where(*mine, _in_sight(basis))],
        "groups": _offered(basis, person),
        "overdue": [*_offered(basis, person, late=True), select(user_task.c.id).where(*mine, user_task.c.due_at <= basis.now)],
        "later": [select(user_task.c.id).where(*mine, user_task.c.follow_up_at > basis.now)],
        "done": [select(user_task.c.id).where(*_done(person))]}
    row = basis.connection.execute(select(*(_counted(found).label(view) for view, found in queries.items()))).one()
    return Counts(**{view: Count(min(found, MOST_COUNTED), found > MOST_COUNTED) for view, found in row._mapping.items()})


def lines(basis: Basis, ids: Sequence[str], person: Person) -> tuple[TaskLine, ...]:
    """Tasks as lines, in the order of their ids; three statements however many."""
    if not ids:
        return ()
    columns = (user_task, instance.c.business_key, instance.c.title, deadline.c.explanation, deadline.c.warns_at,
               deadline.c.state.label("deadline_state"))
    rows = {row.id: row for row in basis.connection.execute(
        select(*columns).join(instance, instance.c.id == user_task.c.instance_id)
        .outerjoin(deadline, deadline.c.id == user_task.c.deadline_id).where(user_task.c.id.in_(ids)))}
    groups = dict[str, list[str]]()
    for found in basis.connection.execute(select(candidate.c.task_id, candidate.c.group_id).where(candidate.c.task_id.in_(ids))):
        groups.setdefault(found.task_id, []).append(found.group_id)
    basis.learn_names(row.assignee_id for row in rows.values())
    return tuple(_line(basis, rows[one], tuple(sorted(groups.get(one, ()))), person) for one in ids if one in rows)


def _line(basis: Basis, row: Row[Any], groups: tuple[str, ...], person: Person) -> TaskLine:
    explanation = Explanation.of(row.explanation) if row.explanation else None
    return TaskLine(
        id=row.id, case=case_ref(row), element=row.element_id, process=row.process_id,
        name=basis.library.element_name(row.definition_id, row.process_id, row.element_id), subject=row.subject, state=row.state,
        standing=_standing(basis, row), due_at=row.due_at, due_on=basis.due_day(row.due_at), deadline_id=row.deadline_id,
        follow_up_at=row.follow_up_at, priority=row.priority, assignee_id=row.assignee_id, assignee_name=basis.name(row.assignee_id),
        mine=row.assignee_id == person.id, created_at=row.created_at, closed_at=row.closed_at, groups=groups,
        reason=Text(explanation.reason("fr"), explanation.reason("en")) if explanation else None)


def _standing(basis: Basis, row: Row[Any]) -> Standing:
    if row.state != TaskState.OPEN:
        return "none"
    return "paused" if row.deadline_state == DeadlineState.PAUSED else basis.standing(row.due_at, row.warns_at)


# --- views ---------------------------------------------------------------------------------------

_due: ColumnElement[Any] = func.coalesce(user_task.c.due_at, literal(END_OF_TIME, Moment()))


def _held(person: Person) -> tuple[ColumnElement[bool], ...]:
    return user_task.c.assignee_id == person.id, user_task.c.state == TaskState.OPEN


def _done(person: Person) -> tuple[ColumnElement[bool], ...]:
    return user_task.c.closed_by == person.id, user_task.c.state == TaskState.COMPLETED


def _in_sight(basis: Basis) -> ColumnElement[bool]:
    return or_(user_task.c.follow_up_at.is_(None), user_task.c.follow_up_at <= basis.now)


def _mine(basis: Basis, person: Person, after: Place | None, size: int) -> list[Place]:
    return _own(basis, _due, [*_held(person), _in_sight(basis)], after, size)


def _later(basis: Basis, person: Person, after: Place | None, size: int) -> list[Place]:
    return _own(basis, user_task.c.follow_up_at, [*_held(person), user_task.c.follow_up_at > basis.now], after, size)


def _finished(basis: Basis, person: Person, after: Place | None, size: int) -> list[Place]:
    """What the person has done, the last first."""
    closed = user_task.c.closed_at
    query = select(closed.label("at"), user_task.c.id).where(*_done(person)).order_by(closed.desc(), user_task.c.id.desc()).limit(size)
    if after is not None:
        query = query.where(closed <= after.at, or_(closed < after.at, user_task.c.id < after.id))
    return _places(basis, query)


def _of_groups(basis: Basis, person: Person, after: Place | None, size: int) -> list[Place]:
    return _merged(basis, [_ordered(query, after, size) for query in _candidates(person)], size)


def _overdue(basis: Basis, person: Person, after: Place | None, size: int) -> list[Place]:
    """What is late, among what the person holds and what their groups may take."""
    late = [_ordered(query.where(candidate.c.sort_at <= basis.now), after, size) for query in _candidates(person)]
    own = _own(basis, _due, [*_held(person), user_task.c.due_at <= basis.now], after, size)
    return _merged(basis, late, size, own)


_VIEWS = {"mine": _mine, "groups": _of_groups, "overdue": _overdue, "later": _later, "done": _finished}


def _own(basis: Basis, at: ColumnElement[Any], conditions: Iterable[ColumnElement[bool]], after: Place | None, size: int) -> list[Place]:
    query = select(at.label("at"), user_task.c.id).where(*conditions).order_by(at, user_task.c.id).limit(size)
    if after is not None:
        query = query.where(at >= after.at, or_(at > after.at, user_task.c.id > after.id))
    return _places(basis, query)


def _candidates(person: Person) -> list[Select[Any]]:
    """One query a group, over its candidate rows; the group of people of the outside shows tasks of their own cases only."""
    columns = select(candidate.c.sort_at.label("at"), candidate.c.task_id.label("id"))
    queries = [columns.where(candidate.c.group_id == group) for group in sorted(person.groups - {APPLICANT})]
    if APPLICANT in person.groups:
        queries.append(columns.join(user_task, user_task.c.id == candidate.c.task_id)
                       .join(party, and_(party.c.instance_id == user_task.c.instance_id, party.c.person_id == person.id))
                       .where(candidate.c.group_id == APPLICANT))
    return queries


def _ordered(query: Select[Any], after: Place | None, size: int) -> Select[Any]:
    if after is not None:
        # the first condition lets the index start there; the second leaves out what was shown
        query = query.where(candidate.c.sort_at >= after.at, or_(candidate.c.sort_at > after.at, candidate.c.task_id > after.id))
    return query.order_by(candidate.c.sort_at, candidate.c.task_id).limit(size)


def _merged(basis: Basis, queries: Iterable[Select[Any]], size: int, more: Iterable[Place] = ()) -> list[Place]:
    found = set(more).union(*(_places(basis, query) for query in queries))
    return sorted(found)[:size]


def _places(basis: Basis, query: Select[Any]) -> list[Place]:
    return [Place(row.at, row.id) for row in basis.connection.execute(query)]


def _offered(basis: Basis, person: Person, *, late: bool = False) -> list[Select[Any]]:
    """Ids of tasks the person's groups may take, one limited query a group."""
    queries = [query.where(candidate.c.sort_at <= basis.now) if late else query for query in _candidates(person)]
    return [query.with_only_columns(candidate.c.task_id.label("id"), maintain_column_froms=True) for query in queries]


def _counted(queries: Sequence[Select[Any]]) -> ColumnElement[int]:
    """How many distinct ids several queries give; each is read no further than the limit."""
    limited = [select(query.limit(MOST_COUNTED + 1).subquery().c.id) for query in queries]
    if not limited:
        return literal(0)
    every = (limited[0] if len(limited) == 1 else union(*limited)).subquery()
    return select(func.count()).select_from(every).scalar_subquery()
