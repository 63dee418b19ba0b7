"""The states of rows, named once."""

from __future__ import annotations

from enum import StrEnum


class InstanceState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class TaskState(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class JobState(StrEnum):
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"        # out of tries: an incident is open
    CANCELLED = "cancelled"


class TimerState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    FIRED = "fired"
    CANCELLED = "cancelled"


class DeadlineState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    MET = "met"              # what it waited for was done, on time or late (see `closed_at` against `lapses_at`)
    MISSED = "missed"        # it lapsed: its timer fired
    DROPPED = "dropped"      # the branch that waited was left for another reason


class IncidentState(StrEnum):
    OPEN = "open"
    RETRIED = "retried"
    RESOLVED = "resolved"


class DefinitionState(StrEnum):
    PUBLISHED = "published"
    RETIRED = "retired"


class DraftState(StrEnum):
    OPEN = "open"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class ApprovalState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the one who asked, or asked anew
    VOID = "void"            # the draft was saved since


class IntakeState(StrEnum):
    OPEN = "open"
    SENT = "sent"            # it became a case; its answers are there and no longer here


class LinkPurpose(StrEnum):
    INTAKE = "intake"        # go on with an application
    LOGIN = "login"          # enter once
    INVITATION = "invitation"  # join a case
