"""What people change in a deadline: more days, asked for by one and granted by another; a pause and its end.

Owns: the addresses under `/cases/<case>/deadlines/`.
Leaves: what a rule allows and who may to `engine.service`.
"""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, Flask, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Invalid
from engine.queries.shapes import DeadlineView
from web.catalogue import say
from web.host import host, signed_in
from web.notes import note

bp = Blueprint("dates", __name__, url_prefix="/cases/<instance_id>/deadlines/<deadline_id>")


class DaysNotRight(Invalid):
    """A number of days is a whole number above nought."""

    fr = "Un nombre de jours est un entier plus grand que zéro."


@bp.post("/extension")
def ask(instance_id: str, deadline_id: str) -> Answer:
    """Ask for more days, with a reason. Somebody else grants them."""
    days = request.form.get("days", "")
    if not (days.isascii() and days.isdigit() and 1 <= int(days) < 10_000):
        raise DaysNotRight(days=days)
    host().engine.ask_extension(deadline_id, int(days), request.form.get("reason", "").strip(), by=signed_in())
    note(say("Extension asked for. A colleague grants it."))
    return _back(instance_id)


@bp.post("/grant")
def answer(instance_id: str, deadline_id: str) -> Answer:
    """Grant the extension a colleague asked for, or refuse it."""
    if request.form.get("answer") == "refuse":
        host().engine.refuse_extension(deadline_id, by=signed_in())
        note(say("Extension refused."))
    else:
        host().engine.grant_extension(deadline_id, by=signed_in())
        note(say("Extension granted."))
    return _back(instance_id)


@bp.post("/pause")
def pause(instance_id: str, deadline_id: str) -> Answer:
    """Stop counting, with a reason; the days left are kept."""
    host().engine.pause_deadline(deadline_id, request.form.get("reason", "").strip(), by=signed_in())
    note(say("The deadline is paused. Its days are kept."))
    return _back(instance_id)


@bp.post("/resume")
def resume(instance_id: str, deadline_id: str) -> Answer:
    """Count again from today."""
    host().engine.resume_deadline(deadline_id, by=signed_in())
    note(say("The deadline runs again."))
    return _back(instance_id)


def _back(instance_id: str) -> Answer:
    return redirect(url_for("cases.show", instance_id=instance_id) + "#deadlines", 303)


def days_kept(deadline: DeadlineView) -> int:
    """How many days a paused deadline has left, for when it runs again."""
    since = next((str(pause["from"]) for pause in deadline.pauses if not pause.get("to")), "")
    return max((deadline.due_on - date.fromisoformat(since)).days, 0) if since else 0


def told_day(written: str) -> str:
    """A day or moment of the ledger, as it is kept (ISO 8601), in words."""
    return host().wording.day(datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written))


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters.update(days_kept=days_kept, told_day=told_day)
