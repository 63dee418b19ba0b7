"""Approvals: the word of a second person on one exact content.

Owns: the `approval` rows: asking, deciding, and losing force when the draft is saved.
Leaves: what must hold before one may ask to `gate`; drafts and their authors to `drafts`; the transaction to `studio`.
Promises: nobody approves a draft they opened, saved into or asked approval for, administrators included; an approval is good for the
content it was asked for and for nothing else, and a later save voids it even when it brings the same content back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select, update

from engine.change import drafts
from engine.change.drafts import Draft
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.people.person import Person
from engine.states import ApprovalState
from engine.store.tables import approval
from engine.texts import Text

LONGEST = 5_000


class NoSuchApproval(NotFound):
    """Nobody has asked for this approval."""

    fr = "Personne n’a demandé cet accord."


class AlreadyDecided(Conflict):
    """This request has been decided, withdrawn, or lost its object when the draft was saved."""

    fr = "Cette demande a été tranchée, retirée, ou a perdu son objet quand le brouillon a été enregistré."


class SayWhy(Invalid):
    """Say what changes and why, in 5,000 characters at most."""

    fr = "Dites ce qui change et pourquoi, en 5 000 caractères au plus."


@dataclass(frozen=True, slots=True)
class Approval:
    """A request and what became of it. `hash`: of the draft it is about. `request` is the author's, `comment` the second person's."""

    id: str
    draft_id: str
    hash: str
    state: str
    asked_by: str
    asked_at: datetime
    request: str
    decided_by: str | None
    decided_at: datetime | None
    comment: str
    voided_at: datetime | None


def ask(connection: Connection, about: Draft, request: str, by: Person, now: datetime) -> Approval:
    """Ask a second person for a word on a draft as it stands; a request that stood is withdrawn. Raises: SayWhy."""
    if not 0 < len(request.strip()) <= LONGEST:
        raise SayWhy()
    _end(connection, about.id, ApprovalState.WITHDRAWN, now)
    approval_id = uuid4().hex
    connection.execute(insert(approval).values(id=approval_id, draft_id=about.id, hash=about.hash, state=ApprovalState.ASKED,
                                               asked_by=by.id, asked_at=now, request=request.strip(), comment=""))
    return get(connection, approval_id)


def decide(connection: Connection, approval_id: str, approve: bool, comment: str, by: Person, now: datetime) -> Approval:
    """Approve or refuse what was asked.

    Raises: NoSuchApproval; AlreadyDecided; NotAllowed (`four_eyes`), for whoever had a hand in it; SayWhy, for a refusal without a word.
    """
    asked = get(connection, approval_id)
    there = drafts.lock(connection, asked.draft_id)
    asked = get(connection, approval_id)                    # again, now that the draft cannot change
    if asked.state != ApprovalState.ASKED or asked.hash != there.hash:
        raise AlreadyDecided(approval_id=approval_id, state=asked.state)
    check_is_second(connection, asked, by)
    if len(comment) > LONGEST or not (approve or comment.strip()):
        raise SayWhy()
    state = ApprovalState.APPROVED if approve else ApprovalState.REFUSED
    connection.execute(update(approval).where(approval.c.id == approval_id).values(
        state=state, decided_by=by.id, decided_at=now, comment=comment.strip()))
    return get(connection, approval_id)


def withdraw(connection: Connection, draft_id: str, now: datetime) -> None:
    """Take back what was asked for a draft and not decided yet."""
    _end(connection, draft_id, ApprovalState.WITHDRAWN, now, ApprovalState.ASKED)


def void(connection: Connection, draft_id: str, now: datetime) -> None:
    """Take away the force of what was asked or approved for a draft: it was saved."""
    _end(connection, draft_id, ApprovalState.VOID, now)


def check_is_second(connection: Connection, asked: Approval, by: Person) -> None:
    """Refuse whoever had a hand in a draft. Raises: NotAllowed (`four_eyes`)."""
    check_is_not_author(connection, asked.draft_id, by.id)
    if by.id == asked.asked_by:
        raise NotAllowed("four_eyes", _ASKED, draft_id=asked.draft_id)


def check_is_not_author(connection: Connection, draft_id: str, person_id: str) -> None:
    """Refuse whoever opened a draft or saved anything into it. Raises: NotAllowed (`four_eyes`)."""
    if person_id in drafts.authors(connection, draft_id):
        raise NotAllowed("four_eyes", _AUTHOR, draft_id=draft_id)


def get(connection: Connection, approval_id: str) -> Approval:
    """A request. Raises: NoSuchApproval."""
    row = connection.execute(select(approval).where(approval.c.id == approval_id)).first()
    if row is None:
        raise NoSuchApproval(approval_id=approval_id)
    return _approval(row)


def of_draft(connection: Connection, draft_id: str) -> list[Approval]:
    """Everything ever asked for a draft, newest first."""
    rows = connection.execute(select(approval).where(approval.c.draft_id == draft_id).order_by(approval.c.asked_at.desc(), approval.c.id))
    return [_approval(row) for row in rows]


def standing(connection: Connection, about: Draft) -> Approval | None:
    """The request or decision that stands for a draft as it is now; None when nobody has asked, or what was said has lost its force."""
    living = (ApprovalState.ASKED, ApprovalState.APPROVED, ApprovalState.REFUSED)
    return next((one for one in of_draft(connection, about.id) if one.hash == about.hash and one.state in living), None)


def waiting(connection: Connection, limit: int = 100) -> list[Approval]:
    """What waits for a second person, oldest first."""
    rows = connection.execute(select(approval).where(approval.c.state == ApprovalState.ASKED).order_by(approval.c.asked_at).limit(limit))
    return [_approval(row) for row in rows]


def _end(connection: Connection, draft_id: str, state: ApprovalState, now: datetime, *only: ApprovalState) -> None:
    """Let requests and approvals lose their force. A refusal is never taken back: it stays said of its content."""
    living = only or (ApprovalState.ASKED, ApprovalState.APPROVED)
    connection.execute(update(approval).where(approval.c.draft_id == draft_id, approval.c.state.in_(living)).values(
        state=state, voided_at=now))


def _approval(row: Row[Any]) -> Approval:
    return Approval(**row._mapping)


_AUTHOR = Text("Vous avez modifié ce brouillon : une autre personne doit l’approuver, administrateurs compris.",
               "You have changed this draft: somebody else must approve it, administrators included.")
_ASKED = Text("Vous avez demandé cet accord : une autre personne doit le donner.",
              "You have asked for this approval: somebody else must give it.")
