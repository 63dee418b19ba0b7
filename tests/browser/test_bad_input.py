"""What people do wrong, at the same time, or too late: nothing typed is lost, and each fault is told where it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from engine.change.rehearsal import Rehearsal
from tests.browser.conftest import OpenScreen
from tests.browser.living import LivingHouse
from tests.browser.screen import sample

START = datetime(2026, 1, 5, 9, 0)
#: one mistake of every kind that a browser lets through, and what is said about it
MISTAKES: dict[str, Any] = {
    "organisation": {"name": "Faux & Fils <SARL>", "legal_status": "SAS", "siren": "123456789", "siret": "1234567890", "nda": "12",
                     "nda_status": "valid", "address": "1 rue", "city": "Nantes", "country": "France"},
}
FAULTY = ("organisation.siren", "organisation.siret", "organisation.nda", "organisation.postcode", "organisation.country")
MORE: dict[str, Any] = {"activity": {"description": "Formations."}, "first_actions": [{"category": "OF", "carried_out_on": "2199-01-01"}]}
MORE_FAULTY = ("categories", "activity.description", "first_actions.0.carried_out_on")


def lived(stage: Rehearsal) -> None:
    """Two cases whose contracts wait to be recorded."""
    for name in ("independent-trainer", "skills-assessment"):
        case = stage.start("certification", sample(name))
        stage.settle()
        stage.complete("Activity_SignContract", {"accepted": True, "signed_by": "Élodie", "signed_on": "2026-01-05"}, instance_id=case)
        stage.settle()


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[LivingHouse]:
    house = LivingHouse(folder, START, lived=lived)
    yield house
    house.close()


def test_every_mistake_is_told_by_its_field_and_nothing_typed_is_lost(house: LivingHouse, screens: OpenScreen) -> None:
    jean = screens(house).begin("jean@faux.example")
    jean.fill(MISTAKES)
    jean.press("Continuer")
    summary = jean.page.locator("#faults")
    expect(summary).to_be_focused()
    told = {path: jean.page.locator(f"#f-{path.replace('.', '-')}-e") for path in FAULTY}
    assert [path for path, fault in told.items() if not fault.is_visible()] == []
    assert [path for path in FAULTY if not summary.locator(f'a[href="#f-{path.replace(".", "-")}"]').count()] == []
    assert "INSEE" in told["organisation.siren"].inner_text(), "the rule that is broken"
    for path, value in (("organisation.name", "Faux & Fils <SARL>"), ("organisation.siren", "123456789")):
        expect(jean.page.locator(f'[name="{path}"]')).to_have_value(value)
    summary.get_by_role("link", name="SIREN").click()
    expect(jean.page.locator('[name="organisation.siren"]')).to_be_focused()
    jean.page.goto(jean.page.url.replace("organisation", "scope"))
    jean.fill(MORE)
    jean.press("Continuer")
    assert [path for path in MORE_FAULTY if not jean.page.locator(f"#f-{path.replace('.', '-')}-e").is_visible()] == []
    expect(jean.page.locator('[name="first_actions.0.carried_out_on"]')).to_have_value("2199-01-01")
    expect(jean.page.locator('[name="first_actions.0.category"]')).to_have_value("OF")


def test_what_is_typed_while_the_questions_are_drawn_anew_is_kept(house: LivingHouse, screens: OpenScreen) -> None:
    jean = screens(house).begin("jean@faux.example")
    held: list[Route] = []
    step = jean.page.url
    jean.page.route(step, lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    jean.page.get_by_label("Ma déclaration est déposée").check()
    jean.page.locator('[name="organisation.address"]').fill("14 rue des Récollets")
    jean.page.locator('[name="organisation.city"]').press_sequentially("Par")
    while not held:
        jean.page.wait_for_timeout(20)
    held.pop().continue_()
    expect(jean.page.locator('[name="organisation.nda_filed_on"]')).to_be_visible()
    jean.page.keyboard.type("is")
    expect(jean.page.locator('[name="organisation.city"]')).to_have_value("Paris")
    expect(jean.page.locator('[name="organisation.address"]')).to_have_value("14 rue des Récollets")


def test_the_second_of_two_who_take_a_task_sees_who_has_it(house: LivingHouse, screens: OpenScreen) -> None:
    claire, samuel = screens(house).log_in("claire"), screens(house).log_in("samuel")
    for screen in (claire, samuel):
        screen.open_task("Enregistrer le contrat", "2026-0001")
    claire.press("Prendre la tâche")
    samuel.press("Prendre la tâche")
    expect(samuel.page.locator(".refusal")).to_contain_text("Claire Vasseur")
    samuel.open_task("Enregistrer le contrat", "2026-0001")
    expect(samuel.page.locator("#task .act")).to_contain_text("Claire Vasseur")
    expect(samuel.page.get_by_role("button", name="Prendre la tâche")).to_have_count(0)


def test_a_session_that_ends_while_a_form_is_filled_in_costs_nothing_that_was_typed(house: LivingHouse, screens: OpenScreen) -> None:
    claire = screens(house).log_in("claire")
    claire.open_task("Enregistrer le contrat", "2026-0002")
    claire.press("Prendre la tâche")
    claire.fill({"received_on": "2026-01-05", "number": "C-2026-17"})
    expect(claire.page.locator("[data-draft-said]")).to_contain_text("Brouillon gardé")
    house.clock.advance(timedelta(hours=13))
    claire.press("Terminer la tâche")
    assert "/login" in claire.page.url
    claire.log_in("claire").open_task("Enregistrer le contrat", "2026-0002", view="mine")
    expect(claire.page.locator('[name="number"]')).to_have_value("C-2026-17")
    claire.press("Terminer la tâche")
    expect(claire.page.locator(".toast")).to_contain_text("Enregistrer le contrat")
