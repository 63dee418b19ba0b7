"""Intakes: start forms that people of the outside are filling in, with their files, before there is a case.

Owns: the `intake` and `intake_file` rows, and erasing them.
Leaves: who may open one to `engine.people.mailed_links`; what is right in it to `engine.forms`; making a case of it to `engine.service`.
Promises: an intake is erased as a whole when its time is over: answers, files nobody else keeps, links, and the letters that named them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, update

from engine import values
from engine.errors import Conflict, NotFound
from engine.handler import NewDocument
from engine.states import IntakeState, LinkPurpose
from engine.store.tables import content, definition_file, document, draft_file, errand, intake, intake_file, letter, mailed_link
from engine.work.documents import keep_contents


class IntakeNotFound(NotFound):
    """This application does not exist any more."""

    fr = "Cette demande n’existe plus."


class AlreadySent(Conflict):
    """This application was sent already."""

    fr = "Cette demande a déjà été envoyée."


@dataclass(frozen=True, slots=True)
class IntakeFile:
    """A file kept with an intake. `slot`: id of the question it answers."""

    id: str
    slot: str
    name: str
    media_type: str
    size_bytes: int
    hash: str


@dataclass(frozen=True, slots=True)
class Intake:
    """An application that is being filled in, or was sent (`instance_id`). `answers`: as typed; `seen`: ids of the steps left once."""

    id: str
    message: str
    email: str
    locale: str
    answers: Mapping[str, Any]
    seen: tuple[str, ...]
    sent: bool
    instance_id: str | None
    created_at: datetime
    saved_at: datetime
    erase_at: datetime
    files: tuple[IntakeFile, ...] = ()


def begin(connection: Connection, message: str, email: str, locale: str, answers: Mapping[str, Any], *, at: datetime,
          erase_at: datetime) -> str:
    """Begin an intake and tell its id."""
    intake_id = token_hex(16)
    connection.execute(insert(intake).values(
        id=intake_id, message=message, email=email.strip().casefold(), locale=locale, answers=values.encode(dict(answers)), seen=[],
        state=IntakeState.OPEN, created_at=at, saved_at=at, erase_at=erase_at))
    return intake_id


def read(connection: Connection, intake_id: str, *, lock: bool = False) -> Intake:
    """Read one with its files. Raises: IntakeNotFound."""
    query = select(intake).where(intake.c.id == intake_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise IntakeNotFound(intake_id=intake_id)
    files = connection.execute(select(intake_file).where(intake_file.c.intake_id == intake_id)
                               .order_by(intake_file.c.created_at, intake_file.c.id))
    return _intake(row, tuple(IntakeFile(one.id, one.slot, one.name, one.media_type, one.size_bytes, one.hash) for one in files))


def open_of(connection: Connection, email: str, *, now: datetime) -> tuple[Intake, ...]:
    """Those an address has not sent yet, the one last changed first, without their files."""
    rows = connection.execute(select(intake).where(intake.c.email == email.strip().casefold(), intake.c.state == IntakeState.OPEN,
                                                   intake.c.erase_at > now).order_by(intake.c.saved_at.desc(), intake.c.id))
    return tuple(_intake(row, ()) for row in rows)


def save(connection: Connection, intake_id: str, answers: Mapping[str, Any], seen: Sequence[str], *, at: datetime,
         erase_at: datetime) -> None:
    """Keep what was typed so far."""
    connection.execute(update(intake).where(intake.c.id == intake_id).values(
        answers=values.encode(dict(answers)), seen=list(seen), saved_at=at, erase_at=erase_at))


def add_file(connection: Connection, intake_id: str, slot: str, new: NewDocument, *, at: datetime) -> str:
    """Keep a file with an intake, its bytes by their hash, and tell its id."""
    file_id, digest = token_hex(16), sha256(new.content).hexdigest()
    keep_contents(connection, {digest: new.content})
    connection.execute(insert(intake_file).values(
        id=file_id, intake_id=intake_id, slot=slot, hash=digest, name=new.name, media_type=new.media_type, size_bytes=len(new.content),
        created_at=at))
    return file_id


def remove_file(connection: Connection, intake_id: str, file_id: str) -> None:
    """Take a file away; one that is not there is away already."""
    here = (intake_file.c.intake_id == intake_id) & (intake_file.c.id == file_id)
    hashes = list(connection.scalars(select(intake_file.c.hash).where(here)))
    connection.execute(delete(intake_file).where(here))
    _forget_contents(connection, hashes)


def read_file(connection: Connection, intake_id: str, file_id: str) -> tuple[IntakeFile, bytes]:
    """Read a file with its bytes. Raises: IntakeNotFound."""
    row = connection.execute(select(intake_file, content.c.bytes).join(content, content.c.hash == intake_file.c.hash).where(
        intake_file.c.intake_id == intake_id, intake_file.c.id == file_id)).first()
    if row is None:
        raise IntakeNotFound(intake_id=intake_id, file_id=file_id)
    return IntakeFile(row.id, row.slot, row.name, row.media_type, row.size_bytes, row.hash), row.bytes


def become(connection: Connection, sent: Intake, instance_id: str, *, at: datetime, by_id: str | None) -> None:
    """Note which case an intake became: its files are the case's now, its answers stand there and no longer here."""
    rows = [{"id": token_hex(16), "instance_id": instance_id, "hash": one.hash, "name": one.name, "kind": one.slot,
             "media_type": one.media_type, "size_bytes": one.size_bytes, "public_to_parties": True, "created_at": at, "created_by": by_id}
            for one in sent.files]
    if rows:
        connection.execute(insert(document), rows)
        connection.execute(delete(intake_file).where(intake_file.c.intake_id == sent.id))
    connection.execute(update(intake).where(intake.c.id == sent.id).values(
        state=IntakeState.SENT, instance_id=instance_id, answers=values.encode({}), saved_at=at))


