"""Applying step by step through the pages: kept, left, taken up again by link, checked, sent once, erased."""

from __future__ import annotations

import html
import io
import re
from datetime import datetime
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from engine.store.tables import document, intake, letter
from tests.web.house import House, flat, sample

START = datetime(2027, 2, 1, 9)
EMAIL = "h.duval@parcours-acquis.example"


@pytest.fixture
def house() -> House:
    return House(START)


def link_in_mail(house: House, to: str = EMAIL, path: str = "/apply/") -> str:
    """The link in the last letter somebody got."""
    house.play.settle()
    bodies = [sent.mail.body for sent in house.outside.mail.sent if sent.mail.to == to]
    return re.findall(rf"({path}[\w-]{{20,}})", "\n".join(bodies))[-1]


def beginning(house: House, client: FlaskClient | None = None) -> tuple[FlaskClient, str]:
    """A browser before the first step of an application, and the address of the application."""
    client = client or house.client()
    return client, house.begin(client, EMAIL).rpartition("/")[0]


def test_what_was_typed_is_there_again_by_the_mailed_link_in_another_browser(house: House) -> None:
    client, _ = beginning(house)
    first = link_in_mail(house)
    client.post(f"{first}/Group_organisation", data={"organisation.name": "Parcours <Acquis>", "organisation.country": "FR", "_later": "1"})
    phone = house.client()
    shown = phone.get(first, follow_redirects=True).text
    assert "Parcours &lt;Acquis&gt;" in shown and "étape 1 sur 8" in shown
    assert phone.get(first[:-1] + "x").status_code == 403, "a link that was changed opens nothing"
    house.play.advance("P31D")
    assert phone.get(first).status_code == 403


def test_a_step_is_checked_when_it_is_left_and_keeps_what_was_typed_wrong_or_right(house: House) -> None:
    client, place = beginning(house)
    wrong = client.post(f"{place}/Group_organisation", data={"organisation.name": "Lisière", "organisation.siren": "123"})
    assert wrong.status_code == 422 and "INSEE" in wrong.text and 'value="123"' in wrong.text
    assert "manager.email" not in wrong.text, "the faults of other steps wait for theirs"
    back = client.get(f"{place}/Group_organisation").text
    assert 'value="123"' in back and "Ce SIREN n’est pas valable" in back, "a step once left tells its faults again"
    assert "À revoir" in client.get(f"{place}/Group_manager").text, "the list of steps says so"


def test_going_back_and_forth_loses_nothing_and_a_question_hidden_keeps_its_answer(house: House) -> None:
    client, place = beginning(house)
    step = f"{place}/Group_organisation"
    client.post(step, data={"organisation.nda_status": "valid", "organisation.nda": "11755161475", "_refresh": "1"})
    client.post(step, data={"organisation.nda_status": "pending", "organisation.nda": "11755161475", "_refresh": "1"})
    assert "organisation.nda_filed_on" in client.get(step).text and 'name="organisation.nda"' not in client.get(step).text
    client.post(step, data={"organisation.nda_status": "valid", "organisation.nda_filed_on": "", "_refresh": "1"})
    assert "11755161475" in client.get(step).text


def test_an_organisation_abroad_is_asked_for_its_representative_and_told_why(house: House) -> None:
    client, place = beginning(house)
    assert client.get(f"{place}/Group_representative").status_code == 404
    client.post(f"{place}/Group_organisation", data={"organisation.country": "BE", "_refresh": "1"})
    page = client.get(f"{place}/Group_representative").text
    assert "R. 6351-3" in page and "sur 9" in page
    refused = client.post(f"{place}/Group_representative", data={})
    assert refused.status_code == 422 and 'id="f-representative-name-e"' in refused.text


def test_a_number_is_checked_as_one_leaves_its_field(house: House) -> None:
    client, place = beginning(house)
    check = f"{place}/Group_organisation/check/organisation.siren"
    wrong = client.post(check, data={"organisation.siren": "123456789"}).text
    assert "Ce SIREN n’est pas valable" in wrong and "<html" not in wrong
    right = client.post(check, data={"organisation.siren": "732829320"}).text
    assert "Ce numéro est possible" in right and "aria-invalid" not in right
    assert "aria-invalid" not in client.post(check, data={"organisation.siren": ""}).text, "an empty field is no fault while one types"
    assert client.post(f"{place}/Group_organisation/check/nothing", data={}).status_code == 404


def docx() -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("virus.exe", b"MZ")
    return out.getvalue()


@pytest.mark.parametrize(("name", "content", "taken"), [
    ("organigramme.pdf", b"%PDF-1.7", True), ("organigramme.docx", docx(), True), ("organigramme.docx", zipped(), False),
    ("organigramme.docx", b"PK\x03\x04 broken", False), ("organigramme.pdf", b"MZ", False), ("notes.txt", b"\x00\x01binary", False),
    ("page.svg", b"<svg/>", False), ("vide.pdf", b"", False)])
def test_a_file_is_kept_with_the_application_when_it_is_what_it_says(house: House, name: str, content: bytes, taken: bool) -> None:
    client, place = beginning(house)
    data = {"staff.0.name": "Yann", "_upload": "Files_chart", "file.Files_chart": (io.BytesIO(content), name)}
    answer = client.post(f"{place}/Group_places", data=data, content_type="multipart/form-data")
    assert answer.status_code == (303 if taken else 422)
    page = client.get(f"{place}/Group_places").text
    assert 'value="Yann"' in page, "what was typed beside it is kept"
    assert (f">{name}</a>" in page) is taken
    assert (name in client.get(f"{place}/summary").text) is taken


