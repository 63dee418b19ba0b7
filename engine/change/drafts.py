"""Drafts: process folders being changed, away from what runs.

Owns: the `draft`, `draft_file` and `draft_save` rows: opening, saving, catching up with a version published meanwhile, discarding.
Leaves: who may do it and the transaction to `studio`; whether a draft may be published to `gate`; approvals to `approvals`.
Promises: nobody overwrites what they have not seen; every save is kept with its author, and every content by its hash; nothing in a draft
reaches a case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, insert, select, update

from engine.definitions.deployment import files_of, keep_contents, newest_version
from engine.definitions.files import MOST_BYTES, Files, belongs, version_hash
from engine.errors import Conflict, Invalid, NotFound
from engine.people.person import Person
from engine.states import DraftState
from engine.store.tables import content, draft, draft_file, draft_save, person
from engine.texts import Text
from engine.words import list_text

LONGEST_PATH, LONGEST_NAME, MOST_FILES = 300, 200, 1_000


class NoSuchDraft(NotFound):
    """There is no such draft."""

    fr = "Ce brouillon n’existe pas."


class DraftClosed(Conflict):
    """This draft has been published or discarded; open a new one."""

    fr = "Ce brouillon a été publié ou abandonné ; ouvrez-en un nouveau."


class DraftChanged(Conflict):
    """{who} has saved this draft since you opened it; look at their changes, then save again."""

    fr = "{who} a enregistré ce brouillon depuis que vous l’avez ouvert ; regardez ses changements, puis enregistrez à nouveau."


class BothChanged(Conflict):
    """The draft and the version published meanwhile both change {files}; say for which of them the draft is right."""

    fr = "Le brouillon et la version publiée entre-temps changent tous deux {files} ; dites pour lesquels le brouillon a raison."


class PublishedAgain(Conflict):
    """Another version has been published since you compared; look at it, then choose again."""

    fr = "Une autre version a été publiée depuis votre comparaison ; regardez-la, puis choisissez à nouveau."


class NotAFileOfAProcess(Invalid):
    """{path} cannot be kept in a process: {why}."""

    fr = "{path} ne peut pas être gardé dans un processus : {why}."


class NoName(Invalid):
    """A draft has a name, and its process a key of small letters, digits and underscores."""

    fr = "Un brouillon a un nom, et son processus une clé de lettres minuscules, de chiffres et de tirets bas."


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands.

    Attributes:
        revision: grows by one at every save; whoever saves says which one they saw. based_on: id of a version, None: from nothing.
        hash: of all its files; what is approved and published is this very content.
    """

    id: str
    key: str
    name: str
    based_on: str | None
    hash: str
    revision: int
    state: str
    created_at: datetime
    created_by: str
    saved_at: datetime
    saved_by: str
    published_as: str | None


@dataclass(frozen=True, slots=True)
class Save:
    """One save: which revision it made, by whom, and what it changed. `removed` are paths too."""

    revision: int
    at: datetime
    by_id: str
    changed: tuple[str, ...]
    removed: tuple[str, ...]


# --- writing --------------------------------------------------------------------------------------

def open_draft(connection: Connection, key: str, name: str, files: Files, by: Person, now: datetime, *, based_on: str | None) -> Draft:
    """Begin a draft with these files. Whoever opens it is its first author. Raises: NoName; NotAFileOfAProcess."""
    if not (name.strip() and len(name.strip()) <= LONGEST_NAME and _is_key(key)):
        raise NoName(key=key, name=name)
    _check(files)
    row = {"id": uuid4().hex, "key": key, "name": name.strip(), "based_on": based_on, "hash": version_hash(files), "revision": 1,
           "state": DraftState.OPEN, "created_at": now, "created_by": by.id, "saved_at": now, "saved_by": by.id}
    connection.execute(insert(draft).values(row))
    hashes = keep_contents(connection, files)
    _write_files(connection, row["id"], hashes)
    _note(connection, row["id"], 1, by, now, str(row["hash"]), {} if based_on else dict(hashes))
    return get(connection, str(row["id"]))


