"""Whatever would be ignored, run wrong or is not finished is found, named, and told with its remedy.

Rule: issue 2, section 2; BPMN 2.0.2, chapters 8, 10 and 13.
"""

from __future__ import annotations

import pytest

from engine.bpmn import lint, lowering, reader
from engine.bpmn.lint import Known
from engine.bpmn.lint.rules import RULES, Look
from engine.bpmn.reader import Reading
from engine.feel.types import Type
from tests.engine.bpmn.drawing import END, START, chain, definitions, diagram, flow, read

KNOWN = Known(handlers=frozenset({"client.notify"}), forms=frozenset({"application"}), decisions=frozenset({"duration"}),
              rules=frozenset({"nc.major"}), groups=frozenset({"auditor"}), processes=frozenset({"remediation"}),
              activities=frozenset({"Activity_Elsewhere"}), variables=frozenset({"amount", "notified_on", "items"}),
              types={"amount": Type("number"), "notified_on": Type("date")}, taken={"client.notify": {"days": Type("number")}})

ROOTS = ('<message id="m" name="arrived" jalon:correlation="amount"/><message id="nameless"/>'
         '<signal id="s" name="alarm"/><signal id="mute"/>'
         '<error id="e" name="Lapsed" errorCode="LAPSED"/><error id="codeless" name="Something"/>'
         '<escalation id="esc" escalationCode="UP"/><signalEventDefinition id="def" signalRef="s"/>')


def event(kind: str, key: str, definition: str, attributes: str = "") -> str:
    """Draw an event."""
    return f'<{kind} id="{key}" {attributes}>{definition}</{kind}>'


def timer(inner: str) -> str:
    return f"<timerEventDefinition>{inner}</timerEventDefinition>"


MESSAGE, SIGNAL, ERROR, ESCALATION = ('<messageEventDefinition messageRef="m"/>', '<signalEventDefinition signalRef="s"/>',
                                      '<errorEventDefinition errorRef="e"/>', '<escalationEventDefinition escalationRef="esc"/>')
WEEK = timer("<timeDuration>P7D</timeDuration>")
WHEN = "<conditionalEventDefinition><condition>amount &gt; 3</condition></conditionalEventDefinition>"
TASK = '<task id="x"/>'


def around(node: str) -> str:
    """Draw one element between a start and an end."""
    return chain(START, node, END)


def caught(definition: str, attributes: str = "") -> str:
    """Draw a boundary event on a manual task."""
    return around(TASK) + chain(event("boundaryEvent", "b", definition, f'attachedToRef="x" {attributes}'), '<endEvent id="end2"/>')


def split(kind: str, first: str = "", second: str = "", attributes: str = "", join: str = "exclusiveGateway") -> str:
    """Draw a gateway with two ways that come together again."""
    return (f'{START}<{kind} id="g" {attributes}/><task id="a"/><task id="b"/><{join} id="j"/>{END}' + flow("start", "g")
            + flow("g", "a", first) + flow("g", "b", second) + flow("a", "j") + flow("b", "j") + flow("j", "end"))


def handler(start: str, attributes: str = "") -> str:
    """Draw an event sub-process beside an ordinary path."""
    return around(TASK) + f'<subProcess id="h" triggeredByEvent="true" {attributes}>{start}</subProcess>'


def handled(definition: str, attributes: str = "") -> str:
    return handler(chain(event("startEvent", "hs", definition, attributes), '<endEvent id="he"/>'))


UNDO, UNDO_WRONG, CANCEL = ("<compensateEventDefinition/>", '<compensateEventDefinition activityRef="start"/>', "<cancelEventDefinition/>")
INNER = chain('<startEvent id="s1"/>', '<endEvent id="e1"/>')
SECOND_END = '<endEvent id="e2"/>'
SECOND = chain('<startEvent id="s2"/>', SECOND_END)
CANCELLED = chain('<startEvent id="s1"/>', f'<endEvent id="e1">{CANCEL}</endEvent>')


def undoable(then: str = "") -> str:
    """Draw a task that another one undoes, and perhaps what sets that off."""
    return (chain(START, TASK, *([then] if then else []), END) + '<task id="undo" isForCompensation="true"/>'
            + event("boundaryEvent", "c", UNDO, 'attachedToRef="x"') + '<association id="as" sourceRef="c" targetRef="undo"/>')


def behaving(behaviour: str, attributes: str = "") -> str:
    """Draw a task that runs three times and tells of it."""
    return (f'<task id="x"><multiInstanceLoopCharacteristics behavior="{behaviour}" {attributes}><loopCardinality>3</loopCardinality>'
            '</multiInstanceLoopCharacteristics></task>')


