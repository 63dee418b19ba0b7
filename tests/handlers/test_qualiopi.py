"""The scheme's rules, as plain functions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from handlers.ports import Company, Listed
from handlers.qualiopi import admissibility, categories, completeness, findings, impartiality, numbers, sampling, validity
from handlers.registers import Auditor, Interest, Qualification
from tests.handlers.conftest import TODAY, TableReader


def test_la_poste_sums_to_a_multiple_of_five_and_others_pass_luhn() -> None:
    assert numbers.siret_is_possible("356 000 000 00048") and numbers.siret_is_possible("35600000049837")
    assert not numbers.siret_is_possible("35600000049838") and not numbers.siret_is_possible("52345678800019")
    assert numbers.siren_is_possible("523 456 788") and not numbers.siren_is_possible("123456789")


@pytest.mark.parametrize(("nda", "usual"), [
    ("11 75 39666 75", True), ("942A1234542", False), ("942A123452A", True), ("11753966676", False)])
def test_a_declaration_number_repeats_its_department(nda: str, usual: bool) -> None:
    assert numbers.nda_looks_right(nda) is usual


@pytest.mark.parametrize(("filed_on", "result"), [
    ("2025-12-17", "warn"), ("2025-12-16", "block"), ("2026-03-17", "block"), (None, "block")])
def test_a_proof_of_filing_is_good_for_less_than_three_months(application: dict[str, Any], filed_on: str | None, result: str) -> None:
    application["organisation"] |= {"nda_status": "pending", "nda_filed_on": filed_on}
    assert admissibility.check_nda(application, TODAY).result == result


def test_an_unusual_declaration_number_warns_and_says_that_the_shape_is_to_be_validated(application: dict[str, Any]) -> None:
    application["organisation"]["nda"] = "97 97 0000 97"
    check = admissibility.check_nda(application, TODAY)
    assert (check.result, check.to_validate) == ("warn", True)


def test_a_site_of_another_enterprise_blocks(application: dict[str, Any]) -> None:
    assert admissibility.check_sirets(application).result == "ok"
    application["sites"][0]["siret"] = "79876543400013"
    assert admissibility.check_sirets(application).result == "block"


@pytest.mark.parametrize(("country", "named", "result"), [("DE", True, "warn"), ("DE", False, "warn"), ("US", False, "block")])
def test_a_foreign_organisation_needs_a_representative_unless_europe_may_exempt_it(
        sample: Callable[[str], Any], country: str, named: bool, result: str) -> None:
    application = sample("foreign-organisation")
    application["organisation"]["country"] = country
    if not named:
        del application["representative"]
    check = admissibility.check_representative(application)
    assert check is not None and check.result == result


def test_the_outside_judges_only_what_it_knows(application: dict[str, Any]) -> None:
    assert admissibility.check_company(None, application).result == "warn"
    assert admissibility.check_company(Company("523456788", "Lisière", False), application).result == "block"
    assert admissibility.check_listed(None, application).result == "warn"
    assert admissibility.check_listed(Listed("93132041513", "", ""), application).result == "ok"
    assert admissibility.check_listed(Listed("93132041513", "999999999", ""), application).result == "block"


@pytest.mark.parametrize("name", [
    "of-cfa-multi-site", "independent-trainer", "vae", "skills-assessment", "new-entrant", "foreign-organisation"])
def test_the_shipped_samples_are_complete(sample: Callable[[str], Any], name: str) -> None:
    assert completeness.missing(sample(name), TODAY) == ()


def test_everything_an_application_lacks_is_told_at_once_in_both_languages(application: dict[str, Any]) -> None:
    del application["staff"], application["sworn"], application["bpf_year"]
    application["first_actions"].pop()
    application["sites"][1]["address"] = " "
    lacking = completeness.missing(application, TODAY)
    assert [item.item for item in lacking] == ["sites", "staff", "income", "first_actions", "sworn"]
    assert all(item.text.fr and item.text.en and item.source for item in lacking)


@pytest.mark.parametrize(("year", "stale"), [(2025, False), (2024, False), (2023, True)])
def test_a_yearly_report_of_three_years_ago_is_not_the_last_one(application: dict[str, Any], year: int, stale: bool) -> None:
    application["bpf_year"] = year
    assert bool(completeness.missing(application, TODAY)) is stale


def test_a_foreign_organisation_gives_the_day_its_representative_was_appointed(sample: Callable[[str], Any]) -> None:
    application = sample("foreign-organisation")
    del application["representative"]["appointed_on"]
    assert [item.item for item in completeness.missing(application, TODAY)] == ["representative"]


def test_the_fifth_minor_and_those_after_it_count_as_majors_in_order_of_finding() -> None:
    gravities = ["minor", "major", "minor", "minor", "minor", "minor", "minor"]
    assert findings.counted(gravities, 2) == ("minor", "major", "minor", "minor", "minor", "major", "major")
    assert findings.counted(gravities[:5], 0) == tuple(gravities[:5])


def test_a_partial_failure_on_a_major_only_indicator_is_a_major() -> None:
    assert not findings.gravity_is_allowed("minor", "major_only")
    assert findings.gravity_is_allowed("minor", "minor_or_major") and findings.gravity_is_allowed("major", "major_only")


@pytest.mark.parametrize(("starts", "ends"), [
    ((2026, 11, 23), (2029, 11, 22)), ((2024, 2, 29), (2027, 2, 28)), ((2024, 3, 1), (2027, 2, 28)), ((2025, 3, 1), (2028, 2, 28)),
    ((2027, 1, 1), (2029, 12, 31))])
def test_a_certificate_ends_the_day_before_its_third_anniversary(starts: tuple[int, int, int], ends: tuple[int, int, int]) -> None:
    assert validity.certificate_ends_on(date(*starts)) == date(*ends)


def test_surveillance_takes_place_between_month_14_and_month_22() -> None:
    assert validity.surveillance_window(date(2022, 7, 5)) == validity.Window(date(2023, 9, 5), date(2024, 5, 5))
    assert validity.surveillance_window(date(2026, 12, 31)).opens_on == date(2028, 2, 29)


def test_the_sample_of_sites_is_the_nearest_square_root() -> None:
    assert [sampling.sample_size(n) for n in (1, 2, 3, 4, 6, 7, 12, 13, 100)] == [0, 1, 2, 2, 2, 3, 3, 4, 10]
    assert sampling.head_office_matters(7) and not sampling.head_office_matters(5)
    with pytest.raises(ValueError):
        sampling.sample_size(0)


def anna(**changes: Any) -> Auditor:
    facts = {"person_id": "anna", "name": "Anna", "city": "", "qualifications": (Qualification("OF", date(2020, 1, 1)),),
             "languages": ("fr",), "interests": ()}
    return Auditor(**(facts | changes))


@pytest.mark.parametrize(("to_on", "bars"), [
    (None, True), (date(2024, 3, 17), True), (date(2024, 3, 16), False), (date(2020, 1, 1), False)])
def test_a_link_bars_until_two_years_have_passed(to_on: date | None, bars: bool) -> None:
    auditor = anna(interests=(Interest("523456788", "Lisière", "consultancy", date(2019, 1, 1), to_on),))
    def reasons(siren: str) -> tuple[Any, ...]:
        return impartiality.reasons_against(auditor, siren=siren, categories=["OF"], language="fr", on=TODAY)
    assert bool(reasons("523456788")) is bars
    assert not reasons("812345676")


def test_diagnostic_qualification_and_language_each_give_their_reason() -> None:
    reasons = impartiality.reasons_against(anna(), siren="1", categories=["OF", "CFA"], language="de", on=TODAY, advised={"anna"})
    assert len(reasons) == 3 and "CFA" in reasons[1].fr and "OF" not in reasons[1].fr and "(de)" in reasons[2].en


def test_the_mention_of_the_mark_is_word_for_word() -> None:
    beginning, names = categories.mention(["CFA", "OF"])
    beginning, names = beginning.replace("\u00a0", " "), names.replace("\u00a0", " ")
    assert beginning == "La certification qualité a été délivrée au titre de la ou des catégories d’actions suivantes :"
    assert names == "actions de formation ; actions de formation par apprentissage"


def test_the_shipped_table_of_gravities_holds_the_law() -> None:
    rows = {number: TableReader().decide("allowed_gravity", {"indicator": number}) for number in range(33)}
    major_only = {number for number, row in rows.items() if row["gravity"] == "major_only"}
    assert major_only - {0} == {4, 5, 6, 7, 10, 11, 14, 15, 16, 20, 21, 22, 26, 27, 29, 31, 32}
    assert all(row["title_fr"] and row["title_en"] for row in rows.values())


def test_the_shipped_table_of_durations_samples_sites_as_the_rule_says() -> None:
    for sites in range(1, 40):
        application = {"sites": [{}] * sites, "categories": ["OF"], "turnover_eur": 100}
        duration = TableReader().decide("audit_duration", {"application": application})
        assert duration["sampled"] == sampling.sample_size(sites), sites
        assert duration["to_validate"] is sampling.head_office_matters(sites), sites
