"""Secret links mailed to people of the outside: to an application not yet sent, to log in once, to join a case.

Owns: the `mailed_link` rows, and the address a link has.
Leaves: mailing them to errands, what a link opens to `engine.service`; the signed links of case letters to `links`.
Promises: only the SHA-256 of a link is kept, so who reads the database can follow none; one that works once works once, also for two at
the same moment; one that was changed, used or is too old opens nothing and says no more than that.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from engine.people.links import LinkNotValid
from engine.settings import Settings
from engine.states import LinkPurpose
from engine.store.tables import mailed_link

#: Where the pages take each kind of link.
PATHS: Mapping[LinkPurpose, str] = {
    LinkPurpose.INTAKE: "/apply/{token}", LinkPurpose.LOGIN: "/enter/once/{token}", LinkPurpose.INVITATION: "/invitation/{token}"}


@dataclass(frozen=True, slots=True)
class MailedLink:
    """What a link says. `about`: the intake or case it leads to; `data`: of an invitation, name and rights."""

    purpose: LinkPurpose
    about: str
    email: str
    data: Mapping[str, Any]
    expires_at: datetime
    created_at: datetime
    key: str                                                #: names the row without opening it


class MailedLinks:
    """The links of one connection's transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def make(self, purpose: LinkPurpose, email: str, *, now: datetime, until: datetime, about: str = "",
             data: Mapping[str, Any] | None = None) -> str:
        """Make a link; what comes back is the only copy of its secret part. `until`: the last moment it works, aware."""
        token = secrets.token_urlsafe(32)
        self.connection.execute(insert(mailed_link).values(
            token_hash=_hash(token), purpose=purpose, about=about, email=email.strip().casefold(), data=dict(data or {}), created_at=now,
            expires_at=until))
        return token

    def read(self, purpose: LinkPurpose, token: str, *, now: datetime) -> MailedLink:
        """Read a link, used up or not by nobody. Raises: LinkNotValid, for one that is unknown, used or too old."""
        row = self.connection.execute(select(mailed_link).where(
            mailed_link.c.token_hash == _hash(token), mailed_link.c.purpose == purpose, mailed_link.c.used_at.is_(None),
            mailed_link.c.expires_at > now)).first()
        if row is None:
            raise LinkNotValid("link")
        return _link(row)

    def use(self, purpose: LinkPurpose, token: str, *, now: datetime) -> MailedLink:
        """Read a link that works once, and use it up. Raises: LinkNotValid, for the second of two as well."""
        link = self.read(purpose, token, now=now)
        unused = (mailed_link.c.token_hash == _hash(token)) & mailed_link.c.used_at.is_(None)
        if self.connection.execute(update(mailed_link).where(unused).values(used_at=now)).rowcount != 1:
            raise LinkNotValid("link")
        return link

    def open_about(self, purpose: LinkPurpose, about: str, *, now: datetime) -> tuple[MailedLink, ...]:
        """The links to one thing that are still open, oldest first."""
        rows = self.connection.execute(select(mailed_link).where(
            mailed_link.c.purpose == purpose, mailed_link.c.about == about, mailed_link.c.used_at.is_(None),
            mailed_link.c.expires_at > now).order_by(mailed_link.c.created_at, mailed_link.c.token_hash))
        return tuple(_link(row) for row in rows)

    def take_back(self, purpose: LinkPurpose, about: str, *, key: str = "", email: str = "") -> None:
        """Make links to one thing work no longer: the one of this key, those mailed to this address, or all."""
        found = (mailed_link.c.purpose == purpose) & (mailed_link.c.about == about)
        if key:
            found &= mailed_link.c.token_hash == key
        if email:
            found &= mailed_link.c.email == email.strip().casefold()
        self.connection.execute(delete(mailed_link).where(found))

    def sweep(self, *, now: datetime) -> None:
        """Throw away links whose time is over."""
        self.connection.execute(delete(mailed_link).where(mailed_link.c.expires_at <= now))


def address(settings: Settings, purpose: LinkPurpose, token: str) -> str:
    """The whole address of a link, as a letter tells it."""
    return settings.base_url + PATHS[purpose].format(token=token)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _link(row: Any) -> MailedLink:
    return MailedLink(LinkPurpose(row.purpose), row.about, row.email, row.data, row.expires_at, row.created_at, row.token_hash)
