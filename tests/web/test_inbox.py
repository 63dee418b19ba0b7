"""The pages of the inbox without script: filters in the address, several at once, undo, saved views, refusals, what follows, previews."""

from __future__ import annotations

import html
import io
import re
from datetime import datetime
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from engine.queries.asked import Asked
from tests.web.house import House, flat
from tests.web.test_work import SIGNED, open_case

START = datetime(2027, 2, 1, 9)


@pytest.fixture
def house() -> House:
    return House(START)


def studies(house: House, count: int = 2) -> list[str]:
    """Ids of tasks to study admissibility, of as many cases."""
    for name in ("vae", "skills-assessment", "independent-trainer")[:count]:
        case_id, login = open_case(house, name)
        house.play.complete("Activity_SignContract", SIGNED, login, instance_id=case_id)
        house.play.complete("Activity_RecordContract", {"received_on": "2027-02-01"}, "claire", instance_id=case_id)
        house.play.settle()
    return [work.token for work in house.play.open_work() if work.element == "Activity_StudyAdmissibility"]


def shown(client: FlaskClient, address: str) -> list[str]:
    """Ids of the cards of a list."""
    return re.findall(r'class="task-card[^"]*" data-task="([0-9a-z-]+)"', client.get(address).text)


def undo(client: FlaskClient, page: str) -> int:
    """Press the button of the note that undoes."""
    form = re.search(r'<div class="toast".*?<form method="post" action="([^"]+)">(.*?)</form>', page, re.S)
    assert form is not None, "nothing can be undone"
    fields = [(html.unescape(name), html.unescape(value)) for name, value in re.findall(r'name="([^"]*)" value="([^"]*)"', form[2])]
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    return client.post(html.unescape(form[1]), data=data).status_code


def test_search_order_and_filters_stand_in_the_address(house: House) -> None:
    one, two = studies(house)
    nadia = house.client("nadia")
    assert set(shown(nadia, "/tasks?view=groups")) == {one, two}
    siren = house.play.variables(house.play.instances[0])["application"]["organisation"]["siren"]
    assert len(shown(nadia, f"/tasks?view=groups&search={siren[:3]}+{siren[3:6]}+{siren[6:]}")) == 1
    assert shown(nadia, "/tasks?view=groups&step=Activity_Decide") == []
    page = nadia.get("/tasks?view=groups&order=newest&late=yes&search=zzz").text
    assert "Sans filtre" in page and 'value="newest" selected' in page and "«\u00a0zzz\u00a0»" in page
    assert nadia.get("/tasks?view=nowhere&order=&after=%00&milestone=" + "x" * 500).status_code == 200


@pytest.mark.parametrize(("action", "fields", "sentence"), [
    ("claim", {}, "2 tâches prises."), ("follow_up", {"on": "2027-02-05"}, "2 tâches mises de côté.")])
def test_several_are_done_at_once_and_undone_at_once(house: House, action: str, fields: dict[str, str], sentence: str) -> None:
    ids, nadia = studies(house), house.client("nadia")
    if action != "claim":
        nadia.post("/tasks/several", data={"task": ids, "action": "claim"})
        nadia.get("/tasks")
    answer = nadia.post("/tasks/several", data={"_list": "view=groups", "task": ids, "action": action, **fields}, follow_redirects=True)
    assert sentence in answer.text and answer.request.args["view"] == "groups"
    assert undo(nadia, answer.text) == 303
    assert len(shown(nadia, "/tasks")) == (0 if action == "claim" else 2)


