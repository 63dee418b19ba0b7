"""A process in words, for people who cannot see the picture.

Owns: the outline: every element once, numbered in reading order, with what it is, who does it and where it leads.
Leaves: the picture to the pages; where a case stands to `engine.queries`.
Promises: everything that is drawn and can be reached is told; each line names its element, so that a page can mark where a case stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from engine.bpmn.model import Element, EventDefinition, Flow, Model, Process
from engine.bpmn.reader import SUB_PROCESSES
from engine.texts import Text

_KINDS: dict[str, Text] = {
    "task": Text("tâche", "task"), "userTask": Text("tâche d’une personne", "task of a person"),
    "manualTask": Text("tâche manuelle", "manual task"),
    "serviceTask": Text("étape automatique", "automatic step"), "sendTask": Text("envoi", "sending"),
    "receiveTask": Text("attente d’un message", "wait for a message"),
    "scriptTask": Text("calcul", "calculation"), "businessRuleTask": Text("décision par une table", "decision by a table"),
    "callActivity": Text("appel d’un processus", "call of a process"), "subProcess": Text("sous-processus", "sub-process"),
    "transaction": Text("transaction", "transaction"), "adHocSubProcess": Text("sous-processus ad hoc", "ad-hoc sub-process"),
    "startEvent": Text("début", "start"), "endEvent": Text("fin", "end"), "intermediateCatchEvent": Text("attente", "wait"),
    "intermediateThrowEvent": Text("émission", "event"), "boundaryEvent": Text("événement", "event"),
    "exclusiveGateway": Text("une seule voie", "one way only"), "inclusiveGateway": Text("une ou plusieurs voies", "one or several ways"),
    "parallelGateway": Text("toutes les voies à la fois", "all ways at once"),
    "eventBasedGateway": Text("le premier événement décide", "the first event decides"),
    "complexGateway": Text("passerelle complexe", "complex gateway"),
}
_JOIN = Text("les voies se rejoignent", "the ways come together")
_AT_ANY_TIME = Text("à tout moment", "at any time")
_EVENTS: dict[str, Text] = {
    "message": Text("message", "message"), "timer": Text("échéance", "time"), "signal": Text("signal", "signal"),
    "error": Text("erreur", "error"),
    "escalation": Text("escalade", "escalation"), "conditional": Text("condition", "condition"), "link": Text("lien", "link"),
    "compensate": Text("compensation", "compensation"), "cancel": Text("annulation", "cancellation"),
    "terminate": Text("tout s’arrête", "everything stops"),
}
_ALWAYS = Text("sinon", "otherwise")


@dataclass(frozen=True)
class Line:
    """One line of an outline. `element` is what it is about; `level` 0 is the process, 1 its steps, deeper what belongs to a step."""

    element: str
    level: int
    text: str


def outline(model: Model, process_id: str, locale: str) -> str:
    """Tell a process as a text, its lines indented by two spaces a level.

    Args:
        locale: "fr" or "en".
    Raises: KeyError, when the model has no such process.
    """
    return "\n".join("  " * line.level + line.text for line in lines(model, process_id, locale))


def lines(model: Model, process_id: str, locale: str) -> tuple[Line, ...]:
    """Tell a process line by line, in reading order. Raises: KeyError, when the model has no such process."""
    return tuple(_Outline(model.processes[process_id], locale).told())


def kind_of(element: Element) -> Text:
    """Say what an element is."""
    return _KINDS.get(element.kind, Text(element.kind, element.kind))


class _Outline:
    """The work on one process."""

    def __init__(self, process: Process, locale: str) -> None:
        self.process, self.locale = process, locale
        self.numbers: dict[str, str] = {}
        self.following: dict[str, str] = {}                 #: what stands next in the same scope
        self._number(process.id, "")

    def told(self) -> list[Line]:
        head = Line(self.process.id, 0, self.process.name(self.locale) or self.process.id)
        return [head, *(line for key in self.numbers for line in self._step(self.process.elements[key]))]

    def _number(self, scope: str, prefix: str) -> None:
        """Number the elements of a scope in reading order, what is inside a sub-process right behind it."""
        order = self._reading_order(scope)
        self.following.update(pairwise(order))
        for number, key in enumerate(order, 1):
            self.numbers[key] = f"{prefix}{number}"
            if self.process.elements[key].kind in SUB_PROCESSES:
                self._number(key, f"{prefix}{number}.")

    def _reading_order(self, scope: str) -> list[str]:
        """Order the elements of a scope so that each stands before what it leads to, loops aside, and its first way comes first."""
        inside = {element.id: element for element in self.process.elements.values() if element.parent == scope}
        begins = [key for key, element in inside.items() if not element.incoming and element.kind != "boundaryEvent"]
        begins.sort(key=lambda key: (inside[key].kind != "startEvent", inside[key].triggered_by_event))
        seen: set[str] = set()
        order = self._walked(begins, inside, seen)
        return order + self._walked([key for key in inside if key not in seen], inside, seen)

    def _walked(self, origins: list[str], inside: dict[str, Element], seen: set[str]) -> list[str]:
        """Walk in depth, without recursion, and note each element once all it leads to is noted: read backwards, that is the order."""
        order: list[str] = []
        for origin in reversed(origins):
            open_ = [(origin, iter(self._next(origin, inside)))] if origin not in seen else []
            seen.add(origin)
            while open_:
                key, following = open_[-1]
                target = next((one for one in following if one not in seen), None)
                if target is None:
                    order.append(key)
                    open_.pop()
                else:
                    seen.add(target)
                    open_.append((target, iter(self._next(target, inside))))
        return order[::-1]

    def _next(self, key: str, inside: dict[str, Element]) -> list[str]:
        targets = [self.process.flows[flow].target for flow in inside[key].outgoing]
        beside = [element.id for element in inside.values() if element.attached_to == key]
        return [target for target in reversed([*targets, *beside]) if target in inside]

    def _step(self, element: Element) -> list[Line]:
        level = self.numbers[element.id].count(".") + 1
        parts = [self._what(element), *self._who(element), *(self._event(event) for event in element.events)]
        told = f"{self.numbers[element.id]}. {self._name(element)} ({', '.join(part for part in parts if part)})"
        return [Line(element.id, level, told), *(Line(element.id, level + 1, way) for way in self._ways(element))]

    def _what(self, element: Element) -> str:
        if element.triggered_by_event:
            return _AT_ANY_TIME(self.locale)
        if element.kind.endswith("Gateway") and len(element.outgoing) <= 1:
            return _JOIN(self.locale)
        if element.kind == "boundaryEvent":
            stops = Text("interrompt {host}", "stops {host}") if element.interrupting else Text("pendant {host}", "during {host}")
            stops = Text("défait {host}", "undoes {host}") if element.compensator else stops
            return stops.format(host=self._called(element.attached_to))(self.locale)
        return _KINDS.get(element.kind, Text(element.kind, element.kind))(self.locale)

    def _who(self, element: Element) -> list[str]:
        lane = next((lane for lane in self.process.lanes if lane.id == element.lane), None)
        return [lane.name(self.locale)] if lane is not None and element.kind == "userTask" else []

    def _event(self, event: EventDefinition) -> str:
        word = _EVENTS.get(event.kind, Text("", ""))(self.locale)
        return " ".join(part for part in (word, event.name or event.code or (event.expression if event.kind == "timer" else "")) if part)

    def _ways(self, element: Element) -> list[str]:
        """Tell where a step leads; a single way to the very next step goes without saying."""
        if element.compensator in self.numbers:
            return [f"→ {self._called(element.compensator)}"]
        flows = [self.process.flows[key] for key in element.outgoing if self.process.flows[key].target in self.numbers]
        if len(flows) == 1 and not flows[0].name(self.locale) and flows[0].target == self.following.get(element.id):
            return []
        return [f"→ {self._answer(element, flow)}{self._called(flow.target)}" for flow in flows]

    def _answer(self, element: Element, flow: Flow) -> str:
        answer = flow.name(self.locale) or (_ALWAYS(self.locale) if flow.id == element.default else flow.condition)
        colon = Text(" : ", ": ")(self.locale)
        return f"{answer}{colon}" if answer else ""

    def _name(self, element: Element) -> str:
        return element.name(self.locale) or element.id

    def _called(self, key: str) -> str:
        return f"{self.numbers.get(key, '?')}. {self._name(self.process.elements[key])}" if key in self.process.elements else key
