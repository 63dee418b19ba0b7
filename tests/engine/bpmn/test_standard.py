"""The rules of BPMN 2.0.2 that a document keeps or breaks by itself: one drawing that breaks each, one that keeps it.

Rule: BPMN 2.0.2, chapters 8 to 12; `engine.bpmn.lint.standard`.
"""

from __future__ import annotations

import pytest

from engine.bpmn import lint, reader
from engine.bpmn.lint.rules import RULES, STANDARD, Look
from engine.problems import Problem
from tests.engine.bpmn.drawing import END, START, chain, definitions, diagram, flow
from tests.engine.bpmn.test_lint import KNOWN, every_reading

ITEMS = ('<itemDefinition id="text" structureRef="string"/><itemDefinition id="word" structureRef="string"/>'
         '<itemDefinition id="number" structureRef="decimal"/><itemDefinition id="texts" structureRef="string" isCollection="true"/>')
MESSAGE = '<message id="M" name="m" itemRef="text"/><signal id="S" name="s" structureRef="number"/>'
SERVICE = ('<interface id="I" name="i"><operation id="O" name="o"><inMessageRef>M</inMessageRef><outMessageRef>M</outMessageRef>'
           '</operation></interface>')
FORMAL = 'xsi:type="tFormalExpression"'


def io(inputs: str = "", outputs: str = "", input_set: str | None = None, output_set: str | None = None) -> str:
    """Declare the data of an activity, ids and kinds as `id:kind`, everything in one set unless told otherwise."""
    def data(tag: str, words: str) -> str:
        pairs = (word.split(":") for word in words.split())
        return "".join(f'<{tag} id="{pair[0]}" {f"""itemSubjectRef="{pair[1]}" """ if len(pair) > 1 else ""}/>' for pair in pairs)

    def refs(tag: str, words: str) -> str:
        return "".join(f"<{tag}>{word.split(':')[0]}</{tag}>" for word in words.split())

    return (f'<ioSpecification>{data("dataInput", inputs)}{data("dataOutput", outputs)}'
            f'{input_set if input_set is not None else f"""<inputSet>{refs("dataInputRefs", inputs)}</inputSet>"""}'
            f'{output_set if output_set is not None else f"""<outputSet>{refs("dataOutputRefs", outputs)}</outputSet>"""}'
            "</ioSpecification>")


def within(body: str, roots: str = "", attributes: str = "") -> bytes:
    return diagram(body, ITEMS + MESSAGE + SERVICE + roots, attributes)


def path(node: str, extra: str = "", roots: str = "") -> bytes:
    return within(chain(START, node, END) + extra, roots)


def task(inside: str, tag: str = "task", attributes: str = "") -> bytes:
    return path(f'<{tag} id="x" {attributes}>{inside}</{tag}>', '<dataObject id="words" itemSubjectRef="text"/>'
                '<dataObject id="sum" itemSubjectRef="number"/><dataObjectReference id="shown" dataObjectRef="words"/>')


def gateway(direction: str, ways_in: int, ways_out: int) -> bytes:
    tasks = "".join(f'<task id="i{n}"/>{flow(f"i{n}", "g")}' for n in range(ways_in))
    ends = "".join(f'<endEvent id="o{n}"/>{flow("g", f"o{n}", key=f"f{n}")}' for n in range(ways_out))
    return within(f'<parallelGateway id="g" gatewayDirection="{direction}"/>{tasks}{ends}')


def association(inside: str, tag: str = "dataInputAssociation", kind: str = "text") -> bytes:
    return task(io(f"in:{kind}") + f'<{tag} id="a">{inside}</{tag}>')


def collaboration(inside: str, roots: str = "") -> bytes:
    return definitions(f'<collaboration id="C">{inside}</collaboration>'
                       f'<process id="p" isExecutable="true">{chain(START, END)}</process>{roots}')


def link(throw: str, catch: str) -> bytes:
    return within(chain(START, f'<intermediateThrowEvent id="t"><linkEventDefinition id="lt" name="n">{throw}</linkEventDefinition>'
                        '</intermediateThrowEvent>')
                  + chain(f'<intermediateCatchEvent id="c"><linkEventDefinition id="lc" name="n">{catch}</linkEventDefinition>'
                          '</intermediateCatchEvent>', END))


