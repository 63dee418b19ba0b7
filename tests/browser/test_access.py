"""Every page for everybody: nothing axe can fault, nothing wider than the screen, no complaint of the browser, one language at a time.

Rule: WCAG 2.2 AA. The house has cases at every stage, so that pages are looked at with their findings, refusals, incidents and letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from engine.change.rehearsal import Rehearsal
from engine.store.tables import instance, user_task
from tests.browser.conftest import OpenScreen
from tests.browser.living import LivingHouse
from tests.browser.screen import Screen, sample
from web.catalogue import Catalogue

START = datetime(2026, 1, 5, 9, 0)
ELODIE, HELENE = "elodie@em-formation.example", "h.duval@parcours-acquis.example"
FINDINGS = [
    {"indicator": 21, "gravity": "major", "fact": "Trois dossiers sur cinq sont vides.", "requirement": "Des intervenants compétents."},
    {"indicator": 9, "gravity": "minor", "fact": "Livret d’accueil incomplet.", "requirement": "Informer les publics."},
]
#: shorter texts of the catalogue also stand inside words and names
SHORTEST_TEXT = 12


def lived(stage: Rehearsal) -> None:
    """One case with findings to answer, one certified, one of which something failed, one whose study is late."""
    cases = {name: begin(stage, name) for name in ("independent-trainer", "skills-assessment", "foreign-organisation", "vae")}
    to_the_study(stage, cases["vae"], "vae")
    for name in ("independent-trainer", "skills-assessment"):
        to_the_audit(stage, cases[name], name)
    stage.advance(datetime(2026, 1, 20, 18))
    audited(stage, cases["independent-trainer"], FINDINGS)
    audited(stage, cases["skills-assessment"], [])
    certified(stage, cases["skills-assessment"])
    stage.fail("Activity_SignContract", "the paper jammed", instance_id=cases["foreign-organisation"])
    stage.advance(datetime(2026, 3, 2, 9))


def begin(stage: Rehearsal, name: str) -> str:
    """Start a case from a sample."""
    case = stage.start("certification", sample(name))
    stage.settle()
    return case


def to_the_study(stage: Rehearsal, case: str, name: str) -> None:
    """Sign, record."""
    signed = {"accepted": True, "signed_by": "Élodie", "signed_on": "2026-01-05"}
    do(stage, case, "Activity_SignContract", signed, sample(name)["contact"]["email"])
    do(stage, case, "Activity_RecordContract", {"received_on": "2026-01-05"}, "claire")


def to_the_audit(stage: Rehearsal, case: str, name: str) -> None:
    """Sign, record, study, plan."""
    to_the_study(stage, case, name)
    do(stage, case, "Activity_StudyAdmissibility", {"outcome": "admissible"}, "nadia")
    plan = {"auditor_id": stage.people["anna"].id, "audit_on": "2026-01-20", "days": 1, "place": "Paris"}
    do(stage, case, "Activity_ProposeAudit", plan, "paul")


def audited(stage: Rehearsal, case: str, findings: list[dict[str, Any]]) -> None:
    """Audit, with these findings."""
    scope, found = stage.evaluate("indicators", case), {one["indicator"] for one in findings}
    data = {"closed_on": "2026-01-20", "summary": "Audit mené selon le plan.", "findings": findings, "opinion": "favourable",
            "conform": [one for one in scope if one not in found]}
    do(stage, case, "Activity_Audit", data, "anna")


def certified(stage: Rehearsal, case: str) -> None:
    """Review, grant."""
    do(stage, case, "Activity_Review", {"outcome": "ready"}, "rachel")
    do(stage, case, "Activity_Decide", {"outcome": "granted"}, "diane")


def do(stage: Rehearsal, case: str, element: str, data: dict[str, Any], by: str) -> None:
    """Complete a task of a case, and what follows of itself."""
    stage.complete(element, data, by, instance_id=case)
    stage.settle()


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[LivingHouse]:
    house = LivingHouse(folder, START, lived=lived)
    yield house
    house.close()


@dataclass(frozen=True)
class Place:
    """A page: who looks at it, where it is (`{case}`, `{task}` and `{certificate}` are filled in), words it must show."""

    name: str
    who: str
    path: str
    fr: str
    en: str


PLACES = (
    Place("log in", "", "/login", "Mot de passe", "Password"),
    Place("apply", "", "/apply", "Votre adresse e-mail", "Your e-mail address"),
    Place("application step", "", "{organisation}", "Numéro de déclaration", "declaration number"),
    Place("application lists", "", "{places}", "Organigramme", "Organisation chart"),
    Place("application summary", "", "{summary}", "réponses à revoir", "answers to look at again"),
    Place("application for later", "", "{later}", "Vos réponses sont gardées", "Your answers are kept"),
    Place("resume", "", "/apply/resume", "Reprendre une demande", "Go on with an application"),
    Place("login link", "", "/enter", "Pas de mot de passe", "No password"),
    Place("verify", "", "/verify/Q2026-0001", "Certificat valide", "Valid certificate"),
    Place("nowhere", "", "/nowhere", "Il n’y a pas de page", "There is no page"),
    Place("inbox", "anna", "/tasks", "Mes tâches", "My tasks"),
    Place("task late", "nadia", "/tasks/{Activity_StudyAdmissibility}?view=groups", "Pourquoi cette date", "Why this date"),
    Place("task refused", "paul", "/tasks/{Activity_ChasePlan}", "Cette tâche ne peut pas être la vôtre", "This task cannot be yours"),
    Place("cases", "claire", "/cases", "Prochaine échéance", "Next date"),
    Place("case", "maud", "/cases/{case}", "Ce qui est attendu", "What is due"),
    Place("deadlines", "maud", "/deadlines", "Actions correctives d’une majeure", "Corrective actions of a major"),
    Place("operations", "remi", "/operations", "Incidents", "Incidents"),
    Place("mailbox", "remi", "/demo/mailbox", "Courriers", "Letters"),
    Place("portal", ELODIE, "/portal/{case}", "Vos non-conformités", "Your non-conformities"),
    Place("portal task", ELODIE, "/portal/tasks/{Activity_ProvideEvidence}", "Trois dossiers sur cinq", "Requirement"),
    Place("staff’s page", ELODIE, "/cases", "Vos non-conformités", "Your non-conformities"),
    Place("somebody else’s case", HELENE, "/portal/{case}", "Ce dossier n’existe pas", "There is no such case"),
)


def address(house: LivingHouse, place: Place) -> str:
    """The address of a page, with the ids of this house."""
    with house.parts.store.read() as connection:
        tasks = connection.execute(select(user_task.c.element_id, user_task.c.id).where(user_task.c.state == "open"))
        ids = {row.element_id: row.id for row in tasks}
        case = connection.scalar(select(instance.c.id).where(instance.c.business_key == "2026-0001"))
    begun = f"/apply/{application(house)}"
    steps = {"organisation": f"{begun}/Group_organisation", "places": f"{begun}/Group_places"}
    return place.path.format(case=case, summary=f"{begun}/summary", later=f"{begun}/later", **steps, **ids)


@cache
def application(house: LivingHouse) -> str:
    """The secret part of the link to an application that is only begun."""
    return house.parts.engine.begin_intake("application.received", "yann@lisiere.example", "fr", {}, letter="application_link")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_is_for_everybody(house: LivingHouse, screens: OpenScreen, place: Place) -> None:
    screen = screens(house)
    if place.who:
        screen.be(place.who)
    look_at(screen, f"{address(house, place)}", place.fr, "fr")
    assert screen.violations() == []
    screen.page.emulate_media(color_scheme="dark")
    for width in (380, 320):
        screen.page.set_viewport_size({"width": width, "height": 800})
        assert screen.too_wide() == 0, width
    assert screen.violations() == []
    look_at(screen, address(house, place), place.en, "en")
    for width in (320, 1400):
        screen.page.set_viewport_size({"width": width, "height": 800})
        assert screen.too_wide() == 0, width


def test_the_form_with_every_fault_is_for_everybody(house: LivingHouse, screens: OpenScreen) -> None:
    screen = screens(house)
    look_at(screen, f"/apply/{application(house)}/Group_places", "Organigramme", "fr")
    screen.press("Continuer")
    expect(screen.page.locator("#faults")).to_be_focused()
    assert screen.violations() == []
    screen.page.emulate_media(color_scheme="dark")
    screen.page.set_viewport_size({"width": 320, "height": 800})
    assert screen.violations() == [] and screen.too_wide() == 0


def look_at(screen: Screen, path: str, words: str, locale: str) -> None:
    """Open a page in a language: it says what it must, and nothing of the catalogue in the other one."""
    screen.go(f"{path}{'&' if '?' in path else '?'}lang={locale}")
    expect(screen.page.locator("body")).to_contain_text(words)
    assert screen.page.locator("html").get_attribute("lang") == locale
    # a letter is quoted as it was sent, in its reader's language of that day
    shown = screen.page.locator("body").inner_text()
    for letter in screen.page.locator("[data-quoted]").all_inner_texts():
        shown = shown.replace(letter, "")
    shown = " ".join(shown.split())
    assert [text for text in texts(locale) if text in shown] == []


def texts(locale: str) -> list[str]:
    """Every text of the catalogue in the other language that a page would show as it stands."""
    found: Mapping[str, Any] = Catalogue.read()._french
    pairs = [(english, french) for english, french in found.items() if isinstance(french, str)]
    other = [(french, english) if locale == "en" else (english, french) for english, french in pairs]
    return [" ".join(text.split()) for text, own in other
            if len(text) >= SHORTEST_TEXT and not re.search(r"%\(", text) and text.casefold() not in own.casefold()]
