"""The diagram of a case: which drawing, what is marked on it, and the same as an outline in words.

Owns: the marks for the viewer and the outline.
Leaves: the drawing to `engine.definitions`, where tokens are to `engine.queries`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import orjson

from engine.bpmn.model import Element, Flow, Lane, Process
from engine.errors import NotFound
from engine.queries.shapes import CasePage
from web.catalogue import locale, say
from web.host import host
from web.pages import Drawing, Step
from web.wording import Mark

#: What a reader of the outline follows: work and ends, not gateways and flows.
TOLD = ("userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask", "task", "callActivity",
        "subProcess", "startEvent", "endEvent", "intermediateCatchEvent")


def drawn(page: CasePage) -> Drawing:
    """The marks and the outline of a case."""
    process = _process(page)
    place = _places(process)
    here = Counter[str]()
    for element, count in page.here.items():
        if element in place:
            here[place[element]] += count
    late = sorted({place[task.element] for task in page.tasks if task.standing == "late" and task.element in place})
    named: list[Element | Flow | Lane] = [*process.elements.values(), *process.flows.values(), *process.lanes]
    names = {item.id: item.name.en for item in named if locale() == "en" and item.name.en}
    marks = {"done": list(page.done), "active": dict(here), "late": late, "names": names}
    return Drawing(orjson.dumps(marks).decode(), tuple(_outline(process, page, here, late)))


def source(page: CasePage) -> bytes:
    """The drawing itself, BPMN 2.0 XML."""
    return host().engine.library.package(page.definition_id).files[_process(page).file]


def _process(page: CasePage) -> Process:
    """The process a case runs. Raises: NotFound, when its version does not draw it."""
    process = host().engine.library.process(page.definition_id, page.line.process)
    if process is None:
        raise NotFound(process=page.line.process)
    return process


def _places(process: Process) -> dict[str, str]:
    """Where a token is shown: at its element, or at the call activity when it waits inside the process that is called.

    Timers at the edge of an activity and starts of event sub-processes are armed, not reached: they are left out.
    """
    place: dict[str, str] = {}
    published = [package.model.processes for package in host().engine.library.published().values()]
    for call in process.elements.values():
        if call.called:
            inside = next((processes[call.called] for processes in published if call.called in processes), None)
            place |= dict.fromkeys(_reached(inside), call.id) if inside else {}
    return place | {element: element for element in _reached(process)}


def _reached(process: Process) -> list[str]:
    return [element.id for element in process.elements.values() if not element.attached_to and element.kind != "startEvent"]


def _outline(process: Process, page: CasePage, here: Mapping[str, int], late: list[str]) -> Iterable[Step]:
    lanes = {element: lane.name(locale()) for lane in process.lanes for element in lane.elements}
    for element in _in_order(process):
        if element.kind in TOLD and element.name(locale()):
            mark = _mark(element.id, page, here, late)
            yield Step(element.id, element.name(locale()), lanes.get(element.id, ""), mark, here.get(element.id, 0))


def _mark(element_id: str, page: CasePage, here: Mapping[str, int], late: list[str]) -> Mark:
    if element_id in late:
        return Mark("is-warn", "late", say("Late"))
    if element_id in here:
        return Mark("is-active", "active", say("Under way"))
    if element_id in page.done:
        return Mark("is-done", "done", say("Done"))
    return Mark("is-idle", "open", say("Not yet"))


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
