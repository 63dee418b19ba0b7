"""Every construct that an engine we studied accepts and then loses, runs half or refuses, run by ours: section 1 of that study.

Each test is named for the construct and would fail if the loss were ours. Events at their positions are in `test_events_everywhere.py`.
Rule: issue 4, section 4; BPMN 2.0.2, chapters 10 and 13.
"""

from __future__ import annotations

import pytest

from tests.conformance.stage import COMPENSATE, ERROR, ESCALATION, MESSAGE, SIGNAL, TERMINATE, Played, event, problems, script, user
from tests.engine.kernel.drawing import arrows, process

START, END = event("startEvent", "s"), event("endEvent", "e")
PARALLEL = '<multiInstanceLoopCharacteristics jalon:collection="list" jalon:item="i" jalon:collect="got" jalon:collectValue="i"/>'


def sub(key: str, inner: str, flows: str = "", attributes: str = "") -> str:
    return f'<subProcess id="{key}" {attributes}>{inner}{arrows(flows)}</subProcess>'


# --- tasks ----------------------------------------------------------------------------------------


def test_a_task_of_no_kind_passes_and_a_manual_task_waits_for_a_person() -> None:
    case = Played(START + '<task id="t"/><manualTask id="m" jalon:groups="sales"/>', "s > t; t > m")
    assert case.times("t") == 1 and case.open() == ["m"]


def test_a_service_task_is_done_by_its_handler_and_one_without_is_refused() -> None:
    assert Played(START + '<serviceTask id="t" jalon:handler="do.it"/>', "s > t").variables == {"did": "t"}
    assert [key for key, _ in problems(process(START + '<serviceTask id="t"/>', "s > t"))] == ["t"]


def test_a_script_in_another_language_is_refused() -> None:
    found = problems(process(START + '<scriptTask id="t" scriptFormat="python"><script>{x: 1}</script></scriptTask>', "s > t"))
    assert found == [("t", "unsupported.script_language")]


def test_a_send_or_receive_task_without_message_does_not_pass_in_silence() -> None:
    for tag in ("sendTask", "receiveTask"):
        assert [key for key, _ in problems(process(START + f'<{tag} id="t"/>', "s > t"))] == ["t"]


def test_a_called_process_with_an_implicit_end_gives_control_back() -> None:
    case = Played(START + '<callActivity id="c" calledElement="q"/>' + user("z"), "s > c; c > z", None,
                  process(script("t", "{n: 1}"), key="q"))
    assert case.open() == ["z"] and case.variables == {"n": 1}


def test_errors_and_escalations_pass_up_through_two_calls() -> None:
    inner = process(event("startEvent", "rs") + user("go") + event("intermediateThrowEvent", "up", ESCALATION)
                    + event("endEvent", "bad", ERROR), "rs > go; go > up; up > bad", key="r")
    middle = process(event("startEvent", "qs") + '<callActivity id="cr" calledElement="r"/>', "qs > cr", key="q")
    case = Played(START + '<callActivity id="c" calledElement="q"/>' + event("boundaryEvent", "be", ERROR, 'attachedToRef="c"')
                  + event("boundaryEvent", "bu", ESCALATION, 'attachedToRef="c" cancelActivity="false"') + user("failed") + user("told"),
                  "s > c; be > failed; bu > told", None, middle, inner)
    assert case.complete("go").open() == ["failed", "told"]


def test_a_global_task_is_called_like_a_process() -> None:
    case = Played(START + '<callActivity id="c" calledElement="G"/>' + user("z"), "s > c; c > z", None,
                  '<globalUserTask id="G" jalon:groups="sales"/>')
    assert case.open() == ["G_task"] and case.complete("G_task").open() == ["z"]


# --- gateways and flows ---------------------------------------------------------------------------


def test_an_exclusive_flow_without_condition_that_is_no_default_is_refused() -> None:
    body = START + '<exclusiveGateway id="g"/>' + user("a") + user("b")
    found = problems(process(body, "s > g; g > a : 1 = 1; f = g > b"))
    assert "gateway.flow_without_condition" in [code for _, code in found]


def test_when_no_condition_holds_and_there_is_no_default_the_gateway_is_an_incident() -> None:
    case = Played(START + '<exclusiveGateway id="g"/>' + user("a") + user("b"), "s > g; g > a : n = 1; g > b : n = 2", {"n": 3})
    assert case.incidents() == ["g"] and not case.ended


def test_several_flows_out_of_a_task_go_on_side_by_side() -> None:
    assert Played(START + user("t") + user("a") + user("b"), "s > t; t > a; t > b").complete("t").open() == ["a", "b"]


