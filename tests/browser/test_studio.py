"""A process owner changes a process in the browser: draws a reminder by answering questions, saves, meets the gate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.browser.living import LivingHouse
from tests.browser.screen import Screen


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[LivingHouse]:
    house = LivingHouse(folder, datetime(2027, 2, 1, 9))
    yield house
    house.close()


def open_draft(screen: Screen, name: str) -> str:
    """Open a draft of the remediation process as Odile; the address of its page comes back."""
    screen.be("odile").go(f"/studio?lang={screen.locale}")
    section = screen.page.locator("section[aria-labelledby=p-remediation]")
    section.locator("details summary").click()
    section.locator("input[name=name]").fill(name)
    with screen.page.expect_navigation():
        section.locator("form button").click()
    return screen.page.url.removeprefix(screen.house.url)


def draw(screen: Screen, draft: str, path: str = "remediation.bpmn") -> None:
    """Open the editor of a diagram and wait until it has drawn and judged."""
    screen.go(f"{draft}/draw/{path}")
    expect(screen.page.locator("[data-editor][data-drawn][data-checked]")).to_have_count(1)


def test_a_reminder_is_drawn_by_answering_questions_saved_and_told_as_a_difference(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house)
    page, draft = screen.page, open_draft(screen, "Un rappel de plus")
    draw(screen, draft)
    page.locator("[data-plan] button", has_text="Juger le plan d’actions").click()
    expect(page.locator("#chosen")).to_have_text("Juger le plan d’actions")
    page.locator("summary", has_text="Et si c’est en retard ?").click()
    late = page.locator("[data-question=late]")
    page.locator("[data-key=late-rule]").select_option("nc.minor.plan")
    expect(late).to_contain_text("délai fixé par le certificateur")
    late.get_by_role("button", name="Ajouter au dessin").click()
    expect(late.locator(".error").last).to_have_text("Dites depuis quel jour cela se compte.")
    page.locator("[data-key=late-anchor]").fill("plan_asked_on")
    page.locator("[data-key=late-letter]").select_option("plan_reminder")
    late.get_by_role("button", name="Ajouter au dessin").click()
    expect(page.locator("#chosen")).to_have_text("Relancer")
    expect(page.locator("[data-key=in-letter]")).to_have_value("plan_reminder")
    expect(page.locator("[data-said]")).to_have_text("Pas encore enregistré ; gardé dans ce navigateur")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-said]")).to_contain_text("Enregistré à")
    assert page.evaluate("[...document.querySelector('[data-editor]').misses]") == [], "texts of the library without French"
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    screen.go(f"{draft}/changes")
    expect(page.locator("main")).to_contain_text("Nouveau : « Relancer » (étape automatique, client.notify)")
    expect(page.locator(".plan .added > .shape").first).to_be_visible()
    screen.go(f"{draft}/publishing")
    expect(page.get_by_role("button", name="Publier la version 2")).to_have_attribute("aria-disabled", "true")


def test_what_is_still_being_typed_is_saved_and_a_problem_comes_and_goes_at_its_element(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house, locale="en")
    page, draft = screen.page, open_draft(screen, "Half typed")
    draw(screen, draft)
    page.locator("[data-plan] button", has_text="Judge the action plan").click()
    page.locator("[data-key=assignee]").fill("nobody_knows_this(")
    expect(page.locator("[data-question=who] .feel-field .error")).to_contain_text("Line 1, column 19")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-said]")).to_contain_text("Saved at")
    expect(page.locator("[data-problems-count]")).to_contain_text("1 to mend")
    expect(page.locator(".djs-shape.has-problem")).to_have_count(1)
    expect(page.locator(".studio-badge.has-problem")).to_have_text("To mend")
    page.locator("[data-plan] button").first.click()
    page.keyboard.press("F8")
    expect(page.locator("#chosen")).to_have_text("Judge the action plan")
    draw(screen, draft)
    expect(page.locator("[data-problems-count]")).to_contain_text("1 to mend")
    page.locator(".studio-badge.has-problem").click()
    expect(page.locator("[data-problems] button", has_text="Judge the action plan")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("[data-key=assignee]").fill("auditor_id")
    page.locator("[data-key=assignee]").press("Tab")
    expect(page.locator("[data-problems-count]")).to_contain_text("0 to mend")
    expect(page.locator(".studio-badge.has-problem")).to_have_count(0)


def test_two_people_on_one_draft_are_told_of_each_other_and_lose_nothing(house: LivingHouse, screens: OpenScreen) -> None:
    odile, remi = screens(house), screens(house)
    draft = open_draft(odile, "À deux")
    remi.be("remi")
    for screen in (odile, remi):
        draw(screen, draft)
    for screen, name in ((remi, "Juger le plan remis"), (odile, "Lire le plan d’actions")):
        screen.page.locator("[data-plan] button", has_text="Juger le plan d’actions").click()
        screen.page.locator("summary", has_text="Nom et note").click()
        screen.page.locator("[data-key=name]").fill(name)
        screen.page.keyboard.press("Control+s")
    expect(remi.page.locator("[data-said]")).to_contain_text("Enregistré à")
    expect(odile.page.locator("[data-refused]")).to_contain_text("Rémi Castel a enregistré ce brouillon depuis que vous l’avez ouvert")
    expect(odile.page.locator("#chosen")).to_have_text("Lire le plan d’actions")


@pytest.mark.parametrize(("locale", "width", "dark"), [("fr", 1400, False), ("en", 320, True)])
def test_axe_finds_nothing_on_the_pages_of_the_studio(house: LivingHouse, screens: OpenScreen, locale: str, width: int, dark: bool) -> None:
    screen = screens(house, locale=locale, width=width, dark=dark)
    draft = open_draft(screen, f"Pages {width}")
    version = screen.go("/studio").page.locator("a[href^='/studio/versions']").first.get_attribute("href") or ""
    for path in ("/studio", version, draft, f"{draft}/changes", f"{draft}/publishing"):
        screen.go(path).page.wait_for_load_state("networkidle")
        assert screen.violations() == [], path
        assert screen.too_wide() <= 0, path
    draw(screen, draft)
    screen.page.locator("[data-plan] button").nth(4).click()
    screen.page.evaluate("for (const one of document.querySelectorAll('[data-panel] details')) one.open = true")
    assert screen.violations() == []
    assert screen.too_wide() <= 0


def test_tables_and_forms_open_in_their_editors_and_a_changed_cell_is_saved(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house)
    page = screen.page
    screen.be("odile").go("/studio?lang=fr")
    section = page.locator("section[aria-labelledby=p-certification]")
    section.locator("details summary").click()
    section.locator("input[name=name]").fill("Une table")
    with page.expect_navigation():
        section.locator("form button").click()
    draft = page.url.removeprefix(house.url)
    screen.go(f"{draft}/table/nc_counting.dmn")
    expect(page.locator("[data-editor][data-drawn]")).to_have_count(1)
    assert screen.violations() == []
    assert page.evaluate("[...document.querySelector('[data-editor]').misses]") == [], "texts of the library without French"
    page.locator("td.output-cell").first.click()
    page.keyboard.press("End")
    page.keyboard.type(" + 1")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-said]")).to_contain_text("Enregistré à")
    screen.go(f"{draft}/changes")
    expect(page.locator("main")).to_contain_text("0 + 1")
    screen.go(f"{draft}/form/planning.form.json")
    expect(page.locator("[data-editor][data-drawn]")).to_have_count(1)
    expect(page.locator("[data-editor]")).to_contain_text("Premier jour de l’audit")
    assert screen.violations() == []
