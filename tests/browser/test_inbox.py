"""People work in the inbox: typing claims and is undone, two on one task, no network, a session that ends, several at once, views, keys.

Rule: issue 3, points 1 and 6, and what is to be shown at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete

from engine.change.rehearsal import Rehearsal
from engine.store.tables import session
from tests.browser.conftest import OpenScreen
from tests.browser.living import LivingHouse
from tests.browser.screen import Screen
from tests.browser.test_access import begin, to_the_study

START = datetime(2026, 1, 5, 9, 0)
STUDY = {"fr": "Étudier la recevabilité", "en": "Study admissibility"}
NOTE = "[name=note]"


def lived(stage: Rehearsal) -> None:
    """Four cases whose admissibility waits to be studied."""
    for name in ("vae", "skills-assessment", "independent-trainer", "vae"):
        to_the_study(stage, begin(stage, name), name)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[LivingHouse]:
    house = LivingHouse(tmp_path, START, lived=lived)
    yield house
    house.close()


def first(screen: Screen, number: int = 0) -> Screen:
    """Open one of the tasks that nobody holds."""
    screen.go("/tasks?view=groups&free=yes")
    screen.page.locator(".task-card h3 a").nth(number).click()
    expect(screen.page.locator("#task-form")).to_be_visible()
    return screen


def look(screen: Screen) -> None:
    """Have the page look at once whether somebody else has acted, as it does every quarter of a minute."""
    screen.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize(("locale", "width"), [("fr", 1400), ("en", 380)])
def test_typing_claims_the_task_and_undo_gives_it_back_with_the_draft(house: LivingHouse, screens: OpenScreen, locale: str,
                                                                     width: int) -> None:
    nadia = first(screens(house, locale=locale, width=width).log_in("nadia"))
    said = {"fr": ("Tâche prise : vous avez commencé à la remplir.", "Annuler", "Brouillon gardé"),
            "en": ("Task taken: you have begun to fill it in.", "Undo", "Draft kept")}[locale]
    page = nadia.page
    page.locator(NOTE).press_sequentially("Le SIRET manque")
    expect(page.locator(".toast")).to_contain_text(said[0].replace(" :", "\u00a0:"))
    expect(page.locator(".act .claim.is-mine")).to_be_visible()
    expect(page.locator(NOTE)).to_be_focused()
    expect(page.locator(NOTE)).to_have_value("Le SIRET manque")
    expect(page.locator("[data-draft-said] [role=status]")).to_contain_text(said[2])
    with page.expect_navigation():
        page.locator(".toast").get_by_role("button", name=said[1]).click()
    expect(page.locator(".act .claim.is-mine")).to_have_count(0)
    expect(page.locator(NOTE)).to_have_value("Le SIRET manque")


def test_two_people_on_one_task_the_slower_is_told_and_keeps_what_was_typed(house: LivingHouse, screens: OpenScreen) -> None:
    nadia, thomas = first(screens(house).log_in("nadia")), screens(house).log_in("thomas")
    thomas.page.goto(nadia.page.url)
    nadia.page.locator("[name=outcome]").first.check()
    expect(nadia.page.locator(".act .claim.is-mine")).to_be_visible()
    look(thomas)
    expect(thomas.page.locator("[data-news] .notice")).to_contain_text("Nadia Belkacem a pris cette tâche")
    thomas.page.locator(NOTE).fill("Vu au téléphone le 5 janvier")
    expect(thomas.page.locator(".refusal.news")).to_contain_text("Nadia Belkacem a pris cette tâche")
    expect(thomas.page.locator(NOTE)).to_have_value("Vu au téléphone le 5 janvier")
    nadia.press(nadia.words["complete"])
    expect(nadia.page.locator("#following")).to_be_visible()
    look(thomas)
    expect(thomas.page.locator("[data-news] .notice")).to_contain_text("Nadia Belkacem a terminé cette tâche")


def test_the_slower_to_send_reads_who_was_faster_and_what_they_had_typed(house: LivingHouse, screens: OpenScreen) -> None:
    nadia = first(screens(house).log_in("nadia"))
    nadia.page.locator(NOTE).fill("Rien à signaler")
    expect(nadia.page.locator(".act .claim.is-mine")).to_be_visible()
    other = screens(house).be("nadia")
    other.page.goto(nadia.page.url)
    other.page.locator("[name=outcome]").first.check()
    other.press(other.words["complete"])
    expect(other.page.locator("#following")).to_be_visible()
    nadia.page.locator(NOTE).fill("Rien à signaler, vraiment")
    nadia.page.locator("[name=outcome]").first.check()
    nadia.press(nadia.words["complete"])
    told = nadia.page.locator(".overtaken")
    expect(told).to_contain_text("Nadia Belkacem a terminé cette tâche (aujourd’hui à 9")
    expect(told).to_contain_text("Rien à signaler, vraiment")
    told.get_by_role("link", name="Voir ce qui a été écrit").click()


def test_without_a_network_what_is_typed_stays_in_the_browser_and_is_sent_later(house: LivingHouse, screens: OpenScreen) -> None:
    nadia = first(screens(house).log_in("nadia"))
    page = nadia.page
    page.locator(NOTE).fill("Avant la coupure")
    expect(page.locator("[data-draft-said] [role=status]")).to_contain_text("Brouillon gardé")
    nadia.context.set_offline(True)
    page.locator(NOTE).fill("Pendant la coupure")
    expect(page.locator("[data-draft-said] [role=status]")).to_contain_text("Gardé dans ce navigateur")
    nadia.context.set_offline(False)
    expect(page.locator("[data-draft-said] [role=status]")).to_contain_text("Brouillon gardé")
    page.reload()
    expect(page.locator(NOTE)).to_have_value("Pendant la coupure")
    # a crash before anything was sent: the browser has it
    nadia.context.set_offline(True)
    page.locator(NOTE).fill("Juste avant la panne")
    address = page.url
    page.close()
    nadia.context.set_offline(False)
    nadia.page = nadia.context.new_page()
    nadia.page.goto(address)
    expect(nadia.page.locator(NOTE)).to_have_value("Juste avant la panne")
    expect(nadia.page.locator("[data-draft-said] [role=status]")).to_contain_text("Repris de ce navigateur")


@pytest.mark.parametrize("sends", [False, True])
def test_a_session_that_ends_in_mid_form_loses_nothing(house: LivingHouse, screens: OpenScreen, sends: bool) -> None:
    nadia = first(screens(house).log_in("nadia"))
    page = nadia.page
    page.locator(NOTE).fill("Premier jet")
    expect(page.locator("[data-draft-said] [role=status]")).to_contain_text("Brouillon gardé")
    with house.parts.store.begin() as work:
        work.connection.execute(delete(session))
    page.locator(NOTE).fill("Second jet, plus long")
    if sends:
        page.get_by_role("button", name=nadia.words["complete"]).click()
    else:
        expect(page.locator("[data-draft-said]")).to_contain_text("Votre session a pris fin")
        page.get_by_role("link", name="Se reconnecter et y revenir").click()
    page.locator("#login").fill("nadia")
    page.locator("#password").fill("une phrase de passe pour les tests")
    nadia.press(nadia.words["log_in"])
    expect(page.locator("#task-title")).to_contain_text(STUDY["fr"])
    expect(page.locator(NOTE)).to_have_value("Second jet, plus long")


def test_what_was_sent_is_forgotten_by_the_browser(house: LivingHouse, screens: OpenScreen) -> None:
    nadia = first(screens(house).log_in("nadia"))
    nadia.page.locator("[name=outcome]").first.check()
    nadia.page.locator(NOTE).fill("Complet")
    expect(nadia.page.locator(".act .claim.is-mine")).to_be_visible()
    nadia.press(nadia.words["complete"])
    expect(nadia.page.locator("#my-next")).to_be_visible()
    assert nadia.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('jalon.draft'))") == []


@pytest.mark.parametrize(("locale", "width"), [("fr", 1400), ("en", 380)])
def test_several_tasks_are_taken_and_handed_over_and_what_is_left_says_why(house: LivingHouse, screens: OpenScreen, locale: str,
                                                                          width: int) -> None:
    nadia, thomas = screens(house, locale=locale, width=width).log_in("nadia"), screens(house, locale=locale).log_in("thomas")
    words = {"fr": ("Prendre", "Transmettre", "Transmettre ces tâches", "3 tâches prises.", "1 tâche", "Annuler"),
             "en": ("Take", "Hand over", "Hand these tasks over", "3 tasks taken.", "One task", "Undo")}[locale]
    nadia.go("/tasks?view=groups")
    boxes = nadia.page.locator(".task-card input[type=checkbox]")
    expect(boxes).to_have_count(4)
    first(thomas).press(thomas.words["take"])
    boxes.first.check()
    boxes.last.click(modifiers=["Shift"])
    expect(nadia.page.locator(".several-said")).to_contain_text("4")
    nadia.press(words[0], within=nadia.page.locator(".several"))
    expect(nadia.page.locator(".toast")).to_contain_text(words[3])
    left = nadia.page.locator(".several-left")
    expect(left).to_contain_text("Thomas Mercier")
    expect(left).to_contain_text({"fr": "Règle", "en": "Rule"}[locale])
    nadia.go("/tasks")
    for box in nadia.page.locator(".task-card input[type=checkbox]").all():
        box.check()
    nadia.page.locator(".several").get_by_role("button", name=words[1], exact=True).click()
    nadia.page.locator("#several-who").select_option(label="Thomas Mercier")
    nadia.press(words[2])
    expect(nadia.page.locator(".task-card")).to_have_count(0)
    nadia.press(words[5], within=nadia.page.locator(".toast"))
    expect(nadia.page.locator(".task-card")).to_have_count(3)


def test_a_saved_view_shows_a_colleague_their_own_tasks_through_its_address(house: LivingHouse, screens: OpenScreen) -> None:
    nadia, claire = screens(house).log_in("nadia"), screens(house).log_in("claire")
    nadia.go("/tasks?view=groups&order=organisation&step=Activity_StudyAdmissibility")
    nadia.page.get_by_role("button", name="Enregistrer cette vue").click()
    nadia.page.locator("#view-name").fill("Recevabilités par organisme")
    nadia.press("Enregistrer la vue")
    expect(nadia.page.get_by_role("heading", level=1)).to_have_text("Recevabilités par organisme")
    expect(nadia.page.locator(".task-card")).to_have_count(4)
    nadia.page.get_by_role("button", name="Partager, renommer…").click()
    address = nadia.page.locator("#view-address").input_value()
    claire.page.goto(address)
    expect(claire.page.get_by_role("heading", level=1)).to_have_text("Recevabilités par organisme")
    expect(claire.page.locator(".inbox-head")).to_contain_text("Une vue de Nadia Belkacem")
    expect(claire.page.locator(".task-card")).to_have_count(0)
    nadia.page.locator("#view-renamed").fill("Recevabilités")
    nadia.press("Renommer")
    expect(nadia.page.locator(".rail a[aria-current]")).to_contain_text("Recevabilités")
    nadia.page.get_by_role("button", name="Partager, renommer…").click()
    nadia.press("Supprimer la vue")
    claire.page.goto(address)
    expect(claire.page.get_by_role("heading", level=1)).to_contain_text("Cette vue n’existe plus")


@pytest.mark.parametrize(("locale", "width"), [("fr", 1400), ("en", 380)])
def test_ctrl_k_finds_by_a_few_letters_and_the_keyboard_opens_it(house: LivingHouse, screens: OpenScreen, locale: str, width: int) -> None:
    maud = screens(house, locale=locale, width=width).log_in("maud", "/cases")
    maud.page.keyboard.press("Control+k")
    expect(maud.page.locator("#finder-q")).to_be_focused()
    maud.page.keyboard.type("2026-0001")
    expect(maud.page.locator("#finder .hits a").first).to_contain_text("2026-0001")
    maud.page.keyboard.press("ArrowDown")
    with maud.page.expect_navigation():
        maud.page.keyboard.press("Enter")
    assert "/cases/" in maud.page.url


def test_keys_go_through_the_list_and_can_be_switched_off(house: LivingHouse, screens: OpenScreen) -> None:
    nadia = screens(house).log_in("nadia", "/tasks?view=groups")
    page = nadia.page
    page.keyboard.press("j")
    expect(page.locator("#task-title")).to_contain_text(STUDY["fr"])
    page.keyboard.press("x")
    expect(page.locator(".task-card input:checked")).to_have_count(1)
    page.keyboard.press("/")
    expect(page.locator("#sift-search")).to_be_focused()
    page.keyboard.type("jx?")
    expect(page.locator("#sift-search")).to_have_value("jx?")
    page.keyboard.press("Escape")
    page.locator("#list-title").click()
    with page.expect_navigation():
        page.keyboard.press("c")
    expect(page.locator(".act .claim.is-mine")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    nadia.press("Désactiver les touches seules")
    page.keyboard.press("?")
    expect(page.locator("#keys")).not_to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.locator("#finder")).to_be_visible()


def test_a_list_that_somebody_else_changes_says_so_and_stays_as_it_was(house: LivingHouse, screens: OpenScreen) -> None:
    nadia, thomas = screens(house).log_in("nadia", "/tasks?view=groups"), screens(house).log_in("thomas")
    look(nadia)
    first(thomas).press(thomas.words["take"])
    look(nadia)
    news = nadia.page.locator(".inbox-list > .news")
    expect(news).to_contain_text("Cette liste a changé entre-temps.")
    expect(nadia.page.locator(".task-card", has_text="Thomas Mercier")).to_have_count(0)
    with nadia.page.expect_navigation():
        news.get_by_role("link").click()
    expect(nadia.page.locator(".task-card", has_text="Thomas Mercier")).to_have_count(1)
