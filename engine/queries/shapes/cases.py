"""Cases as pages read them: lists, one case, its record, its decisions, its data, its way through the diagrams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.forms import Form
from engine.queries.shapes.common import Answered, CaseRef, CommentLine, DeadlineView, DocumentLine, IncidentLine, MilestoneView, PartyLine
from engine.queries.shapes.tasks import TaskLine
from engine.texts import Text


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a line of the list."""

    id: str
    number: str
    title: str
    process: str
    process_name: Text
    state: str                                              #: InstanceState
    milestone: Text | None
    outcome: Text | None                                    #: name of the end event, once ended
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    next_due_on: date | None = None
    late: int = 0                                           #: open deadlines and tasks past their day


@dataclass(frozen=True, slots=True)
class CaseList:
    """One page of cases, last changed first; `after` fetches the next page, None at the end."""

    lines: tuple[CaseLine, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event of a case, told in words."""

    seq: int
    at: datetime
    kind: str
    text: Text
    actor: str                                              #: name, "" for the machine
    element: str = ""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of what happened, newest first; `before` fetches the next page, None at the beginning of the case."""

    lines: tuple[HistoryLine, ...]
    before: int | None = None


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule of a decision table that matched: its number, what was asked, what it gave, what its author noted beside it."""

    table: str
    rule: int
    annotation: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision computed in a case. `matched` is empty when no rule did."""

    at: datetime
    element: Text
    decision: str
    matched: tuple[MatchedRule, ...]


@dataclass(frozen=True, slots=True)
class Did:
    """Somebody of the case, and the steps they completed."""

    name: str
    steps: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Separation:
    """A step that `names` may not do, because they did `because`."""

    step: Text
    names: tuple[str, ...]
    because: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The variables of one scope of a case. `subject`: which call or round it is, "" for the case itself; `process`: what runs in it."""

    subject: str
    process: Text
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """A case whose record is not as it was written: where it breaks, in words."""

    case: CaseRef
    fault: Text


@dataclass(frozen=True, slots=True)
class Checked:
    """Records checked: how many cases and events, those that are broken; `after` is the last id, "" when every case was looked at."""

    cases: int
    events: int
    broken: tuple[Broken, ...]
    after: str = ""
    of: int = 0                                             #: how many cases there are


@dataclass(frozen=True, slots=True)
class CaseData:
    """What a case knows, by scope, and the forms that say what a variable is called.

    Attributes:
        erased: personal values of it were erased; what people typed is not among the scopes then.
    """

    line: CaseLine
    scopes: tuple[Scope, ...]
    forms: tuple[tuple[str, Form], ...]                     #: variable the answers stand in, "" for the start's own; and the form
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Trail:
    """What happened in one process of a case.

    Attributes:
        here: element → number of tokens that wait there; boundary events and starts that are armed are told too.
        passed: element → how often it was left the normal way, in the order they first were. reached: elements a token came to.
        taken: ids of the sequence flows a token went along. failed: elements with an open incident.
    """

    here: Mapping[str, int] = field(default_factory=dict)
    passed: Mapping[str, int] = field(default_factory=dict)
    reached: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the page of one case shows.

    Attributes:
        trails: where tokens are and have been, by process: for the diagram; empty for parties.
        deadlines: open and paused ones first, soonest first, then the closed ones.
        history: the newest events; `history_before` fetches more, None when these are all. events: how many there are in all.
    """

    line: CaseLine
    definition_id: str
    definition_key: str
    version: int
    milestones: tuple[MilestoneView, ...]
    tasks: tuple[TaskLine, ...]
    deadlines: tuple[DeadlineView, ...]
    history: tuple[HistoryLine, ...]
    documents: tuple[DocumentLine, ...]
    parties: tuple[PartyLine, ...]
    incidents: tuple[IncidentLine, ...]
    comments: tuple[CommentLine, ...]
    trails: Mapping[str, Trail] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)   #: of the process; empty for parties
    answered: tuple[Answered, ...] = ()                     #: what was written in the forms of the process; staff only
    events: int = 0
    history_before: int | None = None
    decisions: tuple[DecisionLine, ...] = ()
    did: tuple[Did, ...] = ()
    separations: tuple[Separation, ...] = ()
    bindings: Mapping[str, str] = field(default_factory=dict)
    suspended_because: str = ""                             #: reason of the suspension that stands, or of the cancelling
    erased: bool = False