def test_what_several_could_not_do_says_rule_fact_and_who_can(house: House) -> None:
    one, two = studies(house)
    house.client("thomas").post(f"/tasks/{one}/claim")
    answer = house.client("nadia").post("/tasks/several", data={"task": [one, two], "action": "claim"})
    assert answer.status_code == 200
    left = html.unescape(re.findall(r'<section class="notice is-warn several-left".*?</section>', answer.text, re.S)[0])
    assert "Thomas Mercier a pris cette tâche." in left and "Règle\u00a0: une seule personne à la fois" in left
    assert "Peuvent le faire\u00a0: Thomas Mercier" in left
    assert "Une tâche prise." in answer.text
    refused = house.client("paul").post("/tasks/several", data={"task": [two], "action": "claim"})
    assert refused.status_code == 409 and "aucun des groupes" in refused.text and "Nadia Belkacem" in refused.text


@pytest.mark.parametrize("data", [{}, {"task": ["a"]}, {"task": ["a"], "action": "explode"}, {"action": "claim"},
                                  {"task": ["a"], "action": "follow_up", "on": "yesterday"}])
def test_several_asked_wrongly_change_nothing(house: House, data: dict[str, object]) -> None:
    assert house.client("nadia").post("/tasks/several", data=data).status_code == 422


def test_each_command_on_one_task_is_undone_by_its_note(house: House) -> None:
    [task] = studies(house, 1)
    nadia, thomas = house.client("nadia"), house.client("thomas")
    steps = [("claim", {}, lambda: shown(nadia, "/tasks") == []),
             ("release", {}, lambda: shown(nadia, "/tasks") == [task]),
             ("follow-up", {"on": "2027-02-09"}, lambda: shown(nadia, "/tasks") == [task]),
             ("hand-over", {"to": house.play.people["thomas"].id},
              lambda: shown(nadia, "/tasks") == [task] and not shown(thomas, "/tasks"))]
    for action, data, holds in steps:
        if action != "claim":
            nadia.post(f"/tasks/{task}/claim")
            nadia.get("/tasks")
        page = nadia.post(f"/tasks/{task}/{action}", data=data, follow_redirects=True).text
        assert undo(nadia, page) == 303, action
        assert holds(), action


def test_after_completion_the_page_says_who_is_next_and_by_when_and_offers_one_s_own(house: House) -> None:
    one, two = studies(house)
    nadia = house.client("nadia")
    answer = nadia.post(f"/tasks/{one}/complete", data={"outcome": "admissible", "_list": "view=groups"})
    assert answer.status_code == 303 and answer.location == f"/tasks/{one}/done?view=groups"
    house.play.settle()
    page = nadia.get(answer.location).text
    assert "Proposer l’audit" in page and "Chargés de planification" in page and "avant la fin du" in html.unescape(page)
    assert f'href="/tasks/{two}?view=groups"' in page and "Ouvrir ma prochaine tâche" in page
    assert nadia.get(f"/tasks/{two}/done").status_code == 302


def test_the_slower_one_is_told_who_was_faster_and_keeps_what_was_typed(house: House) -> None:
    [task] = studies(house, 1)
    house.client("thomas").post(f"/tasks/{task}/complete", data={"outcome": "admissible"})
    answer = house.client("nadia").post(f"/tasks/{task}/complete", data={"outcome": "inadmissible", "note": "Le siège a fermé"})
    assert answer.status_code == 409
    assert "Thomas Mercier a terminé cette tâche (aujourd’hui à 9" in html.unescape(answer.text) and "Le siège a fermé" in answer.text
    assert "Voir ce qui a été écrit" in answer.text


def test_who_may_not_send_is_told_why_beside_what_was_typed(house: House) -> None:
    [task] = studies(house, 1)
    house.client("thomas").post(f"/tasks/{task}/claim")
    answer = house.client("nadia").post(f"/tasks/{task}/complete", data={"outcome": "inadmissible", "note": "Le siège a fermé"})
    assert answer.status_code == 403 and "Thomas Mercier a pris cette tâche" in answer.text and "Le siège a fermé" in answer.text
    assert "une seule personne à la fois" in answer.text and "Peuvent" in answer.text


