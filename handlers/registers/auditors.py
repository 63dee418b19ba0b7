"""The auditors: what they are qualified for, the languages they audit in, and the links that bar them from a client.

Owns: the rows of `auditor`, `auditor_category`, `auditor_language` and `auditor_interest`.
Leaves: the person (name, login, groups) to `engine.people`; whether a link bars to `handlers.qualiopi.impartiality`.
Promises: an auditor's id is the person's id, so that a task can be assigned to the auditor a plan names.
Rule: ISO/IEC 17065:2012, 6.1.2 (competence) and 4.2 (impartiality).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import Column, Connection, Date, Row, Select, String, Table, cast, delete, insert, literal, null, select, union_all

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
        rows = self._connection.execute(_WITH_FACTS.where(condition)).all()
        return tuple(_auditor(list(group)) for _, group in groupby(rows, key=lambda row: row.person_id))

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(table), rows)


_SHARED: dict[str, Any] = {"from_on": Date, "to_on": Date, "siren": String, "name": String, "note": String}


def _facts_of(fact: str, table: Table, code: Column[str], **columns: Column[Any]) -> Select[Any]:
    """What one table knows of auditors, in the columns that all these tables share."""
    shared = [columns[name].label(name) if name in columns else cast(null(), kind).label(name) for name, kind in _SHARED.items()]
    found: Select[Any] = select(table.c.person_id, literal(fact).label("fact"), code.label("code"), *shared)
    return found


_c, _l, _i = auditor_category.c, auditor_language.c, auditor_interest.c
_facts = union_all(
    _facts_of("qualification", auditor_category, _c.category, from_on=_c.qualified_on, to_on=_c.until, note=_c.basis),
    _facts_of("language", auditor_language, _l.language),
    _facts_of("interest", auditor_interest, _i.kind, from_on=_i.from_on, to_on=_i.to_on, siren=_i.siren, name=_i.organisation_name,
              note=_i.note),
).subquery()
#: Auditors with a row for each fact; one without facts has one row without any.
_WITH_FACTS = (select(auditor.c.person_id, auditor.c.city, person.c.name.label("person_name"), *_facts.c["fact", "code", *_SHARED])
               .join(person, person.c.id == auditor.c.person_id).outerjoin(_facts, _facts.c.person_id == auditor.c.person_id)
               .order_by(person.c.name, person.c.id, _facts.c.code, _facts.c.from_on))


def _auditor(rows: Sequence[Row[Any]]) -> Auditor:
    """Make an auditor of the rows of `_WITH_FACTS` that tell of one person."""
    told = {fact: [row for row in rows if row.fact == fact] for fact in ("qualification", "language", "interest")}
    return Auditor(rows[0].person_id, rows[0].person_name, rows[0].city,
                   tuple(Qualification(row.code, row.from_on, row.to_on, row.note) for row in told["qualification"]),
                   tuple(row.code for row in told["language"]),
                   tuple(Interest(row.siren, row.name, row.code, row.from_on, row.to_on, row.note) for row in told["interest"]))
