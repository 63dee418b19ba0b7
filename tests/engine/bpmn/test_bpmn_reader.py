"""What a diagram says comes out of the reader whole, and nothing that stands in a file stops it.

Rule: docs/diagrams.md; BPMN 2.0.2, 8.3.1, 10.5.5.
"""

from __future__ import annotations

import pytest

from engine.bpmn import reader, xml
from engine.bpmn.model import Assignment
from engine.texts import Text
from tests.engine.bpmn.drawing import END, START, chain, definitions, diagram, flow, read


def test_a_sequence_flow_without_an_id_works_and_keeps_the_same_id_at_every_reading() -> None:
    drawn = diagram(f'{START}{END}<sequenceFlow sourceRef="start" targetRef="end"/><sequenceFlow sourceRef="start" targetRef="end"/>')
    first, second = (reader.read({"a.bpmn": drawn}).model.processes["p"] for _ in range(2))
    assert first.elements["start"].outgoing == ("Flow_start_end", "Flow_start_end_1")
    assert list(first.flows) == list(second.flows)


def test_a_given_id_never_takes_one_that_is_drawn_further_down() -> None:
    process = read('<task/><task id="Task_1" name="drawn"/>').model.processes["p"]
    assert {key: element.name.fr for key, element in process.elements.items()} == {"Task_2": "", "Task_1": "drawn"}


@pytest.mark.parametrize(("content", "code"), [
    (b"", "file.not_xml"),
    (b"\x00\xff\xfe", "file.not_xml"),
    (b"<a><b></a>", "file.not_xml"),
    (b"<?xml version='1.0' encoding='klingon'?><a/>", "file.not_xml"),
    (b"<!DOCTYPE a><a/>", "file.doctype"),
    (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "file.doctype"),
    (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "file.doctype"),
    (b'<!DOCTYPE a SYSTEM "http://localhost:1/x.dtd"><a/>', "file.doctype"),
    (b"<a>" * (xml.MAX_DEPTH + 1) + b"</a>" * (xml.MAX_DEPTH + 1), "file.too_deep"),
    (b"<a>" * 5000 + b"</a>" * 5000, "file.not_xml"),
    (b"<a" + b" " * xml.MAX_BYTES + b"/>", "file.too_large"),
    (b"<html/>", "file.not_bpmn"),
])
def test_hostile_or_foreign_input_is_a_problem_and_no_exception(content: bytes, code: str) -> None:
    reading = reader.read({"bad.bpmn": content, "good.bpmn": diagram(chain(START, END))})
    assert [(problem.file, problem.code, problem.level) for problem in reading.problems] == [("bad.bpmn", code, "error")]
    assert list(reading.model.processes) == ["p"], "the other file of the folder is still read"


def test_the_line_of_a_fault_is_told() -> None:
    assert "line 3" in reader.read({"a.bpmn": b"<a>\n<b>\n</a>"}).problems[0].message.en


def test_a_billion_laughs_are_not_laughed() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    content = f'<!DOCTYPE a [<!ENTITY l0 "ha">{entities}]><a>&l29;</a>'.encode()
    assert reader.read({"a.bpmn": content}).problems[0].code in ("file.doctype", "file.not_xml")


def test_a_process_drawn_in_a_pool_has_its_lanes_and_the_name_of_the_pool() -> None:
    reading = reader.read({"a.bpmn": definitions(
        '<collaboration id="c"><participant id="pool" name="Organisme" processRef="t:p"/><participant id="black" name="Client"/>'
        '</collaboration><process id="p"><laneSet><lane id="outer" jalon:group="auditor"><childLaneSet>'
        '<lane id="inner" name="Revue"><flowNodeRef>sub</flowNodeRef></lane></childLaneSet></lane></laneSet>'
        '<subProcess id="sub"><userTask id="task"/></subProcess></process>')})
    process = reading.model.processes["p"]
    assert process.name.fr == "Organisme" and process.executable
    assert [(lane.id, lane.group) for lane in process.lanes] == [("outer", "auditor"), ("inner", "auditor")]
    assert (process.elements["task"].lane, process.elements["task"].parent) == ("inner", "sub")


