"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass

from engine.queries.shapes.common import CaseRef, Count
from engine.queries.shapes.tasks import TaskLine
from engine.texts import Text


@dataclass(frozen=True, slots=True)
class CaseHit:
    """A case that was found: where it stands in words."""

    case: CaseRef
    state: str                                              #: InstanceState
    process: Text
    milestone: Text | None


@dataclass(frozen=True, slots=True)
class PersonHit:
    """A colleague who was found, with how many tasks they hold and the first of them."""

    id: str
    name: str
    count: Count
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class ProcessHit:
    """A process that was found, in its newest version."""

    definition_id: str
    process: str
    name: Text


@dataclass(frozen=True, slots=True)
class Found:
    """What the search everywhere has found for some words, of what the engine knows."""

    asked: tuple[str, ...]
    cases: tuple[CaseHit, ...] = ()
    tasks: tuple[TaskLine, ...] = ()
    people: tuple[PersonHit, ...] = ()
    processes: tuple[ProcessHit, ...] = ()
