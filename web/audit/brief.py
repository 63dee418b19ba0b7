"""An audit in a few figures, for the task in the inbox: how far it is, and where to go on.

Owns: telling whether a task is done one indicator at a time.
Leaves: the audit itself to `grid`.
"""

from __future__ import annotations

from engine.queries.shapes import TaskPage
from web.audit.grid import Brief
from web.audit.reading import grid_of

ONE_BY_ONE = "one_by_one"


def is_one_by_one(task: TaskPage) -> bool:
    """Tell whether a task's form asks to be filled in one indicator at a time: a list of it has the property `display` so."""
    return task.form is not None and any(one.display == ONE_BY_ONE for one in task.form.components)


def brief(task: TaskPage) -> Brief | None:
    """The audit of a task in short; None for a task that is none, or is over."""
    if not is_one_by_one(task) or task.line.state != "open":
        return None
    grid = grid_of(task)
    return Brief(grid, grid.first_open())
