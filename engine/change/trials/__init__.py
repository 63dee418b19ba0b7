"""Trials: drafts and versions tried out in virtual time, each by one person.

Owns: `Trials`: the commands of trying, and the living copies of the trials that are being played.
Leaves: what an act does to `trial`, what is shown to `seen`, the rows to `kept`; who is a process owner to `studio`.
Promises: nothing of a trial reaches a case or leaves the house; a trial is lived again from its acts whenever its living copy is gone
(a restart, another machine, an act taken back), and when it parts on the way, the page says at which act and why.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.change import performances, recorder, scenarios
from engine.change.ground import Ground, is_story
from engine.change.grounds import Grounds
from engine.change.owners import check_owner
from engine.change.rehearsal import Rehearsal, Scene
from engine.change.scenarios import Scenario
from engine.change.trials import kept as rows
from engine.change.trials.acts import KINDS, NEXT, Act
from engine.change.trials.kept import KeptTrial, NoSuchTrial, TrialMoved
from engine.change.trials.seen import READER, Chance, Coming, OpenTask, Seen, Spot, Told, Waiting, look
from engine.change.trials.trial import (
    NothingAhead,
    NothingWaitsThere,
    NotRefused,
    Posted,
    StoryParts,
    TooFar,
    Trial,
)
from engine.definitions.files import version_hash
from engine.errors import JalonError, NotAllowed
from engine.forms.faults import FormInvalid
from engine.people.person import Person
from engine.texts import Text

MOST_LIVING, IDLE_SECONDS = 10, 1800.0
MOST_SCENES = 6
_HARMLESS = (FormInvalid, NotAllowed, NothingWaitsThere, NothingAhead)


@dataclass
class _Living:
    """A trial being lived, the hash of what it plays on, and when somebody looked at it last."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    trial: Trial | None = None
    hash: str = ""
    touched: float = 0.0


@dataclass(frozen=True)
class TrialShown:
    """A trial as its page shows it.

    Attributes:
        parted: number of the first act (from 0) that cannot be done again, None when all can; why: what stood against it.
        is_behind: the draft was saved since.
    """

    kept: KeptTrial
    seen: Seen
    ground: Ground
    parted: int | None = None
    why: Text | None = None
    is_behind: bool = False


