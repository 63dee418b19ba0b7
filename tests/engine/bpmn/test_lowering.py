"""What becomes of drawn elements before they run."""

from __future__ import annotations

import pytest

from engine.bpmn import reader
from engine.bpmn.lowering import Graph, Lowered, NotLowered, lower
from tests.engine.kernel.drawing import arrows, document, process

SIGNALS = '<signal id="A" name="a"/><signal id="B" name="b"/>'
TWO = '<signalEventDefinition signalRef="A"/><signalEventDefinition signalRef="B"/>'


def lowered(*parts: str) -> Lowered:
    reading = reader.read({"test.bpmn": document(*parts)})
    assert not reading.problems
    return lower(reading.model)


def graph(*parts: str) -> Graph:
    return lowered(*parts).graphs["p"]


def ways(found: Graph, node: str) -> list[str]:
    return [arrow.target for arrow in found.nodes[node].arrows]


def test_a_link_becomes_a_way_within_its_own_scope() -> None:
    throw, catch = '<intermediateThrowEvent id="{0}"><linkEventDefinition name="L"/></intermediateThrowEvent>', (
        '<intermediateCatchEvent id="{0}"><linkEventDefinition name="L"/></intermediateCatchEvent>')
    inner = '<subProcess id="b">' + throw.format("t2") + catch.format("c2") + "</subProcess>"
    found = graph(process(throw.format("t") + catch.format("c") + '<task id="z"/>' + inner, "c > z"))
    assert (ways(found, "t"), ways(found, "t2"), ways(found, "c")) == (["c"], ["c2"], ["z"])
    assert found.starts["p"] == ("t", "b")


def test_a_link_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(NotLowered, match="link"):
        graph(process('<intermediateThrowEvent id="t"><linkEventDefinition name="L"/></intermediateThrowEvent>'))


def test_a_loop_keeps_the_drawn_id_and_what_it_repeats_gets_a_name_no_drawing_has() -> None:
    found = lowered(process('<userTask id="u"><standardLoopCharacteristics loopMaximum="2"/></userTask><task id="z"/>', "u > z"))
    nodes = found.graphs["p"].nodes
    assert (nodes["u"].kind, nodes["u"].repeats, nodes["u:each"].kind, nodes["u:each"].arrows) == ("again", "u:each", "user", ())
    assert found.names == {"u:each": "u"}


def test_several_definitions_become_several_events_and_the_gateway_before_them_is_not_told() -> None:
    found = graph(SIGNALS, process(f'<intermediateCatchEvent id="c">{TWO}</intermediateCatchEvent><task id="z"/>', "c > z"))
    assert (found.nodes["c"].kind, found.nodes["c"].shown, ways(found, "c")) == ("first_of", False, ["c:1", "c:2"])
    assert [(found.nodes[key].event.name, ways(found, key), found.nodes[key].element.id) for key in ("c:1", "c:2")] == [
        ("a", ["z"], "c"), ("b", ["z"], "c")]


def test_several_thrown_definitions_become_a_chain_told_once_and_terminate_comes_last() -> None:
    found = graph(SIGNALS, process('<task id="s"/><endEvent id="e"><terminateEventDefinition/><signalEventDefinition signalRef="A"/>'
                                   '</endEvent>', "s > e"))
    assert [(key, found.nodes[key].kind, found.nodes[key].event.kind, found.nodes[key].shown) for key in ("e", "e:2")] == [
        ("e", "throw", "signal", False), ("e:2", "end", "terminate", True)]
    assert ways(found, "e") == ["e:2"]


def test_a_scope_begins_at_its_plain_start_events_first_and_else_at_what_nothing_leads_to() -> None:
    found = graph('<message id="M" name="m"/>', process(
        '<startEvent id="m"><messageEventDefinition messageRef="M"/></startEvent><startEvent id="s"/><subProcess id="b"><task id="x"/>'
        '<task id="y"/>'
        '<subProcess id="h" triggeredByEvent="true"><startEvent id="hs"><messageEventDefinition messageRef="M"/></startEvent></subProcess>'
        + arrows("x > y") + "</subProcess>"))
    assert (found.starts["p"], found.starts["b"], found.triggers["b"]) == (("s", "m"), ("x",), ("hs",))


@pytest.mark.parametrize("element", [
    '<task id="x" startQuantity="0"/>', '<task id="x" completionQuantity="few"/>',
    '<eventBasedGateway id="x" eventGatewayType="Parallel"/>',
    '<task id="u"/><boundaryEvent id="x" attachedToRef="u"><compensateEventDefinition/></boundaryEvent>',
    '<endEvent id="x"><cancelEventDefinition/><terminateEventDefinition/></endEvent>', '<intermediateCatchEvent id="x"/>',
    '<receiveTask id="x"/>', '<sendTask id="x"/>', f'<startEvent id="x" parallelMultiple="true">{TWO}</startEvent>',
    '<task id="x"><standardLoopCharacteristics loopMaximum="-1"/></task>',
    '<task id="x"><multiInstanceLoopCharacteristics behavior="None"/></task>',
    '<task id="u"/><boundaryEvent id="x" attachedToRef="u" parallelMultiple="true"><errorEventDefinition/>'
    '<signalEventDefinition signalRef="A"/></boundaryEvent>',
    '<subProcess id="h" triggeredByEvent="true"><startEvent id="x"/></subProcess>',
])
def test_what_has_no_counterpart_is_refused_by_name(element: str) -> None:
    with pytest.raises(NotLowered) as refusal:
        graph(SIGNALS, process(element))
    assert refusal.value.details["element"] == "x"