def save(connection: Connection, draft_id: str, changes: Mapping[str, bytes | None], revision: int, by: Person, now: datetime) -> Draft:
    """Write files into a draft.

    Args:
        changes: content by path; None removes a file. revision: the one the author has seen.
    Returns: the draft after it, the same when nothing is different.
    Raises: NoSuchDraft; DraftClosed; DraftChanged, when somebody saved since; NotAFileOfAProcess, and nothing is stored.
    """
    there = lock(connection, draft_id)
    if there.revision != revision:
        raise DraftChanged(who=_name(connection, there.saved_by), at=there.saved_at, revision=there.revision)
    return _save(connection, there, changes, by, now)


def catch_up(connection: Connection, draft_id: str, by: Person, now: datetime, keep: Collection[str] = (), take: Collection[str] = (), *,
             seen: tuple[int, str] | None = None) -> Draft:
    """Bring what was published since the draft was opened into it, file by file.

    Args:
        keep, take: files for which the draft, or the published version, is right where both were changed.
        seen: revision of the draft and id of the version that the author has compared; None: they have not.
    Raises: NoSuchDraft; DraftClosed; DraftChanged and PublishedAgain, when one of them is another by now; BothChanged, naming the files;
        and nothing is stored.
    """
    there = lock(connection, draft_id)
    newest = newest_version(connection, there.key)
    if newest is None or newest.id == there.based_on:
        return there
    if seen is not None and seen[0] != there.revision:
        raise DraftChanged(who=_name(connection, there.saved_by), at=there.saved_at, revision=there.revision)
    if seen is not None and seen[1] != newest.id:
        raise PublishedAgain()
    base = files_of(connection, there.based_on)[1] if there.based_on else {}
    theirs, mine = files_of(connection, newest.id)[1], files(connection, draft_id)
    changed = {path for path in {*base, *theirs} if base.get(path) != theirs.get(path)}
    both = {path for path in changed if mine.get(path) not in (base.get(path), theirs.get(path))}
    open_ = sorted(both.difference(keep, take))
    if open_:
        raise BothChanged(files=list_text(open_), paths=open_)
    taken = {path: theirs.get(path) for path in changed if mine.get(path) == base.get(path) or path in both.intersection(take)}
    connection.execute(update(draft).where(draft.c.id == draft_id).values(based_on=newest.id))
    return _save(connection, there, taken, by, now, always=True)


def discard(connection: Connection, draft_id: str) -> None:
    """Give a draft up; its saves stay readable. Raises: NoSuchDraft; DraftClosed."""
    lock(connection, draft_id)
    close(connection, draft_id, DraftState.DISCARDED)


def close(connection: Connection, draft_id: str, state: DraftState, published_as: str | None = None) -> None:
    """Let a draft be over."""
    connection.execute(update(draft).where(draft.c.id == draft_id).values(state=state, published_as=published_as))


# --- reading --------------------------------------------------------------------------------------

def get(connection: Connection, draft_id: str) -> Draft:
    """A draft, open or over. Raises: NoSuchDraft."""
    return _found(connection.execute(select(draft).where(draft.c.id == draft_id)).first(), draft_id)


def lock(connection: Connection, draft_id: str) -> Draft:
    """An open draft, kept from others until the transaction ends. Raises: NoSuchDraft; DraftClosed."""
    found = _found(connection.execute(select(draft).where(draft.c.id == draft_id).with_for_update()).first(), draft_id)
    if found.state != DraftState.OPEN:
        raise DraftClosed(draft_id=draft_id, state=found.state)
    return found


def open_drafts(connection: Connection, key: str | None = None, limit: int = 100) -> list[Draft]:
    """Drafts under way, of one process or of all, last saved first."""
    query = select(draft).where(draft.c.state == DraftState.OPEN).order_by(draft.c.saved_at.desc(), draft.c.id).limit(limit)
    return [_draft(row) for row in connection.execute(query if key is None else query.where(draft.c.key == key))]


def files(connection: Connection, draft_id: str) -> dict[str, bytes]:
    """The files of a draft."""
    rows = connection.execute(select(draft_file.c.path, content.c.bytes).join(content, content.c.hash == draft_file.c.hash)
                              .where(draft_file.c.draft_id == draft_id).order_by(draft_file.c.path))
    return {row.path: row.bytes for row in rows}


