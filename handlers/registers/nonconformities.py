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

from sqlalchemy import Connection, delete, insert, select, update

from engine.clock import Clock
from engine.errors import NotFound
from handlers.registers.tables import nonconformity


class NonconformityState(StrEnum):
    OPEN = "open"
    PLAN_ACCEPTED = "plan_accepted"     # a minor whose action plan the auditor accepted: checked at the next audit
    LIFTED = "lifted"
    LAPSED = "lapsed"


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


class Nonconformities:
    """The register of non-conformities, inside one transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def enter(self, instance_id: str, organisation_id: str | None, found: Sequence[Nonconformity]) -> None:
        """Enter the findings of a case's audit, in place of those that are still open."""
        settled = {known.number for known in self.of_case(instance_id) if known.state != NonconformityState.OPEN}
        self._connection.execute(delete(nonconformity).where(
            nonconformity.c.instance_id == instance_id, nonconformity.c.state == NonconformityState.OPEN))
        rows = [{"id": uuid.uuid4().hex, "instance_id": instance_id, "organisation_id": organisation_id, "number": one.number,
                 "indicator": one.indicator, "gravity": one.gravity, "counted_as": one.counted_as, "fact": one.fact,
                 "requirement": one.requirement, "risk": one.risk, "found_on": one.found_on, "state": NonconformityState.OPEN}
                for one in found if one.number not in settled]
        if rows:
            self._connection.execute(insert(nonconformity), rows)

    def settle(self, instance_id: str, number: int, state: NonconformityState) -> None:
        """Write what became of one; the same again changes nothing, not even the moment.

        Raises: NonconformityNotFound, when the case has none of that number.
        """
        known = next((one for one in self.of_case(instance_id) if one.number == number), None)
        if known is None:
            raise NonconformityNotFound(number=number, instance_id=instance_id)
        if known.state != state:
            self._connection.execute(update(nonconformity).values(state=state, settled_at=self._clock.now()).where(
                nonconformity.c.instance_id == instance_id, nonconformity.c.number == number))

    def of_case(self, instance_id: str) -> tuple[Nonconformity, ...]:
        """List the findings of a case, in order of finding."""
        rows = self._connection.execute(select(nonconformity).where(nonconformity.c.instance_id == instance_id)
                                        .order_by(nonconformity.c.number))
        return tuple(Nonconformity(r.number, r.indicator, r.gravity, r.counted_as, r.fact, r.requirement, r.risk, r.found_on,
                                   NonconformityState(r.state), r.settled_at, r.instance_id) for r in rows)