def test_words_of_jalon_are_read() -> None:
    process = read(
        '<extensionElements><jalon:milestone id="audit" name="Audit" nameEn="The audit"/></extensionElements>'
        '<userTask id="t" name="Auditer" jalon:nameEn="Audit" jalon:form="audit" jalon:groups="auditor, quality" jalon:assignee="=who" '
        'jalon:due=" = day " jalon:notWhoDid="a b" jalon:milestone="audit" jalon:result="audit"><extensionElements>'
        '<jalon:input name="x" value="=1 + 1"/><jalon:output name="y" value="z"/></extensionElements></userTask>'
        '<serviceTask id="s" jalon:handler="a.b" jalon:retries="3"><multiInstanceLoopCharacteristics isSequential="true" '
        'jalon:collection="=list" jalon:item="one" jalon:collect="all" jalon:collectValue="one.x"/></serviceTask>',
        attributes='jalon:startForm="application" jalon:title="=name"').model.processes["p"]
    task, ext = process.elements["t"], process.elements["t"].ext
    assert task.name == Text("Auditer", "Audit")
    assert (ext.form, ext.groups, ext.assignee, ext.due, ext.result) == ("audit", ("auditor", "quality"), "who", "day", "audit")
    assert (ext.not_who_did, ext.milestone) == (("a", "b"), "audit")
    assert (ext.inputs, ext.outputs) == ((Assignment("x", "1 + 1"),), (Assignment("y", "z"),))
    service = process.elements["s"]
    assert (service.ext.handler, service.ext.retries) == ("a.b", 3)
    assert service.loop and (service.loop.kind, service.loop.collection, service.loop.item) == ("sequential", "list", "one")
    assert (service.loop.collect, service.loop.collect_value) == ("all", "one.x")
    assert (process.start_form, process.title, process.milestones[0].name) == ("application", "name", Text("Audit", "The audit"))


def test_words_of_camunda_come_out_as_feel() -> None:
    process = read(
        '<userTask id="t" camunda:assignee="anna" camunda:candidateGroups="a,b" camunda:formKey="f" camunda:dueDate="${case.due}" '
        'camunda:followUpDate="2026-01-31"/><serviceTask id="s" camunda:type="external" camunda:topic="mail"><extensionElements>'
        '<camunda:failedJobRetryTimeCycle>R3/PT10M</camunda:failedJobRetryTimeCycle><camunda:inputOutput><camunda:inputParameter name="to">'
        '${email}</camunda:inputParameter><camunda:inputParameter name="kind">say "x"</camunda:inputParameter>'
        '<camunda:inputParameter name="l"><camunda:list/></camunda:inputParameter></camunda:inputOutput></extensionElements>'
        '</serviceTask>').model.processes["p"]
    ext = process.elements["t"].ext
    assert (ext.assignee, ext.groups, ext.form, ext.due, ext.follow_up) == ('"anna"', ("a", "b"), "f", "case.due", 'date("2026-01-31")')
    service = process.elements["s"].ext
    assert (service.handler, service.retries) == ("mail", 3)
    assert service.inputs == (Assignment("to", "email"), Assignment("kind", '"say \\"x\\""'))


def test_words_of_zeebe_come_out_as_feel_and_jalon_wins_over_them() -> None:
    process = read(
        '<userTask id="t" jalon:form="mine"><extensionElements><zeebe:assignmentDefinition assignee="=case.who" candidateGroups="a, b"/>'
        '<zeebe:formDefinition formId="theirs"/><zeebe:taskSchedule dueDate="=due"/></extensionElements></userTask>'
        '<serviceTask id="s"><extensionElements><zeebe:taskDefinition type="mail" retries="2"/><zeebe:ioMapping>'
        '<zeebe:input source="=a + 1" target="b"/><zeebe:output source="=c" target="d"/></zeebe:ioMapping></extensionElements>'
        '</serviceTask><scriptTask id="x"><extensionElements><zeebe:script expression="=1 + 2" resultVariable="three"/></extensionElements>'
        '</scriptTask>').model.processes["p"]
    ext = process.elements["t"].ext
    assert (ext.form, ext.assignee, ext.groups, ext.due) == ("mine", "case.who", ("a", "b"), "due")
    service = process.elements["s"].ext
    assert (service.handler, service.retries, service.inputs, service.outputs) == (
        "mail", 2, (Assignment("b", "a + 1"),), (Assignment("d", "c"),))
    assert (process.elements["x"].script, process.elements["x"].ext.result) == ("1 + 2", "three")


def test_events_know_what_they_wait_for_across_files_and_prefixes() -> None:
    roots = ('<message id="m" name="withdrawn" jalon:correlation="=case_number"/><error id="e" name="Lapsed" errorCode="NC_LAPSED"/>'
             '<timerEventDefinition id="apart"><timeDuration>=P3M</timeDuration></timerEventDefinition>')
    reading = reader.read({"roots.bpmn": definitions(roots), "a.bpmn": diagram(
        '<startEvent id="s"><messageEventDefinition messageRef="t:m"/></startEvent><task id="host"/>'
        '<boundaryEvent id="b" attachedToRef="host" cancelActivity="false"><errorEventDefinition errorRef="e"/></boundaryEvent>'
        '<receiveTask id="r" messageRef="m" jalon:correlation="own"/>')})
    start, boundary, receive = (reading.model.processes["p"].elements[key].events[0] for key in ("s", "b", "r"))
    assert (start.kind, start.name, start.correlation) == ("message", "withdrawn", "case_number")
    assert (boundary.kind, boundary.code, boundary.name) == ("error", "NC_LAPSED", "Lapsed")
    assert (receive.name, receive.correlation) == ("withdrawn", "own")
    assert not reading.model.processes["p"].elements["b"].interrupting


