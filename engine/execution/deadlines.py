"""The deadlines of one case inside one command.

Owns: the FEEL functions that name a deadline (`deadline`, `reminders`, `escalations`, `day`), and when a deadline of the ledger opens and
closes.
Leaves: the sum to `engine.work.reckoning`, the rows to `engine.work.ledger`.
Promises: a deadline is read from the ledger at most once a command, and only by a command that needs one; it closes when the last wait
that names it closes: met when what it waited for was done, missed when its timer fired after its last day, else dropped.
Rule: docs/diagrams.md, 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, func, select

from engine.kernel.waits import DeadlineRef
from engine.states import DeadlineState, TaskState
from engine.store.tables import deadline, user_task
from engine.texts import NO_TEXT, Text
from engine.work.calendars import Calendar
from engine.work.ledger import Entry, Ledger
from engine.work.reckoning import Reckoning, reckon
from engine.work.rules import Rule

_MARK = ","
_open_tasks = (select(func.aggregate_strings(user_task.c.id, _MARK))
               .where(user_task.c.deadline_id == deadline.c.id, user_task.c.state == TaskState.OPEN).correlate(deadline).scalar_subquery())
#: The deadlines of a case with the tasks that are open for them, soonest first.
_OF_CASE = (select(deadline, _open_tasks.label("tasks")).where(deadline.c.instance_id == bindparam("instance"))
            .order_by(deadline.c.due_on, deadline.c.id))
_LIVING = (DeadlineState.OPEN, DeadlineState.PAUSED)


class RuleBook(Protocol):
    """Where the rules of a case are: those of its definition and of what it calls."""

    def rule(self, rule_id: str) -> tuple[Rule, str]:
        """A rule and the id of the definition whose deadlines.yaml it is from. Raises: NoSuchRule."""


@dataclass
class Closed:
    """What closed in a step, as far as deadlines go.

    Attributes:
        fired: refs named by timers that fired. left: refs named by boundary timers whose activity was completed.
        tasks: ids of the user tasks closed; completed: of those that were done.
    """

    fired: set[DeadlineRef] = field(default_factory=set)
    left: set[DeadlineRef] = field(default_factory=set)
    tasks: set[str] = field(default_factory=set)
    completed: set[str] = field(default_factory=set)


class DeadlineBook:
    """The deadlines of one case, read when the first is needed."""

    def __init__(self, connection: Connection, calendar: Calendar, rules: RuleBook, instance_id: str, now: datetime) -> None:
        self.ledger = Ledger(connection, calendar)
        self.connection, self.calendar, self.rules = connection, calendar, rules
        self.instance_id, self.now = instance_id, now
        self._entries: dict[DeadlineRef, Entry] | None = None
        self._unwritten: dict[DeadlineRef, Entry] = {}
        self._tasks: dict[str, frozenset[str]] = {}     #: deadline → tasks that were open for it when the ledger was read

    def functions(self, scope: str, seen: list[DeadlineRef]) -> Mapping[str, Callable[..., Any]]:
        """The FEEL functions that tell days and moments of rules. All but `day` name the deadline."""
        def named(rule: Any, anchor: Any) -> Reckoning | None:
            ref = self._ref(rule, anchor, scope)
            if ref is None:
                return None
            reckoning = self.reckon(ref)
            seen.append(ref)
            return reckoning

        def deadline(rule: Any, anchor: Any) -> date | None:
            found = named(rule, anchor)
            return None if found is None else found.due_on

        def reminders(rule: Any, anchor: Any) -> list[datetime] | None:
            found = named(rule, anchor)
            return None if found is None else list(found.reminders)

        def escalations(rule: Any, anchor: Any) -> list[datetime] | None:
            found = named(rule, anchor)
            return None if found is None else list(found.escalations)

        def day(rule: Any, anchor: Any) -> date | None:
            ref = self._ref(rule, anchor, scope)
            return None if ref is None else self.reckon(ref).due_on

        return {"deadline": deadline, "reminders": reminders, "escalations": escalations, "day": day}

    def reckon(self, ref: DeadlineRef) -> Reckoning:
        """Reckon a deadline with what people have added to it. Raises: NoSuchRule; RuleNotInForce."""
        rule, _ = self.rules.rule(ref.rule)
        entry = self.entries().get(ref)
        return reckon(rule, ref.anchor, entry.extensions if entry else (), entry.pauses if entry else (), calendar=self.calendar)

    def entries(self) -> dict[DeadlineRef, Entry]:
        """Every deadline of the case, by what makes it one."""
        if self._entries is None:
            rows = [row._mapping for row in self.connection.execute(_OF_CASE, {"instance": self.instance_id})]
            self._entries = {_key(entry): entry for entry in map(Entry.of_values, rows)}
            self._tasks = {row["id"]: frozenset((row["tasks"] or "").split(_MARK)) - {""} for row in rows}
        return self._entries

    def open(self, ref: DeadlineRef, subject: Text = NO_TEXT) -> tuple[Entry, bool]:
        """Find or open a deadline; tell whether it is new. It is in the ledger once `write` is called, as is what `close` closes."""
        known = self.entries()
        if ref in known:
            return known[ref], False
        rule, definition_id = self.rules.rule(ref.rule)
        known[ref] = self.ledger.new(self.instance_id, definition_id, ref.scope, rule, ref.anchor, now=self.now, subject=subject)
        self._unwritten[ref] = known[ref]
        return known[ref], True

    def close(self, closed: Closed, still_named: Iterable[DeadlineRef]) -> list[tuple[Entry, DeadlineState]]:
        """Close the deadlines that nothing names any more; tell which, and how.

        Args:
            still_named: by timers that wait and by tasks that have just opened; tasks that were open before are known here.
        """
        named = set(still_named)
        settled = [(ref, entry, self._how(ref, entry, closed)) for ref, entry in self.entries().items()
                   if entry.state in _LIVING and ref not in named and not self._tasks.get(entry.id, frozenset()) - closed.tasks]
        for ref, entry, how in settled:
            self.entries()[ref] = self._unwritten[ref] = entry.closed(how, self.now)
        return [(entry, how) for _, entry, how in settled]

    def write(self) -> None:
        """Write what opened and closed, in one statement."""
        self.ledger.write(self._unwritten.values())
        self._unwritten.clear()

    def forget(self) -> None:
        """Read the ledger anew at the next question: somebody has changed a day."""
        self._entries = None

    def _how(self, ref: DeadlineRef, entry: Entry, closed: Closed) -> DeadlineState:
        if closed.completed & self._tasks.get(entry.id, frozenset()) or ref in closed.left:
            return DeadlineState.MET
        if ref in closed.fired and self.now >= entry.lapses_at:
            return DeadlineState.MISSED
        return DeadlineState.DROPPED

    def _ref(self, rule: Any, anchor: Any, scope: str) -> DeadlineRef | None:
        if not isinstance(rule, str) or not isinstance(anchor, date):
            return None     # FEEL: what is asked of nothing is nothing
        return DeadlineRef(rule, self.calendar.day_of(anchor) if isinstance(anchor, datetime) else anchor, scope)


def _key(entry: Entry) -> DeadlineRef:
    return DeadlineRef(entry.rule, entry.anchor_on, entry.scope)
