"""The non-conformities: what was found, how it counts, and what became of it.

Owns: the rows of `nonconformity`.
Leaves: gravity and counting to `handlers.qualiopi.findings`; deadlines to the engine's ledger.
Promises: entering the findings of a case again replaces those still open and touches none that is settled.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from engine.clock import Clock
from engine.errors import NotFound
from handlers.registers.tables import nonconformity


class NonconformityState(StrEnum):
    OPEN = "open"
    PLAN_ACCEPTED = "plan_accepted"     # a minor whose action plan the auditor accepted: checked at the next audit
    LIFTED = "lifted"
    LAPSED = "lapsed"
    EVIDENCE_RECEIVED = "evidence_received"     # a minor with its plan: evidence came in its six months, the next audit judges it
    ACTION_OVER = "action_over"         # a minor with its plan: the six months passed without evidence, the next audit judges it


#: Minors of a certified client that the next audit checks; one that is not lifted there becomes major.
FOR_THE_NEXT_AUDIT = (NonconformityState.PLAN_ACCEPTED, NonconformityState.EVIDENCE_RECEIVED, NonconformityState.ACTION_OVER)


class NonconformityNotFound(NotFound):
    """This case has no non-conformity number {number}."""

    fr = "Ce dossier n’a pas de non-conformité numéro {number}."


@dataclass(frozen=True)
class Nonconformity:
    """A finding of an audit. `gravity` is as found, `counted_as` as the counting rule makes it."""

    number: int
    indicator: int
    gravity: str
    counted_as: str
    fact: str
    requirement: str
    risk: str | None
    found_on: date
    state: NonconformityState = NonconformityState.OPEN
    settled_at: datetime | None = None
    instance_id: str = ""
    due_on: date | None = None          #: last day of the time limit it has (plan accepted) or had (lapsed)


class Nonconformities:
    """The register of non-conformities, inside one transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def enter(self, instance_id: str, organisation_id: str | None, found: Sequence[Nonconformity]) -> None:
        """Enter the findings of a case's audit, in place of those that are still open."""
        known = self.of_case(instance_id)
        settled = {one.number for one in known if one.state != NonconformityState.OPEN}
        if len(settled) < len(known):
            self._connection.execute(delete(nonconformity).where(
                nonconformity.c.instance_id == instance_id, nonconformity.c.state == NonconformityState.OPEN))
        rows = [{"id": uuid.uuid4().hex, "instance_id": instance_id, "organisation_id": organisation_id, "number": one.number,
                 "indicator": one.indicator, "gravity": one.gravity, "counted_as": one.counted_as, "fact": one.fact,
                 "requirement": one.requirement, "risk": one.risk, "found_on": one.found_on, "state": NonconformityState.OPEN}
                for one in found if one.number not in settled]
        if rows:
            self._connection.execute(insert(nonconformity), rows)

    def settle(self, instance_id: str, number: int, state: NonconformityState, due_on: date | None = None) -> None:
        """Write what became of one; the same again changes nothing, not even the moment.

        Args:
            due_on: last day of the time limit that goes with the state; None keeps what is known.
        Raises: NonconformityNotFound, when the case has none of that number.
        """
        facts = {"state": state, "settled_at": self._clock.now()} | ({"due_on": due_on} if due_on else {})
        written = self._connection.execute(update(nonconformity).values(**facts).where(
            nonconformity.c.instance_id == instance_id, nonconformity.c.number == number, nonconformity.c.state != state))
        if written.rowcount == 0 and not any(one.number == number for one in self.of_case(instance_id)):
            raise NonconformityNotFound(number=number, instance_id=instance_id)

    def of_case(self, instance_id: str) -> tuple[Nonconformity, ...]:
        """List the findings of a case, in order of finding."""
        return self._read(nonconformity.c.instance_id == instance_id)

    def for_next_audit(self, organisation_id: str) -> tuple[Nonconformity, ...]:
        """List the minors of an organisation that its next audit checks, those that were found first to begin with.

        Rule: arrêté of 6 June 2019, art. 5: not lifted there, a minor becomes major.
        """
        return self._read(nonconformity.c.organisation_id == organisation_id, nonconformity.c.state.in_(FOR_THE_NEXT_AUDIT))

    def _read(self, *conditions: ColumnElement[bool]) -> tuple[Nonconformity, ...]:
        rows = self._connection.execute(select(nonconformity).where(*conditions)
                                        .order_by(nonconformity.c.found_on, nonconformity.c.instance_id, nonconformity.c.number))
        return tuple(Nonconformity(r.number, r.indicator, r.gravity, r.counted_as, r.fact, r.requirement, r.risk, r.found_on,
                                   NonconformityState(r.state), r.settled_at, r.instance_id, r.due_on) for r in rows)