def test_an_event_definition_that_stands_apart_is_put_in_place() -> None:
    reading = read('<intermediateCatchEvent id="c"><eventDefinitionRef>t:apart</eventDefinitionRef></intermediateCatchEvent>',
                   roots='<timerEventDefinition id="apart"><timeDuration>= P3M</timeDuration></timerEventDefinition>')
    event = reading.model.processes["p"].elements["c"].events[0]
    assert (event.kind, event.timer, event.expression) == ("timer", "duration", "P3M")
    assert not list(reading.documents["a.bpmn"].iter(f"{{{xml.BPMN}}}eventDefinitionRef"))


def test_decoration_and_foreign_extensions_stop_nothing_and_stay_in_the_document() -> None:
    reading = read(chain(START, '<userTask id="t" other:colour="red"><extensionElements><other:thing a="1"><other:deep/></other:thing>'
                                '</extensionElements></userTask>', END)
                   + '<dataStoreReference id="ds" name="Registre"/><textAnnotation id="n"><text>Note</text></textAnnotation>')
    assert reading.problems == () and "t" in reading.model.processes["p"].elements
    document = reading.documents["a.bpmn"]
    assert list(document.iter("{urn:somebody:else}deep")) and list(document.iter(f"{{{xml.BPMN}}}dataStoreReference"))


def test_two_processes_with_one_id_are_named_and_the_first_is_kept() -> None:
    reading = reader.read({"a.bpmn": diagram(START), "b.bpmn": diagram(END)})
    assert [(problem.file, problem.code) for problem in reading.problems] == [("b.bpmn", "process.twice")]
    assert list(reading.model.processes["p"].elements) == ["start"]


def test_sub_processes_and_conditions_are_read_at_their_place() -> None:
    process = read(chain(START, '<subProcess id="sub" triggeredByEvent="true"><startEvent id="inner" isInterrupting="false"/></subProcess>')
                   + flow("sub", "start", "= x < 3", key="f")).model.processes["p"]
    assert process.flows["f"].condition == "x < 3"
    assert process.elements["sub"].triggered_by_event and not process.elements["inner"].interrupting
    assert [element.id for element in process.starts()] == ["start"]


def test_other_files_of_the_folder_are_left_out() -> None:
    assert reader.read({"t.dmn": b"not xml", "f.form.json": b"{}", "a.bpmn": diagram(START)}).problems == ()


def test_english_names_beside_the_diagram_fill_what_is_not_drawn_in_english() -> None:
    body = chain(START, '<manualTask id="a" name="Auditer"/>', '<manualTask id="b" name="Décider" jalon:nameEn="Decide"/>', END)
    reading = reader.read({"a.bpmn": diagram(body), "texts.en.yaml": b"elements: {a: Audit, b: Choose, p: Whole, gone: Gone}"})
    process = reading.model.processes["p"]
    assert [process.name("en"), *(process.elements[key].name("en") for key in ("a", "b"))] == ["Whole", "Audit", "Decide"]
    assert [(problem.element, problem.code) for problem in reading.problems] == [("gone", "texts.unknown_element")]


@pytest.mark.parametrize("content", [b"elements: [", b"elements: [a]", b"- a", b"elements: {a: [1]}", b"\xff"])
def test_english_names_that_cannot_be_read_are_a_problem(content: bytes) -> None:
    reading = reader.read({"a.bpmn": diagram(START), "texts.en.yaml": content})
    assert [(problem.file, problem.level) for problem in reading.problems] == [("texts.en.yaml", "error")]


def test_links_that_name_each_other_by_id_become_a_pair_of_names() -> None:
    process = read('<intermediateThrowEvent id="t"><linkEventDefinition id="l1" name="to B"><target>l2</target></linkEventDefinition>'
                   '</intermediateThrowEvent><intermediateCatchEvent id="c"><linkEventDefinition id="l2" name="from A"/>'
                   '</intermediateCatchEvent>').model.processes["p"]
    assert process.elements["t"].events[0].name == process.elements["c"].events[0].name == "from A"
