"""Pictures of diagrams: what is drawn, what is marked, and that nothing written in a diagram becomes markup."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn import layout, reader
from tests.engine.bpmn.test_layout import DRAWN
from web.drawing import Link, Marks, Picture, draw
from web.drawing.lettering import lines, width

DIAGRAMS = sorted(path for path in Path("processes").rglob("*.bpmn")) + sorted(Path("tests").rglob("*.bpmn"))


def picture(content: bytes, marks: Marks | None = None, locale: str = "fr") -> Picture:
    reading = reader.read({"p.bpmn": content})
    document = reading.documents["p.bpmn"]
    process = next(iter(reading.model.processes.values()))
    plane = layout.of_process(document, process.id)
    assert plane is not None
    return draw(plane, reading.model, marks or Marks(), locale=locale, title="Titre", description="Dit en une phrase")


def small(name: str = "Écrire", marks: Marks | None = None) -> Picture:
    return picture(DRAWN.format(x="100", extra="").replace("Écrire  une lettre", name).encode(), marks)


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.name)
def test_every_diagram_at_hand_is_drawn_as_well_formed_svg(path: Path) -> None:
    reading = reader.read({path.name: path.read_bytes()})
    for document in reading.documents.values():
        for plane in layout.read(document):
            drawn = draw(plane, reading.model, Marks(), locale="en", title="t", description="d")
            root = etree.fromstring(str(drawn.svg))
            assert root.get("viewBox") and len(root.findall("g")) + len(root.findall("a")) == 1 + len(
                [one for one in plane.shapes if one.kind not in ("participant", "lane", "group")])


def test_what_a_diagram_is_named_never_becomes_markup() -> None:
    told = str(small("&lt;script&gt;alert(1)&lt;/script&gt;").svg)
    assert "<script" not in told and "&lt;script&gt;" in told


def test_tokens_late_steps_and_incidents_are_told_by_class_and_count() -> None:
    told = str(small(marks=Marks(here={"Write": 3}, passed={"Start": 1}, taken=frozenset({"f"}))).svg)
    assert '<g id="drawing-at-Write" class="active"' in told and ">3</text>" in told
    assert 'class="flow done"' in told and '<g id="drawing-at-Start" class="done"' in told
    late = small(marks=Marks(here={"Write": 1}, late=frozenset({"Write"})))
    assert 'class="late"' in str(late.svg) and "badge late" in str(late.svg) and late.look == "drawing-at-Write"
    assert 'class="risk"' in str(small(marks=Marks(here={"Write": 1}, late=frozenset({"Write"}), failed=frozenset({"Write"}))).svg)


def test_what_leads_somewhere_is_a_link_with_words_and_the_rest_is_hidden_from_readers() -> None:
    told = str(small(marks=Marks(links={"Write": Link("/tasks/1?a=1&b=2", "Écrire, en cours")})).svg)
    assert '<a id="drawing-at-Write" class="" href="/tasks/1?a=1&amp;b=2" aria-label="Écrire, en cours">' in told
    assert '<g id="drawing-at-Start" class="" aria-hidden="true">' in told


def test_a_step_done_several_times_says_how_often() -> None:
    assert "×\u20094" in str(small(marks=Marks(passed={"Write": 4})).svg) and "×" not in str(small(marks=Marks(passed={"Write": 1})).svg)


@pytest.mark.parametrize("words", ["Étudier la recevabilité", "Anticonstitutionnellement", "a", "WWWWWWWWWWWWWWWWWWW", ""])
def test_no_line_is_wider_than_its_room(words: str) -> None:
    broken = lines(words, 60.0)
    assert all(width(line) <= 60 for line in broken if len(line) > 1)
    assert "".join(broken).replace("-", "").replace(" ", "") == words.replace(" ", "")
