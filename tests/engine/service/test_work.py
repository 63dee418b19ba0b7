"""What happens by itself: timers, jobs, their failures, and incidents that people settle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from engine.errors import NotAllowed
from engine.handler import BpmnError, Complete, Later, Outcome, Registry, Retry, Task
from engine.service import Ports
from engine.store.database import Store
from engine.store.tables import counter, incident, instance
from engine.work.incidents import IncidentClosed
from tests.engine.diagrams import REVIEWED, bpmn
from tests.engine.service.stage import NO_TITLE, Stage


class Post:
    """An outside that answers as it is told: a list of outcomes, or of exceptions to raise."""

    def __init__(self, *answers: Outcome | Exception) -> None:
        self.answers, self.keys = list(answers), list[str]()

    def ask(self, key: str) -> Outcome:
        self.keys.append(key)
        answer = self.answers.pop(0) if self.answers else Complete(sent=True)
        if isinstance(answer, Exception):
            raise answer
        return answer


MAIL = bpmn("""
<startEvent id="Start"/>
<serviceTask id="Send" jalon:handler="client.notify"/>
<boundaryEvent id="Refused" attachedToRef="Send"><errorEventDefinition errorRef="E1"/></boundaryEvent>
<boundaryEvent id="Other" attachedToRef="Send"><errorEventDefinition errorRef="E2"/></boundaryEvent>
<userTask id="Call" jalon:groups="sales"/><endEvent id="End"/><endEvent id="Wrong"/>
Start -> Send -> End
Refused -> Call -> End
Other -> Wrong
""", before='<error id="E1" errorCode="REFUSED"/><error id="E2" errorCode="OTHER"/>')


def mail_stage(store: Store, post: Post, **options: Any) -> Stage:
    registry = Registry()

    @registry.external("client.notify", title=NO_TITLE, retry=Retry(times=3, first_wait_seconds=60, factor=4))
    def notify(task: Task, post: Post) -> Outcome:
        return post.ask(task.key)

    stage = Stage(store, registry, Ports(external={"post": post}), **options)
    stage.deploy(MAIL)
    return stage


def after(stage: Stage, **length: float) -> int:
    """Move the clock and do what is due."""
    stage.clock.advance(timedelta(**length))
    return stage.engine.settle()


def test_a_timer_fires_once_at_its_moment_and_not_before(store: Store) -> None:
    registry = Registry()
    registry.local("note.write", title=NO_TITLE)(lambda task: Complete())
    stage = Stage(store, registry)
    stage.deploy(REVIEWED)
    instance_id = stage.start()
    stage.complete("Write")
    due = stage.engine.earliest()
    assert due == datetime(2026, 4, 30, 7, tzinfo=UTC), "31 January 9:00 and three months is 30 April 9:00 in Paris"
    stage.clock.set(due - timedelta(seconds=1))
    assert stage.engine.settle() == 0 and stage.open_tasks() == ["Review"]
    stage.clock.set(due)
    assert stage.engine.settle() == 1
    assert (stage.row(instance_id).state, stage.row(instance_id).outcome, stage.open_tasks()) == ("completed", "Lapsed", [])


def test_firing_a_timer_twice_changes_nothing(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(
        bpmn("""
<startEvent id="Start"/><intermediateCatchEvent id="Wait">
  <timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>
<userTask id="Then" jalon:groups="sales"/><endEvent id="End"/>
Start -> Wait -> Then -> End""")
    )
    instance_id = stage.start()
    from engine.store.tables import timer

    with sqlite_store.read() as connection:
        timer_id = connection.scalar(select(timer.c.id)) or ""
    assert not stage.engine.fire_timer(timer_id), "not due"
    stage.clock.advance(timedelta(hours=2))
    assert stage.engine.fire_timer(timer_id)
    before = stage.row(instance_id)
    assert not stage.engine.fire_timer(timer_id)
    assert stage.row(instance_id) == before and stage.open_tasks() == ["Then"]


def test_a_cycle_fires_each_time_and_keeps_one_row(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(
        bpmn("""
<startEvent id="Start"/><userTask id="Work" jalon:groups="sales"/><endEvent id="End"/>
<boundaryEvent id="Remind" attachedToRef="Work" cancelActivity="false">
  <timerEventDefinition><timeCycle>R2/P1D</timeCycle></timerEventDefinition></boundaryEvent>
