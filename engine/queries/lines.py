"""Tasks as lines of a list.

Owns: reading the tasks of some ids, each with its case, milestone, deadline, groups and people, in the order of the ids.
Leaves: which tasks to `inbox`, `cases`, `search` and `tasks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from engine.people.person import Person
from engine.queries.basis import Basis, case_ref
from engine.queries.shapes import Standing, TaskLine
from engine.states import DeadlineState, TaskState
from engine.store.tables import candidate, deadline, instance, user_task
from engine.texts import Text
from engine.work.explanations import Explanation

_COLUMNS = (user_task, instance.c.business_key, instance.c.title, instance.c.milestone, instance.c.process_id.label("case_process_id"),
            instance.c.definition_id.label("case_definition_id"), deadline.c.explanation, deadline.c.warns_at,
            deadline.c.state.label("deadline_state"))


def lines(basis: Basis, ids: Sequence[str], person: Person) -> tuple[TaskLine, ...]:
    """Tasks as lines, in the order of their ids; three statements however many."""
    if not ids:
        return ()
    rows = {row.id: row for row in basis.connection.execute(
        select(*_COLUMNS).join(instance, instance.c.id == user_task.c.instance_id)
        .outerjoin(deadline, deadline.c.id == user_task.c.deadline_id).where(user_task.c.id.in_(ids)))}
    groups = dict[str, list[str]]()
    for found in basis.connection.execute(select(candidate.c.task_id, candidate.c.group_id).where(candidate.c.task_id.in_(ids))):
        groups.setdefault(found.task_id, []).append(found.group_id)
    basis.learn_names(row.assignee_id for row in rows.values())
    return tuple(_line(basis, rows[one], tuple(sorted(groups.get(one, ()))), person) for one in ids if one in rows)


def _line(basis: Basis, row: Row[Any], groups: tuple[str, ...], person: Person) -> TaskLine:
    explanation = Explanation.of(row.explanation) if row.explanation else None
    return TaskLine(
        id=row.id, case=case_ref(row), element=row.element_id, process=row.process_id,
        name=basis.library.element_name(row.definition_id, row.process_id, row.element_id), subject=Text(row.subject, row.subject_en),
        state=row.state, standing=_standing(basis, row), due_at=row.due_at, due_on=basis.due_day(row.due_at), deadline_id=row.deadline_id,
        follow_up_at=row.follow_up_at, priority=row.priority, assignee_id=row.assignee_id, assignee_name=basis.name(row.assignee_id),
        mine=row.assignee_id == person.id, created_at=row.created_at, claimed_at=row.claimed_at, closed_at=row.closed_at, groups=groups,
        milestone=_milestone(basis, row), reason=Text(explanation.reason("fr"), explanation.reason("en")) if explanation else None)


def _milestone(basis: Basis, row: Row[Any]) -> Text | None:
    process = basis.library.process(row.case_definition_id, row.case_process_id) if row.milestone else None
    return next((one.name for one in process.milestones if one.id == row.milestone), None) if process is not None else None


def _standing(basis: Basis, row: Row[Any]) -> Standing:
    if row.state != TaskState.OPEN:
        return "none"
    return "paused" if row.deadline_state == DeadlineState.PAUSED else basis.standing(row.due_at, row.warns_at)
