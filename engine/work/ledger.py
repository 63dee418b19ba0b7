"""The ledger of deadlines: what is due in which case, why, and what people have added.

Owns: the `deadline` rows.
Leaves: the sum to `reckoning`; timers to whoever called (`Reckoned.deadline_id` says whose must be reckoned anew); who the
four eyes belong to beyond "not the same person" to `engine.people`.
Promises: a deadline opens once for its instance, scope, rule and anchor; an extension is granted by another person than the one
who asked, within what the rule allows; nothing is added to a closed deadline.
Rule: four eyes on a change of date; a rule without extension allows none, whoever set it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, select, update

from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.states import DeadlineState
from engine.store.tables import deadline
from engine.store.upserts import Upsert
from engine.texts import NO_TEXT, Text
from engine.work.calendars import Calendar
from engine.work.explanations import Explanation
from engine.work.reckoning import Extension, Pause, Reckoning, reckon
from engine.work.rules import Rule

_LIVING = (DeadlineState.OPEN, DeadlineState.PAUSED)
_WRITE = Upsert(deadline, lambda new: {"state": new.state, "closed_at": new.closed_at})


class NoSuchDeadline(NotFound):
    """This case has no such deadline."""

    fr = "Ce dossier n’a pas d’échéance de ce nom."


class DeadlineClosed(Conflict):
    """This deadline is closed; its day does not change any more."""

    fr = "Cette échéance est close ; son jour ne change plus."


class ExtensionRefused(Invalid):
    """This deadline cannot be extended like that: {why}."""

    fr = "Cette échéance ne peut pas être prolongée ainsi : {why}."


class PauseRefused(Invalid):
    """This deadline cannot be paused or resumed like that: {why}."""

    fr = "Cette échéance ne peut pas être mise en pause ou reprise ainsi : {why}."


@dataclass(frozen=True, slots=True)
class Entry:
    """One deadline as its row tells it."""

    id: str
    instance_id: str
    definition_id: str
    scope: str
    rule: str
    subject: str
    subject_en: str
    basis: str
    anchor_on: date
    due_on: date
    lapses_at: datetime
    warns_at: datetime
    explanation: Explanation
    extensions: tuple[Extension, ...]
    pauses: tuple[Pause, ...]
    state: DeadlineState
    created_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, row: Row[Any]) -> Entry:
        """Read a row of the `deadline` table, joined to others or not."""
        return cls.of_values(row._mapping)

    @classmethod
    def of_values(cls, columns: Mapping[Any, Any]) -> Entry:
        """Read the values of a row by the names of its columns; other names are left out."""
        values = {name: columns[name] for name in cls.__slots__}
        return cls(**values | {
            "explanation": Explanation.of(values["explanation"]),
            "extensions": tuple(Extension.of(one) for one in values["extensions"]),
            "pauses": tuple(Pause.of(one) for one in values["pauses"]),
            "state": DeadlineState(values["state"]),
        })

    def to_row(self) -> dict[str, Any]:
        """The values of its row, by column."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "explanation": self.explanation.to_json(), "extensions": [one.to_json() for one in self.extensions],
            "pauses": [one.to_json() for one in self.pauses]}

    def closed(self, state: DeadlineState, at: datetime) -> Entry:
        """The same, closed as met, missed or dropped; one closed before stays as it is."""
        return replace(self, state=state, closed_at=at) if self.state in _LIVING else self

    @property
    def extended_days(self) -> int:
        return sum(extension.days for extension in self.extensions if extension.granted_by)

    @property
    def asked(self) -> int | None:
        """Number of the extension that waits for its grant, None when none does."""
        return next((number for number, extension in enumerate(self.extensions) if extension.waits), None)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A deadline whose day has changed; the timers of `deadline_id` must be reckoned anew."""

    deadline_id: str
    before: date
    entry: Entry


class Ledger:
    """The deadlines of one connection's transaction. Callers hold the lock of the instance."""

    def __init__(self, connection: Connection, calendar: Calendar) -> None:
        self.connection, self.calendar = connection, calendar

    def open(self, instance_id: str, definition_id: str, scope: str, rule: Rule, anchor: date, *, now: datetime,
             subject: Text = NO_TEXT) -> Entry:
        """Open a deadline, or find it when it was opened before (whatever its state now).

        Args:
            definition_id: whose deadlines.yaml the rule is from. subject: which one of several, "NC 3".
        Raises: RuleNotInForce, when no version covers the anchor day.
        """
        found = self.find(instance_id, scope, rule.id, anchor)
        if found is None:
            found = self.new(instance_id, definition_id, scope, rule, anchor, now=now, subject=subject)
            self.write([found])
        return found

    def new(self, instance_id: str, definition_id: str, scope: str, rule: Rule, anchor: date, *, now: datetime,
            subject: Text = NO_TEXT) -> Entry:
        """A deadline about to open, not written yet. Arguments and errors as of `open`."""
        reckoning = reckon(rule, anchor, calendar=self.calendar)
        return Entry(uuid4().hex, instance_id, definition_id, scope, rule.id, subject.fr, subject.en, rule.at(anchor).basis, anchor,
                     reckoning.due_on, reckoning.lapses_at, reckoning.warns_at, reckoning.explanation, (), (), DeadlineState.OPEN, now,
                     None)

    def write(self, entries: Iterable[Entry]) -> None:
        """Write deadlines that open and deadlines that close, in one statement."""
        _WRITE.write(self.connection, [entry.to_row() for entry in entries])

    def find(self, instance_id: str, scope: str, rule: str, anchor: date) -> Entry | None:
        """Find a deadline by what makes it one."""
        row = self.connection.execute(select(deadline).where(
            deadline.c.instance_id == instance_id, deadline.c.scope == scope, deadline.c.rule == rule,
            deadline.c.anchor_on == anchor)).first()
        return Entry.of(row) if row else None

    def get(self, deadline_id: str) -> Entry:
        """Find a deadline by id. Raises: NoSuchDeadline."""
        row = self.connection.execute(select(deadline).where(deadline.c.id == deadline_id)).first()
        if row is None:
            raise NoSuchDeadline(deadline_id=deadline_id)
        return Entry.of(row)

    def of_instance(self, instance_id: str) -> list[Entry]:
        """All deadlines of a case, soonest first."""
        rows = self.connection.execute(
            select(deadline).where(deadline.c.instance_id == instance_id).order_by(deadline.c.due_on, deadline.c.id))
        return [Entry.of(row) for row in rows]

    def ask_extension(self, deadline_id: str, rule: Rule, days: int, reason: str, *, by: str, now: datetime) -> Entry:
        """Ask for more days. Nothing changes until another person grants them.

        Args:
            days: civil days, 1 or more. by: id of the person who asks.
        Raises: ExtensionRefused, when the rule allows none, or not so many, or no reason is given; DeadlineClosed.
        """
        entry = self._living(deadline_id)
        if entry.asked is not None:
            raise ExtensionRefused(why=_ONE_AT_A_TIME)
        _check_extension(entry, rule, days, reason, self.calendar)
        return self._extensions(entry, (*entry.extensions, Extension(days, reason.strip(), by, now)))

    def grant_extension(self, deadline_id: str, rule: Rule, *, by: str, now: datetime) -> Reckoned:
        """Grant the extension that was asked for.

        Raises: NotAllowed (`four_eyes`), when the same person asked; ExtensionRefused, when none waits or too many days by now.
        """
        entry, asked = self._waiting(deadline_id)
        if asked.asked_by == by:
            raise NotAllowed("four_eyes", _OTHER_PERSON, deadline_id=deadline_id)
        _check_extension(entry, rule, asked.days, asked.reason, self.calendar)
        granted = Extension(asked.days, asked.reason, asked.asked_by, asked.asked_at, by, self.calendar.day_of(now))
        return self._reckon(entry, rule, _swap(entry.extensions, asked, granted), entry.pauses)

    def refuse_extension(self, deadline_id: str, *, by: str) -> Entry:
        """Refuse the extension that was asked for; the deadline stays as it is. Raises: ExtensionRefused, when none waits."""
        entry, asked = self._waiting(deadline_id)
        refused = Extension(asked.days, asked.reason, asked.asked_by, asked.asked_at, refused_by=by)
        return self._extensions(entry, _swap(entry.extensions, asked, refused))

    def pause(self, deadline_id: str, rule: Rule, reason: str, *, by: str, now: datetime) -> Entry:
        """Stop counting from today. Its timers must be paused until it is resumed.

        Raises: PauseRefused, when the rule allows no pause, it is paused already or no reason is given; DeadlineClosed.
        """
        entry = self._living(deadline_id)
        if not rule.at(entry.anchor_on).pause:
            raise PauseRefused(why=_NO_PAUSE)
        if entry.state is DeadlineState.PAUSED:
            raise PauseRefused(why=_PAUSED_ALREADY)
        if not reason.strip():
            raise PauseRefused(why=_NO_REASON)
        pauses = (*entry.pauses, Pause(self.calendar.day_of(now), reason.strip(), by))
        return self._reckon(entry, rule, entry.extensions, pauses, DeadlineState.PAUSED).entry

    def resume(self, deadline_id: str, rule: Rule, *, now: datetime) -> Reckoned:
        """Count again from today; the days of the pause are kept. Raises: PauseRefused, when it is not paused."""
        entry = self._living(deadline_id)
        if entry.state is not DeadlineState.PAUSED:
            raise PauseRefused(why=_NOT_PAUSED)
        standing = entry.pauses[-1]
        ended = Pause(standing.from_on, standing.reason, standing.by, self.calendar.day_of(now))
        return self._reckon(entry, rule, entry.extensions, (*entry.pauses[:-1], ended), DeadlineState.OPEN)

    def _living(self, deadline_id: str) -> Entry:
        entry = self.get(deadline_id)
        if entry.state not in _LIVING:
            raise DeadlineClosed(deadline_id=deadline_id, state=entry.state)
        return entry

    def _waiting(self, deadline_id: str) -> tuple[Entry, Extension]:
        entry = self._living(deadline_id)
        if entry.asked is None:
            raise ExtensionRefused(why=_NONE_ASKED)
        return entry, entry.extensions[entry.asked]

    def _extensions(self, entry: Entry, extensions: tuple[Extension, ...]) -> Entry:
        self.connection.execute(update(deadline).where(deadline.c.id == entry.id).values(extensions=[one.to_json() for one in extensions]))
        return self.get(entry.id)

    def _reckon(self, entry: Entry, rule: Rule, extensions: tuple[Extension, ...], pauses: tuple[Pause, ...],
                state: DeadlineState | None = None) -> Reckoned:
        reckoning = reckon(rule, entry.anchor_on, extensions, pauses, calendar=self.calendar)
        self.connection.execute(update(deadline).where(deadline.c.id == entry.id).values(
            extensions=[one.to_json() for one in extensions], pauses=[one.to_json() for one in pauses], state=state or entry.state,
            **_sum(reckoning)))
        return Reckoned(entry.id, entry.due_on, self.get(entry.id))


