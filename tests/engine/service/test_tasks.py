"""What a person does with a task: who may, what is kept, what it costs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from engine import values
from engine.errors import NotAllowed
from engine.execution.step import HandlerFailed
from engine.forms.faults import FormInvalid
from engine.handler import Complete, Party, Registry, Task
from engine.history import KINDS, export_case, verify
from engine.store.counting import counted
from engine.store.database import Store
from engine.store.tables import comment, counter, instance, user_task
from engine.work.tasks import AlreadyCompleted, TaskNotFound
from tests.engine.diagrams import REVIEWED, bpmn
from tests.engine.service.stage import NO_TITLE, Stage

REGISTRY = Registry()


@REGISTRY.local("note.write", title=NO_TITLE)
def write_note(task: Task) -> Complete:
    return Complete(note=f"written by {task.actor_id is not None}", title="A case", business_key=task.get("number"))


@pytest.fixture
def stage(store: Store) -> Stage:
    stage = Stage(store, REGISTRY)
    stage.deploy(REVIEWED)
    return stage


def test_a_task_is_claimed_given_back_and_completed(stage: Stage) -> None:
    instance_id = stage.start({"number": "2026-0001"})
    task, claire = stage.task("Write"), stage.people["claire"]
    stage.engine.claim_task(task, claire)
    stage.engine.claim_task(task, claire)                       # twice changes nothing
    with pytest.raises(NotAllowed) as refusal:
        stage.engine.claim_task(task, stage.people["samuel"])
    assert (refusal.value.rule, refusal.value.who_can) == ("claim", ("Claire",))
    stage.engine.release_task(task, claire)
    stage.engine.claim_task(task, stage.people["samuel"])
    stage.complete("Write", by="samuel", text="Bonjour")
    assert stage.open_tasks() == ["Review"]
    row = stage.row(instance_id)
    assert (row.title, row.business_key) == ("A case", "2026-0001")
    kinds = [event.kind for event in stage.history(instance_id)]
    assert kinds.count("task_claimed") == 2 and "task_released" in kinds and "task_completed" in kinds


def test_who_is_in_no_group_of_the_task_is_refused_with_the_reason(stage: Stage) -> None:
    stage.start()
    with pytest.raises(NotAllowed) as refusal:
        stage.complete("Write", by="rachel")
    assert refusal.value.rule == "group"
    assert set(refusal.value.who_can) == {"Claire", "Samuel"}
    assert stage.open_tasks() == ["Write"]


def test_who_wrote_does_not_review_at_claim_nor_at_completion(stage: Stage) -> None:
    """Rule: ISO/IEC 17065:2012, 7.5.1; `jalon:notWhoDid`."""
    stage.start()
    stage.complete("Write", by="claire")
    task = stage.task("Review")
    attempts: list[Callable[[], None]] = [
        lambda: stage.engine.claim_task(task, stage.people["claire"]), lambda: stage.complete("Review", by="claire")]
    for attempt in attempts:
        with pytest.raises(NotAllowed) as refusal:
            attempt()
        assert refusal.value.rule == "separation_of_duties"
        assert refusal.value.fact is not None and "Rédiger" in refusal.value.fact.fr
    with pytest.raises(NotAllowed) as refusal:
        stage.engine.hand_over_task(task, stage.people["claire"].id, stage.people["maud"])
    assert refusal.value.rule == "separation_of_duties"
    stage.complete("Review", by="samuel")
    assert stage.open_tasks() == []


def test_a_handler_knows_who_did_what_in_its_case_in_its_own_step_too(sqlite_store: Store) -> None:
    """The auditors to choose from are listed in the step that completes the diagnostic, whose author may not audit."""
    registry, asked = Registry(), ("Write", "Review")

    @registry.local("note.write", title=NO_TITLE)
    def look(task: Task) -> Complete:
        assert task.reader is not None
        return Complete(performers=sorted(task.reader.who_did(asked)), others=sorted(task.reader.who_did(["Start"])))

    stage = Stage(sqlite_store, registry)
    stage.deploy(REVIEWED)
    instance_id = stage.start()
    stage.complete("Write", by="samuel")
    told = values.decode(stage.row(instance_id).variables)[""]
    assert (told["performers"], told["others"]) == ([stage.people["samuel"].id], [])
    stage.complete("Review", by="rachel")
    assert stage.row(instance_id).performers == {"Write": [stage.people["samuel"].id], "Review": [stage.people["rachel"].id]}


def test_completing_a_task_costs_few_statements_and_one_commit(stage: Stage) -> None:
    """Rule: docs/architecture.md, 6 (W1: at most 12 and 1; the aim is 8)."""
    stage.start()
    task = stage.task("Write")
    with counted(stage.store) as count:
        stage.engine.complete_task(task, {"text": "x"}, stage.people["claire"])
    assert count.commits == 1
    assert count.statements <= 9, "\n".join(count.texts)


def test_a_completed_task_is_not_completed_again(stage: Stage) -> None:
    stage.start()
    task = stage.task("Write")
    stage.engine.complete_task(task, {}, stage.people["claire"])
    with pytest.raises(AlreadyCompleted):
        stage.engine.complete_task(task, {}, stage.people["claire"])
    with pytest.raises(TaskNotFound):
        stage.engine.complete_task("f" * 32, {}, stage.people["claire"])


def test_of_two_people_completing_at_the_same_moment_one_is_told(stage: Stage) -> None:
    instance_id = stage.start()
    task = stage.task("Write")
    outcomes: list[str] = []

    def complete(login: str) -> None:
        try:
            stage.engine.complete_task(task, {}, stage.people[login])
            outcomes.append("done")
        except AlreadyCompleted:
            outcomes.append("told")

    threads = [threading.Thread(target=complete, args=(login,)) for login in ("claire", "samuel")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "told"]
    assert len(stage.history(instance_id, "task_completed")) == 1


def test_a_local_handler_that_fails_undoes_the_whole_command(sqlite_store: Store) -> None:
    """Rule: docs/architecture.md, 7."""
    registry = Registry()

    @registry.local("note.write", title=NO_TITLE)
    def fail(task: Task, work: object) -> Complete:
        work.connection.execute(insert(counter).values(name="half", value=1))  # type: ignore[attr-defined]
        raise ValueError("no paper")

    from engine.service import Ports

    stage = Stage(sqlite_store, registry, Ports(local={"work": lambda work: work}))
    stage.deploy(REVIEWED)
    instance_id = stage.start()
    before = stage.row(instance_id)
    with pytest.raises(HandlerFailed) as failure:
        stage.complete("Write")
    assert "Note" in str(failure.value.details)
    assert stage.row(instance_id) == before and stage.open_tasks() == ["Write"]
    with sqlite_store.read() as connection:
        assert connection.execute(select(counter)).first() is None


def test_a_form_with_a_fault_changes_nothing(sqlite_store: Store) -> None:
    form = (b'{"type": "default", "components": '
            b'[{"type": "number", "key": "days", "label": "Jours", "validate": {"required": true, "min": 1}}]}')
    stage = Stage(sqlite_store)
    stage.deploy(bpmn("""
