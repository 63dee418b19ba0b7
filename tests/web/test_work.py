"""What people do on the pages, and what they are not let do, on the shipped process and the real engine."""

from __future__ import annotations

import html
import io
import re
from datetime import datetime

import pytest

from tests.web.house import House, flat

START = datetime(2027, 2, 1, 9)
SIGNED = {"accepted": True, "signed_by": "Hélène Duval", "signed_on": "2027-02-01"}


@pytest.fixture
def house() -> House:
    return House(START)


def open_case(house: House, name: str = "vae") -> tuple[str, str]:
    """An application just sent: the case's id and the applicant's login."""
    before = set(house.play.instances)
    house.apply(name)
    case_id = (set(house.play.instances) - before).pop()
    return case_id, str(house.play.variables(case_id)["client_email"])


def to_admissibility(house: House) -> str:
    """A case whose admissibility waits to be studied, and that task's id."""
    case_id, login = open_case(house)
    house.play.complete("Activity_SignContract", SIGNED, login, instance_id=case_id)
    house.play.complete("Activity_RecordContract", {"received_on": "2027-02-01"}, "claire", instance_id=case_id)
    house.play.settle()
    return house.task(house.client("nadia"), "Étudier la recevabilité")


def test_a_task_is_claimed_kept_as_draft_put_aside_handed_over_and_given_back(house: House) -> None:
    task_id = to_admissibility(house)
    nadia = house.client("nadia")
    assert "disabled" in nadia.get(f"/tasks/{task_id}").text
    nadia.post(f"/tasks/{task_id}/claim", data={"view": "groups"})
    assert "Tâche prise." in nadia.get(f"/tasks/{task_id}").text
    kept = nadia.post(f"/tasks/{task_id}/draft", data={"note": "À revoir avec Thomas"}, headers={"X-Draft": "yes"})
    assert kept.text.startswith("Brouillon gardé à")
    assert "À revoir avec Thomas" in nadia.get(f"/tasks/{task_id}").text
    nadia.post(f"/tasks/{task_id}/follow-up", data={"on": "2027-02-03"})
    assert task_id in nadia.get("/tasks?view=later").text and task_id not in nadia.get("/tasks").text
    assert nadia.post(f"/tasks/{task_id}/follow-up", data={"on": "2027-02-01"}).status_code == 422
    nadia.post(f"/tasks/{task_id}/hand-over", data={"to": house.play.people["thomas"].id})
    thomas = house.client("thomas")
    assert "Prise par vous" in thomas.get(f"/tasks/{task_id}").text and "Nadia Belkacem" not in thomas.get("/tasks").text
    thomas.post(f"/tasks/{task_id}/release")
    assert "Libre" in thomas.get(f"/tasks/{task_id}").text


def test_a_task_of_another_group_says_why_not_and_who_can(house: House) -> None:
    task_id = to_admissibility(house)
    page = house.client("paul").get(f"/tasks/{task_id}").text
    assert "Vous n’êtes dans aucun des groupes qui font cette tâche." in page and "Nadia Belkacem et Thomas Mercier" in page
    assert 'aria-disabled="true"' in page
    refused = house.client("paul").post(f"/tasks/{task_id}/claim")
    assert refused.status_code == 403 and "Nadia Belkacem" in refused.text


def test_the_second_to_complete_a_task_is_told_that_it_is_done(house: House) -> None:
    task_id = to_admissibility(house)
    house.do("nadia", "Étudier la recevabilité", {"outcome": "admissible"})
    late = house.client("thomas").post(f"/tasks/{task_id}/complete", data={"outcome": "admissible"})
    assert late.status_code == 409
    assert "Fait le" in house.client("thomas").get(f"/tasks/{task_id}").text