def called(own: str, theirs: str, start: str = '<startEvent id="qs"/>') -> bytes:
    return path(f'<callActivity id="x" calledElement="q">{own}</callActivity>',
                roots=f'<process id="q" isExecutable="true">{theirs}{chain(start, """<endEvent id="qe"/>""")}</process>')


def behind_event_gateway(first: str, second: str, extra: str = "") -> bytes:
    ends = '<endEvent id="e1"/><endEvent id="e2"/>'
    return within(chain(START, '<eventBasedGateway id="g"/>') + first + second + ends + extra
                  + flow("g", "a") + flow("g", "b") + flow("a", "e1") + flow("b", "e2"))


def choreography(inside: str, attributes: str = "") -> str:
    return (f'<choreography id="H" {attributes}><participant id="P1" name="one"/><participant id="P2" name="two"/>'
            f'<choreographyTask id="h" initiatingParticipantRef="P1">{inside}</choreographyTask></choreography>')


IMPORT = '<import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="{}" namespace="t"/>'
BOTH = "<participantRef>P1</participantRef><participantRef>P2</participantRef>"
LISTED = ('<startEvent id="s"><outgoing>f</outgoing></startEvent><endEvent id="e">{}</endEvent>'
          '<sequenceFlow id="f" sourceRef="s" targetRef="e"/>')
MULTI = '<multiInstanceLoopCharacteristics>{}</multiInstanceLoopCharacteristics>'
RECEIVE = '<receiveTask id="b" messageRef="M"/>'
AWAIT = '<intermediateCatchEvent id="a"><{0}EventDefinition {1}/></intermediateCatchEvent>'
SHAPE = '<di:BPMNShape xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" bpmnElement="{}">{}</di:BPMNShape>'
PLACE = '<dc:Bounds xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" x="1" y="1" width="1" height="1"/>'


def picture(*shapes: str) -> bytes:
    return within(chain(START, END), '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"><di:BPMNPlane bpmnElement="p">'
                  + "".join(shapes) + "</di:BPMNPlane></di:BPMNDiagram>")


