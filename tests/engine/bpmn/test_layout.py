"""Where a drawing puts its elements: what is read of it, and what a careless file may say without harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn import layout, reader
from engine.bpmn.layout import Box

CERTIFICATION = Path("processes/certification/certification.bpmn")
DRAWN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:dd="http://www.omg.org/spec/DD/20100524/DI">
<process id="p"><startEvent id="Start"/><userTask id="Write" name="Écrire  une lettre"/>
<sequenceFlow id="f" sourceRef="Start" targetRef="Write"/>
<textAnnotation id="Note"><text>À relire</text></textAnnotation></process>
<di:BPMNDiagram><di:BPMNPlane bpmnElement="p">
<di:BPMNShape bpmnElement="Start"><dc:Bounds x="0" y="10" width="36" height="36"/></di:BPMNShape>
<di:BPMNShape bpmnElement="Write"><dc:Bounds x="100" y="0" width="100" height="80"/>{extra}</di:BPMNShape>
<di:BPMNShape bpmnElement="Note"><dc:Bounds x="100" y="100" width="100" height="30"/></di:BPMNShape>
<di:BPMNShape bpmnElement="Nobody"><dc:Bounds x="0" y="0" width="10" height="10"/></di:BPMNShape>
<di:BPMNEdge bpmnElement="f"><dd:waypoint x="36" y="28"/><dd:waypoint x="{x}" y="28"/></di:BPMNEdge>
</di:BPMNPlane></di:BPMNDiagram></definitions>"""


def drawn(x: str = "100", extra: str = "") -> layout.Layout:
    found = layout.of_process(etree.fromstring(DRAWN.format(x=x, extra=extra)), "p")
    assert found is not None
    return found


def test_shapes_edges_and_notes_are_read_with_their_names() -> None:
    found = drawn()
    assert [(one.element, one.kind, one.name) for one in found.shapes] == [
        ("Start", "startEvent", ""), ("Write", "userTask", "Écrire une lettre"), ("Note", "textAnnotation", "À relire")]
    assert found.edges[0].points == ((36.0, 28.0), (100.0, 28.0)) and found.bounds == Box(0, 0, 200, 130)


@pytest.mark.parametrize("x", ["NaN", "1e99", "", "left"])
def test_an_edge_that_leads_nowhere_is_left_out(x: str) -> None:
    assert drawn(x).edges == ()


def test_a_file_without_a_drawing_has_no_layout() -> None:
    plain = DRAWN[:DRAWN.index("<di:BPMNDiagram>")] + "</definitions>"
    assert layout.of_process(etree.fromstring(plain), "p") is None


def test_every_step_of_the_shipped_diagram_has_its_place() -> None:
    reading = reader.read({CERTIFICATION.name: CERTIFICATION.read_bytes()})
    found = layout.of_process(reading.documents[CERTIFICATION.name], "certification")
    assert found is not None
    process = reading.model.processes["certification"]
    assert process.elements.keys() <= {shape.element for shape in found.shapes}
    assert process.flows.keys() <= {edge.element for edge in found.edges}
