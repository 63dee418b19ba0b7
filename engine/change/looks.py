"""What process owners look at: processes, drafts, versions, problems, differences, the gate, scenarios.

Owns: the reads of the studio, each one answer, and the shapes of those that have none elsewhere.
Leaves: what changes anything to `studio`, which is built on this.
Promises: nothing is changed; nobody but process owners is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.change import approvals, archive, drafts, proofs, publishing
from engine.change.approvals import Approval
from engine.change.differences import Differences, compare
from engine.change.drafts import Draft, Save
from engine.change.gate import Gate, Known, judge
from engine.change.ground import Cast, Ground
from engine.change.grounds import Grounds
from engine.change.meetings import Meeting, meet
from engine.change.owners import check_owner
from engine.change.performances import Stage
from engine.change.proofs import Proofs
from engine.change.publishing import VersionLine
from engine.change.replay import Replayed
from engine.definitions import Package, deployment
from engine.people.person import Person
from engine.problems import Problem
from engine.service import Engine
from engine.texts import Text


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """One process in the list: its newest version, None when none is published, and its drafts."""

    key: str
    name: Text
    version: VersionLine | None
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with all a page shows of it. `names`: of the people named anywhere in it, by id."""

    draft: Draft
    files: tuple[str, ...]
    saves: tuple[Save, ...]
    approvals: tuple[Approval, ...]
    names: Mapping[str, str]


@dataclass(frozen=True)
class StoryBook:
    """The scenarios that concern a draft or version. `passed`: when each held last, on whatever content, by name."""

    ground: Ground
    proofs: Proofs
    passed: Mapping[str, datetime]


