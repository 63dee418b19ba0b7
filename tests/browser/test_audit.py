"""An auditor's day: one indicator after the other, by keyboard at a desk and by touch on a telephone, with a network that fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from engine.change.rehearsal import Rehearsal
from tests.browser.conftest import OpenScreen
from tests.browser.living import LivingHouse
from tests.browser.screen import Screen, sample

START = datetime(2026, 1, 5, 9)
KEYS = {"conform": "1", "minor": "2", "major": "3"}


def planned(stage: Rehearsal) -> None:
    """A case whose audit Anna is to conduct."""
    case = stage.start("certification", sample("independent-trainer"))
    stage.settle()
    plan = {"auditor_id": stage.people["anna"].id, "audit_on": "2026-01-05", "days": 1, "place": "Paris"}
    signed = {"accepted": True, "signed_by": "Élodie Marchand", "signed_on": "2026-01-05"}
    for element, data, by in (("Activity_SignContract", signed, "elodie@em-formation.example"),
                              ("Activity_RecordContract", {"received_on": "2026-01-05"}, "claire"),
                              ("Activity_StudyAdmissibility", {"outcome": "admissible"}, "nadia"),
                              ("Activity_ProposeAudit", plan, "paul")):
        stage.complete(element, data, by, instance_id=case)
        stage.settle()


@pytest.fixture
def house(folder: Path, tmp_path: Path) -> Iterator[LivingHouse]:
    house = LivingHouse(tmp_path, START, lived=planned)
    yield house
    house.close()


def open_audit(screen: Screen) -> Screen:
    screen.log_in("anna")
    screen.page.locator(".task-card h3 a").first.click()
    screen.page.locator(".act a.button-main").click()
    expect(screen.page.locator("h1 .big-n")).to_have_text("1")
    return screen


def saved(screen: Screen) -> None:
    expect(screen.page.locator("#audit-said")).to_contain_text({"fr": "Enregistré à", "en": "Saved at"}[screen.locale])


def test_an_auditor_judges_by_the_keyboard_alone(house: LivingHouse, screens: OpenScreen) -> None:
    anna = open_audit(screens(house))
    page, keys = anna.page, anna.page.keyboard
    keys.press(KEYS["conform"])
    saved(anna)
    expect(page.locator(".tally dd").first).to_have_text("1")
    keys.press("j")
    expect(page.locator("h1 .big-n")).to_have_text("2")
    keys.press(KEYS["minor"])
    keys.press("n")
    keys.type("Trois indicateurs ne sont pas datés.")
    saved(anna)
    page.locator("h1").click()
    keys.press("e")
    expect(page.locator("#new-name")).to_be_focused()
    keys.type("Page publique des indicateurs")
    keys.press("Tab")
    keys.type("3 sur 3")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_label("Preuve 1")).to_have_value("Page publique des indicateurs")
    page.locator("h1").click()
    keys.press("r")
    expect(page.locator("h1 .big-n")).to_have_text("4")
    keys.press(KEYS["minor"])
    expect(page.locator("input[value=minor]")).not_to_be_checked()
    expect(page.locator("#gravity")).to_contain_text("n’admet pas de mineure")
    keys.press("k")
    expect(page.locator("h1 .big-n")).to_have_text("2")
    expect(page.locator("#fact")).to_have_value("Trois indicateurs ne sont pas datés.")
    expect(page.locator(".audit-list a[aria-current] .icon")).to_have_attribute("aria-label", "À revoir")
    assert anna.violations() == [] and anna.too_wide() == 0


def test_an_auditor_judges_on_a_telephone_in_english(house: LivingHouse, screens: OpenScreen) -> None:
    anna = open_audit(screens(house, locale="en", width=380, dark=True))
    page = anna.page
    page.get_by_role("radio", name="Major NC").click()
    saved(anna)
    page.locator("#fact").fill("The time to access is on no page.")
    saved(anna)
    page.get_by_role("link", name="2 Result indicators").click()
    expect(page.locator("h1 .big-n")).to_have_text("2")
    page.get_by_role("link", name="Closing").click()
    expect(page.locator("main")).to_contain_text("indicators have no verdict yet")
    expect(page.locator(".nc-line")).to_contain_text("The time to access is on no page.")
    assert anna.violations() == [] and anna.too_wide() == 0


def test_what_is_typed_without_a_network_is_sent_when_it_is_back(house: LivingHouse, screens: OpenScreen) -> None:
    anna = open_audit(screens(house))
    page = anna.page
    anna.context.set_offline(True)
    page.keyboard.press(KEYS["conform"])
    expect(page.locator("#audit-said")).to_contain_text("Non enregistré")
    anna.context.set_offline(False)
    page.get_by_role("link", name="2 Indicateurs de résultats").click()
    expect(page.locator("h1 .big-n")).to_have_text("2")
    expect(page.locator(".tally dd").first).to_have_text("1")


def test_an_audit_is_closed_and_the_page_says_what_follows(house: LivingHouse, screens: OpenScreen) -> None:
    anna = open_audit(screens(house))
    page = anna.page
    address = page.url.rsplit("/", 1)[0]
    for number in page.locator(".audit-list a:has(use[href$='i-open']) .n").all_inner_texts():
        page.request.post(f"{address}/{number}", form={"verdict": "conform"}, headers={"Sec-Fetch-Site": "same-origin"})
    anna.go(address.removeprefix(house.url) + "/closing")
    expect(page.locator("main")).to_contain_text("Chaque indicateur applicable a son verdict")
    anna.fill({"closed_on": "2026-01-05", "summary": "Audit mené selon le plan.", "opinion": "favourable"})
    page.locator(".act button.button-main").click()
    expect(page).to_have_url(re.compile(r"/done"))
    expect(page.locator("main")).to_contain_text("La suite")