def due_for_erasure(connection: Connection, now: datetime, limit: int = 100) -> list[str]:
    """Ids of those whose time is over."""
    return list(connection.scalars(select(intake.c.id).where(intake.c.erase_at <= now).order_by(intake.c.erase_at).limit(limit)))


def erase(connection: Connection, intake_id: str) -> None:
    """Erase one with all that hangs on it."""
    hashes = list(connection.scalars(select(intake_file.c.hash).where(intake_file.c.intake_id == intake_id)))
    connection.execute(delete(intake_file).where(intake_file.c.intake_id == intake_id))
    connection.execute(delete(letter).where(letter.c.key.in_(select(errand.c.id).where(errand.c.about == intake_id))))
    connection.execute(delete(errand).where(errand.c.about == intake_id))
    connection.execute(delete(mailed_link).where(mailed_link.c.purpose == LinkPurpose.INTAKE, mailed_link.c.about == intake_id))
    connection.execute(delete(intake).where(intake.c.id == intake_id))
    _forget_contents(connection, hashes)


def size_of(connection: Connection, intake_id: str) -> tuple[int, int]:
    """How many files an intake has, and their bytes together."""
    row = connection.execute(select(func.count(), func.coalesce(func.sum(intake_file.c.size_bytes), 0)).where(
        intake_file.c.intake_id == intake_id)).one()
    return int(row[0]), int(row[1])


def _forget_contents(connection: Connection, hashes: Sequence[str]) -> None:
    """Throw bytes away that nothing keeps any more: no case, no other intake, no version or draft of a process."""
    if hashes:
        kept = [exists().where(table.c.hash == content.c.hash) for table in (document, intake_file, definition_file, draft_file)]
        connection.execute(delete(content).where(content.c.hash.in_(hashes), *(~one for one in kept)))


def _intake(row: Row[Any], files: tuple[IntakeFile, ...]) -> Intake:
    return Intake(row.id, row.message, row.email, row.locale, values.decode(row.answers), tuple(row.seen), row.state == IntakeState.SENT,
                  row.instance_id, row.created_at, row.saved_at, row.erase_at, files)
