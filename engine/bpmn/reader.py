"""Diagrams as files, read into the model.

Owns: the way from bytes to `Model`: which elements there are, how they hang together, their names in two languages.
Leaves: the XML itself to `xml`, missing ids to `ids`, loops to `loops`, message flows to `pools`, words beyond BPMN to `extensions`,
English names kept beside the diagrams to `translation`, judgement to `lint`.
Promises: never raises for what stands in a file: unreadable input is a Problem with level error, everything readable opens as a
draft. `documents` are working copies (ids given, referenced event definitions in place) that still hold every foreign extension;
the bytes as drawn stay untouched. The same files give the same reading.
Rule: BPMN 2.0.2, chapters 8 to 10; docs/diagrams.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.bpmn import data, events, extensions, ids, loops, pools, translation, xml
from engine.bpmn.model import AdHoc, Element, Extension, Flow, Lane, Loop, Milestone, Model, Process
from engine.bpmn.xml import Node, child, children, expression, flag, local, reference, text, whole
from engine.problems import Problem
from engine.texts import NO_TEXT, Text

ACTIVITIES = frozenset({"task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask",
                        "callActivity", "subProcess", "transaction", "adHocSubProcess"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway", "eventBasedGateway"})
SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
FLOW_NODES = ACTIVITIES | EVENTS | GATEWAYS | {"choreographyTask", "subChoreography", "callChoreography"}


@dataclass(frozen=True)
class Reading:
    """What came out of the files of one process folder.

    Attributes:
        model: everything drawn. documents: path → root element of the working copy. problems: what could not be read, or only in part.
    """

    model: Model
    documents: Mapping[str, Node] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def is_diagram(path: str) -> bool:
    """Tell whether a file of a process folder is a BPMN diagram, by its name."""
    return path.lower().endswith((".bpmn", ".bpmn2", ".xml"))


def read(files: Mapping[str, bytes]) -> Reading:
    """Read the diagrams of one process folder together.

    Args:
        files: path inside the folder → content; the whole folder may be given: diagrams (by `is_diagram`) and `texts.en.yaml` are read.
    Returns: a reading; also for files that cannot be read, which are then named in its problems.
    """
    documents: dict[str, Node] = {}
    problems: list[Problem] = []
    for path in sorted(path for path in files if is_diagram(path)):
        try:
            root = xml.parse(files[path], path)
        except xml.Unreadable as refusal:
            problems.append(refusal.problem)
            continue
        if root.tag != f"{{{xml.BPMN}}}definitions":
            problems.append(_not_bpmn(path, root))
            continue
        ids.complete(root)
        documents[path] = root
    model, clashes = _model(documents)
    names, faults = _english(files)
    problems += [*clashes, *faults, *translation.unknown(model, names)]
    return Reading(translation.apply(model, names), documents, tuple(problems))


def _english(files: Mapping[str, bytes]) -> tuple[Mapping[str, translation.English], list[Problem]]:
    """The English texts kept beside the diagrams, when there are any."""
    return translation.read(files[translation.FILE]) if translation.FILE in files else ({}, [])


def _model(documents: Mapping[str, Node]) -> tuple[Model, list[Problem]]:
    names = events.named(documents)
    processes: dict[str, Process] = {}
    problems: list[Problem] = []
    spaces: set[tuple[str, str]] = set()                    # name space and id: taken
    for path, root in documents.items():
        drawn_in, space = _pools(root), (root.get("targetNamespace") or "").strip()
        for node in children(root, "process"):
            process = _Scope(node, path, names).process(drawn_in.get(node.get("id")))
            if process.id in processes:
                problems.append(_twice(path, process.id, processes[process.id].file, (space, process.id) in spaces))
            else:
                processes[process.id] = process
            spaces.add((space, process.id))
    processes = pools.name_messages(processes, documents, names.messages)
    return Model(processes, names.messages, names.signals, names.errors, names.escalations), problems


def _pools(root: Node) -> dict[str, Node]:
    """Find the pool each process is drawn in. A process without a pool is not in the map."""
    return {reference(pool.get("processRef")): pool for pool in root.iter(f"{{{xml.BPMN}}}participant") if pool.get("processRef")}


def name_of(node: Node) -> Text:
    """Tell the name of an element: French as drawn, English from `jalon:nameEn`, "" when there is none (`Text` falls back by itself)."""
    return Text(" ".join((node.get("name") or "").split()), (node.get(f"{{{xml.JALON}}}nameEn") or "").strip())


class _Scope:
    """One process while it is being read."""

    def __init__(self, node: Node, file: str, names: events.Names) -> None:
        self.node, self.file, self.names, self.items = node, file, names, data.Items(node)
        self.id: str = node.get("id")
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}
        self.lanes: list[Lane] = []
        self.lane_of: dict[str, str] = {}
        self.compensators = _compensators(node)
        self.incoming: dict[str, list[str]] = {}
        self.outgoing: dict[str, list[str]] = {}

    def process(self, pool: Node | None) -> Process:
        self._read_lanes(self.node, "")
        self._read_flows()
        self._read_elements(self.node, "")
        name = name_of(self.node)
        if not name.fr and pool is not None:
            name = name_of(pool)
        public = self.node.get("processType") == "Public"
        start = next((found for found in children(self.node, "startEvent")), None)
        return Process(
            id=self.id, name=name, executable=flag(self.node, "isExecutable", not public), file=self.file,
            elements=self.elements, flows=self.flows, lanes=tuple(self.lanes),
            milestones=tuple(Milestone(key, Text(fr or key, en)) for key, fr, en in extensions.milestones(self.node)),
            start_form=self._own("startForm") or extensions.start_form(start), title=expression(self._own("title")),
            search=expression(self._own("search")))

    def _own(self, name: str) -> str:
        return (self.node.get(f"{{{xml.JALON}}}{name}") or "").strip()

    def _read_lanes(self, holder: Node, group: str) -> None:
        """Read lanes within lanes: an element belongs to the innermost one, which has its parent's group unless it names its own."""
        for lane_set in children(holder, "laneSet", "childLaneSet"):
            for node in children(lane_set, "lane"):
                own_group = (node.get(f"{{{xml.JALON}}}group") or "").strip() or group
                members = tuple(reference(text(found)) for found in children(node, "flowNodeRef"))
                self.lanes.append(Lane(node.get("id"), name_of(node), own_group, members))
                self.lane_of.update(dict.fromkeys(members, node.get("id")))
                self._read_lanes(node, own_group)

    def _read_flows(self) -> None:
        for node in self.node.iter(f"{{{xml.BPMN}}}sequenceFlow"):
            flow = Flow(node.get("id"), reference(node.get("sourceRef")), reference(node.get("targetRef")), name_of(node),
                        expression(text(child(node, "conditionExpression"))))
            if flow.id not in self.flows:                  # a second one with the same id is the lint's to name
                self.flows[flow.id] = flow
                self.outgoing.setdefault(flow.source, []).append(flow.id)
                self.incoming.setdefault(flow.target, []).append(flow.id)

    def _read_elements(self, holder: Node, lane: str) -> None:
        for node in holder.iterchildren():
            if not xml.is_bpmn(node) or local(node) not in FLOW_NODES or node.get("id") in self.elements:
                continue
            own_lane = self.lane_of.get(node.get("id"), lane)
            self.elements[node.get("id")] = self._element(node, holder.get("id"), own_lane)
            if local(node) in SUB_PROCESSES:
                for lane_set in children(node, "laneSet"):
                    self._read_lanes(lane_set.getparent(), "")
                self._read_elements(node, own_lane)

    def _element(self, node: Node, parent: str, lane: str) -> Element:
        kind = local(node)
        ext, gives, given_by = data.woven(node, extensions.read(node), self.items)
        return Element(
            id=node.get("id"), kind=kind, name=name_of(node), process=self.id, parent=parent, lane=lane,
            incoming=tuple(self.incoming.get(node.get("id"), ())), outgoing=tuple(self.outgoing.get(node.get("id"), ())),
            default=reference(node.get("default")), events=events.of(node, ext, self.names),
            attached_to=reference(node.get("attachedToRef")),
            interrupting=flag(node, "cancelActivity" if kind == "boundaryEvent" else "isInterrupting", True),
            parallel_multiple=flag(node, "parallelMultiple", False), triggered_by_event=flag(node, "triggeredByEvent", False),
            called=reference(node.get("calledElement")) or extensions.foreign_called(node),
            script=expression(text(child(node, "script"))) or extensions.foreign_script(node),
            loop=self._loop(node), ad_hoc=_ad_hoc(node) if kind == "adHocSubProcess" else None,
            activation=expression(text(child(node, "activationCondition"))),
            start_quantity=whole(node.get("startQuantity") or "1"), completion_quantity=whole(node.get("completionQuantity") or "1"),
            for_compensation=kind in ACTIVITIES and flag(node, "isForCompensation", False) and not flag(node, "triggeredByEvent", False),
            compensator=self.compensators.get(node.get("id"), ""), instantiates=flag(node, "instantiate", False),
            waits_for_all=(node.get("eventGatewayType") or "").strip() == "Parallel",
            keeps=data.kept(node, self.items) if kind in SUB_PROCESSES else (), gives=gives,
            given_by=given_by,
            ext=ext, documentation=Text(documentation, "") if (documentation := extensions.documentation(node)) else NO_TEXT)

    def _loop(self, node: Node) -> Loop | None:
        found = loops.read(node, self.items)
        behaviours = loops.behaviours(node, lambda event: events.of(event, Extension(), self.names),
                                      lambda ref: events.named_by(self.node.getparent(), ref, Extension(), self.names))
        return replace(found, behaviours=behaviours) if found is not None and behaviours else found


