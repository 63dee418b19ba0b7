"""What pages and the API read: frozen data, each field with its meaning.

Owns: the shape of every answer of `engine.queries`. Names that people read are `Text`, told in the reader's language by the page
(`line.name(locale)`); moments are aware and in UTC, days are civil days of the body's zone.
Leaves: how it is fetched to the modules beside this one; how it looks to `web`.
Promises: an answer holds nothing the reader may not see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from engine.forms import Form
from engine.people.access import Refusal
from engine.queries.asked import Asked
from engine.texts import NO_TEXT, Text
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
class TaskLine:
    """A task as a line of the inbox or of its case.

    Attributes:
        due_on: last day in the body's zone, when the task has one. standing: late, soon, on_time, paused or none.
        assignee_name: "" when nobody has claimed it. mine: the reader holds it.
        groups: ids of the groups that may claim it. documentation: what the diagram says about it.
    """

    id: str
    case: CaseRef
    element: str
    process: str
    name: Text
    subject: Text
    state: str                                              #: TaskState
    standing: Standing
    due_at: datetime | None
    due_on: date | None
    deadline_id: str | None
    follow_up_at: datetime | None
    priority: int
    assignee_id: str | None
    assignee_name: str
    mine: bool
    created_at: datetime
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    groups: tuple[str, ...] = ()
    milestone: Text | None = None                           #: where its case stands
    reason: Text | None = None                              #: why that day: rule and source in one sentence, from the ledger


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks each view of the inbox holds for a person."""

    mine: Count
    groups: Count
    overdue: Count
    later: Count
    done: Count


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of a person's tasks.

    Attributes:
        after: fetches the next page, None at the end. partial: the filters have not looked at every task yet; `after` looks further.
    """

    asked: Asked
    lines: tuple[TaskLine, ...]
    counts: Counts
    after: str | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class SavedView:
    """A question to the inbox that somebody keeps. `count`: how many of the reader's tasks it finds, None when that was not counted."""

    id: str
    name: str
    asked: Asked
    owner_id: str
    owner_name: str
    count: Count | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of the inbox offer, as pairs of id and name."""

    processes: tuple[tuple[str, Text], ...]
    steps: tuple[tuple[str, Text], ...]
    milestones: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class TaskPulse:
    """How a task stands, in the few facts that others may have changed. `comments`: how many its case has."""

    state: str
    assignee_id: str | None
    assignee_name: str
    claimed_at: datetime | None
    closed_by_name: str
    closed_at: datetime | None
    due_at: datetime | None
    comments: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a list and a task stand: a mark that changes when the list does, and the task's facts, None when none is looked at."""

    list_mark: str
    task: TaskPulse | None


@dataclass(frozen=True, slots=True)
class Following:
    """What follows a task that is done.

    Attributes:
        opened: open tasks of the case that came since; waiting: those that were open before. automatic: steps that run by themselves now.
        case_state: InstanceState. outcome: name of the end event reached last. mine: what the reader may do next.
    """

    line: TaskLine
    opened: tuple[TaskLine, ...]
    waiting: tuple[TaskLine, ...]
    automatic: tuple[Text, ...]
    case_state: str
    outcome: Text | None
    mine: TaskLine | None


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
class TaskForm:
    """What reading a post about a task takes: its name, and its form; None when it is only to be confirmed."""

    name: Text
    form: Form | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody has written in a form of the case. `form.fields(data, data)` gives the components to read."""

    element: str
    name: Text                                              #: of the task or the start it was written at
    form: Form
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ahead:
    """What may come after a task: a step with the groups that do it, or an end."""

    name: Text
    groups: tuple[str, ...] = ()
    ends: bool = False


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Everything the page of one task shows.

    Attributes:
        form: what to fill in, None when the task is only to be confirmed. values: variables seen from the task with its inputs
            over them; draft: what was typed and not sent. `form.fields(values, draft)` gives the components to draw.
        refusal: why the reader may not do it, and who can; None when they may.
        may_claim, may_release, may_complete: what the reader may do now.
        answered: what was written before and is seen from the task, so that who judges sees what is judged; staff only.
        earlier: what this very step was answered with the last time, when the case came back to it.
    """

    line: TaskLine
    form: Form | None
    values: Mapping[str, Any]
    draft: Mapping[str, Any] | None
    draft_at: datetime | None
    draft_by: str                                           #: name of who typed it
    closed_by: str                                          #: name of who completed it
    pulse: TaskPulse
    refusal: Refusal | None
    may_claim: bool
    may_release: bool
    may_complete: bool
    deadline: DeadlineView | None
    documentation: Text = NO_TEXT
    candidates: tuple[str, ...] = ()                        #: names of people who may do it
    comments: tuple[CommentLine, ...] = ()
    documents: tuple[DocumentLine, ...] = ()
    milestones: tuple[MilestoneView, ...] = ()
    answered: tuple[Answered, ...] = ()
    earlier: Mapping[str, Any] | None = None
    ahead: tuple[Ahead, ...] = ()                           #: what may come after it, as it is drawn; staff only


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """One step of the case that people follow."""

    id: str
    name: Text
    state: MilestoneState                                   #: `passed_by`: a later one was reached without it
    reached_at: datetime | None = None


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


