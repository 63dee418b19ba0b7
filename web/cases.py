"""Cases: the list with its search and filters, the page of one, and what stands behind it.

Owns: the addresses under `/cases` that read: list, case, what it calls, its record, its data, its evidence; and comments.
Leaves: what is read to `engine.queries`, findings to `handlers.registers`, dates to `web.dates`, steering to `web.steering`.
"""

from __future__ import annotations

import json

from flask import Blueprint, Flask, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.history import verify
from engine.queries.shapes import CasePage
from engine.service import STEWARDS
from handlers.registers import Registers
from web import case_data, diagrams, findings, forms
from web.access import for_staff
from web.case_pages import CaseShown, CasesPage, InsidePage, Option, Seal
from web.catalogue import locale, say
from web.host import host, signed_in
from web.preferences import local
from web.standing import sentences
from web.wording import instance_state

bp = Blueprint("cases", __name__, url_prefix="/cases")
FILTERS = ("q", "state", "process", "milestone", "late", "sort")
DOSSIER = "dossier"
EVENTS = 50


@bp.get("")
@for_staff
def index() -> str:
    """The cases, last changed first unless asked otherwise."""
    g.section = "cases"
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    found = host().queries.cases(signed_in(), search=asked["q"], state=asked["state"], process=asked["process"],
                                 milestone=asked["milestone"], late=asked["late"] == "yes", sort=asked["sort"],
                                 after=request.args.get("after"))
    states = tuple(Option(one, instance_state(one).word) for one in ("active", "suspended", "completed", "cancelled"))
    sorts = (Option("", say("Last changed first")), Option("begun", say("Last begun first")), Option("oldest", say("Oldest first")))
    return render_template("cases/index.html", page=CasesPage(found, asked, states, *_processes(asked["process"]), sorts))


@bp.get("/<instance_id>")
def show(instance_id: str) -> Answer:
    """One case, by its id or its number. `verify=now` checks its record first."""
    person = signed_in()
    found = host().queries.case(instance_id, person)
    if not person.is_staff:
        return redirect(url_for("portal.case", instance_id=found.line.id))
    g.section = "cases"
    with host().store.read() as connection:
        nonconformities = Registers(connection, host().clock).nonconformities.of_case(found.line.id)
    page = CaseShown(found, sentences(found), findings.told(nonconformities, found.deadlines), diagrams.drawn(found),
                     forms.tell(found.answered, host().wording), _seal(found) if request.args.get("verify") == "now" else None,
                     person.is_in(*STEWARDS), next((one.id for one in found.documents if one.kind == DOSSIER), None))
    return make_response(render_template("cases/show.html", page=page))


@bp.get("/<instance_id>/inside/<process_id>")
@for_staff
def inside(instance_id: str, process_id: str) -> str:
    """What goes on in a process that the case calls. Raises: NotInCase."""
    g.section = "cases"
    found = host().queries.case(instance_id, signed_in())
    drawing = diagrams.drawn(found, process_id)
    return render_template("cases/inside.html", page=InsidePage(found, drawing, tuple(
        task for task in found.tasks if task.process == process_id)))


@bp.get("/<instance_id>/record")
@for_staff
def record(instance_id: str) -> str:
    """The whole record, page by page."""
    g.section = "cases"
    found = host().queries.case(instance_id, signed_in())
    before = request.args.get("before", "")
    place = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    shown = host().queries.history(instance_id, signed_in(), before=place, size=EVENTS)
    seal = _seal(found) if request.args.get("verify") == "now" else None
    return render_template("cases/record.html", case=found, history=shown, seal=seal)


@bp.get("/<instance_id>/data")
def data(instance_id: str) -> str:
    """What the case knows, in the words of its forms."""
    g.section = "cases"
    found = host().queries.case_data(instance_id, signed_in())
    return render_template("cases/data.html", page=case_data.told(found, may_see_raw=signed_in().is_in(*STEWARDS)))


@bp.get("/<instance_id>/data.json")
def raw_data(instance_id: str) -> Response:
    """The same as it is kept, for who runs the installation. Raises: NotAllowed (`group`)."""
    return _file(case_data.raw(host().queries.case_data(instance_id, signed_in()), signed_in()), f"{instance_id}-data.json")


@bp.get("/<instance_id>/evidence.json")
def evidence(instance_id: str) -> Response:
    """The record as a file that anybody can check with `jalon verify`."""
    export = host().queries.evidence(instance_id, signed_in())
    return _file(export, f"{export['instance']['business_key'] or export['instance']['id']}.json")


@bp.post("/<instance_id>/comments")
def comment(instance_id: str) -> Answer:
    """Write a comment beside a case, or beside one of its tasks."""
    host().engine.add_comment(instance_id, request.form.get("text", ""), by=signed_in(), task_id=request.args.get("task"))
    return redirect(local(request.form.get("next")), 303)


def _seal(found: CasePage) -> Seal:
    """Check the chain of a case now, over all its events."""
    result = verify(host().queries.evidence(found.line.id, signed_in()))
    first = result.faults[0] if result.faults else None
    sound = result.events if first is None else max(first.seq - 1, 0) if first.seq else result.events
    return Seal(result.intact, sound, result.events, first.message(locale()) if first is not None else "", result.head[:12],
                len(result.erased))


def _processes(chosen: str) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """The processes a case may be of, and the milestones of the chosen one, or of all."""
    known = {one.id: one for package in host().engine.library.published().values() for one in package.processes}
    milestones = {one.id: one.name for process in known.values() if chosen in ("", process.id) for one in process.milestones}
    return (tuple(Option(one.id, one.name(locale())) for one in known.values()),
            tuple(Option(key, name(locale())) for key, name in milestones.items()))


def _file(content: object, name: str) -> Response:
    """Plain JSON as a file to keep."""
    answer = Response(json.dumps(content, ensure_ascii=False, indent=1, default=str), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters["said"] = case_data.say_value
