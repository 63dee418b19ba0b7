"""A diagram brought down to the few kinds of node the kernel moves tokens over.

Owns: what becomes of each drawn element: links become flows, an event with several definitions becomes several events, a repeated
activity becomes a node that repeats and one that is repeated, a compensation event becomes a word on its activity, a scope without
start event starts at what nothing leads to.
Leaves: judgement to `lint` (which refuses first, in words); running to `engine.kernel`.
Promises: nothing drawn is dropped: an element without a counterpart here raises `NotLowered`. Generated ids hold a colon, which no id
of XML may, so they never meet a drawn one; every node still names the element it was drawn as.
Rule: BPMN 2.0.2, chapters 10 and 13.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from engine.bpmn.model import Element, EventDefinition, Flow, Model, Process
from engine.bpmn.reader import SUB_PROCESSES
from engine.errors import Invalid

NodeKind = Literal[
    "pass",         #: goes straight through: a plain task, a start or link event, a throw event without definition
    "script", "user", "service", "decision",
    "catch",        #: waits for one event
    "throw",        #: throws one event and goes on
    "end",          #: throws at most one event and ends
    "boundary",     #: one event on an activity
    "trigger",      #: one event that starts an event sub-process
    "exclusive", "inclusive", "parallel", "complex",
    "first_of",     #: event-based gateway
    "inside",       #: sub-process
    "transaction",
    "ad_hoc",
    "handler",      #: event sub-process
    "call",
    "many",         #: multi-instance around another node
    "again",        #: standard loop around another node
]

_TASKS: dict[str, NodeKind] = {
    "task": "pass", "scriptTask": "script", "userTask": "user", "manualTask": "user", "serviceTask": "service",
    "businessRuleTask": "decision", "callActivity": "call", "subProcess": "inside",
    "transaction": "transaction", "adHocSubProcess": "ad_hoc"}
_GATEWAYS: dict[str, NodeKind] = {
    "exclusiveGateway": "exclusive", "inclusiveGateway": "inclusive", "parallelGateway": "parallel", "eventBasedGateway": "first_of",
    "complexGateway": "complex"}
_CAUGHT = frozenset({"message", "timer", "signal", "conditional"})
_RAISED = frozenset({"error", "escalation"})
_THROWN = frozenset({"message", "signal", "escalation", "compensate"})
_LAST = ("error", "cancel", "terminate")
_ENDING = _THROWN | frozenset(_LAST)
_NONE = EventDefinition("none")


class NotLowered(Invalid):
    """The element {element} ({kind}) of process {process} cannot run here."""

    fr = "L’élément {element} ({kind}) du processus {process} ne peut pas s’exécuter ici."


@dataclass(frozen=True)
class Arrow:
    """A way out of a node. `flow` is the id of the drawn sequence flow, "" for a generated way."""

    target: str
    flow: str = ""
    condition: str = ""
    default: bool = False


@dataclass(frozen=True)
class Node:
    """One thing a token can stand at.

    Attributes:
        id: its own; the drawn id unless generated. element: what it was drawn as. parent: id of the scope around it.
        event: what it waits for or throws. host: the activity a boundary event sits on. repeats: the node that a loop repeats.
        shown: whether what happens here is told; a generated gateway is not.
        together: one of several events that must all have happened. compensator: the activity that undoes this one.
        takes, gives: how many tokens an activity needs to begin, and gives to each way out.
    """

    id: str
    kind: NodeKind
    element: Element
    parent: str
    arrows: tuple[Arrow, ...] = ()
    event: EventDefinition = _NONE
    host: str = ""
    repeats: str = ""
    shown: bool = True
    together: bool = False
    compensator: str = ""
    takes: int = 1
    gives: int = 1


@dataclass(frozen=True)
class Graph:
    """One process, lowered. `starts` and `triggers` go by scope: where tokens begin, and what starts an event sub-process of it."""

    process: Process
    nodes: Mapping[str, Node]
    starts: Mapping[str, tuple[str, ...]]
    triggers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Lowered:
    """Everything of one model, by process id; `names` leads from a generated id to the drawn one."""

    graphs: Mapping[str, Graph]
    names: Mapping[str, str] = field(default_factory=dict)


def lower(model: Model) -> Lowered:
    """Bring every executable process of a model down to nodes and arrows; a pool that is merely drawn is left out.

    Raises: NotLowered, for an element that has no counterpart.
    """
    graphs = {process.id: _Lowering(process).graph() for process in model.processes.values() if process.executable}
    names = {node.id: node.element.id for graph in graphs.values() for node in graph.nodes.values() if node.id != node.element.id}
    return Lowered(graphs, names)


class _Lowering:
    """The work on one process."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.nodes: dict[str, Node] = {}
        self.compensators = dict(self._compensations())

    def graph(self) -> Graph:
        for element in self.process.elements.values():
            for node in self._lowered(element):
                self.nodes[node.id] = node
        scopes = {self.process.id, *(e.id for e in self.process.elements.values() if e.kind in SUB_PROCESSES)}
        return Graph(self.process, self.nodes, {scope: self._starts(scope) for scope in scopes},
                     {scope: self._triggers(scope) for scope in scopes})

    # --- elements ---------------------------------------------------------------------------------

    def _lowered(self, element: Element) -> Iterable[Node]:
        if element.kind in _GATEWAYS and not (element.waits_for_all and not element.instantiates):
            return [self._node(element, _GATEWAYS[element.kind])]
        if element.triggered_by_event:
            return [self._node(element, "handler", arrows=())]
        if element.kind.endswith("Event"):
            return self._event(element)
        return self._repeated(element, self._activity(element))

    def _activity(self, element: Element) -> Node:
        if element.kind == "receiveTask":
            return self._node(element, "catch", event=self._only(element, frozenset({"message"})))
        if element.kind == "sendTask":
            if element.ext.handler:
                return self._node(element, "service")
            return self._node(element, "throw", event=self._only(element, frozenset({"message"})))
        if element.kind not in _TASKS:
            raise self._refusal(element)
        return self._node(element, _TASKS[element.kind])

    def _compensations(self) -> Iterator[tuple[str, str]]:
        """Which activity undoes which: a boundary event for compensation and the activity associated with it."""
        for element in self.process.elements.values():
            if element.kind == "boundaryEvent" and any(event.kind == "compensate" for event in element.events):
                undoing = self.process.elements.get(element.compensator)
                if len(element.events) > 1 or undoing is None or not undoing.for_compensation or undoing.parent != element.parent:
                    raise self._refusal(element)
                yield element.attached_to, undoing.id

    def _repeated(self, element: Element, node: Node) -> list[Node]:
        """A loop keeps the drawn id, the ways out and the boundary events; what it repeats stands inside it."""
        loop = element.loop
        if loop is None:
            return [node]
        if (loop.maximum is not None and loop.maximum < 1) or any(one.event is None and one.when != "if" for one in loop.behaviours):
            raise self._refusal(element)
        inner = replace(node, id=f"{element.id}:each", parent=element.id, arrows=(), takes=1, gives=1)
        kind: NodeKind = "again" if loop.kind == "standard" else "many"
        return [self._node(element, kind, repeats=inner.id), inner]

    def _event(self, element: Element) -> Iterable[Node]:
        match element.kind:
            case "startEvent":
                return self._start(element)
            case "boundaryEvent":
                if element.attached_to in self.compensators and any(event.kind == "compensate" for event in element.events):
                    return []                               # a word on its host
                return self._each(element, "boundary", _CAUGHT | _RAISED | {"cancel"}, host=element.attached_to)
            case "intermediateCatchEvent":
                return self._catch(element)
            case "intermediateThrowEvent":
                return self._throw(element)
            case "endEvent":
                return self._chain(element, "end", self._definitions(element, _ENDING))
        raise self._refusal(element)

    def _start(self, element: Element) -> Iterable[Node]:
        """The start of an event sub-process waits beside the scope; any other is passed: whoever starts the process chose it."""
        around = self.process.elements.get(element.parent)
        if around is None or not around.triggered_by_event:
            if element.parallel_multiple and len(element.events) > 1:
                raise self._refusal(element)
            return [self._node(element, "pass")]
        if not element.events:
            raise self._refusal(element)
        return self._each(element, "trigger", _CAUGHT | _RAISED | {"compensate"})

    def _catch(self, element: Element) -> Iterator[Node]:
        if [found.kind for found in element.events] == ["link"]:
            yield self._node(element, "pass")
            return
        if not element.events:
            raise self._refusal(element)
        catches = list(self._each(element, "catch", _CAUGHT))
        if len(catches) > 1:                                # the first, or all, of several events: a gateway that nobody sees
            yield replace(self._node(element, "first_of", arrows=tuple(Arrow(node.id) for node in catches)), shown=False)
        yield from catches

    def _throw(self, element: Element) -> list[Node]:
        if [found.kind for found in element.events] == ["link"]:
            return [self._node(element, "pass", arrows=tuple(Arrow(target.id) for target in self._link_targets(element)))]
        if not element.events:
            return [self._node(element, "pass")]
        return self._chain(element, "throw", self._definitions(element, _THROWN))

    def _link_targets(self, element: Element) -> list[Element]:
        name = element.events[0].name
        found = [other for other in self.process.elements.values() if other.kind == "intermediateCatchEvent" and
                 other.parent == element.parent and [(event.kind, event.name) for event in other.events] == [("link", name)]]
        if not found:
            raise self._refusal(element)
        return found

    # --- several definitions ----------------------------------------------------------------------

    def _each(self, element: Element, kind: NodeKind, allowed: frozenset[str], host: str = "") -> Iterator[Node]:
        """One node for each definition: the first to come takes the ways out; the last one when all must come."""
        together = element.parallel_multiple and len(element.events) > 1
        events = self._definitions(element, _CAUGHT if together else allowed)
        for number, event in enumerate(events, 1):
            node = replace(self._node(element, kind, event=event, host=host), together=together)
            yield node if len(events) == 1 else replace(node, id=f"{element.id}:{number}")

    def _chain(self, element: Element, kind: NodeKind, events: tuple[EventDefinition, ...]) -> list[Node]:
        """One node after the other: all definitions are thrown, what ends the scope last."""
        ordered = sorted(events, key=lambda event: event.kind in _LAST) or [_NONE]
        if sum(event.kind in _LAST for event in ordered) > 1:
            raise self._refusal(element)
        ids = [element.id, *(f"{element.id}:{number}" for number in range(2, len(ordered) + 1))]
        chain = []
        for number, event in enumerate(ordered, 1):
            last = number == len(ordered)
            node = self._node(element, kind if last else "throw", event=event, arrows=None if last else (Arrow(ids[number]),))
            chain.append(replace(node, id=ids[number - 1], shown=last))
        return chain

    def _only(self, element: Element, allowed: frozenset[str]) -> EventDefinition:
        if len(element.events) != 1:
            raise self._refusal(element)
        return self._definitions(element, allowed)[0]

    def _definitions(self, element: Element, allowed: frozenset[str]) -> tuple[EventDefinition, ...]:
        if any(event.kind not in allowed and event.kind != "none" for event in element.events):
            raise self._refusal(element)
        return element.events

    # --- ways and scopes --------------------------------------------------------------------------

    def _node(self, element: Element, kind: NodeKind, *, arrows: tuple[Arrow, ...] | None = None, event: EventDefinition = _NONE,
              host: str = "", repeats: str = "") -> Node:
        takes, gives = element.start_quantity, element.completion_quantity
        if takes is None or gives is None or takes < 1 or gives < 1:
            raise self._refusal(element)
        return Node(element.id, kind, element, element.parent, self._arrows(element) if arrows is None else arrows, event, host, repeats,
                    compensator=self.compensators.get(element.id, ""), takes=takes, gives=gives)

    def _arrows(self, element: Element) -> tuple[Arrow, ...]:
        return tuple(self._arrow(element, self.process.flows[flow]) for flow in element.outgoing if flow in self.process.flows)

    def _arrow(self, element: Element, flow: Flow) -> Arrow:
        if flow.target not in self.process.elements:
            raise self._refusal(element)
        is_default = flow.id == element.default
        return Arrow(flow.target, flow.id, "" if is_default else flow.condition, is_default)

    def _starts(self, scope: str) -> tuple[str, ...]:
        """Where a scope begins: its start events, those without definition first; without any, all that nothing leads to."""
        inside = [node for node in self.nodes.values() if node.parent == scope and node.id == node.element.id]
        events = [node for node in inside if node.element.kind == "startEvent"]
        if events:
            return tuple(node.id for node in sorted(events, key=lambda node: bool(node.element.events)))
        reached = {arrow.target for node in self.nodes.values() for arrow in node.arrows}
        return tuple(node.id for node in inside if node.kind not in ("boundary", "trigger", "handler") and node.id not in reached
                     and not node.element.for_compensation)

    def _triggers(self, scope: str) -> tuple[str, ...]:
        handlers = {node.id for node in self.nodes.values() if node.kind == "handler" and node.parent == scope}
        return tuple(node.id for node in self.nodes.values() if node.kind == "trigger" and node.parent in handlers)

    def _refusal(self, element: Element) -> NotLowered:
        kinds = ", ".join(event.kind for event in element.events)
        return NotLowered(element=element.id, kind=f"{element.kind}: {kinds}" if kinds else element.kind, process=self.process.id)
