"""The certificates: the directory of certified clients, and what the public may verify.

Owns: the rows of `certificate`, their numbers and states.
Leaves: how long a certificate is valid to `handlers.qualiopi.validity`; the printed page to `handlers.documents`.
Promises: one case gives one certificate; numbers have no gap. A certificate past its last day reads as expired
even if nobody wrote that down; withdrawn and expired are final.
Rule: ISO/IEC 17065:2012, 7.7 and 7.8; arrêté of 6 June 2019 (three years, qualiopi.md, 3).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from engine.clock import Clock
from engine.errors import Conflict, NotFound
from engine.store import words
from handlers.registers.counters import Counters
from handlers.registers.organisations import FOUND_AS as ORGANISATIONS
from handlers.registers.organisations import Organisation, OrganisationNotFound, organisation_of
from handlers.registers.tables import certificate, organisation


class CertificateState(StrEnum):
    VALID = "valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


#: A letter behind every letter that a number may go on with.
_END = "\uffff"
FINAL = (CertificateState.WITHDRAWN, CertificateState.EXPIRED)
SIREN_DIGITS, MOST_FOUND = 9, 10
#: A number as it is printed, with or without its dash.
_NUMBER = re.compile(r"Q(\d{4})-?(\d{4,})")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


class CertificateNotFound(NotFound):
    """There is no certificate with the number {number}."""

    fr = "Il n’y a pas de certificat portant le numéro {number}."


class CertificateEnded(Conflict):
    """Certificate {number} is {state}; that is final."""

    fr = "Le certificat {number} a pris fin (état : {state}) ; cet état est définitif."


@dataclass(frozen=True)
class Certificate:
    """A certificate as it was issued, with its state.

    `holder` is {name, trading_name, siren, nda, address, postcode, city, country} and `sites` [{name, address, postcode, city}], both as
    on the day of issue. `starts_on` and `ends_on` are the first and the last day it is valid. `state_on` is the day of `state`.
    """

    id: str
    number: str
    instance_id: str
    organisation_id: str
    holder: Mapping[str, Any]
    sites: tuple[Mapping[str, Any], ...]
    siren: str
    categories: tuple[str, ...]
    decided_on: date
    starts_on: date
    ends_on: date
    state: CertificateState
    state_on: date
    state_reason: str
    issued_at: datetime

    def status(self, on: date) -> CertificateState:
        """Tell the state on a day: a valid or suspended certificate past its last day has expired."""
        return self.state if self.state in FINAL or on <= self.ends_on else CertificateState.EXPIRED


class Certificates:
    """The register of certificates, inside one transaction."""

    def __init__(self, connection: Connection, clock: Clock, counters: Counters) -> None:
        self._connection, self._clock, self._counters = connection, clock, counters

    def holder_of(self, instance_id: str, organisation_id: str) -> tuple[Organisation, Certificate | None]:
        """Read who is to hold the certificate of a case, and the certificate the case gave already. Raises: OrganisationNotFound."""
        row = self._connection.execute(_OF_CASE, {"instance": instance_id, "organisation": organisation_id}).mappings().one_or_none()
        if row is None:
            raise OrganisationNotFound(organisation_id=organisation_id)
        given = {name: row[f"certificate_{name}"] for name in _OF_CERTIFICATE}
        return organisation_of(row), _certificate(given) if given["id"] else None

    def enter(self, instance_id: str, *, organisation_id: str, holder: Mapping[str, Any], sites: Sequence[Mapping[str, Any]],
              categories: Sequence[str], decided_on: date, starts_on: date, ends_on: date) -> Certificate:
        """Enter the certificate that a case's decision granted, and give it its number.

        Args:
            instance_id: a case that has none yet (`holder_of` tells); the database refuses a second one.
            holder, sites: what is printed, see `Certificate`.
            decided_on: civil day of the decision; its year opens the number. starts_on, ends_on: first and last day of validity.
        """
        number = f"Q{decided_on.year}-{self._counters.next(f'certificate.{decided_on.year}'):04d}"
        row = {"id": uuid.uuid4().hex, "number": number, "instance_id": instance_id, "organisation_id": organisation_id,
               "holder": dict(holder), "sites": [dict(one) for one in sites], "siren": holder["siren"], "categories": list(categories),
               "decided_on": decided_on, "starts_on": starts_on, "ends_on": ends_on, "state": CertificateState.VALID, "state_on": starts_on,
               "state_reason": "", "issued_at": self._clock.now()}
        self._connection.execute(insert(certificate).values(**row))
        return _certificate(row)

    def change(self, number: str, state: CertificateState, on: date, reason: str) -> Certificate:
        """Suspend, restore, withdraw or expire a certificate; the same state again changes nothing.

        Raises: CertificateNotFound; CertificateEnded, when it is already withdrawn or expired and another state is asked.
        """
        known = self.get(number)
        if known.state == state:
            return known
        if known.state in FINAL:
            raise CertificateEnded(number=number, state=known.state.value)
        self._connection.execute(update(certificate).where(certificate.c.number == number)
                                 .values(state=state, state_on=on, state_reason=reason))
        return self.get(number)

    def get(self, number: str) -> Certificate:
        """Read one by its number. Raises: CertificateNotFound."""
        found = self.find(number)
        if found is None:
            raise CertificateNotFound(number=number)
        return found

    def find(self, number: str) -> Certificate | None:
        """Find one by its number as a person types it: blanks and small letters do not matter."""
        return next(iter(self._read(certificate.c.number == "".join(number.split()).upper())), None)

    def found(self, asked: Sequence[str], limit: int) -> tuple[Certificate, ...]:
        """Certificates whose number begins with the one word asked, and those of the organisations that the words find.

        Args:
            asked: as `engine.store.words.asked` gives them: "q20260031". limit: how many at most.
        """
        holders = words.find(self._connection, ORGANISATIONS, asked, limit)
        found = self._read(certificate.c.organisation_id.in_(holders)) if holders else ()
        if len(asked) == 1 and asked[0][:1] == "q" and asked[0][1:].isdigit():
            begin = f"{asked[0][:5].upper()}-{asked[0][5:]}" if len(asked[0]) > 5 else asked[0].upper()
            found += self._read(and_(certificate.c.number >= begin, certificate.c.number < begin + _END))
        return found[:limit]

    def of_siren(self, siren: str) -> tuple[Certificate, ...]:
        """List the certificates of a SIREN as a person types it, the one that ends last first."""
        return self._read(certificate.c.siren == "".join(siren.split()))

    def public(self, typed: str) -> tuple[Certificate, ...]:
        """What the public finds by a number or a SIREN as it is typed, the one that ends last first; ten at most.

        Blanks, points, dashes of every kind in a SIREN and small letters do not matter: "Q2026-0031", "q2026 0031", "000 412 700".
        """
        bare = "".join(typed.split()).upper().translate(_DASHES)
        digits = bare.replace(".", "").replace("-", "")
        if digits.isdigit() and len(digits) == SIREN_DIGITS:
            return self.of_siren(digits)[:MOST_FOUND]
        loose = _NUMBER.fullmatch(bare)
        found = self.find(f"Q{loose[1]}-{loose[2]}" if loose else bare)
        return (found,) if found else ()

    def of_case(self, instance_id: str) -> Certificate | None:
        """Find the certificate a case gave."""
        return next(iter(self._read(certificate.c.instance_id == instance_id)), None)

    def of_organisation(self, organisation_id: str) -> tuple[Certificate, ...]:
        """List the certificates of an organisation, the one that ends last first."""
        return self._read(certificate.c.organisation_id == organisation_id)

    def _read(self, condition: Any) -> tuple[Certificate, ...]:
        rows = self._connection.execute(select(certificate).where(condition).order_by(certificate.c.ends_on.desc(), certificate.c.number))
        return tuple(_certificate(row) for row in rows.mappings())


def _certificate(row: Mapping[Any, Any]) -> Certificate:
    """Make a certificate of the values of a row by the names of its columns."""
    values = {name: row[name] for name in Certificate.__dataclass_fields__}
    return Certificate(**values | {"sites": tuple(row["sites"]), "categories": tuple(row["categories"]),
                                   "state": CertificateState(row["state"])})


_OF_CERTIFICATE = {column.name: column.label(f"certificate_{column.name}") for column in certificate.c}
_OF_CASE = (select(organisation, *_OF_CERTIFICATE.values()).where(organisation.c.id == bindparam("organisation"))
            .outerjoin(certificate, certificate.c.instance_id == bindparam("instance")))
