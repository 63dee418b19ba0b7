"""What the editors of the studio ask and are told: expressions, tables that are tried, forms that are looked at, both languages."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient

from tests.web.house import House

FORM = "plan_judgement.form.json"
TABLE = "nc_counting.dmn"
EDITORS = Path("web/editors/studio")


@pytest.fixture(scope="module")
def house() -> House:
    return House(datetime(2027, 2, 1, 9))


def open_draft(client: FlaskClient, name: str, key: str = "remediation") -> str:
    """Open a draft; the address of its page comes back."""
    return str(client.post(f"/studio/processes/{key}/drafts", data={"name": name}).location)


def given(client: FlaskClient, draft: str, path: str) -> dict[str, Any]:
    """What an editor begins with."""
    found: dict[str, Any] = client.get(f"{draft}/editor/{path}").get_json()
    return found


def test_an_expression_is_judged_by_the_parser_of_the_engine_with_the_place_of_the_fault(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Expression")
    assert client.post(f"{draft}/expression", json={"text": '= amount > 10 and category = "CFA"'}).json == {"fault": None}
    fault = client.post(f"{draft}/expression", json={"text": "1 +\n(2 * "}).get_json()["fault"]
    assert (fault["line"], fault["column"]) == (2, 6) and fault["message"].startswith("Ligne 2")
    assert client.post(f"{draft}/expression", json={"text": "> 5, < 2", "kind": "unary"}).json == {"fault": None}


def test_a_log_in_that_has_run_out_is_told_to_an_editor_with_the_way_back(house: House) -> None:
    draft = open_draft(house.client("odile"), "Sans session")
    sent = {"path": "x", "content": "", "text": "1", "revision": 1, "files": {}, "decision": "", "language": "fr"}
    for call in ("check", "files", "expression", "decide", "preview"):
        answer = house.client().post(f"{draft}/{call}", json={**sent, "values": {} if call == "decide" else []})
        assert answer.status_code == 401, call
        assert answer.get_json()["log_in"] == "/login" and answer.get_json()["sentence"]
    assert house.client("anna").post(f"{draft}/check", json={"path": "x", "content": ""}).status_code == 403


def test_the_plan_in_text_is_told_of_what_is_drawn_and_not_saved(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Plan")
    drawn = given(client, draft, "remediation.bpmn")["content"].replace('name="Juger le plan d’actions"', 'name="Lire le plan"')
    told = client.post(f"{draft}/check", json={"path": "remediation.bpmn", "content": drawn}).get_json()["plan"]
    assert any("Lire le plan (tâche d’une personne, Auditeur)" in line for line in told["Activity_JudgePlan"])


def test_a_table_is_tried_as_it_stands_on_the_screen_and_says_which_row_holds(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Essai", "certification")
    table = given(client, draft, TABLE)["content"]

    def tried(content: str, **values: str) -> dict[str, Any]:
        answer: dict[str, Any] = client.post(f"{draft}/decide", json={
            "path": TABLE, "content": content, "decision": "nc_counting", "values": values}).get_json()
        return answer

    key = re.findall(r'<decision id="(\w+)"', table)[0]
    table = table.replace(key, "nc_counting")
    nothing = tried(table)
    assert [(one["name"], one["type"]) for one in nothing["asks"]] == [("minor", "number"), ("major", "number")]
    assert nothing["result"] is None
    found = tried(table, minor="5", major="0")["result"]
    assert [one["rule"] for one in found["matched"]] == [2] and "remedy_first" in found["value"]
    sent = {"path": TABLE, "content": table, "decision": "nc_counting", "values": {"minor": "beaucoup"}}
    refused = client.post(f"{draft}/decide", json=sent)
    assert refused.status_code == 422 and "minor" in refused.get_json()["sentence"]
    assert tried("<", minor="5")["result"]["faults"], "a table that cannot be read is told, not raised"
    assert client.post(f"{draft}/decide", json={"path": TABLE}).status_code == 422


def test_a_gap_and_an_overlap_are_told_at_their_place_with_an_example(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Trou", "certification")
    table = given(client, draft, TABLE)["content"]
    gap = table.replace("<text>&lt; 5</text>", "<text>&lt; 4</text>").replace("<text>< 5</text>", "<text>&lt; 4</text>")
    assert gap != table
    told = client.post(f"{draft}/check", json={"path": TABLE, "content": gap}).get_json()["problems"]
    assert any(one["code"] == "dmn.gap" and one["file"] == TABLE and "= 4" in one["message"] for one in told)
    overlap = table.replace("<text>&lt; 5</text>", "<text>&lt; 7</text>")
    told = client.post(f"{draft}/check", json={"path": TABLE, "content": overlap}).get_json()["problems"]
    problem = next(one for one in told if one["code"] == "dmn.overlap")
    assert f'id="{problem["element"]}"' in table and problem["address"].endswith(f"/table/{TABLE}#{problem['element']}")


def test_a_form_is_shown_as_people_will_meet_it_in_either_language_before_it_is_saved(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Aperçu")
    form = json.loads(given(client, draft, FORM)["content"])
    form["components"].append({"type": "textfield", "id": "Field_extra", "key": "extra", "label": "Une remarque de plus"})
    english = {"forms": {"plan_judgement": {**given(client, draft, FORM)["english"], "extra": {"label": "One more remark"}}}}

    def shown(language: str, values: list[list[str]]) -> str:
        answer = client.post(f"{draft}/preview", json={"path": FORM, "content": json.dumps(form), "english": english, "language": language,
                                                       "values": values})
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["html"])

    assert "Une remarque de plus" in shown("fr", []) and "One more remark" in shown("en", [])
    assert 'value="déjà tapé"' in shown("fr", [["extra", "déjà tapé"]])
    assert client.post(f"{draft}/preview", json={"path": FORM, "content": "{}", "language": "de", "values": []}).status_code == 422
    assert "extra" not in given(client, draft, FORM)["content"]


def test_english_texts_are_saved_with_the_form_in_one_save_and_the_others_stay(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Anglais")
    seen, before = given(client, draft, FORM), yaml.safe_load(given(client, draft, "texts.en.yaml")["content"])
    texts = {**seen["english"], "comment": {"label": "What to change"}}
    sent = {"files": {FORM: seen["content"]}, "english": {"forms": {"plan_judgement": texts}}}
    saved = client.post(f"{draft}/files", json={**sent, "revision": seen["revision"]})
    assert saved.get_json()["revision"] == seen["revision"] + 1
    after = yaml.safe_load(given(client, draft, "texts.en.yaml")["content"])
    assert after["forms"]["plan_judgement"]["comment"] == {"label": "What to change"}
    assert {key: one for key, one in after["forms"].items() if key != "plan_judgement"} == {
        key: one for key, one in before["forms"].items() if key != "plan_judgement"}
    again = client.post(f"{draft}/files", json={**sent, "english": {"other": {}}, "revision": seen["revision"] + 1})
    assert again.status_code == 422


def test_english_texts_that_cannot_be_read_are_not_written_over(house: House) -> None:
    client = house.client("odile")
    draft = open_draft(client, "Illisible")
    revision = given(client, draft, FORM)["revision"]
    assert client.post(f"{draft}/files", json={"files": {"texts.en.yaml": "forms: ["}, "revision": revision}).status_code == 200
    answer = client.post(f"{draft}/files", json={"files": {}, "english": {"forms": {"x": {"y": {"label": "Z"}}}}, "revision": revision + 1})
    assert answer.status_code == 422 and "texts.en.yaml" in answer.get_json()["sentence"]
    assert given(client, draft, "texts.en.yaml")["content"] == "forms: ["


#: both languages of a text where it is used, `say("…", "…")`; a pair of a list, `["…", "…"]`
LITERAL = r"""(["`])((?:(?!\{0})[^\\]|\\.)*)\{0}"""
SAID = re.compile(r"\bsay\(\s*" + LITERAL.format(1) + r"\s*,\s*" + LITERAL.format(3))
PAIR = re.compile(r"\[(?:\"[^\"]*\", )?" + LITERAL.format(1) + r",\s*" + LITERAL.format(3))
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*$", re.DOTALL | re.MULTILINE)
#: a text in quotes that somebody would read: words with a space between them, or a letter that English has not
ALONE = re.compile(r"""["`](?:[A-ZÀ-Ý][a-zà-ÿ’]+ [a-zà-ÿ’ ]+[a-zà-ÿ.…?]|[^"`\n]*[éèêàçùœ’«»][^"`\n]*)["`]""")
#: catalogues of the libraries’ texts, and the words of typography
NO_TEXTS = {"french.ts", "words.ts"}


@pytest.mark.parametrize("path", sorted(path for path in EDITORS.rglob("*.ts") if path.name not in NO_TEXTS), ids=lambda path: path.stem)
def test_every_text_of_the_editors_exists_in_french_and_english(path: Path) -> None:
    source = COMMENT.sub("", path.read_text(encoding="utf-8"))
    told = [(french, english) for _, french, _, english in SAID.findall(source)]
    assert len(told) == len(re.findall(r"""\bsay\(\s*["`]""", source)), "a text has one language only"
    for french, english in told:
        assert english.strip(), french
        assert "'" not in re.sub(r"\$\{.*?\}", "", french), f"French writes ’: {french}"
        assert not re.search(r"[a-zà-ÿ][!?;»]", french), f"French puts a space before high signs: {french}"
        assert not re.search(r"[a-z] [!?;:](?: |$)", english), f"English puts none: {english}"
    assert ALONE.findall(PAIR.sub("", SAID.sub("", source))) == [], "a text stands in one language only"
