"""Steering a case as a whole: suspend it, let it go on, cancel it for good.

Owns: the addresses under `/cases/<case>/steer`, and saying beforehand what a cancelling drops.
Leaves: who may and what happens to `engine.service`.
Promises: nothing is cancelled that was not shown first; each step wants a reason, kept in the record.
"""

from __future__ import annotations

from flask import Blueprint, Flask, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Invalid
from web.access import for_staff
from web.catalogue import say
from web.host import host, signed_in
from web.notes import note

bp = Blueprint("steering", __name__, url_prefix="/cases/<instance_id>/steer")


class NotSure(Invalid):
    """Tick the box: a cancelled case does not come back."""

    fr = "Cochez la case : un dossier annulé ne revient pas."


@bp.get("")
@for_staff
def ask(instance_id: str) -> str:
    """What may be done with the case, and what each would change."""
    g.section = "cases"
    return render_template("cases/steer.html", case=host().queries.case(instance_id, signed_in()))


@bp.post("/suspend")
def suspend(instance_id: str) -> Answer:
    """Stop everything in the case until it is resumed."""
    host().engine.suspend_instance(host().queries.case_id(instance_id, signed_in()), _reason(), by=signed_in())
    note(say("The case is suspended. Nothing moves it until it is resumed."))
    return _back(instance_id)


@bp.post("/resume")
def resume(instance_id: str) -> Answer:
    """Let the case go on; what came due meanwhile happens now."""
    host().engine.resume_instance(host().queries.case_id(instance_id, signed_in()), _reason(), by=signed_in())
    note(say("The case goes on."))
    return _back(instance_id)


@bp.post("/cancel")
def cancel(instance_id: str) -> Answer:
    """End the case for good. Raises: NotSure, without the tick."""
    if request.form.get("sure") != "yes":
        raise NotSure()
    host().engine.cancel_instance(host().queries.case_id(instance_id, signed_in()), _reason(), by=signed_in())
    note(say("The case is cancelled. Its record stays."))
    return _back(instance_id)


def _reason() -> str:
    return request.form.get("reason", "").strip()


def _back(instance_id: str) -> Answer:
    return redirect(url_for("cases.show", instance_id=instance_id), 303)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
