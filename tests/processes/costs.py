"""What completing a task costs in a story that is played.

Owns: counting the statements and commits of every task that a rehearsal completes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from engine.change.rehearsal import Rehearsal
from engine.people.person import Person
from engine.store.counting import Count, counted
from engine.store.tables import user_task

MOST_STATEMENTS = 12    #: to complete a task, with one commit (docs/architecture.md, 6)


@dataclass
class Costs:
    """The dearest completion of each activity, by element id."""

    dearest: dict[str, Count] = field(default_factory=dict)

    def watch(self, rehearsal: Rehearsal) -> Rehearsal:
        """Count whatever this rehearsal completes from now on; what is refused does not count."""
        complete = rehearsal.engine.complete_task

        def counting(task_id: str, form: Mapping[str, Any], by: Person) -> None:
            with rehearsal.store.read() as connection:
                element = connection.execute(select(user_task.c.element_id).where(user_task.c.id == task_id)).scalar_one()
            with counted(rehearsal.store) as count:
                complete(task_id, form, by)
            self.dearest[element] = max(self.dearest.get(element, Count()), count, key=lambda one: (one.commits, one.statements))

        rehearsal.engine.complete_task = counting  # type: ignore[method-assign]
        return rehearsal

    def above(self, statements: int) -> dict[str, list[str]]:
        """The activities that cost more than so many statements, or not one commit, with what was asked."""
        return {element: count.texts for element, count in self.dearest.items() if count.statements > statements or count.commits != 1}
