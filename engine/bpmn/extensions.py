"""What an element says beyond BPMN, brought into one form.

Owns: the vocabulary of `jalon:` (which attribute may stand where), and the counterparts that Camunda's and Zeebe's diagrams carry:
assignee, candidate groups, form, dates, priority, topic or type, retries, plain mappings, decision, result, collection, correlation.
Leaves: unknown or misplaced words to `lint`; foreign extensions without a counterpart stay in the document, untouched.
Promises: `jalon:` wins over the others; every expression that comes out is FEEL text without a leading `=`.
Rule: docs/diagrams.md, section 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn.ids import extension_elements
from engine.bpmn.model import Assignment, Extension
from engine.bpmn.xml import CAMUNDA_FAMILY, JALON, ZEEBE, Node, child, expression, local, namespace, text

_EVERY_NODE = frozenset({"nameEn", "milestone"})
_PERSON = frozenset({"groups", "assignee", "due", "followUp", "priority", "subject", "notWhoDid"})
_TASKS = frozenset({"userTask", "manualTask", "task", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"})
_MESSAGES = frozenset({"startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent", "receiveTask"})

#: Which `jalon:` attributes an element may carry, by its tag.
ATTRIBUTES: dict[str, frozenset[str]] = {
    "process": frozenset({"startForm", "title", "search", "nameEn"}),
    "lane": frozenset({"group", "nameEn"}),
    "sequenceFlow": frozenset({"nameEn"}),
    "participant": frozenset({"nameEn"}),
    "message": frozenset({"correlation", "nameEn"}),
    "messageEventDefinition": frozenset({"correlation"}),
    "multiInstanceLoopCharacteristics": frozenset({"collection", "item", "collect", "collectValue"}),
    "userTask": _EVERY_NODE | _PERSON | {"form", "result"},
    "manualTask": _EVERY_NODE | _PERSON,
    "serviceTask": _EVERY_NODE | {"handler", "retries"},
    "sendTask": _EVERY_NODE | {"handler", "retries", "correlation"},
    "businessRuleTask": _EVERY_NODE | {"decision", "result"},
    "scriptTask": _EVERY_NODE | {"result"},
}
for _tag in ("task", "callActivity", "subProcess", "transaction", "adHocSubProcess", "exclusiveGateway", "inclusiveGateway",
             "parallelGateway", "complexGateway", "eventBasedGateway"):
    ATTRIBUTES[_tag] = _EVERY_NODE
for _tag in _MESSAGES:
    ATTRIBUTES[_tag] = _EVERY_NODE | {"correlation"}
ATTRIBUTES["callActivity"] = _EVERY_NODE | {"binding", "version"}
ATTRIBUTES["startEvent"] |= {"result"}      # where the data of a start goes

#: Which children in `extensionElements` an element may carry, and their attributes.
CHILDREN: dict[str, frozenset[str]] = {
    "milestone": frozenset({"process"}), "input": _TASKS | {"callActivity"}, "output": _TASKS | {"callActivity"}}
CHILD_ATTRIBUTES: dict[str, frozenset[str]] = {
    "milestone": frozenset({"id", "name", "nameEn"}), "input": frozenset({"name", "value"}), "output": frozenset({"name", "value"})}

_PLAIN_PATH = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)?$")
_PERIOD = re.compile(r"^P(?=.)[\dYMWDTHS.]+$")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


def read(node: Node) -> Extension:
    """Read the extension of a flow node (or of a loop or message: the same words, fewer of them)."""
    def own(name: str) -> str:
        return (node.get(f"{{{JALON}}}{name}") or "").strip()

    theirs = _foreign(node)
    retries = own("retries") or theirs.get("retries", "")
    return Extension(
        name_en=own("nameEn"),
        groups=_words(own("groups") or theirs.get("groups", ""), ","),
        assignee=expression(own("assignee")) or theirs.get("assignee", ""),
        form=own("form") or theirs.get("form", ""),
        due=expression(own("due")) or theirs.get("due", ""),
        follow_up=expression(own("followUp")) or theirs.get("follow_up", ""),
        priority=expression(own("priority")) or theirs.get("priority", ""),
        subject=expression(own("subject")),
        not_who_did=_words(own("notWhoDid"), None),
        milestone=own("milestone"),
        handler=own("handler") or theirs.get("handler", ""),
        retries=int(retries) if retries.isdecimal() and retries.isascii() else None,
        decision=own("decision") or theirs.get("decision", ""),
        result=own("result") or theirs.get("result", ""),
        inputs=mappings(node, "input"),
        outputs=mappings(node, "output"),
        correlation=expression(own("correlation")) or theirs.get("correlation", ""),
        collection=expression(own("collection")) or theirs.get("collection", ""),
        item=own("item") or theirs.get("item", ""),
        collect=own("collect") or theirs.get("collect", ""),
        collect_value=expression(own("collectValue")) or theirs.get("collect_value", ""),
        binding=own("binding") or theirs.get("binding", ""),
        version=own("version") or theirs.get("version", ""),
    )


def mappings(node: Node, way: str) -> tuple[Assignment, ...]:
    """List the input or output mappings of an activity, `way` being "input" or "output"; those of Jalon when there are any."""
    own = tuple(Assignment((found.get("name") or "").strip(), expression(found.get("value")))
                for found in extension_elements(node) if namespace(found) == JALON and local(found) == way)
    return own or tuple(_foreign_mappings(node, way))


def foreign_script(node: Node) -> str:
    """Tell the FEEL text of a script task written for Zeebe (`zeebe:script`), "" when there is none."""
    return next((expression(found.get("expression")) for found in _zeebe(node) if local(found) == "script"), "")


def foreign_called(node: Node) -> str:
    """Tell which process a call activity written for Zeebe calls (`zeebe:calledElement`), "" when there is none."""
    return next(((found.get("processId") or "").strip() for found in _zeebe(node) if local(found) == "calledElement"), "")


def start_form(start: Node | None) -> str:
    """Tell the form a start event written for Camunda or Zeebe asks for, "" when there is none."""
    return "" if start is None else _foreign(start).get("form", "")


def _foreign(node: Node) -> dict[str, str]:
    return {**_camunda(node), **{name: value for found in _zeebe(node) for name, value in _zeebe_words(found).items() if value}}


def _camunda(node: Node) -> dict[str, str]:
    def own(*names: str) -> str:
        values = (node.get(f"{{{space}}}{name}") for name in names for space in CAMUNDA_FAMILY)
        return next((value.strip() for value in values if value), "")

    found = {
        "assignee": juel(own("assignee")), "groups": own("candidateGroups"), "form": own("formKey", "formRef"), "due": juel(own("dueDate")),
        "follow_up": juel(own("followUpDate")), "priority": juel(own("priority")), "handler": own("topic"), "decision": own("decisionRef"),
        "result": own("resultVariable"), "collection": juel(own("collection"), name=True), "item": own("elementVariable"),
        "retries": _camunda_retries(node), "binding": own("calledElementBinding"), "version": own("calledElementVersion"),
    }
    return {name: value for name, value in found.items() if value}


def _camunda_retries(node: Node) -> str:
    cycles = (text(found) for found in extension_elements(node)
              if namespace(found) in CAMUNDA_FAMILY and local(found) == "failedJobRetryTimeCycle")
    match = re.match(r"R(\d+)/", next(cycles, ""))
    return match.group(1) if match else ""


def _zeebe(node: Node) -> Iterator[Node]:
    return (found for found in extension_elements(node) if namespace(found) == ZEEBE)


def _zeebe_words(found: Node) -> dict[str, str]:
    def get(name: str) -> str:
        return (found.get(name) or "").strip()

    match local(found):
        case "assignmentDefinition":
            return {"assignee": static(get("assignee")), "groups": get("candidateGroups")}
        case "formDefinition":
            return {"form": get("formId") or get("formKey") or get("externalReference")}
        case "taskSchedule":
            return {"due": static(get("dueDate")), "follow_up": static(get("followUpDate"))}
        case "priorityDefinition":
            return {"priority": static(get("priority"))}
        case "taskDefinition":
            return {"handler": get("type"), "retries": get("retries")}
        case "calledDecision":
            return {"decision": get("decisionId"), "result": get("resultVariable")}
        case "calledElement":
            return {"binding": get("bindingType"), "version": get("versionTag")}
        case "script":
            return {"result": get("resultVariable")}
        case "subscription":
            return {"correlation": expression(get("correlationKey"))}
        case "loopCharacteristics":
            return {"collection": expression(get("inputCollection")), "item": get("inputElement"), "collect": get("outputCollection"),
                    "collect_value": expression(get("outputElement"))}
    return {}


def _foreign_mappings(node: Node, way: str) -> Iterator[Assignment]:
    for holder in extension_elements(node):
        if namespace(holder) == ZEEBE and local(holder) == "ioMapping":
            for found in holder.iterchildren(f"{{{ZEEBE}}}{way}"):
                yield Assignment((found.get("target") or "").strip(), static(found.get("source")))
        elif namespace(holder) in CAMUNDA_FAMILY and local(holder) == "inputOutput":
            for found in holder.iterchildren(f"{{{namespace(holder)}}}{way}Parameter"):
                if len(found) == 0:                        # a script, list or map inside has no plain counterpart
                    yield Assignment((found.get("name") or "").strip(), juel(text(found)))
        elif namespace(holder) in CAMUNDA_FAMILY and local(holder) == {"input": "in", "output": "out"}[way] and holder.get("target"):
            yield Assignment(holder.get("target").strip(), (holder.get("source") or "").strip() or juel(holder.get("sourceExpression")))


def juel(value: str | None, name: bool = False) -> str:
    """Turn a Camunda value into FEEL: `${a.b}` names a variable, anything else is a literal (a name when `name`).

    What stands in `${…}` and is more than a path comes out as it stands; the lint tells when it is not FEEL.
    """
    bare = (value or "").strip()
    if bare.startswith(("${", "#{")) and bare.endswith("}"):
        return bare[2:-1].strip()
    return bare if name and _PLAIN_PATH.match(bare) else literal(bare)


def static(value: str | None) -> str:
    """Turn a Zeebe value into FEEL: `=…` is an expression, anything else a literal."""
    bare = (value or "").strip()
    return expression(bare) if bare.startswith("=") else literal(bare)


def literal(bare: str) -> str:
    """Write a plain text as a FEEL literal: number, boolean, day, moment, duration, else a string. "" stays ""."""
    if not bare or _NUMBER.match(bare) or bare in ("true", "false", "null"):
        return bare
    quoted = '"' + bare.replace("\\", "\\\\").replace('"', '\\"') + '"'
    for pattern, function in ((_DAY, "date"), (_MOMENT, "date and time"), (_PERIOD, "duration")):
        if pattern.match(bare):
            return f"{function}({quoted})"
    return quoted


def milestones(process: Node) -> list[tuple[str, str, str]]:
    """List the milestones a process declares, in order: id, French name, English name."""
    return [((found.get("id") or "").strip(), (found.get("name") or "").strip(), (found.get("nameEn") or "").strip())
            for found in extension_elements(process) if namespace(found) == JALON and local(found) == "milestone"]


def _words(value: str, separator: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(separator) if word.strip())


def documentation(node: Node) -> str:
    """Tell the documentation of an element, its paragraphs joined."""
    return text(child(node, "documentation"))
