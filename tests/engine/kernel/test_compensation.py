"""Undoing what was done, and transactions.

Rule: BPMN 2.0.2, 10.3.5, 10.6 and 13.5.5.
"""

from __future__ import annotations

from tests.engine.kernel.drawing import Story, arrows, process, program

UNDO = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
ERROR = '<error id="E" errorCode="one"/>'


def undoable(key: str, inner: str = "", undoing: str = "userTask", host: str = "userTask") -> str:
    """A task `key` that a task `undo_key` undoes."""
    return (f'<{host} id="{key}">{inner}</{host}><boundaryEvent id="c_{key}" attachedToRef="{key}">{UNDO}</boundaryEvent>'
            f'<{undoing} id="undo_{key}" isForCompensation="true"/><association id="as_{key}" sourceRef="c_{key}" targetRef="undo_{key}"/>')


def throw(key: str, ref: str = "", attributes: str = "") -> str:
    named = f'activityRef="{ref}"' if ref else ""
    return f'<intermediateThrowEvent id="{key}"><compensateEventDefinition {named} {attributes}/></intermediateThrowEvent>'


def test_what_was_completed_is_undone_in_reverse_order_and_only_then_the_way_goes_on() -> None:
    made = program(process('<startEvent id="s"/><parallelGateway id="g"/>' + undoable("a") + undoable("b") + undoable("d")
                           + '<parallelGateway id="j"/>' + throw("t") + '<userTask id="z"/>',
                           "s > g; g > a; g > b; a > j; b > j; j > t; t > z"))
    story = Story(made)
    story.complete("b")
    story.complete("a")
    assert story.open() == ["undo_a"]
    story.complete("undo_a")
    assert story.open() == ["undo_b"]
    story.complete("undo_b")
    assert story.open() == ["z"], "what never ran (d) is not undone"
    assert story.happened("taken")[-1] == "t"


def test_one_activity_is_undone_by_name_and_once_only() -> None:
    made = program(process('<startEvent id="s"/>' + undoable("a") + undoable("b") + throw("t", "a") + throw("t2", "a")
                           + '<endEvent id="e"><compensateEventDefinition/></endEvent>', "s > a; a > b; b > t; t > t2; t2 > e"))
    story = Story(made)
    story.complete("a")
    story.complete("b")
    assert story.open() == ["undo_a"]
    story.complete("undo_a")
    assert story.open() == ["undo_b"], "the end event undoes what is left, and the case ends behind it"
    story.complete("undo_b")
    assert (story.run.ended, story.run.ends, set(story.run.scopes)) == (True, ["e"], {""})


def test_a_loop_that_came_by_twice_is_undone_twice() -> None:
    made = program(process('<startEvent id="s"/>' + undoable("a") + '<exclusiveGateway id="x" default="d"/>' + throw("t"),
                           "s > a; a > x; x > a : again; d = x > t"))
    story = Story(made)
    story.complete("a", {"again": True})
    story.complete("a", {"again": False})
    story.complete("undo_a")
    story.complete("undo_a")
    assert story.run.ended


def test_each_round_of_a_multi_instance_is_undone_with_its_own_variables() -> None:
    loop = '<multiInstanceLoopCharacteristics jalon:collection="list" jalon:item="item"/>'
    made = program(process('<startEvent id="s"/>' + undoable("a", loop) + throw("t") + '<userTask id="z"/>', "s > a; a > t; t > z"))
    story = Story(made, {"list": [10, 20]})
    story.complete("a", {"x": 1}, number=1)
    story.complete("a", {"x": 2})
    seen = []
    for _ in range(2):
        given = story.run.inputs(story.wait("undo_a").token)
        seen.append((given["item"], given["x"]))
        story.complete("undo_a")
    assert seen == [(10, 2), (20, 1)]
    assert (story.open(), set(story.run.scopes)) == (["z"], {""})