def test_an_applicant_reaches_nothing_of_another_organisation(house: House) -> None:
    mine, me = open_case(house, "vae")
    theirs, them = open_case(house, "skills-assessment")
    task_id = re.search(r'/portal/tasks/([0-9a-z-]+)"', house.client(them).get(f"/portal/{theirs}").text)[1]  # type: ignore[index]
    document = re.search(r'href="(/documents/[0-9a-z-]+)"', house.client(them).get(f"/portal/{theirs}").text)[1]  # type: ignore[index]
    client = house.client(me)
    assert client.get(f"/portal/{mine}").status_code == 200
    for address in (f"/portal/{theirs}", f"/cases/{theirs}", f"/cases/{theirs}/data", f"/portal/tasks/{task_id}", f"/tasks/{task_id}",
                    document):
        assert client.get(address).status_code in (403, 404), address
    for address in (f"/tasks/{task_id}/complete", f"/tasks/{task_id}/draft", f"/portal/{theirs}/withdraw", f"/documents/of/{theirs}",
                    f"/cases/{theirs}/comments"):
        data = {**flat(SIGNED), "sure": "yes", "text": "x", "file": (io.BytesIO(b"%PDF-1.7"), "a.pdf")}
        assert client.post(address, data=data).status_code in (403, 404), address
    assert "2027-0002" not in client.get("/portal", follow_redirects=True).text


def test_an_applicant_sees_no_page_of_the_house(house: House) -> None:
    case_id, login = open_case(house)
    client = house.client(login)
    for address in ("/tasks", "/cases", "/deadlines", "/operations"):
        assert client.get(address, follow_redirects=True).request.path.startswith("/portal"), address
    for address in ("/demo/mailbox", f"/cases/{case_id}/evidence.json"):
        assert client.get(address).status_code in (403, 404), address
    page = client.get(f"/cases/{case_id}", follow_redirects=True)
    assert "Votre certification Qualiopi" in page.text and "Commentaires" not in page.text


def test_an_applicant_withdraws_only_when_sure(house: House) -> None:
    case_id, login = open_case(house)
    client = house.client(login)
    assert client.post(f"/portal/{case_id}/withdraw", data={"reason": "Trop cher"}).status_code == 422
    assert client.post(f"/portal/{case_id}/withdraw", data={"reason": "Trop cher", "sure": "yes"}).status_code == 303
    house.play.settle()
    assert house.play.state(case_id) == "completed"
    assert "Rien à faire" not in client.get(f"/portal/{case_id}").text


def test_an_extension_asked_for_by_one_is_granted_by_another(house: House) -> None:
    case_id, _ = open_case(house)
    page = house.client("claire").get(f"/cases/{case_id}").text
    asked = re.search(rf"/cases/{case_id}/deadlines/([0-9a-z-]+)/extension", page)
    assert asked is not None, "the quote's deadline can be extended"
    address = f"/cases/{case_id}/deadlines/{asked[1]}"
    claire, maud, quentin = house.client("claire"), house.client("maud"), house.client("quentin")
    assert claire.post(f"{address}/extension", data={"days": "-1", "reason": "x"}).status_code == 422
    assert maud.post(f"{address}/extension", data={"days": "5", "reason": "Congés du dirigeant"}).status_code == 303
    assert "Congés du dirigeant" in claire.get(f"/cases/{case_id}").text
    other = claire.post(f"{address}/grant", data={"answer": "grant"})
    assert other.status_code == 403 and "Responsables de la certification" in other.text, "people of other groups are told who can"
    own = maud.post(f"{address}/grant", data={"answer": "grant"})
    assert own.status_code == 403 and "quatre yeux" in own.text
    assert quentin.post(f"{address}/grant", data={"answer": "grant"}).status_code == 303
    assert "Prolongée de" in maud.get(f"/cases/{case_id}").text