def _ad_hoc(node: Node) -> AdHoc:
    return AdHoc((node.get("ordering") or "").strip() == "Sequential", expression(text(child(node, "completionCondition"))),
                 flag(node, "cancelRemainingInstances", True))


def _compensators(process: Node) -> dict[str, str]:
    """Which activity for compensation an association connects with what, whichever way it is drawn."""
    undoing = {node.get("id") for node in process.iter(f"{{{xml.BPMN}}}*") if flag(node, "isForCompensation", False)}
    found: dict[str, str] = {}
    for node in process.getparent().iter(f"{{{xml.BPMN}}}association"):
        source, target = reference(node.get("sourceRef")), reference(node.get("targetRef"))
        if target in undoing:
            found.setdefault(source, target)
        elif source in undoing:
            found.setdefault(target, source)
    return found


def _not_bpmn(path: str, root: Node) -> Problem:
    return Problem(path, "", "file.not_bpmn", "error",
                   Text(f"Ce fichier n’est pas un diagramme BPMN 2.0 : sa racine est « {local(root)} » (ligne {root.sourceline}).",
                        f"This file is not a BPMN 2.0 diagram: its root is “{local(root)}” (line {root.sourceline})."),
                   Text("Enregistrez le diagramme au format BPMN 2.0 XML.", "Save the diagram in the BPMN 2.0 XML format."))


def _twice(path: str, process: str, first: str, one_space: bool) -> Problem:
    """Two processes of one id; in two name spaces the standard allows it, but a folder here is one space: then it is left to do."""
    return Problem(path, process, "process.twice", "error" if one_space else "draft",
                   Text(f"Le processus « {process} » est défini deux fois ; il l’est déjà dans {first}.",
                        f"The process “{process}” is defined twice; it is already in {first}."),
                   Text("Donnez un autre identifiant à l’un des deux.", "Give one of the two another id."))
