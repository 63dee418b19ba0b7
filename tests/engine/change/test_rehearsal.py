"""A rehearsal is the real engine in virtual time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.change.rehearsal import NoSuchWork, NotATime, Rehearsal, SeveralWait
from engine.errors import NotAllowed
from engine.handler import Complete, Outcome, Registry, Retry, Task
from engine.problems import NotDeployable
from engine.service import Ports
from engine.texts import Text
from tests.engine.diagrams import REVIEWED, bpmn

NO_TITLE = Text("", "")
MANY = bpmn("""
<startEvent id="Start"/>
<userTask id="Each" jalon:groups="sales">
  <multiInstanceLoopCharacteristics jalon:collection="items" jalon:item="item"/>
</userTask>
<endEvent id="End"/>
Start -> Each -> End""")
DAYS = bpmn("""
<startEvent id="Start"/><userTask id="Work" jalon:groups="sales"/><endEvent id="End"/>
<boundaryEvent id="First" attachedToRef="Work" cancelActivity="false">
  <timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>
<intermediateCatchEvent id="Second">
  <timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>
<boundaryEvent id="Third" attachedToRef="Work" cancelActivity="false">
  <timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition></boundaryEvent>
<endEvent id="E1"/><endEvent id="E2"/>
Start -> Work -> End
First -> Second -> E1
Third -> E2""")


class Mail:
    """An outside with a switch."""

    def __init__(self) -> None:
        self.up, self.sent = True, list[str]()

    def send(self, template: str) -> None:
        if not self.up:
            raise OSError("down")
        self.sent.append(template)


def registry() -> Registry:
    known = Registry()

    @known.external("client.notify", title=NO_TITLE, retry=Retry(times=30, first_wait_seconds=3600, factor=1))
    def notify(task: Task, mail: Mail) -> Outcome:
        mail.send(task["template"])
        return Complete()

    known.local("note.write", title=NO_TITLE)(lambda task: Complete(noted=True))
    return known


@pytest.fixture(params=[False, True], ids=["hot", "save_and_restore"])
def rehearsal(request: pytest.FixtureRequest) -> Rehearsal:
    mail = Mail()
    return Rehearsal(datetime(2026, 1, 31, 9), registry=registry(), ports=Ports(external={"mail": mail}), outside={"mail": mail},
                     sent=lambda: mail.sent, save_and_restore=bool(request.param))


def test_advancing_stops_at_every_due_timer_in_order_and_at_those_they_set(rehearsal: Rehearsal) -> None:
    rehearsal.deploy({"p.bpmn": DAYS})
    rehearsal.start("p")
    rehearsal.advance("P3D")
    start = datetime(2026, 1, 31, 8, tzinfo=UTC)
    fired = [
        (element, at - start)
        for element, happened, at in rehearsal.trace()
        if happened == "taken" and element in ("First", "Second", "Third")
    ]
    assert fired == [("First", timedelta(days=1)), ("Second", timedelta(days=1, hours=1)), ("Third", timedelta(days=2))]
    assert rehearsal.clock.now() == start + timedelta(days=3)


def test_time_moves_by_duration_months_day_or_moment_and_never_back(rehearsal: Rehearsal) -> None:
    rehearsal.advance("P1M")
    assert rehearsal.clock.now() == datetime(2026, 2, 28, 8, tzinfo=UTC)
    rehearsal.advance(date(2026, 5, 1))
    assert rehearsal.clock.now() == datetime(2026, 4, 30, 22, tzinfo=UTC), "the first moment of that day in Paris"
    rehearsal.advance("2026-05-01T08:00")
    assert rehearsal.clock.now() == datetime(2026, 5, 1, 6, tzinfo=UTC)
    with pytest.raises(ValueError):
        rehearsal.advance("2026-01-01")
    with pytest.raises(NotATime):
        rehearsal.advance("soon")


def test_people_are_checked_and_nobody_is_not(rehearsal: Rehearsal) -> None:
    rehearsal.deploy({"p.bpmn": REVIEWED})
    rehearsal.add_people({"anna": {"name": "Anna", "groups": ["sales"]}, "rachel": {"name": "Rachel", "groups": ["reviewer"]}})
    rehearsal.start("p")
    rehearsal.complete("Write", {"text": "x"}, by="anna")
    with pytest.raises(NotAllowed):
        rehearsal.complete("Review", by="anna")
    rehearsal.claim("Review", "rachel")
    rehearsal.complete("Review")
    assert (rehearsal.state(), rehearsal.outcome(), rehearsal.variables()) == ("completed", "Done", {"text": "x", "noted": True})


def test_one_of_several_is_picked_by_what_it_sees(rehearsal: Rehearsal) -> None:
    rehearsal.deploy({"p.bpmn": MANY})
    rehearsal.start("p", {"items": [{"number": 1}, {"number": 2}]})
    with pytest.raises(SeveralWait):
        rehearsal.complete("Each")
    rehearsal.complete("Each", where={"item.number": 2})
    with pytest.raises(NoSuchWork) as nothing:
        rehearsal.complete("Each", where={"item.number": 2})
    assert "Each" in str(nothing.value.sentence.en)
    rehearsal.complete("Each")
    assert rehearsal.state() == "completed"


def test_an_outside_that_is_down_for_a_day_harms_no_case(rehearsal: Rehearsal) -> None:
    rehearsal.deploy(
        {
            "p.bpmn": bpmn("""
<startEvent id="Start"/>
<serviceTask id="Tell" jalon:handler="client.notify">
  <extensionElements><jalon:input name="template" value="&quot;hello&quot;"/></extensionElements></serviceTask>
<endEvent id="End"/>
Start -> Tell -> End""")
        }
    )
    rehearsal.switch("mail", up=False)
    rehearsal.start("p")
    rehearsal.advance("P1D")
    assert (rehearsal.state(), rehearsal.sent(), rehearsal.incidents()) == ("active", [], [])
    rehearsal.switch("mail", up=True)
    rehearsal.advance("PT1H")
    assert (rehearsal.state(), rehearsal.sent()) == ("completed", ["hello"])


def test_failing_on_purpose_is_an_incident_and_an_error_goes_to_its_boundary(rehearsal: Rehearsal) -> None:
    rehearsal.deploy({"p.bpmn": bpmn("""
<startEvent id="Start"/><userTask id="Work" jalon:groups="sales"/><endEvent id="End"/><endEvent id="Caught"/>
<boundaryEvent id="Catch" attachedToRef="Work"><errorEventDefinition errorRef="E"/></boundaryEvent>
Start -> Work -> End
Catch -> Caught""", before='<error id="E" errorCode="OOPS"/>')})
    first, second = rehearsal.start("p"), rehearsal.start("p")
    rehearsal.fail("Work", "broken", instance_id=first)
    assert [(work.kind, work.element) for work in rehearsal.open_work(first)] == [("failed", "Work")]
    assert rehearsal.incidents() == [("Work", Text("broken", "broken"))]
    rehearsal.bpmn_error("Work", "OOPS", instance_id=second)
    assert rehearsal.outcome(second) == "Caught"


def test_what_cannot_run_is_told_by_check_and_refused_by_deploy(rehearsal: Rehearsal) -> None:
    broken = bpmn('<startEvent id="Start"/><serviceTask id="Do" jalon:handler="no.such"/><endEvent id="End"/>\nStart -> Do -> End')
    assert "Do" in {problem.element for problem in rehearsal.check({"p.bpmn": broken})}
    with pytest.raises(NotDeployable):
        rehearsal.deploy({"p.bpmn": broken})