<startEvent id="Start"/><userTask id="Plan" jalon:groups="sales" jalon:form="plan" jalon:result="plan"/><endEvent id="End"/>
Start -> Plan -> End"""), plan__form__json=form)
    instance_id = stage.start()
    before = stage.row(instance_id)
    with pytest.raises(FormInvalid) as fault:
        stage.complete("Plan", days="many")
    assert list(fault.value.errors) == ["days"]
    assert stage.row(instance_id) == before
    stage.complete("Plan", days="3")
    assert stage.row(instance_id).state == "completed"


def test_a_task_for_the_applicant_is_for_parties_of_the_case_only(sqlite_store: Store) -> None:
    registry = Registry()

    @registry.local("case.open", title=NO_TITLE)
    def open_case(task: Task) -> Complete:
        return Complete(parties=(Party(task["email"], "Client"),))

    stage = Stage(sqlite_store, registry)
    stage.deploy(bpmn("""
<startEvent id="Start"/><serviceTask id="Open" jalon:handler="case.open"/><userTask id="Sign" jalon:groups="applicant"/><endEvent id="End"/>
Start -> Open -> Sign -> End"""))
    first, second = stage.start({"email": "a@example.org"}), stage.start({"email": "b@example.org"})
    with stage.store.read() as connection:
        tasks = {row.instance_id: row.id for row in connection.execute(select(user_task))}
    from engine.people.accounts import Accounts

    with stage.store.read() as connection:
        client = Accounts(connection).by_login("a@example.org")
    with pytest.raises(TaskNotFound):
        stage.engine.complete_task(tasks[second], {}, client)
    with pytest.raises(NotAllowed) as refusal:
        stage.engine.complete_task(tasks[first], {}, stage.people["claire"])
    assert refusal.value.rule == "party"
    stage.engine.complete_task(tasks[first], {}, client)
    assert (stage.row(first).state, stage.row(second).state) == ("completed", "active")


def test_an_assignee_is_found_by_login_and_an_unknown_one_is_an_incident(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(bpmn("""
<startEvent id="Start"/>
<userTask id="Audit" jalon:groups="quality" jalon:assignee="auditor" jalon:subject="&quot;NC &quot; + string(3)" jalon:priority="70"/>
<endEvent id="End"/>
Start -> Audit -> End"""))
    stage.start({"auditor": "samuel"})
    with stage.store.read() as connection:
        row = connection.execute(select(user_task)).one()
    assert (row.assignee_id, row.subject, row.priority) == (stage.people["samuel"].id, "NC 3", 70)
    stage.complete("Audit", by="samuel")
    stage.start({"auditor": "nobody-at-all"})
    assert (stage.open_tasks(), stage.incidents()) == ([], ["Audit"])


def test_a_draft_is_kept_until_the_task_is_completed(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store, REGISTRY)
    stage.deploy(REVIEWED)
    stage.start()
    task = stage.task("Write")
    stage.engine.save_draft(task, {"text": "Bonj"}, stage.people["claire"])
    with stage.store.read() as connection:
        assert connection.scalar(select(user_task.c.draft)) == {"text": "Bonj"}
    stage.complete("Write", text="Bonjour")
    with stage.store.read() as connection:
        assert connection.scalar(select(user_task.c.draft).where(user_task.c.id == task)) is None


def test_a_start_with_a_fault_in_its_form_stores_nothing(sqlite_store: Store) -> None:
    form = b'{"type": "default", "components": [{"type": "textfield", "key": "name", "label": "Nom", "validate": {"required": true}}]}'
    stage = Stage(sqlite_store)
    stage.deploy(bpmn("""
