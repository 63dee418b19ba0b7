"""Whether everything runs: the overview, and its lists: incidents, jobs, timers, mail, records, the machine.

Owns: the addresses under `/operations`.
Leaves: who may steer to `engine.service`; what is read to `engine.queries`.
Promises: every list is paged by its place; what failed is shown in its diagram before anybody tries it again.
"""

from __future__ import annotations

from flask import Blueprint, Flask, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.queries.shapes import IncidentLine
from engine.service import STEWARDS
from engine.states import JobState
from web import diagrams, results
from web.access import for_staff
from web.case_pages import IncidentPage, IntegrityPage, JobsPage, MailPage, OperationsPage
from web.catalogue import locale, ngettext, say
from web.host import host, signed_in
from web.notes import note

bp = Blueprint("operations", __name__, url_prefix="/operations")
LETTERS, RECORDS_AT_ONCE, MOST_BROKEN = 8, 40, 20
JOB_STATES = (JobState.READY, JobState.RUNNING, JobState.FAILED, JobState.DONE)
MAILER = "mailer"


@bp.before_request
def mark_section() -> None:
    g.section = "operations"


@bp.get("")
@for_staff
def index() -> str:
    """The state of the installation."""
    person = signed_in()
    found = host().queries.operations(person)
    page = OperationsPage(found, host().queries.letters(person, size=LETTERS), host().queries.health(person), person.is_in(*STEWARDS))
    return render_template("operations/index.html", page=page)


@bp.get("/incidents")
@for_staff
def incidents() -> str:
    """All incidents, open or settled."""
    settled = request.args.get("settled") == "yes"
    found = host().queries.incidents(signed_in(), settled=settled, after=request.args.get("after"))
    return render_template("operations/incidents.html", found=found, settled=settled, may_steer=signed_in().is_in(*STEWARDS))


@bp.get("/incidents/<incident_id>")
@for_staff
def incident(incident_id: str) -> str:
    """One incident, shown where it happened. Raises: NotFound."""
    return _incident(host().queries.incident(incident_id, signed_in()))


@bp.post("/incidents/<incident_id>/retry")
def retry(incident_id: str) -> Answer:
    """Try again what failed."""
    host().engine.retry_incident(incident_id, by=signed_in())
    note(say("Tried again."))
    return redirect(url_for("operations.index"), 303)


@bp.post("/incidents/retry")
def retry_many() -> Answer:
    """Try several again; those that cannot be are told."""
    result = host().engine.retry_incidents(request.form.getlist("incident"), by=signed_in())
    told = ngettext("One incident tried again.", "%(num)d incidents tried again.", result.done) % {"num": result.done}
    refused = ngettext("One was not: %(why)s", "%(num)d were not: %(why)s", len(result.refused)) % {
        "num": len(result.refused), "why": result.refused[0][1](locale())} if result.refused else ""
    note(f"{told} {refused}".strip())
    return redirect(url_for("operations.incidents"), 303)


@bp.post("/incidents/<incident_id>/resolve")
def resolve(incident_id: str) -> Answer:
    """Complete by hand what failed, with the values it should have given."""
    person = signed_in()
    found = host().queries.incident(incident_id, person)
    values = results.read(results.expected(host().queries.case(found.case.id, person), found), request.form)
    host().engine.resolve_incident(incident_id, values, request.form.get("reason", "").strip(), by=person)
    note(say("Completed by hand. The case goes on."))
    return redirect(url_for("cases.show", instance_id=found.case.id), 303)


@bp.get("/jobs")
@for_staff
def jobs() -> str:
    """Jobs of a state: ready, held, failed, done."""
    state = request.args.get("state", "")
    handler = request.args.get("handler", "")
    chosen = state if state in JOB_STATES else JobState.READY
    found = host().queries.jobs(signed_in(), state=chosen, handlers=[handler] if handler else [], after=request.args.get("after"))
    names = tuple(sorted(one.name for one in host().engine.around.registry if one.kind == "external"))
    return render_template("operations/jobs.html", page=JobsPage(found, chosen, handler, names))


