"""Applications not sent yet, links and errands, on both kinds of database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from engine.handler import NewDocument
from engine.people.links import LinkNotValid
from engine.people.mailed_links import MailedLinks
from engine.states import LinkPurpose
from engine.store.database import Store
from engine.store.tables import content, errand, intake, intake_file, letter, mailed_link
from engine.work import errands, intakes
from tests.engine.rows import NOW, put_case, put_definition

LATER = NOW + timedelta(days=30)


def begin(connection: Connection, *, email: str = "Yann@Lisiere.example", erase_at: datetime = LATER) -> str:
    return intakes.begin(connection, "application.received", email, "fr", {"organisation": {"name": "Lisière"}}, at=NOW, erase_at=erase_at)


def give(connection: Connection, intake_id: str, data: bytes) -> str:
    return intakes.add_file(connection, intake_id, "Files_bpf", NewDocument("bpf.pdf", "", "application/pdf", data), at=NOW)


def rows(connection: Connection, table: Any) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def test_what_was_typed_comes_back_and_an_address_has_several(store: Store) -> None:
    with store.begin() as work:
        first, second = begin(work.connection), begin(work.connection)
        intakes.save(work.connection, first, {"turnover_eur": 12}, ["Group_a"], at=NOW + timedelta(hours=1), erase_at=LATER)
        found = intakes.open_of(work.connection, "yann@lisiere.example", now=NOW)
        assert [one.id for one in found] == [first, second], "the one last changed first"
        assert (found[0].answers, found[0].seen) == ({"turnover_eur": 12}, ("Group_a",))
        assert found[1].answers["organisation"]["name"] == "Lisière"
        assert intakes.open_of(work.connection, "yann@lisiere.example", now=LATER) == ()


def test_the_same_file_is_kept_once_and_goes_with_the_last_who_keeps_it(store: Store) -> None:
    with store.begin() as work:
        mine, theirs = begin(work.connection), begin(work.connection, email="b@x.example")
        first, second = give(work.connection, mine, b"%PDF-1"), give(work.connection, theirs, b"%PDF-1")
        assert rows(work.connection, content) == 1
        intakes.remove_file(work.connection, mine, second)
        assert intakes.read(work.connection, theirs).files, "another’s file is not reached"
        intakes.remove_file(work.connection, mine, first)
        assert rows(work.connection, content) == 1
        intakes.erase(work.connection, theirs)
        assert rows(work.connection, content) == 0


def test_erasing_takes_answers_files_links_and_the_letters_that_named_them(store: Store) -> None:
    with store.begin() as work:
        gone, kept = begin(work.connection, erase_at=NOW), begin(work.connection)
        for one in (gone, kept):
            give(work.connection, one, one.encode())
            MailedLinks(work.connection).make(LinkPurpose.INTAKE, "yann@lisiere.example", now=NOW, until=LATER, about=one)
            key = errands.ask(work.connection, "client.notify", "certification", {"to": "x"}, at=NOW, max_tries=3, about=one)
            work.connection.execute(insert(letter).values(key=key, instance_id="", template="application_link", recipient="x", subject="s",
                                                          body="b", attachments=[], state="sent", sent_at=NOW))
        assert intakes.due_for_erasure(work.connection, NOW) == [gone]
        intakes.erase(work.connection, gone)
        left = {table.name: rows(work.connection, table) for table in (intake, intake_file, content, mailed_link, errand, letter)}
        assert set(left.values()) == {1}, left
        assert intakes.read(work.connection, kept).files


def test_what_is_sent_is_the_cases_and_no_longer_here(store: Store) -> None:
    with store.begin() as work:
        intake_id = begin(work.connection)
        give(work.connection, intake_id, b"%PDF-1")
        case_id = put_case(work.connection, put_definition(work.connection))
        intakes.become(work.connection, intakes.read(work.connection, intake_id), case_id, at=NOW, by_id=None)
        sent = intakes.read(work.connection, intake_id)
        assert (sent.sent, sent.instance_id, sent.answers, sent.files) == (True, case_id, {}, ())
        assert rows(work.connection, content) == 1, "the case keeps the file"


def test_a_link_that_works_once_works_once_and_in_time(store: Store) -> None:
    with store.begin() as work:
        links = MailedLinks(work.connection)
        token = links.make(LinkPurpose.LOGIN, "Yann@X.example", now=NOW, until=NOW + timedelta(minutes=30))
        assert links.read(LinkPurpose.LOGIN, token, now=NOW).email == "yann@x.example"
        for purpose, at in ((LinkPurpose.INVITATION, NOW), (LinkPurpose.LOGIN, NOW + timedelta(minutes=30))):
            with pytest.raises(LinkNotValid):
                links.read(purpose, token, now=at)
        with pytest.raises(LinkNotValid):
            links.read(LinkPurpose.LOGIN, token[:-1] + "x", now=NOW)
        links.use(LinkPurpose.LOGIN, token, now=NOW)
        with pytest.raises(LinkNotValid):
            links.use(LinkPurpose.LOGIN, token, now=NOW)
        assert token not in str(work.connection.execute(select(mailed_link)).all()), "the secret itself is not kept"


def test_an_errand_is_held_by_one_tried_again_and_forgets_what_it_was_given(store: Store) -> None:
    with store.begin() as work:
        key = errands.ask(work.connection, "client.notify", "certification", {"secrets": ["s3cret"]}, at=NOW, max_tries=2)
        held = errands.claim(work.connection, "one", NOW)
        assert held is not None and (held.id, held.inputs, held.tries) == (key, {"secrets": ["s3cret"]}, 1)
        assert errands.claim(work.connection, "two", NOW) is None
        errands.failed(work.connection, held, NOW, "mail is down", NOW + timedelta(minutes=1))
        assert errands.first_due(work.connection) == NOW + timedelta(minutes=1)
        again = errands.claim(work.connection, "two", NOW + timedelta(minutes=1))
        assert again is not None and again.tries == 2
        late = errands.claim(work.connection, "three", NOW + timedelta(hours=1))
        assert late is not None and late.id == key, "a worker who died holds it no longer than his lease"
        errands.done(work.connection, again, NOW)
        assert work.connection.scalar(select(errand.c.state)) == "running", "an outcome that comes too late changes nothing"
        errands.done(work.connection, late, NOW)
        row = work.connection.execute(select(errand.c.state, errand.c.inputs)).one()
        assert tuple(row) == ("done", None)
        assert errands.first_due(work.connection) is None
