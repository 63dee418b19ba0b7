"""The calendar file that calendars subscribe to: one's deadlines as whole days, in one's language.

Owns: `/calendar/<secret>.ics` and what an event of it says.
Leaves: whose it is and what they may see to `engine`.
Promises: an event keeps its identity over every change of its day and counts the changes; nobody's address gives nothing, and does not say
whether it ever was somebody's; no cache on the way keeps it.
Rule: RFC 5545 (iCalendar), RFC 7986 (refresh and name).
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, g
from icalendar import Calendar, Event

from engine.queries.shapes import AgendaLine, DeadlineView
from web.access import public
from web.catalogue import locale, say
from web.host import host

bp = Blueprint("calendars", __name__, url_prefix="/calendar")
ASK_AGAIN = timedelta(hours=4)


@bp.get("/<secret>.ics")
@public
def feed(secret: str) -> Response:
    """The calendar of whoever holds this address. Raises: NoSuchFeed."""
    person, scope = host().engine.read_feed(secret)
    g.locale = person.locale
    lines = host().queries.own_agenda(person, mine=scope == "mine")
    answer = Response(_calendar(lines).to_ical(), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'inline; filename="jalon.ics"'
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _calendar(lines: tuple[AgendaLine, ...]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Jalon//Deadlines//" + locale().upper())
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = say("Deadlines, %(body)s", body=host().settings.body.name)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", host().settings.zone)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    for line in lines:
        calendar.add_component(_event(line))
    return calendar


def _event(line: AgendaLine) -> Event:
    """One deadline: the whole of its last day."""
    deadline = line.deadline
    told = deadline.explanation.tell(locale())
    paused = deadline.standing == "paused"
    event = Event()
    event.add("uid", f"{deadline.id}@{urlsplit(host().settings.base_url).hostname}")
    event.add("dtstamp", host().clock.now())
    event.add("sequence", changes(deadline))
    event.add("dtstart", deadline.due_on)
    event.add("dtend", deadline.due_on + timedelta(days=1))
    title = deadline.title(locale()) + (f", {deadline.subject}" if deadline.subject else "")
    event.add("summary", f"{say('Paused')}{say(': ')}{title}" if paused else title)
    event.add("location", ", ".join(part for part in (deadline.case.title, deadline.case.number) if part))
    event.add("description", "\n\n".join(part for part in (told.sentence, told.consequence, *told.remarks) if part))
    event.add("url", f"{host().settings.base_url}/cases/{deadline.case.number or deadline.case.id}#deadline-{deadline.id}")
    event.add("categories", [say("by law") if deadline.basis == "law" else say("our own")])
    event.add("status", "TENTATIVE" if paused else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def changes(deadline: DeadlineView) -> int:
    """How often the day of a deadline was changed: grants, pauses, and their ends."""
    granted = sum(1 for one in deadline.extensions if one.get("granted_by"))
    return granted + sum(2 if one.get("to") else 1 for one in deadline.pauses)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
