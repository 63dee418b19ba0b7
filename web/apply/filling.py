"""The steps of an application: shown, kept, checked when they are left.

Owns: `/apply/<token>/<step>`, its files, the check of one field as it is left, leaving for later.
Leaves: the whole and sending it to `sending`.
Promises: what is posted is kept before anything else is done with it, faults or not; back and forth loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from flask import g, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, Invalid, NotFound
from engine.forms import FieldError, FieldView, Form, FormInvalid
from engine.forms.steps import Step, faults_of, merged, shown, with_first_rows
from engine.work.intakes import Intake, IntakeFile
from web import forms, limits, uploads
from web.access import public
from web.apply.blueprint import LETTER, bp
from web.apply.pages import LaterPage, StepLine, StepPage
from web.apply.starting import receipt
from web.catalogue import locale, say
from web.host import host
from web.notes import note

Errors = Mapping[str, list[FieldError]]
SUMMARY = "summary"
UPLOAD, UNFILE = "_upload", "_unfile"


class NoSuchStep(NotFound):
    """This application has no such step."""

    fr = "Cette demande n’a pas cette étape."


@dataclass(frozen=True)
class Filling:
    """An application as it stands: its form, its steps, and what is wrong with it."""

    token: str
    intake: Intake
    form: Form
    steps: tuple[Step, ...]
    invalid: FormInvalid | None

    @property
    def errors(self) -> Errors:
        return self.invalid.errors if self.invalid else {}

    def views(self, errors: Errors | None = None) -> tuple[FieldView, ...]:
        """The whole form as it stands, with these faults beside its fields."""
        functions = {"today": host().wording.today, "now": host().wording.now}
        return self.form.fields({}, with_first_rows(self.form, self.intake.answers), errors=errors or {}, functions=functions)

    def parts(self, errors: Errors | None = None) -> tuple[tuple[Step, tuple[FieldView, ...]], ...]:
        """The steps that have something to show now."""
        return shown(self.steps, self.views(errors))

    def with_answers(self, answers: Mapping[str, Any]) -> Filling:
        """The same with other answers, checked anew."""
        intake = replace(self.intake, answers=answers)
        return replace(self, intake=intake, invalid=host().engine.intake_faults(intake))


def filling_of(token: str) -> Filling:
    """Open the application of a link. Raises: LinkNotValid; IntakeNotFound."""
    intake = host().engine.intake(token)
    bundle, _ = host().engine.start_of(intake.message)
    form = bundle.form(bundle.process.id, bundle.process.start_form)
    faults = None if intake.sent else host().engine.intake_faults(intake)
    return Filling(token, intake, form, host().engine.steps_of(bundle), faults)


@bp.get("/<token>")
@public
def resume_at(token: str) -> Answer:
    """Go on where one stopped: at the first step not left yet or not right, else at the summary; what was sent says so."""
    found = filling_of(token)
    if found.intake.sent:
        return redirect(receipt(str(found.intake.instance_id)))
    todo = next((step for step, _ in found.parts() if step.id not in found.intake.seen or faults_of(step, found.errors)), None)
    return redirect(_address(token, todo) if todo else url_for("apply.summary", token=token))


@bp.get("/<token>/<step_id>")
@public
def step(token: str, step_id: str) -> Answer:
    """One step; one that was left with faults shows them."""
    found = filling_of(token)
    if found.intake.sent:
        return redirect(receipt(str(found.intake.instance_id)))
    chosen = _step(found, step_id)
    known = faults_of(chosen, found.errors) if chosen.id in found.intake.seen else {}
    return _page(found, chosen, known)


@bp.post("/<token>/<step_id>")
@public
def leave(token: str, step_id: str) -> Answer:
    """Keep what was typed; then do what the button says: go on when the step is right, go back, stop for now, or change the page."""
    found, chosen = _kept(token, step_id, seen=not (forms.edits() or "_back" in request.form or "_later" in request.form))
    told = _take_files(found, chosen)
    if not told and (UPLOAD in request.form or UNFILE in request.form):
        return redirect(_address(token, chosen, _anchor="files"), 303)
    if forms.edits():
        return _redrawn(found, chosen)
    if not told and "_back" in request.form:
        return redirect(_before(found, chosen) or url_for("apply.form"), 303)
    if not told and "_later" in request.form:
        return redirect(url_for("apply.later", token=token), 303)
    wrong = faults_of(chosen, found.errors) if "_back" not in request.form else {}
    if wrong or told:
        return _page(found, chosen, wrong, told, 422)
    return redirect(_after(found, chosen), 303)


@bp.post("/<token>/<step_id>/keep")
@public
def keep(token: str, step_id: str) -> Answer:
    """Keep what is typed so far, asked by the page's script; the answer is the sentence that says so."""
    _kept(token, step_id)
    return make_response(say("Kept at %(time)s.", time=host().wording.hour(host().clock.now()).striptags()))