def test_a_sub_process_is_undone_from_within_or_by_its_own_handler() -> None:
    inner = '<startEvent id="bs"/>' + undoable("a") + undoable("b") + arrows("bs > a; a > b")
    handler = ('<subProcess id="h" triggeredByEvent="true"><startEvent id="hs">' + UNDO + '</startEvent><userTask id="hu"/>'
               + throw("ht", "a") + arrows("hs > hu; hu > ht") + "</subProcess>")
    for around, undone in (("", ["undo_b", "undo_a"]), (handler, ["hu", "undo_a"])):
        made = program(process('<startEvent id="s"/><subProcess id="sub">' + inner + around + "</subProcess>" + throw("t")
                               + '<userTask id="z"/>', "s > sub; sub > t; t > z"))
        story = Story(made)
        story.complete("a")
        story.complete("b")
        for key in undone:
            assert story.open() == [key]
            story.complete(key)
        assert (story.open(), set(story.run.scopes)) == (["z"], {""})


def test_a_called_process_is_undone_from_within_with_the_variables_it_had() -> None:
    called = process('<startEvent id="qs"/>' + undoable("a"), "qs > a", key="q")
    caller = process('<startEvent id="s"/><callActivity id="k" calledElement="q"><extensionElements><jalon:input name="x" value="n + 1"/>'
                     '<jalon:output name="y" value="answer"/></extensionElements></callActivity>' + throw("t"), "s > k; k > t")
    story = Story(program(caller, called), {"n": 1})
    story.complete("a", {"answer": 5})
    wait = story.wait("undo_a")
    assert (wait.process, story.run.inputs(wait.token)) == ("q", {"x": 2, "answer": 5})
    story.complete("undo_a")
    assert (story.run.ended, set(story.run.scopes), story.variables) == (True, {""}, {"n": 1, "y": 5})


def test_what_was_interrupted_cannot_be_undone() -> None:
    made = program(ERROR, process(
        '<startEvent id="s"/><subProcess id="sub"><startEvent id="bs"/>' + undoable("a") + '<userTask id="u"/>' + arrows("bs > a; a > u")
        + '</subProcess><boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition errorRef="E"/></boundaryEvent>' + throw("t")
        + '<userTask id="z"/>', "s > sub; b > t; t > z"))
    story = Story(made)
    story.complete("a")
    story.error("u", "one")
    assert story.open() == ["z"]


def test_a_compensation_that_does_not_wait_runs_beside() -> None:
    made = program(process('<startEvent id="s"/>' + undoable("a") + throw("t", attributes='waitForCompletion="false"')
                           + '<userTask id="z"/>', "s > a; a > t; t > z"))
    story = Story(made)
    story.complete("a")
    assert story.open() == ["undo_a", "z"]
    story.complete("z")
    assert not story.run.ended
    story.complete("undo_a")
    assert story.run.ended


def test_an_error_while_undoing_is_caught_where_the_compensation_was_thrown() -> None:
    made = program(ERROR, process(
        '<startEvent id="s"/><subProcess id="sub"><startEvent id="bs"/>' + undoable("a", undoing="serviceTask") + throw("t")
        + arrows("bs > a; a > t") + '</subProcess><boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition errorRef="E"/>'
        '</boundaryEvent><userTask id="z"/>', "s > sub; b > z"))
    story = Story(made)
    story.complete("a")
    story.error("undo_a", "one")
    assert story.open() == ["z"]


def transaction(inner: str, flows: str, after: str = "out > z") -> Story:
    made = program(ERROR, process(
        '<startEvent id="s"/><transaction id="x"><startEvent id="xs"/>' + inner + f'<endEvent id="xe">{CANCEL}</endEvent>'
        + arrows(flows) + f'</transaction><boundaryEvent id="out" attachedToRef="x">{CANCEL}</boundaryEvent><userTask id="z"/>'
        '<userTask id="done"/>', f"s > x; x > done; {after}"))
    return Story(made)


