"""Files as other tools write them: each opens, with what is drawn in it, and runs where it says enough.

Rule: issue 4, section 2 (files by Camunda Modeler, Signavio, ADONIS, Bizagi, ARIS and bpmn-js open); BPMN 2.0.2, 15.3.
The drawings are our own; what is odd in them is what each tool is known for.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.bpmn import lint, reader
from engine.change.rehearsal import Rehearsal
from engine.problems import Problem

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DRAWING = ('xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:omgdc="http://www.omg.org/spec/DD/20100524/DC" '
           'xmlns:omgdi="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"')
PLANE = ('<bpmndi:BPMNDiagram id="{0}_d"><bpmndi:BPMNPlane id="{0}_p" bpmnElement="{0}"><bpmndi:BPMNShape bpmnElement="{1}">'
         '<omgdc:Bounds x="1" y="1" width="30" height="30"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>')

BPMN_JS = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn2:definitions xmlns:bpmn2="{MODEL}" {DRAWING} id="sample-diagram" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn2:process id="Process_1" isExecutable="true"><bpmn2:startEvent id="StartEvent_1"><bpmn2:outgoing>Flow_0a1b</bpmn2:outgoing>
  </bpmn2:startEvent><bpmn2:task id="Activity_1"><bpmn2:incoming>Flow_0a1b</bpmn2:incoming><bpmn2:outgoing>Flow_2</bpmn2:outgoing>
    </bpmn2:task>
  <bpmn2:endEvent id="Event_1"><bpmn2:incoming>Flow_2</bpmn2:incoming></bpmn2:endEvent>
  <bpmn2:sequenceFlow id="Flow_0a1b" sourceRef="StartEvent_1" targetRef="Activity_1"/>
  <bpmn2:sequenceFlow id="Flow_2" sourceRef="Activity_1" targetRef="Event_1"/></bpmn2:process></bpmn2:definitions>"""

CAMUNDA_MODELER = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="{MODEL}" {DRAWING} xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1"
  targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler"
  exporterVersion="5.20.0" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.4.0">
  <bpmn:process id="order" name="Order" isExecutable="true"><bpmn:extensionElements><zeebe:versionTag value="3"/></bpmn:extensionElements>
    <bpmn:startEvent id="s" name="Asked&#10;for"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="check" name="Check"><bpmn:extensionElements><zeebe:userTask/><zeebe:formDefinition formId="order"/>
      <zeebe:assignmentDefinition candidateGroups="auditor"/></bpmn:extensionElements><bpmn:incoming>f1</bpmn:incoming>
      <bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
    <bpmn:exclusiveGateway id="g" default="no"><bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>yes</bpmn:outgoing>
    <bpmn:outgoing>no</bpmn:outgoing>
    </bpmn:exclusiveGateway><bpmn:endEvent id="good"><bpmn:incoming>yes</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="bad"><bpmn:incoming>no</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="check"/><bpmn:sequenceFlow id="f2" sourceRef="check" targetRef="g"/>
    <bpmn:sequenceFlow id="yes" name="yes" sourceRef="g" targetRef="good">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=amount &gt; 3</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="no" name="no" sourceRef="g" targetRef="bad"/>
    <bpmn:dataStoreReference id="store" name="Register"/><bpmn:textAnnotation id="note"><bpmn:text>Why</bpmn:text></bpmn:textAnnotation>
    <bpmn:association id="a" associationDirection="None" sourceRef="check" targetRef="note"/></bpmn:process></bpmn:definitions>"""

SIGNAVIO = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<definitions xmlns="{MODEL}" {DRAWING} xmlns:signavio="http://www.signavio.com" exporter="Signavio Process Editor, http://www.signavio.com"
  expressionLanguage="http://www.w3.org/1999/XPath" typeLanguage="http://www.w3.org/2001/XMLSchema"
  id="sid-1" targetNamespace="http://www.signavio.com">
  <collaboration id="sid-c"><extensionElements/><participant id="sid-P" name="Antrag" processRef="sid-p"><extensionElements/></participant>
  </collaboration>
  <process id="sid-p" isClosed="false" isExecutable="false" name="Antrag" processType="None"><extensionElements/>
    <laneSet id="sid-ls"><lane id="sid-l" name="Prüfer"><extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue=""/>
      </extensionElements><flowNodeRef>sid-A</flowNodeRef><flowNodeRef>sid-G</flowNodeRef><flowNodeRef>sid-gone</flowNodeRef></lane>
    </laneSet>
    <startEvent id="sid-S" name=""><outgoing>sid-F1</outgoing></startEvent>
    <task completionQuantity="1" id="sid-A" isForCompensation="false" name="Prüfen&#10;und ablegen" startQuantity="1">
    <incoming>sid-F1</incoming>
      <outgoing>sid-F2</outgoing></task>
    <exclusiveGateway default="sid-F4" gatewayDirection="Diverging" id="sid-G" name="ok?"><incoming>sid-F2</incoming>
    <outgoing>sid-F3</outgoing>
      <outgoing>sid-F4</outgoing></exclusiveGateway>
    <endEvent id="sid-E1"><incoming>sid-F3</incoming></endEvent><endEvent id="sid-E2"><incoming>sid-F4</incoming></endEvent>
    <sequenceFlow id="sid-F1" isImmediate="true" sourceRef="sid-S" targetRef="sid-A"/>
    <sequenceFlow id="sid-F2" sourceRef="sid-A" targetRef="sid-G"/><sequenceFlow id="sid-F3" name="ja" sourceRef="sid-G" targetRef="sid-E1">
      <conditionExpression id="sid-x" xsi:type="tFormalExpression"/></sequenceFlow>
    <sequenceFlow id="sid-F4" sourceRef="sid-G" targetRef="sid-E2"/>
  </process></definitions>"""