#: code, element, what is drawn inside the process
FAULTS = [
    # what is not run
    ("unsupported.parallel_multiple_start", "start", chain(event("startEvent", "start", MESSAGE + SIGNAL, 'parallelMultiple="true"'), END)),
    ("unsupported.transaction_method", "x", around(f'<transaction id="x" method="##Store">{INNER}</transaction>')),
    ("unsupported.script_language", "x", around('<scriptTask id="x" scriptFormat="groovy"><script>1</script></scriptTask>')),
    ("unsupported.expression_language", "g_a", split("exclusiveGateway", attributes='default="g_b"').replace(
        'targetRef="a">', 'targetRef="a"><conditionExpression language="http://www.w3.org/1999/XPath">amount</conditionExpression>')),
    ("unsupported.parallel_event_gateway", "g", around('<eventBasedGateway id="g" eventGatewayType="Parallel"/>')),
    ("data.association_ignored", "x", around('<task id="x"><dataInputAssociation><assignment/></dataInputAssociation></task>')),
    ("data.association_ignored", "x", around(
        '<task id="x"><dataOutputAssociation><targetRef>ds</targetRef><transformation>amount</transformation></dataOutputAssociation>'
        '</task>') + '<dataStoreReference id="ds"/>'),
    ("data.association_drawn", "x", around('<task id="x"><ioSpecification><inputSet/><outputSet/></ioSpecification>'
                                           '<dataInputAssociation><sourceRef>o</sourceRef></dataInputAssociation></task>')
     + '<dataObject id="o"/>'),
    ("data.kept_inside", "b", around('<subProcess id="b"><dataObject id="o" name="total"/>' + INNER + "</subProcess>")
     + chain('<scriptTask id="x" jalon:result="total"><script>1</script></scriptTask>', SECOND_END)),
    # undoing
    ("compensation.without_activity", "c", around(TASK) + event("boundaryEvent", "c", UNDO, 'attachedToRef="x"')),
    ("compensation.not_alone", "c", undoable() + flow("c", "end")),
    ("compensation.twice", "c2", undoable() + event("boundaryEvent", "c2", UNDO, 'attachedToRef="x"')),
    ("compensation.in_the_flow", "undo", undoable() + flow("x", "undo", "amount = 1")),
    ("compensation.unused", "undo", around(TASK) + '<task id="undo" isForCompensation="true"/>'),
    ("compensation.nothing_to_undo", "t", undoable(then=f'<intermediateThrowEvent id="t">{UNDO_WRONG}</intermediateThrowEvent>')),
    ("compensation.nothing_to_undo", "t", around(f'<intermediateThrowEvent id="t">{UNDO}</intermediateThrowEvent>')),
    ("compensation.not_interrupting", "hs", handled(UNDO, 'isInterrupting="false"')),
    ("cancel.wrong_place", "end", chain(START, f'<endEvent id="end">{CANCEL}</endEvent>')),
    ("cancel.wrong_place", "b", caught(CANCEL)),
    ("transaction.without_cancel_event", "x", around(f'<transaction id="x">{CANCELLED}</transaction>')),
    # quantities, behaviours, ad hoc, instantiation
    ("quantity.impossible", "x", around('<task id="x" startQuantity="0"/>')),
    ("quantity.impossible", "x", around('<task id="x" completionQuantity="many"/>')),
    ("loop.behavior_unknown", "x", around(behaving("Some"))),
    ("loop.behavior_without_event", "x", around(behaving("None"))),
    ("loop.event_uncaught", "x", around(behaving("One", 'oneBehaviorEventRef="def"'))),
    ("loop.event_does_not_interrupt", "b", around(behaving("One", 'oneBehaviorEventRef="def"'))
     + chain(event("boundaryEvent", "b", SIGNAL, 'attachedToRef="x"'), '<endEvent id="end2"/>')),
    ("ad_hoc.empty", "x", around('<adHocSubProcess id="x"/>')),
    ("ad_hoc.ordering_unknown", "x", around('<adHocSubProcess id="x" ordering="Random"><task id="y"/></adHocSubProcess>')),
    ("ad_hoc.start_or_end", "s1", around('<adHocSubProcess id="x"><startEvent id="s1"/><task id="y"/></adHocSubProcess>')),
    ("instantiate.not_first", "x", around('<receiveTask id="x" messageRef="m" instantiate="true"/>')),
    ("instantiate.repeated", "x", chain('<receiveTask id="x" messageRef="m" instantiate="true">'
                                        '<standardLoopCharacteristics loopMaximum="2"/></receiveTask>', END)),
    ("instantiate.not_a_message", "c", '<eventBasedGateway id="g" instantiate="true"/>' + event("intermediateCatchEvent", "c", WEEK)
     + event("intermediateCatchEvent", "d", MESSAGE) + END + flow("g", "c") + flow("g", "d") + flow("c", "end") + flow("d", "end")),
    # structure
    ("id.twice", "x", around(TASK) + '<task id="x"/>'),
    ("process.empty", "x", around('<subProcess id="x"/>')),
    ("process.without_start", "p", '<task id="a"/><task id="b"/>' + flow("a", "b") + flow("b", "a")),
    ("flow.dangling", "start_nowhere", around(TASK) + flow("start", "nowhere")),
    ("flow.across_scopes", "start_inside", around('<subProcess id="x"><task id="inside"/></subProcess>') + flow("start", "inside")),
    ("flow.wrong_target", "x_start", around(TASK) + flow("x", "start", "amount = 1")),
    ("flow.wrong_source", "end_x", around(TASK) + flow("end", "x")),
    ("element.unreachable", "lost", around(TASK) + chain('<task id="lost"/>', '<endEvent id="end2"/>')),
    ("element.without_outgoing", "x",
     chain(START, TASK) + '<task id="y"/><endEvent id="end"/>' + flow("start", "y") + flow("y", "end")),
    ("start.leads_nowhere", "start", START),
    ("flow.default_elsewhere", "g", split("exclusiveGateway", "amount = 1", "amount = 2", 'default="j_end"')),
    ("flow.default_with_condition", "g_b", split("exclusiveGateway", "amount = 1", "amount = 2", 'default="g_b"')),
    ("reference.unknown", "x",
     around('<intermediateCatchEvent id="x"><eventDefinitionRef>nothing</eventDefinitionRef></intermediateCatchEvent>')),
    ("reference.unknown", "x", around('<task id="x"><incoming>gone</incoming></task>')),
    ("reference.unknown", "lane", around(TASK) + '<laneSet id="ls"><lane id="lane"><flowNodeRef>gone</flowNodeRef></lane></laneSet>'),
    # gateways
    ("gateway.flow_without_condition", "g_b", split("exclusiveGateway", "amount = 1")),
    ("gateway.without_default", "g", split("inclusiveGateway", "amount = 1", "amount = 2", join="inclusiveGateway")),
    ("gateway.condition_ignored", "g_a", split("parallelGateway", "amount = 1", join="parallelGateway")),
    ("gateway.default_ignored", "g", split("parallelGateway", attributes='default="g_a"', join="parallelGateway")),
    ("gateway.pointless", "g", around('<exclusiveGateway id="g"/>')),
    ("flow.condition_on_event", "start_x", START + TASK + END + flow("start", "x", "amount = 1") + flow("x", "end")),
    ("flow.only_one_and_conditional", "x_end", START + TASK + END + flow("start", "x") + flow("x", "end", "amount = 1")),
    ("gateway.join_waits_for_itself", "d_j", f'{START}<parallelGateway id="j"/><exclusiveGateway id="d" default="d_end"/>{END}'
     + flow("start", "j") + flow("j", "d") + flow("d", "j", "amount = 1") + flow("d", "end")),
    ("gateway.join_of_alternatives", "j", split("exclusiveGateway", "amount = 1", attributes='default="g_b"', join="parallelGateway")),
    ("gateway.without_activation", "j", split("inclusiveGateway", "amount = 1", "amount = 2", join="complexGateway")),
    ("gateway.activation_ignored", "g", split("complexGateway", "amount = 1", "amount = 2").replace(
        '<complexGateway id="g" />',
        '<complexGateway id="g"><activationCondition>activationCount = 2</activationCondition></complexGateway>')),
    ("event_gateway.one_way", "g", chain(START, '<eventBasedGateway id="g"/>', event("intermediateCatchEvent", "x", WEEK), END)),
    ("event_gateway.not_an_event", "a", split("eventBasedGateway")),
    ("event_gateway.event_shared", "c",
     chain(START, '<eventBasedGateway id="g"/>', event("intermediateCatchEvent", "c", WEEK), '<task id="t"/>', END)
     + event("intermediateCatchEvent", "d", MESSAGE) + flow("g", "d") + flow("d", "c")),
    # places of events
    ("event.wrong_place", "start", chain(event("startEvent", "start", ERROR), END)),
    ("event.wrong_place", "s1",
     around(f'<subProcess id="x">{chain(event("startEvent", "s1", MESSAGE), END.replace("end", "e1"))}</subProcess>')),
    ("event.wrong_place", "hs", handled("")),
    ("event.wrong_place", "end", chain(START, event("endEvent", "end", WEEK))),
    ("event.wrong_place", "x", around('<intermediateCatchEvent id="x"/>')),
    ("event.wrong_place", "x", around(event("intermediateThrowEvent", "x", "<terminateEventDefinition/>"))),
    ("event.wrong_place", "b", caught("")),
    ("boundary.without_host", "b",
     around(TASK) + chain(event("boundaryEvent", "b", WEEK, 'attachedToRef="start"'), '<endEvent id="end2"/>')),
    ("boundary.leads_nowhere", "b", around(TASK) + event("boundaryEvent", "b", WEEK, 'attachedToRef="x"')),
    ("event.error_not_interrupting", "b", caught(ERROR, 'cancelActivity="false"')),
    ("event.link_not_alone", "x", around(event("intermediateThrowEvent", "x", '<linkEventDefinition name="A"/>' + SIGNAL))),
    ("event.ends_twice", "end", chain(START, event("endEvent", "end", ERROR + "<terminateEventDefinition/>"))),
    ("event.not_all_together", "b", caught(MESSAGE + ERROR, 'parallelMultiple="true"')),
    ("start.several", "x", around(f'<subProcess id="x">{INNER}{SECOND}</subProcess>')),
    ("start.several", "p", around(TASK) + '<startEvent id="start2"/>' + flow("start2", "x")),
    ("event_sub_process.starts", "h", handler('<task id="y"/>')),
    # what events name
    ("message.without_name", "x", around(event("intermediateCatchEvent", "x", '<messageEventDefinition messageRef="nameless"/>'))),
    ("message.without_name", "x", around('<receiveTask id="x"/>')),
    ("signal.without_name", "x", around(event("intermediateThrowEvent", "x", "<signalEventDefinition/>"))),
    ("error.without_code", "end", chain(START, event("endEvent", "end", "<errorEventDefinition/>"))),
    ("error.without_code", "b", caught('<errorEventDefinition errorRef="codeless"/>')),
    ("escalation.without_code", "x", around(event("intermediateThrowEvent", "x", "<escalationEventDefinition/>"))),
    ("reference.unknown", "end", chain(START, event("endEvent", "end", '<errorEventDefinition errorRef="LITERAL"/>'))),
    ("reference.empty", "x", around(event("intermediateCatchEvent", "x", '<messageEventDefinition messageRef=""/>'))),
    ("condition.missing", "x", around(event("intermediateCatchEvent", "x", "<conditionalEventDefinition/>"))),
    ("link.broken", "x", chain(START, event("intermediateThrowEvent", "x", '<linkEventDefinition name="A"/>'))),
    # timers
    ("timer.missing", "x", around(event("intermediateCatchEvent", "x", timer("")))),
    ("timer.unreadable", "x", around(event("intermediateCatchEvent", "x", timer("<timeDuration>P3X</timeDuration>")))),
    ("timer.unreadable", "x", around(event("intermediateCatchEvent", "x", timer("<timeDate>2026-02-30</timeDate>")))),
    ("timer.unreadable", "b", caught(timer("<timeCycle>R3/P1D/2026-02-30T18:00:00Z</timeCycle>"), 'cancelActivity="false"')),
    ("timer.without_zone", "x", around(event("intermediateCatchEvent", "x", timer("<timeDate>2026-04-30T18:00:00</timeDate>")))),
    ("timer.without_zone", "b", caught(timer("<timeCycle>R3/2026-04-30T18:00:00/P1D</timeCycle>"), 'cancelActivity="false"')),
    ("timer.endless", "b", caught(timer("<timeCycle>R/PT0S</timeCycle>"), 'cancelActivity="false"')),
    ("timer.cycle_misplaced", "x", around(event("intermediateCatchEvent", "x", timer("<timeDuration>R3/P7D</timeDuration>")))),
    ("timer.cycle_counts_once", "x", around(event("intermediateCatchEvent", "x", timer("<timeCycle>R3/P7D</timeCycle>")))),
    ("timer.cycle_counts_once", "b", caught(timer('<timeCycle>reminders("nc.major", notified_on)</timeCycle>'))),
    # expressions
    ("expression.like_a_function", "g_a", split("exclusiveGateway", "number &gt; 3", attributes='default="g_b"')),
    ("expression.not_feel", "g_a", split("exclusiveGateway", "${amount == 1}", attributes='default="g_b"')),
    ("expression.not_feel", "x", around('<userTask id="x" jalon:groups="auditor" jalon:due="1 +"/>')),
    ("expression.unknown_function", "g_a", split("exclusiveGateway", "conut(items) = 1", attributes='default="g_b"')),
    ("expression.unknown_variable", "g_a", split("exclusiveGateway", "amuont = 1", attributes='default="g_b"')),
    ("deadline.unknown_rule", "b", caught(timer('<timeDate>deadline("nc.mayor", notified_on)</timeDate>'))),
    ("deadline.unknown_rule", "x",
     around('<userTask id="x" jalon:groups="auditor" jalon:due="day(anchor: notified_on, rule: &quot;no&quot;)"/>')),
    # activities
    ("service.without_handler", "x", around('<serviceTask id="x"/>')),
    ("send.without_message", "x", around('<sendTask id="x"/>')),
    ("decision.missing", "x", around('<businessRuleTask id="x"/>')),
    ("decision.without_result", "x", around('<businessRuleTask id="x" jalon:decision="duration"/>')),
    ("script.missing", "x", around('<scriptTask id="x"/>')),
    ("script.value_lost", "x", around('<scriptTask id="x"><script>amount + 1</script></scriptTask>')),
    ("call.binding_unknown", "x", around('<callActivity id="x" calledElement="remediation" jalon:binding="newest"/>')),
    ("call.version_without_number", "x", around('<callActivity id="x" calledElement="remediation" jalon:binding="version"/>')),
    ("call.without_process", "x", around('<callActivity id="x"/>')),
    ("loop.how_often", "x", around('<task id="x"><multiInstanceLoopCharacteristics/></task>')),
    ("loop.two_ways", "x",
     around('<task id="x"><multiInstanceLoopCharacteristics jalon:collection="items"><loopCardinality>2</loopCardinality>'
                                  '</multiInstanceLoopCharacteristics></task>')),
    ("loop.negative", "x", around('<task id="x"><multiInstanceLoopCharacteristics><loopCardinality>-2</loopCardinality>'
                                  '</multiInstanceLoopCharacteristics></task>')),
    ("loop.half_a_result", "x",
     around('<task id="x"><multiInstanceLoopCharacteristics jalon:collection="items" jalon:collect="all"/></task>')),
    ("loop.negative", "x", around('<task id="x"><standardLoopCharacteristics loopMaximum="-1"/></task>')),
    ("loop.endless", "x", around('<task id="x"><standardLoopCharacteristics/></task>')),
    ("mapping.twice", "x",
     around('<task id="x"><extensionElements><jalon:output name="y" value="1"/><jalon:output name="y" value="2"/>'
                                  '</extensionElements></task>')),
    ("mapping.without_value", "x",
     around('<task id="x"><extensionElements><jalon:input name="y"/></extensionElements></task>')),
    ("variable.bad_name", "x", around('<scriptTask id="x" jalon:result="two words"><script>1</script></scriptTask>')),
    # names that reach outside
    ("handler.unknown", "x", around('<serviceTask id="x" jalon:handler="client.notfy"/>')),
    ("form.unknown", "x", around('<userTask id="x" jalon:groups="auditor" jalon:form="aplication"/>')),
    ("decision.unknown", "x", around('<businessRuleTask id="x" jalon:decision="no" jalon:result="r"/>')),
    ("call.unknown_process", "x", around('<callActivity id="x" calledElement="${which}"/>')),
    # people
    ("user_task.nobody", "x", around('<userTask id="x"/>')),
    ("user_task.nobody", "x", around('<manualTask id="x"/>')),
    ("group.unknown", "x", around('<userTask id="x" jalon:groups="auditors"/>')),
    ("group.unknown", "lane", around(TASK) + '<laneSet id="ls"><lane id="lane" jalon:group="auditors"/></laneSet>'),
    ("not_who_did.unknown", "x", around('<userTask id="x" jalon:groups="auditor" jalon:notWhoDid="Activity_Elsewere"/>')),
    ("not_who_did.not_a_user_task", "x", around('<userTask id="x" jalon:groups="auditor" jalon:notWhoDid="start"/>')),
    ("milestone.unknown", "x", around('<task id="x" jalon:milestone="audit"/>')),
    # words
    ("jalon.unknown_word", "x", around('<userTask id="x" jalon:groups="auditor" jalon:from="application"/>')),
    ("jalon.unknown_word", "x",
     around('<task id="x"><extensionElements><jalon:inptu name="y" value="1"/></extensionElements></task>')),
    ("jalon.unknown_word", "x",
     around('<task id="x"><extensionElements><jalon:input nam="y" value="1"/></extensionElements></task>')),
    ("jalon.bad_number", "x", around('<serviceTask id="x" jalon:handler="client.notify" jalon:retries="many"/>')),
    ("milestone.twice", "p", around(TASK) + '<extensionElements><jalon:milestone id="a"/><jalon:milestone id="a"/></extensionElements>'),
    # types
    ("expression.types_clash", "g_a", split("exclusiveGateway", 'amount = "CFA"', attributes='default="g_b"')),
    ("expression.types_clash", "x", around(event("intermediateCatchEvent", "x", timer(
        "<timeDate>notified_on + notified_on</timeDate>")))),
    ("expression.wrong_kind", "g_a", split("exclusiveGateway", "amount + 1", attributes='default="g_b"')),
    ("mapping.wrong_kind", "x", around('<serviceTask id="x" jalon:handler="client.notify"><extensionElements>'
                                       '<jalon:input name="days" value="&quot;three&quot;"/></extensionElements></serviceTask>')),
    ("extension.ignored", "x", around('<serviceTask id="x" jalon:handler="client.notify" camunda:class="org.Some"/>')),
]


