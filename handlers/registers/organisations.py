"""The organisations the body certifies or is asked to certify, with their sites and contacts.

Owns: the rows of `organisation`, `site` and `contact`.
Leaves: whether numbers are right to `handlers.qualiopi`; which cases an organisation has to `applications`.
Promises: one organisation is one row, however often it applies; the last application's facts stand. A French organisation is known by its
SIREN; one abroad also by its country and name, because a representative may lend the same SIREN to several.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, case, delete, func, insert, select, update

from engine.clock import Clock
from engine.errors import NotFound
from engine.store import words
from handlers.registers.tables import application, contact, organisation, site
from handlers.variables import day_or_none, text

FOUND_AS = "organisation"   #: kind of its words, see engine.store.words
LONGEST_SEARCH = 600        #: letters of `organisation.search`


class OrganisationNotFound(NotFound):
    """There is no such organisation."""

    fr = "Cette organisation n’existe pas."


@dataclass(frozen=True)
class Organisation:
    """An organisation as the register knows it. `siren` is its representative's when the head office is abroad."""

    id: str
    name: str
    trading_name: str | None
    legal_status: str
    siren: str
    siret: str | None
    nda: str | None
    nda_status: str
    nda_filed_on: date | None
    address: str
    postcode: str
    city: str
    country: str
    website: str | None


@dataclass(frozen=True)
class Site:
    """A place where an organisation has permanent staff."""

    position: int
    name: str
    siret: str | None
    address: str
    postcode: str
    city: str


@dataclass(frozen=True)
class Contact:
    """A person of an organisation. `role` is "manager", "contact" or "representative"."""

    role: str
    name: str
    email: str
    phone: str | None
    language: str
    siren: str | None
    address: str | None
    postcode: str | None
    city: str | None
    appointed_on: date | None


def plain(words: str) -> str:
    """Strip accents, capitals and doubled blanks, for searching and comparing names."""
    letters = unicodedata.normalize("NFKD", words.replace("’", "'"))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).casefold().split())


