"""User tasks: work that waits for a person.

Owns: the `user_task` and `candidate` rows.
Leaves: who may claim or complete one to `engine.people`; what completing one does to `engine.execution`.
Promises: an open task has a row for each group that may claim it; a closed one has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, null, select, update

from engine.errors import Conflict, NotFound
from engine.states import TaskState
from engine.store.tables import candidate, instance, party, user_task
from engine.store.unit_of_work import Lockable

END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)  #: sorts tasks without a due moment behind all others
_GROUP_MARK = "\n"


class TaskNotFound(NotFound):
    """There is no such task."""

    fr = "Cette tâche n’existe pas."


class AlreadyCompleted(Conflict):
    """This task is no longer open: it has been completed or withdrawn."""

    fr = "Cette tâche n’est plus ouverte : elle a été terminée ou retirée."


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task about to open. `id` is the token; `groups` may claim it."""

    id: str
    instance_id: str
    definition_id: str
    process_id: str
    element_id: str
    scope: str
    subject: str
    subject_en: str
    form_key: str | None
    assignee_id: str | None
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    deadline_id: str | None
    groups: tuple[str, ...]
    title: str = ""         #: of the case, plain, for sorting


_COLUMNS = tuple(field.name for field in fields(NewTask) if field.name not in ("groups", "title"))


@dataclass(frozen=True, slots=True)
class Closing:
    """A task about to close, and by whom, when a person completed it."""

    id: str
    state: TaskState
    by_id: str | None = None


def open_tasks(connection: Connection, tasks: Sequence[NewTask], at: datetime) -> None:
    """Open tasks with their candidate groups, in two statements."""
    if not tasks:
        return
    rows = [{name: getattr(task, name) for name in _COLUMNS} for task in tasks]
    connection.execute(insert(user_task), [row | {"state": TaskState.OPEN, "created_at": at,
                                                  "claimed_at": at if row["assignee_id"] else None} for row in rows])
    groups = [{"task_id": task.id, "group_id": group, "sort_at": task.due_at or END_OF_TIME, "opened_at": at,
               "rank": 100 - task.priority, "title": task.title[:300]}
              for task in tasks for group in dict.fromkeys(task.groups)]
    if groups:
        connection.execute(insert(candidate), groups)


_CLOSE = (update(user_task).where(user_task.c.id == bindparam("task"))
          .values(state=bindparam("to"), closed_at=bindparam("at"), closed_by=bindparam("by"),
                  draft=null(), draft_at=null(), draft_by=null(),
                  assignee_id=func.coalesce(user_task.c.assignee_id, bindparam("by"))))


_WITHDRAW = delete(candidate).where(candidate.c.task_id == bindparam("task"))


def close_tasks(connection: Connection, closings: Sequence[Closing], at: datetime) -> None:
    """Close tasks and withdraw them from their groups, in two statements."""
    if closings:
        connection.execute(_CLOSE, [{"task": one.id, "to": one.state, "at": at, "by": one.by_id} for one in closings])
        connection.execute(_WITHDRAW, [{"task": one.id} for one in closings])


def forget(connection: Connection, ids: Sequence[str]) -> None:
    """Remove tasks whose element failed and is now tried again under the same token."""
    connection.execute(delete(candidate).where(candidate.c.task_id.in_(ids)))
    connection.execute(delete(user_task).where(user_task.c.id.in_(ids)))


_groups = (select(func.aggregate_strings(candidate.c.group_id, _GROUP_MARK)).where(candidate.c.task_id == user_task.c.id)
           .correlate(user_task).scalar_subquery())
_is_party = exists().where(party.c.instance_id == user_task.c.instance_id, party.c.person_id == bindparam("person")).correlate(user_task)
_may_answer = exists().where(party.c.instance_id == user_task.c.instance_id, party.c.person_id == bindparam("person"),
                             party.c.may_answer).correlate(user_task)
_TASK = [column.label(f"task_{column.name}") for column in user_task.c]


#: A task (columns `task_…`, `task_groups`) with its instance, by the parameter `task`; `is_party`, `may_answer`: of the parameter `person`.
WITH_INSTANCE = Lockable(select(instance, *_TASK, _groups.label("task_groups"), _is_party.label("is_party"),
                                _may_answer.label("may_answer"))
                         .join(user_task, user_task.c.instance_id == instance.c.id).where(user_task.c.id == bindparam("task")))


def groups_of(row: Row[Any]) -> frozenset[str]:
    """The groups that may claim the task of a row of `WITH_INSTANCE`."""
    return frozenset((row.task_groups or "").split(_GROUP_MARK)) - {""}


def change(connection: Connection, task_id: str, **values: Any) -> None:
    """Change an open task whose instance is locked."""
    connection.execute(update(user_task).where(user_task.c.id == task_id).values(**values))


def prioritise(connection: Connection, task_id: str, priority: int) -> None:
    """Say how much an open task matters, in its row and in its groups' order."""
    change(connection, task_id, priority=priority)
    connection.execute(update(candidate).where(candidate.c.task_id == task_id).values(rank=100 - priority))


def rename(connection: Connection, instance_id: str, title: str) -> None:
    """Sort the open tasks of a case by its new title, told plain."""
    connection.execute(_RENAME, {"of_instance": instance_id, "to": title[:300]})


_RENAME = (update(candidate).values(title=bindparam("to")).where(candidate.c.task_id.in_(
    select(user_task.c.id).where(user_task.c.instance_id == bindparam("of_instance"), user_task.c.state == TaskState.OPEN))))


def move_due(connection: Connection, deadline_id: str, due_at: datetime) -> None:
    """Give the open tasks that wait on a deadline its new moment."""
    open_ones = (user_task.c.deadline_id == deadline_id) & (user_task.c.state == TaskState.OPEN)
    connection.execute(update(user_task).where(open_ones).values(due_at=due_at))
    connection.execute(update(candidate).where(candidate.c.task_id.in_(select(user_task.c.id).where(open_ones))).values(sort_at=due_at))
