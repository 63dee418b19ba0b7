"""Where a drawing puts its elements: the diagram interchange of a BPMN file.

Owns: boxes of shapes, points of edges, boxes of labels, and the names of what is drawn beside the process (pools, notes, data).
Leaves: what the elements mean to `model`, how they look to `web.drawing`.
Promises: never raises for what stands in a file; a shape without a box or an edge without two points is left out.
Rule: BPMN 2.0.2, chapter 12.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any

from engine.bpmn.xml import BPMN, BPMNDI, Node, child, flag, local, reference, text

DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
Point = tuple[float, float]
_FARTHEST = 1_000_000.0     #: a coordinate beyond it is a mistake, not a drawing


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in the units of the drawing."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape. `kind` and `name`: tag and name of its element; `expanded`: a sub-process whose inside is drawn in it."""

    element: str
    kind: str
    name: str
    box: Box
    label: Box | None = None
    expanded: bool = False
    horizontal: bool = True


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge: a sequence or message flow, or an association."""

    element: str
    kind: str
    name: str
    points: tuple[Point, ...]
    label: Box | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """One plane of a file: `of` is the process, collaboration or sub-process it shows. Shapes and edges in the order drawn."""

    of: str
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]

    @property
    def bounds(self) -> Box:
        """The smallest box around all of it, labels included."""
        boxes = [box for one in self.shapes for box in (one.box, one.label) if box is not None]
        boxes += [one.label for one in self.edges if one.label is not None]
        points = [point for edge in self.edges for point in edge.points]
        left = min([box.x for box in boxes] + [x for x, _ in points])
        top = min([box.y for box in boxes] + [y for _, y in points])
        right = max([box.right for box in boxes] + [x for x, _ in points])
        bottom = max([box.bottom for box in boxes] + [y for _, y in points])
        return Box(left, top, right - left, bottom - top)


@lru_cache(maxsize=64)
def read(document: Node) -> tuple[Layout, ...]:
    """Read the planes of a file that have something drawn, as `Reading.documents` holds it."""
    elements = {node.get("id"): node for node in document.iter(f"{{{BPMN}}}*") if node.get("id")}
    planes = [Layout(reference(plane.get("bpmnElement")), tuple(_shapes(plane, elements)), tuple(_edges(plane, elements)))
              for plane in document.iter(f"{{{BPMNDI}}}BPMNPlane")]
    return tuple(plane for plane in planes if plane.shapes)


def of_process(document: Node, process_id: str) -> Layout | None:
    """The plane a process is drawn on: its own, that of the collaboration with its pool, else the first that shows one of its elements."""
    planes = read(document)
    holder = next((node for node in document.iter(f"{{{BPMN}}}process") if node.get("id") == process_id), None)
    inside = set() if holder is None else {node.get("id") for node in holder.iter(f"{{{BPMN}}}*")}
    return next((plane for plane in planes if plane.of == process_id or any(shape.element in inside for shape in plane.shapes)), None)


def of_sub_process(document: Node, element_id: str) -> Layout | None:
    """The plane that shows the inside of a collapsed sub-process, when there is one."""
    return next((plane for plane in read(document) if plane.of == element_id), None)


def _shapes(plane: Node, elements: dict[str, Node]) -> Iterator[Shape]:
    for node in plane.iter(f"{{{BPMNDI}}}BPMNShape"):
        element, box = reference(node.get("bpmnElement")), _box(node)
        if box is not None and element in elements:
            drawn = elements[element]
            yield Shape(element, local(drawn), _name(drawn), box, _label(node), flag(node, "isExpanded", False),
                        flag(node, "isHorizontal", True))


def _edges(plane: Node, elements: dict[str, Node]) -> Iterator[Edge]:
    for node in plane.iter(f"{{{BPMNDI}}}BPMNEdge"):
        element = reference(node.get("bpmnElement"))
        points = [(x, y) for way in node.iter(f"{{{DI}}}waypoint")
                  if (x := _number(way.get("x"))) is not None and (y := _number(way.get("y"))) is not None]
        if len(points) > 1 and element in elements:
            yield Edge(element, local(elements[element]), _name(elements[element]), tuple(points), _label(node))


def _name(node: Node) -> str:
    """The name of an element; of a note, its text."""
    return " ".join((node.get("name") or text(child(node, "text")) or "").split())


def _label(node: Node) -> Box | None:
    found = next(iter(node.iter(f"{{{BPMNDI}}}BPMNLabel")), None)
    return _box(found) if found is not None else None


def _box(node: Node) -> Box | None:
    bounds: Any = next((one for one in node.iterchildren(f"{{{DC}}}Bounds")), None)
    if bounds is None:
        return None
    sides = [_number(bounds.get(name)) for name in ("x", "y", "width", "height")]
    if any(side is None for side in sides):
        return None
    x, y, width, height = (side or 0.0 for side in sides)
    return Box(x, y, width, height) if width > 0 and height > 0 else None


def _number(written: str | None) -> float | None:
    try:
        number = float(written or "")
    except ValueError:
        return None
    return number if isfinite(number) and abs(number) <= _FARTHEST else None
