"""The Flask application: composed once, from parts that `jalon.py` makes.

Owns: the order in which a request is checked, understood and answered; what every template may use.
Leaves: each page to its module.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, g, redirect, url_for
from jinja2 import StrictUndefined

from engine.change.owners import PROCESS_OWNER
from engine.change.studio import Studio
from engine.clock import Clock
from engine.people.groups import Group
from engine.queries import Queries
from engine.service import Engine
from engine.settings import Settings
from engine.store.database import Store
from engine.texts import Text
from web import (
    apply,
    auth,
    calendars,
    cases,
    catalogue,
    dates,
    deadlines,
    demo,
    documents,
    errors,
    forms,
    limits,
    markup,
    notes,
    operations,
    portal,
    preferences,
    search,
    security,
    steering,
    studio,
    tasks,
    verify,
    wording,
)
from web.access import public
from web.assets import Assets
from web.audit import pages as audit
from web.catalogue import locale, say
from web.host import Host, host, signed_in

LARGEST_REQUEST_BYTES = 40 * 1024 * 1024
LARGEST_FORM_BYTES = 4 * 1024 * 1024
MOST_FORM_PARTS = 5000
#: Who sees the operations page in the navigation; the page itself asks the engine.
OPERATORS = ("administrator", "manager", "process_owner", "quality")


def create_app(engine: Engine, queries: Queries, store: Store, settings: Settings, clock: Clock, *,
               groups: Mapping[str, Group] | None = None, demo_parts: demo.Demo | None = None, studio_parts: Studio | None = None,
               strict_texts: bool = False) -> Flask:
    """Make the application.

    Args:
        groups: of processes/groups.yaml, by id. demo_parts: given in the demo only.
        studio_parts: where processes are changed; None: not in this installation.
        strict_texts: raise when a page text has no French (tests).
    Raises: NotBuilt, when the browser's part is not built; SettingsInvalid, when the secret is not set.
    """
    app = Flask("web", static_folder="static", template_folder="templates")
    app.config.update(SECRET_KEY=settings.secret(), MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES, MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
                      MAX_FORM_PARTS=MOST_FORM_PARTS, SESSION_COOKIE_NAME="jalon_notes", SESSION_COOKIE_SAMESITE="Lax",
                      SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.finalize = _in_the_readers_language
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.sort_keys = False  # type: ignore[attr-defined]
    assets = Assets()
    assets.check()
    catalogue.install(app, strict=strict_texts)
    words = wording.install(app, clock, ZoneInfo(settings.zone))
    app.extensions["jalon"] = Host(engine, queries, store, settings, clock, words, groups or {}, demo_parts, studio_parts)
    markup.install(app, assets)
    forms.install(app)
    errors.install(app)
    limits.install(app, proxies=settings.proxies)
    auth.install(app)
    preferences.install(app)
    notes.install(app)
    security.install(app, secure=settings.base_url.startswith("https://"))
    auth.install_guard(app)
    for room in (tasks, search, audit, cases, dates, steering, documents, deadlines, calendars, operations, apply, portal, verify, demo,
                 *((studio,) if studio_parts else ())):
        room.install(app)
    app.add_url_rule("/", "home", home)
    app.add_url_rule("/health", "health", health)
    app.jinja_env.filters["group_name"] = _group_name
    app.context_processor(_shared)
    return app


@public
def home() -> Response:
    """Where a person starts: staff at their tasks, or at those of their groups when they hold none; applicants at their case."""
    if g.person is None:
        return redirect(url_for("auth.log_in"), 303)  # type: ignore[return-value]
    person = signed_in()
    if not person.is_staff:
        return redirect(url_for("portal.index"), 303)  # type: ignore[return-value]
    counts = host().queries.counts(person)
    view = "groups" if counts.groups.value and not counts.mine.value else None
    return redirect(url_for("tasks.index", view=view), 303)  # type: ignore[return-value]


@public
def health() -> tuple[dict[str, str], int]:
    """Tell a watcher whether the pages can reach the database."""
    with host().store.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    return {"status": "ok", "now": host().clock.now().isoformat()}, 200


def _shared() -> dict[str, Any]:
    """What every template may use."""
    person = g.get("person")
    return {
        "locale": locale(), "theme": preferences.theme(), "themes": preferences.themes, "languages": preferences.languages,
        "here": preferences.here(),
        "person": person, "brand": "Jalon", "body_name": host().settings.body.name,
        "body_email": host().settings.body.email, "body_phone": host().settings.body.phone, "demo": host().demo, "now": host().clock.now(),
        "today": host().wording.today(), "section": g.get("section", ""), "navigation": _navigation,
        "my_groups": lambda: demo.role(person) if person else "",
    }


def _navigation() -> list[tuple[str, str]]:
    places = [("tasks.index", say("Tasks")), ("cases.index", say("Cases")), ("deadlines.index", say("Deadlines"))]
    if host().studio and signed_in().is_in(PROCESS_OWNER):
        places.append(("studio.index", say("Processes")))
    if signed_in().is_in(*OPERATORS):
        places.append(("operations.index", say("Operations")))
    return places


def _in_the_readers_language(value: Any) -> Any:
    """A Text that a template shows is told in the language of the request."""
    return value(locale()) if isinstance(value, Text) else value


def _group_name(group_id: str) -> str:
    group = host().groups.get(group_id)
    return group.name(locale()) if group else group_id