@pytest.mark.parametrize(("code", "element", "body"), FAULTS, ids=[f"{code}-{number}" for number, (code, _, _) in enumerate(FAULTS)])
def test_each_fault_is_named_at_its_element_with_a_remedy_in_two_languages(code: str, element: str, body: str) -> None:
    found = [problem for problem in lint.check(read(body, ROOTS), KNOWN) if problem.code == code]
    assert [problem.element for problem in found][:1] == [element] and found[0].file == "a.bpmn"
    for text in (found[0].message, found[0].remedy):
        assert text.fr and text.en and text.fr != text.en
        assert "{" not in text.fr.replace("${", ""), "every place of the sentence is filled"


POOLS = ('<message id="m1" name="one"/><message id="m2" name="two"/><process id="p" isExecutable="true">' + chain(
    START, TASK, '<intermediateThrowEvent id="t">{0}</intermediateThrowEvent>', END)
    + '</process><process id="q" isExecutable="true">' + chain('<startEvent id="qs">{1}</startEvent>', '<endEvent id="qe"/>')
    + '</process><collaboration id="c"><participant id="a" processRef="p"/><participant id="b" processRef="q"/>'
      '<messageFlow id="f" sourceRef="{2}" targetRef="qs"/></collaboration>')

FOLDERS = {
    "id.twice_in_folder": {"a.bpmn": diagram(around(TASK), '<message id="m" name="one"/>'),
                           "b.bpmn": definitions('<message id="m" name="two"/>')},
    "process.not_executable": {"a.bpmn": definitions(f'<process id="p" isExecutable="false">{around(TASK)}</process>')},
    "flow.across_processes": {"a.bpmn": diagram(around(TASK) + flow("x", "y")),
                              "b.bpmn": diagram(around('<task id="y"/>'), process="q")},
    "user_task.nobody": {"a.bpmn": diagram(around('<callActivity id="x" calledElement="g"/>'), '<globalUserTask id="g"/>')},
    "message_flow.two_messages": {"a.bpmn": definitions(POOLS.format('<messageEventDefinition messageRef="m1"/>',
                                                                    '<messageEventDefinition messageRef="m2"/>', "t"))},
    "message_flow.drawn_only": {"a.bpmn": definitions(POOLS.format("", '<messageEventDefinition messageRef="m2"/>', "x"))},
    "unsupported.choreography": {"a.bpmn": diagram(around(TASK), '<choreography id="c"/>')},
    "call.not_executable": {"a.bpmn": diagram(around('<callActivity id="x" calledElement="q"/>')),
                            "b.bpmn": definitions(f'<process id="q" isExecutable="false">{around(TASK)}</process>')},
    "call.binding_in_folder": {"a.bpmn": diagram(around('<callActivity id="x" calledElement="q" jalon:binding="latest"/>')),
                               "b.bpmn": diagram(around(TASK), process="q")},
    "import.not_here": {"a.bpmn": diagram(around(TASK),
                                          '<import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="b.bpmn"/>')},
    "message_flow.wrong": {"a.bpmn": diagram(around(TASK), '<collaboration id="c"><participant id="a" processRef="p"/><participant id="b"/>'
                                                           '<messageFlow id="f" sourceRef="start" targetRef="b"/></collaboration>')},
    "form.unknown": {"a.bpmn": diagram(around(TASK), attributes='jalon:startForm="nothing"')},
}


