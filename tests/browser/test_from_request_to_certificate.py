"""One application from the public form to the downloaded certificate and the public register, on the screens of those who do it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import OpenScreen
from tests.browser.living import LivingHouse
from tests.browser.screen import Screen, sample

START = datetime(2026, 1, 5, 9, 0)
CLIENT = "elodie@em-formation.example"
FINDINGS = [
    {"indicator": 21, "gravity": "major", "fact": "Trois intervenants sur cinq n’ont ni CV ni diplôme au dossier.",
     "requirement": "Mobiliser des intervenants compétents."},
    {"indicator": 9, "gravity": "minor", "fact": "Livret d’accueil sans le contact du référent handicap.",
     "requirement": "Informer les publics des conditions de déroulement."},
]


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[LivingHouse]:
    house = LivingHouse(folder, START)
    yield house
    house.close()


def number_of(screen: Screen) -> str:
    """The number of the case on the page that confirms an application, once it has one."""
    screen.house.settle()
    screen.page.reload()
    return screen.page.locator("main .num").inner_text()


def test_from_the_public_form_to_the_certificate_through_seven_screens(house: LivingHouse, screens: OpenScreen) -> None:
    elodie, claire, nadia, paul, marc, rachel, diane = (screens(house) for _ in range(7))

    elodie.apply(sample("independent-trainer"))
    expect(elodie.page.get_by_role("heading", level=1)).to_contain_text("Votre demande est reçue")
    case = number_of(elodie)
    quote = house.post.to(CLIENT)[-1]
    assert case in quote["Subject"], quote["Subject"]
    assert [part.get_content_type() for part in quote.iter_attachments()] == ["application/pdf"]

    elodie.enter(CLIENT)
    elodie.answer("Signer le contrat", {"accepted": True, "signed_by": "Élodie Marchand", "signed_on": "2026-01-05"})
    expect(elodie.page.locator("#todo")).to_have_text("Rien à faire pour l’instant")

    claire.log_in("claire").do("Enregistrer le contrat", case, {"received_on": "2026-01-05"})
    nadia.log_in("nadia").do("Étudier la recevabilité", case, {"outcome": "admissible"})
    paul.log_in("paul").do("Proposer", case, {"auditor_id": "Marc Oyono", "audit_on": "2026-01-20", "days": 1, "place": "Paris"})
    house.move_to(datetime(2026, 1, 20, 18))

    marc.log_in("marc").audit("Auditer", case, FINDINGS, {
        "closed_on": "2026-01-20", "summary": "Audit mené selon le plan.", "opinion": "favourable_after_remediation"})

    elodie.enter(CLIENT)
    expect(elodie.page.get_by_role("heading", name="Vos non-conformités")).to_be_visible()
    elodie.answer("Fournir les preuves", {
        "cause": "Procédure non appliquée.", "evidence": "Procédure révisée, dossiers complets.", "effective_on": "2026-01-20"})
    elodie.answer("Écrire le plan", {
        "cause": "Modèle de document ancien.", "actions": "Mise à jour et relecture trimestrielle.", "owner": "Élodie Marchand",
        "done_by": "2026-03-20"})
    marc.do("Vérifier", case, {"outcome": "lifted", "comment": "Les dossiers tirés au sort sont conformes."}, view="mine")
    marc.open_task("Juger le plan", case, view="mine")
    expect(marc.page.locator("#task")).to_contain_text("Mise à jour et relecture trimestrielle.")
    marc.do("Juger le plan", case, {"outcome": "accepted"}, view="mine")

    rachel.log_in("rachel").do("Relire", case, {"outcome": "ready"})

    marc.open_task("Décider", case)
    expect(marc.page.get_by_role("heading", name="Cette tâche ne peut pas être la vôtre")).to_be_visible()
    refusal = marc.page.locator(".refusal").inner_text()
    assert "séparation des tâches, ISO/IEC 17065" in refusal and "Diane Lefort" in refusal, refusal
    expect(marc.page.get_by_role("button", name="Prendre la tâche")).to_have_count(0)

    diane.log_in("diane").do("Décider", case, {"outcome": "granted"})
    diane.go(f"/cases/{case}")
    expect(diane.page.locator("main")).to_contain_text("Certification accordée")

    elodie.enter(CLIENT)
    certificate, text = download(elodie, "Certificat")
    assert "Élodie Marchand" in text, text
    assert "actions de formation" in text and certificate in text, text

    public = screens(house, width=380)
    public.go("/verify").page.get_by_label("Numéro du certificat, ou SIREN").fill(certificate)
    public.page.keyboard.press("Enter")
    expect(public.page.locator(".verify-verdict")).to_have_text("Certificat valide")
    expect(public.page.locator("main")).to_contain_text("Actions de formation")
    assert not re.search(rf"(?<!Q){case}", public.page.content()), "the public sees no case"


def download(screen: Screen, name: str) -> tuple[str, str]:
    """Fetch a paper from the portal with the browser's session: the certificate's number in its name, and its text."""
    address = screen.page.locator(".files").locator("a:not([data-preview])").filter(has_text=name).get_attribute("href")
    answer = screen.context.request.get(f"{screen.house.url}{address}")
    assert answer.ok and answer.headers["content-type"] == "application/pdf"
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages)
    found = re.search(r'filename="\w+ (\S+)\.pdf"', answer.headers["content-disposition"])
    assert found is not None, answer.headers["content-disposition"]
    return found[1], text


def test_in_english_on_a_phone_from_the_form_to_the_contract(house: LivingHouse, screens: OpenScreen) -> None:
    application = sample("skills-assessment")
    application["contact"] |= {"language": "en", "email": "rosa@phone.example"}
    rosa, claire = screens(house, locale="en", width=380), screens(house, locale="en", width=380)
    rosa.apply(application)
    expect(rosa.page.get_by_role("heading", level=1)).to_contain_text("Your application is received")
    case = number_of(rosa)
    assert "quote" in house.post.to("rosa@phone.example")[-1]["Subject"].lower()

    rosa.enter("rosa@phone.example")
    rosa.answer("Sign", {"accepted": True, "signed_by": "Rosa", "signed_on": house.clock.now().date().isoformat()})
    expect(rosa.page.locator("#todo")).to_have_text("Nothing to do for now")

    claire.log_in("claire").do("Record the contract", case, {"received_on": house.clock.now().date().isoformat()})
    for screen in (rosa, claire):
        assert screen.too_wide() == 0
