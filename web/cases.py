"""Cases: the list with its search, and the page of one.

Owns: the addresses under `/cases`; the sentence that says where a case stands; what the diagram is marked with.
Leaves: what is read to `engine.queries`, findings to `handlers.registers`.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Invalid, NotFound
from handlers.registers import Registers
from web import diagrams, findings, forms
from web.access import for_staff
from web.catalogue import say
from web.host import host, signed_in
from web.notes import note
from web.pages import CaseShown, CasesPage
from web.preferences import local
from web.standing import sentences

bp = Blueprint("cases", __name__, url_prefix="/cases")


class DaysNotRight(Invalid):
    """A number of days is a whole number above nought."""

    fr = "Un nombre de jours est un entier plus grand que zéro."


@bp.get("")
@for_staff
def index() -> str:
    """The cases, last changed first."""
    g.section = "cases"
    search, state = request.args.get("q", "").strip(), request.args.get("state", "")
    found = host().queries.cases(signed_in(), search=search, state=state, after=request.args.get("after"))
    return render_template("cases/index.html", page=CasesPage(found, search, state))


@bp.get("/<instance_id>")
def show(instance_id: str) -> Answer:
    """One case, by its id or its number."""
    person = signed_in()
    found = host().queries.case(instance_id, person)
    if not person.is_staff:
        return redirect(url_for("portal.case", instance_id=found.line.id))
    g.section = "cases"
    with host().store.read() as connection:
        nonconformities = Registers(connection, host().clock).nonconformities.of_case(found.line.id)
    page = CaseShown(found, sentences(found), findings.told(nonconformities, found.deadlines), diagrams.drawn(found),
                     forms.tell(found.answered, host().wording))
    return make_response(render_template("cases/show.html", page=page))


@bp.get("/<instance_id>/diagram")
def diagram(instance_id: str) -> Response:
    """The drawing a case runs on, for the viewer; how the house works inside is not shown to parties."""
    found = host().queries.case(instance_id, signed_in())
    if not signed_in().is_staff:
        raise NotFound(page="diagram")
    return Response(diagrams.source(found), mimetype="application/xml")


@bp.post("/<instance_id>/comments")
def comment(instance_id: str) -> Answer:
    """Write a comment beside a case, or beside one of its tasks."""
    host().engine.add_comment(instance_id, request.form.get("text", ""), by=signed_in(), task_id=request.args.get("task"))
    return redirect(local(request.form.get("next")), 303)


@bp.post("/<instance_id>/deadlines/<deadline_id>/extension")
def ask_extension(instance_id: str, deadline_id: str) -> Answer:
    """Ask for more days, with a reason. Somebody else grants them."""
    days = request.form.get("days", "")
    if not days.isdigit() or int(days) < 1:
        raise DaysNotRight(days=days)
    host().engine.ask_extension(deadline_id, int(days), request.form.get("reason", "").strip(), by=signed_in())
    note(say("Extension asked for. A colleague grants it."))
    return redirect(url_for("cases.show", instance_id=instance_id) + "#deadlines", 303)


@bp.post("/<instance_id>/deadlines/<deadline_id>/grant")
def grant_extension(instance_id: str, deadline_id: str) -> Answer:
    """Grant the extension a colleague asked for, or refuse it."""
    if request.form.get("answer") == "refuse":
        host().engine.refuse_extension(deadline_id, by=signed_in())
        note(say("Extension refused."))
    else:
        host().engine.grant_extension(deadline_id, by=signed_in())
        note(say("Extension granted."))
    return redirect(url_for("cases.show", instance_id=instance_id) + "#deadlines", 303)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
