"""The demo's plan is written right, and leaves people with work in their hands.

Rule: docs/architecture.md, 6 (the demo is lived by the real engine, in virtual time).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from lxml import etree  # type: ignore[import-untyped]
from sqlalchemy import select

from engine.change.play import WITHDRAW, Plan, PlanInvalid
from engine.definitions import folders
from engine.store.tables import comment, user_task
from engine.work.rules import Rules
from handlers import demo_body
from handlers.qualiopi import numbers
from jalon import make_rehearsal

PROCESSES = Path(__file__).parents[2] / "processes"
PLAN = (PROCESSES / "certification/demo.yaml").read_bytes()
UNTIL = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_the_plan_speaks_of_tasks_people_and_numbers_that_exist() -> None:
    plan, cast = Plan.read(PLAN), yaml.safe_load((PROCESSES / "cast.yaml").read_bytes())["people"]
    drawn = {node.get("id") for path in PROCESSES.glob("*/*.bpmn") for node in etree.parse(path).iterfind(".//{*}userTask")}
    answered = {element for answers in (plan.answers, *plan.stories.values()) for element in answers} - {WITHDRAW}
    assert answered <= drawn
    assert {role.story for role in plan.cases} == set(plan.stories)
    named = [one.get("by") for answers in plan.stories.values() for answer in answers.values()
             for one in (answer if isinstance(answer, list) else [answer]) if isinstance(one, dict)]
    assert {by for by in named if by} <= set(cast)
    sirens = [role.set["organisation.siren"] for role in plan.cases]
    assert len(set(sirens)) == len(sirens) and all(numbers.siren_is_possible(siren) for siren in sirens)


def test_the_exceptions_of_the_directories_are_about_cases_of_the_demo() -> None:
    exceptions = json.loads((PROCESSES / demo_body.DIRECTORIES).read_text(encoding="utf-8"))
    cases = Plan.read(PLAN).cases
    assert set(exceptions["companies"]) <= {role.set["organisation.siren"] for role in cases}
    assert set(exceptions["providers"]) <= {role.set.get("organisation.nda") for role in cases}


def test_an_answer_the_plan_does_not_know_is_told_with_its_place() -> None:
    wrong = b"{process: x, stories: {late: {Activity_A: {hold: P1D}}}, cases: []}"
    with pytest.raises(PlanInvalid) as refused:
        Plan.read(wrong)
    assert "late, Activity_A" in refused.value.sentence.en and "hold" in refused.value.sentence.en


def test_people_hold_what_the_plan_gives_them_and_a_conflict_is_seen() -> None:
    """A task that is held is claimed with all checks, and stays open; a link declared meanwhile stops the auditor proposed."""
    rehearsal = make_rehearsal(UNTIL - timedelta(days=32))
    rehearsal.deploy_all(folders(PROCESSES))
    assert demo_body.live(rehearsal, PROCESSES, UNTIL, stories={"record_held", "conflict_found"}) == 2
    people = rehearsal.names()
    with rehearsal.store.read() as connection:
        open_ = connection.execute(select(user_task.c.element_id, user_task.c.assignee_id).where(user_task.c.state == "open")).all()
        remarks = connection.execute(select(comment.c.by_id, comment.c.text)).all()
    assert {(row.element_id, people[row.assignee_id]) for row in open_} == {
        ("Activity_RecordContract", "claire"), ("Activity_ProposeAudit", "paul")}
    assert {people[row.by_id] for row in remarks} == {"claire", "paul"}
    [conflicting] = [one for one in rehearsal.instances if rehearsal.evaluate("conflict != null", one)]
    assert rehearsal.evaluate("conflict.found", conflicting) is True
    assert "Plein Cintre" in rehearsal.evaluate("conflict.reasons[1].fr", conflicting)


def test_what_people_do_beside_their_tasks_is_written_right() -> None:
    """Each act names an organisation of the plan, a rule that allows it, and somebody who may."""
    tree, plan = yaml.safe_load(PLAN), Plan.read(PLAN)
    names = {role.set["organisation.name"] for role in plan.cases}
    cast = yaml.safe_load((PROCESSES / "cast.yaml").read_bytes())["people"]
    rules = {key: rule for folder in ("certification", "remediation")
             for key, rule in Rules.read((PROCESSES / folder / "deadlines.yaml").read_bytes()).items()}
    for act in tree["acts"]:
        assert act["organisation"] in names and act["by"] in cast and act["reason"]
        rule = rules[act["rule"]].versions[-1] if "rule" in act else None
        assert {"ask_extension": rule is not None and bool(rule.extension), "pause": rule is not None and rule.pause,
                "suspend": "manager" in cast[act["by"]]["groups"]}[act["does"]]
    assert set(tree["refused"]) <= {role.set["contact.email"] for role in plan.cases}
