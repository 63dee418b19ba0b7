"""The handlers from application to certificate, each on real registers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.handler import BpmnError, Complete, Task
from engine.settings import Settings
from handlers import admissibility, audit, certificate, decision, findings, nda, quote
from handlers import application as applications
from handlers.adapters.directories import DirectoryFromFile, PublicListFromFile
from handlers.certificate import NdaAwaited, ScopeEmpty
from handlers.findings import FindingToldTwice, IndicatorNotApplicable
from handlers.follow_up import NotAnEnd, note, open_follow_up
from handlers.registers import Interest, NonconformityState, Registers
from handlers.registers.applications import ApplicationNotFound
from handlers.registers.nonconformities import NonconformityNotFound
from handlers.variables import NotANumber, number
from tests.handlers.conftest import TODAY, TableReader

NewTask = Callable[..., Task]


def results(outcome: Any) -> dict[str, Any]:
    assert isinstance(outcome, Complete), outcome
    return outcome.results


def finding(indicator: int, gravity: str = "minor", fact: str = "") -> dict[str, Any]:
    return {"indicator": indicator, "gravity": gravity, "fact": fact or f"fait {indicator}", "requirement": "exigence"}


def test_registering_twice_gives_one_case_number_and_names_the_parties(
        task: NewTask, registers: Registers, application: dict[str, Any]) -> None:
    outcome = applications.register(task(application=application), registers)
    assert results(outcome) == results(applications.register(task(application=application), registers))
    assert isinstance(outcome, Complete)
    assert (outcome.business_key, outcome.title) == ("2026-0001", "Lisière Formation (OF, CFA)")
    assert [(party.email, party.role, party.locale) for party in outcome.parties] == [("qualite@lisiere.example", "client", "fr")]


def test_the_representative_of_a_foreign_organisation_is_a_party(task: NewTask, registers: Registers, sample: Callable[[str], Any]) -> None:
    outcome = applications.register(task(application=sample("foreign-organisation")), registers)
    assert isinstance(outcome, Complete) and outcome.results["client_locale"] == "en"
    assert [party.role for party in outcome.parties] == ["client", "representative"]


def test_a_proof_of_filing_that_grew_old_is_missing(task: NewTask, sample: Callable[[str], Any]) -> None:
    fresh = applications.check_completeness(task(application=sample("new-entrant")))
    assert results(fresh) == {"complete": True, "missing": []}
    late = results(applications.check_completeness(task(application=sample("new-entrant"), today=date(2026, 4, 2))))
    assert late["complete"] is False and [one["item"] for one in late["missing"]] == ["organisation.nda"]


def test_silence_of_the_outside_warns_and_a_ceased_company_blocks(task: NewTask, application: dict[str, Any]) -> None:
    directory, public_list = DirectoryFromFile({"523456788": {"name": "Lisière", "active": False}}), PublicListFromFile()
    def identity(*ports: Any) -> dict[str, Any]:
        found: dict[str, Any] = results(admissibility.check_identity(task(application=application), *ports))["identity"]
        return found | {"by_name": {check["check"]: check["result"] for check in found["checks"]}}
    assert identity(directory, public_list)["blocked"] is True
    directory.up = public_list.up = False
    silent, without = identity(directory, public_list), identity(None, None)
    assert silent["checks"] == without["checks"] and silent["blocked"] is False is silent["foreign"]
    assert silent["by_name"]["company"] == silent["by_name"]["public_list"] == "warn"
    assert all(check["fr"] and check["en"] and check["source"] for check in silent["checks"])


def test_a_quote_is_days_times_rate_plus_the_fee(task: NewTask, application: dict[str, Any]) -> None:
    duration = {"days": Decimal("1.5"), "to_validate": False}
    made = results(quote.compute(task(application=application, audit_length=duration, case_number="2026-0412")))["quote"]
    assert (made["number"], made["to_validate"]) == ("D2026-0412", True)
    assert (str(made["audit_eur"]), str(made["total_eur"])) == ("1575", "1755")
    assert sum(line["amount_eur"] for line in made["lines"]) == made["total_eur"]
    assert made["lines"][0]["label_fr"].replace("\u00a0", " ").replace("\u202f", " ") == "Audit initial : 1,5 jour à 1 050,00 €"
    assert made["lines"][0]["label_en"].replace("\u00a0", " ") == "Initial audit: 1.5 days at €1,050.00"


def test_a_length_that_a_table_gives_as_four_point_zero_is_four_days(task: NewTask, application: dict[str, Any]) -> None:
    made = results(quote.compute(task(application=application, audit_length={"days": Decimal("4.0"), "to_validate": False})))["quote"]
    assert "4\u00a0jours" in made["lines"][0]["label_fr"] and str(number("40.00", "x")) == "40" and str(number("0.50", "x")) == "0.5"
    for wrong in (1.5, True, None, "quatre", "NaN"):
        with pytest.raises(NotANumber):
            number(wrong, "x")


def test_a_length_nobody_vouches_for_gives_no_quote_until_a_person_sets_it(task: NewTask, application: dict[str, Any]) -> None:
    duration = {"days": Decimal("2"), "to_validate": True}
    refused = quote.compute(task(application=application, audit_length=duration))
    assert isinstance(refused, BpmnError) and refused.code == "DURATION_UNKNOWN"
    assert results(quote.compute(task(application=application, audit_length=duration, duration_days=3)))["quote"]["days"] == 3


def test_only_qualified_auditors_without_a_link_are_proposed(task: NewTask, registers: Registers, application: dict[str, Any],
                                                             hire: Callable[..., None]) -> None:
    hire("anna", "OF CFA", "fr en")
    hire("ines", "OF")
    hire("marc", "OF CFA")
    registers.auditors.declare("marc", Interest("523456788", "Lisière", "training", date(2025, 1, 1)))
    proposed = results(audit.list_auditors(task(application=application), registers))["auditors"]
    assert proposed == [{"value": "anna", "label": "Anna (OF, CFA ; en, fr)"}]


def test_evidence_in_german_wants_an_auditor_who_speaks_it_unless_it_is_translated(
        task: NewTask, registers: Registers, sample: Callable[[str], Any], hire: Callable[..., None]) -> None:
    hire("anna", "OF", "fr en")
    hire("marc", "OF", "fr de")
    def proposed(**variables: Any) -> list[str]:
        found = results(audit.list_auditors(task(application=sample("foreign-organisation"), **variables), registers))["auditors"]
        return [one["value"] for one in found]
    assert proposed() == ["marc"] == proposed(foreign={"bilingual_auditor_needed": True, "evidence_language": "de"})
    assert proposed(foreign={"bilingual_auditor_needed": False, "translation_by": "client"}) == ["anna", "marc"]


def test_who_carried_out_the_diagnostic_may_not_audit(task: NewTask, reader: TableReader, registers: Registers, application: dict[str, Any],
                                                      hire: Callable[..., None]) -> None:
    hire("anna", "OF CFA")
    organisation_id = registers.organisations.enter(application).id
    planning = {"auditor_id": "anna", "audit_on": "2026-04-01", "days": 1, "place": "Marseille"}
    planned = task(organisation_id=organisation_id, planning=planning, application=application)
    reader.performers = {"Activity_StudyAdmissibility": "anna"}
    assert results(audit.check_conflict(planned, registers)) == {"conflict": {"found": False, "reasons": []}}
    reader.performers = {"Activity_CarryOutDiagnostic": "anna"}
    conflict = results(audit.check_conflict(planned, registers))["conflict"]
    assert conflict["found"] is True and "diagnostic" in conflict["reasons"][0]["fr"]
    assert results(audit.list_auditors(planned, registers)) == {"auditors": []}


def test_somebody_who_is_no_auditor_is_a_conflict_told_in_words(task: NewTask, registers: Registers, application: dict[str, Any]) -> None:
    organisation_id = registers.organisations.enter(application).id
    planning = {"auditor_id": "nobody", "audit_on": "2026-04-01"}
    conflict = results(audit.check_conflict(task(organisation_id=organisation_id, planning=planning), registers))["conflict"]
    assert conflict == {"found": True, "reasons": [{"fr": "Cette personne n’est pas auditeur.", "en": "This person is not an auditor."}]}


def test_five_minors_make_a_major_of_the_last_and_stand_in_the_register(task: NewTask, registers: Registers) -> None:
    held = {"closed_on": "2026-03-13", "opinion": "favourable", "findings": [finding(n) for n in (1, 2, 8, 9, 12)]}
    consolidated = results(findings.consolidate(task(audit=held, indicators=range(1, 33)), registers))
    assert consolidated["counts"] == {"minor": 5, "major": 0, "counted_major": 1}
    assert [(one["number"], one["counted_as"]) for one in consolidated["nonconformities"]] \
        == [(1, "minor"), (2, "minor"), (3, "minor"), (4, "minor"), (5, "major")]
    first = registers.nonconformities.of_case("c1")[0]
    assert (first.indicator, first.found_on, first.state) == (1, date(2026, 3, 13), NonconformityState.OPEN)


def test_consolidating_again_replaces_what_is_open_and_keeps_what_is_settled(task: NewTask, registers: Registers) -> None:
    held = {"findings": [finding(1), finding(2)]}
    findings.consolidate(task(audit=held, indicators=[1, 2]), registers)
    for _ in range(2):
        findings.settle(task(nc={"number": 1}, settlement="lifted"), registers)
    findings.consolidate(task(audit={"findings": [finding(1)]}, indicators=[1, 2]), registers)
    assert [(one.number, one.state) for one in registers.nonconformities.of_case("c1")] == [(1, NonconformityState.LIFTED)]
    with pytest.raises(NonconformityNotFound):
        findings.settle(task(nc={"number": 7}, settlement="lifted"), registers)


def test_a_minor_on_a_major_only_indicator_is_an_error_the_diagram_foresees(task: NewTask, registers: Registers) -> None:
    outcome = findings.consolidate(task(audit={"findings": [finding(11)]}, indicators=[11]), registers)
    assert isinstance(outcome, BpmnError) and outcome.code == "GRAVITY_NOT_ALLOWED" and outcome.message.endswith("indicateur 11")
    assert registers.nonconformities.of_case("c1") == ()


def test_findings_beyond_the_scope_or_told_twice_are_refused(task: NewTask, registers: Registers) -> None:
    with pytest.raises(IndicatorNotApplicable):
        findings.consolidate(task(audit={"findings": [finding(20, "major")]}, indicators=[1, 2]), registers)
    with pytest.raises(FindingToldTwice):
        findings.consolidate(task(audit={"findings": [finding(1, fact="Le même"), finding(1, fact="le  même")]}, indicators=[1]), registers)
    beyond = results(findings.consolidate(task(audit={"findings": [finding(0, "major")]}, indicators=[1]), registers))
    assert beyond["nonconformities"][0]["indicator"] == 0


def test_a_certificate_is_issued_once_a_case_and_lasts_three_years(task: NewTask, registers: Registers, application: dict[str, Any],
                                                                   settings: Settings) -> None:
    organisation_id = registers.organisations.enter(application).id
    granted = task(organisation_id=organisation_id, application=application, decision_on=TODAY)
    first, again = (results(certificate.issue(granted, registers, settings))["certificate"] for _ in range(2))
    assert first == again
    assert (first["number"], first["starts_on"], first["ends_on"]) == ("Q2026-0001", TODAY, date(2029, 3, 15))
    assert first["verify_url"] == "https://certification.example/verify/Q2026-0001"
    entered = registers.certificates.get(first["number"])
    assert (entered.holder["name"], len(entered.sites), entered.categories) == ("Lisière Formation", 4, ("OF", "CFA"))
    with pytest.raises(ScopeEmpty):
        certificate.issue(task(organisation_id=organisation_id, application=application | {"categories": []}, decision_on=TODAY), registers,
                          settings)


def test_a_certificate_waits_for_the_declaration_number_and_carries_it(
        task: NewTask, registers: Registers, settings: Settings, sample: Callable[[str], Any]) -> None:
    application = sample("new-entrant")
    organisation_id = registers.organisations.enter(application).id
    with pytest.raises(NdaAwaited):
        certificate.issue(task(organisation_id=organisation_id, application=application, decision_on=TODAY), registers, settings)
    given = task(application=application, organisation_id=organisation_id, nda={"number": "24 37 01234 37"})
    recorded = results(nda.record(given, registers))
    assert {"nda": "24370123437", "nda_status": "valid"}.items() <= recorded["application"]["organisation"].items()
    assert [one.id for one in registers.organisations.search("24370123437")] == [organisation_id]
    granted = task(today=date(2026, 4, 1), decision_on=TODAY, organisation_id=organisation_id, **recorded)
    issued = results(certificate.issue(granted, registers, settings))["certificate"]
    assert (issued["starts_on"], issued["ends_on"], issued["ends_on_to_validate"]) == (date(2026, 4, 1), date(2029, 3, 31), True)
    entered = registers.certificates.get(issued["number"])
    assert (entered.holder["nda"], entered.decided_on) == ("24370123437", TODAY)


def test_a_declaration_number_of_another_enterprise_blocks_and_a_silent_list_warns(task: NewTask, sample: Callable[[str], Any]) -> None:
    given = task(application=sample("new-entrant"), nda={"number": "24 37 01234 37"})
    def checked(public_list: PublicListFromFile | None) -> tuple[bool, list[str]]:
        found = results(nda.check(given, public_list))["nda_check"]
        return found["blocked"], [one["result"] for one in found["checks"]]
    assert checked(PublicListFromFile({"24370123437": {"siren": "812345676"}})) == (True, ["ok", "block"])
    assert checked(PublicListFromFile()) == (False, ["ok", "ok"])
    assert checked(None) == (False, ["ok", "warn"])


def test_a_refusal_by_law_names_what_lapsed_and_its_last_day(task: NewTask, registers: Registers) -> None:
    held = {"findings": [finding(21, "major"), finding(1)]}
    noted = results(findings.consolidate(task(audit=held, indicators=[1, 21]), registers))["nonconformities"]
    findings.settle(task(nc=noted[0], settlement="lapsed", due_on=date(2026, 6, 16)), registers)
    refused = results(decision.refuse_by_law(task(nonconformities=noted), registers))
    assert refused["decision_on"] == TODAY and refused["decision"]["outcome"] == "refused" and refused["decision"]["by_law"] is True
    [lapsed] = refused["decision"]["lapsed"]
    assert (lapsed["number"], lapsed["indicator"], lapsed["counted_as"], lapsed["last_on"]) == (1, 21, "major", date(2026, 6, 16))
    assert lapsed["title_fr"] == noted[0]["title_fr"]


def test_the_register_learns_how_a_follow_up_ended(task: NewTask, registers: Registers, application: dict[str, Any]) -> None:
    """Evidence or none, the next audit checks the minor (arrêté of 6 June 2019, art. 5)."""
    entered = results(applications.register(task(application=application), registers))
    noted = results(findings.consolidate(task(audit={"findings": [finding(1), finding(2), finding(9)]}, indicators=[1, 2, 9],
                                              organisation_id=entered["organisation_id"]), registers))["nonconformities"]
    for one in noted:
        findings.settle(task(nc=one, settlement="plan_accepted", due_on=date(2026, 9, 16)), registers)
    def end(number: int, outcome: str) -> None:
        note(task(instance_id="follow-up", nc={"number": number}, case_number=entered["case_number"], outcome=outcome), registers)
    end(1, "evidence_received")
    end(2, "action_over")
    with pytest.raises(NotAnEnd):
        end(3, "lifted")
    with pytest.raises(ApplicationNotFound):
        note(task(nc={"number": 1}, case_number="2020-0001", outcome="action_over"), registers)
    assert [(one.number, one.state, one.due_on) for one in registers.nonconformities.for_next_audit(entered["organisation_id"])] == [
        (1, NonconformityState.EVIDENCE_RECEIVED, date(2026, 9, 16)), (2, NonconformityState.ACTION_OVER, date(2026, 9, 16)),
        (3, NonconformityState.PLAN_ACCEPTED, date(2026, 9, 16))]
    findings.settle(task(nc={"number": 1}, settlement="lifted"), registers)
    assert [one.number for one in registers.nonconformities.for_next_audit(entered["organisation_id"])] == [2, 3]


def test_a_follow_up_is_named_after_its_case_and_lets_the_client_in(task: NewTask) -> None:
    outcome = open_follow_up(task(nc={"number": 3}, case_number="2026-0412", client_name="Lisière", client_email="q@lisiere.example"))
    assert isinstance(outcome, Complete) and outcome.results == {} and outcome.business_key == "2026-0412-NC3"
    assert [(party.email, party.locale) for party in outcome.parties] == [("q@lisiere.example", "fr")]
