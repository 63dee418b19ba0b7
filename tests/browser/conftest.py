"""Browser tests: Chromium before a living system. Skipped, loudly (tests/report.py), where there is no Chromium.

Owns: the browser, the screens of a test, and the house of a module.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.living import LivingHouse
from tests.browser.screen import Screen

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
PATIENCE_MS = 15_000
OpenScreen = Callable[..., Screen]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip(f"no Chromium on the PATH (looked for {', '.join(NAMES)})")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def screens(chromium: Browser) -> Iterator[OpenScreen]:
    """Opens windows: `screens(house, locale="fr", width=1400, dark=False)`. At the end none may have complained."""
    opened: list[Screen] = []

    def open_screen(house: LivingHouse, *, locale: str = "fr", width: int = 1400, dark: bool = False) -> Screen:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale={"fr": "fr-FR", "en": "en-GB"}[locale],
                                       color_scheme="dark" if dark else "light", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_MS)
        opened.append(Screen(house, context, locale))
        return opened[-1]

    yield open_screen
    complaints = [complaint for screen in opened for complaint in screen.complaints]
    for screen in opened:
        screen.context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the house of a module."""
    return tmp_path_factory.mktemp("house")
