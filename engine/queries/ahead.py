"""What may come after a task, as it is drawn: for who is about to complete it.

Owns: following the arrows from a task to the next tasks of people and to the ends, past what the machine does by itself.
Leaves: which of the ways is taken to the case itself, once the task is done.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.model import Element, Process
from engine.execution.opening import groups_of
from engine.queries.shapes import Ahead

MOST_TOLD = 4
_STOPS = frozenset({"userTask", "manualTask", "callActivity"})


def ahead(process: Process, element: Element) -> tuple[Ahead, ...]:
    """The next things after a task that have a name, nearest first; empty when there are too many to tell."""
    found = list(_next(process, element))
    return tuple(found) if len(found) <= MOST_TOLD else ()


def _next(process: Process, element: Element) -> Iterator[Ahead]:
    waiting, seen = _behind(process, element), {element.id}
    while waiting:
        one = waiting.pop(0)
        if one.id in seen:
            continue
        seen.add(one.id)
        ends = one.kind == "endEvent" and one.parent not in process.elements
        if one.name and (one.kind in _STOPS or ends):
            yield Ahead(one.name, () if ends or one.kind == "callActivity" else groups_of(process, one), ends)
        else:
            waiting += _inside(process, one) or _behind(process, one)


def _behind(process: Process, element: Element) -> list[Element]:
    """Where the arrows lead; from the end of a sub-process, on from the sub-process itself."""
    leaving = process.elements.get(element.parent) if element.kind == "endEvent" else element
    flows = [process.flows[flow] for flow in leaving.outgoing if flow in process.flows] if leaving is not None else []
    if not flows and element.parent in process.elements and element.kind != "endEvent":
        return _behind(process, process.elements[element.parent])
    return [process.elements[flow.target] for flow in flows if flow.target in process.elements]


def _inside(process: Process, element: Element) -> list[Element]:
    return [one for one in process.elements.values() if one.parent == element.id and one.kind == "startEvent"]