@pytest.mark.parametrize("code", FOLDERS)
def test_faults_of_a_folder_as_a_whole_are_named(code: str) -> None:
    assert code in [problem.code for problem in lint.check(reader.read(FOLDERS[code]), KNOWN)]


def every_reading() -> list[Reading]:
    return [read(body, ROOTS) for _, _, body in FAULTS] + [reader.read(files) for files in FOLDERS.values()]


def test_every_rule_is_shown_to_find_something() -> None:
    looks = [Look(reading, KNOWN) for reading in every_reading()]
    idle = [f"{one.__module__}.{one.__name__}" for one in RULES if not any(list(one(look)) for look in looks)]
    assert idle == []


SOUND = {
    "gateways": split("exclusiveGateway", "amount = 1", attributes='default="g_b"'),
    "parallel": split("parallelGateway", join="parallelGateway"),
    "inclusive": split("inclusiveGateway", "amount = 1", attributes='default="g_b"', join="inclusiveGateway"),
    "event gateway": chain(START, '<eventBasedGateway id="g"/>', event("intermediateCatchEvent", "c", WEEK), END)
    + '<receiveTask id="r" messageRef="m"/>' + flow("g", "r") + flow("r", "end"),
    "a loop back through a merge before a parallel block": f'{START}<exclusiveGateway id="m1"/>'
    f'<parallelGateway id="f"/><task id="a"/>'
    f'<task id="b"/><parallelGateway id="j"/><exclusiveGateway id="d" default="d_end"/>{END}' + flow("start", "m1") + flow("m1", "f")
    + flow("f", "a") + flow("f", "b") + flow("a", "j") + flow("b", "j") + flow("j", "d") + flow("d", "m1", "amount = 1") + flow("d", "end"),
    "a decision inside one branch of a parallel block": f'{START}<parallelGateway id="f"/>'
    f'<exclusiveGateway id="d" default="d_b"/><task id="a"/>'
    f'<task id="b"/><exclusiveGateway id="m1"/><task id="c"/><parallelGateway id="j"/>{END}' + flow("start", "f") + flow("f",
                                                                                                                                     "d")
    + flow("f", "c") + flow("d", "a", "amount = 1") + flow("d", "b") + flow("a", "m1") + flow("b", "m1") + flow("m1", "j") + flow("c", "j")
    + flow("j", "end"),
    "conditional flows of an activity": START + '<task id="x" default="x_end"/><task id="y"/>' + END + flow("start", "x")
    + flow("x", "y", "amount = 1") + flow("x", "end") + flow("y", "end"),
    "implicit start and end": chain('<task id="a"/>', '<task id="b"/>'),
    "links": chain(START, event("intermediateThrowEvent", "t", '<linkEventDefinition name="A"/>'))
    + chain(event("intermediateCatchEvent", "c", '<linkEventDefinition name="A"/>'), END),
    "an interrupting boundary event": caught(WEEK),
    "a boundary event beside its activity": caught(MESSAGE, 'cancelActivity="false"'),
    "reminders": caught(timer('<timeCycle>reminders("nc.major", notified_on)</timeCycle>'), 'cancelActivity="false"'),
    "a lapse": caught(timer('<timeDate>=deadline("nc.major", notified_on)</timeDate>')),
    "a cycle": caught(timer("<timeCycle>R3/2026-04-30T18:00:00+02:00/P1M</timeCycle>"), 'cancelActivity="false"'),
    "standard loop": around('<task id="x"><standardLoopCharacteristics><loopCondition>amount &gt; loopCounter</loopCondition>'
                            '</standardLoopCharacteristics></task>'),
    "multi-instance": around('<userTask id="x" jalon:groups="auditor">'
                             '<multiInstanceLoopCharacteristics jalon:collection="items" jalon:item="one" '
                             'jalon:collect="all" jalon:collectValue="one.result"/></userTask>'),
    "a script sets what a later flow reads": START + '<scriptTask id="x"><script>{total: amount * 2}</script></scriptTask>'
    '<exclusiveGateway id="g" default="g_end"/><task id="y"/>' + END + flow("start", "x") + flow("x", "g") + flow("g", "y",
                                                                                                                        "total = 4")
    + flow("g", "end") + flow("y", "end"),
    "a call with mappings": around('<callActivity id="x" calledElement="remediation"><extensionElements>'
                                   '<jalon:input name="nc" value="items[1]"/>'
                                   '<jalon:output name="settled" value="settlement"/></extensionElements></callActivity>'),
    "starts of a definition": chain(event("startEvent", "m1", MESSAGE), TASK, END) + event("startEvent", "s1", SIGNAL) + flow("s1", "x"),
    "ends": around(TASK) + "".join(chain(event("boundaryEvent", f"b{number}", definition, 'attachedToRef="x"'),
                                         event("endEvent", f"e{number}", definition))
                                   for number, definition in enumerate((MESSAGE, SIGNAL, ERROR, ESCALATION)))
    + chain(event("boundaryEvent", "bt", WHEN, 'attachedToRef="x"'), event("endEvent", "et", "<terminateEventDefinition/>")),
    **{f"event sub-process {number}": handled(definition, attributes) for number, (definition, attributes) in enumerate([
        (MESSAGE, ""), (WEEK, 'isInterrupting="false"'), (SIGNAL, ""), (ERROR, ""), (ESCALATION, 'isInterrupting="false"'), (WHEN, "")])},
    "a task that another one undoes": undoable(f'<intermediateThrowEvent id="t">{UNDO}</intermediateThrowEvent>'),
    "a compensation event sub-process": around(f'<subProcess id="x">{INNER}<subProcess id="h" triggeredByEvent="true">'
                                               f'{chain(event("startEvent", "hs", UNDO), SECOND_END)}</subProcess></subProcess>'),
    "a transaction": around(f'<transaction id="x">{CANCELLED}</transaction>')
    + chain(event("boundaryEvent", "b", CANCEL, 'attachedToRef="x"'), '<endEvent id="end2"/>'),
    "several events, the first of them": around(event("intermediateCatchEvent", "x", MESSAGE + WEEK)),
    "several events, all of them": caught(MESSAGE + WEEK + WHEN, 'parallelMultiple="true" cancelActivity="false"'),
    "several ends": chain(START, event("endEvent", "end", MESSAGE + SIGNAL + "<terminateEventDefinition/>")),
    "an ad-hoc sub-process": around('<adHocSubProcess id="x" ordering="Sequential"><task id="y"/><task id="y2"/>'
                                    '<completionCondition>amount = 3</completionCondition></adHocSubProcess>'),
    "a complex gateway": split("complexGateway", "amount = 1", "amount &gt; 0", 'default="g_c"', join="complexGateway").replace(
        '<complexGateway id="j"/>', '<complexGateway id="j"><activationCondition>activationCount &gt;= 2 or a_j = 1'
        '</activationCondition></complexGateway>') + '<task id="c"/>' + flow("g", "c") + flow("c", "j"),
    "quantities": chain(START, '<task id="x" completionQuantity="2"/>', '<task id="y" startQuantity="2"/>', END),
    "rounds that tell": around(behaving("None", 'noneBehaviorEventRef="def"'))
    + chain(event("boundaryEvent", "b", SIGNAL, 'attachedToRef="x" cancelActivity="false"'), '<endEvent id="end2"/>'),
    "a receive task that begins a case": chain('<receiveTask id="x" messageRef="m" instantiate="true"/>', END),
    "a gateway that begins a case": '<eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>'
    + event("intermediateCatchEvent", "c", MESSAGE) + event("intermediateCatchEvent", "d", SIGNAL) + END + flow("g", "c") + flow("g", "d")
    + flow("c", "end") + flow("d", "end"),
    "decoration": around(TASK) + '<dataStoreReference id="ds"/><dataObject id="do"/><dataObjectReference id="dor" dataObjectRef="do"/>'
    '<textAnnotation id="n"><text>Note</text></textAnnotation><association id="as" sourceRef="x" targetRef="n"/>',
    "separation of duties in another folder": around('<userTask id="x" jalon:groups="auditor" jalon:notWhoDid="Activity_Elsewhere"/>'),
}


