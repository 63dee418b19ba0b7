"""A user task about to open: who, with what, by when.

Owns: `details`, which evaluates what the diagram says of a user task in the scope of its token.
Leaves: the row to `engine.work.tasks`; who may then do it to `engine.people`.
Promises: an assignee nobody answers to, or a day that is none, is an error that names it; never a task that nobody sees.
Rule: docs/diagrams.md, 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import Connection, or_, select

from engine.bpmn.model import Element, Process
from engine.errors import Invalid
from engine.kernel.waits import DeadlineRef, Wait
from engine.store.tables import person
from engine.texts import Text

if TYPE_CHECKING:
    from engine.execution.step import Step

USUAL_PRIORITY = 50


class NobodyThere(Invalid):
    """The task “{task}” is for “{who}”, but nobody has that account."""

    fr = "La tâche « {task} » est pour « {who} », mais personne n’a ce compte."


class NoGroup(Invalid):
    """The task “{task}” has neither a group nor an assignee: nobody could do it."""

    fr = "La tâche « {task} » n’a ni groupe ni responsable : personne ne pourrait la faire."


class NoMoment(Invalid):
    """“{expression}” of the task “{task}” gives {value}, which is neither a day nor a moment."""

    fr = "« {expression} » de la tâche « {task} » donne {value}, qui n’est ni un jour ni un moment."


class NoPriority(Invalid):
    """“{expression}” of the task “{task}” gives {value}, which is no number from 0 to 100."""

    fr = "« {expression} » de la tâche « {task} » donne {value}, qui n’est pas un nombre de 0 à 100."


@dataclass(frozen=True, slots=True)
class Details:
    """What a user task opens with. `refs` are the deadlines its due day named."""

    form_key: str | None
    groups: tuple[str, ...]
    assignee_id: str | None
    due_at: datetime | None
    refs: tuple[DeadlineRef, ...]
    follow_up_at: datetime | None
    priority: int
    subject: Text


def details(step: Step, wait: Wait) -> Details:
    """Evaluate what the diagram says of a user task. Raises: Invalid, naming what is wrong."""
    program = step.case.bundle.program
    element = program.element(wait.process, wait.element)
    ext = element.ext
    groups = groups_of(program.process(wait.process), element)
    assignee_id = _assignee(step, wait, element)
    if not groups and assignee_id is None:
        raise NoGroup(task=element.name)
    due_at, refs = _moment(step, wait, element, ext.due)
    follow_up_at, _ = _moment(step, wait, element, ext.follow_up)
    return Details(
        ext.form or None, groups, assignee_id, due_at, refs, follow_up_at, _priority(step, wait, element), subject(step, wait, element)
    )


def groups_of(process: Process, element: Element) -> tuple[str, ...]:
    """The candidate groups of a user task: its own, else that of its lane or of the lane of a sub-process around it."""
    if element.ext.groups:
        return element.ext.groups
    lanes = {lane.id: lane.group for lane in process.lanes}
    around: Element | None = element
    while around is not None:
        group = lanes.get(around.lane, "")
        if group:
            return (group,)
        around = process.elements.get(around.parent)
    return ()


def subject(step: Step, wait: Wait, element: Element) -> Text:
    """Tell which one of several it is; nothing when the diagram does not say. French where nobody wrote it in English."""
    return Text(_told(step, wait, element.ext.subject), _told(step, wait, element.ext.subject_en))


def _told(step: Step, wait: Wait, expression: str) -> str:
    if not expression:
        return ""
    value, _ = step.run.evaluate(wait.token, expression)
    return "" if value is None else str(value)[:300]


def _assignee(step: Step, wait: Wait, element: Element) -> str | None:
    if not element.ext.assignee:
        return None
    value, _ = step.run.evaluate(wait.token, element.ext.assignee)
    if value is None or value == "":
        return None
    found = _find_person(step.work.connection, str(value))
    if found is None:
        raise NobodyThere(task=element.name, who=value)
    return found


def _find_person(connection: Connection, who: str) -> str | None:
    return connection.scalar(select(person.c.id).where(or_(person.c.id == who, person.c.login == who.strip().casefold()), person.c.active))


def _moment(step: Step, wait: Wait, element: Element, expression: str) -> tuple[datetime | None, tuple[DeadlineRef, ...]]:
    """A day is over at its end in the body's zone; a moment is itself."""
    if not expression:
        return None, ()
    value, refs = step.run.evaluate(wait.token, expression)
    if value is None:
        return None, ()
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise NoMoment(task=element.name, expression=expression, value=Text("un moment sans fuseau", "a moment without zone"))
        return value, tuple(refs)
    if isinstance(value, date):
        return step.case.host.moment(value), tuple(refs)
    raise NoMoment(task=element.name, expression=expression, value=repr(value))


def _priority(step: Step, wait: Wait, element: Element) -> int:
    if not element.ext.priority:
        return USUAL_PRIORITY
    value, _ = step.run.evaluate(wait.token, element.ext.priority)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not 0 <= value <= 100:
        raise NoPriority(task=element.name, expression=element.ext.priority, value=value)
    return int(value)