ADONIS = f"""<?xml version="1.0" encoding="UTF-8"?>
<semantic:definitions xmlns:semantic="{MODEL}" {DRAWING} xmlns:tns="http://www.boc-group.com"
  targetNamespace="http://www.boc-group.com" id="obj.1"
  exporter="ADONIS"><semantic:process id="obj.10" name="Antrag" isExecutable="false">
  <semantic:startEvent id="obj.11 a"/><semantic:task id="obj.12/é" name="Erfassen"/><semantic:endEvent id="{{obj-13}}"/>
  <semantic:sequenceFlow id="obj.14" sourceRef="tns:obj.11 a" targetRef="tns:obj.12/é"/>
  <semantic:sequenceFlow id="obj.15" sourceRef="tns:obj.12/é" targetRef="tns:{{obj-13}}"/></semantic:process></semantic:definitions>"""

BIZAGI = f"""<?xml version="1.0" encoding="utf-16"?>
<definitions xmlns="{MODEL}" {DRAWING} targetNamespace="http://www.bizagi.com/definitions/1" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <process id="Id_a1" name="Proceso"><extensionElements><bizagi:BizagiExtensions xmlns:bizagi="http://www.bizagi.com/bpmn20">
      <bizagi:BizagiProperties><bizagi:BizagiProperty name="bgColor" value="White"/></bizagi:BizagiProperties></bizagi:BizagiExtensions>
    </extensionElements><startEvent id="Id_s"><outgoing>Id_f</outgoing></startEvent><task id="Id_t" name="Tarea"><incoming>Id_f</incoming>
      <outgoing>Id_g</outgoing></task><endEvent id="Id_e"><incoming>Id_g</incoming></endEvent>
    <sequenceFlow id="Id_f" sourceRef="Id_s" targetRef="Id_t"/><sequenceFlow id="Id_g" sourceRef="Id_t" targetRef="Id_e"/></process>
  <collaboration id="Id_c"><participant id="Id_pool" name="Proceso" processRef="Id_a1"/><participant id="Id_black" name="Cliente"/>
    </collaboration>
  {PLANE.format("Id_c", "Id_pool")}{PLANE.format("Id_a1", "Id_t")}</definitions>"""

