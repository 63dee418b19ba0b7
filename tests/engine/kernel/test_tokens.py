"""How many tokens: complex gateways, quantities, ad-hoc sub-processes, what rounds tell, loops without end.

Rule: BPMN 2.0.2, 10.3.2, 10.3.8, 13.3.2, 13.3.5, 13.4.5.
"""

from __future__ import annotations

import pytest

from engine.kernel.tokens import MAX_ROUNDS
from tests.engine.kernel.drawing import Story, arrows, process, program


def complex_(condition: str, behind: str = "j > z") -> Story:
    made = program(process(
        '<startEvent id="s"/><inclusiveGateway id="g"/><userTask id="a"/><userTask id="b"/><userTask id="c"/>'
        f'<complexGateway id="j"><activationCondition><![CDATA[{condition}]]></activationCondition></complexGateway>'
        '<userTask id="z"/><userTask id="y"/>',
        f"s > g; g > a; g > b; g > c : third; fa = a > j; fb = b > j; fc = c > j; {behind}"))
    return Story(made, {"third": True})


def test_a_complex_gateway_lets_the_first_tokens_through_and_takes_the_late_ones_away() -> None:
    story = complex_("activationCount >= 2")
    story.complete("a")
    assert story.open() == ["b", "c"]
    story.complete("c")
    assert story.open() == ["b", "z"]
    story.complete("z")
    story.complete("b")
    assert story.run.ended, "the late token is taken away by the reset"


def test_its_condition_may_ask_for_single_flows() -> None:
    story = complex_("fb > 0")
    story.complete("a")
    story.complete("c")
    assert story.open() == ["b"]
    story.complete("b")
    assert story.open() == ["z"]


def test_a_flow_that_names_the_reset_is_taken_then() -> None:
    story = complex_("activationCount >= 1", "j > z : waitingForStart; j > y : not(waitingForStart)")
    story.complete("a")
    assert story.open() == ["b", "c", "z"]
    story.complete("b")
    assert story.open() == ["c", "z"]
    story.complete("c")
    assert story.open() == ["y", "z"]


def test_its_next_round_begins_once_nothing_can_come_any_more() -> None:
    made = program(process(
        '<startEvent id="s"/><exclusiveGateway id="m"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/>'
        '<complexGateway id="j"><activationCondition><![CDATA[activationCount >= 1]]></activationCondition></complexGateway>'
        '<userTask id="u"/><exclusiveGateway id="x" default="d"/><endEvent id="e"/>',
        "s > m; m > g; g > a; g > b; a > j; b > j; j > u; u > x; x > m : again; d = x > e"))
    story = Story(made)
    for again in (True, False):
        story.complete("a")
        assert story.open() == ["b", "u"]
        story.complete("b")
        story.complete("u", {"again": again})
    assert story.run.ended


def test_tokens_that_are_not_enough_stall_and_a_condition_that_fails_can_be_tried_again() -> None:
    story = complex_("activationCount > 3")
    for key in "abc":
        story.complete(key)
    assert story.open() == ["!j", "!j", "!j"] and {wait.cause for wait in story.all("j")} == {"stall"}
    story = complex_("activationCount > least")
    story.complete("a")
    assert (story.open(), story.wait("j").cause) == (["!j", "b", "c"], "expression")
    story.run.scopes.write("", {"least": 0})
    story.retry("j")
    assert story.open() == ["b", "c", "z"]


def test_an_activity_gives_and_takes_as_many_tokens_as_drawn() -> None:
    made = program(process('<startEvent id="s"/><userTask id="a" completionQuantity="3"/><userTask id="b"/>'
                           '<userTask id="z" startQuantity="2"/>',
                           "s > a; a > b; b > z"))
    story = Story(made)
    story.complete("a")
    assert story.open() == ["b", "b", "b"]
    story.complete("b")
    assert story.open() == ["b", "b"]
    story.complete("b")
    assert story.open() == ["b", "z"]
    story.complete("z")
    story.complete("b")
    assert (story.open(), story.wait("z").cause) == (["!z"], "stall")


def ad_hoc(attributes: str = "", condition: str = "") -> Story:
    inner = f"<completionCondition>{condition}</completionCondition>" if condition else ""
    made = program(process(f'<startEvent id="s"/><adHocSubProcess id="x" {attributes}><userTask id="a"/><userTask id="b"/>'
                           f'<userTask id="c"/>{inner}{arrows("b > c")}</adHocSubProcess><userTask id="z"/>', "s > x; x > z"))
    return Story(made, {"enough": False})


def test_an_ad_hoc_sub_process_offers_all_and_is_done_when_all_are_done() -> None:
    story = ad_hoc()
    assert story.open() == ["a", "b"]
    story.complete("b")
    story.complete("a")
    assert story.open() == ["c"]
    story.complete("c")
    assert (story.open(), story.happened("completed")[-1]) == (["z"], "x")


def test_a_sequential_one_does_one_after_the_other() -> None:
    story = ad_hoc('ordering="Sequential"')
    for key in "abc":
        assert story.open() == [key]
        story.complete(key)
    assert story.open() == ["z"]


