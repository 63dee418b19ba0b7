"""Cases that begin although nobody asks: at a time, or when a condition comes true.

Rule: issue 4, section 2; BPMN 2.0.2, 10.5.2; docs/diagrams.md, section 3.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from engine.definitions import deployment
from engine.problems import NotDeployable
from engine.service import Engine, Ports
from engine.settings import Settings
from engine.store.database import Store
from engine.store.tables import instance, start_watch
from engine.worker import Worker
from tests.engine.diagrams import bpmn
from tests.engine.service.stage import Stage

HOUR = timedelta(hours=1)


def begins(*definitions: str, key: str = "p", task: str = "Read") -> bytes:
    """A process that begins at one start event for each of these definitions, and waits for a person."""
    starts = "".join(f'<startEvent id="S{number}">{one}</startEvent>' for number, one in enumerate(definitions, 1))
    flows = "\n".join(f"S{number} -> {task}" for number in range(1, len(definitions) + 1))
    return bpmn(f'{starts}<userTask id="{task}" jalon:groups="sales"/><endEvent id="End"/>\n{flows}\n{task} -> End', process=key)


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def condition(text: str) -> str:
    return f"<conditionalEventDefinition><condition>{text}</condition></conditionalEventDefinition>"


def begun(stage: Stage) -> list[datetime]:
    """When the cases began."""
    with stage.store.read() as connection:
        return list(connection.scalars(select(instance.c.started_at).order_by(instance.c.started_at)))


def let_pass(stage: Stage, length: timedelta) -> None:
    """Let time pass; what is due on the way happens in order."""
    end = stage.clock.now() + length
    while (due := stage.engine.earliest()) is not None and due <= end:
        stage.clock.set(max(due, stage.clock.now()))
        assert stage.engine.settle(), "something is due and nothing is done"
    stage.clock.set(end)
    stage.engine.settle()


def test_a_duration_begins_one_case_so_long_after_the_publication(store: Store) -> None:
    stage = Stage(store)
    stage.deploy(begins(timer("timeDuration", "PT1H")))
    published = stage.clock.now()
    let_pass(stage, HOUR - timedelta(seconds=1))
    assert begun(stage) == []
    let_pass(stage, 5 * HOUR)
    assert begun(stage) == [published + HOUR] and stage.open_tasks() == ["Read"]
    [case] = [row.id for row in _instances(stage)]
    assert stage.history(case, "instance_started")[0].data["timer"] == (published + HOUR).isoformat()


def test_a_date_begins_one_case_once_that_day_is_over(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(begins(timer("timeDate", "2026-02-10")))
    let_pass(stage, timedelta(days=60))
    assert begun(stage) == [datetime(2026, 2, 10, 23, tzinfo=UTC)]    # midnight in Paris


def test_a_cycle_begins_as_many_cases_as_it_says(store: Store) -> None:
    stage = Stage(store)
    stage.deploy(begins(timer("timeCycle", "R3/P1M")))
    let_pass(stage, timedelta(days=200))
    assert [moment.date().isoformat() for moment in begun(stage)] == ["2026-02-28", "2026-03-31", "2026-04-30"]
    assert stage.engine.earliest() is None


def test_a_cycle_with_an_end_begins_no_case_after_it(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(begins(timer("timeCycle", "R/P1D/2026-02-03T12:00:00+01:00")))
    let_pass(stage, timedelta(days=30))
    assert [moment.day for moment in begun(stage)] == [1, 2, 3]


def test_what_was_missed_while_nothing_ran_begins_one_case(store: Store) -> None:
    stage = Stage(store)
    stage.deploy(begins(timer("timeCycle", "R10/PT1H")))
    stage.clock.advance(timedelta(hours=4, minutes=30))     # four moments go by
    stage.engine.settle()
    assert len(begun(stage)) == 1
    let_pass(stage, timedelta(days=1))
    assert len(begun(stage)) == 1 + 6


def test_asking_twice_begins_one_case(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(begins(timer("timeDuration", "PT1H")))
    stage.clock.advance(HOUR)
    with sqlite_store.read() as connection:
        watch = connection.scalar(select(start_watch.c.id))
    assert [stage.engine.fire_start(watch), stage.engine.fire_start(watch)] == [True, False]
    assert len(begun(stage)) == 1


def test_a_new_version_replaces_the_schedule_of_the_one_before(store: Store) -> None:
    stage = Stage(store)
    stage.deploy(begins(timer("timeCycle", "R/P1D")))
    stage.deploy(begins(timer("timeDuration", "PT12H"), task="Check"))
    let_pass(stage, timedelta(days=5))
    assert len(begun(stage)) == 1 and stage.open_tasks() == ["Check"]
    stage.deploy(begins(timer("timeDuration", "PT12H"), task="Check"))      # the same files: nothing is published
    let_pass(stage, timedelta(days=5))
    assert len(begun(stage)) == 1


def test_a_retired_version_begins_no_case(store: Store) -> None:
    stage = Stage(store)
    stage.deploy(begins(timer("timeCycle", "R/P1D")))
    with store.begin() as work:
        [only] = deployment.newest_ids(work.connection).values()
        deployment.retire(work.connection, only, stage.clock.now())
    let_pass(stage, timedelta(days=5))
    assert begun(stage) == [] and stage.engine.earliest() is None


def test_several_starts_of_a_process_begin_cases_each_at_its_time(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(begins(timer("timeDuration", "PT2H"), timer("timeCycle", "R2/PT3H") + condition("level > 3")))
    let_pass(stage, timedelta(days=1))
    assert [(moment - stage.clock.now() + timedelta(days=1)) / HOUR for moment in begun(stage)] == [2, 3, 6]
    assert len(stage.engine.tell_facts({"level": 4})) == 1


def test_a_start_by_expression_asks_for_the_time_and_nothing_else(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(begins(timer("timeDate", 'today() + duration("P2D")')))
    let_pass(stage, timedelta(days=9))
    assert begun(stage) == [datetime(2026, 2, 2, 23, tzinfo=UTC)]
    with pytest.raises(NotDeployable) as refused:
        stage.deploy(begins(timer("timeDate", '"so" + "on"')), "q")
    assert [(problem.element, problem.code) for problem in refused.value.problems if problem.level == "error"] == [
        ("S1", "timer.start_without_moment")]


def test_a_case_that_cannot_begin_leaves_its_reason_and_keeps_the_schedule(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(begins(timer("timeCycle", "R3/PT1H")))
    with monkeypatch.context() as broken:
        broken.setattr(stage.engine, "_start", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("no room")))
        let_pass(stage, HOUR)
    with sqlite_store.read() as connection:
        assert "no room" in connection.scalar(select(start_watch.c.error))["en"]
    let_pass(stage, 5 * HOUR)
    assert len(begun(stage)) == 2


def test_a_condition_begins_a_case_when_it_comes_true_and_again_once_it_was_false(store: Store) -> None:
    stage = Stage(store)
    stage.deploy(begins(condition("temperature > 300")))
    assert [len(stage.engine.tell_facts({"temperature": degrees})) for degrees in (20, 301, 400, 20, 500)] == [0, 1, 0, 0, 1]
    assert stage.engine.tell_facts({"pressure": 1}) == [], "facts that do not decide it change nothing"
    assert stage.engine.tell_facts({"temperature": 600}) == []
    assert stage.engine.library.newest("p").process.id == "p" and len(begun(stage)) == 2


def test_facts_become_the_variables_of_the_cases_they_begin(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(begins(condition("n > 1")))
    stage.deploy(begins(condition("n > 2"), key="q"), "q")
    cases = stage.engine.tell_facts({"n": 3})
    assert len(cases) == 2
    assert all(stage.history(case, "instance_started")[0].personal == {"values": {"n": 3}} for case in cases)


def test_a_worker_begins_what_is_due_without_being_asked(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(begins(timer("timeDuration", "PT1H")))
    stage.clock.advance(2 * HOUR)
    there = threading.Event()
    engine = Engine(sqlite_store, stage.engine.around.registry, Ports(), stage.clock, Settings.model_construct())
    engine.listen(lambda committed: there.set() if committed.instance_id else None)
    with Worker(engine, threads=1, sweep_seconds=3600):
        assert there.wait(10)
    assert len(begun(stage)) == 1


def _instances(stage: Stage) -> list[Row[Any]]:
    with stage.store.read() as connection:
        return list(connection.execute(select(instance)).all())