#: code, element, what breaks the rule, what keeps it
RULES_OF_THE_STANDARD: list[tuple[str, str, bytes, bytes]] = [
    ("gateway.direction", "g", gateway("Converging", 1, 2), gateway("Converging", 2, 1)),
    ("gateway.direction", "g", gateway("Diverging", 2, 1), gateway("Diverging", 1, 2)),
    ("gateway.direction", "g", gateway("Mixed", 1, 2), gateway("Mixed", 2, 2)),
    ("gateway.direction", "g", gateway("Converging", 2, 2), gateway("Unspecified", 2, 2)),
    ("gateway.pointless", "g", gateway("Unspecified", 1, 1), gateway("Unspecified", 2, 1)),
    ("event_gateway.events_and_tasks", "g", behind_event_gateway(AWAIT.format("message", 'messageRef="M"'), RECEIVE),
     behind_event_gateway(AWAIT.format("signal", 'signalRef="S"'), RECEIVE)),
    ("event_gateway.task_with_events", "b", behind_event_gateway(
        AWAIT.format("signal", 'signalRef="S"'), RECEIVE, '<boundaryEvent id="bo" attachedToRef="b"><errorEventDefinition/></boundaryEvent>'
        + flow("bo", "e2")), behind_event_gateway(AWAIT.format("signal", 'signalRef="S"'), RECEIVE)),
    ("participant.multiplicity", "P", collaboration('<participant id="P"><participantMultiplicity minimum="3" maximum="2"/></participant>'),
     collaboration('<participant id="P"><participantMultiplicity minimum="2" maximum="3"/></participant>')),
    ("participant.multiplicity", "P", collaboration('<participant id="P"><participantMultiplicity minimum="-1"/></participant>'),
     collaboration('<participant id="P"><participantMultiplicity/></participant>')),
    ("process.public_and_executable", "p", within(chain(START, END), attributes='processType="Public"'),
     within(chain(START, END), attributes='processType="Private"')),
    ("message_flow.wrong_end", "f", collaboration(
        '<participant id="P"/><messageFlow id="f" sourceRef="note" targetRef="P"/><textAnnotation id="note"/>'),
     collaboration('<participant id="P"/><participant id="Q"/><messageFlow id="f" sourceRef="P" targetRef="Q"/>')),
    ("choreography.names_another", "H2", definitions('<choreography id="H2"><choreographyRef>H</choreographyRef></choreography>'
                                                     + choreography(BOTH)), definitions(choreography(BOTH))),
    ("choreography.in_a_process", "h", within(chain(START, f'<choreographyTask id="h">{BOTH}</choreographyTask>', END)),
     definitions(choreography(BOTH))),
    ("choreography.initiator", "h", definitions(choreography(BOTH.replace("P1", "P3"))), definitions(choreography(BOTH))),
    ("choreography.participants", "h", definitions(choreography(BOTH.replace("P2", "P1"))), definitions(choreography(BOTH))),
    ("choreography.closed", "f", collaboration('<participant id="P"/><messageFlow id="f" sourceRef="P" targetRef="h"/>',
                                               choreography(BOTH, 'isClosed="true"')),
     collaboration('<participant id="P"/><messageFlow id="f" sourceRef="P" targetRef="h"/>', choreography(BOTH))),
    ("choreography.closed_on_one_side", "C", collaboration("<choreographyRef>H</choreographyRef>", choreography(BOTH, 'isClosed="true"')),
     collaboration("<choreographyRef>H</choreographyRef>", choreography(BOTH, 'isClosed="false"'))),
    ("conversation.not_atomic", "G", definitions('<globalConversation id="G"><conversation id="c"/></globalConversation>'),
     definitions('<globalConversation id="G"><participant id="P"/></globalConversation>')),
    ("data.collection", "x", task(io("in:texts")), task(io("in:text"))),
    ("data.collection", "d", path("<task id='x'/>".replace("'", '"'), '<dataObject id="d" isCollection="true" itemSubjectRef="text"/>'),
     path("<task id='x'/>".replace("'", '"'), '<dataObject id="d" isCollection="true" itemSubjectRef="texts"/>')),
    ("data.kind_of_reference", "r", within(chain(START, END) + '<dataObject id="d"/>'
                                           '<dataObjectReference id="r" dataObjectRef="d" itemSubjectRef="text"/>'),
     within(chain(START, END) + '<dataObject id="d" itemSubjectRef="text"/><dataObjectReference id="r" dataObjectRef="d"/>')),
    ("data.state_of_object", "d", within(chain(START, END) + '<dataObject id="d"><dataState name="done"/></dataObject>'),
     within(chain(START, END) + '<dataObject id="d"/><dataObjectReference id="r" dataObjectRef="d"><dataState name="done"/>'
            '</dataObjectReference>')),
    ("data.sub_process_inputs", "x", path(f'<subProcess id="x">{io("in")}<task id="y"/></subProcess>'),
     path('<subProcess id="x"><task id="y"/></subProcess>')),
    ("data.in_no_set", "x", task(io("in", input_set="<inputSet/>")), task(io("in"))),
    ("data.in_no_set", "x", task(io("", "out", output_set="<outputSet/>")), task(io("", "out"))),
    ("data.marked_but_not_in_set", "x", task(io("in", input_set="<inputSet><dataInputRefs>in</dataInputRefs><optionalInputRefs>no"
                                                "</optionalInputRefs></inputSet>")),
     task(io("in", input_set="<inputSet><dataInputRefs>in</dataInputRefs><optionalInputRefs>in</optionalInputRefs></inputSet>"))),
    ("data.marked_but_not_in_set", "x", task(io("", "a b", output_set="<outputSet><dataOutputRefs>a</dataOutputRefs><dataOutputRefs>b"
                                                "</dataOutputRefs><whileExecutingOutputRefs>c</whileExecutingOutputRefs></outputSet>")),
     task(io("", "a b"))),
    ("data.sets_one_sided", "x", task(io("", "", '<inputSet id="i"><outputSetRefs>o</outputSetRefs></inputSet>', '<outputSet id="o"/>')),
     task(io("", "", '<inputSet id="i"><outputSetRefs>o</outputSetRefs></inputSet>',
             '<outputSet id="o"><inputSetRefs>i</inputSetRefs></outputSet>'))),
    ("data.several_sources", "a", association("<sourceRef>shown</sourceRef><sourceRef>words</sourceRef><targetRef>in</targetRef>"),
     association("<sourceRef>shown</sourceRef><sourceRef>words</sourceRef><targetRef>in</targetRef>"
                 "<transformation>words</transformation>")),
    ("data.other_kind", "a", association("<sourceRef>sum</sourceRef><targetRef>in</targetRef>"),
     association("<sourceRef>shown</sourceRef><targetRef>in</targetRef>", kind="word")),
    ("data.association_end", "a", association("<sourceRef>start_x</sourceRef><targetRef>in</targetRef>"),
     association("<sourceRef>words</sourceRef><targetRef>in</targetRef>")),
    ("data.process_input_inside", "a", within(io("given:text") + chain(START, END) + '<task id="x"><dataOutputAssociation id="a">'
                                              "<sourceRef>x</sourceRef><targetRef>given</targetRef></dataOutputAssociation></task>"),
     within(io("given:text") + chain(START, END) + '<task id="x">' + io("in:text") + '<dataInputAssociation id="a">'
            "<sourceRef>given</sourceRef><targetRef>in</targetRef></dataInputAssociation></task>")),
    ("expression.empty", "start_x", within('<startEvent id="start"/><task id="x"/><sequenceFlow id="start_x" sourceRef="start" '
                                           f'targetRef="x"><conditionExpression {FORMAL}> </conditionExpression></sequenceFlow>'),
     within(chain(START, '<task id="x"/>', END))),
    ("timer.several_times", "x", path('<intermediateCatchEvent id="x"><timerEventDefinition><timeDate>2026-01-01</timeDate>'
                                      "<timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>"),
     path('<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>'
          "</intermediateCatchEvent>")),
    ("message.operation_without_message", "x", path('<intermediateCatchEvent id="x"><messageEventDefinition><operationRef>O</operationRef>'
                                                    "</messageEventDefinition></intermediateCatchEvent>"),
     path('<intermediateCatchEvent id="x"><messageEventDefinition messageRef="M"><operationRef>O</operationRef></messageEventDefinition>'
          "</intermediateCatchEvent>")),
    ("message.not_of_operation", "x", path('<sendTask id="x" messageRef="N" operationRef="O"/>', roots='<message id="N" name="n"/>'),
     path('<sendTask id="x" messageRef="M" operationRef="O"/>')),
    ("message.data_count", "x", task("", "serviceTask", 'operationRef="O"'),
     task(io("i:text", "o:text"), "serviceTask", 'operationRef="O"')),
    ("message.data_count", "x", task(io("i:text", "o:text", output_set="<outputSet><dataOutputRefs>o</dataOutputRefs></outputSet>" * 2),
                                     "serviceTask", 'operationRef="O"'),
     task(io("i:text", "o:word"), "serviceTask", 'operationRef="O"')),
    ("message.data_count", "x", task(io("i:text j:text"), "sendTask", 'messageRef="M"'), task(io("i:text"), "sendTask", 'messageRef="M"')),
    ("message.data_kind", "x", task(io("i:number"), "sendTask", 'messageRef="M"'), task("", "sendTask", 'messageRef="M"')),
    ("message.data_kind", "x", task(io("", "o"), "receiveTask", 'messageRef="M"'), task(io("", "o:word"), "receiveTask", 'messageRef="M"')),
    ("message.data_kind", "x", task(io("i:text", "o:number"), "serviceTask", 'operationRef="O"'),
     task(io("i:text", "o:text"), "serviceTask", 'operationRef="O"')),
    ("event.data_count", "x", path('<intermediateThrowEvent id="x"><dataInput id="i" itemSubjectRef="text"/><messageEventDefinition '
                                   'messageRef="M"/><signalEventDefinition signalRef="S"/></intermediateThrowEvent>'),
     path('<intermediateThrowEvent id="x"><messageEventDefinition messageRef="M"/><signalEventDefinition signalRef="S"/>'
          "</intermediateThrowEvent>")),
    ("event.data_kind", "x", path('<intermediateCatchEvent id="x"><dataOutput id="o" itemSubjectRef="number"/><messageEventDefinition '
                                  'messageRef="M"/></intermediateCatchEvent>'),
     path('<intermediateCatchEvent id="x"><dataOutput id="o" itemSubjectRef="number"/><signalEventDefinition signalRef="S"/>'
          "</intermediateCatchEvent>")),
    ("call.no_plain_start", "x", called("", "", '<startEvent id="qs"><messageEventDefinition messageRef="M"/></startEvent>'),
     called("", "")),
    ("call.other_data", "x", called(io("i:text"), io("a:text b:text")), called(io("i:text"), io("a:word"))),
    ("call.other_data", "x", called(io("", "o:text"), io("", "a:number")), called("", io("", "a:number"))),
    ("call.other_sets", "x", called(io("i:text"), io("a:text", input_set="<inputSet><dataInputRefs>a</dataInputRefs></inputSet>" * 2)),
     called(io("i:text"), io("a:text"))),
    ("service.without_binding", "p", within("<supportedInterfaceRef>I</supportedInterfaceRef>" + io("i:text") + chain(START, END)),
     within("<supportedInterfaceRef>I</supportedInterfaceRef>" + io("i:text") + '<ioBinding operationRef="O" inputDataRef="i"/>'
            + chain(START, END))),
    ("service.binding_of_other_kind", "p", within(io("i:number") + '<ioBinding operationRef="O" inputDataRef="i"/>' + chain(START, END)),
     within(io("i:word") + '<ioBinding operationRef="O" inputDataRef="i"/>' + chain(START, END))),
    ("id.with_colon", "a:x", within(chain(START, '<task id="x"/>', END) + '<textAnnotation id="a:x"/>'),
     within(chain(START, '<task id="{4f-1} é"/>', END))),
    ("flow.not_listed", "f", within(LISTED.format("")), within(LISTED.format("<incoming>f</incoming>"))),
    ("import.not_here", "D", definitions(IMPORT.format("b.bpmn")),
     definitions('<import importType="http://www.w3.org/2001/XMLSchema" location="b.xsd" namespace="t"/>')),
    ("link.one_sided", "t", link("<target>lc</target>", ""), link("<target>lc</target>", "<source>lt</source>")),
    ("loop.item_of_other_kind", "x", task(io("in:texts") + MULTI.format("<loopDataInputRef>in</loopDataInputRef>"
                                                                        '<inputDataItem id="one" itemSubjectRef="number"/>')),
     task(io("in:texts") + MULTI.format('<loopDataInputRef>in</loopDataInputRef><inputDataItem id="one" itemSubjectRef="text"/>'))),
    ("loop.item_of_other_kind", "x", task(io("", "out:texts") + MULTI.format(
        '<loopCardinality>2</loopCardinality><loopDataOutputRef>out</loopDataOutputRef><outputDataItem id="one" itemSubjectRef="texts"/>')),
     task(io("", "out:texts") + MULTI.format(
         '<loopCardinality>2</loopCardinality><loopDataOutputRef>out</loopDataOutputRef>'
         '<outputDataItem id="one" itemSubjectRef="word"/>'))),
    ("loop.list_from_elsewhere", "x", task(io("in") + MULTI.format("<loopDataInputRef>words</loopDataInputRef>")),
     task(MULTI.format("<loopDataInputRef>words</loopDataInputRef>"))),
    ("reference.wrong_type", "x", task("", "receiveTask", 'messageRef="S"'), task("", "receiveTask", 'messageRef="M"')),
    ("reference.wrong_type", "x", task(MULTI.format("<loopDataInputRef>texts</loopDataInputRef>")),
     task(MULTI.format("<loopDataInputRef>words</loopDataInputRef>"))),
    ("resource.two_ways", "x", task("<potentialOwner><resourceRef>R</resourceRef><resourceAssignmentExpression/></potentialOwner>",
                                    "userTask"),
     task("<potentialOwner><resourceRef>R</resourceRef></potentialOwner>", "userTask")),
    ("resource.parameters_alone", "x", task("<performer><resourceParameterBinding/></performer>"),
     task("<performer><resourceRef>R</resourceRef><resourceParameterBinding/></performer>")),
]
#: The same, for what is advice.
ADVICE: list[tuple[str, str, bytes, bytes]] = [
    ("end.without_start", "end", within(chain('<task id="x"/>', END)), path('<task id="x"/>')),
    ("start.without_end", "start", within(chain(START, '<task id="x"/>')), path('<task id="x"/>')),
    ("flow.not_immediate", "f", within('<startEvent id="s"/><endEvent id="e"/>'
                                       '<sequenceFlow id="f" sourceRef="s" targetRef="e" isImmediate="false"/>'), path('<task id="x"/>')),
    ("reference.not_here", "x", task("", "serviceTask", 'operationRef="elsewhere"'), task("", "serviceTask", 'operationRef="o:elsewhere"')
     .replace(b"<definitions ", b'<definitions xmlns:o="urn:elsewhere" ')),
    ("lane.holds_no_flow_node", "L", within('<laneSet id="LS"><lane id="L"><flowNodeRef>d</flowNodeRef></lane></laneSet>'
                                            + chain(START, END) + '<dataObject id="d"/>'),
     within('<laneSet id="LS"><lane id="L"><flowNodeRef>start</flowNodeRef></lane></laneSet>' + chain(START, END))),
    ("picture.of_nothing", "gone", picture(SHAPE.format("gone", PLACE)), picture(SHAPE.format("start", PLACE), SHAPE.format("end", PLACE))),
    ("picture.without_place", "end", picture(SHAPE.format("start", PLACE), SHAPE.format("end", "")),
     picture(SHAPE.format("start", PLACE), SHAPE.format("end", PLACE))),
    ("picture.missing", "end", picture(SHAPE.format("start", PLACE)), within(chain(START, END))),
    ("picture.wrong_form", "start_end", picture(SHAPE.format("start_end", PLACE)), picture(SHAPE.format("start", PLACE))),
]


