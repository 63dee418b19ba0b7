"""Which processes, versions and drafts there are, and who had a hand in them.

Owns: the overview of the studio, and finding a version or a draft for a page.
Leaves: the rows to `engine.definitions` and `engine.change`; what is inside to `contents`.
Promises: people of the outside see nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from engine.change import drafts
from engine.change.drafts import Draft
from engine.definitions import deployment
from engine.definitions.deployment import Deployment, NoSuchVersion
from engine.definitions.package import Package
from engine.errors import NotAllowed
from engine.states import DefinitionState, InstanceState
from engine.store.tables import definition, instance, person, publication
from engine.texts import Text
from web.host import host, signed_in

#: Who changes processes. The engine refuses everybody else; the pages ask so as to say it before the click.
OWNERS = ("process_owner", "administrator")


@dataclass(frozen=True)
class VersionLine:
    """One version. `cases`: how many run on it now; `way`: how it came, "studio" or "operator"; `is_newest`: new cases take it."""

    version: Deployment
    by: str
    cases: int
    way: str
    is_newest: bool

    @property
    def is_retired(self) -> bool:
        return self.version.state == DefinitionState.RETIRED


@dataclass(frozen=True)
class DraftLine:
    """One draft under way. `base`: number of the version it was opened from, 0 for none; `is_behind`: a newer one is out since."""

    draft: Draft
    by: str
    base: int
    is_behind: bool


@dataclass(frozen=True)
class ProcessLine:
    """A process with everything there is of it: its newest version first."""

    key: str
    name: Text
    versions: tuple[VersionLine, ...]
    drafts: tuple[DraftLine, ...]

    @property
    def newest(self) -> VersionLine | None:
        return next((line for line in self.versions if line.is_newest), None)


def is_owner() -> bool:
    """Tell whether the reader changes processes."""
    return signed_in().is_in(*OWNERS)


def check_reader() -> None:
    """Let people of the house read the studio. Raises: NotAllowed (`group`)."""
    if not signed_in().is_staff:
        raise NotAllowed("group", Text("Les processus se lisent à l’intérieur de l’organisme.", "Processes are read inside the body."))


def processes() -> tuple[ProcessLine, ...]:
    """Every process, in the order of the alphabet."""
    with host().store.read() as connection:
        keys = sorted({*connection.scalars(select(definition.c.key).distinct()), *(one.key for one in drafts.open_drafts(connection))})
        names, running = people(connection), _running(connection)
        return tuple(_process(connection, key, names, running) for key in keys)


def process(key: str) -> ProcessLine:
    """One process."""
    with host().store.read() as connection:
        return _process(connection, key, people(connection), _running(connection))


def version(definition_id: str) -> tuple[VersionLine, ProcessLine, Package]:
    """One version, the process it belongs to, and what it holds. Raises: NoSuchVersion."""
    package = host().engine.library.package(definition_id)
    line = process(package.key)
    for one in line.versions:
        if one.version.id == definition_id:
            return one, line, package
    raise NoSuchVersion(definition_id=definition_id)


def draft(draft_id: str) -> tuple[DraftLine, ProcessLine, Package]:
    """One draft, the process it belongs to, and what it holds. Raises: NoSuchDraft."""
    with host().store.read() as connection:
        found = drafts.get(connection, draft_id)
        files = drafts.files(connection, draft_id)
        names = people(connection)
        line = _process(connection, found.key, names, _running(connection))
    return _draft(found, line.versions, names), line, Package.read(found.key, files, host().zone)


def people(connection: Connection) -> Mapping[str, str]:
    """Names by id, of everybody."""
    return {row.id: row.name for row in connection.execute(select(person.c.id, person.c.name))}


def last_saved(line: ProcessLine) -> datetime | None:
    """When anything of a process was changed last."""
    moments = [*(one.draft.saved_at for one in line.drafts), *(one.version.published_at for one in line.versions)]
    return max(moments, default=None)


def _process(connection: Connection, key: str, names: Mapping[str, str], running: Mapping[str, int]) -> ProcessLine:
    every = deployment.versions(connection, key)
    ways = {row.definition_id: row.way for row in connection.execute(
        select(publication.c.definition_id, publication.c.way).where(publication.c.definition_id.in_([one.id for one in every])))}
    newest = next((one.id for one in every if one.state == DefinitionState.PUBLISHED), "")
    lines = tuple(VersionLine(one, names.get(one.published_by or "", ""), running.get(one.id, 0), ways.get(one.id, "operator"),
                              one.id == newest) for one in every)
    mine = tuple(_draft(one, lines, names) for one in drafts.open_drafts(connection, key))
    return ProcessLine(key, every[0].name if every else Text(key, key), lines, mine)


def _draft(one: Draft, lines: tuple[VersionLine, ...], names: Mapping[str, str]) -> DraftLine:
    base = next((line for line in lines if line.version.id == one.based_on), None)
    return DraftLine(one, names.get(one.saved_by, ""), base.version.version if base else 0, base is not None and not base.is_newest)


def _running(connection: Connection) -> Mapping[str, int]:
    """How many cases run on each version."""
    living = select(instance.c.definition_id, func.count()).where(
        instance.c.state.in_([InstanceState.ACTIVE, InstanceState.SUSPENDED])).group_by(instance.c.definition_id)
    return {row[0]: row[1] for row in connection.execute(living)}
