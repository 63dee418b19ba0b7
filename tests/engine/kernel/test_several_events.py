"""Events with several definitions: the first, or all of them; and cases that begin with one.

Rule: BPMN 2.0.2, 10.5.1, 10.5.2, 13.4.4 and 13.5.3.
"""

from __future__ import annotations

from datetime import timedelta

from tests.engine.kernel.drawing import Story, arrows, process, program

NAMES = '<message id="M" name="m"/><message id="N" name="n"/><signal id="S" name="s"/>'
M, N, S = '<messageEventDefinition messageRef="M"/>', '<messageEventDefinition messageRef="N"/>', '<signalEventDefinition signalRef="S"/>'
HOUR = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
WHEN = "<conditionalEventDefinition><condition>n = 7</condition></conditionalEventDefinition>"
ALL = 'parallelMultiple="true"'


def kinds(story: Story, element: str) -> list[str]:
    return sorted(wait.kind for wait in story.all(element))


def take(story: Story, element: str, kind: str, name: str = "") -> None:
    token = next(wait.token for wait in story.all(element) if wait.kind == kind and name in ("", wait.name))
    story.run.fire(token, {})
    story.advance()


def test_an_event_that_waits_for_all_goes_on_with_the_last_of_them() -> None:
    made = program(NAMES, process(f'<startEvent id="s"/><intermediateCatchEvent id="c" {ALL}>{M}{S}{WHEN}</intermediateCatchEvent>'
                                  '<userTask id="z"/>', "s > c; c > z"))
    story = Story(made, {"n": 0})
    assert kinds(story, "c") == ["condition", "message", "signal"]
    take(story, "c", "signal")
    take(story, "c", "message")
    assert story.open() == ["c"]
    story.run.scopes.write("", {"n": 7})
    story.advance()
    assert story.open() == ["z"]


def test_two_tokens_at_one_such_event_do_not_help_each_other() -> None:
    made = program(NAMES, process(f'<startEvent id="s"/><intermediateCatchEvent id="c" {ALL}>{M}{S}</intermediateCatchEvent>'
                                  '<userTask id="z"/>', "s > c; s > c; c > z"))
    story = Story(made)
    take(story, "c", "message")
    take(story, "c", "message")
    assert story.open() == ["c", "c"], "each has its message and waits for its signal"
    take(story, "c", "signal")
    take(story, "c", "signal")
    assert story.open() == ["z", "z"]


def test_behind_an_event_gateway_the_others_go_once_all_have_come() -> None:
    made = program(NAMES, process(
        f'<startEvent id="s"/><eventBasedGateway id="g"/><intermediateCatchEvent id="c" {ALL}>{M}{S}</intermediateCatchEvent>'
        f'<intermediateCatchEvent id="d">{N}{HOUR}</intermediateCatchEvent><userTask id="y"/><userTask id="z"/>',
        "s > g; g > c; g > d; c > y; d > z"))
    story = Story(made)
    take(story, "c", "message")
    assert (kinds(story, "c"), kinds(story, "d")) == (["signal"], ["message", "timer"])
    take(story, "c", "signal")
    assert story.open() == ["y"]
    story = Story(made)
    take(story, "d", "message")
    assert story.open() == ["z"]


def test_an_activity_is_interrupted_once_all_have_come() -> None:
    made = program(NAMES, process(f'<startEvent id="s"/><userTask id="u"/><boundaryEvent id="b" attachedToRef="u" {ALL}>{M}{HOUR}'
                                  '</boundaryEvent><userTask id="z"/>', "s > u; b > z"))
    story = Story(made)
    take(story, "b", "message")
    assert story.open() == ["b", "u"]
    story.until(story.host.now() + timedelta(hours=1))
    assert story.open() == ["z"]


def test_what_does_not_interrupt_waits_for_all_of_them_anew() -> None:
    made = program(NAMES, process(f'<startEvent id="s"/><userTask id="u"/><boundaryEvent id="b" attachedToRef="u" cancelActivity="false" '
                                  f'{ALL}>{M}{S}{WHEN}</boundaryEvent><userTask id="z"/>', "s > u; b > z"))
    story = Story(made, {"n": 7})
    for number in (1, 2):
        take(story, "b", "signal")
        take(story, "b", "message")
        if number == 2:
            assert story.open().count("z") == 1, "the condition was true already: it must come true anew"
            story.run.scopes.write("", {"n": 0})
            story.advance()
            story.run.scopes.write("", {"n": 7})
            story.advance()
        assert story.open() == ["b", "b", "b", "u", *["z"] * number]
    story.complete("u")
    assert story.open() == ["z", "z"]


