"""What the kernel runs, run by the whole engine: cases begun by messages, pools that talk, work that undoes work.

Rule: issue 2, section 2; BPMN 2.0.2, 9.4, 10.3.6 and 10.6.
"""

from __future__ import annotations

from datetime import UTC, datetime

from engine.change.rehearsal import Rehearsal
from tests.engine.kernel.drawing import document, process
from tests.engine.kernel.test_compensation import throw, undoable


def rehearsal(*parts: str) -> Rehearsal:
    files = {"a.bpmn": document(*parts)}
    found = Rehearsal(datetime(2026, 1, 5, 9, tzinfo=UTC))
    assert [problem for problem in found.check(files) if problem.level != "warning"] == []
    found.deploy(files)
    return found


def open_(found: Rehearsal) -> list[tuple[str, str]]:
    return sorted((work.process, work.element) for work in found.open_work())


def task(key: str) -> str:
    return f'<userTask id="{key}" jalon:groups="auditor"/>'


def test_a_receive_task_begins_a_case_whose_work_is_undone_by_people_and_global_tasks_are_work_too() -> None:
    found = rehearsal(
        '<message id="M" name="go"/><globalUserTask id="G" jalon:groups="auditor"/>',
        process('<receiveTask id="r" messageRef="M" instantiate="true"/>'
                + undoable("a").replace("<userTask ", '<userTask jalon:groups="auditor" ') + '<callActivity id="k" calledElement="G"/>'
                + throw("t") + '<endEvent id="e"/>', "r > a; a > k; k > t; t > e"))
    assert found.message("go", None, {"n": 1}).started
    found.settle()
    for place in (("p", "a"), ("G", "G_task"), ("p", "undo_a")):
        assert open_(found) == [place]
        found.complete(place[1], {})
        found.settle()
    assert found.state() == "completed"


def test_two_pools_of_a_file_are_two_cases_that_talk_by_messages() -> None:
    found = rehearsal(
        '<message id="Ask" name="ask" jalon:correlation="number"/><message id="Answer" name="answer" jalon:correlation="number"/>',
        process('<startEvent id="s"/><sendTask id="ask" messageRef="Ask"><extensionElements><jalon:input name="number" value="number"/>'
                '</extensionElements></sendTask><intermediateCatchEvent id="wait"><messageEventDefinition messageRef="Answer"/>'
                f'</intermediateCatchEvent>{task("z")}', "s > ask; ask > wait; wait > z"),
        process(f'<startEvent id="qs"><messageEventDefinition messageRef="Ask"/></startEvent>{task("think")}<endEvent id="qe">'
                '<extensionElements/><messageEventDefinition messageRef="Answer"/></endEvent>', "qs > think; think > qe", key="q"),
        '<collaboration id="c"><participant id="a" processRef="p"/><participant id="b" processRef="q"/>'
        '<messageFlow id="f1" sourceRef="ask" targetRef="qs"/><messageFlow id="f2" sourceRef="qe" targetRef="wait"/></collaboration>')
    first = found.start("p", {"number": 7})
    found.settle()
    assert open_(found) == [("p", "wait"), ("q", "think")]
    found.complete("think", {})
    found.settle()
    assert open_(found) == [("p", "z")] and len(found.instances) == 2
    found.complete("z", {})
    assert found.state(first) == "completed"