@dataclass(frozen=True, slots=True)
class Week:
    """How many deadlines end in one week, by who set them."""

    number: int                                             #: ISO week
    starts_on: date
    law: int
    body: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """What happens next by itself: when, and the name of the event that does it."""

    at: datetime
    name: Text


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A deadline of the agenda. `people` hold its tasks, `groups` may take those that nobody holds; `next`: what comes by itself."""

    deadline: DeadlineView
    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    next: Alarm | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """Deadlines over all cases by when they end; `weeks` are the next twelve, this one first; `after` goes on with what is later."""

    late: tuple[AgendaLine, ...]
    this_week: tuple[AgendaLine, ...]
    this_month: tuple[AgendaLine, ...]
    paused: tuple[AgendaLine, ...]
    later: tuple[AgendaLine, ...]
    later_count: Count
    weeks: tuple[Week, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class TimerLine:
    """A timer that will fire. `late`: its moment has passed; `waits`: its case is suspended."""

    id: str
    case: CaseRef
    element: str
    element_name: Text
    due_at: datetime
    process: str = ""
    late: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class TimerList:
    """One page of timers; `after` fetches the next, None at the end."""

    lines: tuple[TimerLine, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class IncidentList:
    """One page of incidents; `after` fetches the next, None at the end."""

    lines: tuple[IncidentLine, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job: whose, what handles it, when it is or was due, how often it was tried; held by whom until when; what went wrong last."""

    id: str
    case: CaseRef
    element: str
    element_name: Text
    handler: str
    state: str                                              #: JobState
    run_at: datetime
    tries: int
    max_tries: int
    held_by: str
    held_until: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class JobList:
    """One page of jobs; `after` fetches the next, None at the end."""

    lines: tuple[JobLine, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """A process that does the work: since when, seen last, when it looks next by itself; `silent` when it has given no sign for long."""

    owner: str
    started_at: datetime
    seen_at: datetime
    alarm_at: datetime | None
    silent: bool


@dataclass(frozen=True, slots=True)
class Health:
    """The machine under an installation. `schema`: the revision of its tables; `now`: the engine's clock."""

    database: str
    database_version: str
    schema: str
    workers: tuple[WorkerLine, ...]
    version: str
    python: str
    now: datetime


@dataclass(frozen=True, slots=True)
class HandlerLoad:
    """Jobs of one handler: done in the last hour, waiting now, out of tries."""

    handler: str
    done: int
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class Operations:
    """Whether everything runs."""

    active_cases: Count
    suspended_cases: Count
    open_incidents: Count
    waiting_jobs: Count
    late_timers: Count                                      #: due and not fired
    armed_timers: Count
    incidents: tuple[IncidentLine, ...]
    timers: tuple[TimerLine, ...]
    handlers: tuple[HandlerLoad, ...]


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