def test_a_pulse_is_not_sent_twice(house: House) -> None:
    [task] = studies(house, 1)
    nadia, thomas = house.client("nadia"), house.client("thomas")
    first = nadia.get(f"/tasks/pulse?view=groups&task={task}")
    assert nadia.get(f"/tasks/pulse?view=groups&task={task}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    thomas.post(f"/tasks/{task}/claim")
    second = nadia.get(f"/tasks/pulse?view=groups&task={task}", headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200 and second.json is not None
    assert second.json["list"] != (first.json or {})["list"] and "Thomas Mercier a pris" in second.json["task"]["holder"][1]


def test_the_page_and_the_pulse_agree_when_nothing_has_changed(house: House) -> None:
    [task] = studies(house, 1)
    nadia = house.client("nadia")
    page = html.unescape(nadia.get(f"/tasks/{task}?view=groups").text)
    pulse = nadia.get(f"/tasks/pulse?view=groups&task={task}").json or {}
    assert f'data-mark="{pulse["list"]}"' in page
    for name, (mark, _) in pulse["task"].items():
        assert f'"{name}": "{mark}"' in page


def test_saved_views_are_renamed_and_deleted_by_their_owner_only(house: House) -> None:
    nadia, claire = house.client("nadia"), house.client("claire")
    kept = nadia.post("/tasks/views", data={"name": "À voir", "_list": "view=groups&late=yes"})
    view = kept.location.split("saved=")[1]
    assert Asked.read(house_view(house, view)) == Asked("groups", late=True)
    assert claire.post(f"/tasks/views/{view}/rename", data={"name": "x"}).status_code == 404
    assert claire.post(f"/tasks/views/{view}/delete").status_code == 404
    assert "À voir" in claire.get(f"/tasks?saved={view}").text
    nadia.post(f"/tasks/views/{view}/rename", data={"name": "Vus"})
    page = nadia.post(f"/tasks/views/{view}/delete", follow_redirects=True).text
    assert claire.get(f"/tasks?saved={view}").status_code == 404
    assert undo(nadia, page) == 303 and "Vus" in nadia.get("/tasks").text


def house_view(house: House, view: str) -> dict[str, str]:
    from engine.queries import Queries
    queries = Queries(house.store, house.play.engine.library, house.play.clock, house.settings)
    return queries.saved_view(view, house.play.people["nadia"]).asked.told()


def test_the_search_everywhere_is_for_people_of_the_house(house: House) -> None:
    case_id, login = open_case(house)
    number = str(house.play.case_number(case_id)) if hasattr(house.play, "case_number") else "2027-0001"
    found = house.client("claire").get(f"/search?q={number}")
    assert number in found.text and f"/cases/{case_id}" in found.text
    assert "Rien trouvé" in house.client("claire").get("/search?q=zzzz").text
    refused = house.client(login).get(f"/search?q={number}")
    assert refused.status_code == 302 and refused.location.endswith("/portal")
    assert house.client().get("/search?q=x", headers={"X-Piece": "yes"}).status_code == 401


def test_organisations_and_certificates_are_found_without_accents(house: House) -> None:
    case_id, _ = open_case(house)
    name = house.play.variables(case_id)["application"]["organisation"]["name"]
    page = house.client("claire").get(f"/search?q={name[:5].lower()}").text
    assert "Organismes" in page and html.escape(name) in page


def test_who_is_logged_in_reads_in_their_own_language_whatever_the_cookie(house: House) -> None:
    nadia = house.client("nadia")
    nadia.set_cookie("jalon_language", "en")
    assert "Mes tâches" in nadia.get("/tasks").text
    assert "My tasks" in nadia.get("/tasks?lang=en").text
    assert "My tasks" in nadia.get("/tasks").text, "who chooses by a link reads in that language from then on"


def test_subjects_and_notes_of_the_process_are_told_in_the_reader_s_language(house: House) -> None:
    from engine.definitions.package import Package
    from tests.web.house import process_files
    element = Package.read("remediation", process_files()["remediation"]).model.processes["remediation"].elements["Activity_VerifyEvidence"]
    assert "indicator" in element.ext.subject_en and "indicateur" in element.ext.subject
    assert "three months" in element.documentation.en and "trois mois" in element.documentation.fr


def test_what_an_answer_makes_necessary_is_not_called_optional(house: House) -> None:
    [task] = studies(house, 1)
    nadia = house.client("nadia")

    def labels(outcome: str) -> dict[str, str]:
        page = nadia.post(f"/tasks/{task}/complete", data=flat({"outcome": outcome, "_refresh": "1"})).text
        return {name: label for name, label in re.findall(r'<label for="f-([\w-]+)">(.*?)</label>', page, re.S)}

    needed = [name for name, label in labels("inadmissible").items() if "facultatif" not in label]
    assert needed, "a refusal needs its reason"


PDF = b"%PDF-1.7 minimal"


def office(member: str) -> bytes:
    """An archive that looks like an Office file."""
    kept = io.BytesIO()
    with ZipFile(kept, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(member, "<x/>")
    return kept.getvalue()


@pytest.mark.parametrize(("name", "content", "shown_as", "policy"), [
    ("preuve.pdf", PDF, "<iframe", "frame-ancestors 'self'"), ("photo.png", b"\x89PNG\r\n\x1a\n....", "<img", "sandbox"),
    ("note.txt", "Relevé d’heures <b>".encode(), "Relevé d’heures &lt;b&gt;", "sandbox"), ("liste.csv", b"a;b\n1;2", "<pre", "sandbox"),
    ("grille.xlsx", office("xl/workbook.xml"), "téléchargez-le", "sandbox")])
def test_a_document_is_previewed_by_its_kind_and_nothing_else_is_shown(house: House, name: str, content: bytes, shown_as: str,
                                                                        policy: str) -> None:
    case_id, login = open_case(house)
    client = house.client("claire")
    assert client.post(f"/documents/of/{case_id}", data={"file": (io.BytesIO(content), name)}).status_code == 303
    [document] = [key for key in re.findall(r'/documents/([0-9a-z-]+)"[^>]*>' + re.escape(name), client.get(f"/cases/{case_id}").text)]
    preview = client.get(f"/documents/{document}/preview")
    assert shown_as in preview.text and "<html" in preview.text
    assert "<html" not in client.get(f"/documents/{document}/preview", headers={"X-Piece": "yes"}).text
    file = client.get(f"/documents/{document}")
    assert policy in file.headers["Content-Security-Policy"] and file.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert ("attachment" in file.headers["Content-Disposition"]) == (name.rpartition(".")[2] in ("xlsx", "csv"))
    assert "attachment" in client.get(f"/documents/{document}?download=1").headers["Content-Disposition"]
    assert house.client(login).get(f"/documents/{document}/preview").status_code in (403, 404)


@pytest.mark.parametrize(("name", "content"), [
    ("page.txt", b"<!DOCTYPE html><script>"), ("programme.txt", b"MZ\x90"), ("macro.docx", office("word/vbaProject.bin")),
    ("faux.docx", office("xl/workbook.xml")), ("faux.ods", b"PK\x03\x04 nothing"), ("page.html", b"x")])
def test_a_file_that_is_not_what_it_says_is_refused_by_its_content(house: House, name: str, content: bytes) -> None:
    case_id, _ = open_case(house)
    assert house.client("claire").post(f"/documents/of/{case_id}", data={"file": (io.BytesIO(content), name)}).status_code == 422


def test_a_task_says_what_may_come_after_it(house: House) -> None:
    [task] = studies(house, 1)
    page = html.unescape(house.client("nadia").get(f"/tasks/{task}").text)
    then = re.findall(r'<div class="then">(.*?)</div>', page, re.S)
    assert then and "selon votre réponse" in then[0] and "Donner les précisions (Demandeur" in then[0]
