"""Whether everything runs: incidents with their way on, timers, jobs, mail.

Owns: the addresses under `/operations`.
Leaves: who may steer to `engine.service`.
"""

from __future__ import annotations

from flask import Blueprint, Flask, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from web.access import for_staff
from web.catalogue import say
from web.host import host, signed_in
from web.notes import note

bp = Blueprint("operations", __name__, url_prefix="/operations")
LETTERS = 20


@bp.get("")
@for_staff
def index() -> str:
    """The state of the installation."""
    g.section = "operations"
    person = signed_in()
    found = host().queries.operations(person)
    return render_template("operations/index.html", page=found, letters=host().queries.letters(person, size=LETTERS))


@bp.post("/incidents/<incident_id>/retry")
def retry(incident_id: str) -> Answer:
    """Try again what failed."""
    host().engine.retry_incident(incident_id, by=signed_in())
    note(say("Tried again."))
    return redirect(url_for("operations.index"), 303)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
