"""A party's cases, what they have to do in them, and withdrawing.

Owns: `/portal`, a case, one thing to do, withdrawal.
Leaves: who has access to `contacts`; filling in and sending to `web.tasks`.
"""

from __future__ import annotations

from flask import Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Invalid, NotAllowed
from engine.queries.shapes import CasePage, DeadlineView, TaskLine
from engine.texts import Text
from handlers.registers import NonconformityState, Registers
from web import findings, tasks
from web.case_pages import Finding
from web.catalogue import say
from web.host import host, signed_in
from web.notes import note
from web.portal import effort
from web.portal.blueprint import bp
from web.portal.pages import Asked, FindingLine, PortalPage

APPLICANT = "applicant"
WITHDRAWAL = "applicant.withdrawal"
#: How many letters a case shows.
LETTERS = 20


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
    """One case. Raises: NotFound, for a stranger too."""
    found = host().queries.case(instance_id, signed_in())
    if signed_in().is_staff:
        return redirect(url_for("cases.show", instance_id=found.line.id))
    g.section = "portal"
    return make_response(render_template("portal/case.html", page=_page(found)))


@bp.get("/tasks/<task_id>")
def task(task_id: str) -> Response:
    """One thing to do."""
    found = host().queries.task(task_id, signed_in())
    g.section = "portal"
    return make_response(render_template("portal/task.html", page=tasks.beside(found, tasks.filled(found))))


@bp.post("/<instance_id>/withdraw")
def withdraw(instance_id: str) -> Answer:
    """Withdraw the application. Raises: NotFound; NotAllowed (`party`); NotConfirmed."""
    found = host().queries.case(instance_id, signed_in())
    if not _may_answer(found):
        raise NotAllowed("party", _MAY_NOT, _who_answers(found))
    if request.form.get("sure") != "yes":
        raise NotConfirmed()
    why = {"withdrawal": {"reason": request.form.get("reason", "").strip()}}
    host().engine.send_message(WITHDRAWAL, found.line.number, why, by=signed_in())
    note(say("Your application is withdrawn."))
    return redirect(url_for("portal.case", instance_id=found.line.id), 303)


def _page(found: CasePage) -> PortalPage:
    with host().store.read() as connection:
        nonconformities = Registers(connection, host().clock).nonconformities.of_case(found.line.id)
    mine = sorted((one for one in found.tasks if _is_theirs(one)), key=lambda one: (one.due_at is None, one.due_at, one.created_at))
    told = findings.told(nonconformities, found.deadlines)
    letters = host().queries.letters(signed_in(), instance_id=found.line.id, size=LETTERS)
    return PortalPage(
        found, tuple(Asked(one, effort.minutes(host().queries.task_form(one.id).form)) for one in mine),
        tuple(FindingLine(one, _answers(one, mine)) for one in told),
        sum(one.nonconformity.state == NonconformityState.LIFTED for one in told), _deadline_of(found, mine), letters,
        _may_answer(found), _who_answers(found), _may_answer(found) and found.line.state == "active" and bool(found.line.number),
        len(host().queries.cases(signed_in(), size=2).lines) > 1)


def _answers(finding: Finding, mine: list[TaskLine]) -> TaskLine | None:
    """The open task of a finding: the one whose subject begins with its number."""
    number = f"NC {finding.nonconformity.number}"
    return next((one for one in mine if f"{one.subject.fr},".startswith((f"{number},", f"{number} "))), None)


def _is_theirs(line: TaskLine) -> bool:
    return line.mine or APPLICANT in line.groups


def _deadline_of(found: CasePage, mine: list[TaskLine]) -> DeadlineView | None:
    """The deadline of the first thing to do."""
    wanted = mine[0].deadline_id if mine else None
    return next((one for one in found.deadlines if one.id == wanted), None) if wanted else None


def _may_answer(found: CasePage) -> bool:
    return any(one.person_id == signed_in().id and one.may_answer for one in found.parties)


def _who_answers(found: CasePage) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in found.parties if one.may_answer))


_MAY_NOT = Text("Vous pouvez lire ce dossier, mais pas y répondre.", "You may read this case, but not answer in it.")
