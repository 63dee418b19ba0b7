"""What stories have shown of the diagrams: elements, flows and timers, and what none of them takes.

Owns: `Coverage`, gathered from the paths of cases, and what is missing of a drawing.
Promises: a flow counts when, in one step, its source was left and its target entered after it; so a branch that no story takes is never
called taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from engine.bpmn.model import Element, Process

if TYPE_CHECKING:
    from engine.change.rehearsal import Rehearsal

_LEFT = ("completed", "taken", "ended")
_REACHED = ("entered", "taken", "ended")
_JOINS = ("parallelGateway", "inclusiveGateway", "complexGateway")
_UNSEEN = ("subProcess", "adHocSubProcess", "transaction")


@dataclass
class Coverage:
    """What was taken: (process, element) and (process, flow)."""

    elements: set[tuple[str, str]] = field(default_factory=set)
    flows: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, rehearsal: Rehearsal) -> Coverage:
        """Gather what all cases of a rehearsal have taken."""
        found = cls()
        process = lru_cache(maxsize=None)(rehearsal.process)
        for instance_id in rehearsal.instances:
            path = rehearsal.path(instance_id)
            for _, steps in groupby(path, key=lambda stage: stage[0]):
                found._step([(process_id, element, happened) for _, process_id, element, happened, _ in steps], process)
        return found

    def add(self, other: Coverage) -> None:
        self.elements |= other.elements
        self.flows |= other.flows

    def missing(self, process: Process) -> list[str]:
        """What no story takes of a process: its timers, then its branches, then its other elements, in words."""
        timers = [f"timer {element.id} never fires" for element in process.elements.values()
                  if _is_timer(element) and (process.id, element.id) not in self.elements]
        flows = [f"flow {flow.id} ({flow.source} → {flow.target}) is never taken" for flow in process.flows.values()
                 if (process.id, flow.id) not in self.flows]
        others = [f"{element.kind} {element.id} is never reached" for element in process.elements.values()
                  if not _is_timer(element) and element.kind not in _UNSEEN and (process.id, element.id) not in self.elements]
        return [*timers, *flows, *others]

    def _step(self, stages: Iterable[tuple[str, str, str]], process_of: Callable[[str], Process]) -> None:
        """One step: what was left, and what was entered after it."""
        left: set[tuple[str, str]] = set()
        for process_id, element_id, happened in stages:
            key = (process_id, element_id)
            if happened in _REACHED:
                process = process_of(process_id)
                element = process.elements[element_id]
                self.elements.add(key)
                for flow_id in element.incoming:
                    flow = process.flows[flow_id]
                    source = (process_id, flow.source)
                    if source in left or (element.kind in _JOINS and source in self.elements):
                        self.flows.add((process_id, flow_id))
            if happened in _LEFT:
                left.add(key)


def _is_timer(element: Element) -> bool:
    return any(event.kind == "timer" for event in element.events)