<userTask id="Reminded" jalon:groups="sales"/><endEvent id="End2"/>
Start -> Work -> End
Remind -> Reminded -> End2""")
    )
    instance_id = stage.start()
    after(stage, days=1)
    assert stage.open_tasks() == ["Reminded", "Work"] and stage.open_timers() == ["Remind"]
    after(stage, days=1)
    assert stage.open_tasks() == ["Reminded", "Reminded", "Work"] and stage.open_timers() == []
    after(stage, days=9)
    assert [event.element_id for event in stage.history(instance_id, "timer_fired")] == ["Remind", "Remind"]


def test_a_job_that_fails_is_tried_again_with_growing_waits_then_becomes_an_incident(store: Store) -> None:
    post = Post(OSError("down"), OSError("down"), OSError("still down"))
    stage = mail_stage(store, post)
    instance_id = stage.start()
    assert post.keys == [], "nothing leaves before the commit"
    stage.engine.settle()
    assert stage.jobs() == [("client.notify", "ready", 1)]
    assert after(stage, seconds=59) == 0 and after(stage, seconds=1) == 1
    assert after(stage, seconds=239) == 0 and after(stage, seconds=1) == 1
    assert stage.jobs() == [("client.notify", "failed", 3)] and stage.incidents() == ["Send"]
    assert len(set(post.keys)) == 1, "the same key at every try"
    with stage.store.read() as connection:
        row = connection.execute(select(incident)).one()
    assert row.kind == "job" and "still down" in row.message["en"]
    with pytest.raises(NotAllowed):
        stage.engine.retry_incident(row.id, stage.people["claire"])
    stage.engine.retry_incident(row.id, stage.people["maud"])
    assert stage.engine.settle() == 1
    assert stage.row(instance_id).outcome == "End" and stage.incidents() == [] and len(set(post.keys)) == 1


def test_an_incident_is_resolved_by_hand_with_a_reason(sqlite_store: Store) -> None:
    stage = mail_stage(sqlite_store, Post(*[OSError("down")] * 3))
    instance_id = stage.start()
    for _ in range(3):
        after(stage, hours=6)
    with stage.store.read() as connection:
        incident_id = connection.scalar(select(incident.c.id)) or ""
    stage.engine.resolve_incident(incident_id, {"sent": True}, "Envoyée par la poste.", stage.people["quentin"])
    assert stage.row(instance_id).state == "completed"
    assert stage.history(instance_id, "incident_resolved")[0].data["reason"] == "Envoyée par la poste."
    with pytest.raises(IncidentClosed):
        stage.engine.retry_incident(incident_id, stage.people["maud"])


def test_later_waits_without_using_up_a_try(sqlite_store: Store) -> None:
    stage = mail_stage(sqlite_store, Post(Later(seconds=10), Later(seconds=10), Complete()))
    instance_id = stage.start()
    stage.engine.settle()
    assert stage.jobs() == [("client.notify", "ready", 0)]
    after(stage, seconds=10)
    after(stage, seconds=10)
    assert stage.jobs() == [("client.notify", "done", 1)] and stage.row(instance_id).state == "completed"


def test_an_error_the_diagram_foresees_goes_to_its_boundary_event_only(sqlite_store: Store) -> None:
    stage = mail_stage(sqlite_store, Post(BpmnError("REFUSED")))
    stage.start()
    stage.engine.settle()
    assert stage.open_tasks() == ["Call"] and stage.incidents() == []


def test_an_error_nobody_foresees_is_an_incident(sqlite_store: Store) -> None:
    stage = mail_stage(sqlite_store, Post(BpmnError("SOMETHING_ELSE")))
    stage.start()
    stage.engine.settle()
    assert stage.incidents() == ["Send"]


def test_a_worker_that_died_loses_its_lease_and_its_late_outcome_changes_nothing(store: Store) -> None:
    stage = mail_stage(store, Post())
    instance_id = stage.start()
    jobs = stage.engine.around.jobs
    with stage.store.begin() as work:
        dead = jobs.claim(work.connection, "dead", stage.clock.now())
        assert jobs.claim(work.connection, "other", stage.clock.now()) == [], "one holder at a time"
    stage.clock.advance(timedelta(seconds=301))
    assert stage.engine.settle() == 1
    assert stage.row(instance_id).state == "completed"
    before = stage.row(instance_id)
    stage.engine.run_job(dead[0])
    assert stage.row(instance_id) == before


def test_a_result_that_is_no_value_counts_as_a_failure(sqlite_store: Store) -> None:
    stage = mail_stage(sqlite_store, Post(Complete(sent=object()), Complete(sent=True)))
    instance_id = stage.start()
    stage.engine.settle()
    assert stage.jobs() == [("client.notify", "ready", 1)]
    after(stage, minutes=1)
    assert stage.row(instance_id).state == "completed"


def test_a_local_handler_that_fails_after_a_timer_is_an_incident_and_leaves_no_trace_in_the_tables(store: Store) -> None:
    """Rule: docs/architecture.md, 7: a timer never fires in vain for ever."""
    registry = Registry()
    broken = [True]

    @registry.local("case.close", title=NO_TITLE)
    def close(task: Task, work: Any) -> Complete:
        work.connection.execute(insert(counter).values(name="closed", value=1))
        if broken[0]:
            raise ValueError("no register")
        return Complete()

    stage = Stage(store, registry, Ports(local={"work": lambda work: work}))
    stage.deploy(bpmn("""
