"""Deadlines of a case: opened by what waits for them, closed with it, moved by two people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.errors import NotAllowed
from engine.store.database import Store
from engine.store.tables import deadline, timer, user_task
from tests.engine.diagrams import bpmn
from tests.engine.service.stage import Stage

RULES = """
rules:
  answer.due:
    title: {fr: Réponse, en: Answer}
    anchor: {fr: demande, en: request}
    versions:
      - {length: P3M, basis: law, source: {fr: art. 5, en: art. 5}, extension: {max: P30D}, pause: true, reminders: [{after: P1M}, {before:
      P15D}]}
""".encode()

ANSWERED = bpmn(
    """
<startEvent id="Start"/>
<userTask id="Answer" name="Répondre" jalon:groups="sales"
  jalon:due="deadline(&quot;answer.due&quot;, asked_on)" jalon:subject="&quot;NC 3&quot;"/>
<boundaryEvent id="Remind" attachedToRef="Answer" cancelActivity="false">
  <timerEventDefinition><timeCycle>reminders("answer.due", asked_on)</timeCycle></timerEventDefinition></boundaryEvent>
<boundaryEvent id="Lapse" attachedToRef="Answer">
  <timerEventDefinition><timeDate>deadline("answer.due", asked_on)</timeDate></timerEventDefinition></boundaryEvent>
<boundaryEvent id="Stop" attachedToRef="Answer"><messageEventDefinition messageRef="M"/></boundaryEvent>
<endEvent id="Done"/><endEvent id="Reminded"/><endEvent id="Lapsed"/><endEvent id="Stopped"/>
Start -> Answer -> Done
Remind -> Reminded
Lapse -> Lapsed
Stop -> Stopped""",
    before='<message id="M" name="stop"/>',
)
ASKED = {"asked_on": date(2026, 1, 31)}


@pytest.fixture
def stage(store: Store) -> Stage:
    stage = Stage(store)
    stage.deploy(ANSWERED, deadlines__yaml=RULES)
    return stage


def timers(stage: Stage) -> dict[str, tuple[str, datetime]]:
    with stage.store.read() as connection:
        return {row.element_id: (row.state, row.due_at) for row in connection.execute(select(timer))}


def deadline_id(stage: Stage) -> str:
    with stage.store.read() as connection:
        return str(connection.scalars(select(deadline.c.id)).one())


def test_a_deadline_opens_once_for_the_task_and_the_timers_that_name_it(stage: Stage) -> None:
    stage.start(ASKED)
    assert stage.deadlines() == [("answer.due", "2026-04-30", "open")], "31 January and three months, clipped to the month"
    over = datetime(2026, 4, 30, 22, tzinfo=UTC)                # the end of that day in Paris, in summer
    assert timers(stage)["Lapse"] == ("open", over)
    assert timers(stage)["Remind"][1] == datetime(2026, 2, 28, 7, tzinfo=UTC)
    with stage.store.read() as connection:
        task = connection.execute(select(user_task)).one()
        row = connection.execute(select(deadline)).one()
    assert (task.due_at, task.deadline_id, row.subject) == (over, row.id, "NC 3")


def test_a_deadline_is_met_when_its_task_is_completed_even_late_reminders_do_not_close_it(stage: Stage) -> None:
    stage.start(ASKED)
    stage.clock.set(datetime(2026, 3, 10, 12, tzinfo=UTC))
    stage.engine.settle()
    assert stage.deadlines()[0][2] == "open"
    stage.complete("Answer")
    assert stage.deadlines()[0][2] == "met"


def test_a_deadline_is_missed_when_its_timer_fires(stage: Stage) -> None:
    instance_id = stage.start(ASKED)
    stage.clock.set(datetime(2026, 4, 30, 21, 59, tzinfo=UTC))
    stage.engine.settle()
    assert stage.row(instance_id).state == "active", "the last day is included"
    stage.clock.set(datetime(2026, 4, 30, 22, tzinfo=UTC))
    stage.engine.settle()
    assert (stage.row(instance_id).outcome, stage.deadlines()[0][2]) == ("Lapsed", "missed")
    assert [event.data["rule"] for event in stage.history(instance_id, "deadline_missed")] == ["answer.due"]


def test_a_deadline_is_dropped_when_its_branch_is_left_for_another_reason(stage: Stage) -> None:
    instance_id = stage.start(ASKED)
    stage.engine.send_message("stop")
    assert (stage.row(instance_id).outcome, stage.deadlines()[0][2]) == ("Stopped", "dropped")


def test_an_extension_is_granted_by_another_person_and_everything_follows(stage: Stage) -> None:
    instance_id = stage.start(ASKED)
    stage.engine.ask_extension(deadline_id(stage), 10, "Congés.", stage.people["maud"])
    assert stage.deadlines()[0][1] == "2026-04-30"
    with pytest.raises(NotAllowed) as refusal:
        stage.engine.grant_extension(deadline_id(stage), stage.people["maud"])
    assert refusal.value.rule == "four_eyes"
    stage.engine.grant_extension(deadline_id(stage), stage.people["quentin"])
    over = datetime(2026, 5, 10, 22, tzinfo=UTC)
    assert stage.deadlines()[0][1] == "2026-05-10"
    assert timers(stage)["Lapse"] == ("open", over)
    with stage.store.read() as connection:
        assert connection.scalar(select(user_task.c.due_at)) == over
    stage.clock.set(datetime(2026, 5, 10, 12, tzinfo=UTC))
    stage.engine.settle()
    assert stage.row(instance_id).state == "active"
    stage.clock.set(over)
    stage.engine.settle()
    assert stage.row(instance_id).outcome == "Lapsed"


def test_a_paused_deadline_stands_still_and_its_days_are_kept(stage: Stage) -> None:
    instance_id = stage.start(ASKED)
    stage.clock.set(datetime(2026, 2, 10, 12, tzinfo=UTC))
    stage.engine.pause_deadline(deadline_id(stage), "Recours.", stage.people["maud"])
    assert {state for state, _ in timers(stage).values()} == {"paused"}
    stage.clock.advance(timedelta(days=100))
    assert stage.engine.settle() == 0 and stage.row(instance_id).state == "active"
    stage.engine.resume_deadline(deadline_id(stage), stage.people["maud"])
    assert stage.deadlines()[0][1:] == ("2026-08-08", "open")
    assert timers(stage)["Lapse"] == ("open", datetime(2026, 8, 8, 22, tzinfo=UTC))
    stage.clock.set(datetime(2026, 8, 8, 22, tzinfo=UTC))
    stage.engine.settle()
    assert stage.deadlines()[0][2] == "missed"
