"""The whole application to read again, and sending it.

Owns: `/apply/<token>/summary`.
Leaves: making a case of it to `engine.service.intakes`.
Promises: nothing is sent while an answer is not right; a second press sends nothing twice.
"""

from __future__ import annotations

from flask import g, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from engine.forms import FieldView, FormInvalid
from engine.forms.steps import Step, faults_of
from web import forms
from web.access import public
from web.apply.blueprint import bp
from web.apply.filling import SUMMARY, Filling, filling_of, lines
from web.apply.pages import SummaryPage, SummaryPart
from web.apply.starting import receipt
from web.catalogue import locale
from web.host import host


@bp.get("/<token>/summary")
@public
def summary(token: str) -> Answer:
    """Every answer with the way to change it."""
    found = filling_of(token)
    if found.intake.sent:
        return redirect(receipt(str(found.intake.instance_id)))
    return _page(found, 200)


@bp.post("/<token>/summary")
@public
def send(token: str) -> Answer:
    """Send the application; one with a fault says where it is."""
    try:
        instance_id = host().engine.send_intake(token)
    except FormInvalid:
        g.shown_at = url_for("apply.summary", token=token)
        return _page(filling_of(token), 422)
    return redirect(receipt(instance_id), 303)


def _page(found: Filling, status: int) -> Answer:
    parts = tuple(_part(found, step, views) for step, views in found.parts(found.errors))
    page = SummaryPage(found.token, parts, sum(len(part.faults) for part in parts), len(parts), lines(found, SUMMARY),
                       found.intake.erase_at)
    return make_response(render_template("apply/summary.html", page=page), status)


def _part(found: Filling, step: Step, views: tuple[FieldView, ...]) -> SummaryPart:
    faults = forms.summary(views, faults_of(step, found.errors))
    pickers = set(_ids(views))
    return SummaryPart(
        step.label(locale()), url_for("apply.step", token=found.token, step_id=step.id, then=SUMMARY),
        tuple(forms.answers(views, host().wording)), tuple(f"{fault.label} : {fault.message(locale())}" if locale() == "fr" else
                                                           f"{fault.label}: {fault.message(locale())}" for fault in faults),
        tuple(one for one in found.intake.files if one.slot in pickers))


def _ids(views: tuple[FieldView, ...]) -> list[str]:
    return [name for view in views for name in (view.id, *_ids(view.children))]
