"""Files kept with a case.

Owns: the `document` rows and their bytes in `content`, each content once, by its hash.
Leaves: making files to handlers; who may read one to `engine.people`.
Promises: a file is there if and only if the command that kept it committed; what is read back is what was kept, byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Insert, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import NotFound
from engine.handler import NewDocument
from engine.store.tables import content, document


class DocumentNotFound(NotFound):
    """There is no such document."""

    fr = "Ce document n’existe pas."


@dataclass(frozen=True, slots=True)
class Document:
    """A file with its bytes."""

    id: str
    instance_id: str
    name: str
    kind: str
    media_type: str
    public_to_parties: bool
    content: bytes


def keep(connection: Connection, instance_id: str, documents: Sequence[NewDocument], at: datetime, by_id: str | None) -> list[str]:
    """Keep files with a case, in two statements, and tell their ids in order."""
    if not documents:
        return []
    ids = [token_hex(16) for _ in documents]
    hashes = [sha256(one.content).hexdigest() for one in documents]
    keep_contents(connection, {digest: one.content for digest, one in zip(hashes, documents, strict=True)})
    connection.execute(insert(document), [
        {"id": new_id, "instance_id": instance_id, "hash": digest, "name": one.name, "kind": one.kind, "media_type": one.media_type,
         "size_bytes": len(one.content), "public_to_parties": one.public_to_parties, "created_at": at, "created_by": by_id}
        for new_id, digest, one in zip(ids, hashes, documents, strict=True)])
    return ids


def keep_contents(connection: Connection, contents: dict[str, bytes]) -> None:
    """Keep bytes by their SHA-256; what is kept already stays."""
    rows = [{"hash": digest, "bytes": data} for digest, data in contents.items()]
    if rows:
        connection.execute(_insert_missing(connection), rows)


def read(connection: Connection, document_id: str) -> Document:
    """Read a file. Raises: DocumentNotFound."""
    row = connection.execute(select(document, content.c.bytes).join(content, content.c.hash == document.c.hash)
                             .where(document.c.id == document_id)).first()
    if row is None:
        raise DocumentNotFound(document_id=document_id)
    return Document(row.id, row.instance_id, row.name, row.kind, row.media_type, row.public_to_parties, row.bytes)


def _insert_missing(connection: Connection) -> Insert:
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement: Insert = dialect.insert(content).on_conflict_do_nothing()
    return statement
