"""The pages of an audit: one indicator, and the closing.

Owns: the addresses `/tasks/<id>/audit…`; reading what was typed about one indicator.
Leaves: who may write to the engine, what is right in the whole to the form, when it is sent.
Promises: every change is kept at once, in the draft of the task; a verdict the law does not allow is refused with its reason and changes
nothing; without script each button does the same by loading the page anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from flask import Blueprint, Flask, abort, g, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from engine.errors import Invalid, NotAllowed
from engine.forms import Form, FormInvalid
from engine.queries.shapes import TaskPage
from engine.texts import Text
from web import forms, uploads
from web.access import for_staff
from web.audit.brief import is_one_by_one
from web.audit.grid import FIVE, Grid, Line, indicators_of
from web.audit.reading import decide_for, grid_of
from web.audit.sheet import OWN_FIELDS, VERDICTS, Entry, Evidence, Sheet
from web.catalogue import say
from web.forms import Filled
from web.host import host, signed_in
from web.notes import note
from web.wording import Mark

bp = Blueprint("audit", __name__, url_prefix="/tasks/<task_id>/audit")
#: A request of the page's script: it saves, and takes the pieces of the page that may have changed.
SAVES = "X-Saves"


class VerdictNotAllowed(Invalid):
    """Indicator {indicator} allows no minor non-conformity: even a partial gap is major (order of 6 June 2019, art. 5)."""

    fr = "L’indicateur {indicator} n’admet pas de mineure\u00a0: même partiel, un écart est majeur (arrêté du 6 juin 2019, art. 5)."


class NotAudited(Invalid):
    """Indicator {indicator} does not apply to this case: it gets no verdict."""

    fr = "L’indicateur {indicator} ne s’applique pas à ce dossier\u00a0: il ne reçoit pas de verdict."


@dataclass(frozen=True)
class AuditPage:
    """One page: the task, the audit as it stands, and what is shown of it: an indicator (`line`), or the closing (`form`)."""

    task: TaskPage
    grid: Grid
    line: Line | None = None
    form: Filled | None = None
    fault: Text | None = None

    @property
    def writable(self) -> bool:
        return self.task.line.state == "open" and self.task.may_complete and self.task.line.mine


@bp.get("")
@for_staff
def start(task_id: str) -> Answer:
    """Where one left off: the first indicator without a verdict, else the closing."""
    number = grid_of(_task(task_id)).first_open()
    return redirect(_address(task_id, number))


@bp.get("/<int:number>")
@for_staff
def indicator(task_id: str, number: int) -> Answer:
    """One indicator."""
    return _shown(_page(task_id, number))


@bp.post("/<int:number>")
@for_staff
def save(task_id: str, number: int) -> Answer:
    """Keep what was typed about one indicator, and go where the button says. Raises: NotAllowed; NotAudited."""
    task = _task(task_id)
    _line(grid_of(task), number)
    evidence = _added_evidence(task) if SAVES not in request.headers else None
    try:
        host().engine.change_draft(task_id, lambda draft: _changed(task, draft, number, evidence), by=signed_in())
    except VerdictNotAllowed as refused:
        return _shown(replace(_page(task_id, number), fault=refused.sentence), 422)
    if SAVES in request.headers:
        return make_response(render_template("audit/_live.html", page=_page(task_id, number)))
    return redirect(_next(task_id, number), 303)


@bp.get("/closing")
@for_staff
def closing(task_id: str) -> Answer:
    """The closing: what was found in all, and what the auditor concludes."""
    task = _task(task_id)
    grid = grid_of(task)
    return _shown(AuditPage(task, grid, form=_rest(task, grid.sheet.rest, None)))


@bp.post("/closing")
@for_staff
def close(task_id: str) -> Answer:
    """Keep the conclusions, and complete the task when that was asked. Raises: NotAllowed; AlreadyCompleted."""
    task = _task(task_id)
    rest = forms.posted(_form(task))
    if forms.edits():
        return _shown(AuditPage(task, grid_of(task), form=_rest(task, rest, None)))
    host().engine.change_draft(task_id, lambda draft: _sheet(task, draft).with_rest(rest).draft(), by=signed_in())
    if request.headers.get("X-Draft"):
        kept = make_response(say("Draft kept at %(time)s.", time=host().wording.hour(host().clock.now()).striptags()))
        kept.headers["X-Kept"] = host().clock.now().isoformat()
        return kept
    if "_complete" not in request.form:
        note(say("Draft kept."))
        return redirect(url_for("audit.closing", task_id=task_id), 303)
    return _completed(_task(task_id))


def _completed(task: TaskPage) -> Answer:
    sheet = grid_of(task).sheet
    try:
        host().engine.complete_task(task.line.id, sheet.answers(), by=signed_in())
    except FormInvalid as invalid:
        return _shown(AuditPage(task, grid_of(task), form=_rest(task, sheet.rest, invalid)), 422)
    note(say("“%(task)s” is done.", task=task.line.name(g.locale)))
    return redirect(url_for("tasks.after", task_id=task.line.id), 303)


def _task(task_id: str) -> TaskPage:
    """A task that is an audit; 404 for any other."""
    task = host().queries.task(task_id, signed_in())
    if not is_one_by_one(task):
        abort(404)
    g.section = "tasks"
    g.shown_at = url_for("audit.start", task_id=task_id)
    return task


def _page(task_id: str, number: int) -> AuditPage:
    task = _task(task_id)
    grid = grid_of(task)
    return AuditPage(task, grid, _line(grid, number, any_scope=True))


def _line(grid: Grid, number: int, *, any_scope: bool = False) -> Line:
    line = grid.line(number)
    if line is None:
        abort(404)
    if not line.indicator.in_scope and not any_scope:
        raise NotAudited(indicator=number)
    return line


def _shown(page: AuditPage, status: int = 200) -> Answer:
    if page.task.line.state != "open":
        return redirect(url_for("tasks.show", task_id=page.task.line.id))
    template = "audit/indicator.html" if page.line else "audit/closing.html"
    return make_response(render_template(template, page=page), status)


def _sheet(task: TaskPage, draft: Mapping[str, Any] | None) -> Sheet:
    return Sheet.read(draft if draft is not None else task.earlier)


def _changed(task: TaskPage, draft: Mapping[str, Any] | None, number: int, evidence: Evidence | None) -> Mapping[str, Any]:
    """The draft with what this request says of one indicator. Raises: VerdictNotAllowed."""
    sheet = _sheet(task, draft)
    entry = posted(request.form, sheet.entry(number))
    if evidence:
        entry = replace(entry, evidence=(*entry.evidence, evidence))
    known = next(one for one in indicators_of(task.values, decide_for(task)) if one.number == number)
    if entry.verdict and not known.allows(entry.verdict):
        raise VerdictNotAllowed(indicator=number)
    return sheet.with_entry(entry).draft()


def posted(form: MultiDict[str, str], before: Entry) -> Entry:
    """What a post says of an indicator.

    Args:
        form: `verdict`, `point` (each that was found), `fact`, `requirement`, `risk`, `category`, `evidence.N.name`, `evidence.N.seen`,
            and the buttons `_review` (turns the mark on or off) and `_remove` (number of a piece of evidence).
        before: what was written; what the form does not tell stays.
    """
    def typed(name: str, kept: str) -> str:
        return form.get(name, kept).replace("\r\n", "\n").strip()

    verdict = next((one for one in VERDICTS if one == form.get("verdict")), before.verdict)
    return replace(
        before, verdict=verdict, points=tuple(form.getlist("point")), categories=tuple(form.getlist("category")),
        fact=typed("fact", before.fact), requirement=typed("requirement", before.requirement), risk=typed("risk", before.risk),
        evidence=_kept_evidence(form, before), review=not before.review if "_review" in form else before.review)


def _kept_evidence(form: MultiDict[str, str], before: Entry) -> tuple[Evidence, ...]:
    """The evidence with the words typed beside it, without what is to go; a name that was emptied stays as it was."""
    removed = form.get("_remove", "")
    return tuple(
        replace(one, name=form.get(f"evidence.{at}.name", one.name).strip() or one.name,
                seen=form.get(f"evidence.{at}.seen", one.seen).strip())
        for at, one in enumerate(before.evidence) if str(at) != removed)


def _added_evidence(task: TaskPage) -> Evidence | None:
    """What the line for new evidence says, its file kept with the case. Raises: NotAllowed; KindNotTaken; NotWhatItSays."""
    name, seen = request.form.get("new_name", "").strip(), request.form.get("new_seen", "").strip()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return Evidence(name, seen) if name else None
    if not task.may_complete:
        raise NotAllowed("claim", _NOT_HELD, task_id=task.line.id)
    document = uploads.posted_file(kind="evidence", public_to_parties=False)
    document_id = host().engine.add_document(task.line.case.id, document, by=signed_in())
    return Evidence(name or document.name, seen, document_id)


def _next(task_id: str, number: int) -> str:
    """Where the button leads: the next indicator, or this one again."""
    if any(name in request.form for name in ("_add_evidence", "_remove", "_stay")):
        return _address(task_id, number) + "#evidence"
    return _address(task_id, grid_of(_task(task_id)).beside(number, 1))


def _address(task_id: str, number: int | None) -> str:
    return url_for("audit.indicator", task_id=task_id, number=number) if number else url_for("audit.closing", task_id=task_id)


def _form(task: TaskPage) -> Form:
    """The fields of the form that are not about one indicator."""
    whole = cast(Form, task.form)
    return Form(whole.key, tuple(one for one in whole.components if not one.path or one.path[0] not in OWN_FIELDS), zone=whole.zone)


def _rest(task: TaskPage, data: Mapping[str, Any], invalid: FormInvalid | None) -> Filled:
    filled = forms.fill(_form(task), task.values, data, host().wording, invalid)
    faults = tuple(one for one in filled.faults if one.anchor)
    own = {path for path in invalid.errors if path.split(".")[0] in OWN_FIELDS} if invalid else set()
    grid_faults = tuple(one for one in filled.faults if not one.anchor and one.label in own)
    return Filled(filled.fields, (*faults, *grid_faults))


_NOT_HELD = Text("Vous n’avez pas pris cette tâche.", "You do not hold this task.")


def mark(state: str) -> Mark:
    """A state of an indicator as it is shown: icon, word and class, by the design's table."""
    return {
        "conform": Mark("is-done", "done", say("Conform")), "minor": Mark("is-warn", "minor", say("Minor NC")),
        "major": Mark("is-risk", "major", say("Major NC")), "na": Mark("is-idle", "na", say("Not applicable")),
        "review": Mark("is-active", "active", say("To look at again")),
    }.get(state, Mark("is-idle", "open", say("To be seen")))


def uncapital(sentence: str) -> str:
    """The same within a sentence: its first letter small, unless it begins with an abbreviation."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters.update(verdict=mark, uncapital=uncapital)
    app.jinja_env.globals["five"] = FIVE