class Trials:
    """The commands of trying. Safe for threads: a trial is played by one request at a time."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds, self._store = grounds, grounds.store
        self._living: OrderedDict[str, _Living] = OrderedDict()
        self._scenes: OrderedDict[str, Scene] = OrderedDict()
        self._lock = threading.Lock()

    # --- commands ---------------------------------------------------------------------------------

    def begin(self, content_id: str, by: Person, at: datetime | None = None, *, story: str = "", steps: int | None = None) -> KeptTrial:
        """Begin a trial of a draft or version.

        Args:
            at: the moment it begins; now when not given. story: name of a scenario to play first ("certification/major"), at its own
                moment. steps: how many of its steps; None: all.
        Raises: NotAllowed; NoSuchDraft; NotDeployable, with the problems; NoSuchTrial, for a story there is not; NotAScenario; StoryParts.
        """
        check_owner(by)
        key, files = self._grounds.content(content_id)
        ground = self._grounds.playable(key, files)
        acts: list[Act] = []
        if story:
            at, acts = self._moment_of(ground, story), [Act("story", name=story, steps=steps)]
        trial = self._set_up(ground, at or self._grounds.now())
        try:
            for act in acts:
                trial.do(act)
            with self._store.begin() as work:
                kept = rows.open_trial(work.connection, content_id, key, files, trial.began_at, by, self._grounds.now(), acts)
        except JalonError:
            trial.rehearsal.store.close()
            raise
        self._keep(kept, trial)
        return kept

    def act(self, trial_id: str, act: Act, revision: int, by: Person) -> KeptTrial:
        """Do one act. `revision`: the one whose page the person has seen.

        Raises: NotAllowed, also when the act is; NoSuchTrial; TrialMoved; FormInvalid; NothingWaitsThere; NothingAhead; TooFar; NotRefused.
        """
        kept = self._kept(trial_id, by, revision)
        with self._lived(kept) as (trial, parted, _):
            if parted is not None:                          # what cannot be done again is given up by going on
                kept = self._write(kept, kept.acts[:parted])
            trial.do(act)
            return self._write(kept, (*kept.acts, act))

    def complete(self, trial_id: str, spot: Spot, by_login: str, values: Mapping[str, Any], revision: int, by: Person) -> KeptTrial:
        """Complete a task as somebody; `by_login` "" settles what stands still by hand. Raises: as `act`."""
        kept = self._kept(trial_id, by, revision)
        with self._lived(kept) as (trial, _, _):
            work = trial.point_at(spot.case, spot.element, spot.place)
            act = trial.act_on(work, "complete", by_login, values)
        return self.act(trial_id, act, revision, by)

    def back(self, trial_id: str, to: int, revision: int, by: Person) -> KeptTrial:
        """Take acts back: only the first `to` remain. Raises: NotAllowed; NoSuchTrial; TrialMoved."""
        kept = self._kept(trial_id, by, revision)
        return self._write(kept, kept.acts[:max(to, 0)])

    def branch(self, trial_id: str, to: int, by: Person) -> KeptTrial:
        """Begin another trial with the first `to` acts of one; this one stays as it is. Raises: NotAllowed; NoSuchTrial."""
        kept = self._kept(trial_id, by)
        with self._store.begin() as work:
            files = rows.files_of(work.connection, kept)
            return rows.open_trial(work.connection, kept.content_id, kept.key, files, kept.began_at, by, self._grounds.now(),
                                   kept.acts[:max(to, 0)])

    def renew(self, trial_id: str, revision: int, by: Person) -> KeptTrial:
        """Play a trial again on its draft as it is now; acts that cannot be done again stay to be seen. Raises: as `begin`; TrialMoved."""
        kept = self._kept(trial_id, by, revision)
        _, files = self._grounds.content(kept.content_id)
        self._grounds.playable(kept.key, files)
        with self._store.begin() as work:
            return rows.renew(work.connection, kept, files, kept.acts, self._grounds.now())

    def forget(self, trial_id: str, by: Person) -> None:
        """Let a trial be gone. Raises: NotAllowed; NoSuchTrial."""
        kept = self._kept(trial_id, by)
        with self._store.begin() as work:
            rows.forget(work.connection, kept.id)
        living = self._living_of(kept.id)
        with living.lock:
            _close(living)

    # --- looking ----------------------------------------------------------------------------------

    def of(self, content_id: str, by: Person) -> list[KeptTrial]:
        """What a person has under way on a draft or version, played last first. Raises: NotAllowed."""
        check_owner(by)
        with self._store.read() as connection:
            return rows.of_person(connection, content_id, by)

    def show(self, trial_id: str, by: Person, case: int | None = None, spot: Spot | None = None) -> TrialShown:
        """A trial as it stands. Raises: NotAllowed; NoSuchTrial; NotDeployable."""
        kept = self._kept(trial_id, by)
        with self._lived(kept) as (trial, parted, why):
            seen = look(trial, says_of(trial.ground), case, spot)
            return TrialShown(kept, seen, trial.ground, parted, why, self._is_behind(kept))

    def answers(self, trial_id: str, element: str, by: Person) -> list[tuple[str, int, Text]]:
        """What stories write into the forms at an element: name of the story, number of the step, what the story says."""
        kept = self._kept(trial_id, by)
        with self._lived(kept) as (trial, _, _):
            return [(story.name, number, story.says) for story in stories_of(trial.ground)
                    for number, step in enumerate(story.steps, 1) if step.get("complete") == element and step.get("with")]

    def answer(self, trial_id: str, spot: Spot, story: str, number: int, by: Person) -> dict[str, Any]:
        """What a story writes at one of its steps, as a task sees it now. Raises: NotAllowed; NoSuchTrial; NothingWaitsThere."""
        kept = self._kept(trial_id, by)
        with self._lived(kept) as (trial, _, _), trial.ground.laid_out() as place:
            found = next((one for one in stories_of(trial.ground, place) if one.name == story), None)
            if found is None or not 0 < number <= len(found.steps):
                raise NoSuchTrial(story=story)
            return performances.answer(found, number, trial.rehearsal, trial.point_at(spot.case, spot.element, spot.place))

    def pack(self, trial_id: str, values: Mapping[str, Any], by: Person) -> Any:
        """Values as an act of this trial keeps them. Raises: NotAllowed; NoSuchTrial; NotAValue."""
        with self._lived(self._kept(trial_id, by)) as (trial, _, _):
            return trial.pack(values)

    def document(self, trial_id: str, document_id: str, by: Person) -> tuple[str, str, bytes]:
        """Name, media type and content of a paper of a trial. Raises: NotAllowed; NoSuchTrial; NotFound."""
        with self._lived(self._kept(trial_id, by)) as (trial, _, _):
            return trial.queries.document(document_id, READER)

    def written(self, trial_id: str, says: Text, by: Person) -> bytes:
        """A trial as a scenario, by playing it once more on its draft as it is now.

        Args:
            says: what must hold, in one sentence, in one language or both.
        Raises: NotAllowed; NoSuchTrial; NotDeployable; NoSentence; NothingPlayed; NotRepeatable; CannotTellApart.
        """
        kept = self._kept(trial_id, by)
        with self._lived(kept) as (trial, _, _):
            ground = self._grounds.playable(*self._grounds.content(kept.content_id))
            return recorder.record(trial.rehearsal, lambda at: self._stage(ground, at), says, trial.besides)

    # --- inside: rows -----------------------------------------------------------------------------

    def _kept(self, trial_id: str, by: Person, revision: int | None = None) -> KeptTrial:
        check_owner(by)
        with self._store.read() as connection:
            kept = rows.get(connection, trial_id, by)
        if revision is not None and kept.revision != revision:
            raise TrialMoved(trial_id=trial_id)
        return kept

    def _write(self, kept: KeptTrial, acts: Sequence[Act]) -> KeptTrial:
        with self._store.begin() as work:
            return rows.write(work.connection, kept, acts, self._grounds.now())

    def _is_behind(self, kept: KeptTrial) -> bool:
        return version_hash(self._grounds.content(kept.content_id)[1]) != kept.hash

    # --- inside: living copies --------------------------------------------------------------------

    @contextmanager
    def _lived(self, kept: KeptTrial) -> Iterator[tuple[Trial, int | None, Text | None]]:
        """Hold the living copy of a trial, brought to where its acts lead. Yields: it, and where it parts and why."""
        living = self._living_of(kept.id)
        with living.lock:
            parted, why = self._bring(living, kept)
            living.touched = time.monotonic()
            assert living.trial is not None
            try:
                yield living.trial, parted, why
            except _HARMLESS:
                raise                                       # nothing has happened
            except Exception:
                _close(living)                              # it may stand half-way; the acts that are kept tell where it belongs
                raise

    def _bring(self, living: _Living, kept: KeptTrial) -> tuple[int | None, Text | None]:
        """Let a copy stand where the acts lead: go on from where it stands when that lies on the way, else begin again."""
        done = living.trial.acts if living.trial is not None else []
        if living.trial is None or living.hash != kept.hash or list(kept.acts[:len(done)]) != done:
            _close(living)
            with self._store.read() as connection:
                files = rows.files_of(connection, kept)
            living.trial, living.hash = self._set_up(self._grounds.playable(kept.key, files), kept.began_at), kept.hash
        for number in range(len(living.trial.acts), len(kept.acts)):
            try:
                living.trial.do(kept.acts[number])
            except JalonError as error:
                return number, error.fact if isinstance(error, NotAllowed) and error.fact else error.sentence
        return None, None

    def _set_up(self, ground: Ground, at: datetime) -> Trial:
        return Trial(ground, self._stage(ground, at))

    def _stage(self, ground: Ground, at: datetime) -> Rehearsal:
        """A stage with everything of a ground on it, copied from one that was set up before."""
        digest = ground.replay_digest()
        with self._lock:
            scene = self._scenes.get(digest)
        if scene is None:
            first = ground.set_up(self._grounds.stage(at))
            scene = first.scene()
            first.store.close()
        with self._lock:
            self._scenes[digest] = scene
            self._scenes.move_to_end(digest)
            while len(self._scenes) > MOST_SCENES:
                self._scenes.popitem(last=False)
        rehearsal = self._grounds.stage(at)
        rehearsal.begin_from(scene)
        return rehearsal

    def _living_of(self, trial_id: str) -> _Living:
        with self._lock:
            living = self._living.setdefault(trial_id, _Living(touched=time.monotonic()))
            self._living.move_to_end(trial_id)
            for other_id in [one for one in self._living if one != trial_id]:
                other = self._living[other_id]
                idle = time.monotonic() - other.touched > IDLE_SECONDS
                if (idle or len(self._living) > MOST_LIVING) and other.lock.acquire(blocking=False):
                    del self._living[other_id]
                    _close(other)
                    other.lock.release()
        return living

    def _keep(self, kept: KeptTrial, trial: Trial) -> None:
        living = self._living_of(kept.id)
        with living.lock:
            living.trial, living.hash, living.touched = trial, kept.hash, time.monotonic()

    def _moment_of(self, ground: Ground, name: str) -> datetime:
        """When a story of the ground begins, in the body's zone. Raises: NoSuchTrial; NotAScenario."""
        story = next((one for one in ground.stories() if one.name == name), None)
        if story is None:
            raise NoSuchTrial(story=name)
        with ground.laid_out() as place:
            at = scenarios.read(place / story.folder / story.path).at
        return at                                           # without a zone: told in the body's by the stage


def stories_of(ground: Ground, place: Path = Path()) -> list[Scenario]:
    """The stories of every folder of a ground, its draft's first; those that cannot be read are left out.

    Args:
        place: where the folders are laid out, for stories whose files are to be read.
    """
    found: list[Scenario] = []
    for key in sorted(ground.packages, key=lambda key: (key != ground.key, key)):
        files = ground.packages[key].files
        for path in sorted(filter(is_story, files)):
            with suppress(JalonError):
                found.append(scenarios.parse(place / key / path, files[path]))
    return found


def says_of(ground: Ground) -> dict[str, Text]:
    """What each story of the ground says, by its name."""
    return {story.name: story.says for story in stories_of(ground)}


def _close(living: _Living) -> None:
    if living.trial is not None:
        living.trial.rehearsal.store.close()
        living.trial = None


__all__ = ["KINDS", "NEXT", "Act", "Chance", "Coming", "KeptTrial", "NoSuchTrial", "NotRefused", "NothingAhead", "NothingWaitsThere",
           "OpenTask", "Posted", "Seen", "Spot", "StoryParts", "Told", "TooFar", "Trial", "TrialMoved", "TrialShown", "Trials",
           "Waiting", "says_of", "stories_of"]
