"""The inbox: a person's tasks in five views, in several orders, less what is left out, and how many each view holds.

Owns: which tasks stand in which view; counting them.
Leaves: the question to `asked`, the orders to `orders`, tasks as lines to `lines`, one task's page to `tasks`.
Promises: the first lines cost the same with a hundred and with a hundred thousand open tasks: one indexed, limited statement a group,
merged. A filter looks at the next `WINDOW` tasks of a group, and the page says when there are more to look at. Counting stops too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, union

from engine.people.person import APPLICANT, Person
from engine.queries.asked import VIEWS, Asked, Spot
from engine.queries.basis import Basis
from engine.queries.lines import lines
from engine.queries.orders import sorting
from engine.queries.shapes import Count, Counts, Inbox
from engine.states import TaskState
from engine.store import words
from engine.store.tables import candidate, instance, party, user_task

MOST_COUNTED = 999
MOST_COUNTED_SAVED = 99     #: of a saved view, whose filters look at each task
WINDOW = 4_000
MOST_CASES = 300            #: that a search looks into


def inbox(basis: Basis, person: Person, asked: Asked, after: str | None, size: int) -> Inbox:
    """One page of what is asked of a person's tasks."""
    places, end = _places(basis, person, asked, Spot.read(after, sorting(asked).kinds), size + 1)
    shown = places[:size]
    behind = shown[-1] if len(places) > size else end
    return Inbox(asked, lines(basis, [place.values[-1] for place in shown], person), counts(basis, person),
                 str(behind) if behind is not None else None, partial=end is not None and len(places) <= size)


def first_ids(basis: Basis, person: Person, asked: Asked, size: int) -> list[str]:
    """Ids of the tasks on the first page of what is asked, in order: enough to tell whether a list has changed."""
    return [place.values[-1] for place in _places(basis, person, asked, None, size)[0]]


def counts(basis: Basis, person: Person) -> Counts:
    """How many tasks each view holds, in one statement."""
    found = [_ids(basis, person, Asked(view=view), None, MOST_COUNTED) for view in VIEWS]
    row = basis.connection.execute(select(*(_counted(one, MOST_COUNTED).label(view) for view, one in zip(VIEWS, found, strict=True)))).one()
    return Counts(**{view: Count.of(number, MOST_COUNTED) for view, number in row._mapping.items()})


def counted(basis: Basis, person: Person, several: Sequence[Asked]) -> list[Count]:
    """How many tasks several questions find: one statement, and two more for each that searches."""
    if not several:
        return []
    most = MOST_COUNTED_SAVED
    found = [_counted(_ids(basis, person, asked, _cases(basis, asked), most), most).label(f"n{number}")
             for number, asked in enumerate(several)]
    return [Count.of(number, most) for number in basis.connection.execute(select(*found)).one()]


def _places(basis: Basis, person: Person, asked: Asked, after: Spot | None, size: int) -> tuple[list[Spot], Spot | None]:
    """Where the tasks asked for stand, in order; and how far was looked, when that was not to the end."""
    order, cases = sorting(asked), _cases(basis, asked)
    if cases is not None:
        searched = _of_view(basis, person, asked).where(*_wanted(basis, asked), user_task.c.instance_id.in_(cases))
        return _read(basis, order.ordered(searched, order.own, after).limit(size)) if cases else [], None
    found, ends = set[Spot](), list[Spot]()
    if asked.view != "groups":
        own = _tasks().where(*_own(basis, person, asked), *_wanted(basis, asked))
        found.update(_read(basis, order.ordered(own, order.own, after).limit(size)))
    for group in _groups(person, asked):
        places, end = _of_group(basis, person, asked, group, after, size)
        found.update(places)
        ends += [end] if end is not None else []
    return order.first(found, ends, size)


def _of_group(basis: Basis, person: Person, asked: Asked, group: str, after: Spot | None, size: int) -> tuple[list[Spot], Spot | None]:
    """What a group may take: all, or with a filter what passes it among the next `WINDOW`; and where these end when there are more."""
    order = sorting(asked)
    query = order.ordered(_offered(basis, person, asked, group), order.offered, after)
    if not asked.sifts:
        return _read(basis, query.limit(size)), None
    window = query.limit(WINDOW).subquery()
    keys = tuple(window.c)
    sifted = select(*keys).select_from(window.join(user_task, user_task.c.id == keys[-1]).join(
        instance, instance.c.id == user_task.c.instance_id)).where(*_wanted(basis, asked))
    found = _read(basis, sifted.order_by(*order.by(keys)).limit(size))
    ends = _read(basis, query.offset(WINDOW - 1).limit(1)) if len(found) < size else found[-1:]
    return found, ends[0] if ends else None


def _read(basis: Basis, query: Select[Any]) -> list[Spot]:
    return [Spot(tuple(row)) for row in basis.connection.execute(query)]


