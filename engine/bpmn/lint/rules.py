"""What a rule is, and what it may look at.

Owns: the two registries of rules, `Known` (what exists around the diagrams), `Look` (the diagrams as a rule sees them).
Leaves: the rules themselves to the modules beside it, one function each.
Promises: a rule of the standard sees every drawing, meant to run or not, and its finding keeps its level; a rule of running sees what is
meant to run. Where nothing is, it sees every process, and its errors count as what is left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn import xml
from engine.bpmn.lint.graph import Scope, scopes
from engine.bpmn.model import Element, Flow, Process
from engine.bpmn.reader import Reading
from engine.bpmn.xml import Node
from engine.feel.types import Type
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
        types: of those of them that forms, handlers and decisions give, None for one of which they differ; decided: decision → its type.
        taken: handler → its inputs, name → type.
    """

    handlers: frozenset[str] | None = None
    forms: frozenset[str] | None = None
    decisions: frozenset[str] | None = None
    rules: frozenset[str] | None = None
    groups: frozenset[str] | None = None
    processes: frozenset[str] | None = None
    activities: frozenset[str] | None = None
    variables: frozenset[str] | None = None
    types: Mapping[str, Type | None] = field(default_factory=dict)
    decided: Mapping[str, Type] = field(default_factory=dict)
    taken: Mapping[str, Mapping[str, Type]] = field(default_factory=dict)


class Look:
    """The diagrams of one folder, as a rule sees them.

    Rules look at the executable processes; when there is none at all they look at every process, so that the owner of a drawing
    sees at once what is left to do. Rules of the standard look at every process (`whole`).
    """

    def __init__(self, reading: Reading, known: Known, whole: bool = False) -> None:
        self.reading, self.model, self.known = reading, reading.model, known
        every = tuple(self.model.processes.values())
        self.meant_to_run = not every or any(process.executable for process in every)
        self.processes: tuple[Process, ...] = every if whole else tuple(process for process in every if process.executable) or every
        self.scopes: tuple[Scope, ...] = tuple(scope for process in self.processes for scope in scopes(process))
        self.types: Mapping[str, Type | None] | None = None    #: of variables, once a rule has asked for them
        self._nodes = _index(reading)
        self._anywhere = {key: node for (_, key), node in reversed(self._nodes.items())}

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

    def drawn(self, *tags: str) -> Iterator[tuple[str, Node]]:
        """Walk the BPMN elements of all files with one of the tags, each with its file."""
        for file, root in self.reading.documents.items():
            for node in root.iter(*(f"{{{xml.BPMN}}}{tag}" for tag in tags)):
                yield file, node

    def named(self, file: str, name: str | None) -> Node | None:
        """Find the BPMN element that a reference in a file names: in the files of the name space it names, else in the file, else anywhere.

        Rule: BPMN 2.0.2, 15.3.2 (a reference is a qualified name of the name space of its file or of an imported one).
        """
        key, root = xml.reference(name), self.reading.documents[file]
        prefix = (name or "").strip().rpartition(":")[0]
        space = root.nsmap.get(prefix) if prefix else None
        if space is not None and space != root.get("targetNamespace"):
            for other, document in self.reading.documents.items():
                if document.get("targetNamespace") == space and (other, key) in self._nodes:
                    return self._nodes[other, key]
        here = self._nodes.get((file, key))
        return here if here is not None else self._anywhere.get(key)

    def runs(self, node: Node) -> bool:
        """Tell whether what a node describes is meant to run: its process is executable, or, beside all processes, any is."""
        around = next((one for one in (node, *node.iterancestors()) if xml.is_bpmn(one) and xml.local(one) == "process"), None)
        if around is None:
            return any(process.executable for process in self.model.processes.values())
        found = self.model.processes.get(around.get("id"))
        return found is not None and found.executable

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

    def refused(self, where: Element | tuple[str, str], code: str, message: Text, remedy: Text, level: Level = "draft",
                **facts: object) -> Problem:
        """Make a problem of what is valid BPMN and not run here: it opens, is drawn and kept, and cannot be deployed."""
        return self.finding(where, code, message, remedy, level, **facts)

    def fault(self, file: str, node: Node, code: str, message: Text, remedy: Text, level: Level = "error", **facts: object) -> Problem:
        """Make a problem of any BPMN element, at the nearest one around it that can be picked in the drawing; `{element}` is its name."""
        shown = shown_around(node)
        name = " ".join((shown.get("name") or shown.get("id") or xml.local(shown)).split())
        return self.finding((file, shown.get("id") or ""), code, message.format(element=Text(name, name), **facts),
                            remedy.format(element=Text(name, name), **facts), level)

    def flow_finding(self, process: Process, flow: Flow, code: str, message: Text, remedy: Text, level: Level = "error",
                     **facts: object) -> Problem:
        """Make a problem of a sequence flow; `{element}` is its name, `{source}` and `{target}` its ends."""
        ends = {end: label_of(process.elements[key]) if key in process.elements else Text(key or "?", key or "?")
                for end, key in (("source", flow.source), ("target", flow.target))}
        label = flow.name if flow.name.fr else Text(flow.id, flow.id)
        return Problem(process.file, flow.id, code, level, message.format(element=label, **ends, **facts),
                       remedy.format(element=label, **ends, **facts))


Rule = Callable[[Look], Iterator[Problem]]

#: Every rule of running, in the order written.
RULES: list[Rule] = []
#: Every rule of the standard, in the order written.
STANDARD: list[Rule] = []
#: What stands inside an element that people see, without a shape of its own.
_INNER = frozenset({"ioSpecification", "inputSet", "outputSet", "ioBinding", "inputDataItem", "outputDataItem", "assignment",
                    "standardLoopCharacteristics", "multiInstanceLoopCharacteristics", "complexBehaviorDefinition", "condition",
                    "conditionExpression", "participantMultiplicity", "potentialOwner", "performer", "humanPerformer", "extensionElements"})
_DATA_ENDS = frozenset({"dataInput", "dataOutput"})


def rule(function: Rule) -> Rule:
    """Enter a function as a rule of running."""
    RULES.append(function)
    return function


def standard(function: Rule) -> Rule:
    """Enter a function as a rule of the standard."""
    STANDARD.append(function)
    return function


def shown_around(node: Node) -> Node:
    """Find the nearest element, the node itself first, that people can pick in a drawing or a list; the root when there is none."""
    while node.getparent() is not None and not _is_shown(node):
        node = node.getparent()
    return node


def _is_shown(node: Node) -> bool:
    tag = xml.local(node)
    if not xml.is_bpmn(node) or not node.get("id") or tag in _INNER or tag.endswith("EventDefinition"):
        return False
    if tag in _DATA_ENDS:                                  # those of a process have a shape
        holder = node.getparent().getparent()
        return holder is not None and xml.local(holder) == "process"
    opened = node.getparent()                              # the task of a global task goes by the id that was drawn
    return not (opened is not None and xml.local(opened) == "process" and node.get("id") == f"{opened.get('id')}_task")


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
