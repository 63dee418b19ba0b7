"""Kinds of data: item definitions, and the data elements that are of one.

Owns: when two kinds of data are the same, and the rules about collections and references to data.
Leaves: data that goes along associations to `associations`, into sets to `data_sets`, into loops to `repetitions`.
Rule: BPMN 2.0.2, 8.4.10 (item definitions) and 10.4.1 (data modelling).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.xml import Node, child, flag, local
from engine.problems import Problem
from engine.texts import Text


def item_of(look: Look, file: str, node: Node | None) -> Node | None:
    """Find the item definition that a data element, message, signal, error or escalation is of; None when it says nothing.

    A reference to a data object or data store is of the kind of what it refers to.
    """
    for attribute in ("dataObjectRef", "dataStoreRef"):
        if node is not None and node.get(attribute):
            node = look.named(file, node.get(attribute))
    if node is None:
        return None
    named = node.get("itemSubjectRef") or node.get("itemRef") or (node.get("structureRef") if local(node) != "itemDefinition" else None)
    found = look.named(file, named)
    return found if found is not None and local(found) == "itemDefinition" else None


def alike(one: Node, other: Node) -> bool:
    """Tell whether two item definitions are equivalent: the same one, or of the same structure."""
    return one is other or bool(one.get("structureRef") and one.get("structureRef") == other.get("structureRef"))


@standard
def collections_are_collections(look: Look) -> Iterator[Problem]:
    """A data element is a collection exactly when its item definition is one. Rule: 10.4.1, tables 10.52 and 10.59, isCollection."""
    for file, node in look.drawn("dataObject", "dataInput", "dataOutput"):
        item = item_of(look, file, node)
        if item is not None and flag(item, "isCollection", False) != flag(node, "isCollection", False):
            yield look.fault(file, node, "data.collection",
                             Text("« {element} » : la donnée « {data} » et sa définition « {item} » ne sont pas toutes deux des listes.",
                                  "“{element}”: the data “{data}” and its definition “{item}” are not both lists."),
                             Text("Mettez isCollection à la même valeur des deux côtés.",
                                  "Give isCollection the same value on both sides."),
                             data=node.get("name") or node.get("id") or local(node), item=item.get("id"))


@standard
def data_references_have_no_kind_of_their_own(look: Look) -> Iterator[Problem]:
    """A reference to a data object has the kind of data of what it names, and none of its own. Rule: 10.4.1, data object references."""
    for file, node in look.drawn("dataObjectReference"):
        if node.get("itemSubjectRef"):
            yield look.fault(file, node, "data.kind_of_reference",
                             Text("« {element} » déclare un type de donnée ; une référence a celui de l’objet qu’elle montre.",
                                  "“{element}” declares a kind of data; a reference has that of the object it shows."),
                             Text("Retirez itemSubjectRef de la référence.", "Remove itemSubjectRef from the reference."))


@standard
def data_objects_have_no_state(look: Look) -> Iterator[Problem]:
    """A state belongs to a reference to a data object, not to the data object. Rule: 10.4.1, data object references."""
    for file, node in look.drawn("dataObject"):
        if child(node, "dataState") is not None:
            yield look.fault(file, node, "data.state_of_object",
                             Text("L’objet de données « {element} » porte un état, qui appartient à une référence.",
                                  "The data object “{element}” carries a state, which belongs to a reference."),
                             Text("Donnez l’état à la référence (dataObjectReference).",
                                  "Give the state to the reference (dataObjectReference)."))