def most_days(entry: Entry, rule: Rule, calendar: Calendar) -> int:
    """How many more days may be granted; 0 when the rule allows none."""
    maximum = rule.at(entry.anchor_on).extension
    base = rule.at(entry.anchor_on).length.after(entry.anchor_on)
    return max((maximum.after(base) - base).days - entry.extended_days, 0)


def _check_extension(entry: Entry, rule: Rule, days: int, reason: str, calendar: Calendar) -> None:
    if not rule.at(entry.anchor_on).extension:
        raise ExtensionRefused(why=_NO_EXTENSION_LAW if entry.basis == "law" else _NO_EXTENSION)
    if not reason.strip():
        raise ExtensionRefused(why=_NO_REASON)
    left = most_days(entry, rule, calendar)
    if not 1 <= days <= left:
        raise ExtensionRefused(why=_TOO_MANY.format(left=left))


def _sum(reckoning: Reckoning) -> dict[str, object]:
    return {"due_on": reckoning.due_on, "lapses_at": reckoning.lapses_at, "warns_at": reckoning.warns_at,
            "explanation": reckoning.explanation.to_json()}


def _swap(extensions: tuple[Extension, ...], old: Extension, new: Extension) -> tuple[Extension, ...]:
    return tuple(new if one is old else one for one in extensions)


_NO_EXTENSION = Text("sa règle n’en permet aucune", "its rule allows none")
_NO_EXTENSION_LAW = Text("c’est un délai légal, sans prolongation possible", "it is set by law and allows none")
_NO_REASON = Text("il faut un motif", "a reason is needed")
_TOO_MANY = Text("de 1 à {left} jours au plus", "1 to {left} days at most")
_ONE_AT_A_TIME = Text("une demande attend déjà", "a request is waiting already")
_NONE_ASKED = Text("aucune demande n’attend", "no request is waiting")
_OTHER_PERSON = Text("Vous avez demandé cette prolongation : une autre personne l’accorde.",
                     "You asked for this extension: another person grants it.")
_NO_PAUSE = Text("sa règle ne permet pas de pause", "its rule allows no pause")
_PAUSED_ALREADY = Text("elle est déjà en pause", "it is paused already")
_NOT_PAUSED = Text("elle n’est pas en pause", "it is not paused")
