"""Signs of life of the processes that do the work: who is there, since when, seen last, and when the next alarm is set.

Owns: the `worker_sign` rows.
Leaves: giving signs to `engine.worker`, telling silence to the page.
Promises: a worker has one row; one that has long been silent is forgotten by the next sign of another.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, update

from engine.store.tables import worker_sign

SILENT_AFTER = timedelta(minutes=3)
_FORGOTTEN_AFTER = timedelta(days=2)


def give(connection: Connection, owner: str, at: datetime, alarm_at: datetime | None) -> None:
    """Say that a worker is there. `alarm_at`: when it will look by itself next, None for not at all."""
    seen = {"seen_at": at, "alarm_at": alarm_at}
    if connection.execute(update(worker_sign).where(worker_sign.c.owner == owner).values(seen)).rowcount == 0:
        connection.execute(insert(worker_sign).values(owner=owner, started_at=at, **seen))
        connection.execute(delete(worker_sign).where(worker_sign.c.seen_at < at - _FORGOTTEN_AFTER))


def leave(connection: Connection, owner: str) -> None:
    """Say that a worker stops."""
    connection.execute(delete(worker_sign).where(worker_sign.c.owner == owner))
