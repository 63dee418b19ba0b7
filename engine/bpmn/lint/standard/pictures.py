"""The drawing itself: shapes, edges, and what they stand for.

Owns: rules about diagram interchange. A fault there changes how a diagram looks, never how it runs: all are advice.
Rule: BPMN 2.0.2, 12.2 (diagram interchange), tables 12.2 to 12.6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.reader import FLOW_NODES
from engine.bpmn.xml import BPMNDI, DC, DI, Node, is_bpmn, local, reference
from engine.problems import Problem
from engine.texts import Text

_PLANES = frozenset({"process", "collaboration", "choreography", "globalConversation", "subProcess", "transaction", "adHocSubProcess",
                     "subChoreography", "globalChoreographyTask"})
_REDRAW = Text("Ouvrez le diagramme dans l’éditeur, redessinez l’élément et enregistrez.",
               "Open the diagram in the editor, draw the element again and save.")


@standard
def pictures_show_something(look: Look) -> Iterator[Problem]:
    """A shape or an edge stands for an element of the file. Rule: 12.2.3, bpmnElement."""
    for file, node in _pictures(look):
        key = reference(node.get("bpmnElement"))
        if key and look.named(file, key) is None and not _is_drawn_elsewhere(look, file, key):
            yield look.finding((file, key), "picture.of_nothing",
                               Text("Le dessin montre « {element} », qui n’est pas dans le fichier.",
                                    "The drawing shows “{element}”, which is not in the file."),
                               Text("Supprimez cette forme du dessin.", "Delete this shape from the drawing."), "warning")


@standard
def shapes_have_a_place(look: Look) -> Iterator[Problem]:
    """A shape has bounds, and an edge two points at least. Rule: 12.2.3, BPMNShape and BPMNEdge."""
    for file, node in _pictures(look):
        lacking = (local(node) == "BPMNShape" and node.find(f"{{{DC}}}Bounds") is None) or \
                  (local(node) == "BPMNEdge" and len(node.findall(f"{{{DI}}}waypoint")) < 2)
        if lacking:
            yield look.finding((file, reference(node.get("bpmnElement"))), "picture.without_place",
                               Text("« {element} » est dessiné sans position.", "“{element}” is drawn without a place."), _REDRAW,
                               "warning")


@standard
def pictures_are_of_the_right_form(look: Look) -> Iterator[Problem]:
    """A flow is drawn as an edge, a flow node as a shape, and a plane shows a process, a sub-process or a collaboration. Rule: 12.2.3."""
    for file, node in _pictures(look):
        found = look.named(file, node.get("bpmnElement"))
        if found is not None and is_bpmn(found) and not _fits(local(node), local(found)):
            yield look.fault(file, found, "picture.wrong_form",
                             Text("« {element} » ({tag}) est dessiné par un {picture}, qui ne lui convient pas.",
                                  "“{element}” ({tag}) is drawn by a {picture}, which does not suit it."), _REDRAW, "warning",
                             tag=local(found), picture=local(node))


def _fits(picture: str, tag: str) -> bool:
    if picture == "BPMNPlane":
        return tag in _PLANES
    if picture == "BPMNEdge":
        return tag not in FLOW_NODES | {"participant", "lane"}
    return tag not in ("sequenceFlow", "messageFlow", "association")


@standard
def what_runs_can_be_seen(look: Look) -> Iterator[Problem]:
    """In a file with a drawing, what runs at the top of a process is drawn. Rule: 12.1 (what is not drawn is not seen by people)."""
    drawn = Counter((file, reference(node.get("bpmnElement"))) for file, node in _pictures(look))
    for process in look.processes:
        shown = [element for element in process.elements.values() if (process.file, element.id) in drawn]
        for element in process.elements.values() if shown else ():
            if element.parent == process.id and (process.file, element.id) not in drawn:
                yield look.finding(element, "picture.missing",
                                   Text("« {element} » n’est pas dessiné : personne ne le verrait, mais il serait exécuté.",
                                        "“{element}” is not drawn: nobody would see it, but it would be run."), _REDRAW, "warning")


def _pictures(look: Look) -> Iterator[tuple[str, Node]]:
    for file, root in look.reading.documents.items():
        for node in root.iter(*(f"{{{BPMNDI}}}{tag}" for tag in ("BPMNPlane", "BPMNShape", "BPMNEdge"))):
            yield file, node


def _is_drawn_elsewhere(look: Look, file: str, key: str) -> bool:
    """Whether the file imports others: what a picture shows may then be theirs."""
    return any(local(node) == "import" for node in look.reading.documents[file]) and key != ""
