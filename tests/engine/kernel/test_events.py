"""Events: on activities, in the way, at event sub-processes; errors and escalations; what interrupting means."""

from __future__ import annotations

import pytest

from tests.engine.kernel.drawing import Story, arrows, process, program

MESSAGES = '<message id="M" name="m"/><message id="N" name="n" xmlns:j="urn:jalon:bpmn:1" j:correlation="number"/>'
SIGNAL = '<signal id="S" name="s"/>'
ERRORS = '<error id="E1" errorCode="one"/><error id="E2" errorCode="two"/><escalation id="X" escalationCode="up"/>'


def boundary(key: str, host: str, event: str, interrupting: bool = True) -> str:
    return f'<boundaryEvent id="{key}" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}">{event}</boundaryEvent>'


def error(ref: str = "") -> str:
    return f'<errorEventDefinition errorRef="{ref}"/>' if ref else "<errorEventDefinition/>"


MESSAGE = '<messageEventDefinition messageRef="M"/>'
SIGNALLED = '<signalEventDefinition signalRef="S"/>'
ESCALATED = '<escalationEventDefinition escalationRef="X"/>'


def test_an_interrupting_message_takes_the_task_and_its_other_events_away() -> None:
    made = program(MESSAGES, process('<startEvent id="s"/><userTask id="u"/>' + boundary("b", "u", MESSAGE)
                                     + boundary("c", "u", MESSAGE, False)
                                     + '<userTask id="z"/><userTask id="n"/>', "s > u; b > z; u > n"))
    story = Story(made)
    assert (story.open(), story.wait("b").name) == (["b", "c", "u"], "m")
    story.fire("b", {"why": "because"})
    assert (story.open(), story.variables) == (["z"], {"why": "because"})
    assert story.happened("cancelled") == ["u"]


def test_a_non_interrupting_message_is_taken_each_time_and_what_it_set_off_outlives_the_task() -> None:
    made = program(MESSAGES, process('<startEvent id="s"/><userTask id="u"/>' + boundary("b", "u", MESSAGE, False) + '<userTask id="z"/>'
                                     '<endEvent id="e"/>',
                                     "s > u; b > z; u > e; z > e"))
    story = Story(made)
    first = story.wait("b").token
    for _ in range(3):
        story.fire("b")
    assert story.open() == ["b", "u", "z", "z", "z"]
    assert story.wait("b").token != first
    story.complete("u")
    assert story.open() == ["z", "z", "z"]
    for _ in range(3):
        story.complete("z")
    assert story.run.ended


def test_two_instances_of_one_boundary_message_are_told_apart_by_token_and_correlation() -> None:
    loop = '<multiInstanceLoopCharacteristics jalon:collection="numbers" jalon:item="number"/>'
    sub = ('<subProcess id="sub">' + loop + '<userTask id="u"/>'
           + '<boundaryEvent id="b" attachedToRef="u"><messageEventDefinition messageRef="N"/></boundaryEvent>'
           + '<userTask id="z"/>' + arrows("b > z") + "</subProcess>")
    story = Story(program(MESSAGES, process('<startEvent id="s"/>' + sub, "s > sub")), {"numbers": [7, 8]})
    assert [wait.correlation for wait in story.all("b")] == [7, 8]
    story.run.fire(story.all("b")[1].token)
    story.advance()
    assert story.open() == ["b", "u", "z"]
    assert (story.wait("b").correlation, story.run.inputs(story.wait("z").token)["number"]) == (7, 8)


def test_the_first_event_behind_a_gateway_takes_the_others_away() -> None:
    made = program(MESSAGES, SIGNAL, process(
        f'<startEvent id="s"/><eventBasedGateway id="g"/><intermediateCatchEvent id="a">{MESSAGE}</intermediateCatchEvent><receiveTask '
        f'id="r" messageRef="N"/>'
        f'<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>'
        f'</intermediateCatchEvent>'
        f'<userTask id="x"/><userTask id="y"/><userTask id="z"/>', "s > g; g > a; g > r; g > t; a > x; r > y; t > z"))
    story = Story(made, {"number": 3})
    assert (story.open(), story.wait("r").correlation) == (["a", "r", "t"], 3)
    story.fire("r", {"got": 1})
    assert (story.open(), story.variables["got"]) == (["y"], 1)
    assert sorted(story.happened("cancelled")) == ["a", "t"]
    assert (story.happened("completed"), story.happened("taken")) == (["r"], ["s", "g"])


