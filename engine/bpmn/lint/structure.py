"""The bones of a diagram: ids, references, flows, what begins and what can be reached.

Owns: rules about ids used twice, references to nothing, flows that cross a border, elements nobody reaches.
Rule: BPMN 2.0.2, 8.3.13 (sequence flows), 10.4 (sub-processes) and 13.3 (start and end).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.bpmn import xml
from engine.bpmn.ids import unresolved
from engine.bpmn.lint.rules import Look, rule, standard
from engine.bpmn.model import Element
from engine.bpmn.reader import EVENTS
from engine.problems import Problem
from engine.texts import Text

_EITHER_ID = Text("Donnez un autre identifiant à l’un des deux.", "Give one of the two another id.")


@standard
def duplicate_ids(look: Look) -> Iterator[Problem]:
    """An id names one element of a file; only the first one would be run."""
    for file, root in look.reading.documents.items():
        counts = Counter(node.get("id") for node in root.iter() if node.get("id") and xml.namespace(node) in (xml.BPMN, xml.BPMNDI))
        for key, count in counts.items():
            if count > 1:
                yield look.finding((file, key), "id.twice", Text("L’identifiant « {element} » est utilisé {count} fois.",
                                                                 "The id “{element}” is used {count} times."), _EITHER_ID, count=count)


@standard
def ids_without_prefix(look: Look) -> Iterator[Problem]:
    """An id has no colon: what names it would be read as a qualified name, and would name something else. Rule: BPMN 2.0.2, 15.3.2."""
    for file, root in look.reading.documents.items():
        for node in root.iter(f"{{{xml.BPMN}}}*"):
            if ":" in (node.get("id") or ""):
                yield look.finding((file, node.get("id")), "id.with_colon",
                                   Text("L’identifiant « {element} » contient deux-points : aucune référence ne le trouverait.",
                                        "The id “{element}” holds a colon: no reference would find it."),
                                   Text("Donnez-lui un identifiant sans deux-points.", "Give it an id without a colon."))


@rule
def clashing_names(look: Look) -> Iterator[Problem]:
    """All files of a folder share one space of messages, signals, errors and escalations."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for file, root in look.reading.documents.items():
        for node in xml.children(root, "message", "signal", "error", "escalation"):
            meaning = " ".join((node.get("name") or "").split()) + "\n" + (node.get("errorCode") or node.get("escalationCode") or "")
            first, there = seen.setdefault((xml.local(node), node.get("id")), (meaning, file))
            if first != meaning and there != file:
                yield look.finding((file, node.get("id")), "id.twice_in_folder",
                                   Text("« {element} » a un autre sens dans {there}.", "“{element}” means something else in {there}."),
                                   _EITHER_ID, there=there)


@rule
def executable(look: Look) -> Iterator[Problem]:
    """A folder holds at least one process that is meant to run."""
    processes = look.model.processes.values()
    file, root = next(iter(look.reading.documents.items()), ("", None))
    if root is not None and not processes:
        yield look.finding((file, root.get("id") or ""), "process.none",
                           Text("Aucun processus n’est dessiné ici.", "No process is drawn here."),
                           Text("Dessinez un processus ; un bassin seul n’en contient pas.", "Draw a process; a pool alone holds none."),
                           "draft")
    for process in processes if not any(process.executable for process in processes) else ():
        yield look.finding(process, "process.not_executable",
                           Text("Le processus « {element} » n’est pas marqué comme exécutable.",
                                "The process “{element}” is not marked as executable."),
                           Text("Cochez « Exécutable » dans les propriétés du processus.",
                                "Tick “Executable” in the properties of the process."), "draft")


@rule
def has_a_beginning(look: Look) -> Iterator[Problem]:
    """Something begins: a start event, or an element that no flow leads to."""
    for scope in look.scopes:
        owner = scope.process.elements.get(scope.key, scope.process)
        if not scope.elements:
            yield look.finding(owner, "process.empty", Text("« {element} » ne contient aucun élément.", "“{element}” holds no elements."),
                               Text("Dessinez au moins un début, une tâche et une fin.", "Draw at least a start, a task and an end."),
                               "draft")
        elif all(scope.elements[key].triggered_by_event for key in scope.entries()):
            yield look.finding(owner, "process.without_start",
                               Text("Rien ne commence dans « {element} ».", "Nothing begins in “{element}”."),
                               Text("Ajoutez un événement de début.", "Add a start event."))


@standard
def flow_ends(look: Look) -> Iterator[Problem]:
    """A sequence flow goes from one element to another of the same scope."""
    for process, flow in look.flows():
        source, target = process.elements.get(flow.source), process.elements.get(flow.target)
        if source is None or target is None:
            elsewhere = any(missing in other.elements for other in look.model.processes.values() if other is not process
                            for missing, found in ((flow.source, source), (flow.target, target)) if found is None)
            if elsewhere:
                yield look.flow_finding(process, flow, "flow.across_processes",
                                        Text("Le flux « {element} » relie deux processus.", "The flow “{element}” connects two processes."),
                                        Text("Utilisez un flux de message et des événements de message.",
                                             "Use a message flow and message events."))
            else:
                yield look.flow_finding(process, flow, "flow.dangling",
                                        Text("Le flux « {element} » va de « {source} » à « {target} » : un des deux n’existe pas.",
                                             "The flow “{element}” goes from “{source}” to “{target}”: one of them does not exist."),
                                        Text("Reliez-le à un élément ou supprimez-le.", "Connect it to an element or delete it."))
        elif source.parent != target.parent:
            yield look.flow_finding(process, flow, "flow.across_scopes",
                                    Text("Le flux « {element} » traverse le bord d’un sous-processus, de « {source} » à « {target} ».",
                                         "The flow “{element}” crosses the border of a sub-process, from “{source}” to “{target}”."),
                                    Text("Reliez le sous-processus lui-même, ou placez les deux éléments du même côté.",
                                         "Connect the sub-process itself, or put both elements on the same side."))