def test_an_event_sub_process_begins_once_all_have_come() -> None:
    made = program(NAMES, process(f'<userTask id="u"/><subProcess id="h" triggeredByEvent="true"><startEvent id="hs" {ALL}>{M}{S}'
                                  '</startEvent><userTask id="hu"/>' + arrows("hs > hu") + "</subProcess>"))
    story = Story(made)
    take(story, "hs", "signal")
    assert story.open() == ["hs", "u"]
    take(story, "hs", "message")
    assert story.open() == ["hu"]


def test_an_event_sub_process_inside_another_one_listens_while_that_runs() -> None:
    inner = (f'<subProcess id="i" triggeredByEvent="true"><startEvent id="is" isInterrupting="false">{WHEN}</startEvent><userTask id="iu"/>'
             + arrows("is > iu") + "</subProcess>")
    made = program(NAMES, process(f'<userTask id="u"/><subProcess id="h" triggeredByEvent="true"><startEvent id="hs">{M}</startEvent>'
                                  '<userTask id="hu"/><userTask id="hv"/>' + arrows("hs > hu; hu > hv") + inner + "</subProcess>"))
    story = Story(made, {"n": 0})
    take(story, "hs", "message")
    assert story.open() == ["hu", "is"]
    story.complete("hu", {"n": 7})
    story.complete("hv")
    assert story.open() == ["is", "iu"], "what it set off is not done when its own work is"
    story.complete("iu")
    assert story.run.ended


def test_a_conditional_event_sub_process_listens_in_every_scope() -> None:
    handler = (f'<subProcess id="h" triggeredByEvent="true"><startEvent id="hs">{WHEN}</startEvent><userTask id="hu"/>' + arrows("hs > hu")
               + "</subProcess>")
    loop = '<multiInstanceLoopCharacteristics jalon:collection="[1, 2]" jalon:item="item"/>'
    made = program(process(f'<callActivity id="k" calledElement="q">{loop}</callActivity>'),
                   process(f'<subProcess id="sub">{loop}<userTask id="u"/>{handler}</subProcess>', key="q"))
    story = Story(made, {"n": 0})
    assert (len(story.all("u")), len(story.all("hs"))) == (4, 4)
    story.complete("u", {"n": 7})
    assert (len(story.all("u")), len(story.all("hu"))) == (3, 0), "the round that is over took its listener with it"
    story.run.scopes.write(story.all("u")[0].scope, {"n": 7})
    story.advance()
    assert (len(story.all("u")), len(story.all("hu"))) == (2, 1)


def test_a_receive_task_that_instantiates_has_its_message_when_the_case_begins() -> None:
    made = program(NAMES, process('<receiveTask id="r" messageRef="M" instantiate="true"/><userTask id="z"/>', "r > z"))
    assert [start.id for start in made.model.processes["p"].starts()] == ["r"]
    story = Story(made, {"x": 1}, at_element="r")
    assert (story.open(), story.happened("completed")) == (["z"], ["r"])


def gateway(kind: str) -> Story:
    made = program(NAMES, process(
        f'<eventBasedGateway id="g" instantiate="true" eventGatewayType="{kind}"/><intermediateCatchEvent id="c">{M}'
        '</intermediateCatchEvent>'
        '<receiveTask id="r" messageRef="N"/><userTask id="y"/><userTask id="z"/>', "g > c; g > r; c > y; r > z"))
    assert [start.id for start in made.model.processes["p"].starts()] == ["c", "r"]
    return Story(made, at_element="r")


def test_a_gateway_that_instantiates_begins_with_the_event_that_came_and_a_parallel_one_waits_for_the_rest() -> None:
    assert gateway("Exclusive").open() == ["z"]
    story = gateway("Parallel")
    assert story.open() == ["c", "z"]
    story.complete("z")
    assert not story.run.ended
    take(story, "c", "message")
    assert story.open() == ["y"]


def test_of_several_starts_the_first_begins_unless_another_is_named() -> None:
    made = program(process('<startEvent id="s1"/><startEvent id="s2"/><userTask id="a"/><userTask id="b"/>', "s1 > a; s2 > b"))
    assert (Story(made).open(), Story(made, at_element="s2").open()) == (["a"], ["b"])