class Looks:
    """The reads of process owners. Safe for threads."""

    def __init__(self, engine: Engine, make_rehearsal: Stage, cast: Cast, house: str) -> None:
        self.engine, self.store, self.stage, self.cast, self.house = engine, engine.store, make_rehearsal, cast, house
        self.grounds = Grounds(engine, make_rehearsal, cast, house)

    def processes(self, by: Person) -> list[ProcessLine]:
        """Every process with its newest version and its drafts. Raises: NotAllowed."""
        check_owner(by)
        published = self.engine.library.published()
        with self.store.read() as connection:
            under_way = drafts.open_drafts(connection)
            keys = {package.key: package.name for package in published.values()}
            keys |= {one.key: Text.of(one.name) for one in under_way if one.key not in keys}
            newest = {key: next((one for one in publishing.version_lines(connection, key) if one.id in published), None) for key in keys}
        return [ProcessLine(key, keys[key], newest[key], tuple(one for one in under_way if one.key == key)) for key in sorted(keys)]

    def versions(self, key: str, by: Person) -> list[VersionLine]:
        """Every version of a process and how it came to be, newest first. Raises: NotAllowed."""
        check_owner(by)
        with self.store.read() as connection:
            return publishing.version_lines(connection, key)

    def draft(self, draft_id: str, by: Person) -> DraftView:
        """A draft with its files, saves and approvals. Raises: NotAllowed; NoSuchDraft."""
        check_owner(by)
        with self.store.read() as connection:
            there = drafts.get(connection, draft_id)
            saves, asked = drafts.saves(connection, draft_id), approvals.of_draft(connection, draft_id)
            ids = {there.created_by, *(one.by_id for one in saves), *(one.asked_by for one in asked)}
            ids |= {one.decided_by for one in asked if one.decided_by}
            return DraftView(there, tuple(drafts.files(connection, draft_id)), tuple(saves), tuple(asked),
                             publishing.names_of(connection, ids))

    def files(self, content_id: str, by: Person) -> dict[str, bytes]:
        """The files of a draft or of a version. Raises: NotAllowed; NoSuchDraft."""
        check_owner(by)
        with self.store.read() as connection:
            return dict(self.grounds.package(connection, content_id).files)

    def problems(self, draft_id: str, by: Person, changes: Mapping[str, bytes | None] | None = None) -> list[Problem]:
        """What is wrong with a draft, each at its element, those that forbid publishing first.

        Args:
            changes: files as they are being drawn and not saved yet; None for one that is being removed.
        Raises: NotAllowed; NoSuchDraft. Never raises for what is in the files.
        """
        check_owner(by)
        with self.store.read() as connection:
            package = self.grounds.package(connection, draft_id)
        after = {path: data for path, data in {**package.files, **(changes or {})}.items() if data is not None}
        return self.engine.check_files(after, package.key)

    def differences(self, before_id: str, after_id: str, by: Person) -> Differences:
        """Tell what is different between two drafts or versions. Raises: NotAllowed; NoSuchDraft."""
        check_owner(by)
        with self.store.read() as connection:
            return compare(self.grounds.package(connection, before_id), self.grounds.package(connection, after_id))

    def gate(self, draft_id: str, by: Person) -> Gate:
        """The conditions to publish a draft, from what is known of its exact content. Raises: NotAllowed; NoSuchDraft."""
        check_owner(by)
        with self.store.read() as connection:
            return self._gate(connection, drafts.get(connection, draft_id))

    def waiting_for_approval(self, by: Person) -> list[tuple[Draft, Approval]]:
        """What waits for a second person, oldest first. Raises: NotAllowed."""
        check_owner(by)
        with self.store.read() as connection:
            return [(drafts.get(connection, one.draft_id), one) for one in approvals.waiting(connection)]

    def meeting(self, draft_id: str, by: Person) -> Meeting | None:
        """What a draft and the version published meanwhile have changed; None when none was. Raises: NotAllowed; NoSuchDraft."""
        check_owner(by)
        with self.store.read() as connection:
            there = drafts.get(connection, draft_id)
            newest = deployment.newest_version(connection, there.key)
            if newest is None or newest.id == there.based_on:
                return None
            base = self.grounds.package(connection, there.based_on) if there.based_on else Package.read(there.key, {})
            return meet(newest.id, base, self.grounds.package(connection, draft_id), self.grounds.package(connection, newest.id))

    def stories(self, content_id: str, by: Person) -> StoryBook:
        """The scenarios that concern a draft or version, what each has shown on this content, and what none takes.

        Raises: NotAllowed; NoSuchDraft.
        """
        check_owner(by)
        ground = self.grounds.around(*self.grounds.content(content_id))
        with self.store.read() as connection:
            known = proofs.known(connection, ground)
            passed = {story.name: at for story in ground.stories() if (at := proofs.passed_at(connection, story)) is not None}
        return StoryBook(ground, known, passed)

    def export_zip(self, content_id: str, by: Person) -> bytes:
        """A draft or a version as a ZIP file. Raises: NotAllowed; NoSuchDraft."""
        return archive.pack(self.files(content_id, by))

    def export_all(self, by: Person) -> bytes:
        """The version new cases take of every process, as one ZIP file with a folder each. Raises: NotAllowed."""
        check_owner(by)
        return archive.pack_all({package.key: package.files for package in self.engine.library.published().values()})

    # --- inside -----------------------------------------------------------------------------------

    def _gate(self, connection: Connection, there: Draft) -> Gate:
        ground = self._ground(connection, there)
        newest, asked = deployment.newest_version(connection, there.key), approvals.standing(connection, there)
        ids = {asked.asked_by, asked.decided_by or ""} if asked is not None else set()
        return judge(Known(
            there.hash, ground.draft, self.engine.check_files(ground.draft.files, there.key),
            is_new=newest is None or newest.hash != there.hash, is_current=newest is None or newest.id == there.based_on,
            proofs=proofs.known(connection, ground), replayed=self._replayed(connection, ground), approval=asked,
            names=publishing.names_of(connection, ids)))

    def _replayed(self, connection: Connection, ground: Ground) -> Replayed | None:
        found = proofs.kept(connection, ground.replay_digest())
        return Replayed.of(found) if found is not None else None

    def _ground_of(self, draft_id: str, by: Person) -> Ground:
        check_owner(by)
        with self.store.read() as connection:
            return self._ground(connection, drafts.get(connection, draft_id))

    def _ground(self, connection: Connection, there: Draft) -> Ground:
        return self.grounds.around(there.key, drafts.files(connection, there.id))
