"""One application from the public form to the public register, each step by the person who does it, through the pages only."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient

from tests.web.house import House, flat

START = datetime(2026, 1, 5, 9)
CLIENT = "elodie@em-formation.example"


@pytest.fixture(scope="module")
def house() -> House:
    return House(START)


def by_letter(house: House) -> FlaskClient:
    """The applicant, who enters by the link of the last letter."""
    link = [found[1] for letter in house.outside.mail.sent if (found := re.search(r"(/enter/\S+)", letter.mail.body))][-1]
    client = house.client()
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 303
    return client


def test_from_the_public_form_to_the_public_register(house: House) -> None:
    number = house.apply("independent-trainer")
    client = by_letter(house)
    portal = client.get("/portal", follow_redirects=True)
    assert "Signer le contrat" in portal.text and number in portal.text
    task_id = re.search(r'/portal/tasks/([0-9a-z-]+)"', portal.text)[1]  # type: ignore[index]
    assert "Pourquoi cette date" in client.get(f"/portal/tasks/{task_id}").text

    wrong = client.post(f"/tasks/{task_id}/complete", data={"signed_by": "Élodie <Marchand>"})
    assert wrong.status_code == 422 and "Élodie &lt;Marchand&gt;" in wrong.text and "signed_on" in wrong.text
    signed = {"accepted": True, "signed_by": "Élodie Marchand", "signed_on": "2026-01-05"}
    assert client.post(f"/tasks/{task_id}/complete", data=flat(signed)).status_code == 303
    house.play.settle()
    assert "Rien à faire pour l’instant" in client.get("/portal", follow_redirects=True).text

    house.do("claire", "Enregistrer le contrat", {"received_on": "2026-01-05"})
    house.do("nadia", "Étudier la recevabilité", {"outcome": "admissible"})
    anna = house.play.people["anna"].id
    house.do("paul", "Proposer", {"auditor_id": anna, "audit_on": "2026-01-20", "days": 1, "place": "Paris"})
    house.play.advance(datetime(2026, 1, 20, 18))
    house.audit("anna", {"closed_on": "2026-01-20", "summary": "Audit mené selon le plan.", "opinion": "favourable"})
    house.do("rachel", "Relire", {"outcome": "ready"})
    house.do("diane", "Décider", {"outcome": "granted"})

    case = house.client("diane").get(f"/cases/{number}")
    assert "Certification accordée" in case.text and "Certificat" in case.text
    document = re.search(r'href="(/documents/[0-9a-z-]+)">([^<]*ertificat[^<]*)<', case.text)
    assert document is not None
    file = by_letter(house).get(document[1])
    assert file.status_code == 200 and "default-src 'none'" in file.headers["Content-Security-Policy"]

    found = house.client().get(f"/verify/{_certificate(house)}")
    assert "Certificat valide" in found.text and str(date(2026, 1, 20).year) in found.text
    assert not re.search(rf"(?<!Q){number}|/cases/|/documents/", found.text), "the public sees no case"


def _certificate(house: House) -> str:
    return str(house.play.variables()["certificate"]["number"])
