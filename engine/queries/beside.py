"""What stands beside a case and beside each of its tasks: comments, documents, milestones, parties.

Owns: reading these as lines; who of the outside sees which.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from engine.definitions import Bundle
from engine.errors import NotFound
from engine.people.mailed_links import MailedLinks
from engine.people.parties import Parties
from engine.people.person import Person
from engine.queries.basis import Basis
from engine.queries.shapes import CommentLine, DocumentLine, InvitationLine, LetterLine, MilestoneState, MilestoneView, PartyLine
from engine.states import InstanceState, LinkPurpose
from engine.store.tables import comment, content, document, letter


class NoSuchDocument(NotFound):
    """There is no such document."""

    fr = "Ce document n’existe pas."


def comments_of(basis: Basis, instance_id: str, who: Person) -> tuple[CommentLine, ...]:
    """Comments of a case, oldest first; people of the outside see none."""
    if not who.is_staff:
        return ()
    rows = basis.connection.execute(select(comment).where(comment.c.instance_id == instance_id).order_by(comment.c.at, comment.c.id)).all()
    basis.learn_names(row.by_id for row in rows)
    return tuple(CommentLine(row.id, row.at, basis.name(row.by_id), row.text, row.task_id) for row in rows)


def documents_of(basis: Basis, instance_id: str, who: Person) -> tuple[DocumentLine, ...]:
    """Files of a case, newest first; people of the outside see those meant for them and those they gave."""
    query = select(document).where(document.c.instance_id == instance_id)
    if not who.is_staff:
        query = query.where(document.c.public_to_parties | (document.c.created_by == who.id))
    rows = basis.connection.execute(query.order_by(document.c.created_at.desc(), document.c.id)).all()
    basis.learn_names(row.created_by for row in rows)
    return tuple(DocumentLine(row.id, row.name, row.kind, row.media_type, row.size_bytes, row.created_at, basis.name(row.created_by),
                              row.public_to_parties) for row in rows)


def document_of(basis: Basis, document_id: str, who: Person) -> tuple[str, str, bytes]:
    """Name, media type and content of a file. Raises: NoSuchDocument, for who may not read it too."""
    row = basis.connection.execute(select(document, content.c.bytes).join(content, content.c.hash == document.c.hash).where(
        document.c.id == document_id)).first()
    if row is None:
        raise NoSuchDocument(document_id=document_id)
    basis.access.check_may_see_case(row.instance_id, who, NoSuchDocument)
    if not who.is_staff and not row.public_to_parties and row.created_by != who.id:
        raise NoSuchDocument(document_id=document_id)
    return row.name, row.media_type, row.bytes


def parties_of(basis: Basis, instance_id: str) -> tuple[PartyLine, ...]:
    """People of the outside who belong to a case, in the order of the alphabet."""
    return tuple(PartyLine(one.id, one.name, one.email, one.role, one.rights.may_answer, one.rights.may_invite)
                 for one in Parties(basis.connection).of_case(instance_id))


def invitations_of(basis: Basis, instance_id: str, who: Person) -> tuple[InvitationLine, ...]:
    """Invitations nobody has followed yet. Raises: CaseNotFound, for a stranger."""
    basis.access.check_may_see_case(instance_id, who)
    links = MailedLinks(basis.connection).open_about(LinkPurpose.INVITATION, instance_id, now=basis.now)
    return tuple(InvitationLine(link.key, str(link.data["name"]), link.email, link.created_at, link.expires_at,
                                bool(link.data["may_answer"]), bool(link.data["may_invite"])) for link in links)


def letters_of(basis: Basis, who: Person, instance_id: str, size: int) -> tuple[LetterLine, ...]:
    """Letters sent, newest first: of a case, or of all; people of the outside get those sent to them."""
    query = select(letter).order_by(letter.c.sent_at.desc(), letter.c.key).limit(size)
    if instance_id:
        basis.access.check_may_see_case(instance_id, who)
        query = query.where(letter.c.instance_id == instance_id)
    if not who.is_staff:
        query = query.where(letter.c.recipient == who.email)
    return tuple(letter_line(row) for row in basis.connection.execute(query))


def letter_line(row: Row[Any]) -> LetterLine:
    """A letter from its row."""
    return LetterLine(row.key, row.instance_id, row.template, row.recipient, row.subject, row.body, tuple(row.attachments), row.state,
                      row.sent_at)


def milestones_of(bundle: Bundle, row: Row[Any], *, late: bool) -> tuple[MilestoneView, ...]:
    """The steps people follow, with where the case stands.

    Args:
        row: with `milestone`, `milestones` and `case_state`. late: something of the present step is past its day.
    """
    declared = bundle.process.milestones
    reached = {key: datetime.fromisoformat(moment) for key, moment in row.milestones.items()}
    furthest = max((number for number, one in enumerate(declared) if one.id in reached), default=-1)
    return tuple(MilestoneView(one.id, one.name, _milestone_state(one.id, number, row, reached, furthest, late), reached.get(one.id))
                 for number, one in enumerate(declared))


def _milestone_state(key: str, number: int, row: Row[Any], reached: dict[str, datetime], furthest: int, late: bool) -> MilestoneState:
    alive = row.case_state in (InstanceState.ACTIVE, InstanceState.SUSPENDED)
    if alive and key == row.milestone:
        return "late" if late else "current"
    if key in reached:
        return "done"
    return "passed_by" if number < furthest or not alive else "ahead"
