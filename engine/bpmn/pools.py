"""What travels between the pools of a file: message flows.

Owns: finding the message of an event that names none by the message flow drawn to or from it.
Leaves: judgement of message flows to `lint`; delivery to `engine.service`.
Promises: an event that names its message keeps it; both ends of a flow get the same name.
Rule: BPMN 2.0.2, 9.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.bpmn.model import Element, EventDefinition, Process
from engine.bpmn.xml import BPMN, Node, reference

_SENDS = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})
_RECEIVES = frozenset({"receiveTask", "startEvent", "intermediateCatchEvent", "boundaryEvent"})


def name_messages(processes: Mapping[str, Process], documents: Mapping[str, Node], messages: Mapping[str, str]) -> dict[str, Process]:
    """Give the message events of executable pools the message of their message flow, where they name none.

    Args:
        messages: id → name, of all files.
    Returns: the processes, those that needed no name unchanged.
    """
    found: dict[str, EventDefinition] = {}
    elements = {key: element for process in processes.values() if process.executable for key, element in process.elements.items()}
    for source, target, ref, key in _flows(documents):
        ends = [elements[end] for end, kinds in ((source, _SENDS), (target, _RECEIVES)) if end in elements and elements[end].kind in kinds]
        told = next((event for end in ends for event in end.events if event.kind == "message" and (event.name or event.ref)), None)
        event = told or EventDefinition("message", ref, messages.get(ref, "") or ref or key)
        found |= {end.id: event for end in ends if len(ends) == 2 and _is_silent(end)}
    return {key: _with(process, found) for key, process in processes.items()}


def _flows(documents: Mapping[str, Node]) -> Iterator[tuple[str, str, str, str]]:
    for root in documents.values():
        for node in root.iter(f"{{{BPMN}}}messageFlow"):
            source, target, ref = (reference(node.get(name)) for name in ("sourceRef", "targetRef", "messageRef"))
            yield source, target, ref, node.get("id") or ""


def _is_silent(element: Element) -> bool:
    """Whether an element sends or receives a message without naming it; a task with a handler is told what to do by that."""
    if element.kind in ("sendTask", "receiveTask"):
        return not element.events and not element.ext.handler
    return any(event.kind == "message" and not event.name and not event.ref for event in element.events)


def _with(process: Process, named: Mapping[str, EventDefinition]) -> Process:
    if not named.keys() & process.elements.keys():
        return process
    elements = {key: _named(one, named[key]) if key in named else one for key, one in process.elements.items()}
    return replace(process, elements=elements)


def _named(element: Element, message: EventDefinition) -> Element:
    if not element.events:
        return replace(element, events=(message,))
    return replace(element, events=tuple(replace(message, correlation=event.correlation or message.correlation)
                                         if event.kind == "message" and not event.name and not event.ref else event
                                         for event in element.events))
