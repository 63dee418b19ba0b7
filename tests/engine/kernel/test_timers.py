"""Timers: what they may say, when they fire, what comes after."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.engine.kernel.drawing import PARIS, Story, TestHost, process, program


def caught(text: str, tag: str = "timeDuration") -> Story:
    """A case that waits at one timer on its way."""
    return Story(timer_program(text, tag), {"day": date(2026, 3, 1), "n": 3})


def timer_program(text: str, tag: str = "timeDuration") -> Any:
    return program(process(f'<startEvent id="s"/><intermediateCatchEvent id="t"><timerEventDefinition><{tag}>{text}</{tag}>'
                           f'</timerEventDefinition>'
                           '</intermediateCatchEvent><userTask id="u"/>', "s > t; t > u"))


def reminded(text: str, host: TestHost | None = None, interrupting: bool = False, tag: str = "timeCycle") -> Story:
    """A case that waits at a task with one timer on it."""
    made = program(process('<startEvent id="s"/><userTask id="u"/>'
                           f'<boundaryEvent id="t" attachedToRef="u" cancelActivity="{str(interrupting).lower()}"><timerEventDefinition>'
                           f'<{tag}>{text}</{tag}>'
                           '</timerEventDefinition></boundaryEvent><userTask id="z"/><endEvent id="e"/>', "s > u; u > e; t > z; z > e"))
    return Story(made, {"day": date(2026, 1, 31)}, host=host)


def due(story: Story) -> datetime:
    found = story.wait("t").due_at
    assert found is not None
    return found.astimezone(PARIS)


@pytest.mark.parametrize(("text", "expected"), [
    ("P3M", datetime(2026, 4, 30, 9)),                      # 31 January has no 31 April; and summer time has begun
    ("P1Y1M", datetime(2027, 2, 28, 9)),
    ("P1M2DT1H", datetime(2026, 3, 2, 10)),
    ("PT90M", datetime(2026, 1, 31, 10, 30)),
    ("P2W", datetime(2026, 2, 14, 9)),
    ("=duration(\"P1M\")", datetime(2026, 2, 28, 9)),
    ("duration(\"P\" + string(n) + \"D\")", datetime(2026, 2, 3, 9)),
    ("2026-02-01T10:00:00+01:00", datetime(2026, 2, 1, 10)),
    ("2026-02-01T09:00:00Z", datetime(2026, 2, 1, 10)),
    ("now() + duration(\"PT5M\")", datetime(2026, 1, 31, 9, 5)),
    ("day", datetime(2026, 3, 2, 0)),                       # a day named as a limit is included
    ("2026-03-01", datetime(2026, 3, 2, 0)),
    ("[date(\"2025-01-01\"), day, date(\"2026-05-01\")]", datetime(2026, 3, 2, 0)),
    ("R3/PT1H", datetime(2026, 1, 31, 10)),
])
def test_a_timer_reads_literals_and_feel(text: str, expected: datetime) -> None:
    story = caught(text)
    assert due(story) == expected.replace(tzinfo=PARIS)
    story.fire("t")
    assert story.open() == ["u"]


@pytest.mark.parametrize(("text", "said"), [
    ("2026-02-01T10:00:00", "without a time zone"), ("nothing", "null"), ("n", "3"), ("[]", "no moment"), ("\"soon\"", "soon"),
    ("P1M + ", "column"),
    ("broken()", "the register is away"), ("P99999Y", "calendar"), ("R3/PT0S", "not a duration"),
])
def test_a_timer_that_gives_no_moment_fails_and_says_so(text: str, said: str) -> None:
    story = caught(text)
    assert story.open() == ["!t"]
    assert said in story.wait("t").reason.en


def test_a_moment_already_past_fires_at_once() -> None:
    assert caught("2026-01-31T08:59:59+01:00", "timeDate").open() == ["u"]
    assert caught("[date(\"2025-01-01\"), date(\"2025-01-02\")]").open() == ["u"]
    assert reminded("date(\"2025-01-01\")", interrupting=True, tag="timeDate").open() == ["z"]


def test_two_timers_behind_one_gateway_each_tell_their_own_moment() -> None:
    timer = ('<intermediateCatchEvent id="{0}"><timerEventDefinition><timeDuration>{1}</timeDuration></timerEventDefinition>'
             "</intermediateCatchEvent>")
    story = Story(program(process('<startEvent id="s"/><eventBasedGateway id="g"/>' + timer.format("a", "PT1H") + timer.format("b", "PT1M")
                                  + '<userTask id="x"/><userTask id="y"/>', "s > g; g > a; g > b; a > x; b > y")))
    moments = {wait.element: wait.due_at for wait in story.run.waits().values()}
    assert moments["a"] - moments["b"] == timedelta(minutes=59)  # type: ignore[operator]
    assert story.until(datetime(2026, 2, 1, tzinfo=PARIS)) == [(datetime(2026, 1, 31, 9, 1, tzinfo=PARIS), "b")]
    assert story.open() == ["y"]


def test_a_list_reminds_at_each_moment_not_yet_past_and_its_handlers_outlive_the_task() -> None:
    host = TestHost()
    host.lists["rule"] = [datetime(2026, month, 1, 8, tzinfo=PARIS) for month in (4, 1, 2, 3)]
    story = reminded('reminders("rule", day)', host)
    assert [(ref.rule, ref.anchor) for ref in story.wait("t").deadlines] == [("rule", date(2026, 1, 31))]
    fired = story.until(datetime(2026, 3, 15, tzinfo=PARIS))
    assert [moment.date() for moment, _ in fired] == [date(2026, 2, 1), date(2026, 3, 1)]
    assert story.open() == ["t", "u", "z", "z"]
    assert [(ref.rule, ref.anchor) for ref in story.wait("t").deadlines] == [("rule", date(2026, 1, 31))]
    story.until(datetime(2026, 6, 1, tzinfo=PARIS))
    assert story.open() == ["u", "z", "z", "z"]
    story.complete("u")
    assert story.open() == ["z", "z", "z"]
    story.complete("z")
    assert (story.open(), story.run.ended) == (["z", "z"], False)


@pytest.mark.parametrize("moments", [[], [datetime(2025, 1, 1, tzinfo=PARIS)]])
def test_a_reminder_without_a_moment_ahead_never_comes_and_fails_nothing(moments: list[datetime]) -> None:
    host = TestHost()
    host.lists["rule"] = moments
    story = reminded('reminders("rule", day)', host)
    assert story.open() == ["u"]
    story.complete("u")
    assert story.run.ended


def test_a_cycle_counts_its_months_from_the_anchor_so_nothing_drifts() -> None:
    story = reminded("R/P1M")
    fired = story.until(datetime(2026, 6, 15, tzinfo=PARIS))
    assert [(moment.month, moment.day, moment.hour) for moment, _ in fired] == [(2, 28, 9), (3, 31, 9), (4, 30, 9), (5, 31, 9)]


def test_a_cycle_ends_after_its_number_and_skips_what_passed_while_nobody_looked() -> None:
    story = reminded("R3/P1D")
    story.until(datetime(2026, 1, 31, 12, tzinfo=PARIS))
    story.host.clock.set(datetime(2026, 2, 2, 12, tzinfo=PARIS))   # down for two days: the first came due, and the second
    story.fire("t")
    assert due(story) == datetime(2026, 2, 3, 9, tzinfo=PARIS)
    story.fire("t")
    assert story.open() == ["u", "z", "z"]


def test_a_cycle_with_a_start_begins_there() -> None:
    assert due(reminded("R2/2026-02-10T08:00:00+01:00/P1W")) == datetime(2026, 2, 10, 8, tzinfo=PARIS)
    assert due(reminded("R/2026-01-01T08:00:00+01:00/P1D")) == datetime(2026, 2, 1, 8, tzinfo=PARIS)


def test_a_non_interrupting_duration_fires_once() -> None:
    story = reminded("P1D", tag="timeDuration")
    story.until(datetime(2026, 3, 1, tzinfo=PARIS))
    assert story.open() == ["u", "z"]


def test_a_deadline_that_was_extended_is_reckoned_anew_under_the_same_token() -> None:
    story = reminded('deadline("rule", day)', interrupting=True, tag="timeDate")
    wait = story.wait("t")
    assert [(ref.rule, ref.anchor, ref.scope) for ref in wait.deadlines] == [("rule", date(2026, 1, 31), "")]
    assert due(story) == datetime(2026, 2, 11, tzinfo=PARIS)
    story.run.scopes.write("", {"day": date(2026, 2, 10)})
    assert story.run.rearm(wait.token) == datetime(2026, 2, 21, tzinfo=PARIS)
    story.advance()
    assert (story.wait("t").token, due(story)) == (wait.token, datetime(2026, 2, 21, tzinfo=PARIS))
    story.fire("t")
    assert story.open() == ["z"]


def test_firing_does_not_look_at_the_clock() -> None:
    story = caught("P3M")
    story.fire("t")
    assert story.open() == ["u"]