@bp.get("/timers")
@for_staff
def timers() -> str:
    """Armed timers, soonest first."""
    late, process = request.args.get("late") == "yes", request.args.get("process", "")
    found = host().queries.timers(signed_in(), late=late, process=process, after=request.args.get("after"))
    known = {one.id: one.name(locale()) for package in host().engine.library.published().values() for one in package.processes}
    return render_template("operations/timers.html", found=found, late=late, process=process, processes=known)


@bp.get("/mail")
@for_staff
def mail() -> str:
    """Letters: those that wait or failed, then those that went out."""
    person, after = signed_in(), request.args.get("after")
    around = host().engine.around
    mailers = around.ports.users_of(MAILER, around.registry)
    waiting = tuple(line for state in (JobState.FAILED, JobState.RUNNING, JobState.READY)
                    for line in host().queries.jobs(person, state=state, handlers=mailers).lines) if mailers and not after else ()
    stuck = {one.token: one.id for one in host().queries.incidents(person, size=200).lines} if waiting else {}
    return render_template("operations/mail.html", page=MailPage(waiting, stuck, host().queries.sent_letters(person, after=after),
                                                                 bool(after)))


@bp.get("/records")
@for_staff
def records() -> str:
    """Check the records of all cases, some at a time; the page goes on by itself until it has seen them all."""
    person, after = signed_in(), request.args.get("after", "")
    done, events = _number("done"), _number("events")
    broken = [one for one in request.args.get("broken", "").split(",") if one.isalnum()][:MOST_BROKEN]
    if request.args.get("check") != "all":
        return render_template("operations/records.html", page=IntegrityPage(), broken=[])
    found = host().queries.verify_some(person, after, RECORDS_AT_ONCE)
    broken += [one.case.id for one in found.broken][:MOST_BROKEN - len(broken)]
    page = IntegrityPage(True, done + found.cases, max(found.of, done + found.cases), events + found.events, found.after, tuple(broken))
    lines = [(one, host().queries.case(one, person).line) for one in broken]
    return render_template("operations/records.html", page=page, broken=lines)


@bp.post("/stalled")
def stalled() -> Answer:
    """Look for cases that nothing moves; each gets an incident."""
    found = host().engine.find_stalled(by=signed_in())
    note(ngettext("One case stands still: it has an incident now.", "%(num)d cases stand still: each has an incident now.", len(found)) % {
        "num": len(found)} if found else say("No case stands still."))
    return redirect(url_for("operations.index"), 303)


def incident_kind(kind: str) -> str:
    """What kind of thing stands still, in words."""
    return {"job": say("an automatic step"), "expression": say("an expression"), "loop": say("a loop without end"),
            "stall": say("nothing waits any more"), "error": say("an error")}.get(kind, kind)


def incident_hint(kind: str) -> str:
    """What usually helps."""
    return {
        "expression": say("A value is missing or of another type. Look at the details of the case, or complete the step by hand."),
        "loop": say("The way goes round without ever waiting. Its process needs a change; complete the step by hand meanwhile."),
        "stall": say("Trying again opens what the case waited for anew."),
    }.get(kind, say("Mend what is outside (an address, a server, a file), then try again."))


def value_type(name: str) -> str:
    """What kind of value a step gives, in words."""
    return {"string": say("text"), "number": say("number"), "boolean": say("true or false"), "date": say("day"),
            "list": say("list, as JSON"), "context": say("several values, as JSON")}.get(name, say("any value, as JSON"))


def _incident(found: IncidentLine) -> str:
    person = signed_in()
    case = host().queries.case(found.case.id, person)
    drawing = diagrams.drawn(case, found.process if found.process in case.trails else "")
    page = IncidentPage(found, case, drawing, results.expected(case, found), person.is_in(*STEWARDS))
    return render_template("operations/incident.html", page=page)


def _number(name: str) -> int:
    written = request.args.get(name, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters.update(incident_kind=incident_kind, incident_hint=incident_hint, value_type=value_type)
