"""Tasks as pages read them: lines, lists and views, one task with its form, what has changed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.forms import Form
from engine.people.access import Refusal
from engine.queries.asked import Asked
from engine.queries.shapes.common import Answered, CaseRef, CommentLine, Count, DeadlineView, DocumentLine, MilestoneView, Standing
from engine.texts import NO_TEXT, Text


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
class TaskForm:
    """What reading a post about a task takes: its name, and its form; None when it is only to be confirmed."""

    name: Text
    form: Form | None


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
