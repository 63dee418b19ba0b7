"""What follows a task that is done: who is next, and by when.

Owns: reading what the case waits for after a task, and what the reader may do next.
Leaves: words to `web`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from engine.people.person import Person
from engine.queries.asked import Asked, View
from engine.queries.basis import Basis
from engine.queries.inbox import first_ids
from engine.queries.lines import lines
from engine.queries.shapes import Following, TaskLine
from engine.states import JobState, TaskState
from engine.store.tables import instance, job, user_task
from engine.texts import Text

MOST_SHOWN = 5


def following(basis: Basis, line: TaskLine, person: Person) -> Following:
    """What the case of a task waits for now, what opened since the task was done first; and the reader's own next task."""
    case = basis.connection.execute(select(instance.c.state, instance.c.outcome, instance.c.definition_id, instance.c.process_id).where(
        instance.c.id == line.case.id)).one()
    open_ones = basis.connection.execute(select(user_task.c.id, user_task.c.created_at).where(
        user_task.c.instance_id == line.case.id, user_task.c.state == TaskState.OPEN).order_by(
        user_task.c.created_at.desc(), user_task.c.due_at, user_task.c.id).limit(MOST_SHOWN * 2)).all()
    since = line.closed_at or line.created_at
    new = [row.id for row in open_ones if row.created_at >= since][:MOST_SHOWN]
    old = [row.id for row in open_ones if row.created_at < since][:MOST_SHOWN]
    return Following(line, lines(basis, new, person), lines(basis, old, person), _automatic(basis, line.case.id), case.state,
                     _outcome(basis, case), _next(basis, person, line.id))


def _automatic(basis: Basis, instance_id: str) -> tuple[Text, ...]:
    """The names of automatic steps that are under way or about to be."""
    rows = basis.connection.execute(select(job.c.definition_id, job.c.process_id, job.c.element_id).where(
        job.c.instance_id == instance_id, job.c.state.in_((JobState.READY, JobState.RUNNING))).limit(MOST_SHOWN))
    return tuple(basis.library.element_name(row.definition_id, row.process_id, row.element_id) for row in rows)


def _outcome(basis: Basis, case: Any) -> Text | None:
    return basis.library.element_name(case.definition_id, case.process_id, case.outcome) if case.outcome else None


def _next(basis: Basis, person: Person, but: str) -> TaskLine | None:
    """What the reader holds and is due soonest, else what their groups may take."""
    views: tuple[View, ...] = ("mine", "groups")
    for view in views:
        found = [one for one in first_ids(basis, person, Asked(view=view, free=view == "groups"), 2) if one != but]
        if found:
            return lines(basis, found[:1], person)[0]
    return None
