"""The studio's pages: what they show, who may see them, and the way of a draft to a version that new cases take."""

from __future__ import annotations

import html
import re
from datetime import date, datetime
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient

from tests.web.house import House

PATH = "minor_follow_up.bpmn"


@pytest.fixture(scope="module")
def house() -> House:
    return House(datetime(2027, 2, 1, 9))


def open_draft(client: FlaskClient, name: str, key: str = "remediation") -> str:
    """Open a draft by its form; its id comes back."""
    answer = client.post(f"/studio/processes/{key}/drafts", data={"name": name})
    assert answer.status_code == 303, answer.text
    return answer.location.rsplit("/", 1)[1]


def content(client: FlaskClient, draft: str, path: str = PATH) -> dict[str, Any]:
    """What an editor begins with."""
    found = client.get(f"/studio/drafts/{draft}/editor/{path}").json
    assert isinstance(found, dict)
    return found


def save(client: FlaskClient, draft: str, files: dict[str, str], revision: int) -> Any:
    return client.post(f"/studio/drafts/{draft}/files", json={"revision": revision, "files": files})


def test_only_process_owners_see_the_studio(house: House) -> None:
    refused = house.client("anna").get("/studio")
    assert refused.status_code == 403 and "Responsables de processus" in refused.text
    assert 'href="/studio"' not in house.client("anna").get("/tasks").text
    assert 'href="/studio"' in house.client("odile").get("/tasks").text


def test_a_version_is_read_with_everything_in_it_in_both_languages(house: House) -> None:
    client = house.client("odile")
    address = re.findall(r'/studio/versions/[0-9a-f]+', client.get("/studio").text)[0]
    french, english = client.get(address).text, client.get(address + "?lang=en", follow_redirects=True).text
    client.get("/studio?lang=fr")
    for text in ("Formulaires", "Tables de décision", "Règles de délai", "Lettres", "Scénarios", "arrêté du 6 juin 2019", 'class="plan"'):
        assert text in french
    for text in ("Forms", "Decision tables", "Deadline rules", "order of 6 June 2019", "Read the diagram as text"):
        assert text in english
    assert client.get(address + "/zip").data.startswith(b"PK")
    client.get("/studio?lang=fr")                           # a language is kept with the person


def test_the_editor_is_told_all_that_a_diagram_may_name(house: House) -> None:
    client = house.client("odile")
    words = content(client, open_draft(client, "Vocabulaire"), "remediation.bpmn")["vocabulary"]
    notify = next(one for one in words["handlers"] if one["id"] == "client.notify")
    letter, language = (next(one for one in notify["inputs"] if one["name"] == name) for name in ("letter", "locale"))
    assert notify["name"] == "Écrire au client" and notify["tries"] == 12
    assert (letter["type"], letter["names"], letter["required"]) == ("string", "letter", True)
    assert (language["required"], [one["id"] for one in language["choices"]]) == (False, ["fr", "en"])
    rule = next(one for one in words["rules"] if one["id"] == "nc.major.correction")
    assert "3\u00a0mois" in rule["name"] and "arrêté du 6 juin 2019" in rule["source"]
    assert [line[0] for line in rule["sum"]["lines"]] == ["", "+", "="], "the sum, counted from today"
    assert {"id": "auditor", "name": "Auditeurs"} in words["groups"]
    variables = {one["id"]: one for one in words["variables"]}
    assert variables["judgement.outcome"]["type"] == "un choix" and "Juger le plan d’actions" in variables["judgement.outcome"]["from"]
    assert "plan_asked_on" in variables and {"deadline", "count", "today"} <= {one["id"] for one in words["functions"]}
    assert any("Juger le plan" in one["name"] and one["id"] == "plan_judgement" for one in words["forms"])


