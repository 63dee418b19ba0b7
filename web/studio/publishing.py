"""The way of a draft to a version: the gate, its proofs, the second person, publishing.

Owns: `/studio/drafts/…/publishing` and what is asked for there.
Leaves: every judgement and command to `engine.change.studio`; long runs to `engine.change.runs`.
Promises: the button to publish says what is missing until nothing is; the command asks again, of the content it publishes.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.change.approvals import Approval
from engine.change.gate import Condition, Finding, Gate
from engine.change.ground import is_story
from engine.change.runs import Run
from engine.states import ApprovalState
from web.catalogue import say
from web.host import signed_in
from web.notes import note
from web.studio import drafting, reading
from web.studio.blueprint import bp
from web.studio.reading import DraftAt, studio
from web.wording import Mark

LOOK_AGAIN_SECONDS = 3


@dataclass(frozen=True)
class Place:
    """One finding behind a condition, with the way to where it can be mended ("" for none)."""

    finding: Finding
    address: str


@dataclass(frozen=True)
class Met:
    """One condition as the page shows it. `way`: where what is missing can be mended, and in which words."""

    condition: Condition
    mark: Mark
    places: tuple[Place, ...]
    way: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class PublishPage:
    """The gate of a draft.

    Attributes:
        asked: the request or decision that stands for this content; None when nobody has asked.
        is_author: the reader had a hand in it, so somebody else approves. next_number: the version it would become.
        run: proofs under way, or broken off. running: cases that stay on the version they have.
    """

    at: DraftAt
    gate: Gate
    conditions: tuple[Met, ...]
    asked: Approval | None
    is_author: bool
    next_number: int
    run: Run | None
    running: int

    @property
    def met(self) -> int:
        return sum(one.condition.state == "met" for one in self.conditions)

    @property
    def is_running(self) -> bool:
        return self.run is not None and self.run.is_under_way


def look_again(address: str) -> str:
    """The header by which a page looks again by itself. The address is without its last part, else a browser would stay on the page."""
    return f"{LOOK_AGAIN_SECONDS}; url={address}"


@bp.get("/drafts/<draft_id>/publishing")
def publishing(draft_id: str) -> Answer:
    """The conditions to publish, each with its evidence. While proofs are under way, the page looks again by itself."""
    at, gate, person = reading.draft(draft_id), studio().gate(draft_id, signed_in()), signed_in()
    asked = next((one for one in at.view.approvals if one.hash == at.draft.hash and one.state in _STANDING), None)
    authors = {at.draft.created_by, *(save.by_id for save in at.view.saves), *((asked.asked_by,) if asked else ())}
    number = max((one.number for one in at.process.versions), default=0) + 1
    page = PublishPage(at, gate, tuple(_met(at, one) for one in gate.conditions), asked, person.id in authors, number,
                       studio().runs.of(draft_id), sum(one.running for one in at.process.versions))
    answer = make_response(render_template("studio/publish.html", page=page))
    if page.is_running:
        answer.headers["Refresh"] = look_again(url_for("studio.publishing", draft_id=draft_id))
    return answer


_STANDING = (ApprovalState.ASKED, ApprovalState.APPROVED, ApprovalState.REFUSED)


@bp.post("/drafts/<draft_id>/proofs")
def prove(draft_id: str) -> Answer:
    """Play the scenarios that have not been played on this content, beside the request."""
    studio().begin_run(draft_id, "scenarios", signed_in())
    return redirect(url_for("studio.publishing", draft_id=draft_id) + "#scenarios", 303)


@bp.post("/drafts/<draft_id>/replay")
def replay(draft_id: str) -> Answer:
    """Let finished cases be lived again on the draft, beside the request."""
    studio().begin_run(draft_id, "replay", signed_in())
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


def _met(at: DraftAt, condition: Condition) -> Met:
    mark = {
        "met": Mark("is-done", "done", say("Done")), "unmet": Mark("is-risk", "alert", say("To settle")),
        "waiting": Mark("is-warn", "clock", say("Waiting")),
    }[condition.state]
    places = tuple(Place(one, _address(at, one)) for one in condition.findings)
    return Met(condition, mark, places, _way(at, condition))


def _address(at: DraftAt, finding: Finding) -> str:
    """Where a finding can be mended: the editor of its file, or the page of its scenario."""
    folder, _, path = finding.file.partition("/")
    if folder == at.draft.key and is_story(path):
        return url_for("studio.scenario", kind="drafts", content_id=at.draft.id, path=path.removeprefix("scenarios/"))
    return drafting.editor_address(at.draft.id, finding.file, finding.element)


def _way(at: DraftAt, condition: Condition) -> tuple[str, str]:
    """Where one goes on for a condition, and how the link says it."""
    draft_id = at.draft.id
    if condition.id == "base" and at.process.newest is not None:
        return url_for("studio.draft_changes", draft_id=draft_id), say("Read what changes")
    if condition.id == "checks" and condition.state == "unmet":
        return url_for("studio.draft", draft_id=draft_id) + "#problems", say("See the problems")
    if condition.id == "scenarios":
        return url_for("studio.scenario_list", kind="drafts", content_id=draft_id), say("See the scenarios")
    if condition.id == "coverage" and condition.state == "unmet":
        return url_for("studio.tries", kind="drafts", content_id=draft_id), say("Play what is missing, and record it")
    if condition.id == "coverage" and condition.state == "met":
        return url_for("studio.scenario_list", kind="drafts", content_id=draft_id) + "#coverage", say("See it in the drawing")
    return "", ""
