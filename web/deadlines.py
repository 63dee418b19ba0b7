"""The agenda: every open deadline by when it ends, and the load of the next twelve weeks.

Owns: `/deadlines`; the chart's shapes.
Leaves: what is due to `engine.queries`.
"""

from __future__ import annotations

from flask import Blueprint, Flask, g, render_template, request

from engine.queries.shapes import Week
from web.access import for_staff
from web.case_pages import AgendaGroup, AgendaPage, Bar, Chart
from web.catalogue import say
from web.host import host, signed_in

bp = Blueprint("deadlines", __name__, url_prefix="/deadlines")
WIDTH, FLOOR, ROOM, STEP, BAR = 432.0, 112.0, 92.0, 36.0, 21.6


@bp.get("")
@for_staff
def index() -> str:
    """The agenda."""
    g.section = "deadlines"
    basis = request.args.get("basis", "")
    found = host().queries.agenda(signed_in(), basis=basis if basis in ("law", "body") else "")
    groups = (
        AgendaGroup("late", say("Late"), found.late), AgendaGroup("week", say("This week"), found.this_week),
        AgendaGroup("month", say("This month"), found.this_month), AgendaGroup("paused", say("Paused"), found.paused),
        AgendaGroup("later", say("Later"), found.later, found.later_count),
    )
    legal = sum(1 for one in found.late if one.basis == "law")
    page = AgendaPage(tuple(group for group in groups if group.lines), legal, len(found.late) - legal, len(found.this_week),
                      len(found.this_month), chart(found.weeks), found.weeks, basis)
    return render_template("deadlines/index.html", page=page)


def chart(weeks: tuple[Week, ...]) -> Chart:
    """The bars of the weeks: legal at the foot, the body's own above, the tallest as high as there is room."""
    tallest = max((week.law + week.body for week in weeks), default=0) or 1
    unit = ROOM / tallest
    bars = tuple(Bar(number=week.number, left=round(at * STEP + (STEP - BAR) / 2, 1), law=week.law, body=week.body,
                     law_top=round(FLOOR - week.law * unit, 1), law_height=round(week.law * unit, 1),
                     body_top=round(FLOOR - (week.law + week.body) * unit, 1), body_height=round(max(week.body * unit - 1.5, 0), 1))
                 for at, week in enumerate(weeks))
    return Chart(bars, WIDTH, BAR)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
