"""The public application form.

Owns: `/apply` and its confirmation.
Leaves: the questions to the form of the process's start event, what is right to `engine.forms`.
Promises: an application with a fault stores nothing; every fault is shown by field with its rule.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g, make_response, redirect, render_template, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from engine.errors import NotFound
from engine.forms import Form, FormInvalid
from engine.store.tables import instance
from web import forms
from web.access import public
from web.host import host
from web.pages import ApplyPage

bp = Blueprint("apply", __name__, url_prefix="/apply")
#: The process the public may start, by its key.
PROCESS = "certification"


@bp.get("")
@public
def form() -> str:
    """The empty form."""
    return _page(forms.fill(_start_form()[0], {}, None, host().wording))


@bp.post("")
@public
def send() -> Answer:
    """Start a case with what was typed, or show what is wrong with it."""
    start_form, message = _start_form()
    data = forms.posted(start_form)
    if forms.edits():
        return make_response(_page(forms.fill(start_form, {}, data, host().wording)))
    try:
        started = host().engine.send_message(message, None, data, by=g.person)
    except FormInvalid as invalid:
        return make_response(_page(forms.fill(start_form, {}, data, host().wording, invalid)), 422)
    return redirect(url_for("apply.received", token=_signer().dumps(started.instance_id)), 303)


@bp.get("/received/<token>")
@public
def received(token: str) -> Response:
    """What happens next, with the number of the case."""
    try:
        instance_id = _signer().loads(token)
    except BadSignature:
        raise NotFound(token=token) from None
    with host().store.read() as connection:
        number = connection.execute(select(instance.c.business_key).where(instance.c.id == instance_id)).scalar()
    return make_response(render_template("apply/received.html", number=number))


def _page(filled: forms.Filled) -> str:
    return render_template("apply/form.html", page=ApplyPage(filled))


def _start_form() -> tuple[Form, str]:
    """The start form of the process and the message that starts it. Raises: NotFound, when nothing is published yet."""
    bundle = host().engine.library.newest(PROCESS)
    process = bundle.process
    message = next(event.name for start in process.starts() for event in start.events if event.kind == "message")
    return bundle.form(process.id, process.start_form), message


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(host().settings.secret(), salt="jalon.received")


def install(app: Flask) -> None:
    app.register_blueprint(bp)
