"""Try it: a draft or version played in virtual time, by one person, as anybody of the stories.

Owns: `/studio/…/try` and `/studio/trials/…`: beginning, acting, letting time pass, taking back, branching.
Leaves: what happens to `engine.change.trials`; what a page is made of to `trial_pages`; recording to `recording`.
Promises: nothing here reaches a case or leaves the house; what was typed is never lost; a page that is out of date changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec

import yaml
from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.change.trials import KINDS, NEXT, Act, Spot, TrialShown
from engine.errors import Conflict, Invalid, JalonError, NotAllowed
from engine.forms import Form, FormInvalid
from engine.problems import NotDeployable
from web import forms
from web.catalogue import locale, say
from web.host import host, signed_in
from web.notes import note
from web.studio import drafting, trial_pages
from web.studio.blueprint import bp
from web.studio.reading import studio

P = ParamSpec("P")


class NotAMoment(Invalid):
    """Give a day and an hour, as 2027-03-01T09:00."""

    fr = "Donnez un jour et une heure, comme 2027-03-01T09:00."


class NotData(Invalid):
    """Data are written as names with values, one a line: `pages: 12`."""

    fr = "Les données s’écrivent en noms et valeurs, un par ligne : `pages: 12`."


class NotAnAct(Invalid):
    """This is nothing one can do in a trial."""

    fr = "Ce n’est rien qu’on puisse faire dans un essai."


@bp.get("/<any(drafts, versions):kind>/<content_id>/try")
def tries(kind: str, content_id: str) -> Answer:
    """What one has under way on a draft or version, and the ways to begin."""
    return make_response(render_template("studio/try.html", page=trial_pages.beginning(content_id)))


@bp.post("/contents/<content_id>/trials")
def begin(content_id: str) -> Answer:
    """Begin a trial, at a moment or with a scenario; a draft that cannot run is told with its problems."""
    typed = request.form
    try:
        kept = studio().trials.begin(content_id, signed_in(), _moment(typed.get("at", "")), story=typed.get("story", ""),
                                     steps=_whole(typed.get("steps", "")))
    except NotDeployable as error:
        lines = drafting.problem_lines(content_id, error.problems)
        return make_response(render_template("studio/try.html", page=trial_pages.beginning(content_id, lines)), 409)
    except (Conflict, Invalid) as error:
        page = trial_pages.beginning(content_id, told=error.sentence(locale()))
        return make_response(render_template("studio/try.html", page=page), 409)
    return redirect(url_for("studio.trial", trial_id=kept.id), 303)


@bp.get("/trials/<trial_id>")
def trial(trial_id: str) -> Answer:
    """A trial as it stands."""
    shown, spot = _shown(trial_id), _spot()
    filled, told = None, ""
    task = shown.seen.task
    if task is not None and task.page.form is not None:
        values = _as_a_story_does(trial_id, task.waiting.spot)
        filled = forms.fill(task.page.form, task.page.values, values, trial_pages.words(shown))
    begun = trial_pages.start_of(shown, request.args.get("start", ""))
    if begun is not None and begun.form is not None:
        filled = forms.fill(begun.form, {}, begun.sample(request.args.get("sample", "")), trial_pages.words(shown))
    if spot is not None and task is None and "start" not in request.args:
        told = say("What you had chosen waits no more.")
    return _page(shown, filled, told=told)


def stays(view: Callable[P, Answer]) -> Callable[P, Answer]:
    """Tell what speaks against an act on the page of the trial, which stands as it stood."""
    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Answer:
        try:
            return view(*args, **kwargs)
        except (FormInvalid, NotDeployable):
            raise
        except JalonError as error:
            sentence = error.fact if isinstance(error, NotAllowed) and error.fact is not None else error.sentence
            if isinstance(error, NotAllowed) and error.rule == "group" and error.fact is None:
                raise
            return _page(_shown(str(kwargs["trial_id"])), told=sentence(locale()), status=409)
    return answer


@bp.post("/trials/<trial_id>/start")
@stays
def start(trial_id: str) -> Answer:
    """Begin a case in a trial; or change the form, when a button of the form was pressed."""
    shown, revision = _shown(trial_id), _revision()
    begun = trial_pages.start_of(shown, request.form.get("_process", ""))
    if begun is None:
        raise NotAnAct()
    if begun.form is None:
        return _do(trial_id, Act("start", process=begun.process, by=request.form.get("_by", ""), values=_packed(shown, _data())), revision)
    data = forms.posted(begun.form)
    if forms.edits():
        return _page(shown, forms.fill(begun.form, {}, data, trial_pages.words(shown)), process=begun.process)
    act = Act("start", process=begun.process, by=request.form.get("_by", ""), values=_packed(shown, data))
    return _do(trial_id, act, revision, shown, begun.form, data, process=begun.process)


@bp.post("/trials/<trial_id>/tasks/<spot>")
@stays
def complete(trial_id: str, spot: str) -> Answer:
    """Complete a task as somebody of the cast; or change its form, when a button of the form was pressed."""
    where = _read_spot(spot)
    shown = studio().trials.show(trial_id, signed_in(), spot=where)
    form = shown.seen.task.page.form if shown.seen.task is not None else None
    data = forms.posted(form) if form is not None else {}
    if form is not None and forms.edits():
        return _page(shown, _filled(shown, form, data))
    try:
        studio().trials.complete(trial_id, where, request.form.get("_by", ""), data, _revision(), signed_in())
    except FormInvalid as invalid:
        if form is None:
            raise
        return _page(shown, _filled(shown, form, data, invalid), status=422)
    return _back(trial_id)


@bp.post("/trials/<trial_id>/acts")
@stays
def act(trial_id: str) -> Answer:
    """Let time pass, send a message or signal, make a part of the outside answer or not, make an element fail, try what is refused."""
    typed, kind = request.form, request.form.get("kind", "")
    if kind not in KINDS or kind in ("start", "story", "complete"):
        raise NotAnAct()
    spot = _read_spot(typed["spot"]) if typed.get("spot") else Spot(0, "", 0)
    name = typed.get("length") or typed.get("name") or (NEXT if kind == "wait" else "")
    shown = _shown(trial_id)
    values = _packed(shown, _data()) if kind in ("message", "signal") else {}
    return _do(trial_id, Act(kind, case=spot.case, element=spot.element, place=spot.place, name=name, by=typed.get("by", ""),
                             values=values, up=typed.get("is") != "down"), _revision())


@bp.post("/trials/<trial_id>/back")
@stays
def back(trial_id: str) -> Answer:
    """Take acts back, down to a number of them."""
    studio().trials.back(trial_id, _whole(request.form.get("to", "")) or 0, _revision(), signed_in())
    return _back(trial_id)


@bp.post("/trials/<trial_id>/branch")
def branch(trial_id: str) -> Answer:
    """Go on from an act in another trial; this one stays."""
    other = studio().trials.branch(trial_id, _whole(request.form.get("to", "")) or 0, signed_in())
    note(say("You are in a copy; the trial you came from stays as it is."))
    return _back(other.id)


@bp.post("/trials/<trial_id>/renew")
@stays
def renew(trial_id: str) -> Answer:
    """Play the same acts on the draft as it is now."""
    studio().trials.renew(trial_id, _revision(), signed_in())
    return _back(trial_id)


@bp.post("/trials/<trial_id>/forget")
def forget(trial_id: str) -> Answer:
    """Let a trial be gone."""
    content_id = _shown(trial_id).kept.content_id
    studio().trials.forget(trial_id, signed_in())
    note(say("The trial is gone."))
    return redirect(trial_pages.subject(content_id).address, 303)


@bp.get("/trials/<trial_id>/documents/<document_id>")
def trial_document(trial_id: str, document_id: str) -> Response:
    """A paper of a trial, to look at."""
    name, media_type, content = studio().trials.document(trial_id, document_id, signed_in())
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name.encode("ascii", "replace").decode()}"'
    return answer


# --- inside ---------------------------------------------------------------------------------------

def _do(trial_id: str, wanted: Act, revision: int, shown: TrialShown | None = None, form: Form | None = None,
        data: dict[str, Any] | None = None, process: str = "") -> Answer:
    """Do an act and show where the trial stands then; a form that is not right comes back as it was typed."""
    try:
        studio().trials.act(trial_id, wanted, revision, signed_in())
    except FormInvalid as invalid:
        if shown is None or form is None:
            raise
        return _page(shown, forms.fill(form, {}, data, trial_pages.words(shown), invalid), process=process, status=422)
    return _back(trial_id)


def _shown(trial_id: str) -> TrialShown:
    case = _whole(request.args.get("case", ""))
    return studio().trials.show(trial_id, signed_in(), case, _spot())


def _page(shown: TrialShown, filled: forms.Filled | None = None, *, told: str = "", process: str = "", status: int = 200) -> Answer:
    page = trial_pages.page(shown, filled, told=told, process=process or request.args.get("start", ""), actor=request.form.get("_by", ""))
    return make_response(render_template("studio/trial.html", page=page), status)


def _filled(shown: TrialShown, form: Form, data: dict[str, Any], invalid: FormInvalid | None = None) -> forms.Filled:
    assert shown.seen.task is not None
    return forms.fill(form, shown.seen.task.page.values, data, trial_pages.words(shown), invalid)


def _as_a_story_does(trial_id: str, spot: Spot) -> dict[str, Any] | None:
    """What a scenario writes into the form that is shown, when one was asked for."""
    name, _, number = request.args.get("as", "").rpartition(":")
    if not name:
        return None
    return studio().trials.answer(trial_id, spot, name, _whole(number) or 0, signed_in())


def _packed(shown: TrialShown, values: dict[str, Any]) -> Any:
    return studio().trials.pack(shown.kept.id, values, signed_in())


def _back(trial_id: str) -> Answer:
    return redirect(url_for("studio.trial", trial_id=trial_id) + "#now", 303)


def _spot() -> Spot | None:
    typed = request.args.get("task", "")
    return _read_spot(typed) if typed else None


def _read_spot(text: str) -> Spot:
    try:
        return Spot.of(text)
    except ValueError:
        raise NotAnAct() from None


def _revision() -> int:
    return _whole(request.form.get("_revision", "")) or 0


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _moment(text: str) -> datetime | None:
    """A moment as a browser sends it, in the body's zone; None for none. Raises: NotAMoment."""
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise NotAMoment(text=text) from None
    if not 2000 <= read.year <= 2199:
        raise NotAMoment(text=text)
    return read if read.tzinfo else read.replace(tzinfo=host().zone)


def _data() -> dict[str, Any]:
    """Data typed as YAML: names with values. Raises: NotData."""
    try:
        read = yaml.safe_load(request.form.get("data", "")) or {}
    except yaml.YAMLError:
        raise NotData() from None
    if not isinstance(read, dict) or not all(isinstance(key, str) for key in read):
        raise NotData()
    return read
