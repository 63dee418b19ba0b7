"""What the templates of the applicants' place may use.

Owns: the shapes of its pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.queries.shapes import CasePage, DeadlineView, InvitationLine, LetterLine, PartyLine, TaskLine
from web.case_pages import Finding


@dataclass(frozen=True)
class Asked:
    """One thing to do: the task, how many minutes it takes about, whether this person may do it."""

    task: TaskLine
    minutes: int


@dataclass(frozen=True)
class FindingLine:
    """A non-conformity with the task that answers it now, if one is open."""

    finding: Finding
    task: TaskLine | None


@dataclass(frozen=True)
class PortalPage:
    """An applicant's case.

    `todo`: what they have to do, soonest first; `deadline`: of the first; `letters`: those sent to this person; `may_answer`: whether
    this person may do it; `who_answers`: who can instead; `several`: this person has other cases too.
    """

    case: CasePage
    todo: tuple[Asked, ...]
    findings: tuple[FindingLine, ...]
    lifted: int
    deadline: DeadlineView | None
    letters: tuple[LetterLine, ...]
    may_answer: bool
    who_answers: tuple[str, ...]
    may_withdraw: bool
    several: bool


@dataclass(frozen=True)
class ContactLine:
    """Somebody with access. `rights`: "read", "answer" or "all"; `me`: the reader; `stays`: named by the application."""

    party: PartyLine
    rights: str
    me: bool
    stays: bool


@dataclass(frozen=True)
class ContactsPage:
    """Who has access to a case. `fault`: what was wrong with the last change; `typed`: what was typed then."""

    case: CasePage
    people: tuple[ContactLine, ...]
    invitations: tuple[InvitationLine, ...]
    may_invite: bool
    fault: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
