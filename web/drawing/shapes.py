"""One shape or edge of a drawing, as SVG.

Owns: how activities, events, gateways, pools, lanes, notes and data look, and the lines between them.
Leaves: where they stand to `engine.bpmn.layout`, their signs to `glyphs`, the whole to `picture`.
Promises: every word comes out escaped.
"""

from __future__ import annotations

from math import atan2, degrees

from markupsafe import Markup

from engine.bpmn.layout import Box, Edge, Shape
from engine.bpmn.model import Element
from engine.bpmn.reader import ACTIVITIES, EVENTS, GATEWAYS
from web.drawing import glyphs
from web.drawing.lettering import LINE, lines

_HEAD = 'M0 0-9-4.200v8.400z'
_SIGN = Markup('<g class="glyph" transform="translate({} {})">{}</g>')


def shape(one: Shape, element: Element | None, name: str) -> Markup:
    """The SVG of a shape, without its place among the others. `element`: None for what is drawn beside the process."""
    if one.kind in ACTIVITIES:
        return _activity(one, element, name)
    if one.kind in EVENTS:
        return _event(one, element) + _named(one, name)
    if one.kind in GATEWAYS:
        return _gateway(one) + _named(one, name)
    if one.kind in ("participant", "lane"):
        return _band(one, name)
    return _beside(one, name)


def edge(one: Edge, name: str, css: str) -> Markup:
    """A line with its head and its name."""
    way = Markup("M") + Markup("L").join(Markup("{} {}").format(number(x), number(y)) for x, y in one.points)
    kind = {"sequenceFlow": "flow", "messageFlow": "flow message"}.get(one.kind, "flow association")
    line = Markup('<path class="{} {}" d="{}"/>').format(kind, css, way)
    if one.kind in ("sequenceFlow", "messageFlow"):
        (fx, fy), (x, y) = one.points[-2], one.points[-1]
        line += Markup('<path class="head {}" transform="translate({} {}) rotate({})" d="{}"/>').format(
            css, number(x), number(y), _angle(x - fx, y - fy), _HEAD)
    return line + (label(one.label or _beside_line(one, name), name, "flow-name") if name else Markup(""))


def label(box: Box, name: str, css: str = "event-name") -> Markup:
    """A name beside its shape, in the middle of its box."""
    return _text(lines(name, max(box.width + 8, 56), 5, 11.5), box.middle[0], box.y + 10, css) if name else Markup("")


def _named(one: Shape, name: str) -> Markup:
    """The name of an event or gateway where it was drawn; one above its shape that takes more lines in this language grows upwards."""
    box = one.label or _below(one.box, name)
    over = LINE * len(lines(name, max(box.width + 8, 56), 5, 11.5)) - box.height
    above = box.bottom <= one.box.y + 6
    return label(Box(box.x, box.y - over, box.width, box.height) if above and over > 0 else box, name)


def number(value: float) -> str:
    """A coordinate without needless digits."""
    return f"{value:.1f}".removesuffix(".0")


