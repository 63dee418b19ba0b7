"""The auditors: what they are qualified for, the languages they audit in, and the links that bar them from a client.

Owns: the rows of `auditor`, `auditor_category`, `auditor_language` and `auditor_interest`.
Leaves: the person (name, login, groups) to `engine.people`; whether a link bars to `handlers.qualiopi.impartiality`.
Promises: an auditor's id is the person's id, so that a task can be assigned to the auditor a plan names.
Rule: ISO/IEC 17065:2012, 6.1.2 (competence) and 4.2 (impartiality).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select

from engine.errors import NotFound
from engine.store.tables import person
from handlers.registers.tables import auditor, auditor_category, auditor_interest, auditor_language

InterestKind = Literal["employment", "consultancy", "training", "internal_audit", "ownership", "family", "other"]


class AuditorNotFound(NotFound):
    """This person is not an auditor."""

    fr = "Cette personne n’est pas auditeur."


@dataclass(frozen=True)
class Qualification:
    """A category of action an auditor may audit. `until` is the last day, None for no end."""

    category: str
    qualified_on: date
    until: date | None = None
    basis: str = ""

    def holds_on(self, day: date) -> bool:
        return self.qualified_on <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Interest:
    """A link between an auditor and an organisation. `to_on` is its last day, None while it lasts."""

    siren: str
    organisation_name: str
    kind: InterestKind
    from_on: date
    to_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Auditor:
    """An auditor with all that planning has to know."""

    person_id: str
    name: str
    city: str
    qualifications: tuple[Qualification, ...]
    languages: tuple[str, ...]
    interests: tuple[Interest, ...]

    def may_audit(self, categories: Sequence[str], day: date) -> bool:
        """Tell whether the qualifications cover all these categories on a day."""
        return set(categories) <= {q.category for q in self.qualifications if q.holds_on(day)}


class Auditors:
    """The register of auditors, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enter(self, person_id: str, *, qualifications: Sequence[Qualification], languages: Sequence[str] = ("fr",), city: str = "") -> None:
        """Make a person an auditor, or replace what is known of their qualifications and languages; interests stay."""
        known = self._connection.execute(select(auditor.c.person_id).where(auditor.c.person_id == person_id)).scalar_one_or_none()
        if known is None:
            self._connection.execute(insert(auditor).values(person_id=person_id, city=city, active=True))
        for table in (auditor_category, auditor_language):
            self._connection.execute(delete(table).where(table.c.person_id == person_id))
        self._insert(auditor_category, [{"person_id": person_id, "category": q.category, "qualified_on": q.qualified_on,
                                         "until": q.until, "basis": q.basis} for q in qualifications])
        self._insert(auditor_language, [{"person_id": person_id, "language": language} for language in dict.fromkeys(languages)])

    def declare(self, person_id: str, interest: Interest) -> None:
        """Note a link of an auditor with an organisation; the same link declared again changes nothing."""
        if interest in self.get(person_id).interests:
            return
        self._connection.execute(insert(auditor_interest).values(
            id=uuid.uuid4().hex, person_id=person_id, siren=interest.siren, organisation_name=interest.organisation_name,
            kind=interest.kind, from_on=interest.from_on, to_on=interest.to_on, note=interest.note))

    def get(self, person_id: str) -> Auditor:
        """Read one auditor, retired ones too. Raises: AuditorNotFound."""
        found = self._read(auditor.c.person_id == person_id)
        if not found:
            raise AuditorNotFound(person_id=person_id)
        return found[0]

    def all(self) -> tuple[Auditor, ...]:
        """List the auditors who are active, by name."""
        return self._read(auditor.c.active.is_(True) & person.c.active.is_(True))

    def _read(self, condition: Any) -> tuple[Auditor, ...]:
        query = (select(auditor.c.person_id, auditor.c.city, person.c.name).join(person, person.c.id == auditor.c.person_id)
                 .where(condition).order_by(person.c.name, person.c.id))
        rows = self._connection.execute(query).all()
        ids = [row.person_id for row in rows]
        qualifications, languages, interests = self._qualifications(ids), self._languages(ids), self._interests(ids)
        return tuple(Auditor(row.person_id, row.name, row.city, tuple(qualifications[row.person_id]), tuple(languages[row.person_id]),
                             tuple(interests[row.person_id])) for row in rows)

    def _qualifications(self, ids: Sequence[str]) -> dict[str, list[Qualification]]:
        found: dict[str, list[Qualification]] = defaultdict(list)
        for row in self._connection.execute(select(auditor_category).where(auditor_category.c.person_id.in_(ids))
                                            .order_by(auditor_category.c.category)):
            found[row.person_id].append(Qualification(row.category, row.qualified_on, row.until, row.basis))
        return found

    def _languages(self, ids: Sequence[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._connection.execute(select(auditor_language).where(auditor_language.c.person_id.in_(ids))
                                            .order_by(auditor_language.c.language)):
            found[row.person_id].append(row.language)
        return found

    def _interests(self, ids: Sequence[str]) -> dict[str, list[Interest]]:
        found: dict[str, list[Interest]] = defaultdict(list)
        for row in self._connection.execute(select(auditor_interest).where(auditor_interest.c.person_id.in_(ids))
                                            .order_by(auditor_interest.c.from_on, auditor_interest.c.id)):
            found[row.person_id].append(Interest(row.siren, row.organisation_name, row.kind, row.from_on, row.to_on, row.note))
        return found

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(table), rows)
