"""Commands on the files of a case.

Owns: keeping a file that a person adds.
Leaves: files that handlers make to `engine.execution.outcomes`; reading one to `engine.queries`.
"""

from __future__ import annotations

from engine.errors import Invalid
from engine.handler import NewDocument
from engine.people.person import Person
from engine.service.commands import Commands
from engine.store.unit_of_work import InstanceNotFound
from engine.work import documents

LARGEST_BYTES = 25 * 1024 * 1024


class FileTooLarge(Invalid):
    """This file has {size} bytes; at most {most} are kept."""

    fr = "Ce fichier fait {size} octets ; {most} au plus sont gardés."


class FileEmpty(Invalid):
    """This file is empty."""

    fr = "Ce fichier est vide."


class DocumentCommands(Commands):
    """Files that people add."""

    def add_document(self, instance_id: str, document: NewDocument, by: Person) -> str:
        """Keep a file with a case and tell its id. Raises: InstanceNotFound, for a stranger too; NotAllowed (`party`); FileTooLarge;
        FileEmpty."""
        if not document.content:
            raise FileEmpty(name=document.name)
        if len(document.content) > LARGEST_BYTES:
            raise FileTooLarge(size=len(document.content), most=LARGEST_BYTES, name=document.name)
        with self._command() as work:
            row = work.lock_instance(instance_id)
            access = self._access(work)
            access.check_may_see_case(instance_id, by, InstanceNotFound)
            access.check_may_answer(instance_id, by)
            document_id = documents.keep(work.connection, instance_id, [document], self._now(), by.id)[0]
            self._note(work, row, "document_kept", by, document=document_id, kind=document.kind, name=document.name)
        return document_id
