"""What only the demo has: becoming anybody by one click, the virtual clock's day, the mailbox.

Owns: the demo's bar and mailbox page; nothing of it is reachable when the app is not a demo.
Leaves: the people and the clock to `jalon.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for

from engine.errors import NotFound
from engine.people.accounts import Accounts
from engine.people.person import Person
from web.access import public
from web.auth import with_session
from web.catalogue import locale
from web.host import host, signed_in
from web.pages import PickPerson

bp = Blueprint("demo", __name__, url_prefix="/demo")
#: In the demo the clock leaps by months; a session outlives that.
SESSION_LASTS = timedelta(days=20 * 365)


@dataclass(frozen=True)
class Demo:
    """The demo: `everybody` gives the people a visitor may become, staff first."""

    everybody: Callable[[], tuple[Person, ...]]

    def people(self) -> tuple[PickPerson, ...]:
        """The people with what they do, in the language of the request."""
        return tuple(PickPerson(one.id, one.name, role(one), one.is_staff) for one in self.everybody())


def role(person: Person) -> str:
    """What a person does: the names of their groups."""
    groups = host().groups
    return ", ".join(groups[group].name(locale()) for group in groups if group in person.groups)


@bp.post("/become")
@public
def become() -> Response:
    """Log in as somebody, by one click."""
    chosen = request.form.get("person", "")
    if chosen not in {one.id for one in _demo().everybody()}:
        raise NotFound(person=chosen)
    with host().store.begin() as work:
        token = Accounts(work.connection).open_session(chosen, now=host().clock.now(), lasts=SESSION_LASTS)
    return with_session(redirect(url_for("home"), 303), token)


@bp.get("/mailbox")
def mailbox() -> str:
    """The letters that would have been mailed."""
    _demo()
    return render_template("demo/mailbox.html", letters=host().queries.letters(signed_in()))


def _demo() -> Demo:
    """The demo. Raises: NotFound, when this is none."""
    found = host().demo
    if found is None:
        raise NotFound(page="demo")
    return found


def install(app: Flask) -> None:
    app.register_blueprint(bp)
