"""The applicant's place: what to do next and by when, where the case stands, documents, withdrawal.

Owns: the addresses under `/portal`.
Leaves: what a party may see to `engine.queries`, findings to `handlers.registers`.
Promises: nothing of another organisation is reachable by link or guess: every page asks the engine with the person.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Invalid
from engine.queries.shapes import CasePage, DeadlineView, TaskLine
from handlers.registers import Registers
from web import findings, tasks
from web.catalogue import say
from web.host import host, signed_in
from web.notes import note
from web.pages import PortalPage

bp = Blueprint("portal", __name__, url_prefix="/portal")
APPLICANT = "applicant"
WITHDRAWAL = "applicant.withdrawal"


class NotConfirmed(Invalid):
    """Tick the box to confirm that you withdraw your application."""

    fr = "Cochez la case pour confirmer que vous retirez votre demande."


@bp.get("")
def index() -> Answer:
    """One's cases; the only one at once."""
    found = host().queries.cases(signed_in())
    if len(found.lines) == 1:
        return redirect(url_for("portal.case", instance_id=found.lines[0].id))
    return make_response(render_template("portal/index.html", cases=found.lines))


@bp.get("/<instance_id>")
def case(instance_id: str) -> Answer:
    """One case. Raises: NotFound; NotAllowed (`party`)."""
    found = host().queries.case(instance_id, signed_in())
    if signed_in().is_staff:
        return redirect(url_for("cases.show", instance_id=found.line.id))
    g.section = "portal"
    with host().store.read() as connection:
        nonconformities = Registers(connection, host().clock).nonconformities.of_case(found.line.id)
    mine = sorted((task for task in found.tasks if _is_theirs(task)), key=lambda task: (task.due_at is None, task.due_at, task.created_at))
    page = PortalPage(found, tuple(mine), findings.told(nonconformities, found.deadlines), _deadline_of(found, mine),
                      _may_withdraw(found))
    return make_response(render_template("portal/case.html", page=page))


@bp.get("/tasks/<task_id>")
def task(task_id: str) -> Response:
    """One thing to do."""
    found = host().queries.task(task_id, signed_in())
    g.section = "portal"
    return make_response(render_template("portal/task.html", page=tasks.beside(found, tasks.filled(found))))


@bp.post("/<instance_id>/withdraw")
def withdraw(instance_id: str) -> Answer:
    """Withdraw the application. Raises: NotFound; NotAllowed; NotConfirmed."""
    found = host().queries.case(instance_id, signed_in())
    if request.form.get("sure") != "yes":
        raise NotConfirmed()
    why = {"withdrawal": {"reason": request.form.get("reason", "").strip()}}
    host().engine.send_message(WITHDRAWAL, found.line.number, why, by=signed_in())
    note(say("Your application is withdrawn."))
    return redirect(url_for("portal.case", instance_id=found.line.id), 303)


def _is_theirs(task: TaskLine) -> bool:
    return task.mine or APPLICANT in task.groups


def _deadline_of(found: CasePage, mine: list[TaskLine]) -> DeadlineView | None:
    """The deadline of the first thing to do."""
    wanted = mine[0].deadline_id if mine else None
    return next((one for one in found.deadlines if one.id == wanted), None) if wanted else None


def _may_withdraw(found: CasePage) -> bool:
    return found.line.state == "active" and bool(found.line.number)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