def judged(content: bytes) -> list[Problem]:
    reading = reader.read({"a.bpmn": content})
    assert not [problem for problem in reading.problems if problem.code.startswith("file.")], reading.problems
    return lint.check(reading)


@pytest.mark.parametrize(("code", "element", "broken", "kept"), RULES_OF_THE_STANDARD,
                         ids=[f"{case[0]}-{number}" for number, case in enumerate(RULES_OF_THE_STANDARD)])
def test_what_breaks_the_standard_is_an_error_at_its_element(code: str, element: str, broken: bytes, kept: bytes) -> None:
    found = [problem for problem in judged(broken) if problem.code == code]
    assert found and found[0].element == element and found[0].level == "error" and found[0].message.fr != found[0].message.en
    assert "{" not in found[0].message.fr + found[0].message.en + found[0].remedy.fr + found[0].remedy.en
    assert [problem for problem in judged(kept) if problem.code == code] == []


@pytest.mark.parametrize(("code", "element", "broken", "kept"), ADVICE, ids=[case[0] for case in ADVICE])
def test_what_is_odd_and_harmless_is_advice(code: str, element: str, broken: bytes, kept: bytes) -> None:
    found = [problem for problem in judged(broken) if problem.code == code]
    assert [(problem.element, problem.level) for problem in found] == [(element, "warning")]
    assert [problem for problem in judged(kept) if problem.code == code] == []


