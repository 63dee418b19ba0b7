"""The audits: who audits whom, when, for how long and on what.

Owns: the rows of `audit`.
Leaves: what was found to `nonconformities`; the decision to the case.
Promises: a case has one audit of a kind; planning it anew changes that one.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

from sqlalchemy import Connection, select, update

from engine.clock import Clock
from engine.store.upserts import Upsert
from handlers.registers.tables import audit

_HALF = Decimal("0.5")
_PLANNED = ("organisation_id", "auditor_id", "audit_on", "half_days", "place", "indicators")
_SCHEDULE = Upsert(audit, lambda new: {name: new[name] for name in _PLANNED}, key=("instance_id", "kind"))


@dataclass(frozen=True)
class Audit:
    """An audit. `days` is its length in days, a multiple of one half; `closed_on` the day of the closing meeting."""

    id: str
    instance_id: str
    kind: str
    organisation_id: str
    auditor_id: str
    audit_on: date
    days: Decimal
    place: str
    indicators: tuple[int, ...]
    closed_on: date | None
    opinion: str | None


class Audits:
    """The register of audits, inside one transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def schedule(self, instance_id: str, kind: str, *, organisation_id: str, auditor_id: str, audit_on: date, days: Decimal,
                 place: str, indicators: Sequence[int]) -> str:
        """Enter the audit of a case, or change the one planned before. Returns: its id.

        Args:
            days: length in days; counted in half-days, so 0.7 is rounded up to 1.
        Rule: ministry's questions and answers on audit length, counted in half-days (qualiopi.md, 4.3).
        """
        facts: dict[str, Any] = {
            "organisation_id": organisation_id, "auditor_id": auditor_id, "audit_on": audit_on,
            "half_days": ceil(days / _HALF), "place": place, "indicators": list(indicators)}
        row = {"id": uuid.uuid4().hex, "instance_id": instance_id, "kind": kind, "created_at": self._clock.now(), **facts}
        return str(_SCHEDULE.write_one(self._connection, row, "id"))

    def close(self, instance_id: str, kind: str, closed_on: date, opinion: str) -> None:
        """Note that the closing meeting was held, with the auditor's opinion; without a planned audit there is nothing to note."""
        self._connection.execute(update(audit).where(audit.c.instance_id == instance_id, audit.c.kind == kind)
                                 .values(closed_on=closed_on, opinion=opinion))

    def of_case(self, instance_id: str, kind: str = "initial") -> Audit | None:
        """Find the audit of a case."""
        return next(iter(self._read(audit.c.instance_id == instance_id, audit.c.kind == kind)), None)

    def of_organisation(self, organisation_id: str) -> tuple[Audit, ...]:
        """List the audits of an organisation, the latest first."""
        return self._read(audit.c.organisation_id == organisation_id)

    def of_auditor(self, auditor_id: str, from_on: date, to_on: date) -> tuple[Audit, ...]:
        """List what an auditor has between two days (each included) by first day, the latest first."""
        return self._read(audit.c.auditor_id == auditor_id, audit.c.audit_on.between(from_on, to_on))

    def _read(self, *conditions: Any) -> tuple[Audit, ...]:
        rows = self._connection.execute(select(audit).where(*conditions).order_by(audit.c.audit_on.desc(), audit.c.id))
        return tuple(Audit(r.id, r.instance_id, r.kind, r.organisation_id, r.auditor_id, r.audit_on, r.half_days * _HALF, r.place,
                           tuple(r.indicators), r.closed_on, r.opinion) for r in rows)
