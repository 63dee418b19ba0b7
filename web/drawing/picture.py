"""A whole drawing as one SVG, with what is marked on it.

Owns: the order things are drawn in, the badges with counts, the links, what the picture is called.
Leaves: each shape to `shapes`, colours to the style sheet (`diagram.css`), which names them by token.
Promises: no script, no style of its own; what leads somewhere is a link that the keyboard reaches, in the order a token comes by; what is
only to be seen is hidden from who does not see it, for whom the page has the outline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from engine.bpmn.layout import Box, Layout, Shape
from engine.bpmn.model import Element, Model
from engine.bpmn.reader import ACTIVITIES
from engine.texts import Text
from web.drawing import shapes
from web.drawing.marks import Marks
from web.drawing.shapes import number

MARGIN = 16.0
_BANDS = {"participant": 0, "lane": 1, "group": 2}
_ANCHOR = "at-"


@dataclass(frozen=True)
class Picture:
    """A drawing to put into a page. `width`, `height`: in pixels at its own scale; `look`: the id of what to look at first."""

    svg: Markup
    width: int
    height: int
    look: str = ""


def draw(layout: Layout, model: Model, marks: Marks, *, locale: str, title: str, description: str, id: str = "drawing") -> Picture:
    """Draw a plane.

    Args:
        title, description: what who does not see it is told. id: of the `<svg>`, so that several may stand on a page.
    """
    elements = {key: element for process in model.processes.values() for key, element in process.elements.items()}
    names = _names(model, elements)
    bounds = layout.bounds
    box = Box(bounds.x - MARGIN, bounds.y - MARGIN, bounds.width + 2 * MARGIN, bounds.height + 2 * MARGIN)
    order = _order(layout, elements, marks)
    flows = Markup("").join(shapes.edge(edge, _name(names, edge.element, edge.name, locale), marks.of(edge.element))
                            for edge in sorted(layout.edges, key=lambda edge: marks.of(edge.element) == "done"))
    bands = Markup("").join(_group(one, elements, names, marks, locale, id) for one in order if one.kind in _BANDS)
    steps = Markup("").join(_group(one, elements, names, marks, locale, id) for one in order if one.kind not in _BANDS)
    svg = Markup('<svg id="{id}" class="plan" viewBox="{x} {y} {w} {h}" width="{w}" height="{h}" role="group"'
                 ' aria-labelledby="{id}-t {id}-d">'
                 '<title id="{id}-t">{title}</title><desc id="{id}-d">{told}</desc>'
                 '<g aria-hidden="true">{bands}{flows}</g>{steps}</svg>').format(
        id=id, x=number(box.x), y=number(box.y), w=number(box.width), h=number(box.height), title=title, told=description, bands=bands,
        flows=flows, steps=steps)
    first = next((one.element for group in (marks.failed, marks.late, marks.here) for one in order if one.element in group), "")
    return Picture(svg, round(box.width), round(box.height), f"{id}-{_ANCHOR}{first}" if first else "")


def anchor(element: str, id: str = "drawing") -> str:
    """The id of an element's group in a picture: the last part of an address that brings it into view."""
    return f"{id}-{_ANCHOR}{element}"


def _order(layout: Layout, elements: Mapping[str, Element], marks: Marks) -> list[Shape]:
    """Bands first, then what holds others, boundary events over their activity; links from left to right."""
    def depth(one: Shape) -> tuple[int, int, float]:
        element = elements.get(one.element)
        if one.kind in _BANDS:
            return 0, _BANDS[one.kind], 0
        edge = 2 if element is not None and element.attached_to else 0
        return 1 + edge + (0 if one.expanded else 1), 0, one.box.x if one.element in marks.links else 0
    return sorted(layout.shapes, key=depth)


def _group(one: Shape, elements: Mapping[str, Element], names: Mapping[str, Text], marks: Marks, locale: str, id: str) -> Markup:
    """A shape with its badge, in a link when it leads somewhere."""
    drawn = shapes.shape(one, elements.get(one.element), _name(names, one.element, one.name, locale)) + _badge(one, marks)
    css, place = marks.of(one.element), anchor(one.element, id)
    link = marks.links.get(one.element)
    if link is not None:
        return Markup('<a id="{}" class="{}" href="{}" aria-label="{}">{}</a>').format(place, css, link.address, link.told, drawn)
    return Markup('<g id="{}" class="{}" aria-hidden="true">{}</g>').format(place, css, drawn)


def _badge(one: Shape, marks: Marks) -> Markup:
    """How many tokens wait there; else, of an activity left several times, how often."""
    waiting, passed = marks.here.get(one.element, 0), marks.passed.get(one.element, 0)
    if waiting:
        return _pill(one.box, str(waiting), {"risk": "risk", "late": "late"}.get(marks.of(one.element).split(" ")[0], ""))
    return _pill(one.box, f"×\u2009{passed}", "passed") if passed > 1 and one.kind in ACTIVITIES else Markup("")


def _pill(box: Box, told: str, css: str) -> Markup:
    width = max(22.0, 10.0 + 7.2 * len(told))
    x, y = box.right - width + 8, box.y - 11
    return Markup('<g class="badge {}"><rect x="{}" y="{}" width="{}" height="22" rx="11"/><text x="{}" y="{}">{}</text></g>').format(
        css, number(x), number(y), number(width), number(x + width / 2), number(y + 15.3), told)


def _names(model: Model, elements: Mapping[str, Element]) -> dict[str, Text]:
    found = {key: element.name for key, element in elements.items()}
    for process in model.processes.values():
        found |= {flow.id: flow.name for flow in process.flows.values()} | {lane.id: lane.name for lane in process.lanes}
        found[f"={process.name.fr}"] = process.name     # a pool goes by the name of its process
    return found


def _name(names: Mapping[str, Text], element: str, drawn: str, locale: str) -> str:
    found = names.get(element) or names.get(f"={drawn}")
    return found(locale) if found is not None else drawn

