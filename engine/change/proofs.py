"""What the stories have shown of one exact content.

Owns: playing the stories of a ground, keeping what each has shown by the digest of what it read, and what no story takes.
Leaves: playing itself to `performances`; what follows from it to `gate`.
Promises: a story that would read the same is not played again; one that was played on anything else does not count; a story that cannot
be read or breaks is told like one that does not hold.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from engine.bpmn.diff import label
from engine.bpmn.model import Element, Process
from engine.change import performances, scenarios
from engine.change.ground import Ground, Story
from engine.change.performances import AT_START, Stage
from engine.change.rehearsal import Rehearsal
from engine.errors import JalonError
from engine.store.database import Store
from engine.store.tables import proof
from engine.texts import NO_TEXT, Text

log = logging.getLogger(__name__)
Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class StoryProof:
    """What one story has shown.

    Attributes:
        says: its sentence. number, step, problem: where and why it does not hold; no text when it does.
        elements, flows: what its cases took, as (process, id). at: when it was played; None while that is not kept yet.
    """

    story: Story
    says: Text
    holds: bool
    number: int = 0
    step: Text = NO_TEXT
    problem: Text = NO_TEXT
    elements: frozenset[tuple[str, str]] = frozenset()
    flows: frozenset[tuple[str, str]] = frozenset()
    at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        return {"says": self.says.to_json(), "holds": self.holds, "number": self.number, "step": self.step.to_json(),
                "problem": self.problem.to_json(), "elements": sorted(self.elements), "flows": sorted(self.flows)}

    @classmethod
    def of(cls, story: Story, kept: Mapping[str, Any], at: datetime) -> StoryProof:
        return cls(story, Text.of(kept["says"]), kept["holds"], kept.get("number", 0), Text.of(kept["step"]), Text.of(kept["problem"]),
                   _pairs(kept["elements"]), _pairs(kept["flows"]), at)


@dataclass(frozen=True)
class Proofs:
    """What is known of a ground: a proof for each story that was played, and those still to play."""

    told: tuple[StoryProof, ...]
    waiting: tuple[Story, ...]

    @property
    def failed(self) -> tuple[StoryProof, ...]:
        return tuple(one for one in self.told if not one.holds)

    def missing(self, processes: Iterable[Process]) -> tuple[Missing, ...]:
        """The timers and flows of these processes that no story takes."""
        elements, flows = self.elements, self.flows
        return tuple(one for process in processes for one in _untaken(process, elements, flows))


    @property
    def elements(self) -> frozenset[tuple[str, str]]:
        """What the stories take, as (process, element)."""
        return frozenset[tuple[str, str]]().union(*(one.elements for one in self.told))

    @property
    def flows(self) -> frozenset[tuple[str, str]]:
        """The flows the stories take, as (process, flow)."""
        return frozenset[tuple[str, str]]().union(*(one.flows for one in self.told))


@dataclass(frozen=True)
class Missing:
    """One timer or flow that no story takes: where it is drawn, and in words."""

    file: str
    process: str
    element: str
    text: Text


def known(connection: Connection, ground: Ground) -> Proofs:
    """What was shown before on exactly this ground."""
    by_digest = {ground.digest(story): story for story in ground.stories()}
    rows = connection.execute(select(proof.c.digest, proof.c.result, proof.c.at).where(
        proof.c.digest.in_(by_digest), proof.c.kind == "story"))
    results = {row.digest: row for row in rows}
    return Proofs(tuple(StoryProof.of(story, results[digest].result, results[digest].at) for digest, story in by_digest.items()
                        if digest in results),
                  tuple(story for digest, story in by_digest.items() if digest not in results))


def prove(store: Store, ground: Ground, stage: Stage, now: datetime, *, seconds: float | None = None,
          progress: Progress = lambda done, of: None) -> Proofs:
    """Play the stories of a ground that have not been played on it, and keep what each has shown.

    Args:
        stage: makes a rehearsal that begins at a moment. seconds: when to stop beginning new stories; the rest stays waiting.
        progress: told how many stories are known, of how many.
    """
    with store.read() as connection:
        before = known(connection, ground)
    until = None if seconds is None else time.monotonic() + seconds
    found, waiting = list(before.told), list(before.waiting)
    with ground.laid_out() as place:
        progress(len(found), len(found) + len(waiting))
        ready = performances.prepared(stage, place)
        while waiting and (until is None or time.monotonic() < until):
            found.append(_proven(store, ground, waiting.pop(0), ready, place, now))
            progress(len(found), len(found) + len(waiting))
    return Proofs(tuple(found), tuple(waiting))


def prove_one(store: Store, ground: Ground, story: Story, stage: Stage, now: datetime) -> StoryProof:
    """Play one story of a ground, also when it has been played on it before, and keep what it has shown."""
    with ground.laid_out() as place:
        return _proven(store, ground, story, stage, place, now)


def _proven(store: Store, ground: Ground, story: Story, stage: Stage, place: Path, now: datetime) -> StoryProof:
    shown = _play(story, stage, place)
    keep(store, ground.digest(story), "story", shown.to_json(), now)
    if shown.holds:
        keep(store, _passed(story), "passed", {}, now)
    return replace(shown, at=now)


def passed_at(connection: Connection, story: Story) -> datetime | None:
    """When a story of this name held last, on whatever content; None when it never did."""
    found: datetime | None = connection.scalar(select(proof.c.at).where(proof.c.digest == _passed(story)))
    return found


def drop(connection: Connection, digest: str) -> None:
    """Let something kept be gone."""
    connection.execute(delete(proof).where(proof.c.digest == digest))


def _passed(story: Story) -> str:
    return hashlib.sha256(f"passed {story.folder} {story.path}".encode()).hexdigest()


def keep(store: Store, digest: str, kind: str, result: dict[str, Any], now: datetime) -> None:
    """Keep what a run has shown, in place of what it had shown before."""
    with store.begin() as work:
        work.connection.execute(delete(proof).where(proof.c.digest == digest))
        work.connection.execute(insert(proof).values(digest=digest, kind=kind, result=result, at=now))


def kept(connection: Connection, digest: str) -> dict[str, Any] | None:
    """What a run has shown, None when it has not run."""
    found: dict[str, Any] | None = connection.scalar(select(proof.c.result).where(proof.c.digest == digest))
    return found


def _play(story: Story, stage: Stage, place: Any) -> StoryProof:
    opened: list[Rehearsal] = []

    def begin(at: datetime) -> Rehearsal:
        opened.append(stage(at))
        return opened[-1]

    try:
        outcome = performances.play(scenarios.read(place / story.folder / story.path), begin, place)
    except JalonError as error:
        return StoryProof(story, Text.of(story.name), False, AT_START, _THE_STORY, error.sentence)
    except Exception as error:  # whatever a story or a draft does to the engine, the author is told and the others are played
        log.exception("the story %s broke the rehearsal", story.name)
        return StoryProof(story, Text.of(story.name), False, AT_START, _THE_STORY, Text.of(f"{type(error).__name__}: {error}"))
    finally:
        for rehearsal in opened:
            rehearsal.store.close()
    problem, coverage = outcome.problem, outcome.coverage
    told = (problem.number, problem.step, problem.problem) if problem else (0, NO_TEXT, NO_TEXT)
    return StoryProof(story, outcome.scenario.says, problem is None, *told, frozenset(coverage.elements), frozenset(coverage.flows))


def _untaken(process: Process, elements: frozenset[tuple[str, str]], flows: frozenset[tuple[str, str]]) -> Iterable[Missing]:
    for element in process.elements.values():
        if any(event.kind == "timer" for event in element.events) and (process.id, element.id) not in elements:
            yield Missing(process.file, process.id, element.id, _NEVER_FIRES.format(name=_where(process, element)))
    for flow in process.flows.values():
        if (process.id, flow.id) not in flows:
            source, target = (label(process.elements[key]) for key in (flow.source, flow.target))
            yield Missing(process.file, process.id, flow.id, _NEVER_TAKEN.format(source=source, target=target, answer=_answer(flow.name)))


def _where(process: Process, element: Element) -> Text:
    """A boundary event with its host: several of one name are common."""
    host = process.elements.get(element.attached_to)
    return label(element) if host is None else _ON.format(name=label(element), host=label(host))


def _answer(name: Text) -> Text:
    return Text(f" ({name.fr})", f" ({name('en')})") if name.fr else name


def _pairs(pairs: Iterable[Iterable[str]]) -> frozenset[tuple[str, str]]:
    return frozenset((process, element) for process, element in pairs)


_THE_STORY = Text("la lecture du scénario", "the story")
_ON = Text("{name}, sur {host}", "{name}, on {host}")
_NEVER_FIRES = Text("Aucun scénario ne laisse partir « {name} ».", "No scenario lets “{name}” fire.")
_NEVER_TAKEN = Text("Aucun scénario ne va de « {source} » à « {target} »{answer}.",
                    "No scenario goes from “{source}” to “{target}”{answer}.")
