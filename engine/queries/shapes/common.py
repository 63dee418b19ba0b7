"""What answers of several kinds hold: counts, the case they are about, a deadline, a file, a remark, a person of the outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from engine.forms import Form
from engine.texts import Text
from engine.work.explanations import Explanation

Standing = Literal["late", "soon", "on_time", "paused", "none", "met", "missed", "dropped"]


MilestoneState = Literal["done", "current", "late", "ahead", "passed_by"]


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; `more` when counting stopped at the limit: shown as "999+"."""

    value: int
    more: bool = False

    @classmethod
    def of(cls, found: int, most: int) -> Count:
        """A number found by counting no further than one above `most`."""
        return cls(min(found, most), found > most)

    def __str__(self) -> str:
        return f"{self.value}+" if self.more else str(self.value)


@dataclass(frozen=True, slots=True)
class CaseRef:
    """A case, as a line of another thing names it."""

    id: str
    number: str                                             #: business key, "2026-0412"; "" before it has one
    title: str                                              #: "Lisière Formation"


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """One deadline of the ledger with the sum that gives its day.

    Attributes:
        standing: late, soon, on time, paused; or how it was closed (`met`, `missed`, `dropped`).
        explanation: the sum; `explanation.tell(locale)` gives the words used in inbox, portal, mail and export.
        most_days: how many more days may be granted; 0 when the rule allows none.
        asked: number of the extension that waits for its grant, None when none does.
    """

    id: str
    case: CaseRef
    rule: str
    title: Text
    subject: Text
    basis: Literal["law", "body"]
    anchor_on: date
    due_on: date
    lapses_at: datetime
    standing: Standing
    explanation: Explanation
    most_days: int = 0
    may_pause: bool = False
    asked: int | None = None
    extensions: tuple[Mapping[str, Any], ...] = ()          #: {days, reason, asked_by, granted_by, at, refused_by?}
    pauses: tuple[Mapping[str, Any], ...] = ()              #: {from, to, reason, by}
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CommentLine:
    """What a colleague wrote beside a case or task; parties never see it."""

    id: str
    at: datetime
    by: str
    text: str
    task_id: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A file kept with a case."""

    id: str
    name: str
    kind: str
    media_type: str
    size_bytes: int
    created_at: datetime
    created_by: str                                         #: name, "" for the machine
    public_to_parties: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody has written in a form of the case. `form.fields(data, data)` gives the components to read."""

    element: str
    name: Text                                              #: of the task or the start it was written at
    form: Form
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """One step of the case that people follow."""

    id: str
    name: Text
    state: MilestoneState                                   #: `passed_by`: a later one was reached without it
    reached_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A person of the outside who belongs to the case, with what they may do there beside reading."""

    person_id: str
    name: str
    email: str
    role: str
    may_answer: bool = True
    may_invite: bool = True


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """An invitation that was mailed and not followed yet. `key` names it; it is no link."""

    key: str
    name: str
    email: str
    sent_at: datetime
    expires_at: datetime
    may_answer: bool
    may_invite: bool


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """Something that stands still until a person looks at it."""

    id: str
    case: CaseRef
    kind: str
    element: str
    element_name: Text
    message: Text
    state: str
    created_at: datetime
    process: str = ""
    token: str = ""
    handler: str = ""                                       #: of a job that failed
