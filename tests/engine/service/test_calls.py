"""Which version a call activity takes: as at the start of the case, the latest, the one of its deployment, or one by its number.

Rule: issue 4, section 2 (call activity); docs/diagrams.md, section 7.
"""

from __future__ import annotations

import pytest

from engine.problems import NotDeployable
from engine.store.database import Store
from engine.store.tables import user_task
from tests.engine.diagrams import bpmn
from tests.engine.service.stage import Stage


def caller(attributes: str = "", called: str = "child") -> bytes:
    return bpmn(f"""
<startEvent id="Start"/><userTask id="Before" jalon:groups="sales"/><callActivity id="Call" calledElement="{called}" {attributes}/>
<userTask id="After" jalon:groups="sales"/><endEvent id="End"/>
Start -> Before -> Call -> After -> End""", process="parent")


def child(task: str) -> bytes:
    return bpmn(f"""
<startEvent id="ChildStart"/><userTask id="{task}" jalon:groups="sales"/><endEvent id="ChildEnd"/>
ChildStart -> {task} -> ChildEnd""", process="child")


def stage_with(store: Store, attributes: str) -> Stage:
    """Version 1 of the child, the parent, then version 2 of the child once a case of the parent has begun; version 3 after that."""
    stage = Stage(store)
    stage.deploy(child("First"), "child")
    stage.deploy(caller(attributes), "parent")
    stage.start(process="parent")
    stage.deploy(child("Second"), "child")
    return stage


@pytest.mark.parametrize(("attributes", "expected"), [
    ("", "First"), ('jalon:binding="latest"', "Second"), ('jalon:binding="deployment"', "First"),
    ('jalon:binding="version" jalon:version="1"', "First"), ('jalon:binding="version" jalon:version="2"', "Second")])
def test_a_call_takes_the_version_it_asks_for(store: Store, attributes: str, expected: str) -> None:
    stage = stage_with(store, attributes)
    stage.complete("Before")
    assert stage.open_tasks() == [expected]
    stage.complete(expected)
    assert stage.open_tasks() == ["After"] and stage.incidents() == []


def test_a_case_that_begins_later_still_calls_the_version_of_its_deployment(sqlite_store: Store) -> None:
    stage = stage_with(sqlite_store, 'jalon:binding="deployment"')
    stage.start(process="parent")
    for _ in range(2):
        with sqlite_store.read() as connection:
            first = connection.scalar(user_task.select().where(user_task.c.element_id == "Before", user_task.c.state == "open"))
        stage.engine.complete_task(first, {}, stage.people["claire"])
    assert stage.open_tasks() == ["First", "First"]


def test_each_round_of_a_loop_calls_the_latest_version_and_the_history_of_the_older_one_stays(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store, keep_runs=False)
    stage.deploy(child("First"), "child")
    stage.deploy(bpmn("""
<startEvent id="Start"/><callActivity id="Call" calledElement="child" jalon:binding="latest">
<standardLoopCharacteristics loopMaximum="3"/></callActivity><endEvent id="End"/>
Start -> Call -> End""", process="parent"), "parent")
    case = stage.start(process="parent")
    for done, now in (("First", "Second"), ("Second", "Third")):
        stage.deploy(child(now), "child")
        stage.complete(done)
        assert stage.open_tasks() == [now]
    stage.complete("Third")
    assert stage.row(case).state == "completed"
    told = [step[0] for event in stage.history(case, "path") for step in event.data["path"] if step[1] == "completed"]
    assert told == ["First", "Call", "Second", "Call", "Third", "Call"]


def test_while_one_version_runs_in_a_case_the_latest_call_joins_it_and_a_numbered_one_waits_as_an_incident(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(child("First"), "child")
    stage.deploy(bpmn("""
<startEvent id="Start"/><callActivity id="Now" calledElement="child" jalon:binding="latest"/>
<userTask id="Wait" jalon:groups="sales"/><callActivity id="Later" calledElement="child" jalon:binding="latest"/>
<userTask id="Ask" jalon:groups="sales"/><callActivity id="Second" calledElement="child" jalon:binding="version" jalon:version="2"/>
<endEvent id="End"/>
Start -> Now -> End
Start -> Wait -> Later -> End
Start -> Ask -> Second -> End""", process="parent"), "parent")
    case = stage.start(process="parent")
    stage.deploy(child("Other"), "child")
    stage.complete("Wait")
    assert stage.open_tasks() == ["Ask", "First", "First"]
    stage.complete("Ask")
    assert stage.incidents() == ["Second"]
    assert "another version" in _reason(stage, case).casefold()


def test_a_version_that_does_not_exist_is_an_incident_that_says_so(sqlite_store: Store) -> None:
    stage = stage_with(sqlite_store, 'jalon:binding="version" jalon:version="7"')
    stage.complete("Before")
    assert stage.incidents() == ["Call"] and stage.open_tasks() == []


@pytest.mark.parametrize(("attributes", "code"), [
    ('jalon:binding="newest"', "call.binding_unknown"), ('jalon:binding="version"', "call.version_without_number"),
    ('jalon:version="2"', "call.version_without_number"), ('jalon:binding="version" jalon:version="two"', "call.version_without_number")])
def test_an_unclear_choice_of_version_is_refused_by_name(sqlite_store: Store, attributes: str, code: str) -> None:
    stage = Stage(sqlite_store)
    stage.deploy(child("First"), "child")
    with pytest.raises(NotDeployable) as refused:
        stage.deploy(caller(attributes), "parent")
    assert [(problem.element, problem.code) for problem in refused.value.problems] == [("Call", code)]


def test_a_process_of_the_same_folder_has_no_other_version(sqlite_store: Store) -> None:
    stage = Stage(sqlite_store)
    files = {"parent.bpmn": caller('jalon:binding="latest"'), "child.bpmn": child("First")}
    with pytest.raises(NotDeployable) as refused:
        stage.engine.deploy("parent", files, None)
    assert [problem.code for problem in refused.value.problems] == ["call.binding_in_folder"]
    stage.engine.deploy("parent", {**files, "parent.bpmn": caller('jalon:binding="deployment"')}, None)
    stage.start(process="parent")
    stage.complete("Before")
    assert stage.open_tasks() == ["First"]


def _reason(stage: Stage, case: str) -> str:
    return str(stage.history(case, "incident_opened")[-1].data["message"]["en"])
