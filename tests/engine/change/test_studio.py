"""A process owner changes a process and publishes it, and nothing is published around the gate."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.change.approvals import AlreadyDecided, SayWhy
from engine.change.gate import GateClosed
from engine.change.publishing import SayWhyRetired, StillCalled
from engine.change.studio import Studio
from engine.errors import NotAllowed
from engine.problems import NotDeployable
from engine.states import DefinitionState
from engine.store.database import Store
from engine.store.tables import instance
from engine.texts import Text
from tests.engine.change.house import BODY, FILES, House, changed
from tests.engine.diagrams import bpmn

RENAMED = changed('name="Relire"', 'name="Contrôler"')
ROOT = Path(__file__).parents[3]


@pytest.fixture
def house(sqlite_store: Store) -> House:
    return House(sqlite_store)


def published(house: House) -> str:
    draft = house.draft(RENAMED)
    house.proven(draft)
    asked = house.studio.ask_approval(draft.id, "Un mot plus juste.", house.odile)
    house.studio.decide_approval(asked.id, True, "", house.remi)
    return house.studio.publish(draft.id, house.odile).id


def test_a_change_goes_through_the_gate_and_only_new_cases_take_it(store: Store) -> None:
    house = House(store)
    running = house.live(review=False)
    draft = house.draft(RENAMED)
    assert house.lacking(house.studio.gate(draft.id, house.odile)) == {
        "scenarios": "waiting", "coverage": "waiting", "replay": "waiting", "approval": "waiting"}
    with pytest.raises(GateClosed) as closed:
        house.studio.ask_approval(draft.id, "Un mot plus juste.", house.odile)
    assert "the scenarios are to be played" in closed.value.sentence.en and "approval" not in closed.value.sentence.en
    assert house.lacking(house.proven(draft)) == {"approval": "waiting"}
    asked = house.studio.ask_approval(draft.id, "Un mot plus juste.", house.odile)
    with pytest.raises(GateClosed):
        house.studio.publish(draft.id, house.odile)
    house.studio.decide_approval(asked.id, True, "Vu.", house.remi)
    done = house.studio.publish(draft.id, house.odile)
    assert (done.version, done.is_new) == (2, True)
    started = house.live(review=False)
    with store.read() as connection:
        versions = {row.id: row.definition_id for row in connection.execute(select(instance.c.id, instance.c.definition_id))}
    assert versions == {running: house.version.id, started: done.id}
    newest, oldest = house.studio.versions("note", house.odile)
    assert (newest.way, newest.based_on, newest.approved_by, newest.request, newest.comment, newest.running) == (
        "studio", house.version.id, "Remi", "Un mot plus juste.", "Vu.", 1)
    assert {one["id"]: one["state"] for one in newest.evidence} == dict.fromkeys(
        ("base", "checks", "scenarios", "coverage", "replay", "approval"), "met")
    assert (oldest.way, oldest.state, oldest.running, oldest.retired_by) == ("operator", DefinitionState.RETIRED, 1, "Odile")


def test_a_branch_and_a_timer_without_a_story_are_named_at_their_element(house: House) -> None:
    draft = house.draft({"scenarios/lapsed.yaml": None, "scenarios/short.yaml": None})
    gate = house.proven(draft)
    assert house.lacking(gate) == {"coverage": "unmet", "approval": "waiting"}
    assert [(one.file, one.element, one.text.en) for one in gate.condition("coverage").findings] == [
        ("note.bpmn", "TooLate", "No scenario lets “Trop tard, on Relire” fire."),
        ("note.bpmn", "no", "No scenario goes from “Longue” to “Courte”."),
        ("note.bpmn", "late", "No scenario goes from “Trop tard” to “Caduc”.")]
    assert gate.condition("coverage").evidence.en == "4 branches and timers of 7"


def test_a_story_that_fails_on_the_draft_says_where(house: House) -> None:
    gate = house.proven(house.draft(changed("P3M", "P4M")))
    assert house.lacking(gate)["scenarios"] == "unmet"
    [found] = gate.condition("scenarios").findings
    assert found.file == "note/scenarios/lapsed.yaml" and "expected the end Lapsed" in found.text.en


def test_a_draft_with_an_error_is_told_by_element_and_never_played(house: House) -> None:
    broken = changed('targetRef="Done"', 'targetRef="Nowhere"')
    draft = house.draft({})
    assert not [one for one in house.studio.problems(draft.id, house.odile) if one.level == "error"]
    assert [one for one in house.studio.problems(draft.id, house.odile, broken) if one.level == "error"]
    draft = house.studio.save(draft.id, broken, draft.revision, house.odile)
    gate = house.studio.prove(draft.id, house.odile)
    assert gate.condition("checks").state == "unmet" and gate.condition("scenarios").state == "waiting" and house.staged == 0
    with pytest.raises(NotDeployable):
        house.studio.replay(draft.id, house.odile)


def test_stories_are_played_again_only_when_what_they_read_has_changed(house: House) -> None:
    draft = house.draft(RENAMED)
    house.studio.prove(draft.id, house.odile, seconds=0)
    assert house.staged == 0
    house.studio.prove(draft.id, house.odile)
    assert house.staged == 4, "once for all, then once a story"
    house.studio.prove(draft.id, house.odile)
    assert house.staged == 4
    story = FILES["scenarios/short.yaml"].replace(b"pages: 3", b"pages: 4")
    draft = house.studio.save(draft.id, {"scenarios/shorter.yaml": story}, draft.revision, house.odile)
    house.studio.prove(draft.id, house.odile)
    assert house.staged == 6, "the new one only"
    draft = house.studio.save(draft.id, changed("P3M", "P2M"), draft.revision, house.odile)
    house.studio.prove(draft.id, house.odile)
    assert house.staged == 11


def test_nobody_who_had_a_hand_in_a_draft_approves_it_whatever_their_groups(house: House) -> None:
    draft = house.draft(RENAMED, by=house.remi)             # an administrator opens and saves
    house.proven(draft)
    asked = house.studio.ask_approval(draft.id, "Un mot plus juste.", house.odile)
    for by, rule in ((house.remi, "four_eyes"), (house.odile, "four_eyes"), (house.rachel, "group")):
        with pytest.raises(NotAllowed) as refused:
            house.studio.decide_approval(asked.id, True, "", by)
        assert refused.value.rule == rule and refused.value.fact
    house.studio.decide_approval(asked.id, True, "", house.paula)
    assert house.studio.gate(draft.id, house.odile).is_open


def test_any_later_save_takes_the_force_of_an_approval_away(house: House) -> None:
    draft = house.draft(RENAMED)
    house.proven(draft)
    asked = house.studio.ask_approval(draft.id, "Un mot plus juste.", house.odile)
    house.studio.decide_approval(asked.id, True, "", house.remi)
    assert house.studio.gate(draft.id, house.odile).is_open
    after = house.studio.save(draft.id, {"scenarios/fixtures/start.yaml": b"{limit: 11}"}, draft.revision, house.paula)
    before = {"scenarios/fixtures/start.yaml": FILES["scenarios/fixtures/start.yaml"]}
    back = house.studio.save(draft.id, before, after.revision, house.odile)
    assert back.hash == draft.hash
    assert house.lacking(house.proven(back)) == {"approval": "waiting"}
    with pytest.raises(GateClosed):
        house.studio.publish(draft.id, house.odile)
    with pytest.raises(AlreadyDecided):
        house.studio.decide_approval(asked.id, True, "", house.paula)


def test_a_refusal_stands_until_the_draft_changes_and_needs_a_word(house: House) -> None:
    draft = house.draft(RENAMED)
    house.proven(draft)
    asked = house.studio.ask_approval(draft.id, "Un mot plus juste.", house.odile)
    with pytest.raises(SayWhy):
        house.studio.decide_approval(asked.id, False, " ", house.remi)
    house.studio.decide_approval(asked.id, False, "Gardons « Relire ».", house.remi)
    gate = house.studio.gate(draft.id, house.odile)
    assert house.lacking(gate) == {"approval": "unmet"} and "Gardons" in gate.condition("approval").evidence.fr


def test_a_draft_behind_the_published_version_must_catch_up_first(house: House) -> None:
    behind = house.draft({"scenarios/short.yaml": FILES["scenarios/short.yaml"] + b"# noted\n"})
    published(house)
    assert house.studio.gate(behind.id, house.odile).condition("base").state == "unmet"
    house.studio.catch_up(behind.id, house.odile)
    assert house.studio.gate(behind.id, house.odile).condition("base").state == "met"
    assert "Contrôler".encode() in house.studio.files(behind.id, house.odile)["note.bpmn"]


def test_an_older_version_comes_back_only_through_the_gate(house: House) -> None:
    newer = published(house)
    draft = house.studio.open_draft("note", "Retour", house.odile, version_id=house.version.id)
    assert draft.based_on == newer and house.studio.files(draft.id, house.odile) == FILES
    assert [text.en for text in house.studio.differences(newer, draft.id, house.odile).words] == [
        "“Contrôler” is now called “Relire”."]
    with pytest.raises(GateClosed):
        house.studio.publish(draft.id, house.odile)
    house.studio.retire(newer, "Une erreur.", house.odile)
    with pytest.raises(Exception, match="No published process"):
        house.live()                                        # the version before does not come back by itself


def test_a_version_others_call_is_not_retired_and_a_reason_is_given(house: House) -> None:
    with pytest.raises(SayWhyRetired):
        house.studio.retire(house.version.id, "", house.odile)
    caller = bpmn("""<startEvent id="S"/><callActivity id="Call" calledElement="note"/><endEvent id="E"/>
