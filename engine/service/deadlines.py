"""Commands on deadlines: more days, asked for by one person and granted by another; a pause and its end.

Owns: letting the timers and tasks of a case follow a deadline whose day has changed.
Leaves: the sum, what a rule allows and the four eyes to `engine.work.ledger`.
Promises: after a change of day every timer that names the deadline fires by the new day, and no other timer moves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, bindparam, select

from engine.execution.case import Case
from engine.execution.step import Step
from engine.people.person import Person
from engine.service.commands import Commands
from engine.store.tables import deadline, instance
from engine.store.unit_of_work import Lockable, UnitOfWork
from engine.work import tasks, timers
from engine.work.ledger import Entry, NoSuchDeadline
from engine.work.rules import Rule

_WITH_INSTANCE = Lockable(select(instance, deadline.c.rule.label("deadline_rule"))
                          .join(deadline, deadline.c.instance_id == instance.c.id).where(deadline.c.id == bindparam("deadline")))


class DeadlineCommands(Commands):
    """What people add to a deadline."""

    def ask_extension(self, deadline_id: str, days: int, reason: str, by: Person) -> None:
        """Ask for more days. Raises: NotAllowed, for people of the outside; ExtensionRefused, saying why; DeadlineClosed."""
        def ask(case: Case, rule: Rule) -> None:
            case.book.ledger.ask_extension(deadline_id, rule, days, reason, by=by.id, now=case.at)
            case.tell("extension_asked", by_id=by.id, deadline=deadline_id, rule=rule.id, days=days, reason=reason.strip())

        self._change(deadline_id, by, ask)

    def grant_extension(self, deadline_id: str, by: Person) -> None:
        """Grant the days asked for; timers and tasks follow. Raises: NotAllowed (`four_eyes`), for the person who asked;
        ExtensionRefused."""
        def grant(case: Case, rule: Rule) -> None:
            reckoned = case.book.ledger.grant_extension(deadline_id, rule, by=by.id, now=case.at)
            case.tell("extension_granted", by_id=by.id, deadline=deadline_id, rule=rule.id, from_on=reckoned.before.isoformat(),
                      due_on=reckoned.entry.due_on.isoformat())

        self._check_steward(by)
        self._change(deadline_id, by, grant, follow=True)

    def refuse_extension(self, deadline_id: str, by: Person) -> None:
        """Refuse the days asked for. Raises: NotAllowed; ExtensionRefused, when none waits."""
        def refuse(case: Case, rule: Rule) -> None:
            case.book.ledger.refuse_extension(deadline_id, by=by.id)
            case.tell("extension_refused", by_id=by.id, deadline=deadline_id, rule=rule.id)

        self._check_steward(by)
        self._change(deadline_id, by, refuse)

    def pause_deadline(self, deadline_id: str, reason: str, by: Person) -> None:
        """Stop counting; its timers stand still. Raises: NotAllowed; PauseRefused, saying why; DeadlineClosed."""
        def pause(case: Case, rule: Rule) -> None:
            case.book.ledger.pause(deadline_id, rule, reason, by=by.id, now=case.at)
            case.tell("deadline_paused", by_id=by.id, deadline=deadline_id, rule=rule.id, reason=reason.strip())

        self._check_steward(by)
        self._change(deadline_id, by, pause, then=lambda work, tokens: timers.pause(work.connection, tokens))

    def resume_deadline(self, deadline_id: str, by: Person) -> None:
        """Count again; the days of the pause are kept, timers and tasks follow. Raises: NotAllowed; PauseRefused."""
        def resume(case: Case, rule: Rule) -> None:
            reckoned = case.book.ledger.resume(deadline_id, rule, now=case.at)
            case.tell("deadline_resumed", by_id=by.id, deadline=deadline_id, rule=rule.id, due_on=reckoned.entry.due_on.isoformat())

        self._check_steward(by)
        self._change(deadline_id, by, resume, follow=True, then=lambda work, tokens: timers.resume(work.connection, tokens))

    def _change(self, deadline_id: str, by: Person, change: Callable[[Case, Rule], object], *, follow: bool = False,
                then: Callable[[UnitOfWork, list[str]], object] | None = None) -> None:
        self._check_staff(by)
        with self._command() as work:
            row = self._row(work, deadline_id)
            case = self._case(work, row)
            rule, _ = case.bundle.rule(row.deadline_rule)
            change(case, rule)
            case.book.forget()
            entry = case.book.ledger.get(deadline_id)
            tokens = _timers_of(case, entry)
            if then is not None:
                then(work, tokens)
            if follow:
                tasks.move_due(work.connection, deadline_id, entry.lapses_at)
            self._step(work, case, lambda under_way: _follow(under_way, tokens) if follow else None, by)

    def _row(self, work: UnitOfWork, deadline_id: str) -> Row[Any]:
        row = work.lock_found(_WITH_INSTANCE, deadline=deadline_id)
        if row is None:
            raise NoSuchDeadline(deadline_id=deadline_id)
        return row


def _timers_of(case: Case, entry: Entry) -> list[str]:
    return [wait.token for wait in case.run.waits().values() if wait.kind == "timer" and any(
        (ref.rule, ref.anchor, ref.scope) == (entry.rule, entry.anchor_on, entry.scope) for ref in wait.deadlines)]


def _follow(under_way: Step, tokens: list[str]) -> None:
    for token in tokens:
        under_way.rearm(token)