def test_a_catch_event_with_several_definitions_takes_whichever_comes_first() -> None:
    made = program(MESSAGES, SIGNAL, process(f'<startEvent id="s"/><intermediateCatchEvent id="a">'
                                             f'{MESSAGE}{SIGNALLED}</intermediateCatchEvent><userTask id="u"/>',
                                             "s > a; a > u"))
    story = Story(made)
    assert sorted(wait.kind for wait in story.all("a")) == ["message", "signal"]
    story.run.fire(story.all("a")[0].token)
    story.advance()
    assert story.open() == ["u"]


def test_thrown_messages_carry_their_correlation_and_inputs() -> None:
    made = program(MESSAGES, process(
        '<startEvent id="s"/><sendTask id="t" messageRef="N"><extensionElements><jalon:input name="text" value="&quot;no &quot; + '
        'string(number)"/></extensionElements></sendTask>'
        f'<intermediateThrowEvent id="i">{MESSAGE}</intermediateThrowEvent><endEvent id="e"><messageEventDefinition messageRef="M"/>'
        f'</endEvent>',
        "s > t; t > i; i > e"))
    story = Story(made, {"number": 4})
    assert [(thrown.kind, thrown.name, thrown.element, thrown.correlation, thrown.payload) for thrown in story.thrown] == [
        ("message", "n", "t", 4, {"text": "no 4"}), ("message", "m", "i", None, None), ("message", "m", "e", None, None)]
    assert (story.run.ended, story.happened("completed")) == (True, ["t"])


def test_a_signal_end_reaches_everybody_in_the_run_and_leaves_it() -> None:
    made = program(SIGNAL, process(
        f'<startEvent id="s"/><parallelGateway id="g"/><userTask id="u"/><endEvent id="e">{SIGNALLED}</endEvent><userTask id="v"/>'
        + boundary("b", "v", SIGNALLED)
        + f'<intermediateCatchEvent id="c">{SIGNALLED}</intermediateCatchEvent><userTask id="y"/><userTask id="z"/>',
        "s > g; g > u; g > v; g > c; u > e; b > y; c > z"))
    story = Story(made)
    story.complete("u")
    assert story.open() == ["y", "z"]
    assert [(thrown.kind, thrown.name) for thrown in story.thrown] == [("signal", "s")]


def test_an_interrupted_sub_process_does_not_run_its_next_script_though_it_was_ready() -> None:
    sub = (f'<subProcess id="sub"><startEvent id="i"/><intermediateThrowEvent id="t">{SIGNALLED}</intermediateThrowEvent>'
           '<scriptTask id="late" jalon:result="late"><script>true</script></scriptTask><scriptTask id="beside" jalon:result="beside">'
           '<script>true</script></scriptTask>'
           + arrows("i > t; i > beside; t > late") + "</subProcess>")
    made = program(SIGNAL, process('<startEvent id="s"/>' + sub + boundary("b", "sub", SIGNALLED) + '<userTask id="z"/>', "s > sub; b > z"))
    story = Story(made)
    assert (story.open(), story.variables) == (["z"], {})


def test_an_error_goes_to_the_nearest_event_that_names_it_and_only_there() -> None:
    sub = ('<subProcess id="sub"><serviceTask id="a" jalon:handler="h.a"/>' + boundary("own", "a", error("E2")) + '<serviceTask id="c" '
           'jalon:handler="h.c"/>'
           + boundary("other", "c", error("E1")) + '<userTask id="x"/><userTask id="w"/>' + arrows("own > x; other > w") + "</subProcess>")
    made = program(ERRORS, process('<startEvent id="s"/>' + sub + boundary("any", "sub", error()) + boundary("one", "sub", error("E1"))
                                   + '<userTask id="y"/><userTask id="z"/>', "s > sub; any > y; one > z"))
    story = Story(made)
    story.error("a", "two")
    assert story.open() == ["c", "x"]
    story = Story(made)
    story.error("a", "one")
    assert story.open() == ["z"]
    assert sorted(story.happened("cancelled")) == ["a", "c", "sub"]
    story = Story(made)
    story.error("a", "three")
    assert story.open() == ["y"]


