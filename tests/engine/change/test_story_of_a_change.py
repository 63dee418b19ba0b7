"""The story of a change, from end to end, on the certification process as it ships.

A process owner adds a reminder and a second approver, is stopped by the gate for what no scenario shows, records it, cannot approve alone,
and publishes with a second person; a new case shows the change, an old one does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.change.approvals import SayWhy
from engine.change.gate import GateClosed
from engine.change.rehearsal import Rehearsal
from engine.change.studio import Studio
from engine.definitions import folders
from engine.errors import NotAllowed
from engine.texts import Text
from handlers import rehearsed_body
from jalon import make_rehearsal

PROCESSES = Path(__file__).parents[3] / "processes"
DIAGRAM = "certification.bpmn"
WAY = '<bpmn:sequenceFlow id="Flow_Decide_Granted" sourceRef="Activity_Decide" targetRef="Gateway_Granted" />'
#: A decision with reservations is confirmed by another decider; who has not decided after thirty days is reminded.
CHANGE = """
<bpmn:exclusiveGateway id="Gateway_Reservations" name="Des réserves ?" default="Flow_NoReservations" jalon:nameEn="Any reservations?">
  <bpmn:incoming>Flow_Decide_Reservations</bpmn:incoming>
  <bpmn:outgoing>Flow_Reservations</bpmn:outgoing><bpmn:outgoing>Flow_NoReservations</bpmn:outgoing></bpmn:exclusiveGateway>
<bpmn:userTask id="Activity_Confirm" name="Confirmer la décision" jalon:nameEn="Confirm the decision" jalon:groups="decider"
  jalon:form="confirmation" jalon:result="confirmation" jalon:notWhoDid="Activity_Decide Activity_Audit">
  <bpmn:incoming>Flow_Reservations</bpmn:incoming><bpmn:outgoing>Flow_Confirm_Granted</bpmn:outgoing></bpmn:userTask>
<bpmn:boundaryEvent id="Event_DecisionReminderDue" name="Rappel dû" jalon:nameEn="Reminder due" cancelActivity="false"
  attachedToRef="Activity_Decide"><bpmn:outgoing>Flow_Remind</bpmn:outgoing>
  <bpmn:timerEventDefinition id="Timer_DecisionReminderDue"><bpmn:timeDuration>P30D</bpmn:timeDuration></bpmn:timerEventDefinition>
</bpmn:boundaryEvent>
<bpmn:serviceTask id="Activity_RemindDecision" name="Rappeler la décision" jalon:nameEn="Remind of the decision"
  jalon:handler="staff.notify">
  <bpmn:extensionElements><jalon:input name="letter" value="&#34;decision_requested&#34;" />
  <jalon:input name="group" value="&#34;decider&#34;" /></bpmn:extensionElements>
  <bpmn:incoming>Flow_Remind</bpmn:incoming><bpmn:outgoing>Flow_Reminded</bpmn:outgoing></bpmn:serviceTask>
<bpmn:endEvent id="Event_DecisionReminded" name="Décideurs relancés" jalon:nameEn="Deciders reminded">
  <bpmn:incoming>Flow_Reminded</bpmn:incoming></bpmn:endEvent>
<bpmn:sequenceFlow id="Flow_Decide_Reservations" sourceRef="Activity_Decide" targetRef="Gateway_Reservations" />
<bpmn:sequenceFlow id="Flow_Reservations" name="oui" jalon:nameEn="yes" sourceRef="Gateway_Reservations" targetRef="Activity_Confirm">
  <bpmn:conditionExpression>decision.reservations != null</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="Flow_NoReservations" name="non" jalon:nameEn="no" sourceRef="Gateway_Reservations" targetRef="Gateway_Granted" />
