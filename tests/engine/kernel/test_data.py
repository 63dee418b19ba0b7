"""Data objects, inputs and outputs, and associations: what is drawn is moved.

Rule: issue 4, section 2; BPMN 2.0.2, 10.4; docs/diagrams.md, section 7.
"""

from __future__ import annotations

from engine.bpmn import lint, reader
from tests.engine.kernel.drawing import Story, arrows, document, process, program


def io(inputs: str = "", outputs: str = "") -> str:
    """What an activity takes and gives, by the ids of its data inputs and outputs."""
    drawn = "".join(f'<dataInput id="{one}" name="{one.split("_")[-1]}"/>' for one in inputs.split())
    drawn += "".join(f'<dataOutput id="{one}" name="{one.split("_")[-1]}"/>' for one in outputs.split())
    sets = "<inputSet>" + "".join(f"<dataInputRefs>{one}</dataInputRefs>" for one in inputs.split()) + "</inputSet><outputSet>"
    sets += "".join(f"<dataOutputRefs>{one}</dataOutputRefs>" for one in outputs.split()) + "</outputSet>"
    return f"<ioSpecification>{drawn}{sets}</ioSpecification>"


def into(source: str, target: str, inside: str = "") -> str:
    return f"<dataInputAssociation><sourceRef>{source}</sourceRef><targetRef>{target}</targetRef>{inside}</dataInputAssociation>"


def out(source: str, target: str, inside: str = "") -> str:
    return f"<dataOutputAssociation><sourceRef>{source}</sourceRef><targetRef>{target}</targetRef>{inside}</dataOutputAssociation>"


OBJECTS = '<dataObject id="d1" name="order"/><dataObjectReference id="r1" dataObjectRef="d1"/><dataObject id="d2"/>' \
          '<dataObjectReference id="r2" name="Bill of sale" dataObjectRef="d2"/>'


def test_a_data_input_is_a_copy_of_the_data_object_and_a_data_output_goes_to_the_other() -> None:
    story = Story(program(process(
        OBJECTS + f'<startEvent id="s"/><userTask id="u">{io("i_amount", "o_sum")}{into("r1", "i_amount")}{out("o_sum", "r2")}</userTask>'
        '<userTask id="z"/>', "s > u; u > z")), {"order": 3})
    assert story.run.inputs(story.wait("u").token)["amount"] == 3
    story.complete("u", {"sum": 7, "note": "by the way"})
    assert story.variables == {"order": 3, "Bill of sale": 7, "note": "by the way"}


def test_a_transformation_is_reckoned_and_the_data_output_itself_stays_inside() -> None:
    story = Story(program(process(
        OBJECTS + f'<startEvent id="s"/><scriptTask id="t">{io("i_amount", "o_sum")}'
        f'{into("d1", "i_amount", "<transformation>order * 2</transformation>")}'
        f'{out("o_sum", "d1", "<transformation>sum + 1</transformation>")}<script>{{sum: amount + 10}}</script></scriptTask>'
        '<userTask id="z"/>', "s > t; t > z")), {"order": 3})
    assert story.variables == {"order": 17}


def test_assignments_fill_places_inside_a_data_object() -> None:
    fill = "<assignment><from>sum</from><to>order.total</to></assignment><assignment><from>amount &gt; 2</from><to>d2</to></assignment>"
    story = Story(program(process(
        OBJECTS + f'<startEvent id="s"/><scriptTask id="t">{io("", "o_sum")}{out("o_sum", "d1", fill)}<script>{{sum: amount * 2}}</script>'
        '</scriptTask><userTask id="z"/>', "s > t; t > z")), {"amount": 4, "order": {"client": "A"}})
    assert story.variables == {"amount": 4, "order": {"client": "A", "total": 8}, "Bill of sale": True}


def test_a_script_that_gives_one_value_gives_its_only_data_output() -> None:
    story = Story(program(process(
        OBJECTS + f'<startEvent id="s"/><scriptTask id="t">{io("", "o_x")}{out("o_x", "r1")}<script>1 + 1</script></scriptTask>'
        '<userTask id="z"/>', "s > t; t > z")))
    assert story.variables == {"order": 2}


def test_an_arrow_to_a_data_object_without_input_or_output_is_a_drawing() -> None:
    body = (OBJECTS + '<startEvent id="s"/><userTask id="u"><property id="ph" name="__targetRef_placeholder"/>'
            '<dataInputAssociation><sourceRef>r1</sourceRef><targetRef>ph</targetRef></dataInputAssociation>'
            '<dataOutputAssociation><targetRef>r2</targetRef></dataOutputAssociation></userTask><userTask id="z"/>')
    story = Story(program(process(body, "s > u; u > z")), {"order": 1})
    assert "__targetRef_placeholder" not in story.run.inputs(story.wait("u").token)
    story.complete("u", {"x": 2})
    assert story.variables == {"order": 1, "x": 2}
    assert [problem for problem in lint.check(reader.read({"a.bpmn": document(process(body, "s > u; u > z"))}))
            if problem.code.startswith("data")] == []