<startEvent id="Start"/><userTask id="Work" jalon:groups="sales"/><endEvent id="End"/>
<boundaryEvent id="Lapse" attachedToRef="Work">
  <timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>
<serviceTask id="Close" jalon:handler="case.close"/><endEvent id="Closed"/>
Start -> Work -> End
Lapse -> Close -> Closed"""))
    instance_id = stage.start()
    after(stage, days=1)
    assert (stage.incidents(), stage.open_tasks(), stage.open_timers()) == (["Close"], [], [])
    with stage.store.read() as connection:
        assert connection.execute(select(counter)).first() is None
        incident_id = connection.scalar(select(incident.c.id)) or ""
    broken[0] = False
    stage.engine.retry_incident(incident_id, stage.people["maud"])
    assert stage.row(instance_id).outcome == "Closed"
    with stage.store.read() as connection:
        assert connection.scalar(select(counter.c.value)) == 1


def test_what_cannot_even_fail_is_set_aside_with_an_incident_and_keeps_nobody_waiting(sqlite_store: Store) -> None:
    """A state that cannot be read must not make its timer and job repeat for ever. The rows are broken on purpose."""
    stage = mail_stage(sqlite_store, Post())
    stage.deploy(bpmn("""
<startEvent id="Start"/>
<intermediateCatchEvent id="Wait"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>
<endEvent id="End"/>
Start -> Wait -> End""", process="timed"), "timed")
    broken, whole = [stage.start(), stage.start(process="timed")], stage.start(process="timed")
    stage.engine.around.hot.__init__()      # type: ignore[misc]
    with sqlite_store.begin() as work:
        blobs = dict.fromkeys(broken, b"") | {row.id: row.blob for row in work.connection.execute(select(instance)) if row.id in broken}
        work.connection.execute(update(instance).where(instance.c.id.in_(broken)).values(blob=b"not a state"))
    after(stage, hours=1)
    assert stage.incidents() == ["Send", "Wait"] and stage.row(whole).state == "completed"
    assert after(stage, days=9) == 0
    with sqlite_store.begin() as work:      # mended, say by the next release
        for instance_id, blob in blobs.items():
            work.connection.execute(update(instance).where(instance.c.id == instance_id).values(blob=blob))
        ids = list(work.connection.scalars(select(incident.c.id)))
    for incident_id in ids:
        stage.engine.retry_incident(incident_id, stage.people["maud"])
    stage.engine.settle()
    assert {stage.row(one).state for one in broken} == {"completed"} and stage.incidents() == []


def test_a_case_that_nothing_moves_gets_an_incident_that_names_where_it_stood(sqlite_store: Store) -> None:
    """Rule: docs/architecture.md, 5. The rows are broken on purpose: the engine itself never leaves a case so."""
    from engine.store.tables import candidate, user_task

    stage = Stage(sqlite_store)
    stage.deploy(bpmn('<startEvent id="Start"/><userTask id="Work" jalon:groups="sales"/><endEvent id="End"/>\nStart -> Work -> End'))
    instance_id = stage.start()
    assert stage.engine.check_integrity() == []
    with sqlite_store.begin() as work:
        work.connection.execute(delete(candidate))
        work.connection.execute(update(user_task).values(state="cancelled"))
    assert stage.engine.check_integrity() == [instance_id]
    assert stage.engine.check_integrity() == [], "one incident a stall"
    assert stage.incidents() == ["Work"]
    with sqlite_store.read() as connection:
        incident_id = connection.scalar(select(incident.c.id)) or ""
    stage.engine.retry_incident(incident_id, stage.people["maud"])
    assert (stage.incidents(), stage.open_tasks()) == ([], ["Work"])
    stage.complete("Work")
    assert stage.row(instance_id).state == "completed"


def test_a_suspended_case_does_not_move_until_it_is_resumed(sqlite_store: Store) -> None:
    stage = mail_stage(sqlite_store, Post())
    instance_id = stage.start()
    stage.engine.suspend_instance(instance_id, "Litige.", stage.people["maud"])
    assert stage.engine.settle() == 0 and stage.engine.earliest() is None
    stage.engine.resume_instance(instance_id, "Réglé.", stage.people["maud"])
    assert stage.engine.settle() == 1
    assert stage.row(instance_id).state == "completed"


def test_a_cancelled_case_has_nothing_open(sqlite_store: Store) -> None:
    stage = mail_stage(sqlite_store, Post())
    instance_id = stage.start()
    stage.engine.cancel_instance(instance_id, "Retirée.", stage.people["maud"])
    assert stage.jobs() == [("client.notify", "cancelled", 0)] and stage.engine.settle() == 0
    with sqlite_store.read() as connection:
        row = connection.execute(select(instance.c.state, instance.c.cancel_reason)).one()
    assert tuple(row) == ("cancelled", "Retirée.") and stage.row(instance_id).ended_at is not None
