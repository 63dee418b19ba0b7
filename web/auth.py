"""Logging in and out.

Owns: the session cookie, the log-in page, entering by a mailed link, the rule that every page but the public ones wants a log-in.
Leaves: passwords and session rows to `engine.people.accounts`.
Promises: the cookie is unreadable to scripts and other sites; failing often makes one wait.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from flask import Blueprint, Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import NotAllowed
from engine.people.accounts import REMEMBERED, SESSION_LASTS, Accounts, LoginRefused, NoSuchPerson
from engine.people.links import Entry, EntryLinks, LinkNotValid
from engine.people.person import Person
from web import limits, unsent
from web.access import public
from web.apply import robots
from web.apply.blueprint import LETTERS_OF
from web.apply.starting import is_address
from web.catalogue import say
from web.errors import NotSignedIn
from web.host import host
from web.pages import AskPage, InvitationPage, LogInPage
from web.preferences import local

bp = Blueprint("auth", __name__)
COOKIE = "jalon_session"
#: The letter with a link that logs in once.
LOGIN_LETTER = "login_link"


class TooManyTries(NotAllowed):
    """Too many tries in a row. Wait five minutes, then try again."""

    fr = "Trop d’essais de suite. Attendez cinq minutes, puis recommencez."


class Tries:
    """Failed log-ins by login, of the last five minutes. In this process only: several processes let each as many pass."""

    MOST, WITHIN, KEPT = 8, timedelta(minutes=5), 10_000

    def __init__(self) -> None:
        self._failed: OrderedDict[str, list[datetime]] = OrderedDict()

    def check(self, login: str, now: datetime) -> None:
        """Raises: TooManyTries."""
        recent = [at for at in self._failed.get(login, []) if now - at < self.WITHIN]
        if len(recent) >= self.MOST:
            raise TooManyTries("tries")

    def failed(self, login: str, now: datetime) -> None:
        """Count one; the oldest logins are forgotten first."""
        self._failed.setdefault(login, []).append(now)
        self._failed[login] = self._failed[login][-self.MOST:]
        self._failed.move_to_end(login)
        while len(self._failed) > self.KEPT:
            self._failed.popitem(last=False)


@bp.get("/login")
@public
def log_in() -> str:
    """The log-in page."""
    return _page(request.args.get("next", ""))


@bp.post("/login")
@public
def enter() -> Response:
    """Check login and password, and open a session."""
    login, now = request.form.get("login", "").strip().casefold(), host().clock.now()
    engine = host().engine
    tries: Tries = current_app.extensions["jalon.tries"]
    back = request.form.get("next", "")
    try:
        tries.check(login, now)
        token = engine.log_in(login, request.form.get("password", ""))
    except (LoginRefused, TooManyTries) as error:
        if isinstance(error, LoginRefused):
            tries.failed(login, now)
        g.shown_at = url_for("auth.log_in")
        return make_response(_page(back, login=login, refused=error.sentence(g.locale)), 403)
    return with_session(redirect(local(back), 303), token)


@bp.get("/enter/<token>")
@public
def by_link(token: str) -> Answer:
    """Enter by a mailed link: a page with one button, so that a mail program that looks at links lets nobody in."""
    entry = _links().read(token, host().clock.now())
    person = g.person or _whose(entry)
    if person.is_staff or g.person:
        return redirect(_place(entry, person))
    return make_response(render_template("auth/enter.html", action=url_for("auth.open_link", token=token), once=False))


@bp.post("/enter/<token>")
@public
def open_link(token: str) -> Answer:
    """Open the session of a mailed link; people of the house log in with their password. Raises: LinkNotValid."""
    entry = _links().read(token, host().clock.now())
    person = _whose(entry)
    if person.is_staff:
        return redirect(_place(entry, person), 303)
    return with_session(redirect(_place(entry, person), 303), host().engine.log_in_by_link(person.id))


def _whose(entry: Entry) -> Person:
    """The active person of a link. Raises: LinkNotValid."""
    try:
        with host().store.read() as connection:
            return Accounts(connection).by_login(entry.login)
    except NoSuchPerson:
        raise LinkNotValid("link") from None


def _place(entry: Entry, person: Person) -> str:
    if not entry.instance_id:
        return url_for("home")
    return url_for("cases.show" if person.is_staff else "portal.case", instance_id=entry.instance_id)


@bp.get("/enter")
@public
def ask_link() -> str:
    """Ask for a link that logs in once."""
    return render_template("auth/ask.html", page=AskPage(over="over" in request.args), trap=robots.TRAP)


@bp.post("/enter")
@public
def mail_link() -> Answer:
    """Mail such a link to who has a case under an address; the page says the same when nobody has."""
    email = request.form.get("email", "").strip()
    g.shown_at = url_for("auth.ask_link")
    if not is_address(email):
        page = AskPage(email, say("This is not an e-mail address; like this: name@example.org."))
        return make_response(render_template("auth/ask.html", page=page, trap=robots.TRAP), 422)
    limits.check(limits.ASK)
    if not robots.is_caught() and limits.allows(limits.MAIL, email):
        host().engine.mail_login_link(email, process=LETTERS_OF, letter=LOGIN_LETTER)
    page = AskPage(email, asked=True, minutes=host().settings.links.login_minutes)
    return make_response(render_template("auth/ask.html", page=page, trap=robots.TRAP))


@bp.get("/enter/once/<token>")
@public
def once(token: str) -> str:
    """A page with one button: a mail program that looks at links uses none up. Raises: LinkNotValid."""
    host().engine.check_login_link(token)
    return render_template("auth/enter.html", action=url_for("auth.enter_once", token=token), once=True)


@bp.post("/enter/once/<token>")
@public
def enter_once(token: str) -> Answer:
    """Open the session of a link that works once. Raises: LinkNotValid."""
    return with_session(redirect(url_for("home"), 303), host().engine.log_in_once(token))


@bp.get("/invitation/<token>")
@public
def invitation(token: str) -> str:
    """What one is invited to, with one button. Raises: LinkNotValid."""
    link, title = host().engine.invitation(token)
    page = InvitationPage(token, title, str(link.data["name"]), bool(link.data["may_answer"]), bool(link.data["may_invite"]))
    return render_template("auth/invitation.html", page=page)


@bp.post("/invitation/<token>")
@public
def join(token: str) -> Answer:
    """Join the case and open its page. Raises: LinkNotValid."""
    joined = host().engine.accept_invitation(token)
    return with_session(redirect(url_for("portal.case", instance_id=joined.instance_id), 303), joined.session)


@bp.post("/logout")
@public
def log_out() -> Response:
    """End the session."""
    token = request.cookies.get(COOKIE)
    if token:
        host().engine.log_out(token)
    response = make_response(redirect(url_for("auth.log_in"), 303))
    response.delete_cookie(COOKIE)
    return response


def with_session(response: object, token: str) -> Response:
    """Give an answer the cookie of a session."""
    answer = make_response(response)
    answer.set_cookie(COOKIE, token, max_age=int((SESSION_LASTS + REMEMBERED).total_seconds()), httponly=True, samesite="Lax",
                      secure=host().settings.base_url.startswith("https://"))
    return answer


def _page(back: str, login: str = "", refused: str = "") -> str:
    demo = host().demo
    people = demo.people() if demo else ()
    return render_template("auth/log_in.html", page=LogInPage(login=login, back=back, refused=refused, people=people))


def _links() -> EntryLinks:
    return EntryLinks(host().settings.secret())


def _who() -> None:
    """Find out who is asking; pages that are not public want somebody. Raises: NotSignedIn."""
    g.person = None
    if request.endpoint == "static":
        return
    token = request.cookies.get(COOKIE)
    if token:
        g.person = host().engine.signed_in(token)


def _guard() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and request.endpoint != "static" and not getattr(view, "is_public", False) and g.person is None:
        person = unsent.keep(request.cookies.get(COOKIE, ""))
        raise NotSignedIn("session", outside=person is not None and not person.is_staff)


def install(app: Flask) -> None:
    """Who is asking is known before anything else is done."""
    app.extensions["jalon.tries"] = Tries()
    app.register_blueprint(bp)
    app.before_request(_who)


def install_guard(app: Flask) -> None:
    """Pages want a log-in unless they are marked public. Set up after the language, so that the refusal can be told in it."""
    app.before_request(_guard)
