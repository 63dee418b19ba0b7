"""What a visitor of the demo may do with the time, and that nothing of it is there in an installation."""

from __future__ import annotations

import html
import re
from datetime import datetime

import pytest

from tests.web.house import House
from web.demo import Demo

START = datetime(2027, 2, 1, 9)


@pytest.fixture
def demo() -> House:
    house = House(START, demo=True)
    house.apply("vae")
    return house


def turn(house: House, login: str) -> str:
    found = re.search(r'name="turn" value="(\d+)"', house.client(login).get("/cases").text)
    assert found is not None
    return found[1]


def test_the_next_date_brings_a_reminder_and_the_page_tells_it(demo: House) -> None:
    answer = demo.client("maud").post("/demo/time", data={"by": "next", "turn": turn(demo, "maud")})
    assert answer.status_code == 303 and answer.location.startswith("/demo/happened?since=")
    page = html.unescape(demo.client("maud").get(answer.location).text)
    assert "un rappel ou une alerte" in page and "un courrier envoyé" not in page, "letters of a rehearsal are kept in memory"
    assert demo.play.clock.now().date().isoformat() == "2027-02-16", "a fortnight after the quote"


def test_a_week_passes_and_nothing_happens(demo: House) -> None:
    answer = demo.client("maud").post("/demo/time", data={"by": "week", "turn": "0"})
    assert "Rien ne s’est passé" in demo.client("maud").get(answer.location).text


def test_two_visitors_do_not_push_the_same_day_twice(demo: House) -> None:
    assert demo.client("maud").post("/demo/time", data={"by": "day", "turn": "0"}).status_code == 303
    before = demo.play.clock.now()
    refused = demo.client("claire").post("/demo/time", data={"by": "day", "turn": "0"})
    assert refused.status_code == 409 and "Le temps a été avancé entre-temps." in refused.text and demo.play.clock.now() == before


@pytest.mark.parametrize("data", [{"by": "back", "turn": "0"}, {"by": "-1", "turn": "0"}, {"turn": "0"}, {"by": "day", "turn": "x"}, {}])
def test_a_push_that_makes_no_sense_changes_nothing(demo: House, data: dict[str, str]) -> None:
    before = demo.play.clock.now()
    assert demo.client("maud").post("/demo/time", data=data).status_code in (409, 422)
    assert demo.play.clock.now() == before


@pytest.mark.parametrize("query", ["", "?since=x&until=y", "?since=2027-02-01&until=2027-02-02",
                                   "?since=0001-01-01T00:00:00%2B00:00&until=x"])
def test_a_stretch_of_time_nobody_wrote_is_no_page(demo: House, query: str) -> None:
    assert demo.client("maud").get(f"/demo/happened{query}").status_code == 404


def test_an_applicant_is_told_what_is_theirs_only(demo: House) -> None:
    demo.apply("skills-assessment")
    demo.client("maud").post("/demo/time", data={"by": "next", "turn": "0"})
    login = str(demo.play.variables(demo.play.instances[0])["client_email"])
    span = "?since=2027-02-01T00:00:00%2B00:00&until=2027-03-01T00:00:00%2B00:00"
    mine, all_ = demo.client(login).get(f"/demo/happened{span}").text, demo.client("maud").get(f"/demo/happened{span}").text
    assert len(re.findall("/cases/[0-9a-f]{32}", mine)) < len(re.findall("/cases/[0-9a-f]{32}", all_))


def test_back_to_the_start_is_offered_where_there_is_a_start(demo: House) -> None:
    assert demo.client("maud").post("/demo/restart").status_code == 404, "this one has no copy of its first day"
    done: list[str] = []
    host = demo.app.extensions["jalon"]
    object.__setattr__(host, "demo", Demo(demo.everybody, host.demo.leaps, lambda: done.append("back")))
    assert "Revenir au premier jour" in demo.client("maud").get("/demo/mailbox").text
    assert demo.client("maud").post("/demo/restart").status_code == 303 and done == ["back"]
    assert demo.client("maud").post("/demo/time", data={"by": "day", "turn": "0"}).status_code == 409, "a page of before is out of date"


def test_an_installation_has_no_demo() -> None:
    house = House(START)
    client = house.client("maud")
    for address in ("/demo/mailbox", "/demo/happened?since=2027-02-01T00:00:00%2B00:00&until=2027-02-02T00:00:00%2B00:00"):
        assert client.get(address).status_code == 404
    for address in ("/demo/time", "/demo/restart", "/demo/become"):
        assert client.post(address, data={"by": "day", "turn": "0", "person": "x"}).status_code == 404
    assert 'class="demo"' not in client.get("/cases").text