def test_its_condition_ends_it_and_takes_the_rest_away_or_lets_it_finish() -> None:
    story = ad_hoc(condition="enough")
    story.complete("a", {"enough": True})
    assert (story.open(), story.happened("cancelled")) == (["z"], ["b"])
    story = ad_hoc('cancelRemainingInstances="false"', "enough")
    story.complete("a", {"enough": True})
    assert story.open() == ["b"]
    story.complete("b")
    story.complete("c")
    assert story.open() == ["z"]


@pytest.mark.parametrize(("attributes", "first"), [("", ["a", "b"]), ('ordering="Sequential"', ["a"])])
def test_while_its_condition_does_not_hold_everything_is_offered_again(attributes: str, first: list[str]) -> None:
    story = ad_hoc(attributes, "enough")
    for key in "abc":
        story.complete(key)
    assert story.open() == first
    story.complete("a", {"enough": True})
    assert story.open() == ["z"]


def told(behaviour: str, event: str, kind: str = "") -> Story:
    loop = (f'<multiInstanceLoopCharacteristics {kind} {behaviour}<loopCardinality>3</loopCardinality>{event}'
            "</multiInstanceLoopCharacteristics>")
    made = program('<signal id="S" name="s"/><signalEventDefinition id="D" signalRef="S"/>', process(
        f'<startEvent id="s"/><userTask id="u">{loop}</userTask><boundaryEvent id="b" attachedToRef="u" cancelActivity="false">'
        '<signalEventDefinition signalRef="S"/></boundaryEvent><userTask id="y"/><userTask id="z"/>', "s > u; b > y; u > z"))
    return Story(made)


@pytest.mark.parametrize(("behaviour", "event", "heard"), [
    ('behavior="None" noneBehaviorEventRef="D">', "", [1, 2, 3]), ('behavior="One" oneBehaviorEventRef="D">', "", [1, 1, 1]),
    ('behavior="All">', "", [0, 0, 0]),
    ('behavior="Complex">', "<complexBehaviorDefinition><condition>nrOfCompletedInstances = 2 or answer = 9</condition><event id='ev'>"
     '<signalEventDefinition signalRef="S"/></event></complexBehaviorDefinition>', [0, 1, 2])])
def test_rounds_tell_the_boundary_what_the_behaviour_says(behaviour: str, event: str, heard: list[int]) -> None:
    for kind in ("", 'isSequential="true"'):
        story = told(behaviour, event, kind)
        for number, count in enumerate(heard):
            story.complete("u", {"answer": 9 if number == 2 else 0})
            assert len(story.all("y")) == count
        assert len(story.all("z")) == 1


def test_a_number_of_rounds_that_is_none_fails_its_element() -> None:
    for number in (-1, None, "three", 1.5):
        made = program(process('<userTask id="u"><multiInstanceLoopCharacteristics><loopCardinality>n</loopCardinality>'
                               "</multiInstanceLoopCharacteristics></userTask>"))
        story = Story(made, {"n": number})
        assert (story.open(), story.wait("u").cause) == (["!u"], "expression")


def test_a_loop_without_a_wait_is_stopped_and_its_path_is_told_in_short() -> None:
    made = program(process('<startEvent id="s"/><userTask id="u"/><exclusiveGateway id="m"/><scriptTask id="c"><script>{n: n + 1}</script>'
                           '</scriptTask><userTask id="z"/>', "s > u; u > m; m > c; c > m; s > z"))
    story = Story(made, {"n": 0})
    before = len(story.passed)
    story.complete("u")
    assert story.open() in (["!c", "z"], ["!m", "z"])
    failed = next(wait for wait in story.run.waits().values() if wait.kind == "failed")
    assert (failed.cause, story.passed[-1].event) == ("loop", "failed")
    assert len(story.passed) - before < 300 < MAX_ROUNDS


def test_a_global_task_is_called_like_a_process() -> None:
    made = program('<globalUserTask id="G" name="Sign" jalon:groups="auditor"/>',
                   process('<startEvent id="s"/><callActivity id="k" calledElement="G"/><userTask id="z"/>', "s > k; k > z"))
    story = Story(made)
    wait = story.wait("G_task")
    assert (wait.process, story.program.process("G").name.fr) == ("G", "Sign")
    assert story.program.element("G", "G_task").ext.groups == ("auditor",)
    story.complete("G_task", {"signed": True})
    assert (story.open(), story.variables) == (["z"], {"signed": True})
    assert list(made.model.processes) == ["p", "G"]


def test_a_pool_that_is_only_drawn_is_not_lowered() -> None:
    made = program(process('<userTask id="u"/>'), '<process id="partner" isExecutable="false"><receiveTask id="r"/></process>')
    assert (Story(made).open(), made.process("partner").executable) == (["u"], False)


def test_messages_between_pools_are_named_by_their_flow() -> None:
    made = program(
        process('<startEvent id="s"/><intermediateThrowEvent id="t"><messageEventDefinition/></intermediateThrowEvent>', "s > t"),
        process('<startEvent id="qs"><messageEventDefinition/></startEvent><userTask id="u"/>', "qs > u", key="q"),
        '<collaboration id="c"><participant id="a" processRef="p"/><participant id="b" processRef="q"/>'
        '<messageFlow id="F" sourceRef="t" targetRef="qs"/></collaboration>')
    thrown, = Story(made).thrown
    start, = made.model.processes["q"].starts()
    assert (thrown.kind, thrown.name, start.events[0].name) == ("message", "F", "F")
