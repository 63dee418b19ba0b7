"""What bare SpiffWorkflow takes and then leaves out or runs wrong: each is read whole here, or refused by name at its element.

One row a line of the study of the library, sections 1 and 9, as far as reading and checking decide it; what running decides stands in
`tests/engine/kernel`.
Rule: issue 4, section 2: nothing is silent.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.bpmn import lint, reader
from engine.bpmn.model import Element
from engine.change.rehearsal import Rehearsal
from tests.engine.bpmn.drawing import END, START, chain, diagram, flow, read

ROOTS = ('<message id="M" name="m"/><signal id="S" name="s"/><error id="E" name="e" errorCode="E"/>'
         '<escalation id="U" escalationCode="U"/>')
TASK = '<task id="x"/>'


def event(kind: str, definition: str, attributes: str = "") -> str:
    return f'<{kind} id="x" {attributes}>{definition}</{kind}>'


def beside(start: str) -> str:
    """Draw an event sub-process beside an ordinary path."""
    return chain(START, TASK, END) + f'<subProcess id="h" triggeredByEvent="true">{chain(start, """<endEvent id="he"/>""")}</subProcess>'


def refused(body: str) -> set[tuple[str, str]]:
    return {(problem.element, problem.code) for problem in lint.check(read(body, ROOTS)) if problem.level != "warning"}


@pytest.mark.parametrize(("body", "element", "code"), [
    (chain(START, event("endEvent", '<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>')), "x",
     "event.wrong_place"),
    (chain(START, event("endEvent", '<linkEventDefinition name="l"/>')), "x", "event.wrong_place"),
    (chain(START, event("endEvent", "<conditionalEventDefinition><condition>a</condition></conditionalEventDefinition>")), "x",
     "event.wrong_place"),
    (chain(event("startEvent", '<errorEventDefinition errorRef="E"/>'), END), "x", "event.wrong_place"),
    (chain(event("startEvent", '<escalationEventDefinition escalationRef="U"/>'), END), "x", "event.wrong_place"),
    (chain(event("startEvent", "<compensateEventDefinition/>"), END), "x", "event.wrong_place"),
    (beside('<startEvent id="hs"/>'), "hs", "event.wrong_place"),
    (beside('<startEvent id="hs" isInterrupting="false"><errorEventDefinition errorRef="E"/></startEvent>'), "hs",
     "event.error_not_interrupting"),
    (chain(START, event("intermediateCatchEvent", '<linkEventDefinition name="l"/>'), END), "x", "link.broken"),
    (chain(START, event("intermediateThrowEvent", '<linkEventDefinition name="l"/>')), "x", "link.broken"),
    (chain(START, TASK, END) + '<userTask id="orphan"/>', "orphan", "element.unreachable"),
    (chain(START, TASK, END) + chain('<task id="lost"/>', '<endEvent id="e2"/>'), "lost", "element.unreachable"),
    (START + TASK + END + flow("start", "x", "a = 1") + flow("x", "end"), "start_x", "flow.condition_on_event"),
    (START + TASK + END + flow("start", "x") + flow("x", "end", "a = 1"), "x_end", "flow.only_one_and_conditional"),
    (START + '<exclusiveGateway id="g"/><task id="a"/><task id="b"/>' + flow("start", "g") + flow("g", "a", "n = 1") + flow("g", "b"),
     "g_b", "gateway.flow_without_condition"),
    (chain(START, '<adHocSubProcess id="x" ordering="Random"><task id="y"/></adHocSubProcess>', END), "x", "ad_hoc.ordering_unknown"),
    (chain(START, '<adHocSubProcess id="x"/>', END), "x", "ad_hoc.empty"),
    (chain(START, '<scriptTask id="x" scriptFormat="javascript"><script>a = 1</script></scriptTask>', END), "x",
     "unsupported.script_language"),
    (chain(START, '<scriptTask id="x"/>', END), "x", "script.missing"),
    (chain(START, '<callActivity id="x"/>', END), "x", "call.without_process"),
    (chain(START, '<businessRuleTask id="x"/>', END), "x", "decision.missing"),
    (chain(START, '<sendTask id="x"/>', END), "x", "send.without_message"),
    (chain(START, '<receiveTask id="x"/>', END), "x", "message.without_name"),
    (chain(START, TASK, END) + event("boundaryEvent", "<cancelEventDefinition/>", 'attachedToRef="x"').replace('id="x"', 'id="b"', 1)
     + '<endEvent id="e2"/>' + flow("b", "e2"), "b", "cancel.wrong_place"),
    (chain(START, event("intermediateCatchEvent",
                        "<timerEventDefinition><timeDuration>&quot;P3M&quot;x</timeDuration></timerEventDefinition>"), END), "x",
     "expression.not_feel"),
    (chain(START, event("intermediateCatchEvent",
                        "<timerEventDefinition><timeDuration>P3X</timeDuration></timerEventDefinition>"), END), "x", "timer.unreadable"),
    (chain(START, event("intermediateCatchEvent",
                        "<timerEventDefinition><timeDate>2026-01-31T10:00:00</timeDate></timerEventDefinition>"), END), "x",
     "timer.without_zone"),
    (chain(START, event("intermediateCatchEvent", "<timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition>"), END), "x",
     "timer.cycle_counts_once"),
    (chain(START, '<task id="x"><multiInstanceLoopCharacteristics jalon:collection="l"><loopCardinality>2</loopCardinality>'
                  "</multiInstanceLoopCharacteristics></task>", END), "x", "loop.two_ways"),
])
def test_what_would_be_left_out_is_refused_at_its_element(body: str, element: str, code: str) -> None:
    assert (element, code) in refused(body)


def drawn(body: str) -> dict[str, Element]:
    return dict(read(body, ROOTS).model.processes["p"].elements)


def test_what_is_drawn_comes_out_of_the_reader() -> None:
    """Ends that signal, handlers that do not interrupt, both orders of an ad-hoc sub-process, several ways out of an activity."""
    assert drawn(chain(START, event("endEvent", '<signalEventDefinition signalRef="S"/>')))["x"].events[0].kind == "signal"
    handler = beside('<startEvent id="hs" isInterrupting="false"><signalEventDefinition signalRef="S"/></startEvent>')
    assert not drawn(handler)["hs"].interrupting
    body = '<adHocSubProcess id="x" ordering="Sequential" cancelRemainingInstances="false"><task id="y"/></adHocSubProcess>'
    ad_hoc = drawn(body)["x"].ad_hoc
    assert ad_hoc is not None and ad_hoc.sequential and not ad_hoc.cancels_rest
    body = chain(START, TASK) + '<task id="a"/><task id="b"/>' + flow("x", "a", "n > 1") + flow("x", "b")
    reading = read(body, ROOTS)
    assert drawn(body)["x"].outgoing == ("x_a", "x_b") and reading.model.processes["p"].flows["x_a"].condition == "n > 1"


def test_what_no_flow_reaches_is_read_all_the_same() -> None:
    """The library sees only what flows lead to: compensation handlers, links and orphans vanish there."""
    body = chain(START, TASK, END) + '<userTask id="undo" isForCompensation="true"/><userTask id="orphan"/>' + event(
        "intermediateCatchEvent", '<linkEventDefinition name="l"/>').replace('id="x"', 'id="link"')
    assert {"undo", "orphan", "link"} <= set(drawn(body))


def test_two_files_may_use_one_id_for_different_sub_processes() -> None:
    """The library refuses two sub-processes of one id in different files; ids are those of a file."""
    files = {name: diagram(chain(START, f'<subProcess id="sub"><task id="t{name[0]}"/></subProcess>', END), process=name[0])
             for name in ("a.bpmn", "b.bpmn")}
    house = Rehearsal(datetime(2026, 1, 5, 9, tzinfo=UTC))
    house.deploy(files)
    for process in ("a", "b"):
        case = house.start(process, {})
        house.settle()
        assert house.state(case) == "completed" and f"t{process}" in [step[0] for step in house.trace(case)]
    assert [problem.code for problem in reader.read(files).problems] == []


def test_a_called_process_without_an_end_event_gives_back_control() -> None:
    """The library lets the caller wait for ever."""
    files = {"a.bpmn": diagram(chain(START, '<callActivity id="x" calledElement="q"/>', END)),
             "b.bpmn": diagram(chain('<startEvent id="qs"/>', '<task id="qt"/>'), process="q")}
    house = Rehearsal(datetime(2026, 1, 5, 9, tzinfo=UTC))
    house.deploy(files, "p")
    case = house.start("p", {})
    house.settle()
    assert house.state(case) == "completed"


def test_of_several_plain_starts_the_check_says_which_one_begins() -> None:
    body = chain(START, TASK, END) + '<startEvent id="second"/>' + flow("second", "x")
    assert ("start.several", "warning") in {(problem.code, problem.level) for problem in lint.check(read(body, ROOTS))}
