"""The machine's pages: what failed is shown where it failed and settled there; lists are paged; records are checked."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import text

from tests.web.house import House
from tests.web.test_work import START, open_case


@pytest.fixture
def house() -> House:
    return House(START)


def failing(house: House, count: int = 1) -> list[str]:
    """Cases whose quote cannot be mailed: the ids of their incidents."""
    house.outside.mail.up = False
    for name in ("vae", "skills-assessment")[:count]:
        open_case(house, name)
    house.play.advance("P4D")
    page = house.client("remi").get("/operations/incidents").text
    return list(dict.fromkeys(re.findall(r'href="/operations/incidents/([0-9a-z]+)"', page)))


def test_an_incident_is_shown_in_its_diagram_with_its_cause(house: House) -> None:
    [incident] = failing(house)
    page = html.unescape(house.client("remi").get(f"/operations/incidents/{incident}").text)
    assert 'id="drawing-at-Activity_SendQuote" class="risk"' in page and "mail" in page
    assert "Terminer à la main" in page
    seen = house.client("claire").get(f"/operations/incidents/{incident}").text
    assert f"/operations/incidents/{incident}/retry" not in seen and "règlent les incidents" in seen
    assert house.client("remi").get("/operations/incidents/nobody").status_code == 404


def test_several_incidents_are_tried_again_at_once(house: House) -> None:
    both = failing(house, 2)
    assert len(both) == 2
    house.outside.mail.up = True
    refused = house.client("claire").post("/operations/incidents/retry", data={"incident": both})
    assert refused.status_code == 403 and len(house.play.incidents()) == 2
    client = house.client("remi")
    assert client.post("/operations/incidents/retry", data={"incident": [*both, "nobody"]}).status_code == 303
    shown = html.unescape(client.get("/operations/incidents").text)
    assert "2 incidents relancés. Un ne l’a pas été" in shown
    house.play.settle()
    assert house.play.incidents() == []
    assert "Relancé" in client.get("/operations/incidents?settled=yes").text


def test_a_step_is_completed_by_hand_with_a_reason(house: House) -> None:
    [incident] = failing(house)
    client = house.client("remi")
    assert client.post(f"/operations/incidents/{incident}/resolve", data={"reason": "  "}).status_code == 422
    assert client.post(f"/operations/incidents/{incident}/resolve", data={"reason": "Partie par la poste"}).status_code == 303
    house.play.settle()
    assert house.play.incidents() == [] and "Activity_SignContract" in house.play.open_tasks()


def test_jobs_timers_and_mail_have_lists_of_their_own(house: House) -> None:
    failing(house)
    client = house.client("remi")
    assert "Envoyer le devis" in client.get("/operations/jobs?state=failed&handler=client.notify").text
    assert "Aucun travail" in client.get("/operations/jobs?state=ready").text
    assert "Envoyer le devis" not in client.get("/operations/jobs?state=done&handler=client.notify").text
    mail = client.get("/operations/mail").text
    assert "Envoyer le devis" in mail and re.search(r'href="/operations/incidents/[0-9a-z]+"', mail)
    house.outside.mail.up = True
    client.post(f"/operations/incidents/{failing_id(client)}/retry")
    house.play.settle()
    assert "Relance" in client.get("/operations/timers").text and "Aucun minuteur" in client.get("/operations/timers?late=yes").text
    for address in ("/operations/jobs?after=x", "/operations/timers?after=~~", "/operations/mail?after=2027",
                    "/operations/incidents?after=1"):
        assert client.get(address).status_code == 200, "a place that nobody wrote is the first page"


def failing_id(client: object) -> str:
    found = re.search(r'/operations/incidents/([0-9a-z]+)/retry', client.get("/operations").text)  # type: ignore[attr-defined]
    assert found is not None
    return found[1]


def test_a_record_that_was_tampered_with_is_found_and_told_where(house: House) -> None:
    case_id, _ = open_case(house)
    client = house.client("maud")
    intact = html.unescape(client.get(f"/cases/{case_id}?verify=now").text)
    assert "Journal intact" in intact
    assert "Tous les journaux sont intacts" in client.get("/operations/records?check=all").text
    with house.store.begin() as work:
        changed = text("update event set data = '{}' where seq = 4 and instance_id = :case")
        work.connection.execute(changed, {"case": case_id})
    broken = html.unescape(client.get(f"/cases/{case_id}?verify=now").text)
    assert "Intact jusqu’à l’événement 3. Cet événement a été modifié." in broken
    every = client.get("/operations/records?check=all").text
    assert "Un journal n’est pas intact" in html.unescape(every) and f"/cases/{case_id}?verify=now#seal" in every


def test_a_check_of_all_records_goes_on_page_by_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.operations.RECORDS_AT_ONCE", 1)
    open_case(house, "vae")
    open_case(house, "skills-assessment")
    client = house.client("maud")
    first = client.get("/operations/records?check=all").text
    assert "1 dossiers sur 2" in first
    following = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', first)
    assert following is not None, "the page goes on without a script"
    assert "2 dossiers sur 2" in client.get(html.unescape(following[1])).text


def test_a_case_is_suspended_resumed_and_cancelled_from_its_page(house: House) -> None:
    case_id, _ = open_case(house)
    maud, claire = house.client("maud"), house.client("claire")
    assert claire.post(f"/cases/{case_id}/steer/suspend", data={"reason": "x"}).status_code == 403
    assert maud.post(f"/cases/{case_id}/steer/suspend", data={"reason": " "}).status_code == 422
    assert maud.post(f"/cases/{case_id}/steer/suspend", data={"reason": "Enquête en cours"}).status_code == 303
    assert "Enquête en cours" in maud.get(f"/cases/{case_id}").text
    house.play.advance("P20D")
    timers = house.client("maud").get("/operations/timers").text
    assert "Dossier suspendu" in timers, "what is due waits"
    maud = house.client("maud")
    assert maud.post(f"/cases/{case_id}/steer/resume", data={"reason": "Close"}).status_code == 303
    house.play.settle()
    ask = html.unescape(maud.get(f"/cases/{case_id}/steer").text)
    assert "Tâche : Signer le contrat" in ask.replace("\u00a0", " ")
    assert maud.post(f"/cases/{case_id}/steer/cancel", data={"reason": "Doublon"}).status_code == 422, "only when sure"
    assert maud.post(f"/cases/{case_id}/steer/cancel", data={"reason": "Doublon", "sure": "yes"}).status_code == 303
    assert house.play.state(case_id) == "cancelled" and "Doublon" in maud.get(f"/cases/{case_id}").text


def test_what_a_case_knows_is_told_by_the_labels_of_its_forms(house: House) -> None:
    case_id, _ = open_case(house)
    page = html.unescape(house.client("claire").get(f"/cases/{case_id}/data").text)
    assert re.search(r"<th scope=\"row\">[^<–]*SIREN", page) and "application.organisation.siren" in page
    assert house.client("claire").get(f"/cases/{case_id}/data.json").status_code == 403
    raw = house.client("maud").get(f"/cases/{case_id}/data.json").json
    assert raw["scopes"][0]["variables"]["application"]["organisation"]["siren"]
    export = house.client("claire").get(f"/cases/{case_id}/evidence.json")
    assert export.json["format"] == "jalon-case/1" and "attachment" in export.headers["Content-Disposition"]


def test_erased_values_are_not_shown_again(house: House) -> None:
    from engine.history import erase

    case_id, login = open_case(house)
    with house.store.begin() as work:
        erase(work.connection, case_id)
    page = house.client("maud").get(f"/cases/{case_id}/data").text
    assert "ont été effacées" in page and login not in page
    assert login not in str(house.client("maud").get(f"/cases/{case_id}/data.json").json["scopes"][0]["variables"].get("application", ""))


def test_the_record_is_read_page_by_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.cases.EVENTS", 3)
    case_id, _ = open_case(house)
    client, address, seen = house.client("maud"), f"/cases/{case_id}/record", 0
    for _ in range(40):
        page = client.get(address).text
        seen += page.count('<span class="dot">')
        following = re.search(r'href="([^"]+before=\d+)"', page)
        if following is None:
            break
        address = html.unescape(following[1])
    assert "C’est ainsi que tout a commencé." in html.unescape(page) and seen > 6
    assert client.get(f"/cases/{case_id}/record?before=99999999999999999999").status_code == 200


def test_people_of_the_outside_reach_none_of_it(house: House) -> None:
    case_id, login = open_case(house)
    client = house.client(login)
    for address in ("/operations/incidents", "/operations/jobs", "/operations/timers", "/operations/mail", "/operations/records?check=all",
                    f"/cases/{case_id}/data", f"/cases/{case_id}/data.json", f"/cases/{case_id}/evidence.json", f"/cases/{case_id}/record",
                    f"/cases/{case_id}/inside/remediation", f"/cases/{case_id}/steer"):
        answer = client.get(address)
        assert answer.status_code in (302, 403, 404) and (answer.status_code != 302 or answer.location.startswith("/portal")), address
    for address in ("/operations/stalled", "/operations/incidents/retry", f"/cases/{case_id}/steer/suspend"):
        assert client.post(address, data={"reason": "x", "incident": "x"}).status_code == 403, address