# --- what stands in a view -----------------------------------------------------------------------

def _tasks() -> Select[Any]:
    return select(user_task.c.id).join(instance, instance.c.id == user_task.c.instance_id)


def _own(basis: Basis, person: Person, asked: Asked) -> list[ColumnElement[bool]]:
    """What a view asks of the tasks a person holds or has done."""
    if asked.view == "done":
        return [user_task.c.closed_by == person.id, user_task.c.state == TaskState.COMPLETED]
    held = [user_task.c.assignee_id == person.id, user_task.c.state == TaskState.OPEN]
    later = user_task.c.follow_up_at
    return held + {"mine": [or_(later.is_(None), later <= basis.now)], "overdue": [user_task.c.due_at <= basis.now],
                   "later": [later > basis.now]}.get(asked.view, [false()])


def _offered(basis: Basis, person: Person, asked: Asked, group: str) -> Select[Any]:
    """The rows of a group; that of people of the outside shows tasks of their own cases only."""
    query = select(candidate.c.task_id).where(candidate.c.group_id == group)
    if asked.view == "overdue" or asked.late:
        query = query.where(candidate.c.sort_at <= basis.now)
    if group == APPLICANT:
        query = query.join(user_task, user_task.c.id == candidate.c.task_id).join(
            party, and_(party.c.instance_id == user_task.c.instance_id, party.c.person_id == person.id))
    return query


def _of_view(basis: Basis, person: Person, asked: Asked) -> Select[Any]:
    """The tasks of a view by their own rows, for a search: it knows their cases already."""
    own = and_(*_own(basis, person, asked))
    groups = [group for group in _groups(person, asked) if group != APPLICANT]
    if not groups:
        return _tasks().where(own)
    mine = select(candidate.c.task_id).where(candidate.c.task_id == user_task.c.id, candidate.c.group_id.in_(groups)).exists()
    offered = and_(user_task.c.state == TaskState.OPEN, mine, *([user_task.c.due_at <= basis.now] if asked.view == "overdue" else []))
    return _tasks().where(or_(own, offered))


def _groups(person: Person, asked: Asked) -> list[str]:
    """The groups whose tasks are asked for: those of the person, or one of them."""
    if asked.view not in ("groups", "overdue"):
        return []
    return sorted(person.groups & {asked.group}) if asked.group else sorted(person.groups)


def _wanted(basis: Basis, asked: Asked) -> list[ColumnElement[bool]]:
    """What the filters ask of a task and its case."""
    pairs = ((user_task.c.process_id, asked.process), (user_task.c.element_id, asked.step), (instance.c.milestone, asked.milestone))
    found: list[ColumnElement[bool]] = [column == value for column, value in pairs if value]
    if asked.late:
        found.append(user_task.c.due_at <= basis.now)
    if asked.free:
        found.append(user_task.c.assignee_id.is_(None))
    if asked.group:
        found.append(select(candidate.c.task_id).where(
            candidate.c.task_id == user_task.c.id, candidate.c.group_id == asked.group).exists())
    return found


def _cases(basis: Basis, asked: Asked) -> list[str] | None:
    """The cases a search means; None when nothing is searched."""
    return words.find(basis.connection, "case", words.asked(asked.search), MOST_CASES) if asked.search else None


# --- counting ------------------------------------------------------------------------------------

def _ids(basis: Basis, person: Person, asked: Asked, cases: list[str] | None, most: int) -> list[Select[Any]]:
    """Queries that give the ids of what is asked, each with no more than is looked at."""
    if cases is not None:
        return [_of_view(basis, person, asked).where(*_wanted(basis, asked), user_task.c.instance_id.in_(cases)).limit(most + 1)]
    found = []
    if asked.view != "groups":
        own = _tasks() if asked.milestone else select(user_task.c.id)
        found.append(own.where(*_own(basis, person, asked), *_wanted(basis, asked)).limit(most + 1))
    for group in _groups(person, asked):
        query = _offered(basis, person, asked, group).with_only_columns(candidate.c.task_id.label("id"), maintain_column_froms=True)
        if asked.sifts:
            window = query.limit(WINDOW).subquery()
            query = select(window.c.id).select_from(window.join(user_task, user_task.c.id == window.c.id).join(
                instance, instance.c.id == user_task.c.instance_id)).where(*_wanted(basis, asked))
        found.append(query.limit(most + 1))
    return found


def _counted(queries: Iterable[Select[Any]], most: int) -> ColumnElement[int]:
    """How many distinct ids several queries give."""
    limited = [select(query.subquery().c.id) for query in queries]
    if not limited:
        return literal(0)
    every = (limited[0] if len(limited) == 1 else union(*limited)).subquery()
    return select(func.count()).select_from(select(every.c.id).limit(most + 1).subquery()).scalar_subquery()
