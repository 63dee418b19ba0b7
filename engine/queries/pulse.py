"""Whether what somebody looks at has changed: their list and the task beside it.

Owns: marks of a list and of the parts of a task, the same for the page that shows them and for the look that comes after.
Leaves: how often to look to `web`.
Promises: looking costs the first page of the list, unadorned, and two statements more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, func, select

from engine.people.person import Person
from engine.queries.asked import Asked
from engine.queries.basis import Basis
from engine.queries.inbox import first_ids
from engine.queries.shapes import Pulse, TaskLine, TaskPulse
from engine.store.tables import comment, user_task


def pulse(basis: Basis, person: Person, asked: Asked, size: int, task_id: str) -> Pulse:
    """How a list and a task stand now. Nothing of a task is told but who has it; who may not see it learns nothing (`task` is None)."""
    ids = first_ids(basis, person, asked, size)
    columns = (user_task.c.id, user_task.c.assignee_id, user_task.c.due_at)
    rows = {row.id: row for row in basis.connection.execute(select(*columns).where(user_task.c.id.in_(ids)))} if ids else {}
    return Pulse(_mark((one, rows[one].assignee_id, rows[one].due_at) for one in ids if one in rows),
                 _task(basis, task_id) if task_id and person.is_staff else None)


def list_mark(lines: Iterable[TaskLine]) -> str:
    """The mark of a list as a page shows it."""
    return _mark((line.id, line.assignee_id, line.due_at) for line in lines)


def _task(basis: Basis, task_id: str) -> TaskPulse | None:
    said = select(func.count()).select_from(comment).where(comment.c.instance_id == user_task.c.instance_id).scalar_subquery()
    row = basis.connection.execute(select(user_task, said.label("comments")).where(user_task.c.id == task_id)).first()
    if row is None:
        return None
    return task_pulse(basis, row, row.comments)


def task_pulse(basis: Basis, row: Row[Any], comments: int) -> TaskPulse:
    """The facts of a row of `user_task` that others may change."""
    basis.learn_names((row.assignee_id, row.closed_by))
    return TaskPulse(row.state, row.assignee_id, basis.name(row.assignee_id), row.claimed_at, basis.name(row.closed_by), row.closed_at,
                     row.due_at, comments)


def _mark(facts: Iterable[Any]) -> str:
    return hashlib.sha256("\n".join(str(fact) for fact in facts).encode()).hexdigest()[:16]
