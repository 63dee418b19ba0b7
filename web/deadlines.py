"""The agenda: every open deadline by when it ends, whose it is and what comes next, and the load of the next twelve weeks.

Owns: `/deadlines`; the chart's shapes; making and ending one's calendar feed.
Leaves: what is due to `engine.queries`, the calendar file to `web.calendars`.
"""

from __future__ import annotations

from flask import Blueprint, Flask, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.queries.shapes import Agenda, Week
from web.access import for_staff
from web.case_pages import AgendaGroup, AgendaPage, Bar, Chart, Option
from web.catalogue import locale, say
from web.host import host, signed_in
from web.notes import note

bp = Blueprint("deadlines", __name__, url_prefix="/deadlines")
WIDTH, FLOOR, ROOM, STEP, BAR = 432.0, 112.0, 92.0, 36.0, 21.6
FILTERS = ("basis", "rule", "process", "whose")


@bp.get("")
@for_staff
def index() -> str:
    """The agenda, filtered as the address says."""
    g.section = "deadlines"
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    person, after = signed_in(), request.args.get("after")
    found = host().queries.agenda(person, basis=asked["basis"] if asked["basis"] in ("law", "body") else "", rule=asked["rule"],
                                  process=asked["process"], mine=asked["whose"] == "mine", after=after)
    legal = sum(1 for one in found.late if one.deadline.basis == "law")
    page = AgendaPage(_groups(found, further=bool(after)), legal, len(found.late) - legal, len(found.this_week), len(found.this_month),
                      chart(found.weeks), found.weeks, asked, *_choices(), found.after, host().queries.calendar_feed(person))
    return render_template("deadlines/index.html", page=page)


@bp.post("/feed")
@for_staff
def open_feed() -> str:
    """Make one's calendar feed; its address is shown this once."""
    g.section = "deadlines"
    secret = host().engine.open_feed(request.form.get("scope", ""), by=signed_in())
    address = host().settings.base_url + url_for("calendars.feed", secret=secret)
    return render_template("deadlines/feed.html", address=address)


@bp.post("/feed/end")
@for_staff
def close_feed() -> Answer:
    """End one's calendar feed."""
    host().engine.close_feed(by=signed_in())
    note(say("The calendar’s address is no longer valid."))
    return redirect(url_for("deadlines.index") + "#feed", 303)


def chart(weeks: tuple[Week, ...]) -> Chart:
    """The bars of the weeks: legal at the foot, the body's own above, the tallest as high as there is room."""
    tallest = max((week.law + week.body for week in weeks), default=0) or 1
    unit = ROOM / tallest
    bars = tuple(Bar(number=week.number, left=round(at * STEP + (STEP - BAR) / 2, 1), law=week.law, body=week.body,
                     law_top=round(FLOOR - week.law * unit, 1), law_height=round(week.law * unit, 1),
                     body_top=round(FLOOR - (week.law + week.body) * unit, 1), body_height=round(max(week.body * unit - 1.5, 0), 1))
                 for at, week in enumerate(weeks))
    return Chart(bars, WIDTH, BAR)


def _groups(found: Agenda, *, further: bool) -> tuple[AgendaGroup, ...]:
    """The parts of the agenda that hold something; on a further page only what is later."""
    later = AgendaGroup("later", say("Later"), found.later, found.later_count)
    groups = (later,) if further else (
        AgendaGroup("late", say("Late"), found.late), AgendaGroup("week", say("This week"), found.this_week),
        AgendaGroup("month", say("This month"), found.this_month), AgendaGroup("paused", say("Paused"), found.paused), later)
    return tuple(group for group in groups if group.lines)


def _choices() -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """The rules and the processes a deadline may be of."""
    published = host().engine.library.published().values()
    rules = {key: rule.title(locale()) for package in published for key, rule in package.rules.items()}
    return (tuple(Option(key, title) for key, title in sorted(rules.items(), key=lambda pair: pair[1].casefold())),
            tuple(Option(package.key, package.name(locale())) for package in published if package.rules))


def install(app: Flask) -> None:
    app.register_blueprint(bp)