@bp.post("/<token>/<step_id>/check/<path>")
@public
def check(token: str, step_id: str, path: str) -> Answer:
    """One field as it was just left, with what is wrong with it, or that it is right. Raises: NoSuchStep."""
    found, chosen = _kept(token, step_id)
    errors = {path: found.errors[path]} if path in found.errors else {}
    views = next(part for own, part in found.parts(errors) if own.id == chosen.id)
    field = next((view for view, _ in forms.walk(views) if view.path == path), None)
    if field is None:
        raise NoSuchStep(path=path)
    if not field.text:
        field = replace(field, errors=())
    return make_response(render_template("apply/_field.html", field=field, page=_shape(found, chosen, views, {}),
                                         right=(path,) if field.text and not field.errors else ()))


@bp.get("/<token>/files/<file_id>")
@public
def file(token: str, file_id: str) -> Answer:
    """A file that was given. Raises: LinkNotValid; IntakeNotFound."""
    found, content = host().engine.intake_file(token, file_id)
    answer = send_file(BytesIO(content), mimetype="application/octet-stream", as_attachment=True, download_name=found.name, max_age=0)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@bp.get("/<token>/later")
@public
def later(token: str) -> Answer:
    """What was typed is kept; the link leads back to it."""
    return _later(token)


@bp.post("/<token>/later")
@public
def mail_again(token: str) -> Answer:
    """Mail the link again, to the address it was mailed to before."""
    intake = host().engine.intake(token)
    limits.check(limits.MAIL, intake.email)
    host().engine.mail_intake_links(intake.message, intake.email, locale(), letter=LETTER)
    note(say("A link is on its way to %(email)s.", email=intake.email))
    return _later(token, mailed=True)


def lines(found: Filling, current: str) -> tuple[StepLine, ...]:
    """The list of steps, each with how it stands. `current`: id of the one that is open."""
    return tuple(StepLine(number, one.label(locale()), _state(found, one, current), _address(found.token, one))  # type: ignore[arg-type]
                 for number, (one, _) in enumerate(found.parts(), start=1))


def files_of(found: Filling) -> dict[str, tuple[IntakeFile, ...]]:
    """The files given, by the question they answer."""
    slots = dict.fromkeys(one.slot for one in found.intake.files)
    return {slot: tuple(one for one in found.intake.files if one.slot == slot) for slot in slots}


def _state(found: Filling, one: Step, current: str) -> str:
    if one.id == current:
        return "current"
    if one.id not in found.intake.seen:
        return "todo"
    return "faulty" if faults_of(one, found.errors) else "done"


def _kept(token: str, step_id: str, *, seen: bool = False) -> tuple[Filling, Step]:
    """Keep what was posted of a step, and tell the application with it. Raises: AlreadySent."""
    found = filling_of(token)
    chosen = _step(found, step_id)
    visible = next(part for own, part in found.parts() if own.id == chosen.id)
    answers = merged(chosen, found.intake.answers, forms.posted(chosen.form), visible)
    left = [chosen.id] if seen else []
    host().engine.save_intake(token, answers, left)
    g.shown_at = _address(token, chosen)
    fresh = found.with_answers(answers)
    return replace(fresh, intake=replace(fresh.intake, seen=(*fresh.intake.seen, *left))), chosen


