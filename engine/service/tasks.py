"""Commands on user tasks: take, give back, fill in, complete, hand over, put off.

Owns: what a person does with a task, checked each time it is done.
Leaves: who may do it to `engine.people.access`, what is right in a form to `engine.forms`, what follows to `engine.execution`.
Promises: separation of duties is checked at claim and at completion; a refusal says why; a form with a fault changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Row, insert, select

from engine import values
from engine.errors import Invalid, NotAllowed
from engine.execution.case import Case
from engine.kernel.waits import Wait
from engine.people.access import Standing, TaskFacts
from engine.people.accounts import Accounts
from engine.people.person import Person
from engine.service.commands import STEWARDS, Commands
from engine.states import TaskState
from engine.store.tables import comment, user_task
from engine.store.unit_of_work import UnitOfWork
from engine.texts import Text
from engine.work import tasks

LONGEST_COMMENT = 5_000


class NoForm(Invalid):
    """This task has no form; it is only to be confirmed."""

    fr = "Cette tâche n’a pas de formulaire ; elle est seulement à confirmer."


class NotAPriority(Invalid):
    """A priority is a number from 0 to 100."""

    fr = "Une priorité est un nombre de 0 à 100."


class NoText(Invalid):
    """A comment has a text, of 5,000 characters at most."""

    fr = "Un commentaire a un texte, de 5 000 caractères au plus."


class TaskCommands(Commands):
    """What a person does with a task."""

    def claim_task(self, task_id: str, by: Person) -> None:
        """Take a task. Taking it twice changes nothing. Raises: NotAllowed with its reason; AlreadyCompleted."""
        with self._command() as work:
            row = self._open_task(work, task_id, by)
            self._access(work).check_may_claim(self._facts(row), by, _standing(row, by))
            if row.task_assignee_id != by.id:
                tasks.change(work.connection, task_id, assignee_id=by.id, claimed_at=self._now())
                self._note(work, row, "task_claimed", by, row.task_element_id, task=task_id)

    def release_task(self, task_id: str, by: Person) -> None:
        """Give a task back to its groups. Raises: NotAllowed (`claim`), when somebody else holds it."""
        with self._command() as work:
            row = self._open_task(work, task_id, by)
            self._check_holds(work, row, by)
            tasks.change(work.connection, task_id, assignee_id=None, claimed_at=None)
            self._note(work, row, "task_released", by, row.task_element_id, task=task_id)

    def hand_over_task(self, task_id: str, to_id: str, by: Person, reason: str = "") -> None:
        """Give a task to a colleague who may do it. Raises: NotAllowed with its reason, for the one who gives or the one who takes."""
        with self._command() as work:
            row = self._open_task(work, task_id, by)
            if not by.is_in(*STEWARDS):
                self._check_holds(work, row, by)
            to = Accounts(work.connection).get(to_id)
            facts = self._facts(row)
            free = replace(facts, assignee_id=None)
            self._access(work).check_may_claim(free, to)
            tasks.change(work.connection, task_id, assignee_id=to.id, claimed_at=self._now())
            self._note(work, row, "task_handed_over", by, row.task_element_id, task=task_id, to=to.id,
                       held_by=row.task_assignee_id, reason=reason.strip())

    def complete_task(self, task_id: str, form: Mapping[str, Any], by: Person) -> None:
        """Complete a task with the data of its form.

        Args:
            form: typed or textual values by field, as `Form.parse` or JSON gives them; empty for a task without form.
        Raises: NotAllowed with its reason; FormInvalid, naming each fault by field; NoForm; AlreadyCompleted; NotActive.
        """
        with self._command() as work:
            row = self._open_task(work, task_id, by)
            self._access(work).check_may_complete(self._facts(row), by, _standing(row, by))
            case = self._case(work, row)
            wait = case.run.waits().get(task_id)
            if wait is None or wait.kind != "user":
                raise tasks.AlreadyCompleted(task_id=task_id)
            data = self._checked(case, wait, row.task_form_key, form)
            self._complete(work, case, wait, data, by)

    def save_draft(self, task_id: str, form: Mapping[str, Any], by: Person) -> None:
        """Keep what was typed and not sent. It is checked only when the task is completed. Raises: NotAllowed; AlreadyCompleted."""
        with self._command() as work:
            row = self._open_task(work, task_id, by)
            self._access(work).check_may_complete(self._facts(row), by, _standing(row, by))
            tasks.change(work.connection, task_id, draft=values.plain(dict(form)), draft_at=self._now(), draft_by=by.id)

    def change_draft(self, task_id: str, change: Callable[[Mapping[str, Any] | None], Mapping[str, Any]], by: Person) -> None:
        """Change a part of what was typed and not sent, so that two pages of one form do not undo each other.

        Args:
            change: given the draft as it stands (None: there is none), gives the draft as it shall be. What it raises changes nothing.
        Raises: NotAllowed; AlreadyCompleted.
        """
        with self._command() as work:
            row = self._open_task(work, task_id, by)
            self._access(work).check_may_complete(self._facts(row), by, _standing(row, by))
            kept = work.connection.scalar(select(user_task.c.draft).where(user_task.c.id == task_id))
            tasks.change(work.connection, task_id, draft=values.plain(dict(change(kept))), draft_at=self._now(), draft_by=by.id)

    def follow_up_task(self, task_id: str, at: datetime | None, by: Person) -> None:
        """Put a task out of sight until a moment; None brings it back. Raises: NotAllowed; AlreadyCompleted."""
        with self._command() as work:
            row = self._open_task(work, task_id, by)
            self._access(work).check_may_complete(self._facts(row), by, _standing(row, by))
            tasks.change(work.connection, task_id, follow_up_at=at)
            self._note(work, row, "task_followed_up", by, row.task_element_id, task=task_id, at=at.isoformat() if at else None)

    def prioritise_task(self, task_id: str, priority: int, by: Person) -> None:
        """Say how much a task matters, 0 to 100. Raises: NotAPriority; NotAllowed; AlreadyCompleted."""
        if not 0 <= priority <= 100:
            raise NotAPriority(priority=priority)
        with self._command() as work:
            row = self._open_task(work, task_id, by)
            self._check_staff(by)
            tasks.prioritise(work.connection, task_id, priority)
            self._note(work, row, "task_prioritised", by, row.task_element_id, task=task_id, priority=priority)

    def add_comment(self, instance_id: str, text: str, by: Person, task_id: str | None = None) -> str:
        """Write a remark beside a case or one of its tasks, for colleagues. Raises: NotAllowed, for people of the outside; NoText."""
        self._check_staff(by)
        if not 0 < len(text.strip()) <= LONGEST_COMMENT:
            raise NoText()
        with self._command() as work:
            row = work.lock_instance(instance_id)
            comment_id = token_hex(16)
            work.connection.execute(
                insert(comment).values(
                    id=comment_id, instance_id=instance_id, task_id=task_id, at=self._now(), by_id=by.id, text=text.strip()
                )
            )
            self._note(work, row, "comment_added", by, comment=comment_id, task=task_id)
        return comment_id

    def _complete(self, work: UnitOfWork, case: Case, wait: Wait, data: Mapping[str, Any], by: Person) -> None:
        case.tell("task_completed", wait.element, by.id, personal={"values": dict(data)}, task=wait.token)
        self._step(work, case, lambda under_way: under_way.complete(wait.token, data), by)

    def _open_task(self, work: UnitOfWork, task_id: str, by: Person) -> Row[Any]:
        row = work.lock_found(tasks.WITH_INSTANCE, task=task_id, person=by.id)
        if row is None or not (by.is_staff or row.is_party):
            raise tasks.TaskNotFound(task_id=task_id)
        if row.task_state != TaskState.OPEN:
            raise tasks.AlreadyCompleted(task_id=task_id, completed_by=row.task_closed_by)
        return row

    def _facts(self, row: Row[Any]) -> TaskFacts:
        element = self._bundle(row).program.element(row.task_process_id, row.task_element_id)
        return TaskFacts(row.task_id, row.id, row.task_definition_id, row.task_process_id, row.task_element_id, row.task_state,
                         row.task_assignee_id, tuple(sorted(tasks.groups_of(row))), element.ext.not_who_did)

    def _check_holds(self, work: UnitOfWork, row: Row[Any], by: Person) -> None:
        if row.task_assignee_id == by.id:
            return
        if row.task_assignee_id is None:
            raise NotAllowed("claim", _NOT_HELD, self._access(work).who_can(self._facts(row)), task_id=row.task_id)
        holder = Accounts(work.connection).names([row.task_assignee_id]).get(row.task_assignee_id, "?")
        raise NotAllowed("claim", _HELD_BY.format(holder=holder), (holder,), task_id=row.task_id)

    def _checked(self, case: Case, wait: Wait, form_key: str | None, data: Mapping[str, Any]) -> dict[str, Any]:
        if form_key is None:
            if data and not self.values_without_form:
                raise NoForm(task_id=wait.token, fields=sorted(data))
            return dict(data)
        form = case.bundle.form(wait.process, form_key)
        return form.validate(data, case.run.inputs(wait.token), validators=self.validators, functions=case.host.functions(wait.scope, []))


def _standing(row: Row[Any], who: Person) -> Standing:
    return Standing(row.may_answer, frozenset(element for element, people in row.performers.items() if who.id in people))


_NOT_HELD = Text("Personne n’a pris cette tâche : prenez-la d’abord.", "Nobody has taken this task: take it first.")
_HELD_BY = Text("{holder} a pris cette tâche, pas vous.", "{holder} has taken this task, not you.")
