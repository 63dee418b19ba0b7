"""What is different between two drawings is told in words, each thing once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn import reader
from engine.bpmn.diff import Change, compare
from engine.bpmn.model import Model
from tests.engine.diagrams import bpmn

BODY = """
<laneSet id="Lanes"><lane id="Sales" name="Commercial" jalon:group="sales"><flowNodeRef>Write</flowNodeRef></lane>
<lane id="Review_" name="Relecture" jalon:group="reviewer"><flowNodeRef>Review</flowNodeRef></lane></laneSet>
<extensionElements><jalon:milestone id="m1" name="Rédaction"/><jalon:milestone id="m2" name="Relecture"/></extensionElements>
<startEvent id="Start" name="Début"/>
<userTask id="Write" name="Rédiger" jalon:form="note" jalon:due="deadline(&quot;note&quot;, today())"/>
<exclusiveGateway id="Long" name="Longue" default="no"/>
<serviceTask id="Send" name="Envoyer" jalon:handler="client.notify">
  <extensionElements><jalon:input name="letter" value="&quot;hello&quot;"/></extensionElements></serviceTask>
<userTask id="Review" name="Relire" jalon:notWhoDid="Write"/>
<boundaryEvent id="Late" name="Trop tard" attachedToRef="Review">
  <timerEventDefinition><timeDuration>P3M</timeDuration></timerEventDefinition></boundaryEvent>
<endEvent id="Done" name="Fini"/><endEvent id="Lapsed" name="Caduc"/>
<sequenceFlow id="a" sourceRef="Start" targetRef="Write"/><sequenceFlow id="b" sourceRef="Write" targetRef="Long"/>
<sequenceFlow id="yes" name="oui" sourceRef="Long" targetRef="Send"><conditionExpression>pages &gt; 10</conditionExpression></sequenceFlow>
<sequenceFlow id="no" sourceRef="Long" targetRef="Done"/><sequenceFlow id="d" sourceRef="Send" targetRef="Review"/>
<sequenceFlow id="e" sourceRef="Review" targetRef="Done"/><sequenceFlow id="f" sourceRef="Late" targetRef="Lapsed"/>
"""


def model(body: str = BODY) -> Model:
    return reader.read({"p.bpmn": bpmn(body, attributes='name="Note" jalon:startForm="start"')}).model


def changes(old: str, new: str) -> list[Change]:
    assert old in BODY
    return list(compare(model(), model(BODY.replace(old, new))))


@pytest.mark.parametrize(("old", "new", "element", "facet", "words"), [
    ('name="Relire"', 'name="Contrôler"', "Review", "name", "“Relire” is now called “Contrôler”."),
    ("pages &gt; 10", "pages &gt; 20", "yes", "condition", "“Longue → Envoyer”, the condition: “pages > 10” becomes “pages > 20”."),
    ('id="Long" name="Longue" default="no"', 'id="Long" name="Longue"', "Long", "condition",
     "“Longue”, the default way: nothing any more (before: “Fini”)."),
    ("P3M", "P2M", "Late", "timer", "“Trop tard”, the timer: “P3M” becomes “P2M”."),
    ('jalon:form="note"', 'jalon:form="text"', "Write", "form", "“Rédiger”, the form: “note” becomes “text”."),
    ('name="Relecture" jalon:group="reviewer"', 'name="Relecture" jalon:group="decider"', "Review_", "groups",
     "“Relecture”, the group: “reviewer” becomes “decider”."),
    ("client.notify", "staff.notify", "Send", "handler", "“Envoyer”, the handler: “client.notify” becomes “staff.notify”."),
    ('value="&quot;hello&quot;"', 'value="&quot;bye&quot;"', "Send", "mapping",
     "“Envoyer”, the input letter: “\"hello\"” becomes “\"bye\"”."),
    (' jalon:notWhoDid="Write"', "", "Review", "separation", "“Relire” can again be done by the person who did “Rédiger”."),
    ('attachedToRef="Review"', 'attachedToRef="Review" cancelActivity="false"', "Late", "interrupting",
     "“Trop tard” no longer stops what is going on."),
    ('sourceRef="Send" targetRef="Review"', 'sourceRef="Send" targetRef="Done"', "d", "flow",
     "“Envoyer” now leads to “Fini” instead of “Relire”."),
    ('name="oui"', 'name="beaucoup"', "yes", "name", "“Longue → Envoyer”, the answer: “oui” becomes “beaucoup”."),
    ("<flowNodeRef>Write</flowNodeRef></lane>", "</lane>", "Write", "lane", "“Rédiger” goes from “Commercial” to “nobody”."),
    ('<jalon:milestone id="m2" name="Relecture"/>', "", "m2", "milestone", "The milestone “Relecture” is removed."),
    ('name="Rédiger"', 'name="Rédiger" jalon:assignee="chef"', "Write", "assignee", "“Rédiger”, the person: “chef” (nothing before)."),
])
def test_each_kind_of_change_is_told_once_at_its_element(old: str, new: str, element: str, facet: str, words: str) -> None:
    told = changes(old, new)
    assert [(one.element, one.facet, one.text.en) for one in told] == [(element, facet, words)]


def test_a_step_put_in_between_is_told_with_its_new_way() -> None:
    told = changes('<sequenceFlow id="d" sourceRef="Send" targetRef="Review"/>', """
<userTask id="Second" name="Relire encore" jalon:notWhoDid="Review" jalon:groups="reviewer"/>
<sequenceFlow id="d" sourceRef="Send" targetRef="Second"/><sequenceFlow id="d2" sourceRef="Second" targetRef="Review"/>""")
    assert [(one.mark, one.element, one.text.fr) for one in told if not one.quiet] == [
        ("added", "Second", "Nouveau : « Relire encore » (tâche d’une personne), puis « Relire »."),
        ("changed", "d", "« Envoyer » mène maintenant à « Relire encore » au lieu de « Relire ».")]
    assert [one.element for one in told if one.quiet] == ["d2"]


def test_what_is_taken_out_is_told_and_its_flows_only_marked() -> None:
    told = compare(model(), model(BODY.split("<boundaryEvent")[0] + BODY.split("</boundaryEvent>")[1].replace(
        '<endEvent id="Lapsed" name="Caduc"/>', "").replace('<sequenceFlow id="f" sourceRef="Late" targetRef="Lapsed"/>', "")))
    assert [(one.mark, one.text.en) for one in told if not one.quiet] == [
        ("removed", "“Trop tard” is removed."), ("removed", "“Caduc” is removed.")]
    assert [one.element for one in told if one.quiet] == ["f"]


def test_the_same_drawing_has_no_difference_and_every_text_is_in_both_languages() -> None:
    assert compare(model(), model()) == ()
    processes = Path(__file__).parents[3] / "processes"
    shipped = [reader.read({path.name: path.read_bytes() for path in (processes / name).glob("*.bpmn")}).model
               for name in ("certification", "remediation")]
    told = [*compare(*shipped), *compare(shipped[1], shipped[0])]
    assert {one.mark for one in told} == {"added", "removed"} and all(one.text.fr and one.text.en for one in told)
