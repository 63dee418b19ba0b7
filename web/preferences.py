"""How a person wants the pages: language and appearance.

Owns: the two cookies, which language a request is answered in, the address of the same page in the other language.
Leaves: the language of letters to the person's row (`engine.people`).
Promises: a link chooses the language; else a person who is logged in reads in their own, anybody else in that of the cookie, then in the
browser's; French when nothing says. Who chooses by a link while logged in reads in that language from then on.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, Flask, Response, g, make_response, redirect, request, url_for

from engine.texts import LOCALES
from web.access import public
from web.catalogue import say
from web.host import host
from web.pages import Option

bp = Blueprint("preferences", __name__)
LANGUAGE, THEME = "jalon_language", "jalon_theme"
THEMES = ("system", "light", "dark")
YEAR_SECONDS = 365 * 24 * 3600
#: A link of this site, or an address that was typed: another site's link changes nobody's language for good.
OWN_LINK = (None, "same-origin", "none")


@bp.post("/preferences")
@public
def save() -> Response:
    """Keep how the pages look, in which language, and whether single keys do something, here and for the person; go back."""
    response = make_response(redirect(local(request.form.get("next")), 303))
    theme, language = request.form.get("theme"), request.form.get("language")
    theme = theme if theme in THEMES else None
    shortcuts = {"on": True, "off": False}.get(request.form.get("shortcuts", ""))
    language = language if language in LOCALES else None
    for name, value in ((THEME, theme), (LANGUAGE, language)):
        if value:
            keep(response, name, value)
    if g.get("person") and (theme or language or shortcuts is not None):
        host().engine.set_preferences(g.person, locale=language, theme=theme, shortcuts=shortcuts)
    return response


def local(address: str | None) -> str:
    """An address of this site, or the start page: never another site's."""
    if address and address.startswith("/") and not address.startswith(("//", "/\\")) and not urlsplit(address).netloc:
        return address
    return url_for("home")


def keep(response: Response, name: str, value: str) -> None:
    """Set one of the two cookies for a year."""
    response.set_cookie(name, value, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure)


def choose_language() -> None:
    """Tell which language this request is answered in."""
    person = g.get("person")
    asked = [request.args.get("lang"), person.locale if person else request.cookies.get(LANGUAGE)]
    g.locale = next((one for one in asked if one in LOCALES), None) or request.accept_languages.best_match(LOCALES, "fr")


def _keep_language(response: Response) -> Response:
    asked, person = request.args.get("lang"), g.get("person")
    if asked in LOCALES and asked != request.cookies.get(LANGUAGE):
        keep(response, LANGUAGE, str(asked))
    if asked in LOCALES and person is not None and asked != person.locale and request.headers.get("Sec-Fetch-Site") in OWN_LINK:
        host().engine.set_preferences(person, locale=asked)
    response.headers.setdefault("Content-Language", g.get("locale", "fr"))
    return response


def theme() -> str:
    """`light`, `dark` or `system`: by the cookie, else by the person."""
    chosen = request.cookies.get(THEME) or (g.person.theme if g.get("person") else "")
    return chosen if chosen in ("light", "dark") else "system"


def themes() -> tuple[Option, ...]:
    """The choices of appearance."""
    labels = {"system": say("Automatic"), "light": say("Light"), "dark": say("Dark")}
    return tuple(Option(value, label, value == theme()) for value, label in labels.items())


def languages() -> tuple[Option, ...]:
    """The choices of language, each named in itself."""
    return tuple(Option(value, label, value == g.get("locale")) for value, label in (("fr", "Français"), ("en", "English")))


def here(**changes: str) -> str:
    """The address of this page, with some of its arguments changed. A page shown after a form was sent has its own (`g.shown_at`)."""
    path, _, query = g.get("shown_at", request.full_path).partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if name != "lang" and name not in changes]
    text = urlencode([*kept, *changes.items()])
    return f"{path}?{text}" if text else path


def install(app: Flask) -> None:
    """Choose the language of each request and give the templates what they need."""
    app.register_blueprint(bp)
    app.before_request(choose_language)
    app.after_request(_keep_language)
