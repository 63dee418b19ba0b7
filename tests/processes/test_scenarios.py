"""The stories beside the diagrams hold on the real engine, also when every command reads its case back, and together they take every way.

Rule: docs/diagrams.md, 6.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import pytest

from engine.change.coverage import Coverage
from engine.change.performances import Outcome, play, prepared
from engine.change.scenarios import Scenario, find
from jalon import make_rehearsal
from tests.processes.costs import MOST_STATEMENTS, Costs

PROCESSES = Path(__file__).parents[2] / "processes"
STORIES = find(PROCESSES)
BEGIN = prepared(make_rehearsal, PROCESSES)
COSTS = Costs()
BEGIN_SAVED = prepared(partial(make_rehearsal, save_and_restore=True), PROCESSES)
of_every_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)


@cache
def told(name: str) -> Outcome:
    """A story is played once for what it says and for what it covers."""
    [story] = (one for one in STORIES if one.name == name)
    return play(story, lambda at: COSTS.watch(BEGIN(at)), PROCESSES)


@pytest.mark.xdist_group("stories")
@of_every_story
def test_the_story_holds(story: Scenario) -> None:
    if problem := told(story.name).problem:
        raise problem


@pytest.mark.xdist_group("stories that are saved and restored")
@of_every_story
def test_the_story_holds_when_every_command_reads_its_case_back(story: Scenario) -> None:
    if problem := play(story, BEGIN_SAVED, PROCESSES).problem:
        raise problem


@pytest.mark.xdist_group("stories")
def test_every_branch_and_timer_of_the_diagrams_is_taken_by_a_story() -> None:
    taken = Coverage()
    for story in STORIES:
        taken.add(told(story.name).coverage)
    stage = BEGIN(datetime(2026, 1, 5, 9))
    assert {key: taken.missing(stage.process(key)) for key in ("certification", "remediation", "minor_follow_up")} == {
        "certification": [], "remediation": [], "minor_follow_up": []}


@pytest.mark.xdist_group("stories")
def test_completing_any_task_takes_few_statements_and_one_commit() -> None:
    """Rule: docs/architecture.md, 6 (W1: at most 12 statements and one commit)."""
    for story in STORIES:
        told(story.name)
    assert len(COSTS.dearest) > 20 and COSTS.above(MOST_STATEMENTS) == {}


def test_what_happens_on_a_prepared_stage_stays_there() -> None:
    one, other = BEGIN(datetime(2026, 1, 5, 9)), BEGIN(datetime(2026, 2, 2, 9))
    one.start("certification", json.loads((PROCESSES / "certification/samples/vae.json").read_text(encoding="utf-8")))
    assert len(one.instances) == 1 and other.instances == []
    assert other.person("diane") == one.person("diane") and other.clock.now() > one.clock.now()
