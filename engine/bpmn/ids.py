"""Ids and references of a diagram, made complete.

Owns: ids for elements that were drawn without one (the schema makes most of them optional), event definitions that stand apart
and are named by `eventDefinitionRef`, links that name each other by id, global tasks, which become processes of one task.
Leaves: ids used twice and references to nothing to `lint`.
Promises: the same bytes always get the same ids; an id that was drawn is never changed.
Rule: BPMN 2.0.2, 8.3.1 (ids are optional) and 10.5.5 (eventDefinitionRef).
"""

from __future__ import annotations

import copy

from lxml import etree  # type: ignore[import-untyped]

from engine.bpmn.xml import BPMN, Node, child, children, flag, is_bpmn, local, reference, text

#: Tasks that stand beside the processes, and what each is inside one.
_GLOBAL_TASKS = {"globalTask": "task", "globalUserTask": "userTask", "globalManualTask": "manualTask",
                 "globalScriptTask": "scriptTask", "globalBusinessRuleTask": "businessRuleTask"}

#: Elements that need a name of their own to be run, shown or migrated.
_NAMED = frozenset({
    "process", "subProcess", "transaction", "adHocSubProcess", "callActivity", "task", "userTask", "manualTask", "serviceTask",
    "sendTask", "receiveTask", "scriptTask", "businessRuleTask", "startEvent", "endEvent", "intermediateCatchEvent",
    "intermediateThrowEvent", "boundaryEvent", "exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway",
    "eventBasedGateway", "sequenceFlow", "laneSet", "lane", "message", "signal", "error", "escalation", "participant", "collaboration",
    "dataObject", *_GLOBAL_TASKS,
    "choreographyTask", "subChoreography", "callChoreography", "dataObjectReference", "dataStoreReference", "dataStore",
})

_DEFINITIONS = frozenset(f"{kind}EventDefinition" for kind in (
    "message", "timer", "signal", "error", "escalation", "conditional", "link", "compensate", "cancel", "terminate"))


def complete(root: Node) -> None:
    """Give the missing ids and put referenced event definitions where they are used, in the document itself."""
    _give_ids(root)
    _open_global_tasks(root)
    _inline_event_definitions(root)
    _name_links(root)


def _give_ids(root: Node) -> None:
    taken = {node.get("id") for node in root.iter() if node.get("id")}
    counts: dict[str, int] = {}
    for node in root.iter():
        if is_bpmn(node) and local(node) in _NAMED and not node.get("id"):
            node.set("id", _fresh(_stem(node), taken, counts))
            taken.add(node.get("id"))


def _stem(node: Node) -> str:
    if local(node) == "sequenceFlow":
        return f"Flow_{reference(node.get('sourceRef'))}_{reference(node.get('targetRef'))}"
    tag = local(node)
    return tag[0].upper() + tag[1:]


def _fresh(stem: str, taken: set[str], counts: dict[str, int]) -> str:
    if stem.startswith("Flow_") and stem not in taken:
        return stem
    while True:
        counts[stem] = counts.get(stem, 0) + 1
        if (found := f"{stem}_{counts[stem]}") not in taken:
            return found


def _open_global_tasks(root: Node) -> None:
    """Turn each global task into a process of that name with the one task in it, so that a call activity calls it like any process.

    It runs when the processes beside it do. Rule: BPMN 2.0.2, 10.3.6.
    """
    processes = list(children(root, "process"))
    runs = not processes or any(flag(node, "isExecutable", (node.get("processType") or "") != "Public") for node in processes)
    for task in list(children(root, *_GLOBAL_TASKS)):
        process = etree.Element(f"{{{BPMN}}}process", {"id": task.get("id"), "name": task.get("name") or "",
                                                       "isExecutable": "true" if runs else "false"}, nsmap=task.nsmap)
        root.append(process)                                # behind the processes drawn: the first one is what a file is about
        process.append(task)
        task.tag = f"{{{BPMN}}}{_GLOBAL_TASKS[local(task)]}"
        task.set("id", f"{task.get('id')}_task")
        if task.get("scriptLanguage"):
            task.set("scriptFormat", task.attrib.pop("scriptLanguage"))


def _inline_event_definitions(root: Node) -> None:
    apart = {node.get("id"): node for node in children(root) if local(node) in _DEFINITIONS and node.get("id")}
    for named in list(root.iter(f"{{{BPMN}}}eventDefinitionRef")):
        definition = apart.get(reference(text(named)))
        if definition is not None:
            inlined = copy.deepcopy(definition)
            inlined.set("id", f"{definition.get('id')}_at_{named.getparent().get('id')}")
            inlined.tail = named.tail
            named.getparent().replace(named, inlined)


def _name_links(root: Node) -> None:
    """A link that names its other end by id gets that end's name, so that a link is always a pair of equal names."""
    links = {node.get("id"): node for node in root.iter(f"{{{BPMN}}}linkEventDefinition") if node.get("id")}
    for link in links.values():
        target = links.get(reference(text(child(link, "target"))))
        if target is not None:
            target.set("name", target.get("name") or target.get("id"))
            link.set("name", target.get("name"))


def is_definition(node: Node) -> bool:
    """Tell whether an element is an event definition."""
    return is_bpmn(node) and local(node) in _DEFINITIONS


def definitions_of(node: Node) -> list[Node]:
    """List the event definitions that stand on an event, in the order drawn."""
    return [found for found in children(node) if local(found) in _DEFINITIONS]


def unresolved(node: Node) -> list[str]:
    """List the event definitions an event names that exist nowhere."""
    return [reference(text(found)) for found in children(node, "eventDefinitionRef")]


def extension_elements(node: Node) -> list[Node]:
    """List what stands in an element's `extensionElements`."""
    holder = child(node, "extensionElements")
    return [] if holder is None else list(holder)