S -> Call -> E""", process="caller")
    house.engine.deploy("caller", {"caller.bpmn": caller}, None)
    with pytest.raises(StillCalled):
        house.studio.retire(house.version.id, "Plus utile.", house.odile)


def test_the_stories_of_a_process_that_calls_the_draft_are_played_too(house: House) -> None:
    caller = bpmn("""<startEvent id="S"/><callActivity id="Call" calledElement="note"/><endEvent id="E"/>
S -> Call -> E""", process="caller")
    story = b"says: It calls.\nstart: {process: caller, at: 2026-01-31T09:00}\nsteps:\n  - {expect: {open_exactly: [Write]}}\n"
    house.engine.deploy("caller", {"caller.bpmn": caller, "scenarios/calls.yaml": story}, None)
    gate = house.proven(house.draft(changed('id="Write"', 'id="Draw"') | {
        "note.bpmn": bpmn(BODY.replace('"Write"', '"Draw"'), process="note")}))
    assert "caller/scenarios/calls.yaml" in [one.file for one in gate.condition("scenarios").findings]


def test_every_command_is_for_process_owners_only(house: House) -> None:
    draft = house.draft(RENAMED)
    calls: dict[str, tuple[object, ...]] = {
        "processes": (), "versions": ("note",), "draft": (draft.id,), "files": (draft.id,), "problems": (draft.id,),
        "differences": (house.version.id, draft.id), "gate": (draft.id,), "waiting_for_approval": (), "open_draft": ("note", "x"),
        "save": (draft.id, {}, 1), "catch_up": (draft.id,), "meeting": (draft.id,), "export_all": (),
        "import_folder": (draft.id, {}, 1), "discard": (draft.id,), "export_zip": (draft.id,),
        "import_zip": (draft.id, b"", 1), "try_out": (draft.id,), "prove": (draft.id,), "replay": (draft.id,),
        "begin_run": (draft.id, "scenarios"), "stories": (draft.id,),
        "play_story": (draft.id, "note/short"), "ask_approval": (draft.id, "x"), "decide_approval": ("x", True, ""),
        "withdraw_approval": (draft.id,), "publish": (draft.id,),
        "retire": (house.version.id, "x"),
    }
    public = {name for name in dir(Studio) if not name.startswith("_")}
    assert public == {*calls, "record", "record_rehearsal"}
    for name, arguments in calls.items():
        with pytest.raises(NotAllowed) as refused:
            getattr(house.studio, name)(*arguments, house.anna)
        assert refused.value.rule == "group", name
    with pytest.raises(NotAllowed):
        house.studio.record_rehearsal(draft.id, house.studio.try_out(draft.id, house.odile), "x", Text.of("x"), 1, house.anna)


def test_no_person_deploys_around_the_studio_and_no_page_or_handler_does(house: House) -> None:
    for by in (house.odile, house.remi):
        with pytest.raises(NotAllowed) as refused:
            house.engine.deploy("note", FILES, by)
        assert refused.value.rule == "four_eyes"
    publishing = {"deploy", "deploy_all", "import_processes", "publish_all"}
    rooms = [path for room in ("web", "handlers") for path in (ROOT / room).rglob("*.py")]
    assert len(rooms) > 40
    named = {(path.name, node.attr) for path in rooms for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Attribute) and node.attr in publishing}
    assert named <= {("demo_house.py", "deploy_all")}, "the demo is furnished by its operator"
    calls = [path.relative_to(ROOT).as_posix() for path in (ROOT / "engine").rglob("*.py")
             if "deployment.deploy(" in path.read_text(encoding="utf-8")]
    assert calls == ["engine/change/publishing.py"]


def test_a_diagram_saved_by_an_editor_keeps_what_the_editor_leaves_out(house: House) -> None:
    """Comments outlive the editor, and a file that is only opened and saved is no new revision."""
    told = FILES["note.bpmn"].replace(b"<bpmn:startEvent ", b"<!-- asked by phone --><bpmn:startEvent ", 1)
    draft = house.draft({"note.bpmn": told})
    assert house.studio.files(draft.id, house.odile)["note.bpmn"] == told
    assert house.studio.save(draft.id, {"note.bpmn": FILES["note.bpmn"]}, draft.revision, house.odile).revision == draft.revision
    house.studio.save(draft.id, changed("P3M", "P2M"), draft.revision, house.odile)
    kept = house.studio.files(draft.id, house.odile)["note.bpmn"]
    assert b"asked by phone" in kept and b"P2M" in kept and b"P3M" not in kept
