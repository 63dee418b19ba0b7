"""The pages of the inbox: a list, a task beside it, and what follows a task that is done.

Owns: showing them.
Leaves: what they hold to `lists` and `beside`.
"""

from __future__ import annotations

from typing import Any

from flask import Response, g, make_response, redirect, render_template, url_for

from engine.forms import FormInvalid
from web import forms
from web.access import for_staff
from web.forms import Filled
from web.host import host, signed_in
from web.tasks.asked import to, wanted
from web.tasks.beside import beside, filled
from web.tasks.blueprint import bp
from web.tasks.lists import inbox_page
from web.tasks.shapes import TaskBeside


@bp.get("")
@for_staff
def index() -> Response:
    """The inbox, with no task chosen yet."""
    return make_response(render_template("tasks/index.html", page=inbox_page()))


@bp.get("/<task_id>")
def show(task_id: str) -> Response:
    """One task, beside the list it was chosen from."""
    found = host().queries.task(task_id, signed_in())
    if not signed_in().is_staff:
        return make_response(redirect(url_for("portal.task", task_id=task_id)))
    return shown(beside(found, filled(found)))


@bp.get("/<task_id>/done")
@for_staff
def after(task_id: str) -> Response:
    """What follows a task that is done, and the reader's next one."""
    following = host().queries.following(task_id, signed_in())
    if following.line.state == "open":
        return make_response(redirect(address(task_id)))
    return make_response(render_template("tasks/index.html", page=inbox_page(after=following)))


def shown(found: TaskBeside, status: int = 200) -> Response:
    """A task in the place of whoever asks: beside the list, or in the portal."""
    if not signed_in().is_staff:
        return make_response(render_template("portal/task.html", page=found), status)
    return make_response(render_template("tasks/index.html", page=inbox_page(found)), status)


def again(task_id: str, data: dict[str, Any], invalid: FormInvalid | None, status: int) -> Response:
    """The task as it was typed, with what is wrong."""
    g.shown_at = address(task_id)
    found = host().queries.task(task_id, signed_in())
    form = forms.fill(found.form, found.values, data, host().wording, invalid) if found.form else Filled(())
    return shown(beside(found, form), status)


def overtaken(task_id: str, data: dict[str, Any], status: int) -> Response:
    """The task as somebody else has left it, with what the reader had typed. Raises: NotFound; NotAllowed, when it is not to be seen."""
    g.shown_at = address(task_id)
    found = host().queries.task(task_id, signed_in())
    return shown(beside(found, filled(found), typed=data), status)


def address(task_id: str) -> str:
    """Where a task is shown, in the list the reader came from."""
    if not signed_in().is_staff:
        return url_for("portal.task", task_id=task_id)
    return to("tasks.show", wanted().where, task_id=task_id)
