"""The page of one task.

Owns: what a person sees of a task: its form with the values it starts from, what they may do and why not, its deadline.
Leaves: completing it to `engine.service`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, bindparam, select

from engine import values
from engine.bpmn.model import Element
from engine.definitions import Bundle
from engine.errors import NotFound
from engine.execution.deadlines import DeadlineBook
from engine.execution.host import CaseHost
from engine.kernel.run import Run
from engine.people.access import TaskFacts
from engine.people.person import Person
from engine.queries.ahead import ahead
from engine.queries.answered import answered
from engine.queries.basis import Basis, case_ref
from engine.queries.beside import comments_of, documents_of, milestones_of
from engine.queries.lines import lines
from engine.queries.pulse import task_pulse
from engine.queries.shapes import Ahead, DeadlineView, TaskForm, TaskLine, TaskPage
from engine.states import TaskState
from engine.store.tables import candidate, deadline, instance, user_task
from engine.work.ledger import Entry


class NoSuchTask(NotFound):
    """There is no such task."""

    fr = "Cette tâche n’existe pas."


def page(basis: Basis, task_id: str, person: Person) -> TaskPage:
    """Read the page of a task. Raises: NoSuchTask, for a stranger too; NotAllowed (`group`), when it is the body's."""
    row = basis.connection.execute(select(user_task, *_CASE).join(instance, instance.c.id == user_task.c.instance_id).where(
        user_task.c.id == task_id)).first()
    if row is None:
        raise NoSuchTask(task_id=task_id)
    bundle = basis.library.bundle(row.case_definition_id, row.bindings)
    element = bundle.program.element(row.process_id, row.element_id)
    facts = _facts(basis, row, element)
    access = basis.access
    access.check_may_see_task(facts, person, NoSuchTask)
    is_open = row.state == TaskState.OPEN
    refusal = access.why_not(facts, person) if is_open else None
    holds = is_open and row.assignee_id == person.id
    seen = _values(basis, row, bundle) if is_open else {}
    comments = comments_of(basis, row.instance_id, person)
    return TaskPage(
        line=lines(basis, [task_id], person)[0], form=bundle.form(row.process_id, row.form_key) if row.form_key else None,
        values=seen, draft=row.draft, draft_at=row.draft_at, draft_by=basis.name(row.draft_by), closed_by=basis.name(row.closed_by),
        pulse=task_pulse(basis, row, len(comments)), refusal=refusal,
        may_claim=is_open and refusal is None and row.assignee_id is None, may_release=holds and bool(facts.groups),
        may_complete=is_open and refusal is None, deadline=_deadline(basis, row), documentation=element.documentation,
        candidates=access.who_can(facts) if is_open else (), comments=comments,
        documents=documents_of(basis, row.instance_id, person), milestones=milestones_of(bundle, row, late=False),
        answered=answered(bundle, row.process_id, seen) if person.is_staff else (), earlier=_earlier(element, seen),
        ahead=_ahead(bundle, row, element) if person.is_staff and is_open else ())


def _ahead(bundle: Bundle, row: Row[Any], element: Element) -> tuple[Ahead, ...]:
    process = bundle.package_of(row.process_id).model.processes.get(row.process_id)
    return ahead(process, element) if process is not None else ()


def line(basis: Basis, task_id: str, person: Person) -> TaskLine:
    """One task as a line. Raises: NoSuchTask."""
    found = lines(basis, [task_id], person)
    if not found:
        raise NoSuchTask(task_id=task_id)
    return found[0]


def form(basis: Basis, task_id: str) -> TaskForm:
    """Read what a post about a task takes, in one statement. Nothing of it is shown to anybody: the command that follows checks who it is.

    Raises: NoSuchTask.
    """
    row = basis.connection.execute(_FORM, {"task": task_id}).first()
    if row is None:
        raise NoSuchTask(task_id=task_id)
    bundle = basis.library.bundle(row.case_definition_id, row.bindings)
    return TaskForm(basis.library.element_name(row.definition_id, row.process_id, row.element_id),
                    bundle.form(row.process_id, row.form_key) if row.form_key else None)


def decide(basis: Basis, task_id: str, decision: str, inputs: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
    """Evaluate a decision of the version a task's case runs on, once for each set of inputs.

    Returns: what the decision gives for each, in order; None where no rule applies.
    Raises: NoSuchTask; NoSuchTable.
    """
    row = basis.connection.execute(_FORM, {"task": task_id}).first()
    if row is None:
        raise NoSuchTask(task_id=task_id)
    bundle = basis.library.bundle(row.case_definition_id, row.bindings)
    return tuple(bundle.decide(row.process_id, decision, one).value for one in inputs)


_FORM = select(user_task.c.definition_id, user_task.c.process_id, user_task.c.element_id, user_task.c.form_key,
               instance.c.definition_id.label("case_definition_id"), instance.c.bindings).join(
    instance, instance.c.id == user_task.c.instance_id).where(user_task.c.id == bindparam("task"))
_CASE = (instance.c.definition_id.label("case_definition_id"), instance.c.bindings, instance.c.business_key, instance.c.title,
         instance.c.blob, instance.c.variables, instance.c.milestone, instance.c.milestones, instance.c.state.label("case_state"))


def _facts(basis: Basis, row: Row[Any], element: Element) -> TaskFacts:
    groups = basis.connection.execute(select(candidate.c.group_id).where(candidate.c.task_id == row.id)).scalars()
    return TaskFacts(row.id, row.instance_id, row.definition_id, row.process_id, row.element_id, row.state, row.assignee_id,
                     tuple(sorted(groups)), element.ext.not_who_did)


def _values(basis: Basis, row: Row[Any], bundle: Bundle) -> Mapping[str, Any]:
    """The variables seen from the task with its inputs over them, by reading the run and moving nothing."""
    host = CaseHost(basis.calendar)
    host.enter(basis.now, DeadlineBook(basis.connection, basis.calendar, bundle, row.instance_id, basis.now))
    return Run.load(bundle.program, row.blob, values.decode(row.variables), host).inputs(row.id)


def _earlier(element: Element, seen: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found = seen.get(element.ext.result) if element.ext.result else None
    return found if isinstance(found, Mapping) else None


def _deadline(basis: Basis, row: Row[Any]) -> DeadlineView | None:
    found = basis.connection.execute(select(deadline).where(deadline.c.id == row.deadline_id)).first() if row.deadline_id else None
    return basis.deadline(Entry.of(found), case_ref(row)) if found is not None else None
