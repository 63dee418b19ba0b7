"""Letters: once a task and recipient, by a real SMTP server, into the mailbox, and while mail is down."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import insert, select

from engine.clock import VirtualClock
from engine.handler import Task
from engine.settings import Mail as MailServer
from engine.store.database import Store
from engine.store.tables import letter, membership, person
from handlers.adapters.mailbox import Mailbox, MemoryMailbox
from handlers.adapters.sent_letters import SentLetters
from handlers.adapters.smtp import SmtpMailer
from handlers.adapters.staff import StaffFromStore
from handlers.notify import MORE_THAN_A_DAY, NobodyToWriteTo, notify_client, notify_staff
from handlers.ports import Unreachable
from tests.handlers.conftest import NOW, TableReader


class Inbox:
    """Keeps what the SMTP server takes; refuses while `full`."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.full = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.full:
            return "452 full"
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = Inbox()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, port
    controller.stop()


@pytest.fixture
def letters(memory_store: Store, clock: VirtualClock) -> SentLetters:
    return SentLetters(memory_store, clock)


def smtp(port: int, letters: SentLetters, clock: VirtualClock) -> SmtpMailer:
    server = MailServer.model_validate({"host": "127.0.0.1", "port": port, "from": "Jalon <certification@jalon.example>",
                                         "starttls": False})
    return SmtpMailer(server, letters, clock)


def rows(store: Store) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(select(letter).order_by(letter.c.key)))


def test_a_letter_leaves_once_as_text_and_html_with_its_documents(
        task: Callable[..., Task], reader: TableReader, inbox: tuple[Inbox, int], letters: SentLetters, clock: VirtualClock,
        memory_store: Store) -> None:
    reader.documents["d1"] = ("Devis D2026-0412.pdf", "application/pdf", b"%PDF-1.7 octets \xff")
    kept, port = inbox
    sent = task(key="case:quote", letter="quote", client_email="qualite@lisiere.example", client_locale="en", document_ids=["d1"])
    for _ in range(2):
        notify_client(sent, smtp(port, letters, clock))
    [message] = kept.messages
    assert (message["To"], message["Subject"], message["Content-Language"]) == ("qualite@lisiere.example", "quote (en)", "en")
    assert message["From"] == "Jalon <certification@jalon.example>" and message["Date"] == "Mon, 16 Mar 2026 09:00:00 +0000"
    text, html = (message.get_body(preferencelist=(kind,)) for kind in ("plain", "html"))
    assert text is not None and "Votre dossier avance." in text.get_content()
    assert html is not None and "<p>Votre dossier avance.<br>" in html.get_content()
    [attachment] = message.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("Devis D2026-0412.pdf", b"%PDF-1.7 octets \xff")
    [row] = rows(memory_store)
    assert (row.key, row.template, row.instance_id, row.attachments, row.sent_at) == ("case:quote", "quote", "c1", ["d1"], NOW)


def test_a_message_sent_before_the_machine_stopped_carries_the_same_id_the_second_time(
        task: Callable[..., Task], inbox: tuple[Inbox, int], letters: SentLetters, clock: VirtualClock, memory_store: Store) -> None:
    kept, port = inbox
    sent = task(key="k", letter="quote", client_email="a@b.example")
    notify_client(sent, smtp(port, letters, clock))
    with memory_store.begin() as work:
        work.connection.execute(letter.delete())            # as if the ledger had not been reached
    notify_client(sent, smtp(port, letters, clock))
    assert len(kept.messages) == 2 and len({message["Message-ID"] for message in kept.messages}) == 1


def test_a_server_that_refuses_or_is_gone_is_unreachable_and_notes_nothing(
        task: Callable[..., Task], inbox: tuple[Inbox, int], letters: SentLetters, clock: VirtualClock, memory_store: Store) -> None:
    kept, port = inbox
    sent = task(letter="quote", client_email="a@b.example")
    kept.full = True
    with pytest.raises(Unreachable):
        notify_client(sent, smtp(port, letters, clock))
    with socket.socket() as nobody, pytest.raises(Unreachable):
        nobody.bind(("127.0.0.1", 0))
        notify_client(sent, smtp(nobody.getsockname()[1], letters, clock))
    assert rows(memory_store) == []


def test_mail_is_tried_for_more_than_a_day() -> None:
    assert sum(MORE_THAN_A_DAY.wait_seconds(tries) for tries in range(1, MORE_THAN_A_DAY.times)) > 24 * 3600


def test_the_mailbox_of_the_demo_keeps_each_letter_once(
        task: Callable[..., Task], letters: SentLetters, memory_store: Store) -> None:
    for _ in range(2):
        notify_client(task(letter="certificate", to="x@y.example", locale="fr", client_email="a@b.example"), Mailbox(letters))
    assert [(row.recipient, row.subject) for row in rows(memory_store)] == [("x@y.example", "certificate (fr)")]


def test_each_of_a_group_is_written_to_in_their_language_and_only_who_was_missed_again(
        task: Callable[..., Task], memory_store: Store) -> None:
    with memory_store.begin() as work:
        for name, locale, active in (("maud", "fr", True), ("mike", "en", True), ("gone", "fr", False)):
            work.connection.execute(insert(person).values(id=name, login=name, name=name, email=f"{name}@body.example", locale=locale,
                                                          active=active, created_at=NOW))
            work.connection.execute(insert(membership).values(person_id=name, group_id="manager"))
    mailbox, staff = MemoryMailbox(), StaffFromStore(memory_store)
    sent = task(key="k", letter="proposal_breach", group="manager")
    for _ in range(2):
        notify_staff(sent, mailbox, staff)
    assert [(one.key, one.mail.to, one.mail.locale) for one in mailbox.sent] \
        == [("k:maud", "maud@body.example", "fr"), ("k:mike", "mike@body.example", "en")]
    notify_staff(task(key="k2", letter="proposal_breach", person_id="mike"), mailbox, staff)
    assert mailbox.letters() == ["proposal_breach", "proposal_breach"]
    assert mailbox.sent[-1].mail.to == "mike@body.example"
    for nobody in ({"group": "quality"}, {"person_id": "gone"}, {}):
        with pytest.raises(NobodyToWriteTo):
            notify_staff(task(letter="proposal_breach", **nobody), mailbox, staff)


def test_a_rehearsed_mail_server_that_is_down_takes_nothing(task: Callable[..., Task]) -> None:
    mailbox = MemoryMailbox()
    mailbox.up = False
    with pytest.raises(Unreachable):
        notify_client(task(letter="quote", client_email="a@b.example"), mailbox)
    assert mailbox.sent == []
    with pytest.raises(NobodyToWriteTo):
        notify_client(task(letter="quote"), mailbox)
