"""Data that goes from one element to another along data associations.

Owns: what a data association may connect and when it must say how the value is made.
Leaves: whether it is carried out to `lint.unsupported`.
Rule: BPMN 2.0.2, 10.4.2, table 10.63.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.lint.standard.items import alike, item_of
from engine.bpmn.xml import Node, child, children, local, text
from engine.problems import Problem
from engine.texts import Text

_ASSOCIATIONS = ("dataInputAssociation", "dataOutputAssociation")


@standard
def several_sources_are_transformed(look: Look) -> Iterator[Problem]:
    """Of several sources, a transformation makes the one value that arrives. Rule: 10.4.2, table 10.63."""
    for file, node in look.drawn(*_ASSOCIATIONS):
        if len(list(children(node, "sourceRef"))) > 1 and child(node, "transformation") is None:
            yield look.fault(file, node, "data.several_sources",
                             Text("L’association de données « {element} » a plusieurs sources, sans dire comment en faire une valeur.",
                                  "The data association “{element}” has several sources, and does not say how to make one value of them."),
                             Text("Gardez une source, ou écrivez une transformation.", "Keep one source, or write a transformation."))


@standard
def both_ends_are_of_one_kind(look: Look) -> Iterator[Problem]:
    """Source and target are of the same kind of data, unless a transformation makes one of the other. Rule: 10.4.2, table 10.63."""
    for file, node in look.drawn(*_ASSOCIATIONS):
        if child(node, "transformation") is not None:
            continue
        target = item_of(look, file, _end(look, file, node, "targetRef"))
        source = item_of(look, file, _end(look, file, node, "sourceRef"))
        if source is not None and target is not None and not alike(source, target):
            yield look.fault(file, node, "data.other_kind",
                             Text("L’association de données « {element} » va d’un type de donnée (« {source} ») à un autre (« {target} »).",
                                  "The data association “{element}” goes from one kind of data (“{source}”) to another (“{target}”)."),
                             Text("Donnez le même type aux deux bouts, ou écrivez une transformation.",
                                  "Give both ends the same kind, or write a transformation."),
                             source=source.get("id"), target=target.get("id"))


@standard
def inputs_of_a_process_come_from_outside(look: Look) -> Iterator[Problem]:
    """What a process is given by its caller is not filled inside, and what it gives back is not read inside. Rule: 10.4.1, data inputs."""
    for file, node in look.drawn(*_ASSOCIATIONS):
        for tag, data, what in (("targetRef", "dataInput", Text("remplit une entrée", "fills an input")),
                                ("sourceRef", "dataOutput", Text("lit une sortie", "reads an output"))):
            found = _end(look, file, node, tag)
            if found is not None and local(found) == data and _of_process(found):
                yield look.fault(file, node, "data.process_input_inside",
                                 Text("L’association de données « {element} » {what} du processus lui-même.",
                                      "The data association “{element}” {what} of the process itself."),
                                 Text("Reliez-la à un objet de données du processus.", "Connect it to a data object of the process."),
                                 what=what)


def _of_process(data: Node) -> bool:
    around = data.getparent()
    return local(around) == "ioSpecification" and local(around.getparent()) == "process"


def _end(look: Look, file: str, node: Node, tag: str) -> Node | None:
    return look.named(file, text(child(node, tag)))
