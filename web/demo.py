"""What only the demo has: becoming anybody by one click, pushing the clock, the mailbox, the way back to the start.

Owns: the demo's bar and pages; nothing of them is reachable when the app is not a demo.
Leaves: the people to `handlers.demo_house`, moving the time to `engine.change.leaps`; both are put in by `jalon.py`.
Promises: the time moves on only, by steps a visitor has seen the day of; what happened on the way is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Flask, Response, g, redirect, render_template, request, url_for

from engine.change.leaps import Leap, Leaps, NotForward
from engine.errors import NotFound
from engine.people.accounts import Accounts
from engine.people.person import Person
from engine.queries.shapes import Happened
from web.access import public
from web.auth import with_session
from web.case_pages import HappenedPage, Tally
from web.catalogue import locale, ngettext, say
from web.host import host, signed_in
from web.notes import note
from web.pages import PickPerson

bp = Blueprint("demo", __name__, url_prefix="/demo")
#: In the demo the clock leaps by months; a session outlives that.
SESSION_LASTS = timedelta(days=20 * 365)
LENGTHS = {"day": timedelta(days=1), "week": timedelta(days=7)}


@dataclass(frozen=True)
class Demo:
    """The demo.

    Attributes:
        everybody: gives the people a visitor may become, staff first. leaps: moves the time; None: it cannot be moved here.
        restart: sets everything back to the first day; None: there is no copy of it.
    """

    everybody: Callable[[], tuple[Person, ...]]
    leaps: Leaps | None = None
    restart: Callable[[], None] | None = None

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
    return with_session(redirect(url_for("home"), 303), _session(chosen))


@bp.post("/time")
def push() -> Response:
    """Let time pass: to the next thing that is due, or by a day or a week. Raises: what `Leaps` raises; NotFound."""
    leaps = _demo().leaps
    if leaps is None:
        raise NotFound(page="demo")
    turn, by = request.form.get("turn", ""), request.form.get("by", "")
    seen = int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 10 else -1
    if by != "next" and by not in LENGTHS:
        raise NotForward()
    leap = leaps.to_next(seen) if by == "next" else leaps.by(LENGTHS[by], seen)
    return with_session(redirect(_happened(leap), 303), _session(signed_in().id))   # an ordinary session does not outlive the leap


@bp.get("/happened")
def happened() -> str:
    """What happened in a stretch of time, in its order. Raises: NotFound, for one that nobody wrote."""
    _demo()
    g.section = "demo"
    since, until = _moment("since"), _moment("until")
    found = host().queries.happened(signed_in(), since, until)
    return render_template("demo/happened.html", page=HappenedPage(found, tallies(found)))


@bp.post("/restart")
def restart() -> Response:
    """Set the demo back to its first day; the visitor stays who they are."""
    demo = _demo()
    if demo.restart is None or demo.leaps is None:
        raise NotFound(page="demo")
    person = signed_in()
    with demo.leaps.alone():
        demo.restart()
        demo.leaps.turn += 1
    known = {one.id for one in demo.everybody()}
    note(say("The demo is back at its first day."))
    answer = redirect(url_for("home"), 303)
    return with_session(answer, _session(person.id)) if person.id in known else answer  # type: ignore[return-value]


@bp.get("/mailbox")
def mailbox() -> str:
    """The letters that would have been mailed."""
    _demo()
    g.section = "demo"
    return render_template("demo/mailbox.html", letters=host().queries.letters(signed_in()))


def tallies(found: Happened) -> tuple[Tally, ...]:
    """What happened, counted: letters, reminders and alerts, tasks, time limits missed, cases begun and ended, incidents."""
    kinds = Counter(line.kind for line in found.lines)
    letters, fired = len(found.letters), kinds["timer_fired"]
    told = [
        (letters, "mail", ngettext("one letter sent", "%(num)d letters sent", letters)),
        (fired, "clock", ngettext("one reminder or alert", "%(num)d reminders or alerts", fired)),
        (kinds["deadline_missed"], "late", ngettext("one deadline missed", "%(num)d deadlines missed", kinds["deadline_missed"])),
        (kinds["task_opened"], "active", ngettext("one task opened", "%(num)d tasks opened", kinds["task_opened"])),
        (kinds["instance_started"], "plus", ngettext("one case begun", "%(num)d cases begun", kinds["instance_started"])),
        (kinds["instance_ended"], "done", ngettext("one case ended", "%(num)d cases ended", kinds["instance_ended"])),
        (kinds["incident_opened"], "alert", ngettext("one incident", "%(num)d incidents", kinds["incident_opened"])),
    ]
    return tuple(Tally(icon, text % {"num": count}) for count, icon, text in told if count)


def _happened(leap: Leap) -> str:
    return url_for("demo.happened", since=leap.since.isoformat(), until=leap.until.isoformat())


def _moment(name: str) -> datetime:
    """A moment from the address. Raises: NotFound."""
    try:
        found = datetime.fromisoformat(request.args.get(name, ""))
        if found.tzinfo is None or not 2000 <= found.year < 3000:
            raise ValueError(found)
    except ValueError:
        raise NotFound(moment=request.args.get(name, "")) from None
    return found


def _session(person_id: str) -> str:
    with host().store.begin() as work:
        return Accounts(work.connection).open_session(person_id, now=host().clock.now(), lasts=SESSION_LASTS)


def _demo() -> Demo:
    """The demo. Raises: NotFound, when this is none."""
    found = host().demo
    if found is None:
        raise NotFound(page="demo")
    return found


def anchor(key: str) -> str:
    """The key of a letter as the last part of an address."""
    return "".join(one if one.isalnum() else "-" for one in key)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters["anchor"] = anchor