def test_only_an_editor_page_may_set_styles_from_script(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Styles")
    editor = client.get(f"/studio/drafts/{draft}/draw/{PATH}")
    assert "style-src 'self' 'unsafe-inline'" in editor.headers["Content-Security-Policy"]
    assert "script-src 'self';" in editor.headers["Content-Security-Policy"]
    for address in ("/studio", f"/studio/drafts/{draft}", f"/studio/drafts/{draft}/publishing"):
        assert "unsafe-inline" not in client.get(address).headers["Content-Security-Policy"]


def test_a_problem_is_told_while_drawing_with_its_remedy_and_saves_nothing(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Problème")
    drawn = content(client, draft)
    broken = drawn["content"].replace('jalon:form="minor_evidence"', 'jalon:form="none_such"')
    problems = client.post(f"/studio/drafts/{draft}/check", json={"path": PATH, "content": broken}).json["problems"]
    found = next(one for one in problems if "none_such" in one["message"])
    assert found["file"] == PATH and found["element"].startswith("Activity_") and found["remedy"]
    assert found["address"].endswith(f"/draw/{PATH}#{found['element']}")
    assert content(client, draft) == drawn
    unreadable = client.post(f"/studio/drafts/{draft}/check", json={"path": PATH, "content": "<"}).json["problems"]
    assert unreadable[0]["level"] == "error"


def test_nobody_saves_over_what_they_have_not_seen(house: House) -> None:
    odile, remi = house.client("odile"), house.client("remi")
    draft = open_draft(odile, "Conflit")
    seen = content(odile, draft)
    theirs = save(remi, draft, {PATH: seen["content"].replace("Suivi d’une mineure", "Suivi d’une NC mineure")}, seen["revision"])
    assert theirs.status_code == 200 and theirs.json["revision"] == seen["revision"] + 1
    mine = save(odile, draft, {PATH: seen["content"].replace("Suivi d’une mineure", "Le suivi")}, seen["revision"])
    assert mine.status_code == 409 and "Rémi Castel" in mine.json["sentence"]
    assert "Suivi d’une NC mineure" in content(odile, draft)["content"]
    assert save(odile, draft, {"../x.bpmn": "<"}, seen["revision"] + 1).status_code == 422
    assert odile.post(f"/studio/drafts/{draft}/files", data="no JSON").status_code == 422


def test_differences_are_told_in_words_and_marked_in_the_picture(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Différences")
    seen = content(client, draft)
    save(client, draft, {PATH: seen["content"].replace('name="Ouvrir le suivi"', 'name="Commencer le suivi"')}, seen["revision"])
    page = client.get(f"/studio/drafts/{draft}/changes", follow_redirects=True).text
    assert "« Ouvrir le suivi » s’appelle maintenant « Commencer le suivi »." in page.replace("\u00a0", " ")
    place = re.findall(r'<a href="#(plan-after-[^"]+)">« Ouvrir le suivi', page.replace("\u00a0", " "))[0]
    assert f'<g id="{place}" class="changed"' in page, "the words lead to their place in the picture"


def test_the_button_to_publish_says_what_is_missing(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Rien encore")
    page = client.get(f"/studio/drafts/{draft}/publishing").text
    assert re.search(r'<button class="button button-main" type="button" aria-disabled="true" aria-describedby="missing">', page)
    assert "il faut un changement" in page and "l’accord d’une deuxième personne est à demander" in page
    assert client.post(f"/studio/drafts/{draft}/publication").status_code == 409
    assert client.post(f"/studio/drafts/{draft}/approval", data={"request": "Voyez"}).status_code == 409


def rule_form(client: FlaskClient, draft: str, rule: str) -> dict[str, str]:
    """The fields of the form of a rule as a browser would send them."""
    page = client.get(f"/studio/drafts/{draft}/rules/{rule}").text
    form = {name: html.unescape(value) for name, value in re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page)
            if name not in ("q", "to_validate", "pause", "new_version")}
    form |= {name: html.unescape(text) for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>([^<]*)<', page)}
    return {**form, "basis": "law" if 'value="law" selected' in page else "body", "roll": "none"}


def test_saving_a_rule_as_it_stands_changes_nothing_that_people_read(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Règle intacte")
    for rule in ("nc.major.correction", "nc.minor.plan"):
        form = rule_form(client, draft, rule)
        if rule == "nc.minor.plan":
            form["to_validate"] = "yes"
        answer = client.post(f"/studio/drafts/{draft}/rules/{rule}", data=form)
        assert answer.status_code == 303, answer.text
    page = client.get(f"/studio/drafts/{draft}/changes", follow_redirects=True).text
    assert "Seule l’écriture du fichier change, rien de ce qu’il dit." in page
    assert page.count('class="is-warn"') == 1


def test_a_rule_gets_a_new_version_from_a_day_on(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Nouvelle durée")
    form = rule_form(client, draft, "nc.minor.plan")
    wrong = client.post(f"/studio/drafts/{draft}/rules/nc.minor.plan", data={**form, "length": "un mois"})
    assert wrong.status_code == 422 and "« length » n’est pas une durée : un mois." in wrong.text.replace("\u00a0", " ")
    assert 'value="un mois"' in wrong.text, "what was typed stays"
    saved = client.post(f"/studio/drafts/{draft}/rules/nc.minor.plan", data={
        **form, "length": "P45D", "to_validate": "yes", "new_version": "yes", "new_from": "2027-07-01",
        "reminders": "après P15D\navant P5D"})
    assert saved.status_code == 303
    older, newer = yaml.safe_load(content(client, draft, "deadlines.yaml")["content"])["rules"]["nc.minor.plan"]["versions"]
    assert (older["valid"]["to"], newer["valid"]["from"], newer["length"]) == (date(2027, 6, 30), date(2027, 7, 1), "P45D")
    assert newer["reminders"] == [{"after": "P15D"}, {"before": "P5D"}]
    assert "1 problème" not in client.get(f"/studio/drafts/{draft}/publishing").text
    assert client.post(f"/studio/drafts/{draft}/rules/nc.minor.plan", data=form).status_code == 422, "an older revision"


def test_a_letter_is_previewed_and_saved_in_both_languages(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Lettre")
    letter = {"key": "one_more", "subject_fr": "Dossier {{ case_number }}", "subject_en": "Case {{ case_number }}",
              "body_fr": "Bonjour,\r\n\r\nAvant le {{ day(\"nc.minor.plan\", notified_on) }} : {{ only_here }}", "body_en": "Hello"}
    shown = client.post(f"/studio/drafts/{draft}/letters/new", data={**letter, "do": "preview"}).text
    assert "Dossier <b>2027-0412</b>" in shown and "<mark>only_here</mark>" in shown and "<b>3" in shown
    revision = content(client, draft)["revision"]
    bad = client.post(f"/studio/drafts/{draft}/letters/new", data={**letter, "body_en": "{{ 1 + }}", "revision": revision})
    assert bad.status_code == 422 and "1 +" in bad.text
    assert client.post(f"/studio/drafts/{draft}/letters/new", data={**letter, "revision": revision}).status_code == 303
    kept = content(client, draft, "letters.yaml")["content"]
    assert yaml.safe_load(kept)["letters"]["one_more"]["body"]["fr"].startswith("Bonjour,\n\nAvant le {{ day(")
    assert kept.startswith("#"), "the comment on top stays"
    page = client.get(f"/studio/drafts/{draft}/changes", follow_redirects=True).text
    assert "one_more" in page and page.count('class="is-warn"') <= 1
