"""The paths of one scope (a process or sub-process): who can be reached, and past whom.

Owns: the graph that rules walk: sequence flows, boundary events of their hosts, links from throw to catch.
Promises: walks are flat, so a diagram of any length works.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.model import Element, Process
from engine.bpmn.reader import ACTIVITIES, GATEWAYS, SUB_PROCESSES


class Scope:
    """One process or sub-process with its own elements."""

    def __init__(self, process: Process, key: str) -> None:
        self.process, self.key = process, key
        self.elements = {element.id: element for element in process.elements.values() if element.parent == key}
        self.next: dict[str, list[str]] = {key: [] for key in self.elements}
        for flow in process.flows.values():
            if flow.source in self.elements and flow.target in self.elements:
                self.next[flow.source].append(flow.target)
        for element in self.elements.values():
            if element.attached_to in self.next:
                self.next[element.attached_to].append(element.id)
        for throw, catch in self._links():
            self.next[throw].append(catch)
        self.before: dict[str, list[str]] = {key: [] for key in self.elements}
        for key, following in self.next.items():
            for target in following:
                self.before[target].append(key)
        self._with_side_paths = {element.attached_to for element in self.elements.values() if not element.interrupting}

    def _links(self) -> Iterator[tuple[str, str]]:
        catches = {link_name(element): element.id for element in self.elements.values()
                   if element.kind == "intermediateCatchEvent" and link_name(element)}
        for element in self.elements.values():
            if element.kind == "intermediateThrowEvent" and link_name(element) in catches:
                yield element.id, catches[link_name(element)]

    def starts(self) -> list[Element]:
        """List its start events."""
        return [element for element in self.elements.values() if element.kind == "startEvent"]

    def entries(self) -> list[str]:
        """List where tokens come in: start events, else (implicit start) what no flow leads to; event sub-processes always."""
        handlers = [element.id for element in self.elements.values() if element.triggered_by_event]
        begins = [element.id for element in self.elements.values() if element.instantiates]
        if starts := self.starts():
            return [element.id for element in starts] + begins + handlers
        return [element.id for element in self.elements.values() if self.may_begin(element)] + handlers

    def may_begin(self, element: Element) -> bool:
        """Tell whether an element begins by itself when the scope has no start event. Rule: BPMN 2.0.2, 10.5.4 and 13.2.1."""
        return (element.kind in ACTIVITIES | GATEWAYS and not element.incoming and not element.triggered_by_event
                and not element.for_compensation)

    def reached(self, origins: Iterable[str], without: str = "") -> set[str]:
        """Find everything that can be reached from some elements, they included, on paths that do not enter `without`."""
        seen: set[str] = set()
        open_ = [key for key in origins if key != without]
        while open_:
            key = open_.pop()
            if key not in seen:
                seen.add(key)
                open_.extend(following for following in self.next.get(key, ()) if following != without)
        return seen

    def leading_to(self, key: str) -> set[str] | None:
        """Find everything from which an element can be reached; None when something there can make several tokens of one."""
        seen: set[str] = set()
        open_ = list(self.before[key])
        while open_:
            one = open_.pop()
            if one in seen:
                continue
            if self.splits(one):
                return None
            seen.add(one)
            open_.extend(self.before[one])
        return seen

    def around_loops(self) -> set[str]:
        """Find the elements on a loop or behind one: those left when what waits for nothing is taken away, again and again."""
        waiting = {key: len(self.before[key]) for key in self.elements}
        open_ = [key for key, count in waiting.items() if count == 0]
        while open_:
            for following in self.next[open_.pop()]:
                waiting[following] -= 1
                if waiting[following] == 0:
                    open_.append(following)
        return {key for key, count in waiting.items() if count > 0}

    def splits(self, key: str) -> bool:
        """Tell whether an element can make several tokens of one."""
        element = self.elements[key]
        if element.kind in ("exclusiveGateway", "eventBasedGateway"):
            return False
        return len(element.outgoing) > 1 or element.completion_quantity != 1 or key in self._with_side_paths or element.triggered_by_event


def scopes(process: Process) -> Iterator[Scope]:
    """Walk the scopes of a process: itself, then each sub-process."""
    yield Scope(process, process.id)
    for element in process.elements.values():
        if element.kind in SUB_PROCESSES:
            yield Scope(process, element.id)


def link_name(element: Element) -> str:
    """Tell the name of the link an event is one end of, "" for any other event."""
    return next((event.name for event in element.events if event.kind == "link"), "")
