"""Commands on intakes: begin an application, keep it, add files, mail its link, send it, erase it.

Owns: making a case of an intake in one transaction; how much a stranger may leave here.
Leaves: rows to `engine.work.intakes`, links to `engine.people.mailed_links`, letters to `errands`; steps and pages to `web.apply`.
Promises: whoever holds the link may go on, nobody else; what is typed is kept as typed, right or wrong; sent twice, it is one case; asking
for a link says the same whether the address is known or not.
Rule: docs/applicants.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from engine.definitions import Bundle
from engine.errors import Conflict, Invalid
from engine.forms import FormInvalid
from engine.forms.steps import Step, steps_of
from engine.handler import NewDocument
from engine.people.mailed_links import MailedLinks, address
from engine.service.documents import LARGEST_BYTES, FileEmpty, FileTooLarge
from engine.service.errands import ErrandCommands
from engine.service.instances import InstanceCommands
from engine.states import JobState, LinkPurpose
from engine.store.tables import errand, person
from engine.store.unit_of_work import UnitOfWork
from engine.words import say_moment
from engine.work import intakes
from engine.work.intakes import AlreadySent, Intake, IntakeFile

MOST_FILES = 30
MOST_BYTES = 100 * 1024 * 1024
MOST_LINKS = 20                                             #: applications one letter lists
DONE_KEPT = timedelta(days=30)                              #: how long the row of an errand is kept once it is done


class TooManyFiles(Conflict):
    """An application takes {most} files of {size} MB together at most. Remove one first."""

    fr = "Une demande prend au plus {most} fichiers, de {size} Mo en tout. Retirez-en un d’abord."


class NotTheStart(Invalid):
    """Nothing begins with “{message}”."""

    fr = "Rien ne commence par « {message} »."


class IntakeCommands(InstanceCommands, ErrandCommands):
    """Applications that are not sent yet."""

    def begin_intake(self, message: str, email: str, locale: str, answers: Mapping[str, Any], *, letter: str) -> str:
        """Begin an application, mail its link, and tell the secret part of a link for the browser it is begun in.

        Args:
            message: what starts the process. answers: what is known already. letter: of the process, with the link.
        Raises: NotTheStart.
        """
        bundle, _ = self.start_of(message)
        now = self._now()
        with self._command() as work:
            intake_id = intakes.begin(work.connection, message, email, locale, answers, at=now, erase_at=self._erase_at())
            self._mail_links(work, bundle, letter, email, locale, [intakes.read(work.connection, intake_id)])
            return self._link(work, intake_id, email)

    def intake(self, token: str) -> Intake:
        """Read the application a link leads to. A read. Raises: LinkNotValid; IntakeNotFound."""
        with self.store.read() as connection:
            link = MailedLinks(connection).read(LinkPurpose.INTAKE, token, now=self._now())
            return intakes.read(connection, link.about)

    def save_intake(self, token: str, answers: Mapping[str, Any], seen: Sequence[str] = ()) -> None:
        """Keep what was typed so far, right or wrong. Raises: LinkNotValid; IntakeNotFound; AlreadySent."""
        with self._command() as work:
            found = self._open_intake(work, token)
            steps = tuple(dict.fromkeys([*found.seen, *seen]))
            intakes.save(work.connection, found.id, answers, steps, at=self._now(), erase_at=self._erase_at())

    def add_intake_file(self, token: str, slot: str, new: NewDocument) -> str:
        """Keep a file with an application. Raises: FileEmpty; FileTooLarge; TooManyFiles; LinkNotValid; AlreadySent."""
        if not new.content:
            raise FileEmpty(name=new.name)
        if len(new.content) > LARGEST_BYTES:
            raise FileTooLarge(size=len(new.content), most=LARGEST_BYTES, name=new.name)
        with self._command() as work:
            found = self._open_intake(work, token)
            count, size = intakes.size_of(work.connection, found.id)
            if count >= MOST_FILES or size + len(new.content) > MOST_BYTES:
                raise TooManyFiles(most=MOST_FILES, size=MOST_BYTES // 2**20)
            return intakes.add_file(work.connection, found.id, slot, new, at=self._now())

    def remove_intake_file(self, token: str, file_id: str) -> None:
        """Take a file away from an application. Raises: LinkNotValid; AlreadySent."""
        with self._command() as work:
            intakes.remove_file(work.connection, self._open_intake(work, token).id, file_id)

    def intake_file(self, token: str, file_id: str) -> tuple[IntakeFile, bytes]:
        """Read a file of an application. A read. Raises: LinkNotValid; IntakeNotFound."""
        with self.store.read() as connection:
            link = MailedLinks(connection).read(LinkPurpose.INTAKE, token, now=self._now())
            return intakes.read_file(connection, link.about, file_id)

    def intake_faults(self, found: Intake) -> FormInvalid | None:
        """Tell what is wrong with an application as it stands, None when it could be sent. A read."""
        bundle, _ = self.start_of(found.message)
        try:
            self._checked_start(bundle, found.answers, {"now": self._now, "today": lambda: self.around.calendar.day_of(self._now())})
        except FormInvalid as invalid:
            return invalid
        return None

    def send_intake(self, token: str) -> str:
        """Start the case of an application with its answers and files, and tell its id; sent twice, it is the same case.

        Raises: FormInvalid, naming each fault by field, and nothing is stored; LinkNotValid; IntakeNotFound.
        """
        with self._command() as work:
            found = self._intake(work, token)
            if found.sent and found.instance_id:
                return found.instance_id
            bundle, element = self.start_of(found.message)
            instance_id = self._start(work, bundle, found.answers, None, at_element=element, cause={"message": found.message})
            by_id = work.connection.scalar(select(person.c.id).where(person.c.login == found.email))
            intakes.become(work.connection, found, instance_id, at=self._now(), by_id=by_id)
            if found.files:
                names = ", ".join(one.name for one in found.files)
                self._note(work, work.lock_instance(instance_id), "document_kept", None, kind="application", name=names[:500])
            return instance_id

    def mail_intake_links(self, message: str, email: str, locale: str, *, letter: str) -> None:
        """Mail new links to the applications an address has not sent yet; nothing when it has none, which the caller never learns."""
        bundle, _ = self.start_of(message)
        with self._command() as work:
            found = [one for one in intakes.open_of(work.connection, email, now=self._now()) if one.message == message]
            if found:
                self._mail_links(work, bundle, letter, email, locale, found[:MOST_LINKS])

    def erase_intakes(self) -> int:
        """Erase applications, links and errands whose time is over; tell how many applications."""
        now = self._now()
        with self._command() as work:
            over = intakes.due_for_erasure(work.connection, now)
            for intake_id in over:
                intakes.erase(work.connection, intake_id)
            MailedLinks(work.connection).sweep(now=now)
            work.connection.execute(delete(errand).where(errand.c.state == JobState.DONE, errand.c.about == "",
                                                         errand.c.closed_at <= now - DONE_KEPT))
        return len(over)

    def start_of(self, message: str) -> tuple[Bundle, str]:
        """The process a message starts, in its newest version, and its start event. A read. Raises: NotTheStart."""
        found = self.library.message_start(message)
        if found is None:
            raise NotTheStart(message=message)
        return found

    def steps_of(self, bundle: Bundle) -> tuple[Step, ...]:
        """The steps of a process's start form. A read."""
        return steps_of(bundle.form(bundle.process.id, bundle.process.start_form))

    def _mail_links(self, work: UnitOfWork, bundle: Bundle, letter: str, email: str, locale: str, found: Sequence[Intake]) -> None:
        tokens = [self._link(work, one.id, email) for one in found]
        zone = self.around.calendar.zone
        links = [{"url": address(self.around.settings, LinkPurpose.INTAKE, token), "saved_on": say_moment(one.saved_at, locale, zone)}
                 for one, token in zip(found, tokens, strict=True)]
        inputs = {"links": links, "link_days": self.around.settings.links.application_days,
                  "kept_days": self.around.settings.links.application_kept_days, "secrets": tokens}
        self._mail(work, bundle.process.id, letter, email, locale, inputs, about=found[0].id)

    def _link(self, work: UnitOfWork, intake_id: str, email: str) -> str:
        now = self._now()
        until = now + timedelta(days=self.around.settings.links.application_days)
        return MailedLinks(work.connection).make(LinkPurpose.INTAKE, email, now=now, until=until, about=intake_id)

    def _erase_at(self) -> datetime:
        return self._now() + timedelta(days=self.around.settings.links.application_kept_days)

    def _intake(self, work: UnitOfWork, token: str) -> Intake:
        link = MailedLinks(work.connection).read(LinkPurpose.INTAKE, token, now=self._now())
        return intakes.read(work.connection, link.about, lock=True)

    def _open_intake(self, work: UnitOfWork, token: str) -> Intake:
        found = self._intake(work, token)
        if found.sent:
            raise AlreadySent(intake_id=found.id)
        return found
