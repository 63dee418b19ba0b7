"""The chain of events of one case.

Owns: adding `event` rows, and the hash that binds each to the one before.
Leaves: which events there are to whoever does something; their words to `words`; proof to `evidence`.
Promises: events are only added, in the transaction that did what they tell; personal values are covered by a salted hash, so that
they can be erased without breaking the chain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import orjson
from sqlalchemy import Connection, insert

from engine.store.tables import event
from engine.values import plain

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that has happened, not yet in the chain.

    Attributes:
        kind: subject and past participle, "task_completed". actor_id: the person, None for the machine.
        data: public facts. personal: values that may have to be erased one day (what a person typed).
    """

    kind: str
    element_id: str | None = None
    actor_id: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Chain:
    """The end of a case's chain: number and hash of its last event. It moves on as events are added."""

    instance_id: str
    seq: int
    hash: str

    @classmethod
    def new(cls, instance_id: str) -> Chain:
        """The chain of a case in which nothing has happened yet."""
        return cls(instance_id, 0, genesis(instance_id))

    def append(self, connection: Connection, events: Sequence[NewEvent], at: datetime) -> None:
        """Add events, all of one moment, in one statement.

        Args:
            at: aware. The caller writes `seq` and `hash` to the instance row in the same transaction.
        """
        rows = [self._row(one, at) for one in events]
        if rows:
            connection.execute(insert(event), rows)

    def _row(self, new: NewEvent, at: datetime) -> dict[str, Any]:
        personal = plain(new.personal) if new.personal is not None else None
        salt = token_hex(SALT_BYTES) if personal is not None else None
        row = {"instance_id": self.instance_id, "seq": self.seq + 1, "at": at, "kind": new.kind, "element_id": new.element_id,
               "actor_id": new.actor_id, "data": plain(new.data), "personal": personal, "personal_salt": salt,
               "personal_hash": personal_hash(personal, salt) if salt else None, "prev_hash": self.hash}
        row["hash"] = event_hash(row)
        self.seq, self.hash = self.seq + 1, row["hash"]
        return row


def genesis(instance_id: str) -> str:
    """The hash that stands before a case's first event: it binds the chain to its case."""
    return hashlib.sha256(b"jalon:" + instance_id.encode()).hexdigest()


def event_hash(row: Mapping[str, Any]) -> str:
    """The hash of an event: over all it tells, its personal values through theirs, and the hash before it."""
    told = {name: row[name] for name in ("instance_id", "seq", "kind", "element_id", "actor_id", "data", "personal_hash", "prev_hash")}
    return hashlib.sha256(canonical({**told, "at": moment_text(row["at"])})).hexdigest()


def personal_hash(personal: Any, salt: str) -> str:
    """The salted hash of personal values: it tells nothing about them once they and the salt are gone."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical(personal)).hexdigest()


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and without spaces, the same wherever it is written."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def moment_text(at: datetime | str) -> str:
    """A moment in UTC to the microsecond, as the hash covers it."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
