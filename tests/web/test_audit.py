"""The audit, one indicator at a time, through its pages.

Rule: arrêté of 6 June 2019, art. 5: 17 indicators allow no minor, five open minors weigh as a major.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.house import House
from web.audit.sheet import Sheet

START = datetime(2026, 1, 5, 9)
MINOR_POSSIBLE, MAJOR_ONLY, NOT_AUDITED = 9, 21, 14
SAVES = {"X-Saves": "1"}


@pytest.fixture
def house() -> House:
    """A house with one case whose audit is due, by Anna."""
    house = House(START)
    house.apply("independent-trainer")
    play = house.play
    play.complete("Activity_SignContract", {"accepted": True, "signed_by": "Élodie Marchand", "signed_on": "2026-01-05"},
                  "elodie@em-formation.example")
    play.settle()
    play.complete("Activity_RecordContract", {"received_on": "2026-01-05"}, "claire")
    play.settle()
    play.complete("Activity_StudyAdmissibility", {"outcome": "admissible"}, "nadia")
    play.settle()
    play.complete("Activity_ProposeAudit", {"auditor_id": play.people["anna"].id, "audit_on": "2026-01-20", "days": 1, "place": "Paris"},
                  "paul")
    play.advance(datetime(2026, 1, 20, 18))
    return house


@pytest.fixture
def anna(house: House) -> FlaskClient:
    return house.client("anna")


def audit(house: House) -> str:
    return f"/tasks/{house.play.find('Activity_Audit').token}/audit"


def say(house: House, client: FlaskClient, number: int, **words: Any) -> TestResponse:
    return client.post(f"{audit(house)}/{number}", data=words)


def tally(page: str) -> list[int]:
    """Conforming, minor, major, not applicable, to be seen."""
    return [int(figure) for figure in re.findall(r"<dd>(\d+)</dd>", page[page.index("tally"):page.index("</dl>")])]


def test_each_verdict_is_kept_at_once_and_counted(house: House, anna: FlaskClient) -> None:
    before = tally(anna.get(f"{audit(house)}/1").text)
    assert say(house, anna, 1, verdict="conform").status_code == 303
    assert say(house, anna, MINOR_POSSIBLE, verdict="minor", fact="Deux livrets sans contact.").status_code == 303
    page = anna.get(f"{audit(house)}/{MINOR_POSSIBLE}").text
    assert tally(page) == [1, 1, 0, before[3], before[4] - 2]
    assert "Deux livrets sans contact." in page and 'value="minor" checked' in page


def test_the_page_that_saves_by_script_gets_the_pieces_that_changed(house: House, anna: FlaskClient) -> None:
    answer = anna.post(f"{audit(house)}/1", data={"verdict": "conform", "point": "Les supports disent la même chose et sont à jour"},
                       headers=SAVES)
    assert answer.status_code == 200 and tally(answer.text)[0] == 1
    assert "1 sur 3 vus" in answer.text and "Enregistré à" in answer.text and "<html" not in answer.text


def test_a_minor_is_refused_where_the_law_wants_a_major_and_nothing_changes(house: House, anna: FlaskClient) -> None:
    page = anna.get(f"{audit(house)}/{MAJOR_ONLY}").text
    assert re.search(r'value="minor" disabled', page) and "n’admet pas de mineure" in page
    refused = say(house, anna, MAJOR_ONLY, verdict="minor", fact="Une seule évaluation manque.")
    assert refused.status_code == 422 and "L’indicateur 21 n’admet pas de mineure" in refused.text
    assert tally(anna.get(f"{audit(house)}/{MAJOR_ONLY}").text)[1:3] == [0, 0]


def test_an_indicator_that_does_not_apply_gets_no_verdict(house: House, anna: FlaskClient) -> None:
    assert "ne s’applique pas" in anna.get(f"{audit(house)}/{NOT_AUDITED}").text
    assert say(house, anna, NOT_AUDITED, verdict="conform").status_code == 422
    assert anna.get(f"{audit(house)}/99").status_code == 404


def test_the_words_of_a_finding_come_back_with_its_verdict(house: House, anna: FlaskClient) -> None:
    words = {"fact": "Trois CV manquent sur cinq.", "requirement": "Déterminer les compétences."}
    say(house, anna, MAJOR_ONLY, verdict="major", **words)
    say(house, anna, MAJOR_ONLY, verdict="conform")
    assert tally(anna.get(f"{audit(house)}/{MAJOR_ONLY}").text)[2] == 0
    say(house, anna, MAJOR_ONLY, verdict="major")
    assert words["fact"] in anna.get(f"{audit(house)}/{MAJOR_ONLY}").text


def test_evidence_is_kept_with_its_file_and_removed_by_its_button(house: House, anna: FlaskClient) -> None:
    file = (io.BytesIO(b"%PDF-1.7 contrats"), "contrats.pdf")
    added = anna.post(f"{audit(house)}/1", data={"new_name": "Contrats", "new_seen": "4 sur 11", "file": file, "_add_evidence": "1"})
    assert added.status_code == 303 and added.location.endswith("/1#evidence")
    page = anna.get(f"{audit(house)}/1").text
    assert 'value="Contrats"' in page and 'value="4 sur 11"' in page
    kept = re.search(r'href="(/documents/[0-9a-f]+)"', page)
    assert kept is not None and anna.get(kept[1]).data == b"%PDF-1.7 contrats"
    say(house, anna, 1, **{"evidence.0.name": "Contrats", "evidence.0.seen": "5 sur 11"})
    assert 'value="5 sur 11"' in anna.get(f"{audit(house)}/1").text
    say(house, anna, 1, _remove="0")
    assert 'value="Contrats"' not in anna.get(f"{audit(house)}/1").text


def test_five_minors_are_said_to_weigh_as_a_major(house: House, anna: FlaskClient) -> None:
    scope = [int(one) for one in house.play.evaluate("indicators")]
    allowed = [one for one in scope if 'value="minor" disabled' not in anna.get(f"{audit(house)}/{one}").text]
    for number in allowed[:4]:
        say(house, anna, number, verdict="minor")
    assert "4 sur 5" in anna.get(f"{audit(house)}/1").text
    say(house, anna, allowed[4], verdict="minor")
    assert "1 mineure compte comme majeure" in anna.get(f"{audit(house)}/1").text


def test_the_audit_is_not_completed_before_every_indicator_has_its_verdict(house: House, anna: FlaskClient) -> None:
    closing = {"closed_on": "2026-01-20", "summary": "Audit mené selon le plan.", "opinion": "favourable", "_complete": "1"}
    scope = [int(one) for one in house.play.evaluate("indicators")]
    for number in scope[:-1]:
        say(house, anna, number, verdict="conform")
    refused = anna.post(f"{audit(house)}/closing", data=closing)
    assert refused.status_code == 422 and "Chaque indicateur applicable reçoit un verdict" in refused.text
    assert f"/audit/{scope[-1]}" in refused.text and "Audit mené selon le plan." in refused.text
    say(house, anna, scope[-1], verdict="conform", point="x")
    assert anna.get(audit(house)).location.endswith("/closing")
    done = anna.post(f"{audit(house)}/closing", data=closing)
    assert done.status_code == 303
    house.play.settle()
    assert house.play.open_tasks() == ["Activity_Review"]


def test_a_report_sent_back_opens_as_it_was_sent(house: House, anna: FlaskClient) -> None:
    """A gravity that the tables no longer allow sends the case back to the audit: nothing has to be typed again."""
    scope = [int(one) for one in house.play.evaluate("indicators")]
    data = {"closed_on": "2026-01-20", "summary": "Audit mené selon le plan.", "opinion": "favourable_after_remediation",
            "conform": [one for one in scope if one != MAJOR_ONLY], "findings": [
                {"indicator": MAJOR_ONLY, "gravity": "minor", "fact": "Trois CV manquent.", "requirement": "Déterminer les compétences."}]}
    house.play.complete("Activity_Audit", data, "anna")
    house.play.settle()
    page = anna.get(f"{audit(house)}/{MAJOR_ONLY}").text
    assert tally(page)[:3] == [len(scope) - 1, 1, 0] and "Trois CV manquent." in page


def test_nobody_else_writes_in_an_audit(house: House, anna: FlaskClient) -> None:
    say(house, anna, 1, verdict="conform")
    other = house.client("marc")
    read = other.get(f"{audit(house)}/1")
    assert read.status_code in (200, 403)
    assert say(house, other, 1, verdict="major").status_code in (403, 409)
    assert tally(anna.get(f"{audit(house)}/1").text)[:3] == [1, 0, 0]


def test_the_task_of_an_audit_shows_how_far_it_is_and_leads_there(house: House, anna: FlaskClient) -> None:
    say(house, anna, 1, verdict="conform")
    page = anna.get(audit(house).removesuffix("/audit")).text
    assert "1 indicateur vu sur" in page and "Reprendre l’audit" in page and 'name="conform"' not in page


def test_a_sheet_reads_what_it_writes() -> None:
    data = {"closed_on": "2026-01-20", "conform": [1, 2], "findings": [
        {"indicator": 9, "gravity": "minor", "fact": "F", "requirement": "R", "risk": "K", "categories": ["OF"]}],
        "notes": [{"indicator": 2, "points": "A\nB", "evidence": [{"name": "N", "seen": "4 sur 11"}], "review": True}]}
    assert Sheet.read(data).answers() == data
    assert Sheet.read(Sheet.read(data).draft()) == Sheet.read(data)


@pytest.mark.parametrize("broken", [None, {}, {"conform": 3}, {"findings": [1, None, {"gravity": "major"}]}, {"notes": "x"},
                                    {"conform": [True, "4", 2.5, None]}, {"_set_aside": []}])
def test_a_sheet_leaves_out_what_has_not_its_shape(broken: Any) -> None:
    assert set(Sheet.read(broken).answers()["conform"]) <= {4}
