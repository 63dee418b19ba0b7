"""Applicants before their screens: in steps on a phone and by a mailed link, from abroad, with others, without a password; the register.

The letters come from a real SMTP server; files are files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.browser.living import LivingHouse
from tests.browser.screen import Screen, sample
from tests.browser.test_access import lived

START = datetime(2026, 1, 5, 9, 0)
ELODIE, LISIERE = "elodie@em-formation.example", "yann.delorme@lisiere-formation.example"


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[LivingHouse]:
    house = LivingHouse(folder, START, lived=lived)
    yield house
    house.close()


def is_for_everybody(screen: Screen) -> None:
    """Nothing axe can fault, nothing wider than the screen."""
    assert screen.violations() == []
    assert screen.too_wide() == 0


def type_in(screen: Screen, path: str, text: str) -> None:
    """Type into a field key by key, in place of what is there, and leave it."""
    screen.page.locator(f'[name="{path}"]').click()
    screen.page.keyboard.press("Control+A")
    screen.page.keyboard.type(text)
    screen.page.keyboard.press("Tab")


def test_a_french_applicant_on_a_phone_leaves_comes_back_by_the_link_and_sends(house: LivingHouse, screens: OpenScreen,
                                                                               tmp_path: Path) -> None:
    application = sample("of-cfa-multi-site")
    email = application["contact"]["email"]
    phone = screens(house, width=380).begin(email)
    expect(phone.page.locator(".steps")).to_contain_text("étape 1 sur 8")
    is_for_everybody(phone)
    type_in(phone, "organisation.siren", "123456789")
    expect(phone.page.locator("#f-organisation-siren-e")).to_contain_text("INSEE")
    type_in(phone, "organisation.siren", application["organisation"]["siren"])
    expect(phone.page.locator(".right")).to_contain_text("Ce numéro est possible")
    phone.fill_in({"organisation": {"name": application["organisation"]["name"]}})
    phone.press("Finir plus tard")
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text("Vos réponses sont gardées")
    is_for_everybody(phone)

    house.settle()
    desk = screens(house)
    desk.page.goto(house.post.link(email, "/apply/"))
    expect(desk.page.locator('[name="organisation.name"]')).to_have_value(application["organisation"]["name"])
    chart = tmp_path / "organigramme.pdf"
    chart.write_bytes(b"%PDF-1.7\n%%EOF\n")
    desk.fill_in(application)
    desk.press("Continuer")
    desk.page.goto(re.sub(r"Group_\w+", "Group_places", desk.page.url))
    desk.fill_in(application)
    with desk.page.expect_navigation():
        desk.page.locator("#file-Files_chart").set_input_files(chart)
    expect(desk.page.locator(".files")).to_contain_text("organigramme.pdf")
    expect(desk.page.locator('[name="sites.1.city"]')).to_have_value(application["sites"][1]["city"])
    desk.page.goto(re.sub(r"Group_\w+", "Group_manager", desk.page.url))
    desk.go_through(application, send=False)
    expect(desk.page.locator("main")).to_contain_text("organigramme.pdf")
    is_for_everybody(desk)
    desk.press("Envoyer la demande")
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Votre demande est reçue")
    house.settle()
    desk.enter(email)
    expect(desk.page.locator(".files").first).to_contain_text("organigramme.pdf")


def test_an_applicant_from_abroad_in_english_names_a_representative_who_gets_access(house: LivingHouse, screens: OpenScreen) -> None:
    application = sample("foreign-organisation")
    application["contact"] |= {"email": "mara@windtrain.example", "language": "en"}
    application["representative"] |= {"email": "agent@paris.example"}
    mara = screens(house, locale="en", dark=True)
    mara.apply(application, send=False)
    expect(mara.page.locator("main")).to_contain_text("The representative in France")
    mara.press("Send the application")
    expect(mara.page.get_by_role("heading", level=1)).to_contain_text("Your application is received")
    house.settle()
    mara.enter("mara@windtrain.example")
    mara.follow("Contacts")
    expect(mara.page.locator("main")).to_contain_text("agent@paris.example")
    expect(mara.page.locator("main")).to_contain_text("R. 6351-3")
    is_for_everybody(mara)


def test_a_contact_invites_another_who_reads_and_is_let_go(house: LivingHouse, screens: OpenScreen) -> None:
    elodie, noor = screens(house).be(ELODIE), screens(house, locale="en", width=380)
    elodie.go("/portal").follow("Contacts")
    elodie.page.get_by_label("Nom", exact=True).fill("Noor Haddad")
    elodie.page.get_by_label("Adresse e-mail").fill("noor@em-formation.example")
    elodie.page.locator(".form-card").get_by_label("English").check()
    elodie.press("Envoyer l’invitation")
    expect(elodie.page.locator("#invited")).to_be_visible()
    is_for_everybody(elodie)
    house.settle()
    noor.page.goto(house.post.link("noor@em-formation.example", "/invitation/"))
    is_for_everybody(noor)
    noor.press("Join and open the case")
    expect(noor.page.locator(".do-now")).to_contain_text("You may read this case")
    is_for_everybody(noor)
    elodie.page.reload()
    person = elodie.page.locator(".replies li").filter(has_text="Noor Haddad")
    person.get_by_text("Changer ou retirer").click()
    elodie.press("Retirer l’accès", within=person)
    noor.page.reload()
    expect(noor.page.get_by_role("heading", level=1)).to_contain_text("There is no such case")


def test_somebody_without_their_link_asks_for_a_new_one(house: LivingHouse, screens: OpenScreen) -> None:
    elodie = screens(house, width=380)
    elodie.go("/login").follow("M’envoyer un nouveau lien")
    elodie.page.locator("#email").fill(ELODIE)
    is_for_everybody(elodie)
    elodie.press("M’envoyer un lien")
    expect(elodie.page.get_by_role("status")).to_contain_text("un lien y est en route")
    house.settle()
    link = house.post.link(ELODIE, "/enter/once/")
    elodie.page.goto(link)
    elodie.press("Ouvrir mon dossier")
    expect(elodie.page.locator(".do-now")).to_be_visible()
    other = screens(house)
    other.page.goto(link)
    expect(other.page.get_by_role("heading", level=1)).to_contain_text("Ce lien n’est plus valable")


@pytest.mark.parametrize(("locale", "verdict"), [("fr", "Certificat valide"), ("en", "Valid certificate")])
def test_the_public_finds_a_certificate_by_number_by_siren_and_by_its_code(house: LivingHouse, screens: OpenScreen, locale: str,
                                                                          verdict: str) -> None:
    public = screens(house, locale=locale, width=320)
    siren = "".join(sample("skills-assessment")["organisation"]["siren"].split())
    for typed in ("q2026 0001", siren):
        public.go("/verify")
        public.page.locator("#n").fill(typed)
        public.page.keyboard.press("Enter")
        expect(public.page.locator(".verify-verdict").first).to_have_text(verdict)
        is_for_everybody(public)
    public.go("/verify/Q2026-0001")
    expect(public.page.locator(".verify-verdict")).to_have_text(verdict)
    answer = public.context.request.get(f"{house.url}/verify/Q2026-0001.json")
    assert answer.json()["certificates"][0]["siren"] == siren


def test_a_step_is_not_sent_into_a_network_that_is_gone(house: LivingHouse, screens: OpenScreen) -> None:
    yann = screens(house).begin(LISIERE)
    yann.page.locator('[name="organisation.name"]').fill("Lisière")
    yann.context.set_offline(True)
    yann.page.get_by_role("button", name="Continuer").last.click()
    expect(yann.page.locator("[data-draft-said]")).to_contain_text("vérifiez votre réseau")
    expect(yann.page.locator('[name="organisation.name"]')).to_have_value("Lisière")
    yann.context.set_offline(False)
    yann.press("Continuer")
    expect(yann.page.locator("#faults")).to_be_focused()
    expect(yann.page.locator('[name="organisation.name"]')).to_have_value("Lisière")
