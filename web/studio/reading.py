"""What the pages of the studio stand on: the studio of the engine, a version, a draft, and who had a hand in them.

Owns: finding a version or a draft for a page, with what it holds.
Leaves: who may see it and every command to `engine.change.studio`; what is inside to `contents`.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.change.drafts import Draft
from engine.change.looks import DraftView, ProcessLine
from engine.change.publishing import VersionLine
from engine.change.studio import Studio
from engine.definitions.deployment import NoSuchVersion
from engine.definitions.package import Package
from engine.errors import NotFound
from engine.states import DefinitionState, DraftState
from web.host import host, signed_in


@dataclass(frozen=True)
class Process:
    """One process with all its versions, newest first."""

    line: ProcessLine
    versions: tuple[VersionLine, ...]

    @property
    def newest(self) -> VersionLine | None:
        """The version new cases take."""
        return next((one for one in self.versions if one.state == DefinitionState.PUBLISHED), None)

    def number(self, version_id: str | None) -> int:
        """The number of a version of it; 0 for none."""
        return next((one.number for one in self.versions if one.id == version_id), 0)

    def is_behind(self, draft: Draft) -> bool:
        """Tell whether a newer version is out than the one a draft was opened from."""
        return self.newest is not None and draft.based_on != self.newest.id


@dataclass(frozen=True)
class DraftAt:
    """A draft with its process and what it holds."""

    view: DraftView
    process: Process
    package: Package

    @property
    def draft(self) -> Draft:
        return self.view.draft

    @property
    def is_open(self) -> bool:
        return self.draft.state == DraftState.OPEN

    @property
    def saved_by(self) -> str:
        return self.view.names.get(self.draft.saved_by, "")


def studio() -> Studio:
    """The studio of this installation. Raises: NotFound, when it has none."""
    found = host().studio
    if found is None:
        raise NotFound(studio="none")
    return found


def processes() -> tuple[Process, ...]:
    """Every process. Raises: NotAllowed."""
    return tuple(_process(line) for line in studio().processes(signed_in()))


def process(key: str) -> Process:
    """One process. Raises: NotAllowed; NotFound."""
    for line in studio().processes(signed_in()):
        if line.key == key:
            return _process(line)
    raise NotFound(process=key)


def version(version_id: str) -> tuple[VersionLine, Process, Package]:
    """One version, its process, and what it holds. Raises: NotAllowed; NoSuchVersion."""
    package = host().engine.library.package(version_id)
    found = Process(next((line for line in studio().processes(signed_in()) if line.key == package.key),
                         ProcessLine(package.key, package.name, None, ())), tuple(studio().versions(package.key, signed_in())))
    for line in found.versions:
        if line.id == version_id:
            return line, found, package
    raise NoSuchVersion(definition_id=version_id)


def draft(draft_id: str) -> DraftAt:
    """One draft, its process, and what it holds. Raises: NotAllowed; NoSuchDraft."""
    view = studio().draft(draft_id, signed_in())
    package = Package.read(view.draft.key, studio().files(draft_id, signed_in()), host().zone)
    line = next((one for one in studio().processes(signed_in()) if one.key == view.draft.key),
                ProcessLine(view.draft.key, package.name, None, (view.draft,)))
    return DraftAt(view, _process(line), package)


def _process(line: ProcessLine) -> Process:
    return Process(line, tuple(studio().versions(line.key, signed_in())))
