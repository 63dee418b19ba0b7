"""Events of a diagram: what each waits for or throws.

Owns: messages, signals, errors and escalations by id, over all files of a folder; the event definitions of an element.
Leaves: whether a combination can run to `lint`; firing to `engine.kernel`.
Rule: BPMN 2.0.2, 10.5.5 and 8.4 (common elements).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from engine.bpmn import extensions
from engine.bpmn.ids import definitions_of, is_definition
from engine.bpmn.model import EventDefinition, EventKind, Extension
from engine.bpmn.xml import Node, child, children, expression, flag, local, reference, text

_TIMERS: dict[str, Literal["date", "duration", "cycle"]] = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


@dataclass
class Names:
    """What the root of every file declares, by id."""

    messages: dict[str, str] = field(default_factory=dict)
    signals: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    escalations: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)            #: names of errors and escalations, for people
    correlations: dict[str, str] = field(default_factory=dict)


def named(documents: Mapping[str, Node]) -> Names:
    """Collect messages, signals, errors and escalations of all files. The first one under an id stays."""
    names = Names()
    for root in documents.values():
        for node in children(root, "message", "signal", "error", "escalation"):
            _collect(node, names)
    return names


def _collect(node: Node, names: Names) -> None:
    key, name = node.get("id"), " ".join((node.get("name") or "").split())
    match local(node):
        case "message":
            names.messages.setdefault(key, name)
            names.correlations.setdefault(key, extensions.read(node).correlation)
        case "signal":
            names.signals.setdefault(key, name)
        case "error":
            names.errors.setdefault(key, (node.get("errorCode") or "").strip())
            names.titles.setdefault(key, name)
        case "escalation":
            names.escalations.setdefault(key, (node.get("escalationCode") or "").strip())
            names.titles.setdefault(key, name)


def of(node: Node, ext: Extension, names: Names) -> tuple[EventDefinition, ...]:
    """List what an event waits for or throws; a send or receive task has the message it names."""
    if local(node) in ("receiveTask", "sendTask"):
        return (_message(reference(node.get("messageRef")), ext.correlation, names),) if node.get("messageRef") else ()
    return tuple(_definition(found, ext, names) for found in definitions_of(node))


def _definition(node: Node, ext: Extension, names: Names) -> EventDefinition:
    kind = cast(EventKind, local(node).removesuffix("EventDefinition"))
    match kind:
        case "message":
            return _message(reference(node.get("messageRef")), extensions.read(node).correlation or ext.correlation, names)
        case "timer":
            return _timer(node)
        case "signal":
            ref = reference(node.get("signalRef"))
            return EventDefinition(kind, ref, names.signals.get(ref, ""))
        case "error":
            ref = reference(node.get("errorRef"))
            return EventDefinition(kind, ref, names.titles.get(ref, ""), names.errors.get(ref, ""))
        case "escalation":
            ref = reference(node.get("escalationRef"))
            return EventDefinition(kind, ref, names.titles.get(ref, ""), names.escalations.get(ref, ""))
        case "conditional":
            return EventDefinition(kind, expression=expression(text(child(node, "condition"))))
        case "link":
            return EventDefinition(kind, name=(node.get("name") or "").strip())
    return EventDefinition(kind, reference(node.get("activityRef")), waits=flag(node, "waitForCompletion", True))


def named_by(root: Node, ref: str, ext: Extension, names: Names) -> EventDefinition | None:
    """Find the event definition of a file that a reference names, None when there is none."""
    found = next((node for node in root.iter() if node.get("id") == ref and is_definition(node)), None) if ref else None
    return None if found is None else _definition(found, ext, names)


def _message(ref: str, correlation: str, names: Names) -> EventDefinition:
    return EventDefinition("message", ref, names.messages.get(ref, ""), correlation=correlation or names.correlations.get(ref, ""))


def _timer(node: Node) -> EventDefinition:
    for tag, timer in _TIMERS.items():
        if (found := child(node, tag)) is not None:
            return EventDefinition("timer", expression=expression(text(found)), timer=timer)
    return EventDefinition("timer")