def test_a_cancelled_transaction_stops_undoes_what_was_done_and_leaves_by_its_cancel_event() -> None:
    story = transaction('<parallelGateway id="g"/>' + undoable("a") + undoable("b") + '<userTask id="u"/><userTask id="w"/>',
                        "xs > g; g > a; g > u; g > w; a > b; u > xe")
    story.complete("a")
    story.complete("b")
    story.complete("u")
    assert story.open() == ["undo_b"], "w is taken away, and b, done last, is undone first"
    story.complete("undo_b")
    story.complete("undo_a")
    assert (story.open(), set(story.run.scopes)) == (["z"], {""})
    assert story.happened("cancelled")[-1] == "x"


def test_a_transaction_undoes_what_its_open_sub_processes_have_done() -> None:
    story = transaction('<parallelGateway id="g"/><subProcess id="sub"><startEvent id="bs"/>' + undoable("a") + '<userTask id="w"/>'
                        + arrows("bs > a; a > w") + '</subProcess><userTask id="u"/>', "xs > g; g > sub; g > u; u > xe")
    story.complete("a")
    story.complete("u")
    assert story.open() == ["undo_a"]
    story.complete("undo_a")
    assert story.open() == ["z"]


def test_a_transaction_that_was_not_cancelled_goes_on_and_can_be_undone_later() -> None:
    made = program(process('<startEvent id="s"/><transaction id="x"><startEvent id="xs"/>' + undoable("a") + arrows("xs > a")
                           + '</transaction>' + throw("t", "x") + '<userTask id="z"/>', "s > x; x > t; t > z"))
    story = Story(made)
    story.complete("a")
    assert story.open() == ["undo_a"]
    story.complete("undo_a")
    assert story.open() == ["z"]


def test_a_transaction_without_a_way_out_fails_at_its_element() -> None:
    made = program(process(f'<transaction id="x"><userTask id="u"/><endEvent id="xe">{CANCEL}</endEvent>' + arrows("u > xe")
                           + "</transaction>"))
    story = Story(made)
    story.complete("u")
    assert story.open() == ["!x"]


def test_rounds_of_a_sub_process_or_call_are_undone_from_within_with_their_variables() -> None:
    loop = '<multiInstanceLoopCharacteristics isSequential="true" jalon:collection="list" jalon:item="item"/>'
    called = process(undoable("a"), key="q")
    for host in (f'<subProcess id="b">{loop}{undoable("a")}</subProcess>', f'<callActivity id="b" calledElement="q">{loop}</callActivity>'):
        made = program(process('<startEvent id="s"/>' + host + throw("t") + '<userTask id="z"/>', "s > b; b > t; t > z"), called)
        story = Story(made, {"list": [10, 20]})
        story.complete("a", {"x": 1})
        story.complete("a", {"x": 2})
        seen = []
        for _ in range(2):
            given = story.run.inputs(story.wait("undo_a").token)
            seen.append((given["item"], given["x"]))
            story.complete("undo_a")
        assert (seen, story.open(), set(story.run.scopes)) == ([(20, 2), (10, 1)], ["z"], {""})


def test_a_loop_is_undone_once_for_each_of_its_rounds() -> None:
    loop = '<standardLoopCharacteristics loopMaximum="2"/>'
    made = program(process('<startEvent id="s"/>' + undoable("a", loop) + throw("t") + '<userTask id="z"/>', "s > a; a > t; t > z"))
    story = Story(made)
    story.complete("a")
    story.complete("a")
    story.complete("undo_a")
    assert story.open() == ["undo_a"]
    story.complete("undo_a")
    assert story.open() == ["z"]


def test_what_a_case_could_still_undo_is_forgotten_when_it_is_cancelled() -> None:
    loop = '<multiInstanceLoopCharacteristics jalon:collection="[1]" jalon:item="item"/>'
    story = Story(program(process('<startEvent id="s"/>' + undoable("a", loop) + '<userTask id="z"/>', "s > a; a > z")))
    story.complete("a")
    assert len(story.run.scopes) == 2
    story.run.cancel()
    assert (story.run.ended, set(story.run.scopes)) == (True, {""})
