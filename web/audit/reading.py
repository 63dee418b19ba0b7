"""Reading the audit of a task by the decision tables of its own case.

Owns: the way from a task to its grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.definitions.bundle import NoSuchTable
from engine.queries.shapes import TaskPage
from web.audit.grid import Decide, Grid, read
from web.host import host


def decide_for(task: TaskPage) -> Decide:
    """What evaluates a decision table of the case of a task. A table that the process has not says nothing."""
    def decide(decision: str, inputs: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
        try:
            return host().queries.decide(task.line.id, decision, inputs)
        except NoSuchTable:
            return [None] * len(inputs)
    return decide


def grid_of(task: TaskPage) -> Grid:
    """The grid of a task."""
    return read(task, decide_for(task))
