"""What a person may see and do, and the reason when they may not.

Owns: the four reasons of the engine: `group` (not a candidate), `claim` (somebody else holds it), `party` (for its parties, or
for those of them who may answer),
`separation_of_duties` (you did something before that this step must be free of).
Leaves: who belongs to which group to `accounts`; when to ask to `engine.service` (at claim and at completion) and `engine.queries`.
Promises: the same answer for page, API and link; separation of duties is looked up in what was done, not in who is assigned,
and binds everybody, administrators included.
Rule: ISO/IEC 17065:2012, 7.5.1 and 7.6.2 (who evaluated neither reviews nor decides).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from engine.errors import NotAllowed, NotFound
from engine.people.person import APPLICANT, Person
from engine.states import TaskState
from engine.store.tables import membership, party, person, user_task
from engine.texts import Text
from engine.words import day_text
from engine.work.calendars import Calendar

#: Names an element of a drawing for people: (definition id, process id, element id) → name.
ElementNames = Callable[[str, str, str], Text]


class CaseNotFound(NotFound):
    """There is no such case."""

    fr = "Ce dossier n’existe pas."


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What access depends on, of one task.

    Attributes:
        groups: candidate groups; empty with an assignee: for that person only.
        not_who_did: ids of activities whose performer may not do this one.
    """

    id: str
    instance_id: str
    definition_id: str
    process_id: str
    element_id: str
    state: str
    assignee_id: str | None
    groups: tuple[str, ...] = ()
    not_who_did: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is in a case, where a command has read it with the lock already.

    Attributes:
        may_answer: belongs to it and may do the tasks of its parties. did: ids of the activities the person has completed there.
    """

    may_answer: bool
    did: frozenset[str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, as a page shows it beside the task."""

    rule: str
    fact: Text
    who_can: tuple[str, ...] = ()

    def error(self) -> NotAllowed:
        return NotAllowed(self.rule, self.fact, self.who_can)


def _ids_only(definition_id: str, process_id: str, element_id: str) -> Text:
    return Text(element_id, element_id)