ARIS = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{MODEL}" {DRAWING} name="ARIS" exporter="ARIS" targetNamespace="http://www.software-ag.com/aris/bpmn2">
  <process isExecutable="false"><task name="One"/><task name="Two"/><manualTask name="Three"/></process></definitions>"""

ONLY_A_PICTURE = f'<definitions xmlns="{MODEL}" {DRAWING} targetNamespace="t">{PLANE.format("gone", "away")}</definitions>'


def opened(content: bytes | str) -> tuple[reader.Reading, list[Problem]]:
    reading = reader.read({"a.bpmn": content if isinstance(content, bytes) else content.encode()})
    assert [problem.code for problem in reading.problems] == []
    return reading, lint.check(reading)


def errors(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.element, problem.code) for problem in problems if problem.level == "error"]


@pytest.mark.parametrize(("content", "process", "elements"), [
    (BPMN_JS, "Process_1", 3), (CAMUNDA_MODELER, "order", 5), (SIGNAVIO, "sid-p", 5), (ADONIS, "obj.10", 3), (BIZAGI, "Id_a1", 3),
    (ARIS, "Process_1", 3),
], ids=["bpmn-js", "Camunda Modeler", "Signavio", "ADONIS", "Bizagi", "ARIS"])
def test_a_file_of_every_tool_opens_with_what_is_drawn_and_without_an_error(content: str, process: str, elements: int) -> None:
    reading, problems = opened(content)
    assert len(reading.model.processes[process].elements) == elements and errors(problems) == []


@pytest.mark.parametrize("encoded", [
    BIZAGI.encode(), b"\xef\xbb\xbf" + BIZAGI.replace("utf-16", "utf-8").encode(), BIZAGI.encode("utf-16"),
    b"\r\n  " + BIZAGI.replace("utf-16", "utf-8").encode(),
    BIZAGI.replace("utf-16", "ISO-8859-1").replace("Tarea", "Tâche é").encode("latin-1"),
    BIZAGI.replace("utf-16", "windows-1252").replace("Tarea", "Tâche “é”").encode("cp1252"),
    BIZAGI.replace('<?xml version="1.0" encoding="utf-16"?>', "").encode(),
], ids=["UTF-8 that calls itself UTF-16", "with a byte order mark", "UTF-16", "space before the declaration", "Latin 1", "Windows",
        "undeclared"])
def test_a_file_opens_in_any_encoding(encoded: bytes) -> None:
    reading, problems = opened(encoded)
    name = reading.model.processes["Id_a1"].elements["Id_t"].name.fr
    assert name in ("Tarea", "Tâche é", "Tâche “é”") and errors(problems) == []


def test_names_of_camunda_modeler_become_ours_and_the_file_runs() -> None:
    house = Rehearsal(datetime(2026, 1, 5, 9, tzinfo=UTC))
    form = b'{"components": [{"type": "number", "key": "amount", "id": "a"}]}'
    files = {"order.bpmn": CAMUNDA_MODELER.encode(), "order.form.json": form}
    assert [problem for problem in house.check(files) if problem.level != "warning"] == []
    house.deploy(files)
    house.start("order", {})
    house.settle()
    house.complete("check", {"amount": 5})
    house.settle()
    assert house.state() == "completed" and "good" in [step[0] for step in house.trace()]


@pytest.mark.parametrize(("content", "process"), [(BPMN_JS, "Process_1"), (BIZAGI, "Id_a1"), (ADONIS, "obj.10")])
def test_ids_of_any_form_run(content: str, process: str) -> None:
    house = Rehearsal(datetime(2026, 1, 5, 9, tzinfo=UTC))
    house.deploy({"a.bpmn": content.replace('isExecutable="false"', 'isExecutable="true"').encode()})
    house.start(process, {})
    house.settle()
    assert house.state() == "completed"


def test_what_a_lane_or_a_picture_leaves_behind_is_advice() -> None:
    _, problems = opened(SIGNAVIO)
    assert ("sid-l", "reference.unknown", "warning") in {(problem.element, problem.code, problem.level) for problem in problems}
    _, problems = opened(ONLY_A_PICTURE)
    assert {(problem.code, problem.level) for problem in problems} == {("process.none", "draft"), ("picture.of_nothing", "warning")}


def test_elements_without_ids_get_the_same_ones_at_every_reading() -> None:
    first, second = (list(opened(ARIS)[0].model.processes["Process_1"].elements) for _ in range(2))
    assert first == second == ["Task_1", "Task_2", "ManualTask_1"]


def test_a_decorative_data_store_that_names_nothing_stops_nothing() -> None:
    body = CAMUNDA_MODELER.replace('<bpmn:dataStoreReference id="store"', '<bpmn:dataStoreReference dataStoreRef="gone" id="store"')
    _, problems = opened(body)
    assert errors(problems) == [] and ("store", "warning") in {(problem.element, problem.level) for problem in problems}


def test_expressions_and_names_of_another_engine_are_left_to_do_and_no_error() -> None:
    """A file that declares its expression language is valid in it; names of a foreign mapping are its own."""
    theirs = CAMUNDA_MODELER.replace("=amount &gt; 3", "${amount > 3 ? 'a' : 'b'}").replace("id=\"Definitions_1\"", (
        'id="Definitions_1" expressionLanguage="http://www.w3.org/1999/XPath"'))
    _, problems = opened(theirs)
    assert errors(problems) == [] and ("yes", "expression.not_feel", "draft") in {
        (problem.element, problem.code, problem.level) for problem in problems}
    mapped = CAMUNDA_MODELER.replace("<zeebe:userTask/>", '<zeebe:ioMapping><zeebe:input source="=a" target="from.email"/>'
                                                          "</zeebe:ioMapping>")
    _, problems = opened(mapped)
    assert errors(problems) == [] and ("check", "variable.bad_name", "draft") in {
        (problem.element, problem.code, problem.level) for problem in problems}