def _take_files(found: Filling, chosen: Step) -> list[forms.Fault]:
    """Keep the files that came with a step, take away the one asked for; tell what could not be kept, and why."""
    told = []
    for picker in _pickers(found, chosen):
        for sent in request.files.getlist(f"file.{picker.id}"):
            if sent and sent.filename:
                try:
                    host().engine.add_intake_file(found.token, picker.id, uploads.read(sent, kind=picker.id, public_to_parties=True))
                except (Invalid, Conflict) as error:
                    told.append(forms.Fault(picker.label(locale()), f"f-file-{picker.id}", error.sentence))
    if request.form.get(UNFILE):
        host().engine.remove_intake_file(found.token, request.form[UNFILE])
    return told


def _pickers(found: Filling, chosen: Step) -> Iterable[FieldView]:
    views = next((part for own, part in found.parts() if own.id == chosen.id), ())
    waiting = list(views)
    while waiting:
        view = waiting.pop(0)
        waiting[:0] = view.children
        if view.type == "filepicker":
            yield view


def _redrawn(found: Filling, chosen: Step) -> Answer:
    """A step that changes while it is filled in: only numbers already typed are judged, as when one leaves their field."""
    typed = {view.path for view, _ in forms.walk(next(part for own, part in found.parts() if own.id == chosen.id))
             if view.validator and view.text}
    errors = {path: faults for path, faults in found.errors.items() if path in typed}
    views = next(part for own, part in found.parts(errors) if own.id == chosen.id)
    page = _shape(found, chosen, views, {})
    return make_response(render_template("apply/step.html", page=page, files=page.files, right=tuple(typed - errors.keys())))


def _page(found: Filling, chosen: Step, errors: Errors, told: list[forms.Fault] | None = None, status: int = 200) -> Answer:
    views = next(part for own, part in found.parts(errors) if own.id == chosen.id)
    if told:
        found = replace(found, intake=host().engine.intake(found.token))
    page = _shape(found, chosen, views, errors, told or [])
    return make_response(render_template("apply/step.html", page=page, files=page.files), status)


def _shape(found: Filling, chosen: Step, views: tuple[FieldView, ...], errors: Errors, told: list[forms.Fault] | None = None) -> StepPage:
    steps = lines(found, chosen.id)
    number = next(line.number for line in steps if line.state == "current")
    filled = forms.Filled(_unwrapped(chosen, views), (*forms.summary(views, errors), *(told or ())))
    return StepPage(found.token, chosen.id, chosen.label(locale()), chosen.help(locale()), number, len(steps), steps, filled,
                    _before(found, chosen), request.args.get("then") == SUMMARY, found.intake.erase_at, files_of(found))


def _unwrapped(chosen: Step, views: tuple[FieldView, ...]) -> tuple[FieldView, ...]:
    """The fields of a step without the group around them: the page's title is the group's name."""
    return tuple(inner for view in views for inner in (view.children if view.id == chosen.id and view.type == "group" else (view,)))


def _step(found: Filling, step_id: str) -> Step:
    """The step of an address, if it is shown now. Raises: NoSuchStep."""
    chosen = next((one for one, _ in found.parts() if one.id == step_id), None)
    if chosen is None:
        raise NoSuchStep(step=step_id)
    return chosen


def _before(found: Filling, chosen: Step) -> str:
    """The address of the step before; "" for the first."""
    ids = [one.id for one, _ in found.parts()]
    at = ids.index(chosen.id)
    return _address(found.token, found.parts()[at - 1][0]) if at else ""


def _after(found: Filling, chosen: Step) -> str:
    """Where one goes from a step that is right: to the next one, or back to the summary one came from."""
    steps = [one for one, _ in found.parts()]
    at = [one.id for one in steps].index(chosen.id)
    if request.args.get("then") == SUMMARY or at + 1 == len(steps):
        return url_for("apply.summary", token=found.token)
    return _address(found.token, steps[at + 1])


def _address(token: str, chosen: Step, **more: str) -> str:
    then = request.args.get("then")
    return url_for("apply.step", token=token, step_id=chosen.id, then=then if then == SUMMARY else None, **more)  # type: ignore[arg-type]


def _later(token: str, *, mailed: bool = False) -> Answer:
    intake = host().engine.intake(token)
    g.shown_at = url_for("apply.later", token=token)
    return make_response(render_template("apply/later.html", page=LaterPage(token, intake.email, intake.erase_at, mailed)))