<startEvent id="Start" jalon:result="application"/><userTask id="Read" jalon:groups="sales"/><endEvent id="End"/>
Start -> Read -> End""", attributes='jalon:startForm="application"'), application__form__json=form)
    with pytest.raises(FormInvalid):
        stage.start({"name": ""})
    with stage.store.read() as connection:
        assert connection.execute(select(instance)).first() is None
    stage.start({"name": "Lisière"})
    assert stage.open_tasks() == ["Read"]


def test_a_task_is_handed_over_put_off_and_commented(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store, REGISTRY)
    stage.deploy(REVIEWED)
    instance_id = stage.start()
    task, claire, samuel = stage.task("Write"), stage.people["claire"], stage.people["samuel"]
    with pytest.raises(NotAllowed):
        stage.engine.hand_over_task(task, samuel.id, claire)        # she does not hold it
    stage.engine.claim_task(task, claire)
    stage.engine.hand_over_task(task, samuel.id, claire, "Congés.")
    later = datetime(2026, 2, 10, 8, tzinfo=UTC)
    stage.engine.follow_up_task(task, later, samuel)
    stage.engine.prioritise_task(task, 80, stage.people["maud"])
    stage.engine.add_comment(instance_id, " Relire le devis. ", claire, task)
    with sqlite_store.read() as connection:
        row = connection.execute(select(user_task)).one()
        text = connection.scalar(select(comment.c.text))
    assert (row.assignee_id, row.follow_up_at, row.priority, text) == (samuel.id, later, 80, "Relire le devis.")
    told = [event.kind for event in stage.history(instance_id)][-4:]
    assert told == ["task_handed_over", "task_followed_up", "task_prioritised", "comment_added"]


def test_the_history_of_commands_is_a_chain_that_holds(sqlite_store: Store) -> None:
    """Rule: docs/architecture.md, 3.9."""
    stage = Stage(sqlite_store, REGISTRY)
    stage.deploy(REVIEWED)
    instance_id = stage.start({"number": "2026-0007"})
    stage.complete("Write", text="x")
    stage.complete("Review", by="rachel")
    with sqlite_store.read() as connection:
        assert verify(export_case(connection, instance_id, now=stage.clock.now())).intact
    assert {event.kind for event in stage.history(instance_id)} <= set(KINDS), "every kind of event has its words"