<bpmn:sequenceFlow id="Flow_Confirm_Granted" sourceRef="Activity_Confirm" targetRef="Gateway_Granted" />
<bpmn:sequenceFlow id="Flow_Remind" sourceRef="Event_DecisionReminderDue" targetRef="Activity_RemindDecision" />
<bpmn:sequenceFlow id="Flow_Reminded" sourceRef="Activity_RemindDecision" targetRef="Event_DecisionReminded" />
"""
CONFIRMATION = {"type": "default", "id": "confirmation", "schemaVersion": 19, "components": [
    {"type": "checkbox", "id": "Field_confirmed", "key": "confirmed", "label": "Je confirme la décision", "validate": {"required": True}}]}
NEW = {"Event_DecisionReminderDue", "Flow_Reservations", "Flow_Confirm_Granted", "Flow_Remind", "Flow_Reminded"}


class Body:
    """A certification body whose cases run in virtual time on the real engine, and its studio."""

    def __init__(self) -> None:
        self.living = make_rehearsal(datetime(2026, 1, 5, 9))
        self.living.deploy_all(folders(PROCESSES))
        cast = yaml.safe_load((PROCESSES / "cast.yaml").read_text(encoding="utf-8"))["people"]
        self.living.add_people({**cast, "paula": {"name": "Paula Nemours", "groups": ["process_owner"]}})
        self.studio = Studio(self.living.engine, make_rehearsal, cast=cast, furnish=rehearsed_body.furnish)
        self.odile, self.remi, self.paula = (self.living.people[login] for login in ("odile", "remi", "paula"))

    def to_decision(self, rehearsal: Rehearsal) -> str:
        """A case from the application to the day of decision."""
        case = rehearsal.start("certification", sample())
        rehearsal.settle()
        client = rehearsal.evaluate("client_email", case)
        answers: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("Activity_SignContract", client, {"accepted": True, "signed_by": "Élodie Marchand", "signed_on": today(rehearsal)}),
            ("Activity_RecordContract", "claire", {"received_on": today(rehearsal)}),
            ("Activity_StudyAdmissibility", "nadia", {"outcome": "admissible"}),
            ("Activity_ProposeAudit", "paul", {}),
            ("Activity_Audit", "anna", {}),
            ("Activity_Review", "rachel", {"outcome": "ready"}),
        )
        for element, by, data in answers:
            if element == "Activity_ProposeAudit":
                data = {"auditor_id": rehearsal.people["anna"].id, "audit_on": today(rehearsal, 7), "days": 1, "place": "Paris"}
            if element == "Activity_Audit":
                rehearsal.advance("P7D")
                data = {"closed_on": today(rehearsal), "summary": "Audit mené selon le plan.", "opinion": "favourable",
                        "conform": rehearsal.evaluate("indicators", case)}
            rehearsal.complete(element, data, by=by, instance_id=case)
            rehearsal.settle()
        return case


def sample() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((PROCESSES / "certification" / "samples" / "independent-trainer.json").read_bytes())
    return data


def today(rehearsal: Rehearsal, plus: int = 0) -> str:
    return (rehearsal.calendar.day_of(rehearsal.clock.now()) + timedelta(days=plus)).isoformat()


@pytest.fixture
def body() -> Iterator[Body]:
    made = Body()
    yield made
    made.living.store.close()


@pytest.mark.slow
def test_a_process_owner_adds_a_reminder_and_a_second_approver_and_publishes_it_with_a_second_person(body: Body) -> None:
    studio, odile, remi, paula, living = body.studio, body.odile, body.remi, body.paula, body.living
    old = body.to_decision(living)
    finished = body.to_decision(living)
    living.complete("Activity_Decide", {"outcome": "granted"}, by="diane", instance_id=finished)
    living.settle()

    draft = studio.open_draft("certification", "Deuxième accord", odile)
    drawn = studio.files(draft.id, odile)[DIAGRAM].decode()
    assert WAY in drawn
    drawn = drawn.replace(WAY, CHANGE).replace("<bpmn:outgoing>Flow_Decide_Granted</bpmn:outgoing>",
                                               "<bpmn:outgoing>Flow_Decide_Reservations</bpmn:outgoing>")
    drawn = drawn.replace("<bpmn:incoming>Flow_Decide_Granted</bpmn:incoming>",
                          "<bpmn:incoming>Flow_NoReservations</bpmn:incoming><bpmn:incoming>Flow_Confirm_Granted</bpmn:incoming>")
    form = json.dumps(CONFIRMATION).encode()
    draft = studio.save(draft.id, {DIAGRAM: drawn.encode(), "confirmation.form.json": form}, draft.revision, odile)
    assert "Nouveau : « Confirmer la décision » (tâche d’une personne), puis « Certification accordée ? »." in [
        text.fr.replace("\u00a0", " ") for text in studio.differences(draft.based_on or "", draft.id, odile).words]

    # The gate stops: every story still holds, but none shows what is new.
    gate = studio.prove(draft.id, odile)
    assert [one.id for one in gate.conditions if one.state == "met"] == ["base", "checks", "scenarios"], gate.missing.en
    assert {one.element for one in gate.condition("coverage").findings} == NEW
    with pytest.raises(GateClosed) as closed:
        studio.ask_approval(draft.id, "Une relance et un deuxième accord.", odile)
    assert "5 branch(es) or timer(s) without a scenario" in closed.value.sentence.en

    # They play it and record it.
    played = studio.try_out(draft.id, odile, datetime(2026, 3, 2, 9))
    case = body.to_decision(played)
    played.advance("P31D")
    played.complete("Activity_Decide", {"outcome": "granted", "reservations": "Suivre le sous-traitant."}, by="diane")
    with pytest.raises(NotAllowed) as refused:
        played.complete("Activity_Confirm", {"confirmed": True}, by="diane")
    assert refused.value.rule == "separation_of_duties"
    played.complete("Activity_Confirm", {"confirmed": True}, by="victor")
    played.settle()
    assert played.outcome(case) == "Event_CertificationGranted"
    says = Text.of("A decision with reservations is confirmed by another decider.")
    draft = studio.record_rehearsal(draft.id, played, "second_approval", says, draft.revision, odile)
    gate = studio.prove(draft.id, odile)
    assert gate.condition("scenarios").state == gate.condition("coverage").state == "met", gate.missing.en
    replayed = studio.replay(draft.id, odile)
    assert [text.en for one in replayed.cases for text in one.told] == ["It also takes “Any reservations?”."]

    # A second person approves the exact content: not the author, administrator or not; and a later save voids it.
    asked = studio.ask_approval(draft.id, "Une relance et un deuxième accord.", odile)
    with pytest.raises(NotAllowed) as alone:
        studio.decide_approval(asked.id, True, "", odile)
    assert alone.value.rule == "four_eyes"
    with pytest.raises(SayWhy):                             # a real case would have gone another way: that needs a word
        studio.decide_approval(asked.id, True, "", remi)
    studio.decide_approval(asked.id, True, "La question est voulue.", remi)
    story = "scenarios/quote_expires.yaml"                  # however little is saved
    draft = studio.save(draft.id, {story: studio.files(draft.id, odile)[story] + b"# Read again.\n"}, draft.revision, remi)
    with pytest.raises(GateClosed):
        studio.publish(draft.id, odile)
    studio.prove(draft.id, odile)
    studio.replay(draft.id, odile)
    asked = studio.ask_approval(draft.id, "Une relance et un deuxième accord, récits relus.", odile)
    with pytest.raises(NotAllowed):
        studio.decide_approval(asked.id, True, "", remi)    # an administrator who has saved into it since
    studio.decide_approval(asked.id, True, "Relu.", paula)
    done = studio.publish(draft.id, odile)
    assert (done.version, studio.versions("certification", odile)[0].approved_by) == (2, "Paula Nemours")

    # A new case shows the change, an old one does not.
    new = body.to_decision(living)
    for case in (old, new):
        living.complete("Activity_Decide", {"outcome": "granted", "reservations": "Suivre le sous-traitant."}, by="diane", instance_id=case)
        living.settle()
    assert living.state(old) == "completed"
    assert [work.element for work in living.open_work(new) if work.kind == "user"] == ["Activity_Confirm"]
