"""Every text of the shipped processes is there in French and in English, and says the same.

Rule: docs/diagrams.md, 4, 5 and the head of its list (texts.en.yaml); French typography of the house: no-break spaces, curved apostrophes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine import feel

PROCESSES = Path(__file__).parents[2] / "processes"
FOLDERS = sorted({path.parent for path in PROCESSES.glob("*/*.bpmn")})
of_every_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
of_every_form = pytest.mark.parametrize("path", sorted(PROCESSES.glob("*/*.form.json")), ids=lambda path: path.name.split(".")[0])
PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
TOLD = ("label", "description", "text")


def data(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@of_every_folder
def test_letters_say_the_same_in_both_languages(folder: Path) -> None:
    """Both read the same variables, and neither is a copy of the other."""
    for name, letter in data(folder / "letters.yaml")["letters"].items():
        for part in ("subject", "body"):
            french, english = letter[part]["fr"].strip(), letter[part]["en"].strip()
            assert french and english and french != english, f"{name}, {part}"
            assert _read(french) == _read(english), f"{name}, {part}"
            assert _faults(french) == [], f"{name}, {part}"


@of_every_folder
def test_deadlines_are_told_in_both_languages(folder: Path) -> None:
    for name, rule in data(folder / "deadlines.yaml")["rules"].items():
        texts = [rule["title"], rule["anchor"], *(version[key] for version in rule["versions"] for key in ("source", "consequence")
                                                  if key in version)]
        for text in texts:
            assert text["fr"] and text["en"] and text["fr"] != text["en"], name
            assert _faults(text["fr"]) == [], name


def test_groups_are_named_in_both_languages() -> None:
    for name, text in data(PROCESSES / "groups.yaml")["groups"].items():
        assert text["fr"] and text["en"], name


@of_every_form
def test_forms_are_told_in_both_languages(path: Path) -> None:
    """Each component has its English beside the French that form-js knows; each check its message and rule in both."""
    form, key = json.loads(path.read_text(encoding="utf-8")), path.name.removesuffix(".form.json")
    english = data(path.parent / "texts.en.yaml")["forms"][key]
    for name, component in _components(form["components"]):
        told = english.get(name) or {}
        assert {part for part in TOLD if component.get(part)} == {part for part in TOLD if told.get(part)}, name
        assert {one["value"] for one in component.get("values") or ()} == set(told.get("values") or ()), name
        for part in TOLD:
            assert _faults(component.get(part) or "") == [], f"{name}, {part}"
        properties = component.get("properties") or {}
        assert ("message_fr" in properties) == ("message_en" in properties) == ("check" in properties), name
        assert ("rule" in properties) == ("rule_en" in properties), name
        assert _faults(properties.get("message_fr", "")) == [], name
    assert set(english) == {name for name, component in _components(form["components"])}, "texts of components that are gone"


def _components(components: list[dict[str, Any]], before: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each component under the name its English text goes by."""
    for one in components:
        inside = f"{before}{one['path']}." if one["type"] == "dynamiclist" else before
        name = one.get("path") if one["type"] == "dynamiclist" else one.get("key") or one["id"]
        yield f"{before}{name}", one
        yield from _components(one.get("components") or [], inside)


def _read(text: str) -> set[str]:
    """The variables a text reads, but for those that are told in one language."""
    names: set[str] = set()
    for expression in PLACE.findall(text):
        names |= feel.compile(expression).names
    return names


def _faults(french: str) -> list[str]:
    """Where a French text lacks a no-break space or has a typewriter's apostrophe."""
    bare = PLACE.sub("x", french)
    return re.findall(r"\w+ [:;!?»%](?=\s|$)|«[^\u00a0].|\w+'\w+|\w+[;!?](?=\s|$)", bare)
