"""Beginning an application, and asking for its link again.

Owns: `/apply`, `/apply/resume`, and the page that says what arrived.
Leaves: the application itself to `filling`.
Promises: asking for a link answers the same whether anybody has the address or not.
"""

from __future__ import annotations

import re

from flask import g, make_response, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from engine.errors import NotFound
from engine.forms.steps import starting_answers
from engine.store.tables import instance
from web import limits
from web.access import public
from web.apply import robots
from web.apply.blueprint import LETTER, MESSAGE, bp
from web.apply.pages import ResumePage, StartPage, StepLine
from web.catalogue import locale, say
from web.host import host
from web.notes import note

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
LONGEST_EMAIL = 254


@bp.get("")
@public
def form() -> str:
    """What it takes to apply, and the first question: where the link to the application is to go."""
    return _start(StartPage())


@bp.post("")
@public
def begin() -> Answer:
    """Begin an application, mail its link, go to its first step."""
    email = request.form.get("email", "").strip()
    if robots.is_caught():
        return redirect(url_for("apply.form"), 303)
    if not is_address(email):
        return make_response(_start(StartPage(email, say("This is not an e-mail address; like this: name@example.org."))), 422)
    if robots.is_quick():
        return make_response(_start(StartPage(email, notice=say("One more press on the button, please: that was very quick."))), 422)
    limits.check(limits.BEGIN)
    limits.check(limits.MAIL, email)
    token = host().engine.begin_intake(MESSAGE, email, locale(), _known(email), letter=LETTER)
    note(say("A link to this application is on its way to %(email)s.", email=email))
    return redirect(url_for("apply.resume_at", token=token), 303)


@bp.get("/resume")
@public
def resume() -> str:
    """Ask for the link again."""
    return render_template("apply/resume.html", page=ResumePage(), trap=robots.TRAP)


@bp.post("/resume")
@public
def mail_links() -> Answer:
    """Mail the links of what an address has begun; the page says the same when that is nothing."""
    email = request.form.get("email", "").strip()
    if not is_address(email):
        page = ResumePage(email, say("This is not an e-mail address; like this: name@example.org."))
        return make_response(render_template("apply/resume.html", page=page, trap=robots.TRAP), 422)
    limits.check(limits.ASK)
    if not robots.is_caught() and limits.allows(limits.MAIL, email):
        host().engine.mail_intake_links(MESSAGE, email, locale(), letter=LETTER)
    return make_response(render_template("apply/resume.html", page=ResumePage(email, asked=True), trap=robots.TRAP))


@bp.get("/received/<signed>")
@public
def received(signed: str) -> Answer:
    """What happens next, with the number of the case. Raises: NotFound."""
    try:
        instance_id = _signer().loads(signed)
    except BadSignature:
        raise NotFound(signed=signed) from None
    with host().store.read() as connection:
        number = connection.execute(select(instance.c.business_key).where(instance.c.id == instance_id)).scalar()
    return make_response(render_template("apply/received.html", number=number))


def receipt(instance_id: str) -> str:
    """The address of the page that says an application arrived."""
    return url_for("apply.received", signed=_signer().dumps(instance_id))


def is_address(email: str) -> bool:
    """Tell whether a text has the shape of an e-mail address."""
    return len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email) is not None


def _known(email: str) -> dict[str, object]:
    """What is known before the first step: the form's own defaults, where to write, and in which language."""
    bundle, _ = host().engine.start_of(MESSAGE)
    answers = starting_answers(bundle.form(bundle.process.id, bundle.process.start_form))
    contact = answers.get("contact")
    return {**answers, "contact": {**(contact if isinstance(contact, dict) else {}), "email": email, "language": locale()}}


def _start(page: StartPage) -> str:
    g.shown_at = url_for("apply.form")
    bundle, _ = host().engine.start_of(MESSAGE)
    steps = host().engine.steps_of(bundle)
    names = tuple(StepLine(number, step.label(locale()), "todo", "") for number, step in enumerate(steps, start=1))
    made = request.form.get("made") or robots.stamp()
    return render_template("apply/start.html", page=page, steps=names, made=made, trap=robots.TRAP)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(host().settings.secret(), salt="jalon.received")
