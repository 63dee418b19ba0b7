"""What those do who steer cases: incidents in their diagram, dates, records, time that passes; French wide, English narrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from icalendar import Calendar
from playwright.sync_api import expect
from sqlalchemy import text

from engine.change.rehearsal import Rehearsal
from tests.browser.conftest import OpenScreen
from tests.browser.living import LivingHouse
from tests.browser.screen import Screen, sample

START = datetime(2027, 2, 1, 9)
Way = tuple[str, int, bool]
SIGNED = {"accepted": True, "signed_by": "Hélène Duval", "signed_on": "2027-02-01"}


def lived(stage: Rehearsal) -> None:
    """One case whose admissibility is studied, one whose contract is to be signed."""
    studied = stage.start("certification", sample("vae"))
    stage.settle()
    login = str(stage.variables(studied)["client_email"])
    stage.complete("Activity_SignContract", SIGNED, login, instance_id=studied)
    stage.complete("Activity_RecordContract", {"received_on": "2027-02-01"}, "claire", instance_id=studied)
    stage.settle()
    stage.start("certification", sample("skills-assessment"))
    stage.settle()


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[LivingHouse]:
    house = LivingHouse(folder, START, lived=lived)
    yield house
    house.close()


@pytest.fixture(params=[("fr", 1400, False), ("en", 380, True)], ids=["fr-wide", "en-380-dark"])
def way(request: pytest.FixtureRequest) -> Way:
    """Language, width and theme of the screens of a test."""
    return request.param  # type: ignore[no-any-return]


def said(way: Way, fr: str, en: str) -> str:
    return fr if way[0] == "fr" else en


def as_one(screens: OpenScreen, house: LivingHouse, way: Way, login: str) -> Screen:
    """A screen of a person of the house, in the language of the test."""
    return screens(house, locale=way[0], width=way[1], dark=way[2]).go(f"/login?lang={way[0]}").be(login)


def is_right(screen: Screen) -> None:
    """The page is for everybody and fits its window, once what has just happened is read."""
    screen.page.wait_for_load_state("load")
    screen.page.keyboard.press("Shift")
    expect(screen.page.locator(".toast")).to_have_count(0)
    screen.page.evaluate("scrollTo(0, 0)")     # what lies half under the bar is not to be judged by its size
    assert screen.violations() == [] and screen.too_wide() == 0


def test_an_operator_tries_an_incident_again_that_its_diagram_shows(house: LivingHouse, screens: OpenScreen, way: Way) -> None:
    house.post.refuses = "550 5.1.1 no such mailbox"
    sent = sample(said(way, "independent-trainer", "foreign-organisation"))
    house.parts.engine.start_instance("certification", sent)
    house.move_to(house.clock.now().replace(tzinfo=None) + timedelta(days=4))
    remi = as_one(screens, house, way, "remi").go("/operations")
    is_right(remi)
    remi.page.locator(".incident").get_by_role("link", name=said(way, "Regarder", "Look at it")).first.click()
    remi.page.locator(".plan-frame").scroll_into_view_if_needed()
    expect(remi.page.locator("#drawing-at-Activity_SendQuote.risk")).to_be_in_viewport()
    expect(remi.page.locator(".machine")).to_contain_text("550")
    is_right(remi)
    house.post.refuses = ""
    remi.press(said(way, "Relancer", "Try again"))
    house.settle()
    remi.go("/operations")
    expect(remi.page.locator("#incidents ~ .count").first).to_have_text("0")


def test_a_manager_grants_the_days_a_colleague_asked_for(house: LivingHouse, screens: OpenScreen, way: Way) -> None:
    claire, maud = (as_one(screens, house, way, login) for login in ("claire", "maud"))
    case = said(way, "2027-0001", "2027-0002")
    claire.go(f"/cases/{case}")
    entry = claire.page.locator(".ledger > li").first
    entry.locator("summary").filter(has_text=said(way, "Demander une prolongation", "Ask for an extension")).click()
    entry.get_by_label(said(way, "Jours", "Days")).fill("3")
    entry.get_by_label(said(way, "Motif", "Reason")).fill("Congés")
    is_right(claire)
    claire.press(said(way, "Demander", "Ask for it"), within=entry)
    claire.press(said(way, "Accorder la prolongation", "Grant the extension"))
    expect(claire.page.locator(".refusal")).to_contain_text(said(way, "Responsables de la certification", "Certification managers"))
    maud.go(f"/cases/{case}")
    before = maud.page.locator(".ledger .when time").first.get_attribute("datetime")
    maud.press(said(way, "Accorder la prolongation", "Grant the extension"))
    expect(maud.page.locator(".ledger > li").first).to_contain_text(said(way, "accordé par Maud Terrasson", "granted by Maud Terrasson"))
    after = maud.page.locator(".ledger .when time").first.get_attribute("datetime")
    assert before and after and date.fromisoformat(after) > date.fromisoformat(before)


def test_a_deadline_is_paused_and_runs_again(house: LivingHouse, screens: OpenScreen, way: Way) -> None:
    maud = as_one(screens, house, way, "maud").go("/cases/2027-0001")
    entry = maud.page.locator(".ledger > li").first
    entry.locator("summary").filter(has_text=said(way, "Mettre en pause", "Pause it")).click()
    entry.get_by_label(said(way, "Motif", "Reason")).last.fill("Pièce attendue")
    maud.press(said(way, "Mettre l’échéance en pause", "Pause the deadline"), within=entry)
    entry = maud.page.locator(".ledger > li").first
    expect(entry.locator(".when")).to_contain_text(said(way, "conservés", "kept"))
    is_right(maud)
    entry.get_by_role("button", name=said(way, "Reprendre le décompte", "Let it run again")).click()
    expect(maud.page.locator(".toast")).to_contain_text(said(way, "court de nouveau", "runs again"))


def test_the_next_deadline_shows_a_reminder_in_the_mailbox(house: LivingHouse, screens: OpenScreen, way: Way) -> None:
    maud = as_one(screens, house, way, "maud").go("/cases")
    today = maud.page.locator(".demo .day time").get_attribute("datetime")
    with maud.page.expect_navigation():
        maud.page.locator(".demo .leap").get_by_role("button", name=said(way, "Prochaine échéance", "Next deadline")).click()
    expect(maud.page.locator(".stands")).to_contain_text(said(way, "rappel", "reminder"))
    assert (maud.page.locator(".demo .day time").get_attribute("datetime") or "") > (today or "")
    is_right(maud)
    subject = maud.page.locator("#letters").locator("xpath=../..").locator("a").first.inner_text()
    maud.be("maud").follow(subject)
    expect(maud.page.locator("main")).to_contain_text(subject)
    is_right(maud)


def test_a_calendar_subscribes_until_its_address_is_ended(house: LivingHouse, screens: OpenScreen, way: Way) -> None:
    quentin = as_one(screens, house, way, "quentin").go("/deadlines")
    is_right(quentin)
    quentin.page.locator("select[name=scope]").select_option("all")
    quentin.page.get_by_role("button", name=re.compile(said(way, "Créer une", "Make a"))).click()
    address = quentin.page.locator("#address").input_value()
    is_right(quentin)
    with urlopen(address) as answer:
        found = Calendar.from_ical(answer.read()).walk("VEVENT")
    assert found and all(type(one["DTSTART"].dt) is date for one in found)
    quentin.go("/deadlines").press(said(way, "Mettre fin à cette adresse", "End this address"))
    with pytest.raises(HTTPError, match="404"):
        urlopen(address)


def test_a_tampered_event_is_found_where_it_stands(house: LivingHouse, screens: OpenScreen, way: Way) -> None:
    case_id = house.parts.queries.case_id("2027-0002")
    with house.parts.store.begin() as work:
        kept = work.connection.execute(text("select data from event where instance_id = :case and seq = 5"), {"case": case_id}).scalar()
        work.connection.execute(text("update event set data = '{}' where instance_id = :case and seq = 5"), {"case": case_id})
    maud = as_one(screens, house, way, "maud").go("/operations/records?check=all")
    expect(maud.page.locator("#result")).to_have_text(said(way, "Un journal n’est pas intact", "One record is broken"))
    is_right(maud)
    maud.page.get_by_role("link", name=said(way, "Où il est rompu", "Where it breaks")).click()
    expect(maud.page.locator("#seal")).to_contain_text(said(way, "Intact jusqu’à l’événement 4.", "Intact up to event 4."))
    with house.parts.store.begin() as work:
        work.connection.execute(text("update event set data = :data where instance_id = :case and seq = 5"),
                                {"data": kept, "case": case_id})
    maud.page.get_by_role("link", name=said(way, "Vérifier de nouveau", "Verify again")).click()
    expect(maud.page.locator("#seal")).to_contain_text(said(way, "Journal intact", "The record is intact"))


@pytest.mark.parametrize("address", [
    "/cases", "/cases/2027-0001", "/cases/2027-0001/data", "/cases/2027-0001/record", "/cases/2027-0001/steer", "/deadlines",
    "/operations",
    "/operations/incidents", "/operations/jobs?state=done", "/operations/timers", "/operations/mail", "/operations/records",
    "/demo/mailbox"])
def test_every_page_is_for_everybody(house: LivingHouse, screens: OpenScreen, address: str) -> None:
    for locale, width, dark in (("fr", 1400, True), ("en", 320, False)):
        is_right(as_one(screens, house, (locale, width, dark), "remi").go(address))


def test_the_drawing_is_reached_by_keyboard_and_shown_as_a_whole(house: LivingHouse, screens: OpenScreen) -> None:
    maud = screens(house).be("maud").go("/cases/2027-0001")
    frame = maud.page.locator(".plan-frame")
    frame.focus()
    maud.page.keyboard.press("Tab")
    expect(maud.page.locator("#drawing-at-Activity_StudyAdmissibility")).to_be_focused()
    maud.page.get_by_role("button", name="Tout voir").click()
    assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth + 1")
