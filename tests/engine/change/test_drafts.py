"""Drafts keep every save with its author, and nobody overwrites what they have not seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from engine.change import approvals, drafts
from engine.change.drafts import BothChanged, Draft, DraftChanged, DraftClosed, NoName, NotAFileOfAProcess
from engine.definitions import deployment
from engine.definitions.files import MOST_BYTES, version_hash
from engine.errors import NotAllowed
from engine.people.accounts import Accounts
from engine.people.person import Person
from engine.states import ApprovalState
from engine.store.database import Store
from engine.store.tables import content, publication
from tests.engine.diagrams import REVIEWED

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
FILES = {"p.bpmn": REVIEWED, "letters.yaml": b"letters: {}", "scenarios/a.yaml": b"says: a"}


@pytest.fixture
def people(store: Store) -> tuple[Person, Person]:
    with store.begin() as work:
        accounts = Accounts(work.connection)
        return tuple(accounts.create(login, login.title(), now=NOW, groups=("process_owner", "administrator"))  # type: ignore[return-value]
                     for login in ("odile", "remi"))


def opened(store: Store, by: Person) -> Draft:
    with store.begin() as work:
        version = deployment.deploy(work.connection, "p", FILES, by=None, now=NOW)
        return drafts.open_draft(work.connection, "p", "Relances", FILES, by, NOW, based_on=version.id)


def save(store: Store, draft: Draft, by: Person, revision: int | None = None, **changes: bytes | None) -> Draft:
    named = {name.replace("__", "."): data for name, data in changes.items()}
    with store.begin() as work:
        return drafts.save(work.connection, draft.id, named, draft.revision if revision is None else revision, by, NOW)


def test_a_draft_keeps_its_saves_with_who_made_them(store: Store, people: tuple[Person, Person]) -> None:
    odile, remi = people
    first = opened(store, odile)
    second = save(store, first, remi, letters__yaml=b"letters: {new: 1}", deadlines__yaml=b"rules: {}")
    third = save(store, second, odile, letters__yaml=None)
    with store.read() as connection:
        assert [(one.revision, one.by_id, one.changed, one.removed) for one in drafts.saves(connection, first.id)] == [
            (3, odile.id, (), ("letters.yaml",)), (2, remi.id, ("deadlines.yaml", "letters.yaml"), ()), (1, odile.id, (), ())]
        files = drafts.files(connection, first.id)
        assert drafts.authors(connection, first.id) == {odile.id, remi.id}
    assert sorted(files) == ["deadlines.yaml", "p.bpmn", "scenarios/a.yaml"]
    assert third.hash == version_hash(files) != first.hash


def test_contents_are_kept_once_and_a_save_without_change_is_none(store: Store, people: tuple[Person, Person]) -> None:
    draft = opened(store, people[0])
    assert save(store, draft, people[1], letters__yaml=b"letters: {}") == draft
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(content)) == 3
        assert drafts.authors(connection, draft.id) == {people[0].id}


def test_nobody_overwrites_what_they_have_not_seen(store: Store, people: tuple[Person, Person]) -> None:
    draft = opened(store, people[0])
    save(store, draft, people[1], letters__yaml=b"letters: {theirs: 1}")
    with pytest.raises(DraftChanged) as refused:
        save(store, draft, people[0], letters__yaml=b"letters: {mine: 1}")
    assert refused.value.sentence.en.startswith("Remi has saved")
    with store.read() as connection:
        assert drafts.files(connection, draft.id)["letters.yaml"] == b"letters: {theirs: 1}"


@pytest.mark.parametrize("path", ["../p.bpmn", "/etc/x.bpmn", "scenarios/../x.yaml", "scenarios//x.yaml", "scenarios\\x.yaml", "a/p.bpmn",
                                  "notes.txt", "scenarios/.x", "scenarios/x\n.yaml", "scenarios/" + "x" * 300])
def test_what_is_no_file_of_a_process_is_refused(sqlite_store: Store, path: str) -> None:
    with sqlite_store.begin() as work:
        by = Accounts(work.connection).create("odile", "Odile", now=NOW)
        with pytest.raises(NotAFileOfAProcess):
            drafts.open_draft(work.connection, "p", "x", {path: b""}, by, NOW, based_on=None)
        with pytest.raises(NotAFileOfAProcess):
            drafts.open_draft(work.connection, "p", "x", {"p.bpmn": b" " * (MOST_BYTES + 1)}, by, NOW, based_on=None)
        with pytest.raises(NoName):
            drafts.open_draft(work.connection, "../p", "x", {}, by, NOW, based_on=None)


def test_a_draft_catches_up_with_what_was_published_meanwhile(store: Store, people: tuple[Person, Person]) -> None:
    draft = save(store, opened(store, people[0]), people[0], letters__yaml=b"letters: {mine: 1}")
    theirs = {"p.bpmn": REVIEWED + b"\n", "letters.yaml": b"letters: {theirs: 1}"}
    with store.begin() as work:
        newest = deployment.deploy(work.connection, "p", theirs, by=None, now=NOW)
    with store.begin() as work, pytest.raises(BothChanged) as both:
        drafts.catch_up(work.connection, draft.id, people[0], NOW)
    assert both.value.details["paths"] == ["letters.yaml"]
    with store.begin() as work:
        after = drafts.catch_up(work.connection, draft.id, people[0], NOW, keep=["letters.yaml"])
        assert drafts.files(work.connection, draft.id) == {"p.bpmn": REVIEWED + b"\n", "letters.yaml": b"letters: {mine: 1}"}
    assert after.based_on == newest.id


def test_a_draft_that_is_over_takes_nothing(store: Store, people: tuple[Person, Person]) -> None:
    draft = opened(store, people[0])
    with store.begin() as work:
        drafts.discard(work.connection, draft.id)
    with pytest.raises(DraftClosed):
        save(store, draft, people[0], letters__yaml=b"x")
    with store.read() as connection:
        assert drafts.open_drafts(connection) == []


def test_only_who_had_no_hand_in_a_draft_approves_it_and_a_later_save_voids_it(store: Store, people: tuple[Person, Person]) -> None:
    odile, remi = people
    draft = save(store, opened(store, odile), odile, letters__yaml=b"letters: {new: 1}")
    with store.begin() as work:
        asked = approvals.ask(work.connection, draft, "Une relance de plus.", odile, NOW)
        with pytest.raises(NotAllowed) as refused:          # an administrator, and yet
            approvals.decide(work.connection, asked.id, True, "", odile, NOW)
        assert refused.value.rule == "four_eyes"
        approvals.decide(work.connection, asked.id, True, "Vu.", remi, NOW + timedelta(hours=1))
        found = approvals.standing(work.connection, draft)
        assert found is not None and (found.state, found.decided_by, found.hash) == (ApprovalState.APPROVED, remi.id, draft.hash)
    changed = save(store, draft, odile, letters__yaml=b"letters: {other: 1}")
    with store.begin() as work:
        approvals.void(work.connection, draft.id, NOW)
    back = save(store, changed, odile, letters__yaml=b"letters: {new: 1}")
    assert back.hash == draft.hash
    with store.begin() as work:
        assert approvals.standing(work.connection, back) is None
        with pytest.raises(approvals.AlreadyDecided):
            approvals.decide(work.connection, asked.id, True, "", remi, NOW)


def test_a_version_from_the_command_line_says_so(store: Store, people: tuple[Person, Person]) -> None:
    draft = opened(store, people[0])
    with store.read() as connection:
        row = connection.execute(select(publication).where(publication.c.definition_id == draft.based_on)).one()
    assert (row.way, row.approval_id, row.evidence) == ("operator", None, [])