def _activity(one: Shape, element: Element | None, name: str) -> Markup:
    box, called = one.box, one.kind == "callActivity"
    css = f"shape{' call' if called else ''}{' event-sub' if element is not None and element.triggered_by_event else ''}"
    drawn = _rect(box, css, 8)
    if one.kind == "transaction":
        drawn += _rect(Box(box.x + 4, box.y + 4, box.width - 8, box.height - 8), "shape line", 6)
    if one.kind in glyphs.TASKS:
        drawn += _SIGN.format(number(box.x + 13), number(box.y + 13), Markup(glyphs.TASKS[one.kind]))
    signs = _foot_signs(one, element)
    for at, sign in enumerate(signs):
        drawn += _SIGN.format(number(box.middle[0] + (at - (len(signs) - 1) / 2) * 18), number(box.bottom - 11), Markup(sign))
    if one.expanded:
        return drawn + _text(lines(name, box.width - 20, 1), box.middle[0], box.y + 18, "activity-name")
    left = 22.0 if one.kind in glyphs.TASKS and box.height < 60 else 0.0
    written = lines(name, box.width - 12 - left, max(int((box.height - 8 - (16 if signs else 0)) // LINE), 1))
    middle = box.middle[1] - (6 if signs else 0) + (4 if one.kind in glyphs.TASKS and len(written) > 3 else 0)
    return drawn + _text(written, box.middle[0], middle - (len(written) - 1) * LINE / 2 + 4.2, "activity-name")


def _foot_signs(one: Shape, element: Element | None) -> list[str]:
    if element is None:
        return []
    signs = [glyphs.LOOPS[element.loop.kind]] if element.loop is not None else []
    if one.kind == "callActivity" or (one.kind in ("subProcess", "transaction", "adHocSubProcess") and not one.expanded):
        signs.append(glyphs.INSIDE)
    if one.kind == "adHocSubProcess":
        signs.append(glyphs.AD_HOC)
    if element.for_compensation:
        signs.append(glyphs.COMPENSATION)
    return signs


def _event(one: Shape, element: Element | None) -> Markup:
    (x, y), radius = one.box.middle, min(one.box.width, one.box.height) / 2
    dashed = element is not None and not element.interrupting
    ring = Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>')
    css = f"shape{' end' if one.kind == 'endEvent' else ''}{' dashed' if dashed else ''}"
    drawn = ring.format(css, number(x), number(y), number(radius))
    if one.kind in ("boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"):
        drawn += ring.format(f"shape inner{' dashed' if dashed else ''}", number(x), number(y), number(radius - 3.2))
    sign = _event_sign(element)
    if not sign:
        return drawn
    throws = one.kind in ("endEvent", "intermediateThrowEvent")
    scale = radius / 18 if abs(radius - 18) > 1 else 0.0
    inside = Markup('<g transform="scale({})">{}</g>').format(number(scale), Markup(sign)) if scale else Markup(sign)
    return drawn + Markup('<g class="glyph{}" transform="translate({} {})">{}</g>').format(
        " throws" if throws else "", number(x), number(y), inside)


def _event_sign(element: Element | None) -> str:
    if element is None or not element.events:
        return ""
    if len(element.events) > 1:
        return glyphs.EVENTS["parallel" if element.parallel_multiple else "multiple"]
    return glyphs.EVENTS.get(element.events[0].kind, "")


def _gateway(one: Shape) -> Markup:
    (x, y), width, height = one.box.middle, one.box.width / 2, one.box.height / 2
    drawn = Markup('<path class="shape" d="M{0} {1}l{2} {3}-{2} {3}-{2}-{3}z"/>').format(
        number(x), number(y - height), number(width), number(height))
    return drawn + _SIGN.format(number(x), number(y), Markup(glyphs.GATEWAYS.get(one.kind, "")))


def _band(one: Shape, name: str) -> Markup:
    """A pool or a lane with its name along its edge; of a pool, the edge is ruled off."""
    box, css = one.box, "pool" if one.kind == "participant" else "lane"
    drawn = _rect(box, css, 0)
    if one.horizontal:
        if css == "pool":
            drawn += Markup('<path class="pool" d="M{} {}v{}"/>').format(number(box.x + 30), number(box.y), number(box.height))
        return drawn + Markup('<text class="band-name" transform="translate({} {}) rotate(-90)">{}</text>').format(
            number(box.x + 19), number(box.middle[1]), name)
    if css == "pool":
        drawn += Markup('<path class="pool" d="M{} {}h{}"/>').format(number(box.x), number(box.y + 30), number(box.width))
    return drawn + Markup('<text class="band-name" x="{}" y="{}">{}</text>').format(number(box.middle[0]), number(box.y + 19), name)


def _beside(one: Shape, name: str) -> Markup:
    """A note, a group, or data."""
    box = one.box
    if one.kind == "textAnnotation":
        bracket = Markup('<path class="line" d="M{} {}h-8v{}h8"/>').format(number(box.x + 8), number(box.y), number(box.height))
        return bracket + _text(lines(name, box.width - 14, max(int(box.height // LINE), 1)), box.x + 8, box.y + 15, "note-text")
    if one.kind == "group":
        return _rect(box, "group", 8) + label(one.label or box, name)
    if one.kind == "dataStoreReference":
        return _rect(box, "shape", 12) + label(one.label or _below(box, name), name)
    fold = 10.0
    page = Markup('<path class="shape" d="M{} {}h{}l{} {}v{}h-{}z"/>').format(
        number(box.x), number(box.y), number(box.width - fold), number(fold), number(fold), number(box.height - fold), number(box.width))
    return page + label(one.label or _below(box, name), name)


def _rect(box: Box, css: str, corner: float) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>').format(
        css, number(box.x), number(box.y), number(box.width), number(box.height), number(corner))


def _text(written: tuple[str, ...], x: float, y: float, css: str) -> Markup:
    """Lines of text, the first on `y`."""
    if len(written) == 1:
        return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(css, number(x), number(y), written[0])
    rows = Markup("").join(Markup('<tspan x="{}" dy="{}">{}</tspan>').format(number(x), number(LINE) if at else "0", row)
                           for at, row in enumerate(written))
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(css, number(x), number(y), rows) if written else Markup("")


def _below(box: Box, name: str) -> Box:
    """Where a name goes whose place nobody has drawn: under its shape."""
    return Box(box.middle[0] - 45, box.bottom + 2, 90, LINE * len(lines(name, 98, 5, 11.5)))


def _beside_line(one: Edge, name: str) -> Box:
    """Where the name of a line goes whose place nobody has drawn: over the middle of its first piece."""
    (ax, ay), (bx, by) = one.points[0], one.points[1]
    return Box((ax + bx) / 2 - 30, (ay + by) / 2 - 16, 60, LINE * len(lines(name, 68, 5, 11.5)))


def _angle(dx: float, dy: float) -> str:
    return number(degrees(atan2(dy, dx)))
