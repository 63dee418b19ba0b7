"""The studio: everything a process owner does, one public method a command.

Owns: who may do it (`process_owner`, nobody else), and the transaction of each command.
Leaves: each subject to its module beside this one; what is only looked at to `looks`; pages to `web`.
Promises: one method = one command = at most one transaction; stories and replays run outside any, and what they show is kept by content;
nothing here publishes but `publish`, and nothing anywhere else publishes for a person.
Rule: docs/architecture.md, 3.10; docs/studio.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection

from engine.bpmn.keeping import all_kept
from engine.bpmn.reader import is_diagram
from engine.change import approvals, archive, drafts, proofs, publishing, recorder, replay
from engine.change.approvals import Approval
from engine.change.drafts import Draft
from engine.change.gate import Gate, GateClosed
from engine.change.ground import Cast
from engine.change.looks import Looks
from engine.change.owners import check_owner
from engine.change.performances import Stage
from engine.change.proofs import Progress, StoryProof
from engine.change.rehearsal import Rehearsal
from engine.change.replay import Furnish, Replayed
from engine.change.runs import Runs, What
from engine.change.trials import Trials
from engine.definitions import Deployment, deployment
from engine.definitions.checks import stops
from engine.errors import Conflict, Invalid, NotFound
from engine.people.person import Person
from engine.service import Engine
from engine.texts import Text

LONGEST_STORY_NAME = 80


class StoryExists(Conflict):
    """There is a scenario {name} already; say that it is to be replaced, or choose another name."""

    fr = "Il y a déjà un scénario {name} ; dites qu’il est à remplacer, ou choisissez un autre nom."


class NotAStoryName(Invalid):
    """The name of a scenario has small letters, digits and underscores."""

    fr = "Le nom d’un scénario a des lettres minuscules, des chiffres et des tirets bas."


class Studio(Looks):
    """The commands of process owners. Safe for threads."""

    def __init__(self, engine: Engine, make_rehearsal: Stage, *, cast: Cast | None = None, furnish: Furnish | None = None,
                 house: str = "") -> None:
        """Open the studio of an engine.

        Args:
            make_rehearsal: makes an engine in memory that begins at a moment, with the handlers of the house.
            cast: people of the stories, by login. furnish: brings the body's registers into the replay of a real case.
            house: release and settings that stories depend on: when it changes, they are to be played again.
        """
        handlers = " ".join(sorted(handler.name for handler in engine.around.registry))
        super().__init__(engine, make_rehearsal, dict(cast or {}), f"{house} {handlers}")
        self.furnish = furnish or (lambda connection, rehearsal: None)
        self.trials = Trials(self.grounds)
        self.runs = Runs(self.store, self._now)

    # --- drafts -----------------------------------------------------------------------------------

    def open_draft(self, key: str, name: str, by: Person, *, version_id: str | None = None) -> Draft:
        """Open a draft of a process from its newest version, or empty when there is none.

        Args:
            version_id: take the content of this older version instead, to go back to it.
        Raises: NotAllowed; NoName; NoSuchVersion.
        """
        check_owner(by)
        with self.store.begin() as work:
            newest = deployment.newest_version(work.connection, key)
            source = version_id or (newest.id if newest is not None else None)
            files = deployment.files_of(work.connection, source)[1] if source else {}
            return drafts.open_draft(work.connection, key, name, files, by, self._now(), based_on=newest.id if newest is not None else None)

    def save(self, draft_id: str, changes: Mapping[str, bytes | None], revision: int, by: Person) -> Draft:
        """Save files into a draft; an approval it had loses its force.

        A diagram keeps what its editor does not know of the file it replaces: comments, name spaces, words of other tools.

        Args:
            changes: content by path; None removes a file. revision: the one the author has seen.
        Raises: NotAllowed; NoSuchDraft; DraftClosed; DraftChanged; NotAFileOfAProcess. Nothing is stored then.
        """
        check_owner(by)
        with self.store.begin() as work:
            whole = all_kept(drafts.files(work.connection, draft_id) if any(map(is_diagram, changes)) else {}, changes)
            return self._saved(work.connection, drafts.save(work.connection, draft_id, whole, revision, by, self._now()), revision)

    def catch_up(self, draft_id: str, by: Person, keep: Collection[str] = (), take: Collection[str] = (), *,
                 seen: tuple[int, str] | None = None) -> Draft:
        """Take what was published since a draft was opened into it, see `drafts.catch_up`. Raises: NotAllowed; and what that raises."""
        check_owner(by)
        with self.store.begin() as work:
            before = drafts.lock(work.connection, draft_id).revision
            after = drafts.catch_up(work.connection, draft_id, by, self._now(), keep, take, seen=seen)
            return self._saved(work.connection, after, before)

    def discard(self, draft_id: str, by: Person) -> None:
        """Give a draft up. Raises: NotAllowed; NoSuchDraft; DraftClosed."""
        check_owner(by)
        with self.store.begin() as work:
            drafts.discard(work.connection, draft_id)
            approvals.void(work.connection, draft_id, self._now())

    def import_zip(self, draft_id: str, data: bytes, revision: int, by: Person) -> Draft:
        """Make a draft what a ZIP file holds: what is not in it is removed. Raises: NotAllowed; NotAnArchive; and as `save`."""
        check_owner(by)
        return self._import(draft_id, archive.unpack(data), revision, by)

    def import_folder(self, draft_id: str, sent: Mapping[str, bytes], revision: int, by: Person) -> Draft:
        """Make a draft what a folder holds that was sent file by file. Raises: as `import_zip`."""
        check_owner(by)
        return self._import(draft_id, archive.gather(sent), revision, by)

    def _import(self, draft_id: str, files: Mapping[str, bytes], revision: int, by: Person) -> Draft:
        with self.store.begin() as work:
            removed = dict.fromkeys(path for path in drafts.files(work.connection, draft_id) if path not in files)
            return self._saved(work.connection, drafts.save(work.connection, draft_id, {**removed, **files}, revision, by, self._now()),
                               revision)

    # --- trying -----------------------------------------------------------------------------------

    def try_out(self, draft_id: str, by: Person, at: datetime | None = None) -> Rehearsal:
        """Set a stage in virtual time with a draft among the published processes and the people of the stories.

        Args:
            at: the moment it begins; now when not given.
        Raises: NotAllowed; NoSuchDraft; NotDeployable, with the problems.
        """
        ground = self._ground_of(draft_id, by)
        return ground.set_up(self.stage(at or self._now()))

    def record(self, draft_id: str, trial_id: str, name: str, says: Text, revision: int, by: Person, *, replace: bool = False) -> Draft:
        """Write a trial as a scenario into a draft.

        Args:
            name: of the file, without its ending. says: what must hold, in one sentence, in one language or both.
        Raises: NotAllowed; NotAStoryName; StoryExists; what `Trials.written` and `save` raise.
        """
        path = self._story_path(draft_id, name, by, replace=replace)
        return self.save(draft_id, {path: self.trials.written(trial_id, says, by)}, revision, by)

    def record_rehearsal(self, draft_id: str, played: Rehearsal, name: str, says: Text, revision: int, by: Person, *,
                         replace: bool = False) -> Draft:
        """Write what a program has played on a draft (`try_out`) as a scenario into it. Raises: as `record`."""
        path, ground = self._story_path(draft_id, name, by, replace=replace), self._ground_of(draft_id, by)
        return self.save(draft_id, {path: recorder.record(played, lambda at: ground.set_up(self.stage(at)), says)}, revision, by)

    def prove(self, draft_id: str, by: Person, *, seconds: float | None = None, progress: Progress = lambda done, of: None) -> Gate:
        """Play the scenarios of a draft that have not been played on this content, and tell how its gate stands.

        Args:
            seconds: when to stop beginning new ones; call again for the rest. progress: told how many are known, of how many.
        Raises: NotAllowed; NoSuchDraft.
        """
        ground = self._ground_of(draft_id, by)
        if not stops(self.engine.check_files(ground.draft.files, ground.key)):
            proofs.prove(self.store, ground, self.stage, self._now(), seconds=seconds, progress=progress)
        return self.gate(draft_id, by)

    def begin_run(self, draft_id: str, what: What, by: Person) -> None:
        """Play the scenarios of a draft, or replay finished cases on it, beside the request. Raises: NotAllowed; NoSuchDraft."""
        self._ground_of(draft_id, by)
        if what == "scenarios":
            self.runs.begin(draft_id, what, lambda progress: self.prove(draft_id, by, progress=progress))
        else:
            self.runs.begin(draft_id, what, lambda progress: self.replay(draft_id, by, progress=progress))

    def play_story(self, content_id: str, name: str, by: Person) -> StoryProof:
        """Play one scenario of a draft or version. Raises: NotAllowed; NoSuchDraft; NotDeployable; NotFound."""
        check_owner(by)
        ground = self.grounds.playable(*self.grounds.content(content_id))
        story = next((one for one in ground.stories() if one.name == name), None)
        if story is None:
            raise NotFound(story=name)
        return proofs.prove_one(self.store, ground, story, self.stage, self._now())

    def replay(self, draft_id: str, by: Person, *, most: int = replay.MOST_CASES, seconds: float = replay.MOST_SECONDS,
               progress: Progress = lambda done, of: None) -> Replayed:
        """Let finished cases be lived again on a draft, and keep what came out different.

        Raises: NotAllowed; NoSuchDraft; NotDeployable, with the problems.
        """
        check_owner(by)
        ground = self.grounds.playable(*self.grounds.content(draft_id))
        found = replay.replay(self.engine, ground, self.stage, self.furnish, most=most, seconds=seconds, progress=progress)
        proofs.keep(self.store, ground.replay_digest(), "replay", found.to_json(), self._now())
        return found

    # --- the second person, and publishing --------------------------------------------------------

    def ask_approval(self, draft_id: str, request: str, by: Person) -> Approval:
        """Ask a second person for a word on a draft as it stands, once everything else holds.

        Raises: NotAllowed; NoSuchDraft; DraftClosed; SayWhy; GateClosed, naming what is missing.
        """
        check_owner(by)
        with self.store.begin() as work:
            there = drafts.lock(work.connection, draft_id)
            gate = self._gate(work.connection, there)
            if not gate.is_ready_for_approval:
                raise GateClosed(missing=Gate(gate.hash, gate.conditions[:-1]).missing)
            return approvals.ask(work.connection, there, request, by, self._now())

    def decide_approval(self, approval_id: str, approve: bool, comment: str, by: Person) -> Approval:
        """Approve or refuse a draft as the second person; with a comment when replayed cases went another way.

        Raises: NotAllowed (`four_eyes`), for whoever had a hand in it; NoSuchApproval; AlreadyDecided; SayWhy.
        """
        check_owner(by)
        with self.store.begin() as work:
            asked = approvals.get(work.connection, approval_id)
            replayed = self._replayed(work.connection, self._ground(work.connection, drafts.get(work.connection, asked.draft_id)))
            decided = approvals.decide(work.connection, approval_id, approve, comment, by, self._now())
            if approve and not comment.strip() and replayed is not None and replayed.differ:
                raise approvals.SayWhy()
            return decided

    def withdraw_approval(self, draft_id: str, by: Person) -> None:
        """Take back what was asked and not decided. Raises: NotAllowed; NoSuchDraft; DraftClosed."""
        check_owner(by)
        with self.store.begin() as work:
            drafts.lock(work.connection, draft_id)
            approvals.withdraw(work.connection, draft_id, self._now())

    def publish(self, draft_id: str, by: Person) -> Deployment:
        """Publish a draft: new cases take it, running ones stay on their version.

        Raises: NotAllowed; NoSuchDraft; DraftClosed; GateClosed, naming everything that is missing.
        """
        check_owner(by)
        with self.store.begin() as work:
            there = drafts.lock(work.connection, draft_id)
            deployment.lock_key(work.connection, there.key)
            work.after_commit(self.engine.announce_due)     # the new version may begin cases by time
            return publishing.publish(work.connection, there, self._gate(work.connection, there), by, self._now(), self.engine.library.zone)

    def retire(self, version_id: str, reason: str, by: Person) -> None:
        """Take a version out, and those before it; running cases go on. Raises: NotAllowed; NoSuchVersion; SayWhyRetired; StillCalled."""
        check_owner(by)
        published = self.engine.library.published()
        with self.store.begin() as work:
            publishing.retire(work.connection, version_id, reason, published, by, self._now())

    # --- inside -----------------------------------------------------------------------------------

    def _story_path(self, draft_id: str, name: str, by: Person, *, replace: bool) -> str:
        """Where a scenario of this name lies. Raises: NotAllowed; NoSuchDraft; NotAStoryName; StoryExists."""
        if not (name.isascii() and name.replace("_", "a").isalnum() and name == name.lower() and len(name) <= LONGEST_STORY_NAME):
            raise NotAStoryName(name=name)
        path = f"scenarios/{name}.yaml"
        if path in self.files(draft_id, by) and not replace:
            raise StoryExists(name=name)
        return path

    def _saved(self, connection: Connection, after: Draft, seen: int) -> Draft:
        if after.revision != seen:
            approvals.void(connection, after.id, self._now())
        return after

    def _now(self) -> datetime:
        return self.engine.clock.now()