@pytest.mark.parametrize("what", SOUND)
def test_what_is_run_as_drawn_is_left_in_peace(what: str) -> None:
    assert [(problem.code, problem.element, problem.message.en) for problem in lint.check(read(SOUND[what], ROOTS), KNOWN)] == []


@pytest.mark.parametrize("what", SOUND)
def test_what_the_lint_lets_through_is_lowered(what: str) -> None:
    lowering.lower(read(SOUND[what], ROOTS).model)


def test_without_knowledge_of_the_surroundings_no_outer_name_is_doubted() -> None:
    body = around('<userTask id="x" jalon:groups="g" jalon:form="f" jalon:due="deadline(&quot;r&quot;, v)" '
                  'jalon:notWhoDid="Activity_Far"/>')
    assert [(problem.code, problem.level) for problem in lint.check(read(body))] == [("not_who_did.unknown", "warning")]


def test_a_typing_error_is_answered_with_the_word_that_was_meant() -> None:
    problem, = lint.check(read(around('<serviceTask id="x" name="Informer" jalon:handler="client.notfy"/>')), KNOWN)
    assert "“Informer”" in problem.message.en and "“client.notify”" in problem.remedy.en and "« client.notify »" in problem.remedy.fr


def test_a_drawing_that_is_not_meant_to_run_cannot_run_wrong_but_can_break_the_standard() -> None:
    wrong = around('<userTask id="x" jalon:groups="auditor"><multiInstanceLoopCharacteristics/></userTask>')
    reading = reader.read({"a.bpmn": definitions(f'<process id="p" isExecutable="false">{wrong}</process>')})
    assert {(problem.code, problem.level) for problem in lint.check(reading)} == {
        ("process.not_executable", "draft"), ("loop.how_often", "draft")}
    reading = reader.read({"a.bpmn": definitions(f'<process id="p" isExecutable="false">{split("eventBasedGateway")}</process>')})
    assert ("event_gateway.not_an_event", "error") in {(problem.code, problem.level) for problem in lint.check(reading)}


