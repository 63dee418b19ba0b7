"""The studio's editors in a browser: by keyboard and by mouse, in both languages and themes, and when the log-in runs out in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenScreen
from tests.browser.living import LivingHouse
from tests.browser.screen import Screen

JUDGE = "Juger le plan d’actions"


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[LivingHouse]:
    house = LivingHouse(folder, datetime(2027, 2, 1, 9))
    yield house
    house.close()


def open_draft(screen: Screen, name: str, key: str = "remediation") -> str:
    """Open a draft as Odile; the address of its page comes back."""
    screen.be("odile").go(f"/studio?lang={screen.locale}")
    section = screen.page.locator(f"section[aria-labelledby=p-{key}]")
    section.locator("details summary").first.click()
    section.locator("input[name=name]").fill(name)
    with screen.page.expect_navigation():
        section.locator("form button").first.click()
    return screen.page.url.removeprefix(screen.house.url)


def edit(screen: Screen, address: str) -> Page:
    """Open an editor and wait until it has drawn and judged."""
    screen.go(address)
    expect(screen.page.locator("[data-editor][data-drawn][data-checked]")).to_have_count(1)
    return screen.page


def choose(page: Page, name: str) -> None:
    """Choose an element in the plan in text."""
    page.locator("[data-plan] button", has_text=name).first.click()
    expect(page.locator("#chosen")).to_have_text(name)


def save(page: Page, *, says: str = "Enregistré à") -> None:
    page.keyboard.press("Control+s")
    expect(page.locator("[data-said]")).to_contain_text(says)


def test_a_task_is_drawn_asked_connected_and_deleted_by_keyboard_alone(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house)
    draft = open_draft(screen, "Au clavier")
    page = edit(screen, f"{draft}/draw/remediation.bpmn")

    def reach(key: str) -> None:
        """Go on with Tab until the focus is there."""
        for _ in range(60):
            if page.evaluate("document.activeElement?.dataset?.key") == key:
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {key}")

    page.locator("[data-plan] button", has_text=JUDGE).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-question=who] summary")).to_be_focused()
    page.locator("[data-question=next] summary").focus()
    page.keyboard.press("Enter")
    reach("append")
    page.keyboard.press("Enter")
    expect(page.locator("#chosen")).to_contain_text("Activity_")
    page.locator("[data-question=name] summary").focus()
    page.keyboard.press("Enter")
    reach("name")
    page.keyboard.type("Relire le jugement")
    page.keyboard.press("Tab")
    expect(page.locator("[data-key=nameEn]")).to_be_focused()
    page.keyboard.type("Read the judgement again")
    page.locator("[data-question=next] summary").focus()
    reach("next-to")
    page.locator("[data-key=next-to]").select_option(label="Retenir le plan accepté")
    reach("connect")
    page.keyboard.press("Enter")
    expect(page.locator("[data-question=next]")).to_contain_text("→ Retenir le plan accepté")
    save(page)
    page = edit(screen, f"{draft}/draw/remediation.bpmn")
    choose(page, "Relire le jugement")
    page.locator("[data-question=name] summary").click()
    expect(page.locator("[data-key=nameEn]")).to_have_value("Read the judgement again")
    page.locator("[data-question=next] summary").click()
    page.locator("[data-key=remove]").press("Enter")
    expect(page.locator("[data-plan] button", has_text="Relire le jugement")).to_have_count(0)


def test_answers_given_by_mouse_are_the_same_after_saving_and_reloading(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house)
    draft = open_draft(screen, "À la souris")
    page = edit(screen, f"{draft}/draw/remediation.bpmn")
    choose(page, JUDGE)
    page.get_by_role("checkbox", name="Responsables qualité").check()
    page.locator("[data-question=when] summary").click()
    page.locator("[data-key=due-rule]").select_option("nc.minor.plan")
    page.locator("[data-key=due-anchor]").click()
    page.keyboard.type("plan_asked_on")
    # leaving a field by a click on another one loses neither the text nor the click
    page.locator("[data-question=never] summary").click()
    expect(page.locator("[data-question=never]")).to_have_attribute("open", "")
    expect(page.locator("[data-question=when] .sum")).to_contain_text("30 jours")
    page.get_by_role("checkbox", name="Vérifier les preuves").check()
    save(page)
    page = edit(screen, f"{draft}/draw/remediation.bpmn")
    choose(page, JUDGE)
    expect(page.get_by_role("checkbox", name="Responsables qualité")).to_be_checked()
    expect(page.locator("[data-question=never] summary small")).to_contain_text("« Vérifier les preuves »")
    expect(page.locator("[data-question=when] summary small")).to_contain_text("Plan d’actions d’une mineure")


def test_a_parameter_of_a_handler_is_given_by_a_value_or_by_an_expression(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house)
    page = edit(screen, f"{open_draft(screen, 'Paramètres')}/draw/remediation.bpmn#Activity_RemindPlan")
    expect(page.locator("#chosen")).to_have_text("Relancer le demandeur")
    expect(page.locator("[data-key=in-letter]")).to_have_value("plan_reminder")
    page.locator("[data-key=way-locale]").select_option("value")
    page.locator("[data-key=in-locale]").select_option("en")
    page.locator("[data-key=way-document_ids]").select_option("expression")
    page.locator("[data-key=in-document_ids]").fill("[]")
    save(page)
    xml = page.evaluate("document.querySelector('[data-editor]').modeler.saveXML().then(({xml}) => xml)")
    assert '<jalon:input name="locale" value="&#34;en&#34;" />' in xml and '<jalon:input name="document_ids" value="[]" />' in xml


def test_an_expression_is_offered_the_field_of_a_form_and_a_function_with_what_they_are(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house)
    page = edit(screen, f"{open_draft(screen, 'Propositions')}/draw/remediation.bpmn")
    choose(page, "Plan accepté ?")
    field = page.locator("[data-question=ways] [data-key^=if-]").first
    field.fill("judgement.out")
    offered = page.locator(".cm-tooltip-autocomplete li", has_text="judgement.outcome")
    expect(offered).to_contain_text("un choix")
    expect(page.locator(".cm-completionInfo")).to_contain_text("formulaire de « Juger le plan d’actions »")
    offered.click()
    expect(field).to_have_text("judgement.outcome")
    field.press("Control+a")
    page.keyboard.type("escal")
    expect(page.locator(".cm-tooltip-autocomplete li", has_text="escalations(règle, départ)")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.type("ations(")
    expect(page.locator("[data-question=ways] .error").first).to_contain_text("Ligne 1")
    expect(field).to_have_attribute("aria-invalid", "true")


def test_advice_on_style_is_a_third_weight_and_waits_for_what_is_wrong(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house)
    page = edit(screen, f"{open_draft(screen, 'Conseils')}/draw/remediation.bpmn")
    choose(page, JUDGE)
    page.locator("[data-question=name] summary").click()
    page.locator("[data-key=name]").fill("")
    page.locator("[data-key=name]").press("Tab")
    line = page.locator("[data-problems] li[data-element=Activity_JudgePlan]")
    expect(line).to_contain_text("Rien ne dit ce que c’est.")
    expect(page.locator(".studio-badge.has-hint").first).to_contain_text("Conseil")
    expect(page.locator("[data-problems-count]")).to_contain_text("0 à corriger")
    page.locator("[data-tool=undo]").click()
    expect(line).to_have_count(0)


def test_a_gap_of_a_table_is_told_with_an_example_and_the_table_is_tried_beside_it(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house)
    page = edit(screen, f"{open_draft(screen, 'Trou', 'certification')}/table/nc_counting.dmn")
    page.locator("[name=minor]").fill("6")
    page.locator("[name=major]").fill("0")
    expect(page.locator("[data-result]")).to_contain_text("Ligne 2")
    colours = page.locator("tbody td.rule-index").evaluate_all("cells => cells.map(cell => getComputedStyle(cell).backgroundColor)")
    assert colours[1] != colours[0], "the row that holds is marked"
    page.locator("tbody tr:nth-child(2) td.input-cell").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(">= 8")
    expect(page.locator("[data-problems]")).to_contain_text("Aucune règle ne s’applique à : Mineures ouvertes = ")
    expect(page.locator("[data-result]")).to_contain_text("Aucune ligne ne s’applique.")
    page.keyboard.press("Control+a")
    page.keyboard.type(">= (")
    told = page.locator("[data-problems] button", has_text="ligne 2, « Mineures ouvertes »")
    expect(told).to_be_visible()
    page.locator("h1").click()
    told.click()
    assert page.evaluate("document.activeElement.closest('[data-element-id]') !== null"), "the cell has the focus"


def test_a_field_is_added_to_a_form_and_keeps_its_english_label(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house)
    draft = open_draft(screen, "Un champ", "certification")
    page = edit(screen, f"{draft}/form/planning.form.json")
    page.locator(".fjs-element", has_text="Premier jour de l’audit").last.click()
    page.locator(".bio-properties-panel-group-header").evaluate_all("headers => headers.forEach(one => one.click())")
    expect(page.locator(".bio-properties-panel")).to_contain_text("Aide sous le champ")
    assert page.evaluate("[...document.querySelector('[data-editor]').misses]") == [], "texts of the library without French"
    page.locator(".fjs-palette-field[data-field-type=textfield]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".fjs-form-field", has_text="Texte court")).to_have_count(1)
    page.locator("[data-turn=english]").click()
    expect(page.locator("[data-face=english] .state").first).to_contain_text("1 texte sans anglais")
    page.get_by_label("En anglais : Texte court").fill("One more word")
    page.locator("[data-turn=preview]").click()
    page.locator("[data-language=en]").click()
    expect(page.locator("[data-preview-form]")).to_contain_text("One more word")
    page.locator("[data-language=fr]").click()
    expect(page.locator("[data-preview-form]")).to_contain_text("Texte court")
    save(page)
    page = edit(screen, f"{draft}/form/planning.form.json")
    page.locator("[data-turn=english]").click()
    expect(page.get_by_label("En anglais : Texte court")).to_have_value("One more word")
    expect(page.get_by_label("En anglais : Auditeur")).to_have_value("Auditor")


def test_a_log_in_that_runs_out_while_drawing_loses_nothing(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house)
    draft = open_draft(screen, "Session perdue")
    page = edit(screen, f"{draft}/draw/remediation.bpmn")
    screen.context.clear_cookies()
    choose(page, JUDGE)
    page.locator("[data-question=name] summary").click()
    page.locator("[data-key=name]").fill("Juger le plan remis")
    page.keyboard.press("Control+s")
    notice = page.locator("[data-refused]")
    expect(notice).to_contain_text("Votre session a pris fin.")
    expect(page.locator("#chosen")).to_have_text("Juger le plan remis")
    expect(notice.get_by_role("link", name="Se connecter dans un autre onglet")).to_have_attribute("href", "/login")
    screen.be("odile")
    notice.get_by_role("button", name="C’est fait : enregistrer").click()
    expect(page.locator("[data-said]")).to_contain_text("Enregistré à")
    expect(notice).to_be_empty()


def test_work_that_was_not_saved_is_offered_when_the_page_is_opened_again(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house)
    draft = open_draft(screen, "Onglet fermé")
    page = edit(screen, f"{draft}/draw/remediation.bpmn")
    page.on("dialog", lambda dialog: dialog.accept())
    choose(page, JUDGE)
    page.locator("[data-question=name] summary").click()
    page.locator("[data-key=name]").fill("Gardé ici")
    page.locator("[data-key=name]").press("Tab")
    expect(page.locator("[data-said]")).to_contain_text("gardé dans ce navigateur")
    page = edit(screen, f"{draft}/draw/remediation.bpmn")
    expect(page.locator("[data-plan] button", has_text="Gardé ici")).to_have_count(0)
    page.locator("[data-resume]").click()
    expect(page.locator("[data-plan] button", has_text="Gardé ici")).to_have_count(1)
    save(page)
    page = edit(screen, f"{draft}/draw/remediation.bpmn")
    expect(page.locator("[data-plan] button", has_text="Gardé ici")).to_have_count(1)
    expect(page.locator("[data-refused]")).to_be_empty()


EDITORS = ("draw/certification.bpmn", "table/nc_counting.dmn", "form/planning.form.json")


@pytest.mark.parametrize(("locale", "width", "dark"), [("fr", 1400, False), ("en", 1400, True), ("fr", 320, True), ("en", 320, False)])
def test_axe_finds_nothing_in_the_editors(house: LivingHouse, screens: OpenScreen, locale: str, width: int, dark: bool) -> None:
    screen = screens(house, locale=locale, width=width, dark=dark)
    page, draft = screen.page, open_draft(screen, f"Accès {locale} {width}", "certification")
    rule = screen.go(draft).page.locator("a[href*='/rules/']:not([href$='new'])").first.get_attribute("href") or ""
    for path in (*EDITORS, rule.removeprefix(f"{draft}/"), "letters/new", "rules/new"):
        screen.go(f"{draft}/{path}")
        if path in EDITORS:
            expect(page.locator("[data-editor][data-drawn][data-checked]")).to_have_count(1)
        for turn in (page.locator("[data-turn]").all() if "form/" in path else [None]):
            if turn is not None:
                turn.click()
                page.wait_for_load_state("networkidle")
            assert screen.violations() == [], path
        assert screen.too_wide() <= 0, path


def test_in_english_no_french_text_stands_in_the_questions(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house, locale="en")
    page = edit(screen, f"{open_draft(screen, 'English')}/draw/remediation.bpmn")
    for name in ("Judge the action plan", "Remind the applicant", "Counted as major?", "Time limit passed", "The whole process"):
        page.locator("[data-plan] button", has_text=name).first.click()
        page.evaluate("for (const one of document.querySelectorAll('[data-panel] details')) one.open = true")
        shown = page.locator("[data-panel]").inner_text()
        shown = shown.replace("Name in French\n", "")
        for word in (" le ", " la ", " les ", " une ", " pour ", " avec ", "Aucun", "Ajouter"):
            assert word not in shown, (name, word, shown)
