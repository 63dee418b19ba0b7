"""Calendar feeds: one secret address a person, from which a calendar reads their deadlines.

Owns: the `calendar_feed` rows.
Leaves: which deadlines to `engine.queries.agenda`, the file itself to `web`.
Promises: the secret is kept as its SHA-256 only and shown once; a feed of somebody who was made inactive, or belongs to no group of the
house any more, is no feed; a new one ends the one before.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from engine.errors import Invalid, NotFound
from engine.people.accounts import Accounts
from engine.people.person import Person
from engine.store.tables import calendar_feed, person

Scope = Literal["mine", "all"]
SCOPES: tuple[Scope, ...] = ("mine", "all")
_NOTED_EVERY = timedelta(hours=1)


class NoSuchFeed(NotFound):
    """There is no calendar at this address."""

    fr = "Il n’y a pas de calendrier à cette adresse."


class ScopeNotKnown(Invalid):
    """A calendar holds one’s own deadlines or all of them."""

    fr = "Un calendrier contient ses propres échéances, ou toutes."


@dataclass(frozen=True, slots=True)
class Feed:
    """A person's feed, without its secret."""

    scope: Scope
    created_at: datetime
    read_at: datetime | None


class Feeds:
    """The feeds of one connection's transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def of(self, person_id: str) -> Feed | None:
        """The feed somebody has."""
        row = self.connection.execute(select(calendar_feed).where(calendar_feed.c.person_id == person_id)).first()
        return Feed(row.scope, row.created_at, row.read_at) if row is not None else None

    def open(self, person_id: str, scope: str, *, now: datetime) -> str:
        """Make a feed, in place of the one before; tell its secret, which nobody can tell again. Raises: ScopeNotKnown."""
        if scope not in SCOPES:
            raise ScopeNotKnown(scope=scope)
        secret = secrets.token_urlsafe(32)
        self.close(person_id)
        self.connection.execute(insert(calendar_feed).values(person_id=person_id, token_hash=_hash(secret), scope=scope, created_at=now))
        return secret

    def close(self, person_id: str) -> None:
        """End somebody's feed, if they have one."""
        self.connection.execute(delete(calendar_feed).where(calendar_feed.c.person_id == person_id))

    def read(self, secret: str, *, now: datetime) -> tuple[Person, Scope]:
        """Whose feed this is, and of what; its reading is noted once an hour. Raises: NoSuchFeed."""
        row = self.connection.execute(select(calendar_feed, person.c.active).join(person, person.c.id == calendar_feed.c.person_id).where(
            calendar_feed.c.token_hash == _hash(secret))).first()
        whose = Accounts(self.connection).get(row.person_id) if row is not None and row.active else None
        if row is None or whose is None or not whose.is_staff:
            raise NoSuchFeed()
        if row.read_at is None or now - row.read_at > _NOTED_EVERY:
            self.connection.execute(update(calendar_feed).where(calendar_feed.c.person_id == row.person_id).values(read_at=now))
        return whose, row.scope


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