def test_an_error_inside_a_called_process_is_caught_at_the_call_activity() -> None:
    made = program(ERRORS, process('<startEvent id="s"/><callActivity id="k" calledElement="q"/>' + boundary("b", "k", error("E1"))
                                   + '<userTask id="z"/>',
                                   "s > k; b > z"),
                   process(f'<startEvent id="qs"/><userTask id="qu"/><endEvent id="qe">{error("E1")}</endEvent>', "qs > qu; qu > qe",
                           key="q"))
    story = Story(made)
    assert story.wait("qu").process == "q"
    story.complete("qu")
    assert (story.open(), story.thrown, story.run.ends) == (["z"], [], [])
    assert set(story.run.scopes) == {""}


def test_an_uncaught_error_leaves_the_run_and_fails_its_element_which_may_be_tried_again() -> None:
    made = program(ERRORS, process('<startEvent id="s"/><serviceTask id="a" jalon:handler="h.a"/><userTask id="b"/><endEvent id="e"/>',
                                   "s > a; s > b; a > e"))
    story = Story(made)
    story.error("a", "one")
    assert (story.open(), story.wait("a").cause) == (["!a", "b"], "error")
    assert "one" in story.wait("a").reason.fr
    assert [(thrown.kind, thrown.name) for thrown in story.thrown] == [("error", "one")]
    story.retry("a")
    assert story.wait("a").kind == "service"
    story.complete("a")
    assert story.open() == ["b"]


def test_an_error_end_event_nobody_catches_fails_there() -> None:
    story = Story(program(ERRORS, process(f'<startEvent id="s"/><endEvent id="e">{error("E1")}</endEvent>', "s > e")))
    assert (story.open(), story.wait("e").cause, story.run.ended) == (["!e"], "error", False)
    assert [thrown.kind for thrown in story.thrown] == ["error"]


@pytest.mark.parametrize(("interrupting", "expected"), [(True, ["z"]), (False, ["next", "z"])])
def test_an_escalation_reaches_its_event_and_only_an_interrupting_one_stops_the_thrower(interrupting: bool, expected: list[str]) -> None:
    sub = (f'<subProcess id="sub"><startEvent id="i"/><intermediateThrowEvent id="t">{ESCALATED}</intermediateThrowEvent><userTask '
           f'id="next"/>'
           + arrows("i > t; t > next") + "</subProcess>")
    made = program(ERRORS, process('<startEvent id="s"/>' + sub + boundary("b", "sub", ESCALATED, interrupting) + '<userTask id="z"/>',
                                   "s > sub; b > z"))
    assert Story(made).open() == expected


def test_an_escalation_nobody_catches_leaves_the_run_and_stops_nothing() -> None:
    story = Story(program(ERRORS, process(f'<startEvent id="s"/><intermediateThrowEvent id="t">{ESCALATED}</intermediateThrowEvent>'
                                          f'<userTask id="u"/>', "s > t; t > u")))
    assert (story.open(), [(t.kind, t.name) for t in story.thrown]) == (["u"], [("escalation", "up")])


def handler(key: str, event: str, inner: str, flows: str, interrupting: bool = True) -> str:
    return (f'<subProcess id="{key}" triggeredByEvent="true"><startEvent id="{key}_s" isInterrupting="{str(interrupting).lower()}">'
            f'{event}</startEvent>'
            f'{inner}{arrows(flows)}</subProcess>')


def test_an_interrupting_event_sub_process_takes_everything_in_its_scope_away() -> None:
    made = program(MESSAGES, process('<startEvent id="s"/><userTask id="u"/>' + handler("h", MESSAGE, '<userTask id="v"/><endEvent '
                                                                                        'id="withdrawn"/>',
                                                                                      "h_s > v; v > withdrawn"), "s > u"))
    story = Story(made)
    assert story.open() == ["h_s", "u"]
    story.fire("h_s", {"reason": "r"})
    assert (story.open(), story.variables) == (["v"], {"reason": "r"})
    story.complete("v")
    assert (story.run.ended, story.run.ends) == (True, ["withdrawn"])


def test_an_event_sub_process_is_found_by_a_number_the_case_gets_later() -> None:
    numbered = '<messageEventDefinition messageRef="C"/>'
    made = program('<message id="C" name="c" jalon:correlation="case_number"/>', process('<startEvent id="s"/><userTask id="u"/><userTask '
                                                                                         'id="w"/>'
                                     + handler("h", numbered, '<endEvent id="withdrawn"/>', "h_s > withdrawn"), "s > u; u > w"))
    story = Story(made)
    assert story.wait("h_s").correlation is None
    story.complete("u", {"case_number": 412})
    assert story.wait("h_s").correlation == 412


