"""The way of a draft to a version: the gate, the scenarios, the second person, publishing.

Owns: `/studio/drafts/…/publishing` and what is asked for there.
Leaves: every judgement and command to `engine.change.studio`.
Promises: the button to publish says what is missing until nothing is; the command asks again.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.change.approvals import Approval
from engine.change.gate import Condition, Finding, Gate
from engine.states import ApprovalState
from web.catalogue import say
from web.host import signed_in
from web.notes import note
from web.studio import drafting, reading
from web.studio.blueprint import bp
from web.studio.reading import DraftAt, studio
from web.wording import Mark

#: How long one request plays scenarios or replays cases; what is left waits for the next click.
SECONDS = 25.0


@dataclass(frozen=True)
class Place:
    """One finding behind a condition, with the way to where it can be mended ("" for none)."""

    finding: Finding
    address: str


@dataclass(frozen=True)
class Met:
    """One condition as the page shows it."""

    condition: Condition
    mark: Mark
    places: tuple[Place, ...]


@dataclass(frozen=True)
class PublishPage:
    """The gate of a draft.

    Attributes:
        asked: the request or decision that stands for this content; None when nobody has asked.
        is_author: the reader had a hand in it, so somebody else approves. next_number: the version it would become.
    """

    at: DraftAt
    gate: Gate
    conditions: tuple[Met, ...]
    asked: Approval | None
    is_author: bool
    next_number: int

    @property
    def met(self) -> int:
        return sum(one.condition.state == "met" for one in self.conditions)


@bp.get("/drafts/<draft_id>/publishing")
def publishing(draft_id: str) -> str:
    """The conditions to publish, each with its evidence."""
    at, gate, person = reading.draft(draft_id), studio().gate(draft_id, signed_in()), signed_in()
    asked = next((one for one in at.view.approvals if one.hash == at.draft.hash and one.state in _STANDING), None)
    authors = {at.draft.created_by, *(save.by_id for save in at.view.saves), *((asked.asked_by,) if asked else ())}
    number = max((one.number for one in at.process.versions), default=0) + 1
    page = PublishPage(at, gate, tuple(_met(draft_id, one) for one in gate.conditions), asked, person.id in authors, number)
    return render_template("studio/publish.html", page=page)


_STANDING = (ApprovalState.ASKED, ApprovalState.APPROVED, ApprovalState.REFUSED)


@bp.post("/drafts/<draft_id>/proofs")
def prove(draft_id: str) -> Answer:
    """Play the scenarios that have not been played on this content."""
    studio().prove(draft_id, signed_in(), seconds=SECONDS)
    return redirect(url_for("studio.publishing", draft_id=draft_id) + "#scenarios", 303)


@bp.post("/drafts/<draft_id>/replay")
def replay(draft_id: str) -> Answer:
    """Let finished cases be lived again on the draft."""
    studio().replay(draft_id, signed_in(), seconds=SECONDS)
    return redirect(url_for("studio.publishing", draft_id=draft_id) + "#replay", 303)


@bp.post("/drafts/<draft_id>/approval")
def ask_approval(draft_id: str) -> Answer:
    """Ask a second person."""
    studio().ask_approval(draft_id, request.form.get("request", ""), signed_in())
    note(say("Approval asked for. Another process owner gives it."))
    return redirect(url_for("studio.publishing", draft_id=draft_id) + "#approval", 303)


@bp.post("/drafts/<draft_id>/withdrawal")
def withdraw_approval(draft_id: str) -> Answer:
    """Take back what was asked."""
    studio().withdraw_approval(draft_id, signed_in())
    note(say("Request withdrawn."))
    return redirect(url_for("studio.publishing", draft_id=draft_id) + "#approval", 303)


@bp.post("/drafts/<draft_id>/approvals/<approval_id>")
def decide_approval(draft_id: str, approval_id: str) -> Answer:
    """Approve or refuse, as the second person."""
    approve = request.form.get("answer") == "approve"
    studio().decide_approval(approval_id, approve, request.form.get("comment", ""), signed_in())
    note(say("Draft approved.") if approve else say("Draft refused."))
    return redirect(url_for("studio.publishing", draft_id=draft_id) + "#approval", 303)


@bp.post("/drafts/<draft_id>/publication")
def publish(draft_id: str) -> Answer:
    """Publish: new cases take it."""
    done = studio().publish(draft_id, signed_in())
    note(say("Version %(number)s is published. New cases take it.", number=done.version))
    return redirect(url_for("studio.version", version_id=done.id), 303)


def _met(draft_id: str, condition: Condition) -> Met:
    mark = {
        "met": Mark("is-done", "done", say("Done")), "unmet": Mark("is-risk", "alert", say("To settle")),
        "waiting": Mark("is-warn", "clock", say("Waiting")),
    }[condition.state]
    places = tuple(Place(one, drafting.editor_address(draft_id, one.file, one.element)) for one in condition.findings)
    return Met(condition, mark, places)
