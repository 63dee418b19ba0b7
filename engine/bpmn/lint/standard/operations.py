"""Tasks that call an operation or carry a message: their data is that of the message.

Owns: rules about the inputs and outputs of service, send and receive tasks.
Leaves: events that carry messages to `event_data`; what a task really does to `lint.activities`.
Rule: BPMN 2.0.2, 10.3.3 (service task, send task, receive task).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.lint.standard.items import alike, item_of
from engine.bpmn.xml import Node, child, children, local, text
from engine.problems import Problem
from engine.texts import Text

_IN, _OUT = Text("d’entrée", "input"), Text("de sortie", "output")
_REMEDY = Text("Gardez une seule donnée, dans un seul groupe, du type de donnée du message.",
               "Keep one data, in one set, of the kind of data of the message.")


@standard
def services_take_one_message(look: Look) -> Iterator[Problem]:
    """A service task with an operation has one input set with one input, of the kind of its message. Rule: 10.3.3, service task."""
    for file, node, operation in _services(look):
        yield from _carried(look, file, node, "Input", _message(look, file, operation, "inMessageRef"), least=1)


@standard
def services_give_one_message(look: Look) -> Iterator[Problem]:
    """A service task has one output set at most; with a message that comes back, one output of its kind. Rule: 10.3.3, service task."""
    for file, node, operation in _services(look):
        message = _message(look, file, operation, "outMessageRef")
        yield from _carried(look, file, node, "Output", message, least=1 if message is not None else 0)


@standard
def sends_take_one_message(look: Look) -> Iterator[Problem]:
    """A send task has one input set and one input at most, of the kind of its message. Rule: 10.3.3, send task."""
    for file, node in look.drawn("sendTask"):
        yield from _carried(look, file, node, "Input", _message(look, file, node, "messageRef"))


@standard
def receives_give_one_message(look: Look) -> Iterator[Problem]:
    """A receive task has one output set and one output at most, of the kind of its message. Rule: 10.3.3, receive task."""
    for file, node in look.drawn("receiveTask"):
        yield from _carried(look, file, node, "Output", _message(look, file, node, "messageRef"))


def _services(look: Look) -> Iterator[tuple[str, Node, Node]]:
    for file, node in look.drawn("serviceTask"):
        operation = look.named(file, node.get("operationRef"))
        if operation is not None and local(operation) == "operation":
            yield file, node, operation


def _message(look: Look, file: str, node: Node, name: str) -> Node | None:
    found = look.named(file, node.get(name) or text(child(node, name)))
    return found if found is not None and local(found) == "message" else None


def _carried(look: Look, file: str, node: Node, way: str, message: Node | None, least: int = 0) -> Iterator[Problem]:
    """Judge one side of a task: `way` is Input or Output, `least` how many sets and data there must be."""
    specification = child(node, "ioSpecification")
    sets = [] if specification is None else list(children(specification, f"{way.lower()}Set"))
    data = [] if specification is None else list(children(specification, f"data{way}"))
    side = _IN if way == "Input" else _OUT
    if not least <= len(sets) or len(sets) > 1 or not least <= len(data) or len(data) > 1:
        yield look.fault(file, node, "message.data_count",
                         Text("« {element} » a {sets} groupe(s) {side} et {data} donnée(s) pour un seul message.",
                              "“{element}” has {sets} {side} set(s) and {data} data for a single message."),
                         _REMEDY, sets=len(sets), side=side, data=len(data))
    elif data and message is not None:
        own, told = item_of(look, file, data[0]), item_of(look, file, message)
        if own is not told and (own is None or told is None or not alike(own, told)):
            yield look.fault(file, node, "message.data_kind",
                             Text("« {element} » : la donnée {side} « {data} » n’est pas du type du message « {carrier} ».",
                                  "“{element}”: the {side} data “{data}” is not of the kind of the message “{carrier}”."),
                             _REMEDY, side=side, data=data[0].get("name") or data[0].get("id"),
                             carrier=message.get("name") or message.get("id"))
