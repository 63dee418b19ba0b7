"""Messages and signals: who waits for which, and messages that came too early.

Owns: the `subscription` and `message_buffer` rows, and the hash by which a message finds its receiver.
Leaves: delivering to `engine.service.messages`; what the receiver does to `engine.kernel`.
Promises: a message reaches exactly one receiver; one for whom nobody waits is kept for its time to live.
Rule: BPMN 2.0.2, 8.4.2 (correlation) and 10.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, tuple_, update

from engine import values
from engine.ids import in_order
from engine.states import InstanceState
from engine.store.tables import instance, message_buffer, subscription


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A token about to wait for a message, a signal or a condition. `id` is the token."""

    id: str
    kind: str
    name: str
    correlation: str
    instance_id: str
    process_id: str
    element_id: str


@dataclass(frozen=True, slots=True)
class Buffered:
    """A message that came before anybody waited for it."""

    id: str
    payload: Mapping[str, Any]


def correlation_hash(value: Any) -> str:
    """Tell the hash of a correlation value; "" for none. Equal values have equal hashes: 1 and 1.0, a day and its ISO text."""
    return "" if value is None else sha256(orjson.dumps(_plain(value), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, Decimal)):
        return f"{Decimal(value).normalize():f}"
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    return str(value)


def open_subscriptions(connection: Connection, subscriptions: Sequence[NewSubscription], at: datetime) -> None:
    """Let tokens wait, in one statement."""
    if subscriptions:
        connection.execute(insert(subscription), [asdict(one) | {"created_at": at} for one in subscriptions])


_CLOSE = delete(subscription).where(subscription.c.id == bindparam("token"))


def close_subscriptions(connection: Connection, ids: Sequence[str]) -> None:
    """Let tokens wait no longer."""
    if ids:
        connection.execute(_CLOSE, [{"token": one} for one in ids])


def receiver(connection: Connection, name: str, correlation: str) -> tuple[str, str] | None:
    """Find who has waited longest for a message: (token, instance id). A suspended case is not asked."""
    row = connection.execute(
        select(subscription.c.id, subscription.c.instance_id).join(instance, instance.c.id == subscription.c.instance_id)
        .where(subscription.c.kind == "message", subscription.c.name == name, subscription.c.correlation == correlation,
               instance.c.state == InstanceState.ACTIVE)
        .order_by(subscription.c.created_at, subscription.c.id).limit(1)).first()
    return None if row is None else (row.id, row.instance_id)


def still_waits(connection: Connection, token: str) -> bool:
    """Tell whether a token still waits, once its instance is locked."""
    return connection.scalar(select(subscription.c.id).where(subscription.c.id == token)) is not None


def listeners(connection: Connection, signal: str) -> list[tuple[str, str]]:
    """List all who wait for a signal: (token, instance id)."""
    rows = connection.execute(select(subscription.c.id, subscription.c.instance_id)
                              .where(subscription.c.kind == "signal", subscription.c.name == signal)
                              .order_by(subscription.c.created_at, subscription.c.id))
    return [(row.id, row.instance_id) for row in rows]


def buffer(connection: Connection, name: str, correlation: str, payload: Mapping[str, Any], at: datetime, live_for: timedelta) -> str:
    """Keep a message for whom nobody waits yet, for its time to live."""
    new_id = in_order()
    connection.execute(insert(message_buffer).values(id=new_id, name=name, correlation=correlation, payload=values.encode(dict(payload)),
                                                     received_at=at, expires_at=at + live_for))
    return new_id


def take_buffered(connection: Connection, wanted: Sequence[tuple[str, str]], at: datetime) -> tuple[str, str, Buffered] | None:
    """Take the oldest message kept for one of these (name, correlation) pairs; None when there is none."""
    if not wanted:
        return None
    keys = tuple_(message_buffer.c.name, message_buffer.c.correlation).in_(wanted)
    row = connection.execute(
        select(message_buffer).where(keys, message_buffer.c.taken_at.is_(None), message_buffer.c.expires_at > at)
        .order_by(message_buffer.c.received_at, message_buffer.c.id).limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    connection.execute(update(message_buffer).where(message_buffer.c.id == row.id).values(taken_at=at))
    return row.name, row.correlation, Buffered(row.id, values.decode(row.payload))


def matched(connection: Connection, at: datetime, limit: int = 100) -> list[str]:
    """List instances that wait for a message already kept: it and the wait crossed each other on two machines."""
    same = and_(subscription.c.name == message_buffer.c.name, subscription.c.correlation == message_buffer.c.correlation)
    query = (select(subscription.c.instance_id).join(message_buffer, same).join(instance, instance.c.id == subscription.c.instance_id)
             .where(subscription.c.kind == "message", message_buffer.c.taken_at.is_(None), message_buffer.c.expires_at > at,
                    instance.c.state == InstanceState.ACTIVE).distinct().limit(limit))
    return list(connection.scalars(query))


def forget_expired(connection: Connection, at: datetime) -> int:
    """Remove kept messages that were taken or whose time is over; tell how many."""
    return connection.execute(
        delete(message_buffer).where(or_(message_buffer.c.expires_at <= at, message_buffer.c.taken_at.is_not(None)))
    ).rowcount