def test_a_comment_is_read_by_the_house_and_not_by_the_client(house: House) -> None:
    case_id, login = open_case(house)
    house.client("claire").post(f"/cases/{case_id}/comments", data={"text": "Rappeler <lundi>", "next": f"/cases/{case_id}"})
    assert "Rappeler &lt;lundi&gt;" in house.client("maud").get(f"/cases/{case_id}").text
    assert "Rappeler" not in house.client(login).get(f"/portal/{case_id}").text
    assert house.client("claire").post(f"/cases/{case_id}/comments", data={"text": "  "}).status_code == 422


@pytest.mark.parametrize(("name", "content", "status"), [
    ("preuve.pdf", b"%PDF-1.7 ...", 303), ("preuve.pdf", b"MZ not a pdf", 422), ("page.html", b"<script>", 422), ("", b"", 422),
    ("../../etc/preuve.txt", b"texte", 303), ("vide.pdf", b"", 422)])
def test_a_file_is_kept_when_it_is_what_it_says(house: House, name: str, content: bytes, status: int) -> None:
    case_id, login = open_case(house)
    client = house.client(login)
    assert client.post(f"/documents/of/{case_id}", data={"file": (io.BytesIO(content), name)}).status_code == status
    page = client.get(f"/portal/{case_id}").text
    assert (name.split("/")[-1] in page if status == 303 else "page.html" not in page) and "etc" not in page


def test_a_case_page_tells_where_it_stands_and_draws_it(house: House) -> None:
    to_admissibility(house)
    case_id = house.play.instances[0]
    page = house.client("maud").get(f"/cases/{case_id}").text
    assert "«\u00a0<strong>Étudier la recevabilité</strong>\u00a0» attend d’être prise" in page
    step = re.search(r'<a id="drawing-at-Activity_StudyAdmissibility" class="active" href="/tasks/[^"]+" aria-label="([^"]+)">', page)
    assert step is not None and html.unescape(step[1]) == "Étudier la recevabilité, en cours"
    assert "Lire le diagramme en texte" in page and "build/assets/viewer" not in page


def test_cases_are_found_by_organisation_and_by_number(house: House) -> None:
    open_case(house, "vae")
    open_case(house, "skills-assessment")
    maud = house.client("maud")
    assert "2027-0001" in maud.get("/cases?q=parcours").text and "2027-0002" not in maud.get("/cases?q=parcours").text
    assert "2027-0002" in maud.get("/cases?q=2027-0002").text
    assert "Rien ne correspond à «\u00a0nulle part\u00a0»." in maud.get("/cases?q=nulle+part").text
    assert maud.get("/cases/2027-0002").status_code == 200


def test_an_incident_is_tried_again_from_the_operations_page(house: House) -> None:
    house.outside.mail.up = False
    open_case(house)
    house.play.advance("P4D")
    page = house.client("remi").get("/operations").text
    incident = re.search(r"/operations/incidents/([0-9a-z-]+)/retry", page)
    assert incident is not None and "Ce que dit la machine" in page
    house.outside.mail.up = True
    assert house.client("remi").post(f"/operations/incidents/{incident[1]}/retry").status_code == 303
    house.play.settle()
    assert house.play.incidents() == [] and "Aucun incident." in house.client("remi").get("/operations").text


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_page_of_a_person_is_told_whole_in_their_language(house: House, locale: str) -> None:
    """The catalogue of the tests is strict: a page text without French raises."""
    case_id, login = open_case(house)
    house.play.advance("P40D")
    for who, address in (("maud", "/tasks"), ("maud", "/tasks?view=overdue"), ("maud", "/cases"), ("maud", f"/cases/{case_id}"),
                         ("maud", "/deadlines"), ("maud", "/deadlines?basis=law"), ("remi", "/operations"), (login, "/portal"),
                         (login, f"/portal/{case_id}"), ("", "/apply"), ("", "/verify"), ("", "/verify/unknown"), ("", "/login")):
        answer = house.client(who).get(f"{address}{'&' if '?' in address else '?'}lang={locale}", follow_redirects=True)
        assert answer.status_code == (404 if "unknown" in address else 200), address
        assert f'<html lang="{locale}"' in answer.text
