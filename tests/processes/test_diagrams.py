"""The shipped diagrams are drawn with care: read from their own coordinates, as a reader's eye would.

Rule: docs/diagrams.md; a label counts with the box the diagram gives it, a flow with its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree  # type: ignore[import-untyped]

from engine import feel
from engine.bpmn import lint, reader
from handlers.catalogue import registry
from web.apply.blueprint import LETTER, LETTERS_OF
from web.auth import LOGIN_LETTER
from web.portal.contacts import INVITATION_LETTER

PROCESSES = Path(__file__).parents[2] / "processes"
DIAGRAMS = sorted(PROCESSES.glob("*/*.bpmn"))
NS = {"bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL", "di": "http://www.omg.org/spec/DD/20100524/DI",
      "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI", "dc": "http://www.omg.org/spec/DD/20100524/DC"}
JALON = "{urn:jalon:bpmn:1}"
Point = tuple[float, float]
#: What is drawn as a frame around others: flows pass over its edge.
FRAMES = {"participant", "lane", "subProcess"}
NAMED = {"lane", "participant", "process"}


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Box) -> bool:
        return self.left <= other.left and self.top <= other.top and other.right <= self.right and other.bottom <= self.bottom

    def overlaps(self, other: Box) -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def touched_by(self, start: Point, end: Point) -> bool:
        """Whether an upright or level line enters the inside."""
        left, right = sorted((start[0], end[0]))
        top, bottom = sorted((start[1], end[1]))
        return left < self.right and self.left < right + 0.01 and top < self.bottom and self.top < bottom + 0.01

    def has_on_border(self, point: Point) -> bool:
        x, y = point
        inside = self.left <= x <= self.right and self.top <= y <= self.bottom
        return inside and (x in (self.left, self.right) or y in (self.top, self.bottom))


@dataclass
class Drawing:
    """One file: its elements by id, and where they are drawn."""

    root: Any
    elements: dict[str, Any] = field(default_factory=dict)
    shapes: dict[str, Box] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)

    def kind(self, key: str) -> str:
        return str(etree.QName(self.elements[key]).localname)

    def nodes(self) -> list[str]:
        return [key for key in self.shapes if self.kind(key) not in ("lane", "participant")]

    def inner(self, key: str) -> bool:
        """Whether it stands in a sub-process."""
        return bool(etree.QName(self.elements[key].getparent()).localname == "subProcess")

    def lines(self, key: str) -> Iterator[tuple[Point, Point]]:
        yield from zip(self.edges[key], self.edges[key][1:], strict=False)


@cache
def drawing(path: Path) -> Drawing:
    found = Drawing(etree.parse(path).getroot())
    found.elements = {node.get("id"): node for node in found.root.iter(f"{{{NS['bpmn']}}}*") if node.get("id")}
    for shape in found.root.iterfind(".//bpmndi:BPMNShape", NS):
        found.shapes[shape.get("bpmnElement")] = _box(shape.find("dc:Bounds", NS))
    for edge in found.root.iterfind(".//bpmndi:BPMNEdge", NS):
        points = [(float(point.get("x")), float(point.get("y"))) for point in edge.iterfind("di:waypoint", NS)]
        found.edges[edge.get("bpmnElement")] = points
    for label in found.root.iterfind(".//bpmndi:BPMNLabel/dc:Bounds", NS):
        found.labels[label.getparent().getparent().get("bpmnElement")] = _box(label)
    return found


def _box(bounds: Any) -> Box:
    x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


@pytest.fixture(params=DIAGRAMS, ids=lambda path: path.stem)
def drawn(request: pytest.FixtureRequest) -> Drawing:
    return drawing(request.param)


def test_every_element_is_drawn(drawn: Drawing) -> None:
    kinds = {"startEvent", "endEvent", "boundaryEvent", "exclusiveGateway", "userTask", "serviceTask", "scriptTask", "sendTask",
             "businessRuleTask", "callActivity", "subProcess", "lane", "participant"}
    wanted = {key for key in drawn.elements if drawn.kind(key) in kinds}
    assert wanted == set(drawn.shapes)
    assert {key for key in drawn.elements if drawn.kind(key) == "sequenceFlow"} == set(drawn.edges)
    beside = {key for key in drawn.elements if key in drawn.edges or drawn.kind(key).endswith(("Event", "Gateway"))}
    assert {key for key in beside if drawn.elements[key].get("name")} == set(drawn.labels)


def test_flows_are_upright_or_level_and_end_on_borders(drawn: Drawing) -> None:
    for key, points in drawn.edges.items():
        flow = drawn.elements[key]
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in drawn.lines(key)), key
        assert drawn.shapes[flow.get("sourceRef")].has_on_border(points[0]), f"{key} leaves beside its source"
        assert drawn.shapes[flow.get("targetRef")].has_on_border(points[-1]), f"{key} arrives beside its target"


def test_no_flow_runs_through_a_shape(drawn: Drawing) -> None:
    through = []
    for key in drawn.edges:
        ends = {drawn.elements[key].get("sourceRef"), drawn.elements[key].get("targetRef")}
        hosts = {drawn.elements[end].get("attachedToRef") for end in ends}
        for other, box in drawn.shapes.items():
            framed = drawn.kind(other) in FRAMES and (drawn.kind(other) != "subProcess" or drawn.inner(key))
            if other not in ends | hosts and not framed and any(box.touched_by(*line) for line in drawn.lines(key)):
                through.append((key, other))
    assert not through


def test_no_two_flows_cross(drawn: Drawing) -> None:
    crossings = []
    keys = list(drawn.edges)
    for number, key in enumerate(keys):
        for other in keys[number + 1:]:
            if any(_cross(one, two) for one in drawn.lines(key) for two in drawn.lines(other)):
                crossings.append((key, other))
    assert not crossings


def test_labels_stand_clear(drawn: Drawing) -> None:
    faults = []
    for key, label in drawn.labels.items():
        for other, box in drawn.shapes.items():
            if drawn.kind(other) not in FRAMES and box.overlaps(label):
                faults.append((key, "over the shape", other))
            if drawn.kind(other) in ("lane", "subProcess") and box.overlaps(label) and not box.holds(label):
                faults.append((key, "over the edge of", other))
        faults += [(key, "over the label of", other) for other, box in drawn.labels.items() if other > key and box.overlaps(label)]
        faults += [(key, "over the flow", flow) for flow in drawn.edges if any(label.touched_by(*line) for line in drawn.lines(flow))]
    assert not faults


def test_shapes_stand_apart(drawn: Drawing) -> None:
    nodes = [key for key in drawn.nodes() if drawn.kind(key) not in ("boundaryEvent", "subProcess")]
    near = [(one, two) for number, one in enumerate(nodes) for two in nodes[number + 1:]
            if _grown(drawn.shapes[one], 20).overlaps(drawn.shapes[two])]
    assert not near


def test_lanes_hold_their_elements(drawn: Drawing) -> None:
    for lane in drawn.root.iterfind(".//bpmn:lane", NS):
        for reference in lane.iterfind("bpmn:flowNodeRef", NS):
            box = drawn.shapes[reference.text]
            assert drawn.shapes[lane.get("id")].holds(box) or drawn.kind(reference.text) == "boundaryEvent", reference.text
    told = [reference.text for reference in drawn.root.iterfind(".//bpmn:flowNodeRef", NS)]
    assert sorted(told) == sorted(key for key in drawn.nodes() if not drawn.inner(key))


def test_boundary_events_sit_on_the_border_of_their_host(drawn: Drawing) -> None:
    for key in drawn.nodes():
        if drawn.kind(key) == "boundaryEvent":
            box, host = drawn.shapes[key], drawn.shapes[drawn.elements[key].get("attachedToRef")]
            assert host.has_on_border(((box.left + box.right) / 2, (box.top + box.bottom) / 2)), key


def test_the_main_way_reads_from_left_to_right(drawn: Drawing) -> None:
    """Only a loop back to work that is done again may lead to the left."""
    back = {key for key in drawn.edges if drawn.edges[key][-1][0] < drawn.edges[key][0][0] - 1}
    returns = {"Activity_CompleteApplication", "Activity_GiveInformation", "Gateway_Conflict", "Event_GravityNotAllowed",
               "Activity_CompleteReport", "Activity_AskNdaAgain", "Activity_AskPlanAgain", "Activity_GrantMoreTime",
               "Activity_AskEvidenceAgain", "Event_CorrectionLapsed"}
    assert {drawn.elements[key].get("sourceRef") for key in back} <= returns


def test_ids_are_names_and_names_are_in_both_languages(drawn: Drawing) -> None:
    for key, node in drawn.elements.items():
        words = key.split("_")[1:]
        assert all(word[:1].isupper() and word.isalnum() for word in words) or key.islower(), key
        kind = drawn.kind(key)
        if node.get("name") and (key in drawn.shapes or key in drawn.edges or kind in NAMED):
            assert node.get(f"{JALON}nameEn"), f"{key} has no English name"
        if key in drawn.shapes:
            assert node.get("name"), f"{key} has no name"
    for milestone in drawn.root.iter(f"{JALON}milestone"):
        assert milestone.get("name") and milestone.get("nameEn")


def test_gateways_ask_and_their_flows_answer(drawn: Drawing) -> None:
    for key in drawn.nodes():
        if drawn.kind(key) == "exclusiveGateway":
            gateway = drawn.elements[key]
            assert gateway.get("name").endswith("\u00a0?"), key
            assert gateway.get("default"), f"{key} has no default flow"
            leaving = [flow for flow in drawn.edges if drawn.elements[flow].get("sourceRef") == key]
            assert all(drawn.elements[flow].get("name") for flow in leaving), key
            conditions = [flow for flow in leaving if drawn.elements[flow].find("bpmn:conditionExpression", NS) is not None]
            assert sorted([*conditions, gateway.get("default")]) == sorted(leaving), key


def test_letters_that_diagrams_and_pages_send_are_written() -> None:
    for folder in sorted({path.parent for path in DIAGRAMS}):
        letters = set(_data(folder / "letters.yaml")["letters"])
        sent = {line.get("value").strip('"') for path in folder.glob("*.bpmn") for line in drawing(path).root.iter(f"{JALON}input")
                if line.get("name") == "letter"}
        pages = {LETTER, LOGIN_LETTER, INVITATION_LETTER} if folder.name == LETTERS_OF else set()
        assert sent | pages == letters, folder.name


@pytest.mark.parametrize("folder", sorted({path.parent for path in DIAGRAMS}), ids=lambda folder: folder.name)
def test_the_lint_has_nothing_to_say(folder: Path) -> None:
    """Handlers, forms, decisions, rules, groups and processes the diagrams name exist; every expression reads what something sets."""
    reading = reader.read({path.name: path.read_bytes() for path in folder.glob("*.bpmn")})
    every = [drawing(path) for path in DIAGRAMS]
    known = lint.Known(
        handlers=frozenset(handler.name for handler in registry()), groups=frozenset(_data(PROCESSES / "groups.yaml")["groups"]),
        forms=frozenset(path.name.removesuffix(".form.json") for path in folder.glob("*.form.json")),
        decisions=frozenset(node.get("id") for path in folder.glob("*.dmn") for node in etree.parse(path).iterfind(".//{*}decision")),
        rules=frozenset(_data(folder / "deadlines.yaml")["rules"]),
        processes=frozenset(one.root.find("bpmn:process", NS).get("id") for one in every),
        activities=frozenset(key for one in every for key in one.nodes()))
    assert lint.check(reading, known) == []


def test_every_expression_can_be_read(drawn: Drawing) -> None:
    for tag in ("conditionExpression", "timeDate", "timeCycle", "script"):
        for node in drawn.root.iter(f"{{{NS['bpmn']}}}{tag}"):
            feel.compile(node.text)


def _data(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def _grown(box: Box, by: float) -> Box:
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)


def _cross(one: tuple[Point, Point], two: tuple[Point, Point]) -> bool:
    """Whether a level and an upright line cross in their insides, or two of the same kind run on top of each other."""
    (a, b), (c, d) = one, two
    if (a[1] == b[1]) != (c[1] == d[1]):
        level, upright = (one, two) if a[1] == b[1] else (two, one)
        left, right = sorted((level[0][0], level[1][0]))
        top, bottom = sorted((upright[0][1], upright[1][1]))
        return left < upright[0][0] < right and top < level[0][1] < bottom
    axis = 1 if a[1] == b[1] else 0
    if a[axis] != c[axis]:
        return False
    low, high = sorted((a[1 - axis], b[1 - axis]))
    other_low, other_high = sorted((c[1 - axis], d[1 - axis]))
    return low < other_high and other_low < high