def saves(connection: Connection, draft_id: str) -> list[Save]:
    """The saves of a draft, newest first."""
    rows = connection.execute(select(draft_save).where(draft_save.c.draft_id == draft_id).order_by(draft_save.c.revision.desc()))
    return [Save(row.revision, row.at, row.by_id, tuple(sorted(path for path, digest in row.files.items() if digest)),
                 tuple(sorted(path for path, digest in row.files.items() if not digest))) for row in rows]


def authors(connection: Connection, draft_id: str) -> frozenset[str]:
    """Ids of everybody who opened the draft or saved anything into it."""
    return frozenset(connection.scalars(select(draft_save.c.by_id).where(draft_save.c.draft_id == draft_id)))


# --- inside ---------------------------------------------------------------------------------------

def _save(connection: Connection, there: Draft, changes: Mapping[str, bytes | None], by: Person, now: datetime, *,
          always: bool = False) -> Draft:
    before = files(connection, there.id)
    after = {path: data for path, data in {**before, **changes}.items() if data is not None}
    written = {path: data for path, data in after.items() if before.get(path) != data}
    removed = [path for path in before if path not in after]
    if not written and not removed and not always:
        return there
    _check(after)
    hashes = keep_contents(connection, written) if written else {}
    connection.execute(delete(draft_file).where(draft_file.c.draft_id == there.id, draft_file.c.path.in_([*written, *removed])))
    _write_files(connection, there.id, hashes)
    digest, revision = version_hash(after), there.revision + 1
    connection.execute(update(draft).where(draft.c.id == there.id).values(hash=digest, revision=revision, saved_at=now, saved_by=by.id))
    _note(connection, there.id, revision, by, now, digest, {**hashes, **dict.fromkeys(removed)})
    return get(connection, there.id)


def _write_files(connection: Connection, draft_id: object, hashes: Mapping[str, str]) -> None:
    if hashes:
        connection.execute(insert(draft_file), [{"draft_id": draft_id, "path": path, "hash": digest} for path, digest in hashes.items()])


def _note(connection: Connection, draft_id: object, revision: int, by: Person, now: datetime, digest: str,
          changed: Mapping[str, str | None]) -> None:
    connection.execute(insert(draft_save).values(draft_id=draft_id, revision=revision, at=now, by_id=by.id, hash=digest,
                                                 files=dict(changed)))


def _check(files: Files) -> None:
    """Refuse what no version may hold. Raises: NotAFileOfAProcess."""
    for path in files:
        if not (belongs(path) and str(PurePosixPath(path)) == path and "\\" not in path and path.isprintable()):
            raise NotAFileOfAProcess(path=path, why=_NO_PLACE)
        if len(path) > LONGEST_PATH:
            raise NotAFileOfAProcess(path=path[:50] + "…", why=_TOO_LONG)
    if len(files) > MOST_FILES:
        raise NotAFileOfAProcess(path=f"{len(files)}", why=_TOO_MANY)
    if sum(map(len, files.values())) > MOST_BYTES:
        raise NotAFileOfAProcess(path=max(files, key=lambda path: len(files[path])), why=_TOO_LARGE)


def _is_key(key: str) -> bool:
    return 0 < len(key) <= 100 and key.isascii() and key.replace("_", "a").isalnum() and key == key.lower() and not key[0].isdigit()


def _name(connection: Connection, person_id: str) -> str:
    return connection.scalar(select(person.c.name).where(person.c.id == person_id)) or person_id


def _found(row: Row[Any] | None, draft_id: str) -> Draft:
    if row is None:
        raise NoSuchDraft(draft_id=draft_id)
    return _draft(row)


def _draft(row: Row[Any]) -> Draft:
    return Draft(**row._mapping)


_NO_PLACE = Text("ce nom n’est pas celui d’un fichier de processus (diagramme, table, formulaire, délais, lettres, scénarios)",
                 "this is not the name of a file of a process (diagram, table, form, deadlines, letters, scenarios)")
_TOO_LONG = Text("son chemin est trop long", "its path is too long")
_TOO_MANY = Text("il y a trop de fichiers", "there are too many files")
_TOO_LARGE = Text(f"le tout dépasse {MOST_BYTES // 1024**2} Mo", f"all files together exceed {MOST_BYTES // 1024**2} MB")