def test_a_file_can_be_read_and_removed_by_who_has_the_link_only(house: House) -> None:
    client, place = beginning(house)
    client.post(f"{place}/Group_places", data={"_upload": "1", "file.Files_chart": (io.BytesIO(b"%PDF-1.7"), "chart.pdf")},
                content_type="multipart/form-data")
    address = re.search(r'href="(/apply/[^"]+/files/([0-9a-f]+))"', client.get(f"{place}/Group_places").text)
    assert address is not None
    got = client.get(address[1])
    assert got.data == b"%PDF-1.7" and got.headers["Content-Disposition"].startswith("attachment")
    _, other = beginning(house)
    assert client.get(address[1].replace(place, other)).status_code == 404
    client.post(f"{other}/Group_places", data={"_unfile": address[2]})
    assert client.get(address[1]).status_code == 200
    client.post(f"{place}/Group_places", data={"_unfile": address[2]})
    assert "chart.pdf" not in client.get(f"{place}/Group_places").text


def test_the_summary_shows_every_answer_and_fault_and_sends_once(house: House) -> None:
    client, place = beginning(house)
    refused = client.post(f"{place}/summary")
    assert refused.status_code == 422 and "Déclaration sur l’honneur" in refused.text
    application = sample("vae")
    for step in re.findall(rf'href="({place}/Group_\w+)"', client.get(f"{place}/Group_organisation").text):
        client.post(step, data=flat(application))
    client.post(f"{place}/Group_places", data={**flat(application), "_upload": "1", "file.Files_chart": (io.BytesIO(b"%PDF-1"), "c.pdf")},
                content_type="multipart/form-data")
    shown = client.get(f"{place}/summary").text
    assert html.escape(application["organisation"]["name"]) in shown and "c.pdf" in shown
    assert "?then=summary" in shown and "à revoir" not in shown
    changed = client.post(f"{place}/Group_wishes?then=summary", data=flat(application))
    assert changed.location.endswith("/summary"), "from the summary one goes back to it"
    first, second = client.post(f"{place}/summary"), client.post(f"{place}/summary")
    assert first.location == second.location and len(house.play.instances) == 1
    assert client.get(place).location == first.location and client.post(f"{place}/Group_wishes", data={}).status_code == 409
    with house.store.read() as connection:
        kept = connection.execute(select(document.c.name, document.c.kind, document.c.public_to_parties).where(
            document.c.kind == "Files_chart")).all()
    assert [tuple(one) for one in kept] == [("c.pdf", "Files_chart", True)]


def test_asking_for_the_link_says_the_same_whether_the_address_is_known_or_not(house: House) -> None:
    beginning(house)
    house.play.settle()
    client, before = house.client(), len(house.outside.mail.sent)
    answers = [client.post("/apply/resume", data={"email": one}).text.replace(one, "…") for one in (EMAIL, "nobody@x.example")]
    assert answers[0] == answers[1]
    house.play.settle()
    assert [sent.mail.to for sent in house.outside.mail.sent[before:]] == [EMAIL]
    assert client.get(link_in_mail(house), follow_redirects=True).status_code == 200


def test_a_program_learns_nothing_and_a_quick_person_presses_twice(house: House) -> None:
    client = house.client()
    client.post("/apply", data={"email": "bot@x.example", "company_website": "http://spam.example", "made": "x"})
    quick = client.post("/apply", data={"email": EMAIL})
    assert quick.status_code == 422 and "encore une fois" in quick.text and EMAIL in quick.text
    house.play.settle()
    with house.store.read() as connection:
        assert connection.execute(select(intake)).all() == [] and house.outside.mail.sent == []


def test_nobody_is_mailed_without_end(house: House) -> None:
    client, _ = beginning(house)
    for _ in range(20):
        assert client.post("/apply/resume", data={"email": EMAIL}).status_code == 200
    house.play.settle()
    assert len(house.outside.mail.sent) <= 6
    assert client.post("/apply/resume", data={"email": "other@x.example"}).headers.get("Retry-After") == "3600"


def test_an_application_nobody_goes_on_with_is_erased_whole(house: House) -> None:
    client, place = beginning(house)
    client.post(f"{place}/Group_places", data={"_upload": "1", "file.Files_chart": (io.BytesIO(b"%PDF-1.7"), "chart.pdf")},
                content_type="multipart/form-data")
    house.play.advance("P29D")
    client.post(f"{place}/Group_manager", data={"manager.name": "Yann"})
    house.play.advance("P29D")
    house.play.engine.sweep()
    with house.store.read() as connection:
        assert len(connection.execute(select(intake)).all()) == 1, "a change keeps it longer"
    house.play.advance("P2D")
    house.play.engine.sweep()
    with house.store.read() as connection:
        assert connection.execute(select(intake)).all() == [] and connection.execute(select(letter)).all() == []


def test_pages_behind_the_link_are_kept_by_nobody(house: House) -> None:
    client, place = beginning(house)
    answer = client.get(f"{place}/Group_organisation")
    assert answer.headers["Cache-Control"] == "private, no-store" and "noindex" in answer.headers["X-Robots-Tag"]
