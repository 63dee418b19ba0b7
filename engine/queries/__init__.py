"""Reads for pages and the API: one method = one answer, from one connection, nothing changed.

Owns: `Queries`.
Leaves: commands to `engine.service`; how an answer looks to `web`.
Promises: an answer holds only what the reader may see; the first page of a list costs the same however many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from engine.clock import Clock
from engine.definitions import Library
from engine.history import export_case
from engine.people.feeds import Feed, Feeds
from engine.people.person import Person
from engine.queries import agenda, beside, cases, following, happened, inbox, operations, pulse, record, search, tasks, views
from engine.queries.asked import Asked, View
from engine.queries.basis import Basis
from engine.queries.shapes import (
    Agenda,
    AgendaLine,
    CaseData,
    CaseList,
    CasePage,
    Checked,
    Choices,
    Counts,
    Following,
    Found,
    Happened,
    Health,
    HistoryPage,
    Inbox,
    IncidentLine,
    IncidentList,
    InvitationLine,
    JobList,
    LetterLine,
    LetterList,
    Operations,
    Pulse,
    SavedView,
    TaskForm,
    TaskPage,
    TimerList,
)
from engine.settings import Settings
from engine.store.database import Store
from engine.work.calendars import Calendar

PAGE_SIZE = 50
LARGEST_PAGE = 200
MOST_FOUND = 8      #: of each kind, by the search everywhere


class Queries:
    """The reads of one installation."""

    def __init__(self, store: Store, library: Library, clock: Clock, settings: Settings) -> None:
        self.store, self.library, self.clock = store, library, clock
        self.calendar = Calendar(settings.zone, alsace_moselle=settings.body.alsace_moselle)

    def inbox(self, person: Person, asked: Asked | View = "mine", *, after: str | None = None, size: int = PAGE_SIZE) -> Inbox:
        """One page of what is asked of a person's tasks; a view alone comes soonest due first, unless it has an order of its own."""
        with self._basis() as basis:
            return inbox.inbox(basis, person, asked if isinstance(asked, Asked) else Asked(view=asked), after, min(size, LARGEST_PAGE))

    def saved_views(self, person: Person) -> tuple[SavedView, ...]:
        """A person's saved views, each with how many tasks it finds."""
        with self._basis() as basis:
            return views.saved(basis, person)

    def saved_view(self, view_id: str, person: Person) -> SavedView:
        """A saved view by its id, a colleague's too. Raises: NotFound; NotAllowed (`group`), for people of the outside."""
        with self._basis() as basis:
            return views.one(basis, view_id, person)

    def choices(self, person: Person) -> Choices:
        """What the filters of a person's inbox offer."""
        with self._basis() as basis:
            return views.choices(basis, person)

    def pulse(self, person: Person, asked: Asked, task_id: str = "", *, size: int = PAGE_SIZE) -> Pulse:
        """How a list and a task stand now, to tell whether a page is still true."""
        with self._basis() as basis:
            return pulse.pulse(basis, person, asked, size, task_id)

    def following(self, task_id: str, person: Person) -> Following:
        """What follows a task that is done. Raises: NotFound; NotAllowed, for people of the outside."""
        with self._basis() as basis:
            basis.check_staff(person)
            return following.following(basis, tasks.line(basis, task_id, person), person)

    def search(self, person: Person, text: str, *, size: int = MOST_FOUND) -> Found:
        """What is found for typed words: cases, tasks, colleagues, processes. Raises: NotAllowed (`group`), for people of the outside."""
        with self._basis() as basis:
            return search.search(basis, person, text, size)

    def counts(self, person: Person) -> Counts:
        """How many tasks each view holds; counting stops at 999."""
        with self._basis() as basis:
            return inbox.counts(basis, person)

    def task(self, task_id: str, person: Person) -> TaskPage:
        """The page of one task. Raises: NotFound, for a stranger too; NotAllowed (`group`), when it is the body's."""
        with self._basis() as basis:
            return tasks.page(basis, task_id, person)

    def task_form(self, task_id: str) -> TaskForm:
        """Name and form of a task, for reading a post; the command that takes the post checks whose it is. Raises: NotFound."""
        with self._basis() as basis:
            return tasks.form(basis, task_id)

    def decide(self, task_id: str, decision: str, inputs: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
        """What a decision table of a task's case gives for each set of inputs; None where no rule applies. Raises: NotFound."""
        with self._basis() as basis:
            return tasks.decide(basis, task_id, decision, inputs)

    def cases(self, person: Person, *, search: str = "", state: str = "", process: str = "", milestone: str = "", late: bool = False,
              sort: str = "", after: str | None = None, size: int = PAGE_SIZE) -> CaseList:
        """Cases, last changed first. People of the outside get their own cases only.

        Args:
            search: found in number and title. late: only those with something past its day. sort: "begun", "oldest"; "": last changed.
        """
        wanted = cases.Wanted(search, state, process, milestone, late, sort)
        with self._basis() as basis:
            return cases.case_list(basis, person, wanted, after=after, size=min(size, LARGEST_PAGE))

    def case(self, name: str, person: Person) -> CasePage:
        """The page of one case, by instance id or by case number. Raises: NotFound, for a stranger too."""
        with self._basis() as basis:
            return cases.page(basis, name, person)

    def history(self, name: str, person: Person, *, before: int | None = None, size: int = PAGE_SIZE) -> HistoryPage:
        """One page of what happened in a case, newest first. `before`: as the page before tells. Raises: NotFound; NotAllowed."""
        with self._basis() as basis:
            return cases.history(basis, name, person, before, min(size, LARGEST_PAGE))

    def case_data(self, name: str, person: Person) -> CaseData:
        """What a case knows, by scope. Raises: NotFound; NotAllowed (`group`), for people of the outside."""
        with self._basis() as basis:
            return cases.data(basis, name, person)

    def evidence(self, name: str, person: Person) -> dict[str, Any]:
        """The record of a case as the file that `jalon verify` reads. Raises: NotFound; NotAllowed (`group`), for people of the outside."""
        with self._basis() as basis:
            basis.check_staff(person)
            return export_case(basis.connection, cases.find(basis, name).id, now=basis.now)

    def invitations(self, instance_id: str, person: Person) -> tuple[InvitationLine, ...]:
        """Invitations to a case that nobody has followed yet, oldest first. Raises: NotFound, for a stranger."""
        with self._basis() as basis:
            return beside.invitations_of(basis, instance_id, person)

    def case_id(self, name: str, person: Person | None = None) -> str:
        """The instance id of a case, by id or number. Raises: NotFound, for a stranger too when it is asked for somebody."""
        with self._basis() as basis:
            found = cases.find(basis, name)
            if person is not None:
                basis.access.check_may_see_case(found.id, person, cases.NoSuchCase)
            return str(found.id)

    def case_number(self, instance_id: str) -> str:
        """The number people use for a case; its id before it has one. Raises: NotFound."""
        with self._basis() as basis:
            return str(cases.find(basis, instance_id).business_key or instance_id)

    def agenda(self, person: Person, *, rule: str = "", basis: str = "", process: str = "", mine: bool = False,
               after: str | None = None) -> Agenda:
        """Open deadlines over all cases by when they end. Raises: NotAllowed (`group`), for people of the outside.

        Args:
            rule: of one rule only. basis: "law" or "body" only. process: of the rules of one folder only. mine: of one's own tasks
            and those one's groups may take. after: the next page of what is later.
        """
        with self._basis() as reading:
            return agenda.agenda(reading, person, agenda.Sought(rule, basis, process, mine), after)

    def own_agenda(self, person: Person, *, mine: bool) -> tuple[AgendaLine, ...]:
        """The deadlines of a person's calendar, soonest first. Raises: NotAllowed (`group`), for people of the outside."""
        with self._basis() as basis:
            return agenda.feed(basis, person, agenda.Sought(mine=mine))

    def calendar_feed(self, person: Person) -> Feed | None:
        """The calendar feed a person has, without its secret."""
        with self.store.read() as connection:
            return Feeds(connection).of(person.id)

    def operations(self, person: Person) -> Operations:
        """Whether everything runs. Raises: NotAllowed (`group`), for people of the outside."""
        with self._basis() as basis:
            return operations.operations(basis, person)

    def incidents(self, person: Person, *, settled: bool = False, after: str | None = None, size: int = PAGE_SIZE) -> IncidentList:
        """One page of incidents: open ones oldest first, settled ones newest first."""
        with self._basis() as basis:
            return operations.incidents(basis, person, settled=settled, after=after, size=min(size, LARGEST_PAGE))

    def incident(self, incident_id: str, person: Person) -> IncidentLine:
        """One incident. Raises: NotFound; NotAllowed (`group`)."""
        with self._basis() as basis:
            return operations.incident_of(basis, person, incident_id)

    def jobs(self, person: Person, *, state: str, handlers: Sequence[str] = (), after: str | None = None,
             size: int = PAGE_SIZE) -> JobList:
        """One page of jobs of a state, soonest due first; done and failed ones, the last first."""
        with self._basis() as basis:
            return operations.jobs(basis, person, state=state, handlers=handlers, after=after, size=min(size, LARGEST_PAGE))

    def timers(self, person: Person, *, late: bool = False, process: str = "", after: str | None = None,
               size: int = PAGE_SIZE) -> TimerList:
        """One page of armed timers, soonest first. `late`: due and not fired."""
        with self._basis() as basis:
            return operations.timers(basis, person, late=late, process=process, after=after, size=min(size, LARGEST_PAGE))

    def sent_letters(self, person: Person, *, after: str | None = None, size: int = PAGE_SIZE) -> LetterList:
        """One page of letters of all cases, newest first."""
        with self._basis() as basis:
            return operations.letters(basis, person, after=after, size=min(size, LARGEST_PAGE))

    def health(self, person: Person) -> Health:
        """The machine: database, workers, versions. Raises: NotAllowed (`group`), for people of the outside."""
        with self._basis() as basis:
            return operations.health(basis, person)

    def verify_some(self, person: Person, after: str, size: int) -> Checked:
        """Check the records of the next cases after an id, in the order of ids. Raises: NotAllowed (`group`)."""
        with self._basis() as basis:
            return record.verify_some(basis, person, after, size)

    def letters(self, person: Person, *, instance_id: str = "", size: int = 100) -> tuple[LetterLine, ...]:
        """Letters sent, newest first; of one case, or of all. People of the outside get those sent to them."""
        with self._basis() as basis:
            return beside.letters_of(basis, person, instance_id, size)

    def happened(self, person: Person, since: datetime, until: datetime) -> Happened:
        """What happened after `since` and not after `until`, over all cases the person may see."""
        with self._basis() as basis:
            return happened.happened(basis, person, since, until)

    def document(self, document_id: str, person: Person) -> tuple[str, str, bytes]:
        """Name, media type and content of a file. Raises: NotFound, also when it is not for this person."""
        with self._basis() as basis:
            return beside.document_of(basis, document_id, person)

    @contextmanager
    def _basis(self) -> Iterator[Basis]:
        with self.store.read() as connection:
            yield Basis(connection, self.library, self.calendar, self.clock.now())
