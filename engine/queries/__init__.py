"""Reads for pages and the API: one method = one answer, from one connection, nothing changed.

Owns: `Queries`.
Leaves: commands to `engine.service`; how an answer looks to `web`.
Promises: an answer holds only what the reader may see; the first page of a list costs the same however many rows there are.
"""

from __future__ import annotations

from engine.people.person import Person
from engine.queries.shapes import Agenda, CaseList, CasePage, Counts, Inbox, LetterLine, Operations, TaskPage, View


class Queries:
    """The reads of one installation."""

    def inbox(self, person: Person, view: View = "mine", *, after: str | None = None, size: int = 50) -> Inbox:
        """One view of a person's tasks, soonest due first."""
        raise NotImplementedError

    def counts(self, person: Person) -> Counts:
        """How many tasks each view holds; counting stops at 999."""
        raise NotImplementedError

    def task(self, task_id: str, person: Person) -> TaskPage:
        """The page of one task. Raises: NotFound; NotAllowed (`party`, `group`), when it is not to be seen by this person."""
        raise NotImplementedError

    def cases(self, person: Person, *, search: str = "", state: str = "", process: str = "", after: str | None = None,
              size: int = 50) -> CaseList:
        """Cases last changed first. `search` finds in number and title. People of the outside get their own cases only."""
        raise NotImplementedError

    def case(self, instance_id: str, person: Person) -> CasePage:
        """The page of one case, by instance id or by case number. Raises: NotFound; NotAllowed (`party`)."""
        raise NotImplementedError

    def agenda(self, person: Person, *, rule: str = "", basis: str = "") -> Agenda:
        """Open deadlines over all cases by when they end. Raises: NotAllowed (`group`), for people of the outside."""
        raise NotImplementedError

    def operations(self, person: Person) -> Operations:
        """Whether everything runs. Raises: NotAllowed (`group`), for people of the outside."""
        raise NotImplementedError

    def letters(self, person: Person, *, instance_id: str = "", size: int = 100) -> tuple[LetterLine, ...]:
        """Letters sent, newest first; of one case, or of all (staff only)."""
        raise NotImplementedError

    def document(self, document_id: str, person: Person) -> tuple[str, str, bytes]:
        """Name, media type and content of a file. Raises: NotFound; NotAllowed (`party`), also when it is not for parties."""
        raise NotImplementedError
