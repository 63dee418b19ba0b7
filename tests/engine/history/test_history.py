"""The history of a case is evidence: any change shows, and erasing personal values breaks nothing."""

import copy
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

import engine
from engine.history import KINDS, Chain, Naming, NewEvent, describe, erase, export_case, verify
from engine.store.database import Store
from engine.store.tables import instance
from engine.texts import Text
from tests.engine.rows import NOW, put_case, put_definition

ACTOR = "a" * 32


def _told(store: Store) -> str:
    """Make a case with four events, and tell its id."""
    with store.begin() as work:
        case_id = put_case(work.connection, put_definition(work.connection))
        chain = Chain.new(case_id)
        chain.append(work.connection, [
            NewEvent("instance_started", "Event_Start", personal={"values": {"name": "Yann", "turnover": Decimal("120000.50")}}),
            NewEvent("task_opened", "Activity_A", data={"task": "t", "due_on": date(2027, 3, 1)})], NOW)
        chain = Chain(case_id, chain.seq, chain.hash)
        chain.append(work.connection, [NewEvent("task_completed", "Activity_A", ACTOR, {"task": "t"}, {"values": {"email": "y@x.example"}}),
                                       NewEvent("instance_ended", "Event_End")], NOW + timedelta(microseconds=1))
        work.connection.execute(update(instance).where(instance.c.id == case_id).values(event_seq=chain.seq, event_hash=chain.hash))
        return case_id


def _export(store: Store, case_id: str) -> dict[str, Any]:
    """Export a case, by way of the file it becomes."""
    with store.read() as connection:
        exported: dict[str, Any] = json.loads(json.dumps(export_case(connection, case_id, now=NOW)))
    return exported


@pytest.fixture(scope="module")
def exported() -> dict[str, Any]:
    store = Store.memory()
    return _export(store, _told(store))


def test_an_export_that_nobody_touched_is_intact(exported: dict[str, Any]) -> None:
    verification = verify(exported)
    assert (verification.intact, verification.events, verification.erased) == (True, 4, ())
    assert verification.head == exported["head"]["hash"]


def test_the_chain_holds_on_both_databases(store: Store) -> None:
    assert verify(_export(store, _told(store))).intact


def _drop(events: list[Any], index: int) -> None:
    del events[index]


def _swap(events: list[Any]) -> None:
    events[1], events[2] = events[2], events[1]


@pytest.mark.parametrize(("change", "seq"), [
    (lambda e: e["events"][1]["data"].update(task="u"), 2), (lambda e: e["events"][1].update(kind="task_claimed"), 2),
    (lambda e: e["events"][2].update(actor_id="b" * 32), 3), (lambda e: e["events"][2].update(at="2027-03-01T09:00:00.000002+00:00"), 3),
    (lambda e: e["events"][2].update(element_id="Activity_B"), 3), (lambda e: e["events"][0]["personal"]["values"].update(name="Yves"), 1),
    (lambda e: e["events"][0].update(personal=None), 1), (lambda e: e["events"][1].update(personal={"values": {}}), 2),
    (lambda e: e["events"][0].update(personal_hash=None, personal=None, personal_salt=None), 1),
    (lambda e: e["events"][1].update(more=1), 2), (lambda e: _drop(e["events"], 1), 2), (lambda e: _drop(e["events"], 3), 0),
    (lambda e: _swap(e["events"]), 2), (lambda e: e["instance"].update(id="c" * 32), 1), (lambda e: e["head"].update(hash="0"), 0),
])
def test_any_change_is_told_with_its_event(exported: dict[str, Any], change: Callable[[dict[str, Any]], object], seq: int) -> None:
    changed = copy.deepcopy(exported)
    change(changed)
    verification = verify(changed)
    assert not verification.intact
    assert seq in {fault.seq for fault in verification.faults}


@pytest.mark.parametrize("wrong", [{}, {"events": 3}, {"instance": {"id": "x"}, "events": [1], "head": {}}])
def test_what_is_no_export_is_told(wrong: dict[str, Any]) -> None:
    assert not verify(wrong).intact


def test_erasing_personal_values_keeps_the_chain_intact_and_is_told() -> None:
    store = Store.memory()
    case_id = _told(store)
    with store.begin() as work:
        assert erase(work.connection, case_id, [1]) == 1
    verification = verify(_export(store, case_id))
    assert (verification.intact, verification.erased) == (True, (1,))
    with store.begin() as work:
        erase(work.connection, case_id)
    exported = _export(store, case_id)
    assert verify(exported).erased == (1, 3)
    assert "Yann" not in json.dumps(exported)


def test_an_event_is_told_in_words_of_both_languages() -> None:
    naming = Naming(rule=lambda key: Text("Plan d’actions", "Action plan"), person=lambda key: "Maud")
    told = describe("extension_granted", {"rule": "plan", "from_on": "2027-04-12", "due_on": "2027-05-12"}, naming)
    assert told.fr.replace("\u00a0", " ") == "Prolongation accordée : Plan d’actions, du 12 avril 2027 au 12 mai 2027"
    assert told.en.replace("\u00a0", " ") == "Extension granted: Action plan, from 12 April 2027 to 12 May 2027"
    failed = describe("job_failed", {"tries": 2, "most": 5, "message": {"fr": "panne", "en": "down"}}, naming, element_id="Activity_X")
    assert failed.en == "Failed, try 2 of 5: Activity_X (down)"
    assert describe("never_heard_of", {}, naming) == Text("never_heard_of", "never_heard_of")


def test_every_kind_the_engine_tells_has_its_words() -> None:
    source = "\n".join(path.read_text() for room in ("execution", "service", "change")
                       for path in (Path(engine.__file__).parent / room).rglob("*.py"))
    told = set(re.findall(r'(?:case\.tell|NewEvent)\(\s*"(\w+)"', source)) | set(re.findall(r'_note\(work, row, "(\w+)"', source))
    assert "task_completed" in told
    assert told - set(KINDS) == set()


def test_both_languages_of_a_kind_have_the_same_places() -> None:
    for name, kind in KINDS.items():
        assert set(re.findall(r"{(\w+)}", kind.text.fr)) == set(re.findall(r"{(\w+)}", kind.text.en)), name
