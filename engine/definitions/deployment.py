"""Versions of process folders: the rows.

Owns: the `definition`, `definition_file` and `content` rows of deployed folders, and the `publication` row that says how each came to be.
Leaves: whether a folder may be deployed to `checks`; who may deploy to `engine.change`.
Promises: a version never changes; content is kept once by its hash; deploying what is already the newest version changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, insert, select, update

from engine.definitions import schedule
from engine.definitions.checks import Around, check_all, stops
from engine.definitions.files import Files, content_hash, version_hash
from engine.definitions.package import PARIS, Package
from engine.errors import NotFound
from engine.problems import NotDeployable
from engine.states import DefinitionState
from engine.store.tables import content, definition, definition_file, publication
from engine.texts import Text


class NoSuchVersion(NotFound):
    """There is no such version of a process."""

    fr = "Cette version de processus n’existe pas."


@dataclass(frozen=True, slots=True)
class Deployment:
    """A version. `is_new` is False when it was there before."""

    id: str
    key: str
    version: int
    name: Text
    published_at: datetime
    published_by: str | None
    state: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a version came to be: from the machine's command line, or in the studio from an approved draft with its evidence."""

    way: str = "operator"
    based_on: str | None = None
    draft_id: str | None = None
    approval_id: str | None = None
    evidence: Sequence[Mapping[str, Any]] = ()


BY_OPERATOR = Provenance()


def deploy(connection: Connection, key: str, files: Files, *, by: str | None, now: datetime, provenance: Provenance = BY_OPERATOR,
           zone: ZoneInfo = PARIS) -> Deployment:
    """Publish a folder as the newest version of its key, and let it begin cases by time. What was checked is deployed: check first.

    Args:
        by: id of the person who publishes, None for what ships. zone: the body's.
    Raises: NotDeployable, for a start whose timer gives no moment.
    """
    newest = newest_version(connection, key)
    digest = version_hash(files)
    if newest is not None and newest.hash == digest:
        return _deployed(newest)
    package = Package.read(key, files, zone)
    number = (connection.execute(select(func.max(definition.c.version)).where(definition.c.key == key)).scalar() or 0) + 1
    row = {"id": uuid4().hex, "key": key, "version": number, "hash": digest, "name": package.name.to_json(),
           "state": DefinitionState.PUBLISHED, "published_at": now, "published_by": by}
    connection.execute(insert(definition).values(row))
    _keep(connection, str(row["id"]), files)
    connection.execute(insert(publication).values(
        definition_id=row["id"], way=provenance.way, based_on=provenance.based_on, draft_id=provenance.draft_id,
        approval_id=provenance.approval_id, evidence=list(provenance.evidence)))
    schedule.renew(connection, str(row["id"]), package, now, zone)
    _keep_called(connection, str(row["id"]), package)
    return Deployment(str(row["id"]), key, number, Text.of(row["name"]), now, by, DefinitionState.PUBLISHED, is_new=True)


def deploy_all(connection: Connection, every: Mapping[str, Files], around: Around, *, by: str | None, now: datetime,
               zone: ZoneInfo = PARIS) -> list[Deployment]:
    """Check folders together and publish them all, or none.

    Raises: NotDeployable, with every problem of every folder that forbids it.
    """
    packages = {key: Package.read(key, files, zone) for key, files in every.items()}
    problems = [problem for found in check_all(packages.values(), around).values() for problem in stops(found)]
    if problems:
        raise NotDeployable(problems)
    done = [deploy(connection, key, files, by=by, now=now, zone=zone) for key, files in every.items()]
    for one in done if len(done) > 1 else ():               # they may call each other, whichever came first
        if one.is_new:
            _keep_called(connection, one.id, packages[one.key])
    return done


def retire(connection: Connection, definition_id: str, now: datetime) -> None:
    """Take a version out: no case starts on it any more, by itself neither; those that run on it go on."""
    schedule.stop(connection, definition_id, now)
    connection.execute(update(definition).where(definition.c.id == definition_id).values(state=DefinitionState.RETIRED))