def test_a_condition_on_a_flow_out_of_a_task_is_looked_at() -> None:
    body = START + '<userTask id="t" jalon:groups="sales" default="d"/>' + user("a") + user("b") + user("c")
    flows = "s > t; t > a : n > 1; t > b : n > 5; d = t > c"
    assert Played(body, flows).complete("t", n=3).open() == ["a"]
    assert Played(body, flows).complete("t", n=9).open() == ["a", "b"]
    assert Played(body, flows).complete("t", n=0).open() == ["c"]


def test_what_meets_at_a_task_without_a_gateway_runs_once_for_each_token() -> None:
    case = Played(START + '<parallelGateway id="g"/>' + user("a") + user("b") + user("z"), "s > g; g > a; g > b; a > z; b > z")
    assert case.complete("a").complete("b").open() == ["z", "z"]


def test_two_timers_behind_one_event_gateway_each_keep_their_own_time() -> None:
    def timer(length: str) -> str:
        return f"<timerEventDefinition><timeDuration>{length}</timeDuration></timerEventDefinition>"

    case = Played(START + '<eventBasedGateway id="g"/>' + event("intermediateCatchEvent", "late", timer("PT10H"))
                  + event("intermediateCatchEvent", "soon", timer("PT1H")) + user("a") + user("b"),
                  "s > g; g > late; g > soon; late > a; soon > b")
    assert case.wait("PT2H").open() == ["b"]
    assert case.wait("PT20H").open() == ["b"]


def test_an_event_gateway_that_instantiates_begins_a_case_with_the_event_that_came() -> None:
    case = Played('<eventBasedGateway id="g" instantiate="true"/>' + event("intermediateCatchEvent", "x", MESSAGE)
                  + event("intermediateCatchEvent", "y", SIGNAL) + user("a") + user("b"), "g > x; g > y; x > a; y > b", start=False)
    assert case.signal().open() == ["b"] and case.message().open() == ["a", "b"]
    assert len(case.rehearsal.instances) == 2


def test_a_receive_task_that_instantiates_begins_a_case() -> None:
    case = Played('<receiveTask id="r" messageRef="M" instantiate="true"/>' + user("a"), "r > a", start=False)
    assert case.message(n=1).open() == ["a"] and case.rehearsal.variables() == {"n": 1}


def test_a_complex_gateway_lets_two_of_three_through() -> None:
    case = Played(START + '<parallelGateway id="g"/>' + user("a") + user("b") + user("c") + '<complexGateway id="j"><activationCondition>'
                  'activationCount &gt;= 2</activationCondition></complexGateway>' + user("z"),
                  "s > g; g > a; g > b; g > c; a > j; b > j; c > j; j > z")
    assert case.complete("a").open() == ["b", "c"]
    assert case.complete("c").open() == ["b", "z"]
    assert case.complete("b").open() == ["z"], "the late token is taken away"


def test_an_inclusive_join_in_a_loop_waits_for_each_round_anew() -> None:
    case = Played(START + '<exclusiveGateway id="m"/><inclusiveGateway id="g"/>' + user("a") + user("b") + '<inclusiveGateway id="j"/>'
                  '<exclusiveGateway id="x" default="out"/>' + user("z"),
                  "s > m; m > g; g > a : p; g > b : q; a > j; b > j; j > x; x > m : again; out = x > z",
                  {"p": True, "q": True, "again": True})
    assert case.complete("a").open() == ["b"]
    assert case.complete("b", q=False).open() == ["a"], "one way only in the second round"
    assert case.complete("a", again=False).open() == ["z"]


# --- event sub-processes --------------------------------------------------------------------------


@pytest.mark.parametrize("definition", [ERROR, ESCALATION, COMPENSATE, MESSAGE, SIGNAL])
def test_the_handler_in_an_event_sub_process_does_not_run_when_the_process_begins(definition: str) -> None:
    handler = sub("h", event("startEvent", "hs", definition) + script("t", "{ran: true}"), "hs > t", 'triggeredByEvent="true"')
    case = Played(START + user("a") + handler, "s > a")
    assert case.variables == {} and case.open() == ["a"]
    assert case.complete("a").ended and case.variables == {}


def test_an_event_sub_process_inside_a_sub_process_inside_another_is_heard() -> None:
    handler = sub("h", event("startEvent", "hs", MESSAGE, 'isInterrupting="false"') + user("n"), "hs > n", 'triggeredByEvent="true"')
    case = Played(START + sub("b", sub("c", user("a") + handler)), "s > b")
    assert case.message().message().open() == ["a", "n", "n"]
    case.complete("n").complete("n")
    assert case.complete("a").ended


