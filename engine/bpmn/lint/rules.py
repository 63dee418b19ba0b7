"""What a rule is, and what it may look at.

Owns: the registry of rules, `Known` (what exists around the diagrams), `Look` (the diagrams as a rule sees them).
Leaves: the rules themselves to the modules beside it, one function each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.bpmn import xml
from engine.bpmn.lint.graph import Scope, scopes
from engine.bpmn.model import Element, Flow, Process
from engine.bpmn.reader import Reading
from engine.bpmn.xml import Node
from engine.problems import Level, Problem
from engine.texts import Text


@dataclass(frozen=True)
class Known:
    """What exists around the diagrams. None means that nobody knows: then that kind of name is not checked.

    Attributes:
        handlers, forms, decisions, groups: names in use. rules: deadline rules.
        processes: ids of processes of other folders that a call activity may call (those of this folder always may be).
        activities: ids of activities of other folders that `jalon:notWhoDid` may name; while None, an id not drawn here is a warning.
        variables: names that forms, handlers and starts set. A name nobody sets is then an error; what the diagrams set themselves counts.
    """

    handlers: frozenset[str] | None = None
    forms: frozenset[str] | None = None
    decisions: frozenset[str] | None = None
    rules: frozenset[str] | None = None
    groups: frozenset[str] | None = None
    processes: frozenset[str] | None = None
    activities: frozenset[str] | None = None
    variables: frozenset[str] | None = None


class Look:
    """The diagrams of one folder, as a rule sees them.

    Rules look at the executable processes; when there is none at all they look at every process, so that the owner of a drawing
    sees at once what is left to do.
    """

    def __init__(self, reading: Reading, known: Known) -> None:
        self.reading, self.model, self.known = reading, reading.model, known
        every = tuple(self.model.processes.values())
        self.meant_to_run = not every or any(process.executable for process in every)
        self.processes: tuple[Process, ...] = tuple(process for process in every if process.executable) or every
        self.scopes: tuple[Scope, ...] = tuple(scope for process in self.processes for scope in scopes(process))
        self._nodes = _index(reading)

    def elements(self, *kinds: str) -> Iterator[Element]:
        """Walk the elements the rules are about; those of some kinds (tags) when kinds are given."""
        for process in self.processes:
            for element in process.elements.values():
                if not kinds or element.kind in kinds:
                    yield element

    def flows(self) -> Iterator[tuple[Process, Flow]]:
        """Walk the sequence flows the rules are about."""
        for process in self.processes:
            for flow in process.flows.values():
                yield process, flow

    def process(self, element: Element) -> Process:
        """Find the process an element is drawn in."""
        return self.model.processes[element.process]

    def node(self, element: Element | Process) -> Node:
        """Find the XML of an element in the working copy."""
        process = element if isinstance(element, Process) else self.process(element)
        return self._nodes[process.file, element.id]

    def compensates(self, element: Element) -> bool:
        """Tell whether an activity is there for compensation: no flow leads to it or away from it."""
        return element.for_compensation

    def flow_node(self, process: Process, flow: Flow) -> Node:
        """Find the XML of a sequence flow in the working copy."""
        return self._nodes[process.file, flow.id]

    def finding(self, where: Element | Process | tuple[str, str], code: str, message: Text, remedy: Text, level: Level = "error",
                **facts: object) -> Problem:
        """Make a problem. `{element}` in a text is the name of the element (its id when it has none); `facts` fill other places.

        Args:
            where: an element or process, or file and id.
        """
        if isinstance(where, tuple):
            file, key, label = *where, Text(where[1], where[1])
        else:
            file = where.file if isinstance(where, Process) else self.process(where).file
            key, label = where.id, label_of(where)
        return Problem(file, key, code, level, message.format(element=label, **facts), remedy.format(element=label, **facts))

    def flow_finding(self, process: Process, flow: Flow, code: str, message: Text, remedy: Text, level: Level = "error",
                     **facts: object) -> Problem:
        """Make a problem of a sequence flow; `{element}` is its name, `{source}` and `{target}` its ends."""
        ends = {end: label_of(process.elements[key]) if key in process.elements else Text(key or "?", key or "?")
                for end, key in (("source", flow.source), ("target", flow.target))}
        label = flow.name if flow.name.fr else Text(flow.id, flow.id)
        return Problem(process.file, flow.id, code, level, message.format(element=label, **ends, **facts),
                       remedy.format(element=label, **ends, **facts))


Rule = Callable[[Look], Iterator[Problem]]

#: Every rule, in the order written.
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Enter a function as a rule."""
    RULES.append(function)
    return function


def label_of(drawn: Element | Process) -> Text:
    """Tell how people call an element: by its name, else its id."""
    return drawn.name if drawn.name.fr or drawn.name.en else Text(drawn.id, drawn.id)


def _index(reading: Reading) -> dict[tuple[str, str], Node]:
    """Find nodes by file and id; the first one when an id is used twice, as the reader does."""
    found: dict[tuple[str, str], Node] = {}
    for file, root in reading.documents.items():
        for node in root.iter(f"{{{xml.BPMN}}}*"):
            if node.get("id"):
                found.setdefault((file, node.get("id")), node)
    return found
