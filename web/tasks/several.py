"""Several tasks at once.

Owns: reading which tasks and what to do with them, and saying what was done and what was not.
Leaves: doing it to the engine, a command a task.
Promises: what can be done is done; each task that was left says its rule, its fact and who can.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Invalid, JalonError, NotAllowed
from engine.service.several import NotDone, Several
from web.access import for_staff
from web.catalogue import locale, ngettext, say
from web.host import host, signed_in
from web.notes import Undo, note
from web.pages import Refused
from web.tasks.actions import morning_of
from web.tasks.asked import LIST, to, wanted
from web.tasks.blueprint import bp
from web.tasks.lists import inbox_page
from web.tasks.shapes import NotDoneLine, Said

MOST_UNDONE = 60    #: ids that the cookie of a note has room for


class NoneChosen(Invalid):
    """Choose at least one task first."""

    fr = "Choisissez d’abord au moins une tâche."


class WhatWith(Invalid):
    """Say what to do with these tasks: take them, give them back, hand them over or put them aside."""

    fr = "Dites que faire de ces tâches : les prendre, les rendre, les transmettre ou les mettre de côté."


@bp.post("/several")
@for_staff
def several() -> Answer:
    """Do one thing with the tasks that are ticked. Raises: NoneChosen; WhatWith; NoDay."""
    ids, action = request.form.getlist("task"), request.form.get("action", "")
    if not ids:
        raise NoneChosen()
    found = _do(action, ids)
    if found.done:
        note(_sentence(action, len(found.done)), undo=_undo(action, found.done))
    if not found.not_done:
        return redirect(to("tasks.index", wanted().where), 303)
    return _told(found)


def _do(action: str, ids: list[str]) -> Several:
    engine, person = host().engine, signed_in()
    ways: dict[str, Callable[[], Several]] = {
        "claim": lambda: engine.claim_tasks(ids, by=person),
        "release": lambda: engine.release_tasks(ids, by=person),
        "hand_over": lambda: engine.hand_over_tasks(ids, request.form.get("to", ""), by=person),
        "take_back": lambda: engine.take_back_tasks(ids, by=person),
        "follow_up": lambda: engine.follow_up_tasks(ids, morning_of(request.form.get("on", "")), by=person),
    }
    if action not in ways:
        raise WhatWith(action=action)
    return ways[action]()


def _sentence(action: str, count: int) -> str:
    told = {
        "claim": ngettext("One task taken.", "%(num)d tasks taken.", count),
        "release": ngettext("One task given back.", "%(num)d tasks given back.", count),
        "hand_over": ngettext("One task handed over.", "%(num)d tasks handed over.", count),
        "take_back": ngettext("One task is yours again.", "%(num)d tasks are yours again.", count),
        "follow_up": ngettext("One task put aside.", "%(num)d tasks put aside.", count) if request.form.get("on") else ngettext(
            "One task taken up again.", "%(num)d tasks taken up again.", count)}
    return told[action] % {"num": count}


def _undo(action: str, done: tuple[str, ...]) -> Undo | None:
    """What undoes it; not what brought tasks back, for each had its own day, nor what was done with more than a note can carry."""
    if len(done) > MOST_UNDONE or action == "take_back" or (action == "follow_up" and not request.form.get("on")):
        return None
    back = {"claim": "release", "release": "claim", "hand_over": "take_back", "follow_up": "follow_up"}[action]
    return Undo(url_for("tasks.several"), ((LIST, wanted().field), ("action", back), *(("task", one) for one in done)))


def _told(found: Several) -> Response:
    g.shown_at = to("tasks.index", wanted().where)
    count = len(found.not_done)
    sentence = ngettext("One task was left as it was.", "%(num)d tasks were left as they were.", count) % {"num": count}
    said = Said(sentence, tuple(_line(one) for one in found.not_done))
    return make_response(render_template("tasks/index.html", page=inbox_page(said=said)), 409 if not found.done else 200)


def _line(one: NotDone) -> NotDoneLine:
    error = one.error
    refused = Refused(error.rule, error.fact(locale()), error.who_can) if isinstance(error, NotAllowed) and error.fact else None
    try:
        line = host().queries.task(one.task_id, signed_in()).line
    except JalonError:
        return NotDoneLine("", say("A task"), "", error.sentence(locale()), refused)
    name = line.name(locale()) + (f", {line.subject(locale())}" if line.subject else "")
    return NotDoneLine(line.id, name, line.case.title or line.case.number, error.sentence(locale()), refused)
