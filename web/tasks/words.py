"""The words of the inbox.

Owns: names and icons of views, orders and filters; what has changed of a task, in sentences.
Leaves: names of processes, steps and milestones to the diagrams.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.queries.asked import Order, View
from engine.queries.shapes import TaskPulse
from engine.states import TaskState
from web.catalogue import say
from web.host import host, signed_in

ICONS: Mapping[View, str] = {"mine": "tray", "groups": "group", "overdue": "late", "later": "clock", "done": "done"}


def views() -> dict[View, str]:
    """The views, in the order of the rail."""
    return {"mine": say("My tasks"), "groups": say("My groups"), "overdue": say("Overdue"), "later": say("Follow later"),
            "done": say("Done by me")}


def orders() -> dict[Order, str]:
    """The orders of a list."""
    return {"due": say("Due date first"), "newest": say("Newest first"), "priority": say("Most important first"),
            "organisation": say("By organisation")}


def changes(pulse: TaskPulse) -> dict[str, tuple[str, str]]:
    """What others may change of a task: the mark of each part, and the sentence to say when it is no longer the same."""
    return {"holder": (f"{pulse.state} {pulse.assignee_id or ''}", holder(pulse)),
            "due": (pulse.due_at.isoformat() if pulse.due_at else "", say("The due date of this task has changed.")),
            "comments": (str(pulse.comments), say("There is a new comment."))}


def holder(pulse: TaskPulse) -> str:
    """Who has the task now, or who has done it, and since when."""
    moment = host().wording.moment
    if pulse.state == TaskState.COMPLETED and pulse.closed_at:
        return say("%(who)s completed this task (%(moment)s).", who=pulse.closed_by_name or say("The machine"),
                   moment=moment(pulse.closed_at).striptags())
    if pulse.state != TaskState.OPEN:
        return say("This task is no longer needed.")
    if pulse.assignee_id == signed_in().id:
        return say("This task is now yours.")
    if pulse.assignee_id and pulse.claimed_at:
        return say("%(who)s took this task (%(moment)s).", who=pulse.assignee_name, moment=moment(pulse.claimed_at).striptags())
    return say("This task is free again.")