def test_a_non_interrupting_event_sub_process_runs_beside_as_often_as_it_is_called() -> None:
    made = program(MESSAGES, process('<startEvent id="s"/><userTask id="u"/><endEvent id="e"/>'
                                     + handler("h", MESSAGE, '<userTask id="v"/>', "h_s > v", False), "s > u; u > e"))
    story = Story(made)
    story.fire("h_s")
    story.fire("h_s")
    assert story.open() == ["h_s", "u", "v", "v"]
    story.complete("u")
    assert (story.open(), story.run.ended) == (["h_s", "v", "v"], False)
    story.complete("v")
    story.complete("v")
    assert (story.run.ended, story.run.ends, story.open()) == (True, ["e"], [])


def test_an_event_sub_process_nobody_calls_ends_with_its_scope_and_can_stand_inside_a_sub_process() -> None:
    sub = '<subProcess id="sub"><userTask id="u"/>' + handler("h", error("E1"), '<userTask id="v"/>', "h_s > v") + "</subProcess>"
    made = program(ERRORS, process('<startEvent id="s"/>' + sub + '<userTask id="z"/>', "s > sub; sub > z"))
    story = Story(made)
    assert story.open() == ["u"]                            # an error handler waits for nothing and has not started by itself
    story.complete("u")
    assert story.open() == ["z"]
    story = Story(made)
    story.error("u", "one")
    assert story.open() == ["v"]
    story.complete("v")
    assert story.open() == ["z"]


def test_an_error_in_a_handler_goes_on_outwards() -> None:
    sub = '<subProcess id="sub"><userTask id="u"/>' + handler("h", error("E1"), f'<endEvent id="again">{error("E1")}</endEvent>',
                                                              "h_s > again") + "</subProcess>"
    made = program(ERRORS, process('<startEvent id="s"/>' + sub + boundary("b", "sub", error("E1")) + '<userTask id="z"/>', "s > sub; b > "
                                   "z"))
    story = Story(made)
    story.error("u", "one")
    assert story.open() == ["z"]


def test_terminate_ends_its_scope_and_no_other() -> None:
    sub = ('<subProcess id="sub"><startEvent id="i"/><userTask id="a"/><userTask id="b"/>'
           '<endEvent id="t"><terminateEventDefinition/></endEvent>'
           + arrows("i > a; i > b; a > t") + "</subProcess>")
    made = program(process('<startEvent id="s"/>' + sub + '<userTask id="z"/><userTask id="y"/><endEvent id="t2">'
                                                          '<terminateEventDefinition/></endEvent>',
                           "s > sub; s > y; sub > z; z > t2"))
    story = Story(made)
    story.complete("a")
    assert story.open() == ["y", "z"]
    story.complete("z")
    assert (story.run.ended, story.open(), story.run.ends) == (True, [], ["t2"])


def test_conditions_fire_when_they_come_true_and_again_only_after_they_were_false() -> None:
    made = program(process('<startEvent id="s"/><userTask id="u"/><userTask id="set"/>'
                           + boundary("b", "u", "<conditionalEventDefinition><condition>n > 5</condition></conditionalEventDefinition>",
                                      False)
                           + '<userTask id="z"/>', "s > u; s > set; set > set; b > z"))
    story = Story(made, {"n": 1})
    assert (story.open(), story.wait("b").kind) == (["b", "set", "u"], "condition")
    for n, number in ((6, 1), (7, 1), (2, 1), (8, 2)):
        story.complete("set", {"n": n})
        assert len(story.all("z")) == number


def test_a_failing_event_does_not_stop_its_task() -> None:
    made = program(process('<startEvent id="s"/><userTask id="u"/>' + boundary("b", "u", "<timerEventDefinition><timeDate>"
                                                                                         "broken()</timeDate></timerEventDefinition>")
                           + '<userTask id="z"/><endEvent id="e"/>', "s > u; b > z; u > e"))
    story = Story(made)
    assert story.open() == ["!b", "u"]
    story.complete("u")
    assert story.run.ended


def test_a_failed_wait_keeps_its_boundary_events() -> None:
    made = program(MESSAGES, process('<startEvent id="s"/><serviceTask id="u" jalon:handler="h.h"/>' + boundary("b", "u", MESSAGE)
                                     + '<userTask id="z"/>', "s > u; b > z"))
    story = Story(made)
    story.run.fail(story.wait("u").token, "out of tries")
    story.advance()
    assert story.open() == ["!u", "b"]
    story.retry("u")
    assert story.open() == ["b", "u"]
    story.fire("b")
    assert story.open() == ["z"]