def test_a_call_hands_over_its_data_inputs_and_takes_the_data_outputs() -> None:
    called = process(f'{io("p_given", "p_result")}<startEvent id="cs"/><scriptTask id="ct" jalon:result="result"><script>given + 1</script>'
                     '</scriptTask>', "cs > ct", key="q")
    call = (OBJECTS + f'<startEvent id="s"/><callActivity id="c" calledElement="q">{io("c_given", "c_result")}{into("d1", "c_given")}'
            f'{out("c_result", "d2")}</callActivity><userTask id="z"/>')
    story = Story(program(process(call, "s > c; c > z"), called), {"order": 4, "secret": 1})
    assert story.variables == {"order": 4, "secret": 1, "Bill of sale": 5}


def test_data_of_a_sub_process_live_and_die_with_it_and_other_names_go_out() -> None:
    inner = ('<subProcess id="b"><dataObject id="d" name="note"/><startEvent id="bs"/><userTask id="u"/><userTask id="v"/>'
             + arrows("bs > u; u > v") + "</subProcess>")
    story = Story(program(process(f'<startEvent id="s"/>{inner}<userTask id="z"/>', "s > b; b > z")), {"note": "outer"})
    assert story.run.inputs(story.wait("u").token)["note"] is None
    story.complete("u", {"note": "inner", "seen": True})
    assert story.run.inputs(story.wait("v").token)["note"] == "inner"
    assert story.variables == {"note": "outer", "seen": True}
    story.complete("v")
    assert story.variables == {"note": "outer", "seen": True} and set(story.run.scopes) == {""}


def test_each_round_of_a_sub_process_has_data_of_its_own() -> None:
    inner = ('<subProcess id="b"><multiInstanceLoopCharacteristics jalon:collection="list" jalon:item="i" jalon:collect="got" '
             'jalon:collectValue="total"/><dataObject id="d" name="note"/><startEvent id="bs"/><userTask id="u"/>'
             '<scriptTask id="t" jalon:result="total"><script>note + i</script></scriptTask>' + arrows("bs > u; u > t") + "</subProcess>")
    story = Story(program(process(f'<startEvent id="s"/>{inner}<userTask id="z"/>', "s > b; b > z")), {"list": [10, 20]})
    story.complete("u", {"note": 2}, number=1)
    story.complete("u", {"note": 1})
    assert story.variables == {"list": [10, 20], "got": [11, 22]}


def test_what_undoes_a_sub_process_from_within_finds_its_data_again() -> None:
    undo = ('<boundaryEvent id="ab" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
            '<scriptTask id="ua" isForCompensation="true" jalon:result="undone"><script>note</script></scriptTask>'
            '<association id="as" sourceRef="ab" targetRef="ua"/>')
    inner = ('<subProcess id="b"><dataObject id="d" name="note"/><startEvent id="bs"/><userTask id="a"/>' + undo + arrows("bs > a")
             + "</subProcess>")
    story = Story(program(process(
        f'<startEvent id="s"/>{inner}<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>'
        '<userTask id="z"/>',
        "s > b; b > t; t > z")))
    story.complete("a", {"note": "kept"})
    assert story.open() == ["z"] and story.variables == {"undone": "kept"} and set(story.run.scopes) == {""}


def test_a_message_brings_its_data_output_and_takes_its_data_input() -> None:
    roots = '<message id="M" name="m"/><signal id="S" name="sig"/>'
    body = (OBJECTS + '<startEvent id="s"/><intermediateCatchEvent id="c"><dataOutput id="co" name="body"/>' + out("co", "d2")
            + '<messageEventDefinition messageRef="M"/></intermediateCatchEvent><intermediateThrowEvent id="t">'
            '<dataInput id="ti" name="copy"/>' + into("d2", "ti") + '<messageEventDefinition messageRef="M"/></intermediateThrowEvent>'
            '<userTask id="z"/>')
    story = Story(program(roots, process(body, "s > c; c > t; t > z")))
    story.fire("c", {"number": 3})
    assert story.variables["Bill of sale"] == {"number": 3}
    assert [(one.kind, one.payload) for one in story.thrown] == [("message", {"copy": {"number": 3}})]


def test_a_signal_carries_its_data_input_to_who_waits_beside_it() -> None:
    body = (OBJECTS + '<startEvent id="s"/><parallelGateway id="g"/><intermediateCatchEvent id="c"><dataOutput id="co" name="copy"/>'
            + out("co", "d2") + '<signalEventDefinition signalRef="S"/></intermediateCatchEvent><intermediateThrowEvent id="t">'
            '<dataInput id="ti" name="copy"/>' + into("d1", "ti") + '<signalEventDefinition signalRef="S"/></intermediateThrowEvent>'
            '<userTask id="z"/><userTask id="y"/>')
    story = Story(program('<signal id="S" name="sig"/>', process(body, "s > g; g > c; g > t; c > z; t > y")), {"order": 9})
    assert story.variables == {"order": 9, "Bill of sale": 9}


def test_the_collection_of_a_loop_may_be_a_data_object_by_the_name_of_its_reference() -> None:
    body = ('<dataObject id="d1" isCollection="true"/><dataObjectReference id="r1" name="pieces" dataObjectRef="d1"/><startEvent id="s"/>'
            '<userTask id="u"><multiInstanceLoopCharacteristics><loopDataInputRef>r1</loopDataInputRef><inputDataItem id="i" name="piece"/>'
            '</multiInstanceLoopCharacteristics></userTask><endEvent id="e"/>')
    story = Story(program(process(body, "s > u; u > e")), {"pieces": [1, 2, 3]})
    assert len(story.all("u")) == 3
