"""References inside a file, and the drawing around the processes: pools and message flows.

Owns: rules about ids that name nothing. A damaged file opens as a draft, but is not deployed as if it were whole.
Leaves: messages, signals, errors and their like to `events`; sequence flows to `structure`.
Rule: BPMN 2.0.2, 8.3, 9.4 (message flows) and 15.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, rule, standard
from engine.bpmn.reader import EVENTS
from engine.bpmn.xml import BPMN, Node, children, local, reference, text
from engine.problems import Problem
from engine.texts import Text

#: Attributes that name an element of the folder, by the tag they stand on.
_ATTRIBUTES = {
    "association": ("sourceRef", "targetRef"), "messageFlow": ("sourceRef", "targetRef", "messageRef"), "participant": ("processRef",),
    "dataObjectReference": ("dataObjectRef",), "dataStoreReference": ("dataStoreRef",), "group": ("categoryValueRef",),
}
#: Child elements whose text names an element of the folder.
_CHILDREN = ("flowNodeRef", "loopDataInputRef", "loopDataOutputRef")
#: What is only drawn: nothing runs by it, and tools leave such references behind.
_DECORATION = frozenset({"association", "group", "dataStoreReference", "flowNodeRef"})
_THROWS = frozenset({"sendTask", "endEvent", "intermediateThrowEvent"})
_CATCHES = frozenset({"receiveTask", "startEvent", "intermediateCatchEvent", "boundaryEvent"})


@standard
def references_name_something(look: Look) -> Iterator[Problem]:
    """What a drawing names is drawn in one of the files of the folder; where it is decoration, that is advice."""
    existing = {node.get("id") for root in look.reading.documents.values() for node in root.iter() if node.get("id")}
    for file, root in look.reading.documents.items():
        for node in root.iter(f"{{{BPMN}}}*"):
            named = [reference(node.get(name)) for name in _ATTRIBUTES.get(local(node), ())]
            named += [reference(text(node))] if local(node) in _CHILDREN else []
            for name in named:
                if name and name not in existing:
                    yield _unknown(look, file, node, name)


@standard
def flows_named_by_elements(look: Look) -> Iterator[Problem]:
    """A flow that an element lists as coming in or going out really does."""
    for element in look.elements():
        process = look.process(element)
        for tag, listed in (("incoming", element.incoming), ("outgoing", element.outgoing)):
            for node in children(look.node(element), tag):
                if (name := reference(text(node))) and name not in listed:
                    yield _unknown(look, process.file, look.node(element), name)


def _unknown(look: Look, file: str, node: Node, name: str) -> Problem:
    owner = node if node.get("id") else node.getparent()
    return look.finding((file, owner.get("id") or ""), "reference.unknown",
                        Text("« {element} » ({tag}) renvoie à « {name} », qui n’y est pas.",
                             "“{element}” ({tag}) refers to “{name}”, which is not there."),
                        Text("Reliez-le à un élément qui existe, ou supprimez-le.", "Connect it to an element that exists, or delete it."),
                        "warning" if local(node) in _DECORATION else "error", tag=local(node), name=name)


@standard
def message_flows_connect_pools(look: Look) -> Iterator[Problem]:
    """A message flow goes from one pool to another, from something that sends to something that receives."""
    for file, root in look.reading.documents.items():
        pools = {node.get("id"): node for node in root.iter(f"{{{BPMN}}}participant")}
        nodes = {node.get("id"): node for node in root.iter(f"{{{BPMN}}}*") if node.get("id")}
        for flow in root.iter(f"{{{BPMN}}}messageFlow"):
            source, target = (nodes.get(reference(flow.get(end))) for end in ("sourceRef", "targetRef"))
            if source is not None and target is not None and (what := _message_flow_fault(source, target, pools)) is not None:
                yield look.finding((file, flow.get("id") or ""), "message_flow.wrong",
                                   Text("Flux de message « {element} » : {what}.", "Message flow “{element}”: {what}."),
                                   Text("Reliez ce qui envoie dans un bassin à ce qui reçoit dans un autre.",
                                        "Connect what sends in one pool with what receives in another."), what=what)


@rule
def message_flows_carry_one_message(look: Look) -> Iterator[Problem]:
    """Both ends of a message flow between executable pools name the same message; one that sends nothing is only a drawing."""
    elements = {element.id: element for element in look.elements()}
    for file, root in look.reading.documents.items():
        for flow in root.iter(f"{{{BPMN}}}messageFlow"):
            source, target = (elements.get(reference(flow.get(end))) for end in ("sourceRef", "targetRef"))
            if source is None or target is None or source.process == target.process:
                continue
            told, heard = ({event.name or event.ref for event in end.events if event.kind == "message"} for end in (source, target))
            if told and heard and not told & heard:
                yield look.finding((file, flow.get("id") or ""), "message_flow.two_messages",
                                   Text("Le flux de message « {element} » part avec « {told} », mais l’autre bout attend « {heard} ».",
                                        "The message flow “{element}” leaves with “{told}”, but its other end waits for “{heard}”."),
                                   Text("Choisissez le même message aux deux bouts.", "Choose the same message at both ends."),
                                   told=", ".join(sorted(told)), heard=", ".join(sorted(heard)))
            elif not told or not heard:
                yield look.finding((file, flow.get("id") or ""), "message_flow.drawn_only",
                                   Text("Le flux de message « {element} » n’est qu’un dessin : un bout n’émet ou n’attend rien.",
                                        "The message flow “{element}” is only a drawing: one end does not send or await anything."),
                                   Text("Mettez une tâche d’envoi ou un événement de message à chaque bout.",
                                        "Put a send task or a message event at each end."), "warning")


def _message_flow_fault(source: Node, target: Node, pools: dict[str, Node]) -> Text | None:
    if _pool(source, pools) is not None and _pool(source, pools) is _pool(target, pools):
        return Text("ses deux bouts sont dans le même bassin", "both ends are in the same pool")
    if local(source) in EVENTS and (local(source) not in _THROWS or not _is_message(source)):
        return Text("il part d’un événement qui n’envoie pas de message", "it leaves an event that sends no message")
    if local(target) in EVENTS and (local(target) not in _CATCHES or not _is_message(target)):
        return Text("il mène à un événement qui ne reçoit pas de message", "it leads to an event that receives no message")
    return None


def _is_message(event: Node) -> bool:
    return any(True for _ in children(event, "messageEventDefinition", "eventDefinitionRef"))


def _pool(node: Node, pools: dict[str, Node]) -> Node | None:
    """Find the pool an end of a message flow is in: itself, or the one of the process around it."""
    if local(node) == "participant":
        return node
    while node is not None and local(node) != "process":
        node = node.getparent()
    return None if node is None else next((pool for pool in pools.values() if reference(pool.get("processRef")) == node.get("id")), None)
