"""The shipped processes on PostgreSQL: stories hold there too, and completing a task costs no more than on SQLite.

Leaves: the cost on SQLite to `test_scenarios`, where every story is played.
Rule: docs/architecture.md, 6 (W1: at most 12 statements and one commit).
"""

from __future__ import annotations

from datetime import datetime

import pytest

from engine.change.performances import play, set_up
from engine.change.rehearsal import Rehearsal
from engine.change.scenarios import find
from engine.store.database import Store
from jalon import PROCESSES, make_rehearsal
from tests.processes.costs import MOST_STATEMENTS, Costs


@pytest.mark.parametrize("name", ["certification/major_lifted_in_time", "certification/four_minors_certified"])
def test_a_story_holds_on_postgresql_and_its_tasks_take_few_statements(
        name: str, postgres_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    costs = Costs()
    monkeypatch.setattr(Store, "memory", lambda: postgres_store)

    def begin(at: datetime) -> Rehearsal:
        rehearsal = make_rehearsal(at)
        set_up(rehearsal, PROCESSES)
        rehearsal.ready = True
        return costs.watch(rehearsal)

    [story] = (one for one in find(PROCESSES) if one.name == name)
    if problem := play(story, begin, PROCESSES).problem:
        raise problem
    assert costs.dearest and costs.above(MOST_STATEMENTS) == {}
