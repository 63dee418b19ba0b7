"""What a process owner plays becomes a story that holds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from engine.change import performances, scenarios
from engine.change.recorder import NoSentence, NothingPlayed, NotRepeatable, SetStage, record
from engine.change.rehearsal import Rehearsal
from engine.change.studio import NotAStoryName, StoryExists
from engine.store.database import Store
from engine.texts import Text
from jalon import make_rehearsal
from tests.engine.change.house import House, changed
from tests.engine.diagrams import bpmn

PROCESSES = Path(__file__).parents[3] / "processes"
AT = datetime(2026, 1, 31, 9)
MANY = """<startEvent id="Start"/><subProcess id="Each">
<multiInstanceLoopCharacteristics jalon:collection="items" jalon:item="item"/>
<startEvent id="S"/><userTask id="Do" jalon:groups="sales" {subject}/><endEvent id="E"/>
<sequenceFlow id="a" sourceRef="S" targetRef="Do"/><sequenceFlow id="b" sourceRef="Do" targetRef="E"/></subProcess><endEvent id="End"/>
Start -> Each -> End"""
TOLD_BY_ITEM = 'jalon:subject="&quot;n° &quot; + item"'


def staged(diagram: bytes) -> tuple[Rehearsal, SetStage]:
    def stage(at: datetime) -> Rehearsal:
        rehearsal = Rehearsal(at)
        rehearsal.deploy({"p.bpmn": diagram}, "p")
        rehearsal.add_people({"anna": {"groups": ["sales"]}})
        return rehearsal

    return stage(AT), stage


def test_a_play_in_the_studio_becomes_a_story_of_the_draft_that_holds(sqlite_store: Store) -> None:
    house = House(sqlite_store)
    draft = house.draft(changed("P3M", "P2M") | {"scenarios/lapsed.yaml": None})
    played = house.studio.try_out(draft.id, house.odile, AT)
    case = played.start("note", by="anna")
    played.complete("Write", {"pages": 12}, by="anna")
    played.advance("P2M")
    assert played.state(case) == "completed"
    says = Text("Personne ne relit en deux mois.", "Nobody reviews within two months.")
    draft = house.studio.record_rehearsal(draft.id, played, "two_months", says, draft.revision, house.odile)
    story = house.studio.files(draft.id, house.odile)["scenarios/two_months.yaml"].decode()
    assert story == """says: {fr: Personne ne relit en deux mois., en: Nobody reviews within two months.}
start: {process: note, at: 2026-01-31T09:00, by: anna}
steps:
  - {expect: {open_exactly: [Write]}}
  - {complete: Write, by: anna, with: {pages: 12}}
  - {expect: {open_exactly: [Review]}}
  - {until: 2026-03-31T09:00}
  - {expect: {open_exactly: []}}
ends: Lapsed
"""
    gate = house.proven(draft)
    assert gate.condition("scenarios").state == "met" and gate.condition("coverage").state == "met"
    with pytest.raises(StoryExists):
        house.studio.record_rehearsal(draft.id, played, "two_months", Text.of("Again."), draft.revision, house.odile)
    with pytest.raises(NotAStoryName):
        house.studio.record_rehearsal(draft.id, played, "../x", Text.of("Again."), draft.revision, house.odile)


def test_one_of_several_tasks_is_told_by_its_subject() -> None:
    played, stage = staged(bpmn(MANY.format(subject=TOLD_BY_ITEM)))
    played.start("p", {"items": ["a", "b", "c"]})
    for item in ("b", "c", "a"):
        played.complete("Do", {}, by="anna", where={"item": item})
    story = yaml.safe_load(record(played, stage, Text.of("Each in turn.")))
    assert [step["where"] for step in story["steps"] if "complete" in step and "where" in step] == [
        {'"n° " + item': "n° b"}, {'"n° " + item': "n° c"}]


def test_tasks_without_a_subject_are_told_by_their_round() -> None:
    played, stage = staged(bpmn(MANY.format(subject="")))
    played.start("p", {"items": ["a", "b"]})
    played.complete("Do", {}, by="anna", where={"item": "a"})
    story = yaml.safe_load(record(played, stage, Text.of("One of two.")))
    assert [step["where"] for step in story["steps"] if "complete" in step] in ([{"loopCounter": 1}], [{"loopCounter": 2}])


def test_nothing_played_no_sentence_and_a_play_that_parts_are_refused() -> None:
    played, stage = staged(bpmn(MANY.format(subject=TOLD_BY_ITEM)))
    with pytest.raises(NothingPlayed):
        record(played, stage, Text.of("Nothing."))
    played.start("p", {"items": ["a"]})
    with pytest.raises(NoSentence):
        record(played, stage, Text.of(" "))
    played.fail("Do")
    with pytest.raises(NotRepeatable):
        record(played, stage, Text.of("It fails on purpose."))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["four_minors_certified", "withdrawn_in_mid_audit", "major_lapses"])
def test_a_story_of_the_house_recorded_from_its_own_play_holds(name: str, tmp_path: Path) -> None:
    """Parallel rounds, a message from outside, people chosen from a list, letters and deadlines: all come back."""
    stages: list[Rehearsal] = []

    def stage(at: datetime) -> Rehearsal:
        stages.append(make_rehearsal(at))
        return stages[-1]

    def ready(at: datetime) -> Rehearsal:
        performances.set_up(rehearsal := make_rehearsal(at), PROCESSES)
        return rehearsal

    told = scenarios.read(PROCESSES / "certification" / "scenarios" / f"{name}.yaml")
    assert performances.play(told, stage, PROCESSES).problem is None
    path = tmp_path / "certification" / "scenarios" / f"{name}.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(record(stages[0], ready, told.says))
    again = scenarios.read(path)
    assert (again.says, again.process, again.ends) == (told.says, told.process, told.ends)
    outcome = performances.play(again, make_rehearsal, PROCESSES)
    assert outcome.problem is None, str(outcome.problem)