def newest_version(connection: Connection, key: str) -> Row[tuple[object, ...]] | None:
    """The newest published version of a key."""
    published = select(definition).where(definition.c.key == key, definition.c.state == DefinitionState.PUBLISHED)
    return connection.execute(published.order_by(definition.c.version.desc()).limit(1)).first()


def lock_key(connection: Connection, key: str) -> None:
    """Keep the versions of a key from others until the transaction ends: two that publish at once go one after the other."""
    connection.execute(select(definition.c.id).where(definition.c.key == key).with_for_update()).all()


def newest_ids(connection: Connection) -> dict[str, str]:
    """The newest published version of every key: key → definition id."""
    published = select(definition.c.key, definition.c.id).where(definition.c.state == DefinitionState.PUBLISHED)
    return {row.key: row.id for row in connection.execute(published.order_by(definition.c.version))}


def versions(connection: Connection, key: str) -> list[Deployment]:
    """All versions of a key, newest first."""
    rows = connection.execute(select(definition).where(definition.c.key == key).order_by(definition.c.version.desc()))
    return [_deployed(row) for row in rows]


def files_of(connection: Connection, definition_id: str) -> tuple[str, dict[str, bytes]]:
    """Key and files of a version. Raises: NoSuchVersion."""
    key = connection.execute(select(definition.c.key).where(definition.c.id == definition_id)).scalar()
    if key is None:
        raise NoSuchVersion(definition_id=definition_id)
    rows = connection.execute(select(definition_file.c.path, content.c.bytes).join(content, content.c.hash == definition_file.c.hash).where(
        definition_file.c.definition_id == definition_id))
    return str(key), {row.path: row.bytes for row in rows}


def keep_contents(connection: Connection, files: Files) -> dict[str, str]:
    """Keep contents, each once, and tell their hashes by path."""
    hashes = {path: content_hash(data) for path, data in files.items()}
    there = set(connection.execute(select(content.c.hash).where(content.c.hash.in_(set(hashes.values())))).scalars())
    missing = {digest: files[path] for path, digest in hashes.items() if digest not in there}
    if missing:
        connection.execute(insert(content), [{"hash": digest, "bytes": data} for digest, data in missing.items()])
    return hashes


def called_at(connection: Connection, definition_id: str) -> dict[str, str]:
    """Which versions the processes called from a version had when it was published: process id → definition id."""
    return dict(connection.scalar(select(definition.c.calls).where(definition.c.id == definition_id)) or {})


def numbered(connection: Connection, key: str, number: str) -> str:
    """The id of a version of a key by its number, retired or not; "" when there is none."""
    if not (number.isascii() and number.isdecimal()):
        return ""
    found = connection.scalar(select(definition.c.id).where(definition.c.key == key, definition.c.version == int(number)))
    return str(found or "")


def _keep_called(connection: Connection, definition_id: str, package: Package) -> None:
    """Note the versions that this one would call on the day it is published."""
    wanted = package.calls()
    if not wanted:
        return
    calls = {process.id: one for one in newest_ids(connection).values() if one != definition_id
             for process in Package.read(*files_of(connection, one)).processes if process.id in wanted}
    connection.execute(update(definition).where(definition.c.id == definition_id).values(calls=calls))


def _keep(connection: Connection, definition_id: str, files: Files) -> None:
    hashes = keep_contents(connection, files)
    connection.execute(insert(definition_file), [
        {"definition_id": definition_id, "path": path, "hash": digest} for path, digest in sorted(hashes.items())])


def _deployed(row: Row[tuple[object, ...]]) -> Deployment:
    values = row._mapping
    return Deployment(values["id"], values["key"], values["version"], Text.of(values["name"]), values["published_at"],
                      values["published_by"], values["state"])
