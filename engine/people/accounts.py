"""The accounts of people: rows, passwords, groups and sessions.

Owns: the `person`, `membership` and `session` rows.
Leaves: what a person may do to `access`; cookies and forms to `web`.
Promises: a password is kept as an argon2 hash only, a session as the SHA-256 of its token only; a wrong login takes as long as a
wrong password; somebody made inactive is out at once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.people.parties import Rights
from engine.people.person import APPLICANT, Person
from engine.store.tables import membership, party, person, session

SHORTEST_PASSWORD = 10
SESSION_LASTS = timedelta(hours=12)
REMEMBERED = timedelta(days=1)                              #: how long a session that is over still says whose it was
_hasher = PasswordHasher()


class NoSuchPerson(NotFound):
    """Nobody has this account."""

    fr = "Personne n’a ce compte."


class LoginTaken(Conflict):
    """Somebody already logs in as {login}."""

    fr = "Quelqu’un se connecte déjà comme {login}."


class PasswordTooShort(Invalid):
    """A password has at least {shortest} characters."""

    fr = "Un mot de passe a au moins {shortest} caractères."


class LoginRefused(NotAllowed):
    """This login or password is not right."""

    fr = "Cet identifiant ou ce mot de passe ne convient pas."


class Accounts:
    """The accounts of one connection's transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def create(self, login: str, name: str, *, now: datetime, email: str = "", locale: str = "fr", groups: Iterable[str] = (),
               password: str | None = None, password_hash: str | None = None) -> Person:
        """Make an account. Without a password the person only enters by a mailed link.

        Args:
            login: kept in lower case, without spaces around. password_hash: of another account, when many are made at once.
        Raises: LoginTaken; PasswordTooShort.
        """
        login = _login(login)
        if self.connection.execute(select(person.c.id).where(person.c.login == login)).first():
            raise LoginTaken(login=login)
        hashed = hash_password(password) if password is not None else password_hash
        person_id = uuid4().hex
        self.connection.execute(insert(person).values(
            id=person_id, login=login, name=name.strip(), email=email.strip(), locale="en" if locale == "en" else "fr", theme="system",
            password_hash=hashed, active=True, created_at=now))
        self.set_groups(person_id, groups)
        return self.get(person_id)

    def get(self, person_id: str) -> Person:
        """Find a person by id, active or not. Raises: NoSuchPerson."""
        return self._one(person.c.id == person_id)

    def by_login(self, login: str) -> Person:
        """Find an active person by login. Raises: NoSuchPerson."""
        return self._one(person.c.login == _login(login), person.c.active)

    def authenticate(self, login: str, password: str) -> Person:
        """Find the active person with this login and password. Raises: LoginRefused, without telling which of the two is wrong."""
        row = self.connection.execute(select(person).where(person.c.login == _login(login))).first()
        hashed = row.password_hash if row is not None and row.active and row.password_hash else None
        right = _verify(hashed or _nobody_hash(), password)
        if row is None or hashed is None or not right:
            raise LoginRefused("login")
        if _hasher.check_needs_rehash(hashed):
            self._set_hash(row.id, _hasher.hash(password))
        return self._person(row)

    def set_password(self, person_id: str, password: str) -> None:
        """Change a password and end the person's sessions. Raises: PasswordTooShort."""
        self._set_hash(person_id, hash_password(password))
        self.connection.execute(delete(session).where(session.c.person_id == person_id))

    def set_groups(self, person_id: str, groups: Iterable[str]) -> None:
        """Make these the groups of a person, in place of those before."""
        self.connection.execute(delete(membership).where(membership.c.person_id == person_id))
        rows = [{"person_id": person_id, "group_id": group} for group in sorted(set(groups))]
        if rows:
            self.connection.execute(insert(membership), rows)

    def set_preferences(self, person_id: str, *, locale: str | None = None, theme: str | None = None,
                        shortcuts: bool | None = None) -> None:
        """Change the language or the look a person reads in, or whether single keys do something."""
        changes = {"locale": locale, "theme": theme, "shortcuts": shortcuts}
        kept = {name: value for name, value in changes.items() if value is not None}
        if kept:
            self.connection.execute(update(person).where(person.c.id == person_id).values(kept))

    def set_active(self, person_id: str, active: bool) -> None:
        """Let a person in or keep them out; keeping out ends their sessions."""
        self.connection.execute(update(person).where(person.c.id == person_id).values(active=active))
        if not active:
            self.connection.execute(delete(session).where(session.c.person_id == person_id))

    def members(self, groups: Iterable[str]) -> list[Person]:
        """Active people who belong to one of these groups, in the order of the alphabet."""
        inside = select(membership.c.person_id).where(membership.c.group_id.in_(tuple(groups)))
        return self._many(person.c.id.in_(inside), person.c.active)

    def everybody(self) -> list[Person]:
        """All active people, in the order of the alphabet."""
        return self._many(person.c.active)

    def names(self, ids: Iterable[str | None]) -> dict[str, str]:
        """Names by id, of active people and of those who have left."""
        wanted = tuple({one for one in ids if one})
        if not wanted:
            return {}
        return {row.id: row.name for row in self.connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(wanted)))}

    def join_party(self, instance_id: str, email: str, name: str, *, role: str, locale: str, now: datetime,
                   rights: Rights | None = None) -> Person:
        """Join a person of the outside to a case: found by e-mail address, or made. Joining twice changes nothing.

        Args:
            rights: what they may do there beside reading; None: everything.
        """
        row = self.connection.execute(select(person).where(person.c.login == _login(email))).first()
        who = self._person(row) if row is not None else self.create(email, name, now=now, email=email, locale=locale, groups=(APPLICANT,))
        key = (party.c.instance_id == instance_id, party.c.person_id == who.id, party.c.role == role)
        if self.connection.execute(select(party.c.person_id).where(*key)).first() is None:
            may = rights or Rights()
            self.connection.execute(insert(party).values(instance_id=instance_id, person_id=who.id, role=role, may_answer=may.may_answer,
                                                         may_invite=may.may_invite))
        return who

    def open_session(self, person_id: str, *, now: datetime, lasts: timedelta = SESSION_LASTS) -> str:
        """Start a session; what comes back is the only copy of its token."""
        token = secrets.token_urlsafe(32)
        self.connection.execute(insert(session).values(
            token_hash=_token_hash(token), person_id=person_id, created_at=now, expires_at=now + lasts))
        return token

    def of_session(self, token: str, *, now: datetime) -> Person | None:
        """The active person whose session this is, None when there is none or it is over. One statement."""
        row = self.connection.execute(_OF_SESSION, {"token": _token_hash(token), "now": now}).first()
        return _person(row, frozenset(filter(None, row.group_ids.split(",")))) if row else None

    def lately_of_session(self, token: str, *, now: datetime) -> Person | None:
        """The active person whose session this is or was within the last day, None when there is none. It lets nobody in."""
        return self.of_session(token, now=now - REMEMBERED)

    def close_session(self, token: str) -> None:
        """End a session; one that is not there is over already."""
        self.connection.execute(delete(session).where(session.c.token_hash == _token_hash(token)))

    def sweep_sessions(self, *, now: datetime) -> None:
        """Throw away sessions that were over a day ago."""
        self.connection.execute(delete(session).where(session.c.expires_at <= now - REMEMBERED))

    def _set_hash(self, person_id: str, hashed: str) -> None:
        self.connection.execute(update(person).where(person.c.id == person_id).values(password_hash=hashed))

    def _one(self, *conditions: Any) -> Person:
        row = self.connection.execute(select(person).where(*conditions)).first()
        if row is None:
            raise NoSuchPerson()
        return self._person(row)

    def _many(self, *conditions: Any) -> list[Person]:
        rows = self.connection.execute(select(person).where(*conditions)).all()
        groups = dict[str, set[str]]()
        for found in self.connection.execute(select(membership).where(membership.c.person_id.in_([row.id for row in rows]))):
            groups.setdefault(found.person_id, set()).add(found.group_id)
        people = [_person(row, frozenset(groups.get(row.id, ()))) for row in rows]
        return sorted(people, key=lambda one: (one.name.casefold(), one.id))

    def _person(self, row: Row[Any]) -> Person:
        groups = self.connection.execute(select(membership.c.group_id).where(membership.c.person_id == row.id)).scalars()
        return _person(row, frozenset(groups))


def hash_password(password: str) -> str:
    """Hash a password with argon2. Raises: PasswordTooShort."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(shortest=SHORTEST_PASSWORD)
    return _hasher.hash(password)


@lru_cache(maxsize=1)
def _nobody_hash() -> str:
    """A hash that no password has, so that a wrong login takes as long as a wrong password."""
    return _hasher.hash(secrets.token_hex(16))


def _verify(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _groups_of_person() -> Any:
    joined = func.aggregate_strings(membership.c.group_id, ",")
    return select(joined).where(membership.c.person_id == person.c.id).correlate(person).scalar_subquery()


# Every request asks this, so it is made once.
_OF_SESSION = select(person, func.coalesce(_groups_of_person(), "").label("group_ids")).join(
    session, session.c.person_id == person.c.id).where(
    session.c.token_hash == bindparam("token"), session.c.expires_at > bindparam("now"), person.c.active)


def _person(row: Row[Any], groups: frozenset[str]) -> Person:
    return Person(row.id, row.login, row.name, row.email, row.locale, groups, row.theme, row.shortcuts)


def _login(text: str) -> str:
    return text.strip().casefold()


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
