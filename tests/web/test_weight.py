"""How much script a page loads, compressed: sixty kilobytes in all, editors aside.

Rule: what the browser asks for because of a page counts: its entries with everything they import.
"""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest

from tests.web.house import House
from tests.web.test_work import START, open_case, to_admissibility
from web.assets import STATIC

MOST_BYTES = 60_000
BUILD = STATIC / "build"


@pytest.fixture(scope="module")
def house() -> House:
    house = House(START, demo=True)
    to_admissibility(house)
    open_case(house, "skills-assessment")
    return house


def script_bytes(page: str) -> int:
    """The compressed size of all scripts of a page."""
    manifest: dict[str, Any] = json.loads((BUILD / ".vite/manifest.json").read_text(encoding="utf-8"))
    names = {str(found["file"]): name for name, found in manifest.items()}
    wanted = [names[path.removeprefix("/static/build/")] for path in re.findall(r'<script[^>]+src="([^"]+)"', page)]
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen.add(name)
            wanted += manifest[name].get("imports") or ()
    assert "<script>" not in page, "no script stands in a page"
    files = [str(manifest[name]["file"]) for name in seen]
    return sum(len(gzip.compress((BUILD / file).read_bytes())) for file in files if file.endswith(".js"))


@pytest.mark.parametrize("address", [
    "/tasks", "/cases", "/cases/2027-0001", "/cases/2027-0001/data", "/cases/2027-0001/record", "/deadlines", "/operations",
    "/operations/incidents", "/operations/mail", "/operations/records", "/demo/mailbox"])
def test_a_page_loads_no_more_script_than_sixty_kilobytes(house: House, address: str) -> None:
    answer = house.client("remi").get(address)
    assert answer.status_code == 200
    assert 0 < script_bytes(answer.text) <= MOST_BYTES


def test_a_page_of_the_studio_that_draws_nothing_loads_no_more_either(house: House) -> None:
    client = house.client("odile")
    index = client.get("/studio").text
    version = re.findall(r"/studio/versions/[0-9a-f]+", index)[0]
    for address in ("/studio", version, f"{version}/scenarios"):
        answer = client.get(address)
        assert answer.status_code == 200 and 0 < script_bytes(answer.text) <= MOST_BYTES, address


@pytest.mark.parametrize("address", ["/apply", "/verify", "/login"])
def test_a_public_page_loads_no_more_either(house: House, address: str) -> None:
    assert 0 < script_bytes(house.client().get(address, follow_redirects=True).text) <= MOST_BYTES


def test_the_case_page_carries_its_picture_and_no_viewer(house: House) -> None:
    page = house.client("maud").get("/cases/2027-0001").text
    assert page.count("<script") == 1 and '<svg id="drawing" class="plan"' in page
    assert len(gzip.compress(page.encode())) < 60_000
