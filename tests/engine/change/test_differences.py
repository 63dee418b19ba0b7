"""What is different between two versions of a folder is told file by file, and nothing that differs is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.change.differences import compare
from engine.definitions import Package, read_folder
from tests.engine.diagrams import REVIEWED

PROCESSES = Path(__file__).parents[3] / "processes"
FORM = {"type": "default", "components": [
    {"type": "textfield", "id": "f1", "key": "name", "label": "Nom", "validate": {"required": True}},
    {"type": "select", "id": "f2", "key": "kind", "label": "Genre", "values": [
        {"value": "a", "label": "A"}, {"value": "b", "label": "B"}]}]}
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:t">
<decision id="price" name="Prix"><decisionTable hitPolicy="FIRST"><input id="i" label="Jours">
<inputExpression><text>days</text></inputExpression></input>
<output id="o" name="price"/><rule id="r1"><inputEntry><text>&lt; 2</text></inputEntry><outputEntry><text>100</text></outputEntry></rule>
<rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>200</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
RULES = """rules: {nc: {title: {fr: Majeure, en: Major}, anchor: day, versions: [
  {length: P3M, basis: law, source: art. 5, reminders: [{after: P1M}]}]}}"""
LETTER = "letters: {hello: {subject: {fr: Bonjour, en: Hello}, body: {fr: \"Un.\\n\\nDeux.\", en: \"One.\\n\\nTwo.\"}}}"
STORY = "says: It holds.\nstart: {process: p, at: 2026-01-31T09:00}\nsteps:\n  - {wait: P3M}\n"
FILES = {"p.bpmn": REVIEWED, "f.form.json": json.dumps(FORM).encode(), "t.dmn": TABLE.encode(), "deadlines.yaml": RULES.encode(),
         "letters.yaml": LETTER.encode(), "scenarios/a.yaml": STORY.encode()}


def words(path: str, old: str, new: str) -> list[str]:
    assert old in FILES[path].decode()
    after = FILES | {path: FILES[path].decode().replace(old, new).encode()}
    [file] = compare(Package.read("p", FILES), Package.read("p", after)).files
    assert file.path == path and file.mark == "changed" and all(text.fr for text in file.words)
    return [text.en for text in file.words]


@pytest.mark.parametrize(("path", "old", "new", "told"), [
    ("p.bpmn", "P3M", "P2M", "“event TooLate”, the timer: “P3M” becomes “P2M”."),
    ("f.form.json", '"required": true', '"required": false', "“field Nom”, required: “yes” becomes “no”."),
    ("f.form.json", '"label": "B"', '"label": "C"', "“field Genre”, the choices: “A, B” becomes “A, C”."),
    ("f.form.json", '"key": "name"', '"key": "title"', "New field “Nom”."),
    ("t.dmn", "<text>100</text>", "<text>150</text>", "“Prix, rule 1”, → price: “100” becomes “150”."),
    ("t.dmn", 'id="r2"', 'id="r3"', "“Prix”, new rule 2: - → 200."),
    ("t.dmn", 'hitPolicy="FIRST"', 'hitPolicy="UNIQUE"', "“Prix”, the hit policy: “FIRST” becomes “UNIQUE”."),
    ("t.dmn", "</definitions>", "", "The table cannot be read"),
    ("deadlines.yaml", "P3M", "P2M", "“Major”, the length: “3\u00a0months” becomes “2\u00a0months”."),
    ("deadlines.yaml", "{after: P1M}", "{after: P1M}, {before: P15D}",
     "“Major”, the reminders: “1\u00a0month after the start” becomes “1\u00a0month after the start, 15\u00a0days before the end”."),
    ("deadlines.yaml", "basis: law", "basis: body", "“Major”, the basis: “law” becomes “body”."),
    ("letters.yaml", "Deux.", "Trois.", "“letter hello in French”, the body: “Deux.” becomes “Trois.”."),
    ("scenarios/a.yaml", "P3M", "P2M", "“It holds.”, the story: “- {wait: P3M}” becomes “- {wait: P2M}”."),
    ("letters.yaml", "letters: ", "letters:  ", "Only the way the file is written changes, nothing it says."),
])
def test_each_file_tells_its_change(path: str, old: str, new: str, told: str) -> None:
    assert words(path, old, new)[0].startswith(told)


def test_a_drawing_that_was_only_moved_says_nothing_but_is_not_left_out() -> None:
    after = FILES | {"p.bpmn": REVIEWED.replace(b"</bpmn:definitions>", b"<!-- moved --></bpmn:definitions>")}
    [file] = compare(Package.read("p", FILES), Package.read("p", after)).files
    assert (file.path, file.words, file.changes[0].facet) == ("p.bpmn", (), "layout")


def test_new_and_removed_files_are_told_and_marks_name_the_elements_of_the_picture() -> None:
    after = {path: data for path, data in FILES.items() if path != "f.form.json"} | {
        "p.bpmn": REVIEWED.replace(b"Relire", b"Revoir"), "g.form.json": FILES["f.form.json"], "scenarios/fixtures/x.json": b"{}"}
    found = compare(Package.read("p", FILES), Package.read("p", after))
    assert [(one.path, one.mark) for one in found.files] == [("p.bpmn", "changed"), ("f.form.json", "removed"), ("g.form.json", "added"),
                                                             ("scenarios/fixtures/x.json", "added")]
    assert found.marks("p.bpmn") == {"Review": "changed"}


def test_an_english_name_that_changes_beside_the_diagram_is_told_at_its_element() -> None:
    texts = [FILES | {"texts.en.yaml": f"elements: {{Review: {name}}}".encode()} for name in ("Review", "Check")]
    found = compare(*(Package.read("p", files) for files in texts))
    assert [(file.path, [text.en for text in file.words]) for file in found.files] == [
        ("p.bpmn", ["“Review” is now called “Check”."]), ("texts.en.yaml", ["Only English texts change."])]


def test_two_whole_folders_compare_either_way() -> None:
    one, other = (Package.read(key, read_folder(PROCESSES / key)) for key in ("certification", "remediation"))
    for found in (compare(one, other), compare(other, one)):
        assert found.words and all(text.fr and text.en for text in found.words)
    assert compare(one, one).files == ()
