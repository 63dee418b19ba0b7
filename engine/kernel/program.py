"""The processes of one deployment, ready to run.

Owns: `Program`: the model with its nodes, built once; finding a process of this deployment or of one it calls.
Leaves: which versions belong together to `engine.definitions`.
Promises: immutable once built and shared by all runs and threads; two deployments never meet in one table of names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from engine.bpmn.lowering import lower
from engine.bpmn.model import Element, Model, Process
from engine.errors import NotFound
from engine.kernel.specs import build
from engine.kernel.specs.containers import Root


class NoSuchProcess(NotFound):
    """There is no process {process} here."""

    fr = "Il n’y a pas de processus {process} ici."


class NoSuchElement(NotFound):
    """There is no element {element} in process {process}."""

    fr = "Il n’y a pas d’élément {element} dans le processus {process}."


class Reading(Protocol):
    """What the reader gives, as far as a program needs it."""

    @property
    def model(self) -> Model: ...


class Program:
    """The processes of one deployment.

    Args:
        reading: the diagrams, judged by the lint. called: programs of other deployments, by the id of the process called there.
    Raises: NotLowered, for an element that cannot run.
    """

    def __init__(self, reading: Reading, called: Mapping[str, Program] | None = None) -> None:
        self.model = reading.model
        self._called = dict(called or {})
        self._roots = {key: build(self, graph) for key, graph in lower(self.model).graphs.items()}

    def process(self, process_id: str) -> Process:
        """Find a process, of this deployment or of one it calls; here also one that is only drawn. Raises: NoSuchProcess."""
        root = self.find(process_id)
        if root is not None:
            return root.process.graph.process
        if process_id not in self.model.processes:
            raise NoSuchProcess(process=process_id)
        return self.model.processes[process_id]

    def element(self, process_id: str, element_id: str) -> Element:
        """Find an element by its drawn id. Raises: NoSuchProcess, NoSuchElement."""
        found = self.process(process_id).elements.get(element_id)
        if found is None:
            raise NoSuchElement(process=process_id, element=element_id)
        return found

    def find(self, process_id: str) -> Root | None:
        """Find the built process, first here, then where it is called from here; deployments called in turn are looked into too."""
        seen: set[int] = set()
        queue: list[Program] = [self]
        while queue:
            program = queue.pop(0)
            if id(program) in seen:
                continue
            seen.add(id(program))
            if process_id in program._roots:
                return program._roots[process_id]
            named = program._called.get(process_id)
            queue[:0] = [named] if named is not None else []
            queue.extend(program._called.values())
        return None
