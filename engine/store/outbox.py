"""What concerns another instance, kept until it is done.

Owns: the `outbox` rows. They are written in the transaction that throws a message or signal, and closed in the transaction that delivers
it, so that a delivery is neither lost nor done twice.
Leaves: who receives to `engine.service.messages`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, insert, select, update

from engine import values
from engine.ids import in_order
from engine.store.tables import outbox


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to deliver. `kind` is `message`, `signal`, or `signal_to` (a signal to one subscription)."""

    id: str
    kind: str
    payload: Mapping[str, Any]


def put(connection: Connection, items: Sequence[tuple[str, Mapping[str, Any]]], at: datetime) -> None:
    """Add things to deliver, in order, in one statement."""
    rows = [{"id": in_order(), "kind": kind, "payload": values.encode(dict(payload)), "created_at": at}
            for kind, payload in items]
    if rows:
        connection.execute(insert(outbox), rows)


_WAITING = (select(outbox.c.id).where(outbox.c.done_at.is_(None)).order_by(outbox.c.created_at, outbox.c.id)
            .limit(bindparam("most", type_=Integer)))


#: Since when the oldest thing that is not delivered yet has waited.
EARLIEST = select(outbox.c.created_at).where(outbox.c.done_at.is_(None)).order_by(outbox.c.created_at).limit(1)


def waiting(connection: Connection, limit: int = 100) -> list[str]:
    """List the ids of what is not delivered yet, oldest first."""
    return list(connection.scalars(_WAITING, {"most": limit}))


def take(connection: Connection, item_id: str, at: datetime) -> Item | None:
    """Take one thing to deliver it in this transaction; None when somebody else has or does."""
    query = select(outbox).where(outbox.c.id == item_id, outbox.c.done_at.is_(None)).with_for_update(skip_locked=True)
    row = connection.execute(query).first()
    if row is None:
        return None
    connection.execute(update(outbox).where(outbox.c.id == item_id).values(done_at=at))
    return Item(row.id, row.kind, values.decode(row.payload))


def reopen(connection: Connection, item_id: str) -> bool:
    """Have one thing delivered again that could not be; tell whether there is one of that id."""
    return connection.execute(update(outbox).where(outbox.c.id == item_id).values(done_at=None)).rowcount == 1