class Access:
    """Answers for one connection's transaction."""

    def __init__(self, connection: Connection, calendar: Calendar, names: ElementNames = _ids_only) -> None:
        self.connection, self.calendar, self.names = connection, calendar, names

    def check_may_see_case(self, instance_id: str, who: Person, hidden: type[NotFound] = CaseNotFound) -> None:
        """For a stranger, a case is not there: the answer is the one for a case that does not exist.

        Args:
            hidden: what is said of what one asked for (a task, a file) when it does not exist.
        Raises: `hidden`, when the person is neither of the house nor a party of the case.
        """
        if not who.is_staff and not self.is_party(instance_id, who):
            raise hidden()

    def check_may_see_task(self, task: TaskFacts, who: Person, hidden: type[NotFound] = CaseNotFound) -> None:
        """Raises: `hidden`, when the person may not see the case; NotAllowed (`group`), when, from the outside, the task is not theirs."""
        self.check_may_see_case(task.instance_id, who, hidden)
        if not who.is_staff and task.assignee_id != who.id and APPLICANT not in task.groups:
            raise NotAllowed("group", _NOT_YOURS, task_id=task.id)

    def check_may_claim(self, task: TaskFacts, who: Person, standing: Standing | None = None) -> None:
        """Raises: NotAllowed with its reason, when the person may not take the task. `standing`: None when it is still to be read."""
        refusal = self.why_not(task, who, standing)
        if refusal is not None:
            raise refusal.error()

    def check_may_complete(self, task: TaskFacts, who: Person, standing: Standing | None = None) -> None:
        """Raises: NotAllowed with its reason. A task nobody holds may be completed by whoever could claim it."""
        self.check_may_claim(task, who, standing)

    def why_not(self, task: TaskFacts, who: Person, standing: Standing | None = None) -> Refusal | None:
        """Tell why the person may not do the task, None when they may."""
        if task.assignee_id != who.id:
            outside = self._outside_groups(task, who, standing)
            if outside is not None:
                return outside
            if task.assignee_id is not None:
                name = self._name(task.assignee_id)
                return Refusal("claim", Text(f"{name} a pris cette tâche.", f"{name} has taken this task."), (name,))
        if standing is not None and standing.did.isdisjoint(task.not_who_did):
            return None
        return self._did_before(task, who)

    def check_may_answer(self, instance_id: str, who: Person) -> None:
        """Raises: NotAllowed (`party`), when a person of the outside may read the case and do nothing in it."""
        if not who.is_staff and not self.may_answer(instance_id, who):
            raise NotAllowed("party", _ONLY_READS, instance_id=instance_id)

    def is_party(self, instance_id: str, who: Person) -> bool:
        """Tell whether the person belongs to the case."""
        found = select(party.c.person_id).where(party.c.instance_id == instance_id, party.c.person_id == who.id).limit(1)
        return self.connection.execute(found).first() is not None

    def may_answer(self, instance_id: str, who: Person) -> bool:
        """Tell whether the person belongs to the case and may do its tasks."""
        theirs = (party.c.instance_id == instance_id, party.c.person_id == who.id)
        return self.connection.execute(select(party.c.person_id).where(*theirs, party.c.may_answer).limit(1)).first() is not None

    def who_can(self, task: TaskFacts) -> tuple[str, ...]:
        """Names of the active people who may do the task, in the order of the alphabet."""
        return tuple(name for _, name in self.candidates(task))

    def candidates(self, task: TaskFacts) -> list[tuple[str, str]]:
        """Ids and names of the active people who may do the task: members of its groups, parties of the case for applicants,
        without those whom the separation of duties excludes."""
        houses = [group for group in task.groups if group != APPLICANT]
        found = dict[str, str]()
        if houses:
            members = select(person.c.id, person.c.name).join(membership, membership.c.person_id == person.c.id)
            found.update(self._pairs(members.where(membership.c.group_id.in_(houses), person.c.active)))
        if APPLICANT in task.groups:
            parties = select(person.c.id, person.c.name).join(party, party.c.person_id == person.c.id)
            found.update(self._pairs(parties.where(party.c.instance_id == task.instance_id, party.c.may_answer, person.c.active)))
        excluded = self._performers(task)
        return sorted(((key, name) for key, name in found.items() if key not in excluded), key=lambda pair: pair[1].casefold())

    def _pairs(self, query: Select[Any]) -> dict[str, str]:
        return {row.id: row.name for row in self.connection.execute(query)}

    def _outside_groups(self, task: TaskFacts, who: Person, standing: Standing | None) -> Refusal | None:
        houses = frozenset(task.groups) - {APPLICANT}
        if who.groups & houses:
            return None
        if APPLICANT in task.groups:
            if standing.may_answer if standing is not None else self.may_answer(task.instance_id, who):
                return None
            return Refusal("party", _FOR_PARTIES if who.is_staff else _ONLY_READS, self.who_can(task))
        return Refusal("group", _NOT_CANDIDATE, self.who_can(task))

    def _did_before(self, task: TaskFacts, who: Person) -> Refusal | None:
        if not task.not_who_did:
            return None
        row = self.connection.execute(self._closed_by(task.instance_id, task.not_who_did).where(user_task.c.closed_by == who.id).order_by(
            user_task.c.closed_at.desc()).limit(1)).first()
        if row is None:
            return None
        fact = _DID_BEFORE.format(done=self.names(row.definition_id, row.process_id, row.element_id),
                                  day=day_text(self.calendar.day_of(row.closed_at)),
                                  this=self.names(task.definition_id, task.process_id, task.element_id))
        return Refusal("separation_of_duties", fact, self.who_can(task))

    def _performers(self, task: TaskFacts) -> frozenset[str]:
        if not task.not_who_did:
            return frozenset()
        return frozenset(row.closed_by for row in self.connection.execute(self._closed_by(task.instance_id, task.not_who_did)))

    @staticmethod
    def _closed_by(instance_id: str, elements: Sequence[str]) -> Select[tuple[Any, ...]]:
        columns = (user_task.c.definition_id, user_task.c.process_id, user_task.c.element_id, user_task.c.closed_by, user_task.c.closed_at)
        return select(*columns).where(user_task.c.instance_id == instance_id, user_task.c.state == TaskState.COMPLETED,
                                      user_task.c.element_id.in_(elements), user_task.c.closed_by.is_not(None))

    def _name(self, person_id: str) -> str:
        return self.connection.execute(select(person.c.name).where(person.c.id == person_id)).scalar() or "?"


_ONLY_READS = Text("Vous pouvez lire ce dossier, mais pas y répondre.", "You may read this case, but not answer in it.")
_NOT_YOURS = Text("Cette tâche revient à l’organisme certificateur.", "This task belongs to the certification body.")
_FOR_PARTIES = Text("Cette tâche revient au client.", "This task belongs to the client.")
_NOT_CANDIDATE = Text("Vous n’êtes dans aucun des groupes qui font cette tâche.", "You are in none of the groups that do this task.")
_DID_BEFORE = Text("Vous avez fait « {done} » le {day} dans ce dossier : qui l’a fait ne fait pas « {this} ».",
                   "You did “{done}” on {day} in this case: whoever did it does not do “{this}”.")
