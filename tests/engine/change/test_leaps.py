"""Leaps in time: what is due on the way happens in its order and at its moment; nobody leaps back, nor over somebody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.change.leaps import Leaps, NotForward, NothingAhead, SomebodyLeaps, TimeMoved
from engine.clock import PushedClock, VirtualClock
from engine.store.database import Store
from tests.engine.diagrams import bpmn
from tests.engine.service.stage import Stage

WAITING = bpmn("""<startEvent id="Start"/><endEvent id="End"/>
<intermediateCatchEvent id="Wait"><timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition></intermediateCatchEvent>
<intermediateCatchEvent id="Again"><timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition></intermediateCatchEvent>
Start -> Wait
Wait -> Again
Again -> End""")


@pytest.fixture
def stage() -> Stage:
    stage = Stage(Store.memory())
    stage.deploy(WAITING)
    return stage


def test_what_is_due_on_the_way_happens_at_its_own_moment(stage: Stage) -> None:
    case_id, begun = stage.start(), stage.clock.now()
    leap = Leaps(stage.engine, stage.clock).by(timedelta(days=7), 0)
    assert (leap.since, leap.until) == (begun, begun + timedelta(days=7))
    assert [event.at - begun for event in stage.history(case_id, "timer_fired")] == [timedelta(days=2), timedelta(days=5)]


def test_the_next_leap_stops_at_the_next_timer(stage: Stage) -> None:
    stage.start()
    begun, leaps = stage.clock.now(), Leaps(stage.engine, stage.clock)
    assert leaps.to_next(0).until == begun + timedelta(days=2)
    assert leaps.to_next(1).until == begun + timedelta(days=5)
    with pytest.raises(NothingAhead):
        leaps.to_next(2)


def test_nobody_leaps_from_a_day_they_have_not_seen_nor_over_another(stage: Stage) -> None:
    leaps = Leaps(stage.engine, stage.clock)
    leaps.by(timedelta(days=1), 0)
    with pytest.raises(TimeMoved):
        leaps.by(timedelta(days=1), 0)
    with leaps.alone(), pytest.raises(SomebodyLeaps):
        leaps.by(timedelta(days=1), 1)
    assert leaps.by(timedelta(days=1), 1).until == stage.clock.now()


@pytest.mark.parametrize("length", [timedelta(), timedelta(days=-1), timedelta(days=32)])
def test_the_time_never_goes_back_and_by_a_month_at_most(stage: Stage, length: timedelta) -> None:
    with pytest.raises(NotForward):
        Leaps(stage.engine, stage.clock).by(length, 0)


def test_a_pushed_clock_runs_on_keeps_its_lead_and_never_goes_back() -> None:
    kept: list[timedelta] = []
    base = VirtualClock(datetime(2027, 1, 1, tzinfo=UTC))
    clock = PushedClock(base=base, keep=kept.append)
    clock.set(datetime(2027, 1, 3, tzinfo=UTC))
    base.advance(timedelta(hours=1))
    assert clock.now() == datetime(2027, 1, 3, 1, tzinfo=UTC) and kept == [timedelta(days=2)]
    clock.set(datetime(2027, 1, 2, tzinfo=UTC))
    assert clock.now() == datetime(2027, 1, 3, 1, tzinfo=UTC)
    assert PushedClock(kept[-1], base).now() == clock.now(), "a lead that was kept is taken up again"
    clock.restart()
    assert clock.now() == base.now() and kept[-1] == timedelta()
