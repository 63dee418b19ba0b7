"""What the public learns of a certificate, as a page and as data, and what it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from handlers.papers import certificate as paper
from handlers.registers import CertificateState, Registers
from tests.web.house import House, sample

START = datetime(2027, 2, 1, 9)


@pytest.fixture(scope="module")
def house() -> House:
    return House(START)


def issue(house: House, instance_id: str, **changes: Any) -> str:
    """A certificate in the register, of an organisation of the samples; its number."""
    application = sample("of-cfa-multi-site")
    with house.store.begin() as work:
        registers = Registers(work.connection, house.play.clock)
        organisation = registers.organisations.enter(application)
        holder = {"name": organisation.name, "siren": organisation.siren, "nda": organisation.nda, "address": organisation.address,
                  "postcode": organisation.postcode, "city": organisation.city, "country": "FR"}
        facts = {"categories": ["CFA", "OF"], "decided_on": date(2026, 1, 20), "starts_on": date(2026, 1, 20),
                 "ends_on": date(2029, 1, 19), "holder": holder, "sites": application["sites"]} | changes
        return registers.certificates.enter(instance_id, organisation_id=organisation.id, **facts).number


def change(house: House, number: str, state: CertificateState) -> None:
    with house.store.begin() as work:
        Registers(work.connection, house.play.clock).certificates.change(number, state, date(2027, 1, 5), "Réclamation de M. Untel")


@pytest.mark.parametrize(("make", "fr", "en", "status"), [
    (lambda house, number: None, "Certificat valide", "Valid certificate", "valid"),
    (lambda house, number: change(house, number, CertificateState.SUSPENDED), "Certificat suspendu", "Suspended certificate", "suspended"),
    (lambda house, number: change(house, number, CertificateState.WITHDRAWN), "Certificat retiré", "Withdrawn certificate", "withdrawn"),
])
def test_each_state_is_told_and_no_reason(house: House, make: Callable[[House, str], None], fr: str, en: str, status: str) -> None:
    number = issue(house, f"case-{status}")
    make(house, number)
    page = house.client().get(f"/verify/{number}").text
    assert fr in page and number in page and "apprentissage" in page and "Réclamation" not in page and "case-" not in page
    assert en in house.client().get(f"/verify/{number}?lang=en").text
    data = house.client().get(f"/verify/{number}.json").json
    assert data is not None
    told = data["certificates"][0]
    assert (told["status"], told["categories"], len(told["sites"])) == (status, ["OF", "CFA"], 4)
    assert (told["status_since"] is None) is (status == "valid") and "Untel" not in json.dumps(data)


def test_an_expired_certificate_is_no_proof(house: House) -> None:
    number = issue(house, "case-old", starts_on=date(2022, 1, 1), ends_on=date(2025, 1, 1))
    page = house.client().get(f"/verify/{number}").text
    assert "Certificat expiré" in page and "ne prouve plus" in page


@pytest.mark.parametrize("written", ["{0}", " {0} ", "{1}", "Q{2} {3}", "Q{2}{3}", "Q{2}–{3}"])
def test_a_number_is_found_as_people_type_it(house: House, written: str) -> None:
    number = issue(house, f"typed-{written}"[:32])
    typed = written.format(number, number.lower(), number[1:5], number[6:])
    assert number in house.client().get("/verify", query_string={"n": typed}, follow_redirects=True).text


def test_a_siren_shows_all_its_certificates(house: House) -> None:
    application = sample("of-cfa-multi-site")
    siren = "".join(application["organisation"]["siren"].split())
    page = house.client().get(f"/verify/{siren[:3]} {siren[3:6]} {siren[6:]}").text
    assert "certificats pour ce SIREN" in page and page.count('class="verify-result"') > 1


def test_data_is_given_to_who_accepts_it(house: House) -> None:
    number = issue(house, "case-accept")
    answer = house.client().get(f"/verify/{number}", headers={"Accept": "application/json"})
    assert answer.is_json and answer.headers["Cache-Control"] == "public, max-age=300" and answer.headers["X-Robots-Tag"] == "noindex"
    assert "Accept" in ", ".join(answer.headers.getlist("Vary"))
    assert not house.client().get(f"/verify/{number}", headers={"Accept": "*/*"}).is_json
    unknown = house.client().get("/verify/Q2020-9999.json")
    assert unknown.status_code == 404 and unknown.json == {**unknown.json, "certificates": []}  # type: ignore[dict-item]


def test_a_page_that_shows_who_is_asking_is_kept_by_nobody_else(house: House) -> None:
    number = issue(house, "case-person")
    assert house.client("claire").get(f"/verify/{number}").headers["Cache-Control"] == "private, no-cache"


def test_the_qr_code_of_the_paper_leads_to_the_page(house: House) -> None:
    """The code is drawn from `verify_url`; what it is drawn as is what segno makes of that address."""
    import segno

    number = issue(house, "case-qr")
    url = f"{house.settings.base_url}/verify/{number}"
    drawn = paper.images({"certificate": {"verify_url": url}})["qr"].decode()
    same, other = segno.make(url, error="m", micro=False), segno.make(url + "x", error="m", micro=False)
    assert path_of(same) in drawn and path_of(other) not in drawn
    assert house.client().get(url.removeprefix(house.settings.base_url)).status_code == 200


def path_of(code: Any) -> str:
    """The dark modules of a code, as the drawing has them."""
    import io
    import re

    out = io.BytesIO()
    code.save(out, kind="svg", border=0, dark="#123563", xmldecl=False)
    found = re.search(r' d="([^"]+)"', out.getvalue().decode())
    assert found is not None
    return found[1]


def test_looking_up_fast_is_slowed_down(house: House) -> None:
    client = house.client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    codes = [client.get(f"/verify/Q2026-{number:04d}").status_code for number in range(40)]
    assert codes[-1] == 429 and 429 not in codes[:20]
    assert client.get("/verify/x").headers["Retry-After"] == "60"
    other = house.client()
    other.environ_base["REMOTE_ADDR"] = "192.0.2.8"
    assert other.get("/verify/x").status_code == 404