@pytest.mark.parametrize(("code", "element", "broken", "kept"), RULES_OF_THE_STANDARD,
                         ids=[f"{case[0]}-{number}" for number, case in enumerate(RULES_OF_THE_STANDARD)])
def test_a_drawing_that_is_not_meant_to_run_breaks_the_standard_all_the_same(code: str, element: str, broken: bytes, kept: bytes) -> None:
    found = [problem for problem in judged(broken.replace(b'isExecutable="true"', b'isExecutable="false"')) if problem.code == code]
    only_when_run = {"expression.empty", "message.operation_without_message", "process.public_and_executable"}
    assert [problem.level for problem in found][:1] == ([] if code in only_when_run else ["error"])


def test_a_file_that_declares_its_expression_language_marks_what_is_formal() -> None:
    """Rule: BPMN 2.0.2, 8.4.6: an expression without xsi:type is natural language. Elsewhere everything is FEEL."""
    drawn = within(f'<startEvent id="s"/><scriptTask id="x"><script>{{a: 1}}</script></scriptTask>{flow("s", "x")}'
                   + '<endEvent id="e"/><endEvent id="f"/>' + flow("x", "e", "a &lt; 1".replace("&lt;", "<")) + flow("x", "f"))
    assert [problem.code for problem in judged(drawn) if problem.level == "error"] == []
    declared = drawn.replace(b"<definitions ", b'<definitions expressionLanguage="http://www.w3.org/1999/XPath" ')
    assert {(problem.code, problem.element) for problem in judged(declared) if problem.level == "error"} == {
        ("expression.natural_language", "x_e"), ("script.without_language", "x")}


