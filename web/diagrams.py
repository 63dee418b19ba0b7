"""The diagram of a case: its drawing with what is marked on it, the ways into what it calls, and the same as an outline in words.

Owns: which marks a case gives its drawing, the outline, the list of places where something waits.
Leaves: how it is drawn to `web.drawing`, where tokens are and were to `engine.queries.trail`.
Promises: whatever the picture shows, the outline says; a process that nobody has drawn still has its outline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import url_for

from engine.bpmn.layout import Layout, of_process
from engine.bpmn.model import Element, Process
from engine.definitions import Bundle
from engine.errors import NotFound
from engine.queries.shapes import CasePage, Trail
from web.case_pages import Drawing, Place, Step
from web.catalogue import locale, ngettext, say
from web.drawing import Link, Marks, draw
from web.drawing.picture import anchor
from web.host import host
from web.wording import Mark

#: What a reader of the outline follows: work and ends, not gateways and flows.
TOLD = ("userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask", "task", "callActivity",
        "subProcess", "transaction", "adHocSubProcess", "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent")
NOTHING = Trail()


class NotInCase(NotFound):
    """Nothing of this case runs in such a process."""

    fr = "Rien de ce dossier ne se passe dans un tel processus."


def drawn(page: CasePage, process_id: str = "") -> Drawing:
    """The drawing of a case, or of a process it calls. Raises: NotInCase."""
    bundle = host().engine.library.bundle(page.definition_id, page.bindings)
    known = {one.id: one for package in bundle.packages.values() for one in package.processes}
    wanted = process_id or page.line.process
    if wanted not in known or (process_id and wanted not in page.trails):
        raise NotInCase(process=wanted)
    return _Case(page, bundle, known).drawing(known[wanted])


@dataclass(frozen=True)
class _Case:
    """A case before its diagrams."""

    page: CasePage
    bundle: Bundle
    known: Mapping[str, Process]

    def drawing(self, process: Process) -> Drawing:
        package, layout = self.bundle.package_of(process.id), self._layout(process)
        marks = self._marks(process, layout)
        places = tuple(Place(process.elements[key].name(locale()), count, f"#{anchor(key)}", _mark(marks, key))
                       for key, count in marks.here.items())
        picture = draw(layout, package.model, marks, locale=locale(), title=say("Diagram: %(process)s", process=process.name(locale())),
                       description=_told(places)) if layout is not None else None
        return Drawing(process.id, process.name(locale()), picture, tuple(self._outline(process, marks)), places,
                       len(self._calls_of(process.id)))

    def _layout(self, process: Process) -> Layout | None:
        document = self.bundle.package_of(process.id).reading.documents.get(process.file)
        return of_process(document, process.id) if document is not None else None

    def _marks(self, process: Process, layout: Layout | None) -> Marks:
        trail = self.page.trails.get(process.id, NOTHING)
        visible = {shape.element for shape in layout.shapes} if layout is not None else set(process.elements)
        here, late, failed = Counter[str](), set[str](), set[str]()
        for key, count, is_late, is_failed in self._waiting(process, trail):
            place = _place(process, key, visible)
            here[place] += count
            late |= {place} if is_late else set()
            failed |= {place} if is_failed else set()
        return Marks(here=dict(here), passed=trail.passed, late=frozenset(late), failed=frozenset(failed), taken=trail.taken,
                     skipped=_skipped(process, trail, over=self.page.line.ended_at is not None), links=self._links(process, here, late))

    def _waiting(self, process: Process, trail: Trail) -> Iterator[tuple[str, int, bool, bool]]:
        """Elements where tokens wait, with how many, whether one is late and whether one stands still; calls with what waits inside."""
        late = {task.element for task in self.page.tasks if task.process == process.id and task.standing == "late"}
        for key, count in trail.here.items():
            element = process.elements.get(key)
            armed = element is not None and (bool(element.attached_to) or element.kind == "startEvent") and key not in trail.failed
            if element is not None and not armed:
                yield key, count, key in late, key in trail.failed
        for element in process.elements.values():
            inside = self.known.get(element.called)
            if inside is not None and inside.id != process.id and element.id in trail.reached:
                found = list(self._waiting(inside, self.page.trails.get(inside.id, NOTHING)))
                if found:
                    yield (element.id, sum(count for _, count, _, _ in found), any(one[2] for one in found), any(one[3] for one in found))

    def _links(self, process: Process, here: Mapping[str, int], late: set[str]) -> dict[str, Link]:
        """Tasks that wait lead to their page, calls into what they call."""
        links: dict[str, Link] = {}
        for task in self.page.tasks:
            if task.process == process.id:
                told = say("%(step)s, %(state)s", step=task.name(locale()), state=say("late") if task.element in late else say("under way"))
                links.setdefault(task.element, Link(url_for("tasks.show", task_id=task.id), told))
        for element in process.elements.values():
            if element.called in self.page.trails and element.called != process.id:
                told = say("%(step)s: look inside", step=element.name(locale()))
                links[element.id] = Link(url_for("cases.inside", instance_id=self.page.line.id, process_id=element.called), told)
        return links

    def _calls_of(self, process_id: str) -> set[str]:
        return {task.subject.fr for task in self.page.tasks if task.process == process_id}

    def _outline(self, process: Process, marks: Marks) -> Iterator[Step]:
        lanes = {element: lane.name(locale()) for lane in process.lanes for element in lane.elements}
        for element in _in_order(process):
            if element.kind in TOLD and element.name(locale()):
                inside = self.known.get(element.called) if element.called in self.page.trails else None
                children = tuple(self._outline(inside, self._marks(inside, None))) if inside is not None and inside.id != process.id else ()
                yield Step(element.id, element.name(locale()), lanes.get(element.id, ""), _mark(marks, element.id),
                           marks.here.get(element.id, 0), marks.passed.get(element.id, 0), children)


def _place(process: Process, key: str, visible: set[str]) -> str:
    """Where a token is shown: at its element, or at the sub-process around it when the inside is not drawn."""
    while key not in visible and key in process.elements and process.elements[key].parent in process.elements:
        key = process.elements[key].parent
    return key


def _skipped(process: Process, trail: Trail, *, over: bool) -> frozenset[str]:
    """What no token will come to any more as the case stands: behind the branches that gateways did not take."""
    decided = {flow.id for flow in process.flows.values() if flow.source in trail.passed and flow.id not in trail.taken
               and _is_gateway(process.elements.get(flow.source))}
    skipped: set[str] = set()
    for _ in process.elements:
        more = {element.id for element in process.elements.values() if element.id not in trail.reached and element.id not in skipped
                and element.incoming and all(key in decided or process.flows[key].source in skipped for key in element.incoming)}
        if not more:
            break
        skipped |= more
    if over:
        skipped |= {key for key, element in process.elements.items() if key not in trail.reached and not element.attached_to}
    return frozenset(skipped | decided | {flow.id for flow in process.flows.values() if flow.source in skipped})


def _is_gateway(element: Element | None) -> bool:
    return element is not None and element.kind in ("exclusiveGateway", "inclusiveGateway", "eventBasedGateway")


def _mark(marks: Marks, element_id: str) -> Mark:
    return {
        "risk": Mark("is-risk", "alert", say("Incident")), "late": Mark("is-warn", "late", say("Late")),
        "active": Mark("is-active", "active", say("Under way")), "done": Mark("is-done", "done", say("Done")),
        "skipped": Mark("is-idle", "skipped", say("Not taken")),
    }.get(marks.of(element_id), Mark("is-idle", "open", say("Not yet")))


def _told(places: tuple[Place, ...]) -> str:
    """The picture in a sentence, for who does not see it; the outline says the rest."""
    if not places:
        return say("Nothing waits in it. The same stands below as a text.")
    told = ", ".join(f"{place.name} ({place.count})" if place.count > 1 else place.name for place in places)
    return ngettext("One place where something waits: %(places)s. The same stands below as a text.",
                    "%(num)d places where something waits: %(places)s. The same stands below as a text.",
                    len(places)) % {"num": len(places), "places": told}


def _in_order(process: Process) -> list[Element]:
    """The elements in the order a token may reach them, those off the main way after it."""
    order: dict[str, Element] = {}
    ahead = [element.id for element in process.starts()]
    attached: dict[str, list[str]] = {}
    for element in process.elements.values():
        if element.attached_to:
            attached.setdefault(element.attached_to, []).append(element.id)
    while ahead:
        element = process.elements[ahead.pop(0)]
        if element.id not in order:
            order[element.id] = element
            ahead += [process.flows[flow].target for flow in element.outgoing] + attached.get(element.id, [])
    return [*order.values(), *(element for element in process.elements.values() if element.id not in order)]