def test_a_handler_of_one_case_does_not_begin_in_the_next_one() -> None:
    handler = sub("h", event("startEvent", "hs", MESSAGE) + user("n"), "hs > n", 'triggeredByEvent="true"')
    case = Played(START + user("a") + handler, "s > a")
    assert case.message().open() == ["n"]
    case.rehearsal.start("p")
    assert case.open() == ["a", "n"]


def test_what_a_cycle_on_the_border_has_set_off_outlives_the_task() -> None:
    cycle = "<timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition>"
    border = event("boundaryEvent", "x", cycle, 'attachedToRef="a" cancelActivity="false"')
    case = Played(START + user("a") + border + user("n") + user("z"), "s > a; a > z; x > n")
    case.wait("P2D")
    assert case.complete("a").open() == ["n", "n", "z"]
    assert case.wait("P9D").open() == ["n", "n", "z"]


# --- scopes ---------------------------------------------------------------------------------------


def test_a_sub_process_without_start_and_end_events_runs_what_nothing_leads_to() -> None:
    case = Played(START + sub("b", user("a") + user("c")) + user("z"), "s > b; b > z")
    assert case.open() == ["a", "c"]
    assert case.complete("a").complete("c").open() == ["z"]


def test_an_interrupted_sub_process_runs_nothing_more() -> None:
    inner = event("startEvent", "bs") + user("go") + script("next", "{ran: true}") + event("endEvent", "be")
    case = Played(START + sub("b", inner, "bs > go; go > next; next > be") + event("boundaryEvent", "x", SIGNAL, 'attachedToRef="b"')
                  + user("z"), "s > b; x > z")
    assert case.signal().open() == ["z"] and case.variables == {}


def test_an_ad_hoc_sub_process_needs_no_data_object_and_no_condition() -> None:
    case = Played(START + '<adHocSubProcess id="b">' + user("a") + user("c") + "</adHocSubProcess>" + user("z"), "s > b; b > z")
    assert case.open() == ["a", "c"]
    assert case.complete("c").complete("a").open() == ["z"]


def test_a_sequential_ad_hoc_sub_process_offers_one_after_the_other() -> None:
    case = Played(START + '<adHocSubProcess id="b" ordering="Sequential">' + user("a") + user("c") + "</adHocSubProcess>" + user("z"),
                  "s > b; b > z")
    assert case.open() == ["a"] and case.complete("a").open() == ["c"] and case.complete("c").open() == ["z"]


@pytest.mark.parametrize(("cancels", "left"), [("true", ["z"]), ("false", ["c"])])
def test_an_ad_hoc_condition_ends_it_and_says_what_becomes_of_the_rest(cancels: str, left: list[str]) -> None:
    case = Played(START + f'<adHocSubProcess id="b" cancelRemainingInstances="{cancels}">' + user("a") + user("c")
                  + "<completionCondition>enough</completionCondition></adHocSubProcess>" + user("z"), "s > b; b > z", {"enough": False})
    assert case.complete("a", enough=True).open() == left


# --- loops ----------------------------------------------------------------------------------------


def test_a_list_that_holds_null_is_gone_through_to_its_end() -> None:
    for kind in ("true", "false"):
        loop = PARALLEL.replace("Characteristics ", f'Characteristics isSequential="{kind}" ')
        case = Played(START + user("a", loop) + user("z"), "s > a; a > z", {"list": [1, None, 3]})
        for _ in range(3):
            case.complete("a")
        assert case.open() == ["z"] and case.variables["got"] == [1, None, 3]


def test_a_number_of_rounds_may_gather_results() -> None:
    loop = '<multiInstanceLoopCharacteristics jalon:collect="got" jalon:collectValue="loopCounter"><loopCardinality>3</loopCardinality>' \
           '</multiInstanceLoopCharacteristics>'
    assert Played(START + script("a", "{x: 1}", loop) + user("z"), "s > a; a > z").variables["got"] == [1, 2, 3]


def test_a_standard_loop_tests_before_or_after_and_keeps_to_its_maximum() -> None:
    def rounds(attributes: str, condition: str) -> int:
        loop = f"<standardLoopCharacteristics {attributes}><loopCondition>{condition}</loopCondition></standardLoopCharacteristics>"
        return Played(START + script("a", "{n: n + 1}", loop) + user("z"), "s > a; a > z", {"n": 0}).variables["n"]  # type: ignore[no-any-return]

    assert rounds("", "n &lt; 3") == 3
    assert rounds("", "false") == 1 and rounds('testBefore="true"', "false") == 0
    assert rounds('loopMaximum="2"', "true") == 2


