"""A small certification in one case: reminders, a withdrawal, remediations side by side that lapse, a loop back to an earlier task.

Drawn like the shipped diagrams, read by the real reader, saved and restored after every step.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine.kernel.program import Program
from tests.engine.kernel.drawing import PARIS, Story, TestHost, arrows, process, program

ROOTS = '<message id="Withdrawn" name="applicant.withdrawal" jalon:correlation="case_number"/><error id="Lapsed" errorCode="NC_LAPSED"/>'

MAIN = process(
    '<startEvent id="received"/><userTask id="study" jalon:result="study"/><exclusiveGateway id="admissible" default="yes"/>'
    '<userTask id="information" jalon:result="information"/>'
    '<boundaryEvent id="remind" attachedToRef="information" cancelActivity="false"><timerEventDefinition><timeCycle>'
    'reminders("information", asked_on)</timeCycle>'
    '</timerEventDefinition></boundaryEvent><serviceTask id="send" jalon:handler="client.notify"/><endEvent id="sent"/>'
    '<boundaryEvent id="lapse" attachedToRef="information"><timerEventDefinition><timeDate>deadline("information", asked_on)</timeDate>'
    '</timerEventDefinition>'
    '</boundaryEvent><endEvent id="inadmissible"/>'
    '<userTask id="audit"/>'
    '<callActivity id="remediate" calledElement="remediation"><extensionElements><jalon:input name="nc" value="nc"/>'
    '<jalon:input name="notified_on" value="asked_on"/><jalon:output name="settlement" value="settlement"/></extensionElements>'
    '<multiInstanceLoopCharacteristics jalon:collection="ncs" jalon:item="nc" jalon:collect="settlements" jalon:collectValue="{number: '
    'nc.number, how: settlement}"/>'
    '</callActivity><boundaryEvent id="lapsed" attachedToRef="remediate"><errorEventDefinition errorRef="Lapsed"/></boundaryEvent>'
    '<userTask id="decide"/><endEvent id="granted"/><endEvent id="refused"/>'
    '<subProcess id="withdrawal" triggeredByEvent="true"><startEvent id="withdraws"><messageEventDefinition messageRef="Withdrawn"/>'
    '</startEvent>'
    '<serviceTask id="close" jalon:handler="case.close"/><endEvent id="withdrawn"/>' + arrows("withdraws > close; close > withdrawn")
    + "</subProcess>",
    'received > study; study > admissible; yes = admissible > audit; admissible > information : study.outcome = "more_information"; '
    'information > study;'
    'remind > send; send > sent; lapse > inadmissible; audit > remediate; remediate > decide; decide > granted; lapsed > refused',
    key="certification")

REMEDIATION = process(
    '<startEvent id="r_start"/><userTask id="plan"/>'
    '<boundaryEvent id="r_lapse" attachedToRef="plan"><timerEventDefinition><timeDate>deadline("nc", notified_on)</timeDate>'
    '</timerEventDefinition></boundaryEvent>'
    '<endEvent id="lapse_end"><errorEventDefinition errorRef="Lapsed"/></endEvent><serviceTask id="check" jalon:handler="nc.check"/>'
    '<endEvent id="r_end"/>',
    "r_start > plan; plan > check; check > r_end; r_lapse > lapse_end", key="remediation")


@pytest.fixture(scope="module")
def made() -> Program:
    return program(ROOTS, MAIN, REMEDIATION)


def begun(made: Program) -> Story:
    host = TestHost()
    host.lists["information"] = [datetime(2026, 2, day, 8, tzinfo=PARIS) for day in (3, 6)]
    return Story(made, {"case_number": "2026-1", "asked_on": date(2026, 1, 31), "ncs": [{"number": 1}, {"number": 2}, {"number": 3}]},
                 host=host, key="certification")


def audited(made: Program) -> Story:
    story = begun(made)
    story.complete("study", {"outcome": "admissible"})
    story.complete("audit")
    return story


def test_information_is_asked_for_reminded_and_leads_back_to_the_study(made: Program) -> None:
    story = begun(made)
    story.complete("study", {"outcome": "more_information"})
    assert story.open() == ["information", "lapse", "remind", "withdraws"]
    assert story.until(datetime(2026, 2, 4, tzinfo=PARIS)) == [(datetime(2026, 2, 3, 8, tzinfo=PARIS), "remind")]
    story.complete("information", {"answer": "here"})
    assert story.open() == ["send", "study", "withdraws"]  # the reminder on its way is not taken back
    story.complete("send")
    story.complete("study", {"outcome": "admissible"})
    assert (story.open(), story.variables["information"]) == (["audit", "withdraws"], {"answer": "here"})


def test_nobody_answers_and_the_day_after_the_last_day_closes_the_case(made: Program) -> None:
    story = begun(made)
    story.complete("study", {"outcome": "more_information"})
    fired = story.until(datetime(2026, 3, 1, tzinfo=PARIS))
    assert fired[-1] == (datetime(2026, 2, 11, tzinfo=PARIS), "lapse")
    assert story.open() == ["send", "send", "withdraws"]
    story.complete("send")
    story.complete("send")
    assert (story.run.ended, story.run.ends) == (True, ["inadmissible", "sent"])


def test_remediations_run_side_by_side_and_settle_in_order(made: Program) -> None:
    story = audited(made)
    assert story.open() == ["plan", "plan", "plan", "r_lapse", "r_lapse", "r_lapse", "withdraws"]
    assert len({ref.scope for wait in story.all("r_lapse") for ref in wait.deadlines}) == 3
    for how in ("c", "b", "a"):
        story.complete("plan", number=len(story.all("plan")) - 1)
        story.complete("check", {"settlement": how})
    assert story.variables["settlements"] == [{"number": 1, "how": "a"}, {"number": 2, "how": "b"}, {"number": 3, "how": "c"}]
    story.complete("decide")
    assert (story.run.ended, story.run.ends) == (True, ["granted"])


def test_one_lapse_inside_a_remediation_refuses_the_whole_and_stops_the_others(made: Program) -> None:
    story = audited(made)
    story.complete("plan")
    fired = story.until(datetime(2026, 2, 11, tzinfo=PARIS))
    assert fired == [(datetime(2026, 2, 11, tzinfo=PARIS), "r_lapse")]
    assert (story.run.ended, story.run.ends, set(story.run.scopes)) == (True, ["refused"], {""})
    assert sorted(story.happened("cancelled")) == ["check", "plan", "plan", "remediate", "remediate", "remediate"]


def test_the_applicant_withdraws_while_remediations_are_open(made: Program) -> None:
    story = audited(made)
    assert story.wait("withdraws").correlation == "2026-1"
    story.fire("withdraws", {"reason": "sold"})
    assert (story.open(), story.variables["reason"], set(story.run.scopes)) == (["close"], "sold", {""})
    story.complete("close")
    assert (story.run.ended, story.run.ends) == (True, ["withdrawn"])


def test_a_handler_error_inside_a_called_process_is_caught_where_it_is_called(made: Program) -> None:
    story = audited(made)
    story.complete("plan", number=1)
    story.error("check", "NC_LAPSED")
    assert story.run.ends == ["refused"]
    story = audited(made)
    story.complete("plan", number=1)
    story.error("check", "OTHER")
    assert (story.open().count("!check"), story.open().count("plan")) == (1, 2)


def test_a_case_in_mid_remediation_stays_small(made: Program) -> None:
    story = audited(made)
    assert len(story.run.dump()) < 2_500                   # 3 remediations, 3 timers, the withdrawal


def test_the_same_steps_give_the_same_story(made: Program) -> None:
    def told() -> list[Any]:
        story = audited(made)
        story.until(story.host.now() + timedelta(days=30))
        return [(passed.element, passed.event) for passed in story.passed]

    assert told() == told()
