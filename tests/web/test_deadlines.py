"""The agenda with its filters and owners, and the calendar that subscribes to it."""

from __future__ import annotations

import html
import re
from datetime import date, datetime

import pytest
from icalendar import Calendar

from engine.people.accounts import Accounts
from tests.web.house import House
from tests.web.test_work import START, open_case, to_admissibility


@pytest.fixture
def house() -> House:
    return House(START)


def address_of(house: House, login: str, scope: str = "all") -> str:
    page = house.client(login).post("/deadlines/feed", data={"scope": scope}).text
    found = re.search(r'value="https?://[^/]+(/calendar/[^"]+\.ics)"', page)
    assert found is not None
    return found[1]


def events(house: House, address: str) -> list[dict[str, object]]:
    answer = house.client().get(address)
    assert answer.status_code == 200 and answer.mimetype == "text/calendar" and "no-store" in answer.headers["Cache-Control"]
    calendar = Calendar.from_ical(answer.data)
    assert calendar["VERSION"] == "2.0" and calendar.errors == []
    return [{"uid": str(one["UID"]), "on": one["DTSTART"].dt, "sequence": int(one["SEQUENCE"]), "summary": str(one["SUMMARY"]),
             "status": str(one["STATUS"]), "told": str(one["DESCRIPTION"])} for one in calendar.walk("VEVENT")]


def test_the_agenda_names_owner_next_reminder_and_what_a_miss_means(house: House) -> None:
    open_case(house)
    page = html.unescape(house.client("maud").get("/deadlines").text)
    assert "Signer le contrat" in page and "Demandeur" in page
    assert re.search(r"Relance[^<]*<small><time", page), "the next reminder and its moment"
    assert "Passé ce jour, le devis expire" in page


def test_filters_stand_in_the_address_and_leave_out_the_rest(house: House) -> None:
    to_admissibility(house)
    page = lambda query, who="nadia": house.client(who).get(f"/deadlines{query}").text  # noqa: E731
    assert "Étudier la recevabilité" in page("")
    assert "Étudier la recevabilité" in page("?rule=admissibility.study&process=certification&whose=mine&basis=body")
    for query in ("?rule=contract.signature", "?process=remediation", "?basis=law", "?rule=nobody", "?process='"):
        assert ", recevabilité" not in page(query) and 'class="date"' not in page(query), query
    assert 'class="date"' not in page("?whose=mine", "paul"), "planning has nothing to study"


def test_what_is_later_is_read_page_by_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.queries.agenda.MOST_LATER", 1)
    open_case(house, "vae")
    open_case(house, "skills-assessment")
    first = house.client("maud").get("/deadlines").text
    following = re.search(r'href="(/deadlines\?after=[^"]+)"', first)
    assert following is not None and first.count('class="date"') == 1
    second = house.client("maud").get(html.unescape(following[1])).text
    assert second.count('class="date"') == 1 and "Échéances suivantes" not in second


def test_a_calendar_reads_whole_days_with_their_reason(house: House) -> None:
    open_case(house)
    [event] = events(house, address_of(house, "maud"))
    assert event["on"] == date(2027, 4, 2) and type(event["on"]) is date, "60 days after the quote"
    assert "Signer le contrat" in str(event["summary"]) and event["status"] == "CONFIRMED" and event["sequence"] == 0
    assert "60 jours à partir du 1er février" in str(event["told"]).replace("\u00a0", " ")


def test_an_event_keeps_its_identity_and_counts_its_changes(house: House) -> None:
    to_admissibility(house)
    page = house.client("maud").get(f"/cases/{house.play.instances[0]}").text
    paths = re.findall(r'action="(/cases/[0-9a-f]+/deadlines/[0-9a-f]+)/pause"', page)
    address = address_of(house, "quentin")
    [before] = [one for one in events(house, address) if "recevabilité" in str(one["summary"]).lower()]
    house.client("maud").post(f"{paths[0]}/extension", data={"days": "5", "reason": "Absence"})
    assert house.client("quentin").post(f"{paths[0]}/grant", data={"answer": "grant"}).status_code == 303
    [after] = [one for one in events(house, address) if one["uid"] == before["uid"]]
    assert (after["sequence"], after["on"] > before["on"]) == (1, True)  # type: ignore[operator]
    assert house.client("maud").post(f"{paths[0]}/pause", data={"reason": "Pièce attendue"}).status_code == 303
    [paused] = [one for one in events(house, address) if one["uid"] == before["uid"]]
    assert (paused["sequence"], paused["status"]) == (2, "TENTATIVE") and str(paused["summary"]).startswith("En pause")
    house.play.advance("P3D")
    assert house.client("maud").post(f"{paths[0]}/resume").status_code == 303
    [resumed] = [one for one in events(house, address) if one["uid"] == before["uid"]]
    assert resumed["sequence"] == 3 and resumed["on"] > after["on"], "the days of the pause are kept"  # type: ignore[operator]


def test_a_calendar_of_ones_own_holds_ones_own_and_speaks_ones_language(house: House) -> None:
    open_case(house)
    assert events(house, address_of(house, "paul", "mine")) == []
    who = house.play.people["claire"]
    house.play.engine.set_preferences(who, locale="en")
    assert events(house, address_of(house, "claire", "all"))[0]["summary"] == "Sign the contract"


def test_a_revoked_address_gives_nothing(house: House) -> None:
    open_case(house)
    old = address_of(house, "maud")
    new = address_of(house, "maud")
    assert house.client().get(old).status_code == 404, "a new address ends the one before"
    assert house.client("maud").post("/deadlines/feed/end").status_code == 303
    assert house.client().get(new).status_code == 404
    assert house.client().get("/calendar/nobody.ics").status_code == 404
    assert new.split("/")[-1].removesuffix(".ics") not in house.client("maud").get("/deadlines").text


def test_who_leaves_the_house_takes_no_calendar_along(house: House) -> None:
    open_case(house)
    address, who = address_of(house, "maud"), house.play.people["maud"]
    with house.store.begin() as work:
        Accounts(work.connection).set_groups(who.id, [])
    assert house.client().get(address).status_code == 404
    with house.store.begin() as work:
        Accounts(work.connection).set_groups(who.id, ["manager"])
        Accounts(work.connection).set_active(who.id, False)
    assert house.client().get(address).status_code == 404


def test_people_of_the_outside_have_no_calendar(house: House) -> None:
    _, login = open_case(house)
    answer = house.client(login).post("/deadlines/feed", data={"scope": "all"})
    assert answer.status_code in (302, 403) and "/calendar/" not in answer.text
    assert house.client("maud").post("/deadlines/feed", data={"scope": "x"}).status_code == 422


def test_the_agenda_is_of_the_day(house: House) -> None:
    assert "Aucune échéance" in house.client("maud").get("/deadlines").text
    assert datetime(2027, 2, 1).date() == house.play.clock.now().date()