@pytest.mark.parametrize(("behaviour", "told"), [("None", 3), ("One", 1), ("All", 0)])
def test_a_multi_instance_tells_its_border_what_its_behaviour_says(behaviour: str, told: int) -> None:
    loop = (f'<multiInstanceLoopCharacteristics behavior="{behaviour}" noneBehaviorEventRef="D" oneBehaviorEventRef="D">'
            '<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>')
    border = event("boundaryEvent", "x", SIGNAL, 'attachedToRef="a" cancelActivity="false"') + user("n") if told else ""
    case = Played(START + user("a", loop) + border + user("z"), "s > a; a > z" + ("; x > n" if told else ""), None,
                  '<signalEventDefinition id="D" signalRef="S"/>')
    for _ in range(3):
        case.complete("a")
    assert case.open() == ["n"] * told + ["z"]


def test_a_complex_behaviour_tells_of_the_rounds_where_its_condition_holds() -> None:
    loop = ('<multiInstanceLoopCharacteristics behavior="Complex"><loopCardinality>3</loopCardinality><complexBehaviorDefinition>'
            f"<condition>loopCounter = 2</condition><event>{SIGNAL}</event></complexBehaviorDefinition></multiInstanceLoopCharacteristics>")
    case = Played(START + user("a", loop) + event("boundaryEvent", "x", SIGNAL, 'attachedToRef="a" cancelActivity="false"') + user("n")
                  + user("z"), "s > a; a > z; x > n")
    for _ in range(3):
        case.complete("a")
    assert case.open() == ["n", "z"]


# --- the rest of the drawing ----------------------------------------------------------------------


def test_an_event_definition_that_stands_elsewhere_is_found_by_its_reference() -> None:
    case = Played(START + '<intermediateCatchEvent id="x"><eventDefinitionRef>D</eventDefinitionRef></intermediateCatchEvent>' + user("z"),
                  "s > x; x > z", None, '<signalEventDefinition id="D" signalRef="S"/>')
    assert case.open() == [] and case.signal().open() == ["z"]


def test_an_activity_takes_and_gives_as_many_tokens_as_drawn() -> None:
    case = Played(START + '<parallelGateway id="g"/>' + user("a") + user("b") + '<userTask id="c" jalon:groups="sales" startQuantity="2" '
                  'completionQuantity="3"/>' + user("z"), "s > g; g > a; g > b; a > c; b > c; c > z")
    assert case.complete("a").open() == ["b"] and case.complete("b").open() == ["c"]
    assert case.complete("c").open() == ["z", "z", "z"]


def test_lanes_stores_notes_and_groups_never_stop_a_diagram() -> None:
    case = Played('<laneSet id="ls"><lane id="l" jalon:group="sales"><flowNodeRef>a</flowNodeRef></lane></laneSet>' + START
                  + '<userTask id="a"><dataOutputAssociation id="d"><targetRef>ds</targetRef></dataOutputAssociation></userTask>'
                  '<dataStoreReference id="ds" name="Archive"/><textAnnotation id="n"><text>note</text></textAnnotation>'
                  '<association id="as" sourceRef="a" targetRef="n"/><group id="gr"/>' + user("z"), "s > a; a > z")
    assert case.complete("a", x=1).open() == ["z"] and case.variables == {"x": 1}


def test_a_pool_that_is_only_drawn_leaves_the_other_to_run() -> None:
    case = Played(START + user("a"), "s > a", None, '<process id="q" isExecutable="false"><task id="qt"/></process>',
                  '<collaboration id="c"><participant id="pa" processRef="p"/><participant id="pb" processRef="q"/></collaboration>')
    assert case.open() == ["a"]


def test_several_none_starts_begin_at_the_first_drawn() -> None:
    assert Played(START + event("startEvent", "s2") + user("a") + user("b"), "s > a; s2 > b").open() == ["a"]


def test_terminate_in_a_called_process_ends_that_process_only() -> None:
    called = process(event("startEvent", "qs") + user("a") + user("b") + event("endEvent", "t", TERMINATE) + event("endEvent", "qe"),
                     "qs > a; qs > b; a > t; b > qe", key="q")
    case = Played(START + '<callActivity id="c" calledElement="q"/>' + user("z") + user("beside"), "s > c; s > beside; c > z", None, called)
    assert case.complete("a").open() == ["beside", "z"]
