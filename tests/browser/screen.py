"""One person before a browser: what they see, press and type, and what their browser complains of.

Owns: `Screen`, in the words of people: take, fill, press; typing nested data into a form; what a page is checked for (axe, width).
Leaves: the system to `living`; what should happen to the tests.
Promises: a page that logs an error, breaks its content security policy or throws fails the test that opened it (`complaints`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from engine.people.accounts import Accounts
from tests.browser.living import PASSWORD, LivingHouse
from web.auth import COOKIE

SAMPLES = Path("processes/certification/samples")
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}, "resultTypes": ["violations"]}
#: the words of the buttons that people press
WORDS = {
    "fr": {"log_in": "Se connecter", "take": "Prendre la tâche", "complete": "Terminer la tâche", "send": "Envoyer",
           "open": "Ouvrir mon dossier", "answer": "Répondre", "begin": "Commencer",
           "continue": "Continuer", "apply": "Envoyer la demande"},
    "en": {"log_in": "Log in", "take": "Take the task", "complete": "Complete the task", "send": "Send", "open": "Open my case",
           "answer": "Answer", "begin": "Begin", "continue": "Continue", "apply": "Send the application"},
}


def sample(name: str) -> dict[str, Any]:
    """A sample application."""
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return found


class Screen:
    """A browser window of its own: own cookies, own language, own width."""

    def __init__(self, house: LivingHouse, context: BrowserContext, locale: str) -> None:
        self.house, self.context, self.locale = house, context, locale
        self.words = WORDS[locale]
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        # the browser logs every answer of 400 and more as an error; which ones are right is for the test to say
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    # --- going about ------------------------------------------------------------------------------

    def go(self, path: str) -> Screen:
        """Open a page of the house; its language is the screen's."""
        self.page.goto(self.house.url + path)
        return self

    def log_in(self, login: str, path: str = "/tasks") -> Screen:
        """Open a page as somebody of the house, by login and password; the person reads in the language of the screen."""
        self.go(f"/login?lang={self.locale}").go(path)
        self._reads_here(login)
        if "/login" in self.page.url:
            self.page.locator("#login").fill(login)
            self.page.locator("#password").fill(PASSWORD)
            self.press(self.words["log_in"])
        return self

    def be(self, login: str) -> Screen:
        """Have a session of somebody, opened by the engine."""
        with self.house.parts.store.read() as connection:
            person = Accounts(connection).by_login(login)
        self._reads_here(login)
        self.context.add_cookies([{"name": COOKIE, "value": self.house.parts.engine.log_in_by_link(person.id), "url": self.house.url}])
        return self

    def _reads_here(self, login: str) -> None:
        """A person's own language goes before that of the browser: make it the screen's."""
        with self.house.parts.store.read() as connection:
            person = Accounts(connection).by_login(login)
        self.house.parts.engine.set_preferences(person, locale=self.locale)

    def enter(self, address: str) -> Screen:
        """Open one's case by the link of the last letter received at an address."""
        self._reads_here(address)
        self.page.goto(self.house.post.link(address))
        button = self.page.get_by_role("button", name=self.words["open"])
        if button.count():
            button.click()
        expect(self.page.locator(".do-now")).to_be_visible()
        return self

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press a button that sends something, and wait for the page that answers."""
        with self.page.expect_navigation():
            (within or self.page).get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """Follow a link and wait for its page."""
        with self.page.expect_navigation():
            (within or self.page).get_by_role("link", name=name).first.click()

    # --- applying ---------------------------------------------------------------------------------

    def begin(self, email: str) -> Screen:
        """Begin an application; its first step is open."""
        self.go("/apply")
        self.page.locator("#email").fill(email)
        self.press(self.words["begin"])
        return self

    def apply(self, application: Mapping[str, Any], *, send: bool = True) -> Screen:
        """Apply step by step, up to the summary, and send."""
        self.begin(application["contact"]["email"])
        return self.go_through(application, send=send)

    def go_through(self, application: Mapping[str, Any], *, send: bool = True) -> Screen:
        """Fill in the step that is open and all that follow, up to the summary, and send."""
        while not self.page.url.endswith("/summary"):
            here = self.page.url
            self.fill_in(application)
            self.press(self.words["continue"])
            assert self.page.url != here, self.page.locator("#faults").inner_text()
        if send:
            self.press(self.words["apply"])
        return self

    def fill_in(self, data: Mapping[str, Any]) -> None:
        """Of nested data, type what the page asks for."""
        for path, value in _leaves(data):
            in_list = next((".".join(path.split(".")[:at]) for at, part in enumerate(path.split(".")) if part.isdigit()), "")
            asked = f'button[name="_add"][value="{in_list}"]' if in_list else f'form [name="{path}"]'
            if self.page.locator(asked).count():
                self._make_room(path)
                self._put(self.page.locator(f'form [name="{path}"]'), value)

    # --- tasks ------------------------------------------------------------------------------------

    def card(self, task: str, case: str) -> Locator:
        """The card of a task of a case, in the list that is open."""
        return self.page.locator(".task-card").filter(has_text=task).filter(has_text=case)

    def open_task(self, task: str, case: str, *, view: str = "groups") -> Screen:
        """Choose a task in one of the views of the inbox; it opens beside the list."""
        self.go(f"/tasks?view={view}")
        self.card(task, case).get_by_role("link").click()
        expect(self.page.locator("#task-title")).to_contain_text(task)
        return self

    def do(self, task: str, case: str, data: Mapping[str, Any], *, view: str = "groups") -> Screen:
        """Take a task, fill its form in, complete it."""
        self.open_task(task, case, view=view)
        if view == "groups":
            self.press(self.words["take"])
        self.fill(data)
        self.press(self.words["complete"])
        expect(self.page.locator(".toast")).to_contain_text(task)
        self.house.settle()
        return self

    def audit(self, task: str, case: str, findings: Sequence[Mapping[str, Any]], closing: Mapping[str, Any]) -> Screen:
        """Conduct an audit by the keyboard: a verdict for each indicator, words for each finding, then the closing."""
        found = {one["indicator"]: one for one in findings}
        self.open_task(task, case, view="mine")
        self.page.locator(".act a.button-main").click()
        main = self.page.locator("main[data-audit]")
        while (number := main.locator("h1 .big-n")).count():
            finding = found.get(int(number.inner_text()))
            self.page.keyboard.press({"minor": "2", "major": "3"}[finding["gravity"]] if finding else "1")
            if finding:
                self.page.locator("#fact").fill(finding["fact"])
                self.page.locator("#requirement").fill(finding["requirement"])
                self.page.locator("h1").click()
            here = self.page.url
            self.page.keyboard.press("j")
            self.page.wait_for_url(lambda url, here=here: url != here)
        self.fill(closing)
        main.locator(".act button.button-main").click()
        self.page.wait_for_url("**/done*")
        self.house.settle()
        return self

    def answer(self, task: str, data: Mapping[str, Any], *, subject: str = "") -> Screen:
        """Answer one of the things an applicant is asked for, from the portal."""
        asked = self.page.locator(".do-now, .replies li").filter(has_text=task).filter(has_text=subject)
        asked.first.get_by_role("link", name=self.words["answer"]).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(task)
        self.fill(data)
        self.press(self.words["send"])
        expect(self.page.locator(".toast")).to_contain_text(task)
        self.house.settle()
        return self

    # --- forms ------------------------------------------------------------------------------------

    def fill(self, data: Mapping[str, Any]) -> None:
        """Type nested data into the form on the page, field by field, in the order of the data; lists grow by their button."""
        for path, value in _leaves(data):
            self._make_room(path)
            self._put(self.page.locator(f'form [name="{path}"]'), value)

    def _make_room(self, path: str) -> None:
        """Add the row of a list that a field stands in."""
        parts = path.split(".")
        for at, part in enumerate(parts):
            if part.isdigit():
                row = self.page.locator(f'[name^="{".".join(parts[:at + 1])}."]')
                if not row.count():
                    self.page.locator(f'button[name="_add"][value="{".".join(parts[:at])}"]').click()
                    row.first.wait_for()

    def _put(self, field: Locator, value: Any) -> None:
        kind = field.first.evaluate("field => field.type || field.localName")
        if kind in ("radio", "checkbox"):
            for one in value if isinstance(value, list) else [value]:
                box = field.first if isinstance(one, bool) else field.and_(self.page.locator(f'[value="{one}"]'))
                box.set_checked(one is not False)
        elif kind == "select-one":
            options = field.locator("option")
            chosen = options.and_(self.page.locator(f'[value="{value}"]')).or_(options.filter(has_text=str(value))).first
            field.select_option(chosen.get_attribute("value"))
        else:
            field.fill(str(value))

    # --- looking ----------------------------------------------------------------------------------

    def violations(self) -> list[str]:
        """What axe says against the page as it is, each with its place."""
        found = Axe().run(self.page, options=AXE).response["violations"]
        return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]

    def too_wide(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def _leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value of nested data with its path; a list of plain values is one value."""
    items = data.items() if isinstance(data, Mapping) else enumerate(data)
    for name, value in items:
        place = f"{path}.{name}" if path else str(name)
        if isinstance(value, Mapping) or (isinstance(value, list) and value and isinstance(value[0], Mapping)):
            yield from _leaves(value, place)
        elif value != []:
            yield place, value
