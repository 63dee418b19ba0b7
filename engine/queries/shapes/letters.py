"""Letters, and what happened while time passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.queries.shapes.common import CaseRef
from engine.texts import Text


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that went out."""

    key: str
    instance_id: str | None
    template: str
    recipient: str
    subject: str
    body: str
    attachments: tuple[str, ...]
    state: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class LetterList:
    """One page of letters, newest first; `after` fetches the next, None at the end."""

    lines: tuple[LetterLine, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class HappenedLine:
    """One thing that happened in a case."""

    at: datetime
    kind: str
    case: CaseRef
    text: Text


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened between two moments, in its order, and the letters that went out."""

    since: datetime
    until: datetime
    lines: tuple[HappenedLine, ...]
    letters: tuple[LetterLine, ...]
