"""Tasks, gateways, mappings: the plain way of a token."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.lowering import NotLowered
from engine.errors import NotFound
from engine.kernel.faults import NoSuchWait, NotLoadable
from engine.kernel.run import Run
from tests.engine.kernel.drawing import Story, TestHost, process, program

SMALL = process('<startEvent id="Start"/><userTask id="u"/><exclusiveGateway id="g" default="no"/><serviceTask id="s" '
                'jalon:handler="a.b"/><endEvent id="e"/>',
                "Start > u; u > g; yes = g > s : ok; no = g > e; s > e")


def test_a_start_event_called_start_runs_to_the_end_through_user_task_gateway_and_service() -> None:
    story = Story(program(SMALL))
    assert (story.open(), story.wait("u").kind) == (["u"], "user")
    story.complete("u", {"ok": True})
    assert (story.open(), story.wait("s").kind) == (["s"], "service")
    story.complete("s", {"number": 7})
    assert (story.run.ended, story.run.ends, story.variables) == (True, ["e"], {"ok": True, "number": 7})
    assert [(p.element, p.event) for p in story.passed] == [
        ("Start", "taken"), ("u", "entered"), ("u", "completed"), ("g", "taken"), ("s", "entered"), ("s", "completed"), ("e", "ended")]


def test_the_token_of_a_wait_stays_the_same_while_it_waits() -> None:
    story = Story(program(SMALL))
    token = story.wait("u").token
    story.advance()
    assert story.wait("u").token == token
    assert len(token) == 32 and int(token, 16)


def test_a_wait_is_completed_once() -> None:
    story = Story(program(SMALL))
    token = story.wait("u").token
    story.complete("u", {"ok": False})
    with pytest.raises(NoSuchWait):
        story.run.complete(token)


@pytest.mark.parametrize("value", [None, "yes", 1])
def test_a_condition_that_is_no_boolean_fails_the_gateway_and_a_retry_goes_on(value: Any) -> None:
    story = Story(program(SMALL))
    story.complete("u", {"ok": value})
    failed = story.wait("g")
    assert (failed.kind, failed.cause) == ("failed", "expression")
    assert "“ok”" in failed.reason.en and "« ok »" in failed.reason.fr
    story.run.scopes.write("", {"ok": False})
    story.retry("g")
    assert story.run.ends == ["e"]


def test_no_condition_true_and_no_default_fails() -> None:
    story = Story(program(process('<startEvent id="s"/><exclusiveGateway id="g"/><endEvent id="e"/><endEvent id="f"/>',
                                  "s > g; g > e : false; g > f : false")))
    assert story.open() == ["!g"]


def test_a_plain_task_passes_and_the_other_kinds_wait_each_for_their_own() -> None:
    made = program(process('<startEvent id="s"/><task id="t"/><parallelGateway id="g"/><manualTask id="m"/><businessRuleTask id="d" '
                           'jalon:decision="x" '
                           'jalon:result="r"/><sendTask id="n" jalon:handler="h.i"/><endEvent id="e"/>',
                           "s > t; t > g; g > m; g > d; g > n; m > e; d > e; n > e"))
    story = Story(made)
    assert {wait.element: wait.kind for wait in story.run.waits().values()} == {"m": "user", "d": "decision", "n": "service"}
    story.complete("d", [1, 2])
    assert story.variables == {"r": [1, 2]}


def test_inputs_and_outputs_are_evaluated_in_order_over_what_the_task_sees() -> None:
    made = program(process('<startEvent id="s"/><serviceTask id="t" jalon:handler="h.i"><extensionElements><jalon:input name="a" value="x '
                           '+ 1"/>'
                           '<jalon:input name="b" value="a * 2"/><jalon:output name="y" value="got + b"/></extensionElements>'
                           '</serviceTask><endEvent id="e"/>',
                           "s > t; t > e"))
    story = Story(made, {"x": 1})
    assert story.run.inputs(story.wait("t").token) == {"x": 1, "a": 2, "b": 4}
    story.complete("t", {"got": 10, "noise": 1})
    assert story.variables == {"x": 1, "y": 14}


def test_a_failing_output_keeps_what_was_given_for_the_next_try() -> None:
    made = program(process('<startEvent id="s"/><userTask id="t"><extensionElements><jalon:output name="y" value="broken()"/>'
                           '</extensionElements></userTask>'
                           '<endEvent id="e"/>', "s > t; t > e"))
    story = Story(made)
    story.complete("t", {"got": 10})
    assert (story.open(), story.variables) == (["!t"], {})
    assert "the register is away" in story.wait("t").reason.en
    story.retry("t")
    assert story.open() == ["!t"]
    story.run.retry(story.wait("t").token)
    assert "got" in str(dict(story.run.scopes[f"{story.wait('t').token}.done"]))


def test_a_script_merges_its_context_or_fills_its_result_and_python_never_runs() -> None:
    made = program(process('<startEvent id="s"/><scriptTask id="a"><script>{x: 1 + 1, y: "z"}</script></scriptTask><scriptTask id="b" '
                           'jalon:result="r"><script>x * 10</script>'
                           '</scriptTask><scriptTask id="c"><script>__import__("os").getcwd()</script></scriptTask><endEvent id="e"/>',
                           "s > a; a > b; b > c; c > e"))
    story = Story(made)
    assert story.variables == {"x": 2, "y": "z", "r": 20}
    assert story.open() == ["!c"]


def test_parallel_branches_lose_nothing() -> None:
    made = program(process('<startEvent id="s"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/>'
                           '<endEvent id="e"/>',
                           "s > g; g > a; g > b; a > j; b > j; j > e"))
    story = Story(made, {"l": [1]})
    story.complete("a", {"l": [9], "x": 1})
    assert not story.run.ended
    story.complete("b", {"y": 2})
    assert (story.variables, story.run.ended) == ({"l": [9], "x": 1, "y": 2}, True)
    assert story.happened("taken").count("j") == 1


def test_a_parallel_join_keeps_what_is_in_excess() -> None:
    made = program(process('<startEvent id="s"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/><userTask id="z"/>',
                           "s > a; s > a; s > b; a > j; b > j; j > z"))
    story = Story(made)
    story.complete("a")
    story.complete("a")
    story.complete("b")
    assert story.open() == ["z"]
    story.complete("z")
    assert story.open() == ["!j"]                           # the second token of a waits for a second b that cannot come
    assert (story.wait("j").cause, story.run.ended) == ("stall", False)


def test_a_join_whose_branch_ended_elsewhere_is_a_stall_that_names_it() -> None:
    made = program(process('<startEvent id="s"/><parallelGateway id="g"/><userTask id="a"/><exclusiveGateway id="x" default="d"/>'
                           '<parallelGateway id="j"/><endEvent id="e"/>'
                           '<endEvent id="f"/>', "s > g; g > a; g > x; a > j; x > j : go; d = x > f; j > e"))
    story = Story(made, {"go": False})
    assert story.open() == ["a"]
    story.complete("a")
    assert (story.open(), story.wait("j").cause) == (["!j"], "stall")


def test_uncontrolled_and_conditional_flows_split_at_a_task() -> None:
    made = program(process('<startEvent id="s"/><userTask id="a" default="d"/><userTask id="b"/><userTask id="c"/><userTask id="z"/>',
                           "s > a; a > b : n > 1; a > c : n > 2; d = a > z"))
    for n, found in ((3, ["b", "c"]), (2, ["b"]), (0, ["z"])):
        story = Story(made)
        story.complete("a", {"n": n})
        assert story.open() == found


def test_an_inclusive_join_waits_for_who_can_still_arrive_and_for_no_one_else() -> None:
    made = program(process('<startEvent id="s"/><inclusiveGateway id="g" default="d"/><userTask id="a"/><userTask id="b"/><userTask '
                           'id="c"/><inclusiveGateway id="j"/><userTask id="z"/>',
                           "s > g; g > a : n > 0; g > b : n > 1; d = g > c; a > j; b > j; c > j; j > z"))
    story = Story(made, {"n": 2})
    assert story.open() == ["a", "b"]
    story.complete("a")
    assert story.open() == ["b"]
    story.complete("b")
    assert story.open() == ["z"]
    story = Story(made, {"n": 0})
    story.complete("c")
    assert story.open() == ["z"]


def test_links_lead_from_throw_to_catch() -> None:
    made = program(process('<startEvent id="s"/><intermediateThrowEvent id="t"><linkEventDefinition name="L"/></intermediateThrowEvent>'
                           '<intermediateCatchEvent id="c"><linkEventDefinition name="L"/></intermediateCatchEvent><userTask id="u"/>',
                           "s > t; c > u"))
    story = Story(made)
    assert (story.open(), story.happened("taken")) == (["u"], ["s", "t", "c"])


def test_a_process_without_start_and_end_events_runs_what_nothing_leads_to() -> None:
    story = Story(program(process('<userTask id="a"/><userTask id="b"/><userTask id="c"/>', "a > c")))
    assert story.open() == ["a", "b"]
    for element in "abc":
        story.complete(element)
    assert (story.run.ended, story.run.ends) == (True, [])


def test_a_run_begins_at_the_start_event_that_was_asked_for() -> None:
    made = program('<message id="M" name="m"/>', process(
        '<startEvent id="s"/><startEvent id="t"><messageEventDefinition messageRef="M"/></startEvent><userTask id="a"/><userTask id="b"/>',
        "s > a; t > b"))
    assert Story(made).open() == ["a"]
    assert Story(made, at_element="t").open() == ["b"]
    with pytest.raises(NotFound):
        Story(made, at_element="nowhere")
    with pytest.raises(NotFound):
        Story(made, key="nobody")


def test_a_loop_that_never_waits_is_stopped_and_the_other_branch_goes_on() -> None:
    made = program(process('<startEvent id="s"/><parallelGateway id="g"/><task id="a"/><exclusiveGateway id="x" default="d"/><userTask '
                           'id="u"/><endEvent id="e"/>',
                           "s > g; g > x; g > u; x > e : false; d = x > a; a > x"))
    story = Story(made)
    assert story.open() == ["!a", "u"] or story.open() == ["!x", "u"]
    assert next(wait for wait in story.run.waits().values() if wait.kind == "failed").cause == "loop"


def test_what_cannot_run_is_refused_by_name() -> None:
    with pytest.raises(NotLowered, match="eventBasedGateway"):
        program(process('<startEvent id="s"/><eventBasedGateway id="g" eventGatewayType="Parallel"/>', "s > g"))


def test_a_state_of_another_version_or_diagram_is_refused() -> None:
    made, host = program(SMALL), TestHost()
    for blob in (b"{}", b"no json", b'{"v":1,"process":"p","ends":[],"tokens":[["a",-1,"(process)",32],["b",0,"gone",32]]}'):
        with pytest.raises(NotLoadable):
            Run.load(made, blob, {}, host)


def test_cancelling_the_run_ends_it() -> None:
    story = Story(program(SMALL))
    story.run.cancel()
    story.advance()
    assert (story.run.ended, story.open(), story.happened("cancelled")) == (True, [], ["u"])
