"""What a person does with one task.

Owns: the addresses that take, give back, hand over, put aside, fill in and complete.
Leaves: who may do what to the engine.
Promises: what can be undone offers it at once; what was typed is shown again when it cannot be taken.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, Invalid, NotAllowed
from engine.forms import FormInvalid
from web import forms
from web.catalogue import locale, say
from web.host import host, signed_in
from web.notes import Undo, note
from web.preferences import local
from web.tasks.asked import LIST, to, wanted
from web.tasks.beside import beside, filled
from web.tasks.blueprint import bp
from web.tasks.pages import address, again, overtaken, shown


class NoDay(Invalid):
    """Choose a day after today."""

    fr = "Choisissez un jour après aujourd’hui."


@bp.post("/<task_id>/claim")
def claim(task_id: str) -> Answer:
    """Take a task. Asked by somebody who has begun to type, the answer is the task as it stands then."""
    host().engine.claim_task(task_id, by=signed_in())
    typing = bool(request.headers.get("X-Typing"))
    note(say("Task taken: you have begun to fill it in.") if typing else say("Task taken."), undo=_undo("tasks.release", task_id))
    if typing:
        found = host().queries.task(task_id, signed_in())
        return shown(beside(found, filled(found)))
    return _back(task_id)


@bp.post("/<task_id>/release")
def release(task_id: str) -> Answer:
    """Give a task back to its group. A draft stays with it."""
    host().engine.release_task(task_id, by=signed_in())
    note(say("Task given back to the group."), undo=_undo("tasks.claim", task_id))
    return _back(task_id)


@bp.post("/<task_id>/hand-over")
def hand_over(task_id: str) -> Answer:
    """Give a task to a colleague."""
    host().engine.hand_over_task(task_id, request.form.get("to", ""), by=signed_in())
    note(say("Task handed over."), undo=_undo("tasks.take_back", task_id))
    return _back(task_id)


@bp.post("/<task_id>/take-back")
def take_back(task_id: str) -> Answer:
    """Undo handing a task over."""
    host().engine.take_back_task(task_id, by=signed_in())
    note(say("The task is yours again."))
    return _back(task_id)


@bp.post("/<task_id>/follow-up")
def follow_up(task_id: str) -> Answer:
    """Put a task aside until a day, or take it up again."""
    on = request.form.get("on", "")
    before = host().queries.task(task_id, signed_in()).line.follow_up_at
    host().engine.follow_up_task(task_id, morning_of(on), by=signed_in())
    was = host().wording.day_of(before).isoformat() if before and before > host().clock.now() else ""
    note(say("Task put aside.") if on else say("Task taken up again."), undo=_undo("tasks.follow_up", task_id, on=was))
    return _back(task_id)


@bp.post("/<task_id>/draft")
def draft(task_id: str) -> Answer:
    """Keep what was typed. Asked by script, the answer is the sentence that says so; by a button, the page again."""
    form = host().queries.task_form(task_id).form
    data = forms.posted(form) if form else {}
    host().engine.save_draft(task_id, data, by=signed_in())
    if request.headers.get("X-Draft"):
        kept = make_response(say("Draft kept at %(time)s.", time=host().wording.hour(host().clock.now()).striptags()))
        kept.headers["X-Kept"] = host().clock.now().isoformat()
        return kept
    note(say("Draft kept."))
    return _back(task_id)


@bp.post("/<task_id>/complete")
def complete(task_id: str) -> Answer:
    """Complete a task; or change its form, when a button of the form was pressed."""
    task = host().queries.task_form(task_id)
    data = forms.posted(task.form) if task.form else {}
    if forms.edits():
        return again(task_id, data, None, 200)
    try:
        host().engine.complete_task(task_id, data, by=signed_in())
    except FormInvalid as invalid:
        if task.form is None:
            raise
        return again(task_id, data, invalid, 422)
    except (Conflict, NotAllowed) as error:
        return _not_taken(task_id, data, error)
    note(say("“%(task)s” is done.", task=task.name(locale())))
    return redirect(_after_completion(task_id), 303)


def _not_taken(task_id: str, data: dict[str, Any], error: Conflict | NotAllowed) -> Response:
    """Somebody else was faster, or a rule forbids it now: say so beside what was typed. Raises: the error, when it is about the case."""
    found = host().queries.task(task_id, signed_in())
    if found.line.state == "open" and found.refusal is None:
        raise error
    return overtaken(task_id, data, 409 if isinstance(error, Conflict) else 403)


def morning_of(typed: str) -> datetime | None:
    """Eight in the morning of a day, in the body's zone; None for no day. Raises: NoDay."""
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise NoDay(typed=typed) from None
    if day <= host().wording.today():
        raise NoDay(typed=typed)
    return datetime.combine(day, time(8), host().zone)


def _undo(endpoint: str, task_id: str, **fields: str) -> Undo | None:
    """How to undo it, for people of the house."""
    if not signed_in().is_staff:
        return None
    return Undo(url_for(endpoint, task_id=task_id), ((LIST, wanted().field), *fields.items()))


def _after_completion(task_id: str) -> str:
    back = request.form.get("next")
    if back:
        return local(back)
    return to("tasks.after", wanted().where, task_id=task_id) if signed_in().is_staff else url_for("portal.index")


def _back(task_id: str) -> Answer:
    return redirect(address(task_id), 303)