def test_one_id_in_two_name_spaces_is_left_to_do_and_in_one_it_is_an_error() -> None:
    """Rule: BPMN 2.0.2, 15.3.2: ids are those of a name space; a folder here is one space."""
    first, second = diagram(chain(START, END)), diagram(chain(START, END))
    levels = [problem.level for problem in reader.read({"a.bpmn": first, "b.bpmn": second}).problems]
    elsewhere = second.replace(b'Namespace="t"', b'Namespace="u"')
    apart = [problem.level for problem in reader.read({"a.bpmn": first, "b.bpmn": elsewhere}).problems]
    assert (levels, apart) == (["error"], ["draft"])


def test_a_diagram_shares_no_id_with_one_it_imports_into_its_name_space() -> None:
    importing = definitions(IMPORT.format("b.bpmn") + '<message id="M" name="m"/>')
    files = {"a.bpmn": importing, "b.bpmn": definitions('<message id="M" name="m"/>')}
    assert ("a.bpmn", "M", "id.twice_by_import") in [(problem.file, problem.element, problem.code)
                                                     for problem in lint.check(reader.read(files))]


def test_a_diagram_at_another_address_is_not_fetched_and_left_to_do() -> None:
    importing = definitions(IMPORT.format("https://x.test/b.bpmn"))
    assert {(problem.code, problem.level) for problem in judged(importing)} == {("import.not_here", "draft"), ("process.none", "draft")}


