"""The registers: one row a fact, however often it is entered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection

from engine.clock import VirtualClock
from engine.store.database import Store
from handlers.registers import CertificateState, Interest, Registers
from handlers.registers.certificates import CertificateEnded, CertificateNotFound
from handlers.registers.organisations import OrganisationNotFound


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    """A transaction on SQLite, then on PostgreSQL."""
    with store.begin() as work:
        yield work.connection


HOLDER = {"name": "Lisière", "siren": "523456788", "nda": "93132041513", "address": "", "postcode": "", "city": "", "country": "FR"}


def issue(registers: Registers, case: str, organisation_id: str) -> Any:
    return registers.certificates.enter(case, organisation_id=organisation_id, holder=HOLDER, sites=[], categories=["OF"],
                                        decided_on=date(2026, 3, 16), starts_on=date(2026, 3, 16), ends_on=date(2029, 3, 15))


def test_an_organisation_that_applies_again_keeps_its_row_and_takes_the_new_facts(
        registers: Registers, application: dict[str, Any]) -> None:
    first = registers.organisations.enter(application)
    application["organisation"] |= {"city": "Nîmes", "siren": "523 456 788"}
    application["sites"] = application["sites"][:1]
    again = registers.organisations.enter(application)
    assert (again.id, again.city, again.siren) == (first.id, "Nîmes", "523456788")
    assert len(registers.organisations.sites(first.id)) == 1
    assert {contact.role for contact in registers.organisations.contacts(first.id)} == {"manager", "contact"}


def test_two_foreign_organisations_with_the_same_representative_stay_two(registers: Registers, sample: Callable[[str], Any]) -> None:
    one, other = sample("foreign-organisation"), sample("foreign-organisation")
    other["organisation"]["name"] = "Südlicht GmbH"
    assert registers.organisations.enter(one).id != registers.organisations.enter(other).id


def test_organisations_are_found_without_accents_by_every_word_and_page_by_page(registers: Registers, sample: Callable[[str], Any]) -> None:
    for name in ("of-cfa-multi-site", "vae", "skills-assessment"):
        registers.organisations.enter(sample(name))
    assert [one.name for one in registers.organisations.search("LISIERE marseille")] == ["Lisière Formation"]
    assert [one.name for one in registers.organisations.search("523456788")] == ["Lisière Formation"]
    assert registers.organisations.search("lisière lyon") == () == registers.organisations.search("%")
    first = registers.organisations.search(limit=2)
    rest = registers.organisations.search(limit=2, after=(first[-1].name, first[-1].id))
    assert len(first) == 2 and len(rest) == 1 and not set(first) & set(rest)
    with pytest.raises(OrganisationNotFound):
        registers.organisations.get("nobody")


def test_case_numbers_have_no_gap_and_begin_anew_each_year(registers: Registers, application: dict[str, Any]) -> None:
    organisation = registers.organisations.enter(application)
    def number(case: str, on: date) -> str:
        return registers.applications.enter(case, organisation.id, ["OF"], on).number
    old, new = date(2026, 12, 31), date(2027, 1, 1)
    assert [number("a", old), number("b", old), number("a", new), number("c", new)] == ["2026-0001", "2026-0002", "2026-0001", "2027-0001"]


def test_a_number_taken_by_a_transaction_that_fails_is_not_lost(store: Store, clock: VirtualClock) -> None:
    with pytest.raises(RuntimeError), store.begin() as work:
        assert Registers(work.connection, clock).counters.next("case.2026") == 1
        raise RuntimeError("the command fails")
    with store.begin() as work:
        counters = Registers(work.connection, clock).counters
        assert [counters.next("case.2026"), counters.next("case.2026")] == [1, 2]


def test_numbers_taken_at_the_same_time_are_different(store: Store, clock: VirtualClock) -> None:
    def take(_: int) -> int:
        with store.begin() as work:
            return Registers(work.connection, clock).counters.next("case.2026")
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(12))) == list(range(1, 13))


def test_a_case_gives_one_certificate_and_the_public_finds_it_as_typed(registers: Registers, application: dict[str, Any]) -> None:
    organisation = registers.organisations.enter(application)
    assert registers.certificates.holder_of("c1", organisation.id) == (organisation, None)
    first, other = (issue(registers, case, organisation.id) for case in ("c1", "c2"))
    assert registers.certificates.holder_of("c1", organisation.id) == (organisation, first)
    assert [first.number, other.number] == ["Q2026-0001", "Q2026-0002"]
    assert registers.certificates.find(" q2026-0001 ") == first
    assert registers.certificates.find("Q2026-9999") is None
    assert registers.certificates.of_siren("523 456 788") == (first, other) == registers.certificates.of_organisation(organisation.id)


def test_a_certificate_is_valid_on_its_last_day_and_expired_the_day_after(registers: Registers, application: dict[str, Any]) -> None:
    certificate = issue(registers, "c1", registers.organisations.enter(application).id)
    assert certificate.status(date(2029, 3, 15)) == CertificateState.VALID
    assert certificate.status(date(2029, 3, 16)) == CertificateState.EXPIRED


def test_a_withdrawn_certificate_stays_withdrawn(registers: Registers, application: dict[str, Any]) -> None:
    number = issue(registers, "c1", registers.organisations.enter(application).id).number
    registers.certificates.change(number, CertificateState.SUSPENDED, date(2027, 5, 1), "majeure")
    withdrawn = registers.certificates.change(number, CertificateState.WITHDRAWN, date(2027, 8, 1), "majeure non levée")
    assert registers.certificates.change(number, CertificateState.WITHDRAWN, date(2027, 9, 1), "encore") == withdrawn
    assert withdrawn.status(date(2030, 1, 1)) == CertificateState.WITHDRAWN
    with pytest.raises(CertificateEnded):
        registers.certificates.change(number, CertificateState.VALID, date(2027, 9, 1), "")
    with pytest.raises(CertificateNotFound):
        registers.certificates.get("Q2026-9999")


def test_an_audit_planned_anew_stays_one_and_counts_in_half_days(registers: Registers, application: dict[str, Any],
                                                                 hire: Callable[..., None]) -> None:
    hire("anna", "OF CFA")
    organisation_id = registers.organisations.enter(application).id
    def plan(day: int, days: str) -> str:
        return registers.audits.schedule("c1", "initial", organisation_id=organisation_id, auditor_id="anna", audit_on=date(2026, 4, day),
                                         days=Decimal(days), place="Marseille", indicators=[1, 2])
    assert plan(1, "1.5") == plan(8, "0.7")
    planned = registers.audits.of_auditor("anna", date(2026, 4, 1), date(2026, 4, 30))
    assert [(one.audit_on, one.days, one.indicators) for one in planned] == [(date(2026, 4, 8), Decimal(1), (1, 2))]


def test_a_link_declared_twice_is_noted_once(registers: Registers, hire: Callable[..., None]) -> None:
    hire("anna", "OF")
    for _ in range(2):
        registers.auditors.declare("anna", Interest("523456788", "Lisière", "consultancy", date(2024, 1, 1)))
    assert len(registers.auditors.get("anna").interests) == 1