class Organisations:
    """The register of organisations, inside one transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def enter(self, application: Mapping[str, Any]) -> Organisation:
        """Enter an applicant, or bring its row up to date with what it says now.

        Args:
            application: the start variable of a case (`docs/certification.md`, section 2).
        Raises: NotADay for a day that is none; KeyError when the organisation is missing altogether.
        """
        facts = self._facts(application)
        known = self._connection.execute(
            select(organisation.c.id, organisation.c.search).where(organisation.c.identity == facts["identity"])).one_or_none()
        organisation_id = known.id if known else uuid.uuid4().hex
        if known:
            self._connection.execute(update(organisation).where(organisation.c.id == known.id).values(**facts))
        else:
            self._connection.execute(insert(organisation).values(id=organisation_id, created_at=facts["updated_at"], **facts))
        words.keep(self._connection, FOUND_AS, organisation_id, words.words_of([facts["search"]]),
                   before=words.words_of([known.search]) if known else ())
        self._enter_sites(organisation_id, application.get("sites") or ())
        self._enter_contacts(organisation_id, application)
        return self.get(organisation_id)

    def record_nda(self, organisation_id: str, nda: str) -> Organisation:
        """Note the declaration number an organisation was given once its declaration was registered. Raises: OrganisationNotFound."""
        longer = func.substr(organisation.c.search + f" {plain(nda)}", 1, LONGEST_SEARCH)
        row = self._connection.execute(update(organisation).where(organisation.c.id == organisation_id).values(
            search=case((organisation.c.nda == nda, organisation.c.search), else_=longer), nda=nda, nda_status="valid",
            updated_at=self._clock.now()).returning(*organisation.c)).mappings().one_or_none()
        if row is None:
            raise OrganisationNotFound(organisation_id=organisation_id)
        words.keep(self._connection, FOUND_AS, organisation_id, words.words_of([nda]))
        return organisation_of(row)

    def found(self, asked: Sequence[str], limit: int) -> tuple[tuple[Organisation, tuple[str, ...]], ...]:
        """Organisations that have a word beginning with each of these, with the ids of their cases, the latest first.

        Args:
            asked: as `engine.store.words.asked` gives them. limit: how many organisations at most.
        """
        ids = words.find(self._connection, FOUND_AS, asked, limit)
        rows = {row["id"]: row for row in self._connection.execute(select(organisation).where(organisation.c.id.in_(ids))).mappings()}
        cases = dict[str, list[str]]()
        for row in self._connection.execute(select(application.c.organisation_id, application.c.instance_id).where(
                application.c.organisation_id.in_(ids)).order_by(application.c.received_on.desc(), application.c.number.desc())):
            cases.setdefault(row.organisation_id, []).append(row.instance_id)
        return tuple((organisation_of(rows[one]), tuple(cases.get(one, ()))) for one in ids if one in rows)

    def get(self, organisation_id: str) -> Organisation:
        """Read one. Raises: OrganisationNotFound."""
        return organisation_of(self._row(organisation_id))

    def search(self, words: str = "", *, limit: int = 50, after: tuple[str, str] | None = None) -> tuple[Organisation, ...]:
        """List organisations by name, those whose names, city or numbers contain every word.

        Args:
            words: typed by a person, accents and capitals do not matter; empty lists all.
            limit: how many at most. after: name and id of the last one of the page before.
        """
        query = select(organisation).order_by(organisation.c.name, organisation.c.id).limit(limit)
        for word in plain(words).split():
            query = query.where(organisation.c.search.contains(word, autoescape=True))
        if after:
            name, last_id = after
            query = query.where((organisation.c.name > name) | ((organisation.c.name == name) & (organisation.c.id > last_id)))
        return tuple(organisation_of(row) for row in self._connection.execute(query).mappings())

    def sites(self, organisation_id: str) -> tuple[Site, ...]:
        """List the sites of an organisation, in the order it named them."""
        rows = self._connection.execute(
            select(site).where(site.c.organisation_id == organisation_id).order_by(site.c.position)).mappings()
        return tuple(Site(**{name: row[name] for name in Site.__dataclass_fields__}) for row in rows)

    def contacts(self, organisation_id: str) -> tuple[Contact, ...]:
        """List the people of an organisation that the body writes to."""
        rows = self._connection.execute(
            select(contact).where(contact.c.organisation_id == organisation_id).order_by(contact.c.role)).mappings()
        return tuple(Contact(**{name: row[name] for name in Contact.__dataclass_fields__}) for row in rows)

    def _row(self, organisation_id: str) -> RowMapping:
        row = self._connection.execute(select(organisation).where(organisation.c.id == organisation_id)).mappings().one_or_none()
        if row is None:
            raise OrganisationNotFound(organisation_id=organisation_id)
        return row

    def _facts(self, application: Mapping[str, Any]) -> dict[str, Any]:
        given = application["organisation"]
        country = (text(given.get("country")) or "FR").upper()
        siren = _digits(given.get("siren")) or _digits((application.get("representative") or {}).get("siren"))
        facts: dict[str, Any] = {
            "name": text(given["name"]), "trading_name": text(given.get("trading_name")) or None,
            "legal_status": text(given.get("legal_status")), "siren": siren, "siret": _digits(given.get("siret")) or None,
            "nda": _digits(given.get("nda")).upper() or None, "nda_status": text(given.get("nda_status")) or "valid",
            "nda_filed_on": day_or_none(given.get("nda_filed_on"), "nda_filed_on"), "address": text(given.get("address")),
            "postcode": text(given.get("postcode")), "city": text(given.get("city")), "country": country,
            "website": text(given.get("website")) or None, "updated_at": self._clock.now(),
        }
        facts["identity"] = siren if siren and country == "FR" else f"{siren}:{country}:{plain(facts['name'])}"
        searched = (facts[name] or "" for name in ("name", "trading_name", "city", "siren", "siret", "nda"))
        return facts | {"search": plain(" ".join(searched))[:LONGEST_SEARCH]}

    def _enter_sites(self, organisation_id: str, sites: Sequence[Mapping[str, Any]]) -> None:
        self._connection.execute(delete(site).where(site.c.organisation_id == organisation_id))
        rows = [{"organisation_id": organisation_id, "position": position, "name": text(given.get("name")),
                 "siret": _digits(given.get("siret")) or None, "address": text(given.get("address")),
                 "postcode": text(given.get("postcode")), "city": text(given.get("city"))}
                for position, given in enumerate(sites, start=1)]
        if rows:
            self._connection.execute(insert(site), rows)

    def _enter_contacts(self, organisation_id: str, application: Mapping[str, Any]) -> None:
        self._connection.execute(delete(contact).where(contact.c.organisation_id == organisation_id))
        rows = [_contact_row(organisation_id, role, application[role])
                for role in ("manager", "contact", "representative") if application.get(role)]
        if rows:
            self._connection.execute(insert(contact), rows)


def _contact_row(organisation_id: str, role: str, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"organisation_id": organisation_id, "role": role, "name": text(given.get("name")), "email": text(given.get("email")),
            "phone": text(given.get("phone")) or None, "language": text(given.get("language")) or "fr",
            "siren": _digits(given.get("siren")) or None, "address": text(given.get("address")) or None,
            "postcode": text(given.get("postcode")) or None, "city": text(given.get("city")) or None,
            "appointed_on": day_or_none(given.get("appointed_on"), f"{role}.appointed_on")}


def _digits(value: Any) -> str:
    return "".join(text(value).split())


def organisation_of(row: Mapping[Any, Any]) -> Organisation:
    """Make an organisation of the values of a row by the names of its columns; other names are left out."""
    return Organisation(**{name: row[name] for name in Organisation.__dataclass_fields__})