def test_a_qualified_name_finds_its_element_in_the_file_of_its_name_space() -> None:
    """Rule: BPMN 2.0.2, 15.3.2."""
    calling = diagram(chain(START, '<callActivity id="x" calledElement="u:q"/>', END) + '<task id="q"/>').replace(
        b"<definitions ", b'<definitions xmlns:u="u" ')
    other = diagram(chain('<startEvent id="s"><messageEventDefinition messageRef="M"/></startEvent>', END),
                    '<message id="M" name="m"/>', process="q").replace(b'Namespace="t"', b'Namespace="u"')
    found = {problem.code for problem in lint.check(reader.read({"a.bpmn": calling, "b.bpmn": other}))}
    assert "call.no_plain_start" in found and "reference.wrong_type" not in found


def test_every_rule_of_the_standard_is_shown_to_find_something() -> None:
    """The odd ones: an import needs a second file, a language one that is declared; both have a test of their own."""
    broken = [reader.read({"a.bpmn": case[2]}) for case in (*RULES_OF_THE_STANDARD, *ADVICE)]
    looks = [Look(reading, KNOWN, whole=True) for reading in (*broken, *every_reading())]
    idle = {one.__name__ for one in STANDARD if not any(list(one(look)) for look in looks)}
    assert idle == {"imported_ids_are_others", "expressions_have_a_language", "scripts_have_a_language", "links_stay_in_their_scope"}


def test_a_link_stays_in_its_process_or_sub_process() -> None:
    """Rule: BPMN 2.0.2, 10.5.5."""
    inside = chain('<startEvent id="s"/>', '<intermediateThrowEvent id="t"><linkEventDefinition id="lt" name="n"><target>lc</target>'
                   '</linkEventDefinition></intermediateThrowEvent>')
    drawn = within(chain(START, f'<subProcess id="x">{inside}</subProcess>') + chain(
        '<intermediateCatchEvent id="c"><linkEventDefinition id="lc" name="n"><source>lt</source></linkEventDefinition>'
        '</intermediateCatchEvent>', END))
    assert ("link.across_scopes", "t", "error") in {(problem.code, problem.element, problem.level) for problem in judged(drawn)}


def test_every_rule_says_what_it_asks_and_every_rule_of_the_standard_its_section() -> None:
    for rule in (*RULES, *STANDARD):
        assert rule.__doc__, rule
    for rule in STANDARD:
        if ".standard." in rule.__module__:
            assert "Rule: " in (rule.__doc__ or ""), rule
