"""What every read stands on: one connection, one moment, and the names of things.

Owns: `Basis`: names of people, how late something is, deadlines as pages show them.
Leaves: each read to its own module.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from engine.definitions import Library
from engine.errors import NotAllowed
from engine.people.access import Access
from engine.people.accounts import Accounts
from engine.people.person import Person
from engine.queries.shapes import CaseRef, DeadlineView, Standing
from engine.states import DeadlineState
from engine.texts import Text
from engine.work.calendars import Calendar
from engine.work.ledger import Entry, most_days
from engine.work.rules import Rule

STAFF_ONLY = Text("Seules les personnes de la maison le voient.", "Only people of the house see this.")
SOON = timedelta(days=7)  #: a task without a deadline of the ledger is "soon" from here on
_STANDINGS: Mapping[DeadlineState, Standing] = {DeadlineState.MET: "met", DeadlineState.MISSED: "missed", DeadlineState.DROPPED: "dropped"}


@dataclass
class Basis:
    """One read under way."""

    connection: Connection
    library: Library
    calendar: Calendar
    now: datetime
    _names: dict[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.calendar.day_of(self.now)

    @property
    def access(self) -> Access:
        return Access(self.connection, self.calendar, self.library.element_name)

    def learn_names(self, ids: Iterable[str | None]) -> None:
        """Look up the names of people not met before, in one statement."""
        new = {one for one in ids if one} - self._names.keys()
        if new:
            self._names |= dict.fromkeys(new, "?") | Accounts(self.connection).names(new)

    def name(self, person_id: str | None) -> str:
        """The name of a person; "" for nobody."""
        if not person_id:
            return ""
        self.learn_names((person_id,))
        return self._names[person_id]

    def check_staff(self, person: Person) -> None:
        """Raises: NotAllowed (`group`), for people of the outside."""
        if not person.is_staff:
            raise NotAllowed("group", STAFF_ONLY)

    def standing(self, due_at: datetime | None, warns_at: datetime | None = None) -> Standing:
        """Late, soon or on time; "none" without a due moment."""
        if due_at is None:
            return "none"
        if due_at <= self.now:
            return "late"
        return "soon" if (warns_at or due_at - SOON) <= self.now else "on_time"

    def due_day(self, due_at: datetime | None) -> date | None:
        """The last civil day of a due moment: a day that is over at midnight is the one before."""
        return self.calendar.day_of(due_at - timedelta(microseconds=1)) if due_at else None

    def deadline(self, entry: Entry, case: CaseRef) -> DeadlineView:
        """A deadline as pages show it."""
        rule = self._rule(entry)
        living = entry.state in (DeadlineState.OPEN, DeadlineState.PAUSED)
        standing = _STANDINGS.get(entry.state) or (
            "paused" if entry.state is DeadlineState.PAUSED else self.standing(entry.lapses_at, entry.warns_at))
        return DeadlineView(
            id=entry.id, case=case, rule=entry.rule, title=entry.explanation.title, subject=Text(entry.subject, entry.subject_en),
            basis="law" if entry.basis == "law" else "body", anchor_on=entry.anchor_on, due_on=entry.due_on, lapses_at=entry.lapses_at,
            standing=standing, explanation=entry.explanation,
            most_days=most_days(entry, rule, self.calendar) if rule is not None and living else 0,
            may_pause=rule is not None and living and rule.at(entry.anchor_on).pause, asked=entry.asked if living else None,
            extensions=tuple(self._with_names(one.to_json()) for one in entry.extensions),
            pauses=tuple(self._with_names(one.to_json()) for one in entry.pauses), closed_at=entry.closed_at)

    def _rule(self, entry: Entry) -> Rule | None:
        return self.library.package(entry.definition_id).rules.get(entry.rule)

    def _with_names(self, data: dict[str, Any]) -> dict[str, Any]:
        return data | {f"{key}_name": self.name(data[key]) for key in ("asked_by", "granted_by", "refused_by", "by") if data.get(key)}


def case_ref(row: Row[Any]) -> CaseRef:
    """A case from a row with `instance_id`, `business_key` and `title`."""
    return CaseRef(row.instance_id, row.business_key or "", row.title)
