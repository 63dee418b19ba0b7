"""Messages reach exactly one receiver, signals all who wait."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from engine.store.database import Store
from engine.store.tables import incident, instance, message_buffer, subscription
from engine.work.messages import correlation_hash
from tests.engine.diagrams import bpmn
from tests.engine.service.stage import Stage

WAITING = bpmn("""
<startEvent id="Start"/>
<intermediateCatchEvent id="Answer"><messageEventDefinition messageRef="M"/></intermediateCatchEvent>
<endEvent id="End"/>
Start -> Answer -> End""", before='<message id="M" name="answer" jalon:correlation="number"/>')

SENDER = bpmn("""
<startEvent id="Start"/>
<intermediateThrowEvent id="Tell"><messageEventDefinition messageRef="M"/></intermediateThrowEvent>
<endEvent id="End"/>
Start -> Tell -> End""", process="sender", before='<message id="M" name="answer" jalon:correlation="number"/>')

STARTED = bpmn("""
<startEvent id="Start" jalon:result="application"><messageEventDefinition messageRef="M"/></startEvent>
<userTask id="Read" jalon:groups="sales"/><endEvent id="End"/>
Start -> Read -> End""", process="started", before='<message id="M" name="application.received"/>')


def states(stage: Stage) -> dict[str, str]:
    with stage.store.read() as connection:
        return {row.id: row.state for row in connection.execute(select(instance.c.id, instance.c.state))}


def test_a_message_reaches_the_one_that_waits_with_its_number(store: Store) -> None:
    stage = Stage(store)
    stage.deploy(WAITING)
    first, second = stage.start({"number": "1"}), stage.start({"number": "2"})
    delivery = stage.engine.send_message("answer", "2", {"said": "yes"})
    assert delivery.instance_id == second and not delivery.started
    assert states(stage) == {first: "active", second: "completed"}


def test_of_several_that_wait_alike_only_the_oldest_receives(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(WAITING)
    ids = []
    for _ in range(3):
        ids.append(stage.start({"number": "1"}))
        stage.clock.advance(timedelta(seconds=1))
    assert stage.engine.send_message("answer", "1").instance_id == ids[0]
    assert list(states(stage).values()).count("completed") == 1


def test_a_message_that_comes_too_early_is_kept_and_taken_once(store: Store) -> None:
    stage = Stage(store)
    stage.deploy(WAITING)
    assert stage.engine.send_message("answer", "7", {"said": "early"}, live_for=timedelta(days=1)).buffered_id
    first, second = stage.start({"number": "7"}), stage.start({"number": "7"})
    assert states(stage) == {first: "completed", second: "active"}


def test_a_kept_message_is_forgotten_when_its_time_is_over(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(WAITING)
    stage.engine.send_message("answer", "7", live_for=timedelta(days=1))
    stage.clock.advance(timedelta(days=1))
    assert states(stage) == {} and stage.engine.sweep() == 1
    instance_id = stage.start({"number": "7"})
    assert states(stage) == {instance_id: "active"}
    with sqlite_store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(message_buffer)) == 0


def test_a_message_starts_the_process_that_begins_with_it_once(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(STARTED, "started")
    delivery = stage.engine.send_message("application.received", None, {"name": "Lisière"})
    assert delivery.started and stage.open_tasks() == ["Read"] and len(states(stage)) == 1
    case = stage.engine.library.newest("started")
    assert case.process.id == "started"
    with sqlite_store.read() as connection:
        from engine import values

        assert values.decode(connection.scalar(select(instance.c.variables)) or b"")[""] == {"application": {"name": "Lisière"}}


def test_a_message_from_one_case_reaches_another_through_the_outbox_once(store: Store) -> None:
    stage = Stage(store)
    stage.deploy(WAITING)
    stage.deploy(SENDER, "sender")
    waiting, other = stage.start({"number": "1"}), stage.start({"number": "9"})
    stage.start({"number": "1"}, "sender")
    assert states(stage)[waiting] == "active", "another case is another command"
    assert stage.engine.deliver_outbox() == 1
    assert (states(stage)[waiting], states(stage)[other]) == ("completed", "active")
    assert stage.engine.deliver_outbox() == 0


def test_a_signal_reaches_all_who_wait_each_in_a_command_of_its_own(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(
        bpmn(
            """
<startEvent id="Start"/>
<intermediateCatchEvent id="Bell"><signalEventDefinition signalRef="S"/></intermediateCatchEvent><endEvent id="End"/>
Start -> Bell -> End""",
            before='<signal id="S" name="bell"/>',
        )
    )
    ids = [stage.start() for _ in range(3)]
    stage.engine.send_signal("bell")
    assert stage.engine.settle() == 4       # one spreading, three deliveries
    assert states(stage) == {one: "completed" for one in ids}
    with sqlite_store.read() as connection:
        assert connection.execute(select(subscription)).first() is None


def test_equal_correlations_have_equal_hashes() -> None:
    from datetime import date
    from decimal import Decimal

    assert correlation_hash(1) == correlation_hash(Decimal("1.0")) == correlation_hash(Decimal("1"))
    assert correlation_hash(date(2026, 1, 31)) == correlation_hash("2026-01-31")
    assert correlation_hash({"a": 1, "b": [2]}) == correlation_hash({"b": [Decimal("2.0")], "a": 1})
    assert correlation_hash("1") != correlation_hash("2") and correlation_hash(None) == ""


def test_a_delivery_that_cannot_be_done_is_an_incident_of_the_sender_and_can_be_tried_again(sqlite_store: Store) -> None:
    """A message that starts a process whose form finds a fault must not keep the others waiting for ever."""
    form = b'{"type": "default", "components": [{"type": "textfield", "key": "name", "label": "Nom", "validate": {"required": true}}]}'
    begun = STARTED.replace(b'isExecutable="true"', b'isExecutable="true" jalon:startForm="application"')
    stage = Stage(sqlite_store)
    stage.deploy(begun, "started", application__form__json=form)
    stage.deploy(SENDER.replace(b"answer", b"application.received"), "sender")
    sender = stage.start({"number": "1"}, "sender")
    assert stage.engine.deliver_outbox() == 1 and stage.engine.deliver_outbox() == 0
    assert (stage.incidents(), states(stage)) == (["Tell"], {sender: "completed"})
    with sqlite_store.read() as connection:
        row = connection.execute(select(incident)).one()
    assert "application.received" in row.message["fr"]
    stage.engine.retry_incident(row.id, stage.people["maud"])
    assert stage.incidents() == [] and stage.engine.deliver_outbox() == 1
    assert stage.incidents() == ["Tell"], "still the same fault"
