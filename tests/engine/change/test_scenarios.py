"""Stories are read strictly, played on the real engine, and told clearly when they do not hold."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from engine.change.coverage import Coverage
from engine.change.performances import Outcome, play, run_all
from engine.change.rehearsal import Rehearsal
from engine.change.scenarios import NotAScenario, find, read
from engine.definitions import folders
from engine.handler import Complete, Registry
from engine.texts import Text
from tests.engine.diagrams import bpmn

DIAGRAM = bpmn(
    """
<startEvent id="Start"/>
<userTask id="Write" jalon:groups="sales" jalon:milestone="writing"/>
<exclusiveGateway id="Long" default="no"/>
<serviceTask id="Note" jalon:handler="note.write"/>
<userTask id="Review" jalon:groups="reviewer" jalon:notWhoDid="Write"/>
<boundaryEvent id="TooLate" attachedToRef="Review">
  <timerEventDefinition><timeDuration>P3M</timeDuration></timerEventDefinition></boundaryEvent>
<endEvent id="Done"/><endEvent id="Lapsed"/><endEvent id="Short"/>
<extensionElements><jalon:milestone id="writing" name="Rédaction"/></extensionElements>
Start -> Write -> Long
Long -> Note: =pages > 10
Note -> Review -> Done
TooLate -> Lapsed
<sequenceFlow id="no" sourceRef="Long" targetRef="Short"/>""",
    process="note",
)

STORY = """
says: A long note is reviewed by another person within three months.
start: {process: note, at: 2026-01-31T09:00, with: fixtures/start.yaml, by: anna}
steps:
  - {expect: {open_exactly: [Write], milestone: writing}}
  - {complete: Write, by: rachel, refused: group}
  - {claim: Write, by: anna}
  - {complete: Write, by: anna, with: {pages: "=limit + 1"}}
  - {expect: {open: [Review], not_open: [Write], variables: {pages: 11, "title": Audit}, incidents: 0, state: active, sent: []}}
  - {complete: Review, by: anna, refused: separation_of_duties}
  - {wait: P2M}
  - {complete: Review, by: rachel}
ends: Done
"""


@pytest.fixture
def processes(tmp_path: Path) -> Path:
    """A folder of processes with one of them, a cast and a story."""
    folder = tmp_path / "note"
    (folder / "scenarios" / "fixtures").mkdir(parents=True)
    (folder / "note.bpmn").write_bytes(DIAGRAM)
    (folder / "scenarios" / "reviewed.yaml").write_text(STORY)
    (folder / "scenarios" / "fixtures" / "start.yaml").write_text("{limit: 10, title: Audit}")
    (tmp_path / "cast.yaml").write_text(
        "people: {anna: {name: Anna, groups: [sales, reviewer]}, rachel: {name: Rachel, groups: [reviewer]}}"
    )
    return tmp_path


def stage(at: datetime) -> Rehearsal:
    registry = Registry()
    registry.local("note.write", title=Text("", ""))(lambda task: Complete())
    return Rehearsal(at, registry=registry)


def told(processes: Path, old: str, new: str) -> Outcome:
    """Play the story with one line changed."""
    assert old in STORY
    path = processes / "note" / "scenarios" / "reviewed.yaml"
    path.write_text(STORY.replace(old, new))
    return play(read(path), stage, processes)


def test_a_story_that_holds(processes: Path) -> None:
    lines: list[str] = []
    assert run_all(find(processes), stage, processes, lines.append) == 0
    assert lines[-1] == "1 passed, 0 failed"


@pytest.mark.parametrize(("old", "new", "step", "words"), [
    ("ends: Done", "ends: Lapsed", "the end", "expected the end Lapsed; was Done"),
    ("{wait: P2M}", "{wait: P3M}", "step 8", "Nothing waits at Review"),
    ("open: [Review]", "open: [Approve]", "step 5", "expected open: Approve; is open: Review"),
    ("pages: 11", "pages: 12", "step 5", "expected pages = 12; was 11"),
    ("refused: group", "refused: claim", "step 2", "expected the refusal claim; was group"),
    ("by: rachel, refused: group", "by: anna, refused: group", "step 2", "it was accepted"),
    ("{claim: Write, by: anna}", "{claim: Write, by: rachel}", "step 3", "not allowed (group)"),
    ("sent: []", "sent: [reminder]", "step 5", "expected sent: reminder; was sent: nothing"),
    ("fixtures/start.yaml", "fixtures/none.yaml", "the start", "there is no file fixtures/none.yaml"),
    ("fixtures/start.yaml", "../../cast.yaml", "the start", "there is no file"),
])
def test_a_story_that_does_not_hold_says_where_and_what(processes: Path, old: str, new: str, step: str, words: str) -> None:
    problem = told(processes, old, new).problem
    assert problem is not None
    assert problem.step.en.startswith(step) and words in problem.problem.en, str(problem)
    assert problem.step.fr and problem.problem.fr


@pytest.mark.parametrize(("old", "new", "words"), [
    ("{claim: Write, by: anna}", "{clam: Write, by: anna}", "step 3: needs exactly one of"),
    ("by: rachel}", "bye: rachel}", "step 8: unknown key bye"),
    ("milestone: writing", "milestones: writing", "step 1, expect: unknown key milestones"),
    ("process: note, ", "", "start: process is missing"),
])
def test_a_story_that_is_not_written_right_is_told_by_step_and_key(processes: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(NotAScenario) as fault:
        told(processes, old, new)
    assert words in str(fault.value.sentence.en)


def test_what_no_story_takes_is_told(processes: Path) -> None:
    outcome = play(find(processes)[0], stage, processes)
    drawn = stage(datetime(2026, 1, 31))
    drawn.deploy_all(folders(processes))
    missing = outcome.coverage.missing(drawn.process("note"))
    assert missing == ["timer TooLate never fires", "flow f6_TooLate_Lapsed (TooLate → Lapsed) is never taken",
                       "flow no (Long → Short) is never taken", "endEvent Lapsed is never reached", "endEvent Short is never reached"]
    everything = Coverage()
    everything.add(outcome.coverage)
    everything.add(told(processes, "ends: Done", "ends: Lapsed").coverage)
    assert everything.missing(drawn.process("note")) == missing
