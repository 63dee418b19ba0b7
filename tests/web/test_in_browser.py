"""The pages in a real browser: nothing that axe can fault, nothing wider than the screen, nothing the policy blocks, and what script adds.

Rule: WCAG 2.2 AA. One Chromium for all tests.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from engine.people.accounts import Accounts
from tests.web.house import House

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIGNED = {"accepted": True, "signed_by": "Hélène Duval", "signed_on": "2027-02-01"}


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def house() -> House:
    """A house with one case that waits for its contract and one whose admissibility is to be studied."""
    house = House(datetime(2027, 2, 1, 9), demo=True)
    house.apply("skills-assessment")
    house.apply("vae")
    studied = house.play.instances[-1]
    login = str(house.play.variables(studied)["client_email"])
    house.play.complete("Activity_SignContract", SIGNED, login, instance_id=studied)
    house.play.complete("Activity_RecordContract", {"received_on": "2027-02-01"}, "claire", instance_id=studied)
    house.play.settle()
    return house


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, house.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def open_page(browser: Browser, house: House, address: str, login: str = "", *, width: int = 1400, theme: str = "light",
              locale: str = "fr", script: bool = True) -> Page:
    """A page in a fresh browser profile, logged in as somebody when named."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=script)  # type: ignore[arg-type]
    context.add_cookies([{"name": "jalon_language", "value": locale, "url": address}])
    if login:
        with house.store.begin() as work:
            accounts = Accounts(work.connection)
            person = accounts.by_login(login)
            accounts.set_preferences(person.id, locale=locale)
            token = accounts.open_session(person.id, now=house.play.clock.now())
        context.add_cookies([{"name": "jalon_session", "value": token, "url": address}])
    page = context.new_page()
    page.set_default_timeout(8000)
    return page


def cases(house: House) -> tuple[str, str]:
    """The case that waits for its contract, and the one whose admissibility is to be studied."""
    found = {work.element: work.instance_id for work in house.play.open_work() if work.kind == "user"}
    return found["Activity_SignContract"], found["Activity_StudyAdmissibility"]


def listen(page: Page) -> list[str]:
    """What the browser complains about, as it comes: blocked by the policy, not found, thrown."""
    said: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    page.on("console", console)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def places(house: House) -> list[tuple[str, str]]:
    """Every kind of page, with somebody who sees it."""
    waiting, studied = cases(house)
    client = str(house.play.variables(waiting)["client_email"])
    task, theirs = (next(work.token for work in house.play.open_work(case) if work.kind == "user") for case in (studied, waiting))
    return [("", "/login"), ("", "/apply"), ("", "/verify/unknown"), ("", "/nowhere"), ("nadia", "/tasks?view=groups"),
            ("nadia", f"/tasks/{task}"), ("paul", f"/tasks/{task}"), ("maud", "/cases"), ("maud", f"/cases/{studied}"),
            ("maud", "/deadlines"), ("remi", "/operations"), ("remi", "/demo/mailbox"), (client, f"/portal/{waiting}"),
            (client, f"/portal/tasks/{theirs}")]


@pytest.mark.parametrize(("width", "theme", "locale"), [(1400, "light", "fr"), (320, "dark", "en")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(browser: Browser, house: House, address: str, width: int, theme: str,
                                                                locale: str) -> None:
    for login, path in places(house):
        page = open_page(browser, house, address, login, width=width, theme=theme, locale=locale)
        said = listen(page)
        page.goto(address + path)
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        assert [text for text in said if "status of 40" not in text] == [], path
        page.context.close()


def test_a_task_opens_beside_the_list_by_key_and_is_claimed_and_kept_as_typed(browser: Browser, house: House, address: str) -> None:
    page = open_page(browser, house, address, "nadia")
    page.goto(f"{address}/tasks?view=groups")
    page.locator("body").press("j")
    expect(page.locator("#task h1")).to_have_text("Étudier la recevabilité")
    expect(page.locator(".task-card[aria-current]")).to_have_count(1)
    assert "/tasks/" in page.url and "view=groups" in page.url
    page.get_by_role("button", name="Prendre la tâche").click()
    expect(page.locator(".toast")).to_contain_text("Tâche prise.")
    page.locator("textarea[name=note]").fill("Pièces vues.")
    expect(page.locator("[data-draft-said]")).to_contain_text("Brouillon gardé")
    page.reload()
    expect(page.locator("textarea[name=note]")).to_have_value("Pièces vues.")
    page.get_by_role("button", name="Terminer la tâche").click()
    expect(page.locator("#faults")).to_be_focused()
    page.locator("#faults a").first.click()
    page.get_by_role("button", name="Rendre").click()
    expect(page.locator(".toast")).to_contain_text("rendue")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_application_form_grows_lists_and_shows_dependent_questions(browser: Browser, house: House, address: str, script: bool) -> None:
    page = open_page(browser, house, address, script=script)
    first = address + house.begin(house.client(), f"{'with' if script else 'without'}@script.example")
    page.goto(first)
    page.locator("[name='organisation.name']").fill("Lisière")
    page.locator("[name='organisation.nda_status'][value=pending]").check()
    if not script:
        page.locator("button[name=_refresh]").click()
    expect(page.locator("[name='organisation.nda_filed_on']")).to_have_count(1)
    expect(page.locator("[name='organisation.name']")).to_have_value("Lisière")
    page.goto(first.replace("organisation", "places"))
    page.locator("[name='sites.0.city']").fill("Arles")
    page.locator("button[name=_add][value=sites]").click()
    expect(page.locator("[name='sites.1.city']")).to_have_count(1)
    expect(page.locator("[name='sites.0.city']")).to_have_value("Arles")
    page.locator("button[name=_remove][value='sites.0']").click()
    expect(page.locator("[name='sites.1.city']")).to_have_count(0)


def test_the_diagram_is_drawn_with_the_token_in_view(browser: Browser, house: House, address: str) -> None:
    page = open_page(browser, house, address, "maud", locale="en")
    page.goto(f"{address}/cases/{cases(house)[1]}")
    page.locator(".plan-frame").scroll_into_view_if_needed()
    active = page.locator(".plan .active")
    expect(active).to_have_count(1)
    expect(active).to_contain_text("Study")
    expect(active.locator(".badge")).to_have_text("1")
    expect(active).to_be_in_viewport()


def test_the_demo_makes_one_anybody_by_one_click(browser: Browser, house: House, address: str) -> None:
    with house.store.begin() as work:
        accounts = Accounts(work.connection)
        for login in ("diane", "remi"):
            accounts.set_preferences(accounts.by_login(login).id, locale="fr")
    page = open_page(browser, house, address)
    page.goto(f"{address}/login")
    page.get_by_role("button", name="Diane Lefort").click()
    expect(page.locator("h1")).to_have_text("Mes tâches")
    page.locator("#become").select_option(label="Rémi Castel (Responsables de processus, Administrateurs)")
    page.get_by_role("button", name="Changer").click()
    expect(page.locator(".bar-nav")).to_contain_text("Exploitation")
