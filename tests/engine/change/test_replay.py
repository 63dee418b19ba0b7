"""Finished cases are lived again on a draft, and what comes out different is the draft's doing."""

from __future__ import annotations

import pytest

from engine.change.approvals import SayWhy
from engine.history.evidence import erase
from engine.store.database import Store
from tests.engine.change.house import FILES, House, changed

FLOW = '<sequenceFlow id="done" sourceRef="Review" targetRef="Done"/>'
STAMPED = changed(
    FLOW,
    '<scriptTask id="Stamp" name="Tamponner" jalon:result="stamped"><script>true</script></scriptTask>'
    '<sequenceFlow id="done" sourceRef="Review" targetRef="Stamp"/><sequenceFlow id="done2" sourceRef="Stamp" targetRef="Done"/>')


@pytest.fixture
def house(sqlite_store: Store) -> House:
    return House(sqlite_store)


def replayed(house: House, changes: dict[str, bytes | None]) -> list[tuple[str, str, list[str]]]:
    draft = house.draft(changes)
    found = house.studio.replay(draft.id, house.odile)
    return [(one.verdict, one.element, [text.en for text in one.told]) for one in found.cases]


def test_a_change_no_case_meets_leaves_every_case_its_way(store: Store) -> None:
    house = House(store)
    house.live()
    house.live(3)
    house.live(review=False)                                # still running: not replayed
    assert replayed(house, changed("P3M", "P5M")) == [("same", "", []), ("same", "", [])]


def test_another_way_is_told_by_the_names_of_its_elements(house: House) -> None:
    house.live(15)
    assert replayed(house, changed("pages &gt; 10", "pages &gt; 20")) == [
        ("stuck", "Review", ["The answer to “Relire” is not awaited at that moment."])]
    assert replayed(house, STAMPED) == [("other", "", ["It also takes “Tamponner”."])]


def test_a_step_the_case_has_no_answer_for_leaves_it_stuck_there(house: House) -> None:
    house.live()
    second = ('<userTask id="Second" name="Relire encore" jalon:groups="sales" jalon:notWhoDid="Review"/>'
              '<sequenceFlow id="done" sourceRef="Review" targetRef="Second"/>'
              '<sequenceFlow id="done2" sourceRef="Second" targetRef="Done"/>')
    assert replayed(house, changed(FLOW, second)) == [
        ("stuck", "Second", ["It waits at “Relire encore”, to which this case has no answer."])]


def test_who_did_a_task_and_could_no_longer_is_told(house: House) -> None:
    case = house.engine.start_instance("note", {}, house.anna)
    house.engine.complete_task(house.task(case, "Write"), {"pages": 11}, house.anna)
    house.engine.complete_task(house.task(case, "Review"), {}, house.rachel)
    early = ('<userTask id="Sign" name="Signer" jalon:groups="reviewer"/><sequenceFlow id="done" sourceRef="Review" targetRef="Sign"/>'
             '<sequenceFlow id="done2" sourceRef="Sign" targetRef="Done"/>')
    house.engine.deploy("note", FILES | {"note.bpmn": changed(FLOW, early)["note.bpmn"] or b""}, None)
    case = house.live(review=False)
    for element in ("Review", "Sign"):
        house.engine.complete_task(house.task(case, element), {}, house.rachel)
    strict = early.replace('jalon:groups="reviewer"', 'jalon:groups="reviewer" jalon:notWhoDid="Review"')
    assert ("other", "", ["“Signer” could no longer be done by the person who did it."]) in replayed(house, changed(FLOW, strict))


def test_erased_and_steered_cases_are_told_apart(house: House) -> None:
    case, other = house.live(), house.live(3)
    with house.engine.store.begin() as work:
        erase(work.connection, case)
    found = {told[0] if told else "" for verdict, _, told in replayed(house, changed("P3M", "P5M")) if verdict == "apart"}
    assert found == {"Its personal data have been erased."} and other


def test_a_run_is_bounded_in_number_and_time(house: House) -> None:
    for _ in range(3):
        house.live(3)
    draft = house.draft(changed("P3M", "P5M"))
    found = house.studio.replay(draft.id, house.odile, most=2)
    assert (len(found.cases), found.left_out) == (2, 1)
    assert house.studio.replay(draft.id, house.odile, seconds=0).left_out == 3


def test_a_draft_that_leaves_real_cases_elsewhere_is_approved_with_a_word_only(house: House) -> None:
    house.live()
    draft = house.draft(STAMPED)
    gate = house.proven(draft)
    assert "1 other way" in gate.condition("replay").evidence.en and gate.is_ready_for_approval
    asked = house.studio.ask_approval(draft.id, "Un tampon.", house.odile)
    with pytest.raises(SayWhy):
        house.studio.decide_approval(asked.id, True, "", house.remi)
    house.studio.decide_approval(asked.id, True, "Le tampon est voulu.", house.remi)
    assert house.studio.publish(draft.id, house.odile).version == 2