@standard
def flow_places(look: Look) -> Iterator[Problem]:
    """Nothing flows into a start or boundary event, nor out of an end, nor to or from an event sub-process."""
    for process, flow in look.flows():
        source, target = process.elements.get(flow.source), process.elements.get(flow.target)
        if target is not None and (target.kind in ("startEvent", "boundaryEvent") or target.triggered_by_event or _link_catch(target)):
            yield look.flow_finding(process, flow, "flow.wrong_target",
                                    Text("Un flux mène à « {target} », qui n’en reçoit pas.",
                                         "A flow leads to “{target}”, which takes none."),
                                    Text("Supprimez ce flux ; seul son événement y fait entrer.",
                                         "Delete this flow; only its event enters there."))
        if source is not None and (source.kind == "endEvent" or source.triggered_by_event or _link_throw(source)):
            yield look.flow_finding(process, flow, "flow.wrong_source",
                                    Text("Un flux part de « {source} », où le chemin est fini.",
                                         "A flow leaves “{source}”, where the path is over."),
                                    Text("Supprimez ce flux, ou changez le type de « {source} ».",
                                         "Delete this flow, or change the type of “{source}”."))


@standard
def reachable(look: Look) -> Iterator[Problem]:
    """Every element can be reached; one that cannot would be left out in silence."""
    for scope in look.scopes:
        reached = scope.reached(scope.entries())
        for element in scope.elements.values() if reached else ():
            if element.id not in reached and element.kind != "boundaryEvent" and not look.compensates(element):
                yield _unreached(look, element)


def _unreached(look: Look, element: Element) -> Problem:
    return look.finding(element, "element.unreachable",
                        Text("Aucun chemin ne mène à « {element} » : il ne serait jamais exécuté.",
                             "No path leads to “{element}”: it would never be run."),
                        Text("Reliez-le à partir d’un début, ou supprimez-le.", "Connect it from a start, or delete it."))


@standard
def ends(look: Look) -> Iterator[Problem]:
    """Where end events are drawn, every path comes to one."""
    for scope in look.scopes:
        drawn = any(element.kind == "endEvent" for element in scope.elements.values())
        for element in scope.elements.values():
            if (drawn or element.kind.startswith("intermediate")) and _stops_short(element) and not look.compensates(element):
                yield look.finding(element, "element.without_outgoing",
                                   Text("Le chemin s’arrête à « {element} » sans événement de fin.",
                                        "The path stops at “{element}” without an end event."),
                                   Text("Reliez-le à la suite, ou à un événement de fin.",
                                        "Connect it to what follows, or to an end event."))


def _stops_short(element: Element) -> bool:
    told_elsewhere = ("endEvent", "startEvent", "boundaryEvent")
    return not element.outgoing and element.kind not in told_elsewhere and not element.triggered_by_event and not _link_throw(element)


@standard
def start_leads_somewhere(look: Look) -> Iterator[Problem]:
    """A start event is followed by something."""
    for element in look.elements("startEvent"):
        if not element.outgoing:
            yield look.finding(element, "start.leads_nowhere",
                               Text("Rien ne suit le début « {element} ».", "Nothing follows the start “{element}”."),
                               Text("Reliez-le à la première activité.", "Connect it to the first activity."))


@standard
def default_flows(look: Look) -> Iterator[Problem]:
    """A default flow is one of those that leave the element, and has no condition."""
    for element in look.elements():
        if not element.default:
            continue
        process = look.process(element)
        if element.default not in element.outgoing:
            yield look.finding(element, "flow.default_elsewhere",
                               Text("Le flux par défaut de « {element} », « {flow} », n’en part pas.",
                                    "The default flow of “{element}”, “{flow}”, does not leave it."),
                               Text("Choisissez un de ses flux sortants.", "Choose one of its outgoing flows."), flow=element.default)
        elif process.flows[element.default].condition:
            yield look.flow_finding(process, process.flows[element.default], "flow.default_with_condition",
                                    Text("Le flux par défaut « {element} » porte une condition, qui serait ignorée.",
                                         "The default flow “{element}” carries a condition, which would be ignored."),
                                    Text("Retirez la condition, ou le repère de flux par défaut.",
                                         "Remove the condition, or the default mark."))


@standard
def event_definition_references(look: Look) -> Iterator[Problem]:
    """An event definition that is named exists."""
    for element in look.elements(*EVENTS):
        for missing in unresolved(look.node(element)):
            yield look.finding(element, "reference.unknown",
                               Text("« {element} » renvoie à « {missing} », qui n’existe pas.",
                                    "“{element}” refers to “{missing}”, which does not exist."),
                               Text("Choisissez une définition qui existe.", "Choose a definition that exists."), missing=missing)


def _link_throw(element: Element) -> bool:
    return element.kind == "intermediateThrowEvent" and any(event.kind == "link" for event in element.events)


def _link_catch(element: Element) -> bool:
    return element.kind == "intermediateCatchEvent" and any(event.kind == "link" for event in element.events)
