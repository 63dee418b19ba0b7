"""The inbox and the task beside it.

Owns: the addresses under `/tasks`; which view a reader is in.
Leaves: what a person may do to the engine; forms to `forms`.
Promises: what was typed is never lost: a fault shows it again, a conflict keeps it as the draft it was.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, Flask, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Invalid
from engine.forms import FormInvalid
from engine.people.accounts import Accounts
from engine.queries.shapes import VIEWS, TaskPage, View
from web import forms
from web.access import for_staff
from web.catalogue import say
from web.forms import Filled
from web.host import host, signed_in
from web.notes import note
from web.pages import InboxPage, Option, TaskBeside, ViewLink
from web.preferences import local

bp = Blueprint("tasks", __name__, url_prefix="/tasks")
ICONS = {"mine": "tray", "groups": "group", "overdue": "late", "later": "clock", "done": "done"}


class NoDay(Invalid):
    """Choose a day after today."""

    fr = "Choisissez un jour après aujourd’hui."


@bp.get("")
@for_staff
def index() -> Response:
    """The inbox, with no task chosen yet."""
    return make_response(render_template("tasks/index.html", page=_inbox(None)))


@bp.get("/<task_id>")
def show(task_id: str) -> Response:
    """One task, beside the list it was chosen from."""
    found = host().queries.task(task_id, signed_in())
    if not signed_in().is_staff:
        return make_response(redirect(url_for("portal.task", task_id=task_id)))
    return make_response(render_template("tasks/index.html", page=_inbox(beside(found, filled(found)))))


@bp.post("/<task_id>/claim")
def claim(task_id: str) -> Answer:
    """Take a task."""
    host().engine.claim_task(task_id, by=signed_in())
    note(say("Task taken."))
    return _back(task_id)


@bp.post("/<task_id>/release")
def release(task_id: str) -> Answer:
    """Give a task back to its group."""
    host().engine.release_task(task_id, by=signed_in())
    note(say("Task given back to the group."))
    return _back(task_id)


@bp.post("/<task_id>/hand-over")
def hand_over(task_id: str) -> Answer:
    """Give a task to a colleague."""
    host().engine.hand_over_task(task_id, request.form.get("to", ""), by=signed_in())
    note(say("Task handed over."))
    return _back(task_id)


@bp.post("/<task_id>/follow-up")
def follow_up(task_id: str) -> Answer:
    """Put a task aside until a day, or take it up again."""
    host().engine.follow_up_task(task_id, _morning_of(request.form.get("on", "")), by=signed_in())
    note(say("Task put aside.") if request.form.get("on") else say("Task taken up again."))
    return _back(task_id)


@bp.post("/<task_id>/draft")
def draft(task_id: str) -> Answer:
    """Keep what was typed. Asked by script, the answer is the sentence that says so; by a button, the page again."""
    form = host().queries.task_form(task_id).form
    data = forms.posted(form) if form else {}
    host().engine.save_draft(task_id, data, by=signed_in())
    if request.headers.get("X-Draft"):
        return make_response(say("Draft kept at %(time)s.", time=host().wording.hour(host().clock.now()).striptags()))
    note(say("Draft kept."))
    return _back(task_id)


@bp.post("/<task_id>/complete")
def complete(task_id: str) -> Answer:
    """Complete a task; or change its form, when a button of the form was pressed."""
    task = host().queries.task_form(task_id)
    data = forms.posted(task.form) if task.form else {}
    g.shown_at = address(task_id)
    if forms.edits():
        return _again(task_id, data, None, 200)
    try:
        host().engine.complete_task(task_id, data, by=signed_in())
    except FormInvalid as invalid:
        if task.form is None:
            raise
        return _again(task_id, data, invalid, 422)
    note(say("“%(task)s” is done.", task=task.name(g.locale)))
    return redirect(_after_completion(), 303)


def filled(found: TaskPage) -> Filled | None:
    """A task's form as it stands: with the draft when there is one."""
    return forms.fill(found.form, found.values, found.draft, host().wording) if found.form else None


def beside(found: TaskPage, form: Filled | None) -> TaskBeside:
    """A task with what its page needs."""
    colleagues: tuple[Option, ...] = ()
    if found.line.state == "open" and signed_in().is_staff and (found.may_release or found.may_claim or found.line.mine):
        with host().store.read() as connection:
            members = Accounts(connection).members(found.line.groups)
        colleagues = tuple(Option(one.id, one.name) for one in members if one.name in found.candidates and one.id != found.line.assignee_id)
    return TaskBeside(found, form, colleagues, forms.tell(found.answered, host().wording))


def address(task_id: str) -> str:
    """Where a task is shown, in the view the reader came from."""
    return url_for("tasks.show", task_id=task_id, view=_view() if _view() != "mine" else None)


def _inbox(task: TaskBeside | None) -> InboxPage:
    g.section = "tasks"
    inbox = host().queries.inbox(signed_in(), _view(), after=request.args.get("after"))
    links = tuple(ViewLink(view, label, ICONS[view], getattr(inbox.counts, view)) for view, label in _labels().items())
    return InboxPage(inbox, links, _labels()[inbox.view], task)


def _labels() -> dict[View, str]:
    return {"mine": say("My tasks"), "groups": say("My groups"), "overdue": say("Overdue"), "later": say("Follow later"),
            "done": say("Done by me")}


def _view() -> View:
    asked = request.values.get("view", "mine")
    return asked if asked in VIEWS else "mine"


def _again(task_id: str, data: dict[str, Any], invalid: FormInvalid | None, status: int) -> Answer:
    """The task as it was typed, with what is wrong."""
    found = host().queries.task(task_id, signed_in())
    form = forms.fill(found.form, found.values, data, host().wording, invalid) if found.form else Filled(())
    if not signed_in().is_staff:
        return make_response(render_template("portal/task.html", page=beside(found, form)), status)
    return make_response(render_template("tasks/index.html", page=_inbox(beside(found, form))), status)


def _after_completion() -> str:
    back = request.form.get("next")
    if back:
        return local(back)
    return url_for("tasks.index", view=_view() if _view() != "mine" else None) if signed_in().is_staff else url_for("portal.index")


def _back(task_id: str) -> Answer:
    if not signed_in().is_staff:
        return redirect(url_for("portal.task", task_id=task_id), 303)
    return redirect(address(task_id), 303)


def _morning_of(typed: str) -> datetime | None:
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


def install(app: Flask) -> None:
    app.register_blueprint(bp)
