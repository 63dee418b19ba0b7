"""Data of a diagram as it moves: data objects, inputs and outputs, and the associations between them.

Owns: which variable a data object stands for, what the associations of an activity or event copy or compute, and the data that live and
die with a sub-process.
Leaves: judgement to `lint.data`; moving values to `engine.kernel`.
Promises: an association that only decorates the drawing (no data input or output of the element stands at its end) moves nothing;
whatever else is drawn is moved as drawn.
Rule: BPMN 2.0.2, 10.4.1 (inputs and outputs), 10.4.2 (associations: transformation, else assignments, else a copy) and 10.4.1.1 (life).

A data object is a variable: its own name, else that of a reference to it, else its id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from engine.bpmn.model import Assignment, Extension
from engine.bpmn.xml import Node, child, children, expression, local, reference, text

ASSOCIATIONS = ("dataInputAssociation", "dataOutputAssociation")
_ITEMS = frozenset({"dataObject", "dataObjectReference", "dataInput", "dataOutput", "property"})
_PLACEHOLDER = "__targetRef_placeholder"    #: what bpmn-js draws an arrow to when the activity has no data input


class Items:
    """The data items of one process, by id."""

    def __init__(self, process: Node) -> None:
        self._nodes: dict[str, Node] = {}
        self._told: dict[str, str] = {}     #: data object → the name of a reference to it
        for node in process.iter():
            if isinstance(node.tag, str) and node.get("id"):
                self._nodes.setdefault(node.get("id"), node)
                if local(node) == "dataObjectReference" and node.get("name"):
                    self._told.setdefault(reference(node.get("dataObjectRef")), _named(node))

    def kind(self, item: str) -> str:
        """Tell what an id names: the tag of the element, "" when there is none."""
        return local(self._nodes[item]) if item in self._nodes else ""

    def variable(self, item: str) -> str:
        """Tell the variable a data item stands for; the id itself when nothing has that id."""
        node = self._nodes.get(item)
        if node is not None and local(node) == "dataObjectReference":
            referred = reference(node.get("dataObjectRef"))
            if referred not in self._nodes:
                return _named(node) or item
            item, node = referred, self._nodes[referred]
        return (_named(node) if node is not None else "") or self._told.get(item, "") or item


class Woven(NamedTuple):
    """What the data associations of an element come to.

    Attributes:
        ext: its extension, with what flows in as inputs; those drawn with `jalon:input` come after and win.
        gives: what flows out. given_by: names of the data outputs it flows from.
    """

    ext: Extension
    gives: tuple[Assignment, ...]
    given_by: tuple[str, ...]


def woven(node: Node, ext: Extension, items: Items) -> Woven:
    """Lay the data associations of an element into its mappings."""
    inputs = tuple(line for found in children(node, "dataInputAssociation") for line in _lines(found, items, "dataInput"))
    outputs = tuple(line for found in children(node, "dataOutputAssociation") for line in _lines(found, items, "dataOutput"))
    if inputs:
        own = {line.name for line in ext.inputs}
        ext = replace(ext, inputs=(*(line for line in inputs if line.name not in own), *ext.inputs))
    sources = (reference(text(found)) for one in children(node, "dataOutputAssociation") for found in children(one, "sourceRef"))
    given_by = dict.fromkeys(items.variable(source) for source in sources if outputs and items.kind(source) == "dataOutput")
    return Woven(ext, outputs, tuple(given_by))


def kept(node: Node, items: Items) -> tuple[str, ...]:
    """List the variables that live and die with a sub-process: its data objects and properties."""
    found = (items.variable(inner.get("id")) for inner in children(node, "dataObject", "property") if inner.get("id"))
    return tuple(name for name in found if name != _PLACEHOLDER)


def moves(association: Node, items: Items) -> bool:
    """Tell whether an association moves anything: it computes, or a data input or output of its element stands at its end."""
    computes = child(association, "assignment") is not None or child(association, "transformation") is not None
    return computes or bool(list(_lines(association, items, "dataInput" if local(association) == ASSOCIATIONS[0] else "dataOutput")))


def _lines(association: Node, items: Items, end: str) -> Iterator[Assignment]:
    sources = [reference(text(found)) for found in children(association, "sourceRef")]
    target = reference(text(child(association, "targetRef")))
    transformation = child(association, "transformation")
    assignments = list(children(association, "assignment"))
    if transformation is not None:
        if target:
            yield Assignment(items.variable(target), expression(text(transformation)))
    elif assignments:
        for one in assignments:
            yield from _assignment(one, target, items)
    elif target and sources and items.kind(sources[0]) in _ITEMS and items.kind(target) in _ITEMS:
        own = target if end == "dataInput" else sources[0]
        if items.kind(own) == end:
            yield Assignment(items.variable(target), "", items.variable(sources[0]))


def _assignment(one: Node, target: str, items: Items) -> Iterator[Assignment]:
    """`from` is FEEL; `to` names the target or a place inside it, as a path; without, the target itself is meant."""
    value, to = expression(text(child(one, "from"))), expression(text(child(one, "to")))
    head, *inside = to.split(".") if to else [target]
    name = items.variable(head) if head else ""
    if name and value and inside:
        keys = ", ".join(f'"{key.strip()}"' for key in inside)
        yield Assignment(name, f"context put(if {name} = null then {{}} else {name}, [{keys}], {value})")
    elif name and value:
        yield Assignment(name, value)


def _named(node: Node) -> str:
    return " ".join((node.get("name") or "").split())
