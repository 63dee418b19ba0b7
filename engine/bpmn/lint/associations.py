"""Data of a diagram: what associations move, and what lives and dies with a sub-process.

Owns: rules about associations that could not move what they promise, and about data objects of sub-processes.
Leaves: the FEEL of transformations and assignments to `expressions`.
Rule: BPMN 2.0.2, 10.4; docs/diagrams.md, section 7.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import data, xml
from engine.bpmn.data import Items
from engine.bpmn.lint.rules import Look, rule
from engine.bpmn.model import Element, Process
from engine.bpmn.xml import child, reference, text
from engine.problems import Problem
from engine.texts import Text

_STORES = frozenset({"dataStoreReference", "dataStore"})


@rule
def associations_move_something(look: Look) -> Iterator[Problem]:
    """An association that computes has somewhere to put its value; one without a data input or output is a drawing."""
    for process in look.processes:
        items = Items(look.node(process))
        for element in process.elements.values():
            node = look.node(element)
            for one in xml.children(node, *data.ASSOCIATIONS):
                computes = child(one, "assignment") is not None or child(one, "transformation") is not None
                if computes and not _has_values(one, items):
                    yield look.refused(element, "data.association_ignored",
                                       Text("Une association de données de « {element} » calcule une valeur qui n’aurait pas de place.",
                                            "A data association of “{element}” computes a value that would have no place."),
                                       Text("Donnez-lui une expression FEEL et une donnée, ou écrivez jalon:input ou jalon:output.",
                                            "Give it a FEEL expression and a data item to go to, or write jalon:input or jalon:output."))
                elif not computes and child(node, "ioSpecification") is not None and not data.moves(one, items):
                    yield look.finding(element, "data.association_drawn",
                                       Text("Une association de données de « {element} » n’est qu’un dessin : rien n’est copié.",
                                            "A data association of “{element}” is only a drawing: nothing is copied."),
                                       Text("Reliez-la à une entrée ou une sortie de données, ou écrivez jalon:input ou jalon:output.",
                                            "Connect it to a data input or output, or write jalon:input or jalon:output."), "warning")


def _has_values(association: xml.Node, items: Items) -> bool:
    """Whether everything that is computed has a FEEL text and goes to a variable, not to a store."""
    target = reference(text(child(association, "targetRef")))
    if items.kind(target) in _STORES:
        return False
    parts = [child(association, "transformation")] if child(association, "transformation") is not None else [
        child(one, "from") for one in xml.children(association, "assignment")]
    return all(part is not None and text(part) for part in parts) and data.moves(association, items) and bool(items.kind(target))


@rule
def data_of_sub_processes_ends_with_them(look: Look) -> Iterator[Problem]:
    """What a sub-process keeps is gone when it is over: whoever reads that name outside reads another variable."""
    for process in look.processes:
        for element in process.elements.values():
            for name in element.keeps:
                if _written_outside(process, element, name):
                    yield look.finding(element, "data.kept_inside",
                                       Text("« {name} » de « {element} » finit avec lui ; dehors, ce nom désigne une autre variable.",
                                            "“{name}” of “{element}” ends with it; outside, that name is another variable."),
                                       Text("Placez la donnée dans le processus si elle doit rester, ou donnez-lui un autre nom.",
                                            "Put the data object in the process if it has to stay, or give it another name."),
                                       "warning", name=name)


def _written_outside(process: Process, keeper: Element, name: str) -> bool:
    return any(name in (one.ext.result, *(line.name for line in (*one.ext.outputs, *one.gives)))
               for one in process.elements.values() if not _is_inside(process, one, keeper.id))


def _is_inside(process: Process, element: Element, scope: str) -> bool:
    around: Element | None = element
    while around is not None:
        if around.parent == scope:
            return True
        around = process.elements.get(around.parent)
    return False
