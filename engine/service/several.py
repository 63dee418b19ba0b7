"""The same done with several tasks, and taking back what was just done.

Owns: doing one thing with each of several tasks: each is a command of its own, and one that is refused keeps no other from being done.
Leaves: what each command does and refuses to `tasks`.
Promises: what could not be done is told for each task, with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from engine.errors import Conflict, JalonError
from engine.people.person import Person
from engine.service.tasks import TaskCommands
from engine.store.tables import event
from engine.store.unit_of_work import UnitOfWork
from engine.work import tasks

MOST_AT_ONCE = 200
TAKEN_BACK_WITHIN = timedelta(minutes=10)


class TooLateToTakeBack(Conflict):
    """It is too late to take this back: the task has gone on since."""

    fr = "Il est trop tard pour revenir en arrière : la tâche a avancé depuis."


@dataclass(frozen=True, slots=True)
class NotDone:
    """A task that was left as it was, and why."""

    task_id: str
    error: JalonError


@dataclass(frozen=True, slots=True)
class Several:
    """What became of several tasks: ids of those done, and those that were not."""

    done: tuple[str, ...]
    not_done: tuple[NotDone, ...] = ()


class SeveralCommands(TaskCommands):
    """The commands on tasks, for several at once."""

    def claim_tasks(self, task_ids: Sequence[str], by: Person) -> Several:
        """Take several tasks."""
        return _each(task_ids, lambda task_id: self.claim_task(task_id, by))

    def release_tasks(self, task_ids: Sequence[str], by: Person) -> Several:
        """Give several tasks back to their groups."""
        return _each(task_ids, lambda task_id: self.release_task(task_id, by))

    def hand_over_tasks(self, task_ids: Sequence[str], to_id: str, by: Person) -> Several:
        """Give several tasks to a colleague."""
        return _each(task_ids, lambda task_id: self.hand_over_task(task_id, to_id, by))

    def follow_up_tasks(self, task_ids: Sequence[str], at: datetime | None, by: Person) -> Several:
        """Put several tasks out of sight until a moment, or bring them back."""
        return _each(task_ids, lambda task_id: self.follow_up_task(task_id, at, by))

    def take_back_tasks(self, task_ids: Sequence[str], by: Person) -> Several:
        """Undo handing over several tasks."""
        return _each(task_ids, lambda task_id: self.take_back_task(task_id, by))

    def take_back_task(self, task_id: str, by: Person) -> None:
        """Undo handing a task over, within ten minutes and while whoever got it has done nothing with it.

        Raises: TooLateToTakeBack; AlreadyCompleted; TaskNotFound.
        """
        with self._command() as work:
            row = self._open_task(work, task_id, by)
            given = self._last_given(work, row)
            if given is None or given.actor_id != by.id or given.data.get("to") != row.task_assignee_id or self._has_gone_on(row, given.at):
                raise TooLateToTakeBack(task_id=task_id)
            back = given.data.get("held_by")
            tasks.change(work.connection, task_id, assignee_id=back, claimed_at=self._now() if back else None)
            self._note(work, row, "task_taken_back", by, row.task_element_id, task=task_id)

    def _last_given(self, work: UnitOfWork, row: Row[Any]) -> Any:
        given = select(event.c.actor_id, event.c.at, event.c.data).where(
            event.c.instance_id == row.id, event.c.kind == "task_handed_over", event.c.element_id == row.task_element_id)
        found = work.connection.execute(given.order_by(event.c.seq.desc()).limit(20)).all()
        return next((one for one in found if one.data.get("task") == row.task_id), None)

    def _has_gone_on(self, row: Row[Any], given_at: datetime) -> bool:
        typed = row.task_draft_at is not None and row.task_draft_at > given_at
        return typed or self._now() - given_at > TAKEN_BACK_WITHIN


def _each(task_ids: Sequence[str], do: Callable[[str], None]) -> Several:
    done, not_done = list[str](), list[NotDone]()
    for task_id in dict.fromkeys(task_ids[:MOST_AT_ONCE]):
        try:
            do(task_id)
        except JalonError as error:
            not_done.append(NotDone(task_id, error))
        else:
            done.append(task_id)
    return Several(tuple(done), tuple(not_done))