def test_a_partner_that_is_only_drawn_is_not_judged() -> None:
    reading = reader.read({"a.bpmn": diagram(around(TASK),
                                             '<process id="partner" isExecutable="false"><receiveTask id="g"/></process>')})
    assert lint.check(reading) == []


def test_long_diagrams_are_judged_without_recursion() -> None:
    body = chain(START, *(f'<task id="t{number}"/>' for number in range(1500)), END)
    assert lint.check(read(body)) == []


def test_data_references_that_name_each_other_end() -> None:
    body = around('<task id="x"><multiInstanceLoopCharacteristics><loopDataInputRef>one</loopDataInputRef>'
                  '</multiInstanceLoopCharacteristics></task>')
    body += '<dataObjectReference id="one" dataObjectRef="two"/><dataObjectReference id="two" dataObjectRef="one"/>'
    loop = read(body).model.processes["p"].elements["x"].loop
    assert loop is not None and loop.collection == "two"


@pytest.mark.parametrize(("text", "names"), [
    ("number &gt; 3", ["number"]), ("count(items) = 2", []), ("items[1].number = count", ["count"]), ("items[number &gt; 3] = null", []),
    ("some number in items satisfies number = 1", []), ("{count: 1, twice: count * 2}.twice = 2", []),
    ("count(items) = sum and max(items) = 1", ["sum"])])
def test_a_variable_that_could_be_taken_for_a_function_is_named(text: str, names: list[str]) -> None:
    found = lint.check(read(split("exclusiveGateway", text, attributes='default="g_b"')))
    assert [problem.message.en.split("“")[2].split("”")[0] for problem in found if problem.code == "expression.like_a_function"] == names
    assert {problem.level for problem in found} <= {"warning"}
