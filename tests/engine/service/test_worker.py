"""Threads and the alarm clock; and what is left when the machine stops at any moment."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from engine.clock import SystemClock
from engine.handler import Complete, Registry
from engine.service import Engine, Ports
from engine.settings import Settings
from engine.store.counting import counted
from engine.store.database import Store
from engine.store.tables import counter, instance, job
from engine.worker import Worker
from tests.engine.diagrams import bpmn
from tests.engine.service.killed import COUNTED, make_engine
from tests.engine.service.stage import NO_TITLE, Stage

HOME = Path(__file__).resolve().parents[3]
TIMED = bpmn("""
<startEvent id="Start"/>
<intermediateCatchEvent id="Wait"><timerEventDefinition><timeDuration>PT0.2S</timeDuration></timerEventDefinition></intermediateCatchEvent>
<serviceTask id="Ask" jalon:handler="outside.ask"/>
<endEvent id="End"/>
Start -> Wait -> Ask -> End""")


def timed_stage(store: Store, **options: Any) -> tuple[Stage, threading.Event]:
    """A stage whose case waits a moment, then asks the outside; the event is set once it has ended."""
    registry, ended = Registry(), threading.Event()
    registry.external("outside.ask", title=NO_TITLE)(lambda task: Complete())
    stage = Stage(store, registry, Ports())
    stage.deploy(TIMED)
    stage.engine.listen(lambda committed: ended.set() if committed.instance_id and stage.row(committed.instance_id).ended_at else None)
    return stage, ended


def test_a_worker_fires_timers_and_runs_jobs_by_the_clock(sqlite_store: Store) -> None:
    stage, ended = timed_stage(sqlite_store)
    object.__setattr__(stage.engine.around, "clock", SystemClock())
    stage.engine.clock = SystemClock()
    with Worker(stage.engine, threads=1):
        instance_id = stage.start()
        assert ended.wait(10), "the alarm did not ring"
    assert stage.row(instance_id).state == "completed"


def test_what_came_due_while_nothing_ran_is_done_once_at_start(sqlite_store: Store) -> None:
    stage, ended = timed_stage(sqlite_store)
    instance_id = stage.start()
    stage.clock.advance(timedelta(days=3))
    with Worker(stage.engine, threads=1):
        assert ended.wait(10)
    assert [event.element_id for event in stage.history(instance_id, "timer_fired")] == ["Wait"]


def test_looking_in_vain_is_one_statement(store: Store) -> None:
    """Rule: docs/architecture.md, 6 (W3)."""
    stage, _ = timed_stage(store)
    stage.start()
    worker = Worker(stage.engine, threads=1)
    with counted(store) as count:
        assert worker._do_what_is_due() == 0
    assert (count.statements, count.commits) == (1, 0)


def test_an_idle_worker_asks_the_database_for_nothing(sqlite_store: Store) -> None:
    """Rule: docs/architecture.md, 6 (W3): waiting cases cost nothing."""
    stage, _ = timed_stage(sqlite_store)
    stage.start()
    looked = threading.Event()
    worker = Worker(stage.engine, threads=1, sweep_seconds=3600)
    set_alarm = worker._set_alarm
    worker._set_alarm = lambda moment: (set_alarm(moment), looked.set())[0]  # type: ignore[method-assign,func-returns-value]
    with worker:
        assert looked.wait(10)
        with counted(sqlite_store) as count:
            threading.Event().wait(0.3)
        assert count.commits == 0


def test_a_command_in_one_process_wakes_the_worker_of_another(postgres_store: Store) -> None:
    """On PostgreSQL pages and workers are processes of their own; nobody waits for the sweep."""
    registry, ended = Registry(), threading.Event()
    registry.external("outside.ask", title=NO_TITLE)(lambda task: ended.set() or Complete())    # type: ignore[func-returns-value]
    pages, workers = Stage(postgres_store, registry), Store(postgres_store.url.render_as_string(hide_password=False))
    pages.deploy(bpmn("""
<startEvent id="Start"/><serviceTask id="Ask" jalon:handler="outside.ask"/><endEvent id="End"/>
Start -> Ask -> End"""))
    engine = Engine(workers, registry, Ports(), pages.clock, Settings.model_construct())
    with Worker(engine, threads=1, sweep_seconds=3600) as worker:
        assert worker._bell.hears.wait(10)
        pages.start()
        assert ended.wait(10)
    workers.close()


def test_after_kill_9_nothing_is_half_done(store: Store, tmp_path: Path) -> None:
    """Rule: docs/architecture.md, 5. Killed in the middle of its work, then finished by another process."""
    with store.begin() as work:
        work.connection.execute(insert(counter).values(name="count", value=0))
    effects = tmp_path / "effects"
    with effects.open("a", encoding="utf-8") as written:
        engine = make_engine(store, written)
        engine.deploy("p", {"p.bpmn": COUNTED}, None)
        started = [one for lines in (9,) for one in _work_until_killed(store, effects, lines)]
        late = datetime.now(UTC) + timedelta(minutes=10)        # the leases of the dead have run out
        object.__setattr__(engine.around, "clock", _At(late))
        engine.clock = engine.around.clock
        engine.settle()
    with store.read() as connection:
        states = {row.id: row.state for row in connection.execute(select(instance.c.id, instance.c.state))}
        done = connection.scalar(select(func.count()).select_from(job).where(job.c.state == "done"))
        times = connection.scalar(select(counter.c.value))
        keys = set(connection.scalars(select(job.c.id)))
    assert set(started) <= set(states), "what was told was committed"
    assert set(states.values()) == {"completed"} and done == len(states)
    assert times == 2 * len(states), "no effect on the database is lost or done twice"
    assert set(effects.read_text().split()) == keys, "every effect outside has its job, every job its effect"
    assert engine.check_integrity() == []


class _At:
    """A clock that stands."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def _work_until_killed(store: Store, effects: Path, lines: int) -> list[str]:
    """Run the working process, kill it after so many cases, tell those it said it had started."""
    url = store.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.service.killed", url, str(effects)], cwd=HOME, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    started = [process.stdout.readline().strip() for _ in range(lines)]
    process.send_signal(signal.SIGKILL)
    rest = [line.strip() for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    process.stdout.close()
    process.wait()
    if not all(started):
        pytest.fail("the working process ended by itself")
    return started + rest
