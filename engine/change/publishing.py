"""From an approved draft to a version, and the end of a version.

Owns: publishing through the gate, retiring, and how a version came to be, read back.
Leaves: judging to `gate`; the rows of versions to `engine.definitions.deployment`; the transaction to `studio`.
Promises: a person publishes nothing but the exact content the gate is open for, judged again inside the transaction; new cases take the
new version, running ones stay on theirs; the versions before are retired with it, so that nothing but the gate brings one back.
Rule: docs/architecture.md, 3.10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, select, update

from engine.change import approvals, drafts
from engine.change.drafts import Draft
from engine.change.gate import Gate, GateClosed
from engine.definitions import Deployment, Package, deployment
from engine.definitions.deployment import NoSuchVersion, Provenance
from engine.definitions.files import version_hash
from engine.errors import Conflict, Invalid
from engine.people.person import Person
from engine.states import ApprovalState, DefinitionState, DraftState, InstanceState
from engine.store.tables import definition, instance, person, publication
from engine.texts import Text
from engine.words import list_text


class SayWhyRetired(Invalid):
    """Say why this version is retired."""

    fr = "Dites pourquoi cette version est retirée."


class StillCalled(Conflict):
    """{callers} would have nothing to call any more; change them first."""

    fr = "{callers} n’aurait plus rien à appeler ; changez-le d’abord."


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version and how it came to be.

    Attributes:
        running: cases that go on on it. way: "studio", "operator", or "" from before that was kept.
        approved_by: name of the second person; request, comment: what the two said. evidence: the gate's conditions then.
    """

    id: str
    key: str
    number: int
    name: Text
    state: str
    published_at: datetime
    published_by: str
    running: int
    way: str
    based_on: str | None
    approved_by: str
    request: str
    comment: str
    evidence: tuple[Mapping[str, Any], ...]
    retired_at: datetime | None
    retired_by: str
    retired_reason: str


def publish(connection: Connection, there: Draft, gate: Gate, by: Person, now: datetime, zone: ZoneInfo) -> Deployment:
    """Publish a locked draft; `zone` is the body's.

    Raises: GateClosed, naming what is missing; NotAllowed, when the approval was not a second person's.
    """
    files = drafts.files(connection, there.id)
    approval = approvals.standing(connection, there)
    if not gate.is_open or gate.hash != there.hash or version_hash(files) != there.hash:
        raise GateClosed(missing=gate.missing)
    if approval is None or approval.state != ApprovalState.APPROVED or approval.decided_by is None:
        raise GateClosed(missing=gate.missing)
    approvals.check_is_not_author(connection, there.id, approval.decided_by)
    done = deployment.deploy(connection, there.key, files, by=by.id, now=now, zone=zone, provenance=Provenance(
        "studio", there.based_on, there.id, approval.id, gate.evidence()))
    _retire_up_to(connection, there.key, done.version - 1, by, now, _REPLACED.format(version=done.version)("fr"))
    drafts.close(connection, there.id, DraftState.PUBLISHED, done.id)
    return done


def retire(connection: Connection, definition_id: str, reason: str, published: Mapping[str, Package], by: Person, now: datetime) -> None:
    """Take a version out, and those before it: no new case starts on them, running ones go on.

    Args:
        published: the newest published versions, by id: what may call this one.
    Raises: NoSuchVersion; SayWhyRetired; StillCalled, naming who calls it.
    """
    row = connection.execute(select(definition).where(definition.c.id == definition_id)).first()
    if row is None:
        raise NoSuchVersion(definition_id=definition_id)
    if not reason.strip():
        raise SayWhyRetired()
    if definition_id in published:
        processes = set(published[definition_id].model.processes)
        callers = [package.name for key, package in published.items() if key != definition_id and not package.calls().isdisjoint(processes)]
        if callers:
            raise StillCalled(callers=Text(list_text([one.fr for one in callers]).fr, list_text([one("en") for one in callers]).en))
    _retire_up_to(connection, row.key, row.version, by, now, reason.strip())


def version_lines(connection: Connection, key: str) -> list[VersionLine]:
    """All versions of a process, newest first."""
    living = select(instance.c.definition_id, func.count().label("count")).where(
        instance.c.state.in_((InstanceState.ACTIVE, InstanceState.SUSPENDED))).group_by(instance.c.definition_id)
    running: dict[str, int] = {row.definition_id: row._mapping["count"] for row in connection.execute(living)}
    rows = connection.execute(select(definition, publication).outerjoin(publication, publication.c.definition_id == definition.c.id)
                              .where(definition.c.key == key).order_by(definition.c.version.desc())).mappings().all()
    said = {row["approval_id"]: approvals.get(connection, row["approval_id"]) for row in rows if row["approval_id"]}
    ids = {row[name] for row in rows for name in ("published_by", "retired_by")} | {one.decided_by for one in said.values()}
    names = names_of(connection, {one for one in ids if one})
    return [_line(row, running.get(row["id"], 0), said.get(row["approval_id"]), names) for row in rows]


def names_of(connection: Connection, ids: set[str]) -> dict[str, str]:
    """Names of people by id."""
    return {row.id: row.name for row in connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(ids)))}


def _line(row: Mapping[Any, Any], running: int, said: approvals.Approval | None, names: Mapping[str, str]) -> VersionLine:
    return VersionLine(
        row["id"], row["key"], row["version"], Text.of(row["name"]), row["state"], row["published_at"],
        names.get(row["published_by"] or "", ""), running, row["way"] or "", row["based_on"],
        names.get(said.decided_by or "", "") if said else "", said.request if said else "", said.comment if said else "",
        tuple(row["evidence"] or ()), row["retired_at"], names.get(row["retired_by"] or "", ""), row["retired_reason"] or "")


def _retire_up_to(connection: Connection, key: str, number: int, by: Person, now: datetime, reason: str) -> None:
    living = (definition.c.key == key, definition.c.version <= number, definition.c.state == DefinitionState.PUBLISHED)
    for definition_id in connection.scalars(select(definition.c.id).where(*living)).all():
        deployment.retire(connection, definition_id, now)
        facts = {"retired_at": now, "retired_by": by.id, "retired_reason": reason}
        done = connection.execute(update(publication).where(publication.c.definition_id == definition_id).values(facts))
        if done.rowcount == 0:                              # a version from before this was kept
            connection.execute(insert(publication).values(definition_id=definition_id, way="operator", evidence=[], **facts))


_REPLACED = Text("remplacée par la version {version}", "replaced by version {version}")
