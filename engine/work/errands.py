"""Errands: an external handler run outside any case, for a letter that belongs to none yet.

Owns: the `errand` rows, who works on one (the lease), when it is tried next.
Leaves: running the handler to `engine.service.errands`; threads to `engine.worker`.
Promises: an errand is there if and only if the command that asked for it committed; it is tried under the same key each time, so that a
mailer sends once; what it was given, secret links included, is gone once it is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, update

from engine import values
from engine.states import JobState
from engine.store.tables import errand
from engine.work.alarm import earliest

LEASE_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Errand:
    """An errand that a worker holds. `tries` counts this try; `process` is the folder whose letters it reads."""

    id: str
    handler: str
    process: str
    inputs: Mapping[str, Any]
    tries: int
    max_tries: int
    owner: str


def ask(connection: Connection, handler: str, process: str, inputs: Mapping[str, Any], *, at: datetime, max_tries: int,
        about: str = "") -> str:
    """Have something done at once, and tell its key. `about`: the id with which it is erased."""
    errand_id = token_hex(16)
    connection.execute(insert(errand).values(
        id=errand_id, about=about, handler=handler, process=process, inputs=values.encode(dict(inputs)), state=JobState.READY, run_at=at,
        tries=0, max_tries=max_tries, created_at=at))
    return errand_id


def claim(connection: Connection, owner: str, at: datetime) -> Errand | None:
    """Take the errand that has been due longest, that of a worker whose lease ran out included. Each claim uses one try."""
    is_due = or_(and_(errand.c.state == JobState.READY, errand.c.run_at <= at),
                 and_(errand.c.state == JobState.RUNNING, errand.c.lease_until <= at))
    row = connection.execute(select(errand).where(is_due).order_by(errand.c.run_at, errand.c.id).limit(1)
                             .with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    connection.execute(update(errand).where(errand.c.id == row.id).values(
        state=JobState.RUNNING, tries=row.tries + 1, lease_owner=owner, lease_until=at + timedelta(seconds=LEASE_SECONDS)))
    inputs = values.decode(row.inputs) if row.inputs else {}
    return Errand(row.id, row.handler, row.process, inputs, row.tries + 1, row.max_tries, owner)


def done(connection: Connection, held: Errand, at: datetime) -> None:
    """Close an errand that is done; what it was given is thrown away."""
    connection.execute(update(errand).where(_held(held)).values(
        state=JobState.DONE, inputs=None, lease_until=None, lease_owner=None, closed_at=at))


def failed(connection: Connection, held: Errand, at: datetime, error: str, again_at: datetime | None) -> None:
    """Note a failure: tried again at a moment, or given up with None."""
    after: dict[str, Any] = {"state": JobState.READY, "run_at": again_at} if again_at else {"state": JobState.FAILED, "closed_at": at}
    connection.execute(update(errand).where(_held(held)).values(last_error=error, lease_until=None, lease_owner=None, **after))


def first_due(connection: Connection) -> datetime | None:
    """Tell when the next errand is due, or the next lease runs out."""
    return earliest(connection, MOMENTS)


def _held(held: Errand) -> Any:
    return (errand.c.id == held.id) & (errand.c.lease_owner == held.owner) & (errand.c.tries == held.tries)


#: Queries for the moments at which there is something to do.
MOMENTS: tuple[Select[tuple[datetime]], ...] = (
    select(errand.c.run_at).where(errand.c.state == JobState.READY).order_by(errand.c.run_at).limit(1),
    select(func.min(errand.c.lease_until, type_=errand.c.run_at.type)).where(errand.c.state == JobState.RUNNING))
