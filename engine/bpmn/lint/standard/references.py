"""References: what an attribute or child names is of the type that may stand there.

Owns: the table of references of BPMN 2.0.2 and the two rules over it.
Leaves: ends of flows, hosts of boundary events and what events name to the rules that explain them (`lint.structure`, `lint.positions`,
`lint.events`, `lint.references`).
Rule: BPMN 2.0.2, 15.3.2 (references are qualified names) and the tables of each element.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.ids import is_definition
from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.reader import ACTIVITIES, EVENTS, FLOW_NODES
from engine.bpmn.xml import Node, is_bpmn, local, reference, text
from engine.problems import Problem
from engine.texts import Text

_ITEM_AWARE = frozenset({"dataObject", "dataObjectReference", "dataInput", "dataOutput", "dataStore", "dataStoreReference", "property",
                         "inputDataItem", "outputDataItem"})
_CHOREOGRAPHIES = frozenset({"choreography", "globalChoreographyTask"})
_COLLABORATIONS = frozenset({"collaboration", "globalConversation"}) | _CHOREOGRAPHIES
_CALLABLE = frozenset({"process"})                          # a global task is opened as a process of its name
_DEFINITION = frozenset({"event definition"})

#: Attribute → the tags of what it may name.
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "messageRef": frozenset({"message"}), "signalRef": frozenset({"signal"}), "errorRef": frozenset({"error"}),
    "escalationRef": frozenset({"escalation"}), "operationRef": frozenset({"operation"}), "itemSubjectRef": frozenset({"itemDefinition"}),
    "itemRef": frozenset({"itemDefinition"}), "dataObjectRef": frozenset({"dataObject"}), "dataStoreRef": frozenset({"dataStore"}),
    "processRef": frozenset({"process"}), "calledElement": _CALLABLE, "attachedToRef": ACTIVITIES, "activityRef": ACTIVITIES,
    "default": frozenset({"sequenceFlow"}), "categoryValueRef": frozenset({"categoryValue"}),
    "correlationKeyRef": frozenset({"correlationKey"}), "correlationPropertyRef": frozenset({"correlationProperty"}),
    "inputDataRef": frozenset({"dataInput", "inputSet"}), "outputDataRef": frozenset({"dataOutput", "outputSet"}),
    "calledChoreographyRef": _CHOREOGRAPHIES, "calledCollaborationRef": _COLLABORATIONS,
    "initiatingParticipantRef": frozenset({"participant"}), "definitionalCollaborationRef": _COLLABORATIONS,
    "partitionElementRef": frozenset(), "noneBehaviorEventRef": _DEFINITION, "oneBehaviorEventRef": _DEFINITION,
    "parameterRef": frozenset({"resourceParameter"}),
}
#: Child element → the tags of what its text may name.
_CHILDREN: dict[str, frozenset[str]] = {
    "dataInputRefs": frozenset({"dataInput"}), "optionalInputRefs": frozenset({"dataInput"}),
    "whileExecutingInputRefs": frozenset({"dataInput"}), "dataOutputRefs": frozenset({"dataOutput"}),
    "optionalOutputRefs": frozenset({"dataOutput"}), "whileExecutingOutputRefs": frozenset({"dataOutput"}),
    "inputSetRefs": frozenset({"inputSet"}), "outputSetRefs": frozenset({"outputSet"}),
    "loopDataInputRef": _ITEM_AWARE, "loopDataOutputRef": _ITEM_AWARE, "eventDefinitionRef": _DEFINITION,
    "inMessageRef": frozenset({"message"}), "outMessageRef": frozenset({"message"}), "errorRef": frozenset({"error"}),
    "operationRef": frozenset({"operation"}), "supportedInterfaceRef": frozenset({"interface"}), "interfaceRef": frozenset({"interface"}),
    "choreographyRef": _CHOREOGRAPHIES, "participantRef": frozenset({"participant"}), "innerParticipantRef": frozenset({"participant"}),
    "outerParticipantRef": frozenset({"participant"}), "messageFlowRef": frozenset({"messageFlow"}),
    "innerMessageFlowRef": frozenset({"messageFlow"}), "outerMessageFlowRef": frozenset({"messageFlow"}),
    "correlationPropertyRef": frozenset({"correlationProperty"}), "resourceRef": frozenset({"resource"}),
    "incoming": frozenset({"sequenceFlow"}), "outgoing": frozenset({"sequenceFlow"}),
}
#: Ends of data associations, by the tag of the association: an end is data, or an activity or event where a vendor draws to its border.
_DATA_ENDS = _ITEM_AWARE | ACTIVITIES | EVENTS
#: What other rules say when it names nothing.
_TOLD_ELSEWHERE = frozenset({"signalRef", "errorRef", "escalationRef", "dataObjectRef", "dataStoreRef", "processRef", "calledElement",
                             "attachedToRef", "activityRef", "default", "categoryValueRef", "loopDataInputRef", "loopDataOutputRef",
                             "eventDefinitionRef", "incoming", "outgoing", "noneBehaviorEventRef", "oneBehaviorEventRef", "messageRef"})


@standard
def references_name_the_right_type(look: Look) -> Iterator[Problem]:
    """What a reference names is of the type that the attribute is for. Rule: 15.3.2, and the table of each element."""
    for file, node, name, value, allowed in _references(look):
        found = look.named(file, value)
        if found is not None and allowed and not _is(found, allowed):
            yield look.fault(file, node, "reference.wrong_type",
                             Text("« {element} » : {name} nomme « {value} », qui est un {tag} ; il y faut : {allowed}.",
                                  "“{element}”: {name} names “{value}”, which is a {tag}; it takes: {allowed}."),
                             Text("Choisissez un élément du bon type.", "Choose an element of the right type."),
                             name=name, value=reference(value), tag=local(found), allowed=", ".join(sorted(allowed)))


@standard
def references_name_what_is_here(look: Look) -> Iterator[Problem]:
    """A reference that nothing runs by and that names nothing in the folder is told; it may belong to another system. Rule: 15.3.2."""
    for file, node, name, value, allowed in _references(look):
        if allowed and name not in _TOLD_ELSEWHERE and look.named(file, value) is None and _meant_for_here(look, file, value):
            yield look.fault(file, node, "reference.not_here",
                             Text("« {element} » : {name} nomme « {value} », qui n’est pas dans le dossier.",
                                  "“{element}”: {name} names “{value}”, which is not in the folder."),
                             Text("Ajoutez ce qu’il nomme, ou retirez la référence.", "Add what it names, or remove the reference."),
                             "warning", name=name, value=reference(value))


@standard
def data_associations_connect_data(look: Look) -> Iterator[Problem]:
    """A data association begins and ends at data, or at the activity or event it serves. Rule: 10.4.2, table 10.63."""
    for file, node in look.drawn("sourceRef", "targetRef"):
        found = look.named(file, text(node))
        if local(node.getparent()).startswith("data") and found is not None and local(found) not in _DATA_ENDS:
            yield look.fault(file, node, "data.association_end",
                             Text("L’association de données « {element} » touche « {found} » ({tag}), qui n’est pas une donnée.",
                                  "The data association “{element}” touches “{found}” ({tag}), which is no data."),
                             Text("Reliez-la à une donnée.", "Connect it to data."), found=reference(text(node)), tag=local(found))


@standard
def lanes_hold_flow_nodes(look: Look) -> Iterator[Problem]:
    """A lane holds activities, events and gateways of its process; what else a tool lists there has no effect. Rule: 10.8, table 10.135."""
    for file, node in look.drawn("flowNodeRef"):
        found = look.named(file, text(node))
        if found is not None and local(found) not in FLOW_NODES:
            yield look.fault(file, node, "lane.holds_no_flow_node",
                             Text("Le couloir « {element} » contient « {found} » ({tag}) : ni activité, ni événement, ni passerelle.",
                                  "The lane “{element}” holds “{found}” ({tag}), which is no activity, event or gateway."),
                             Text("Retirez-le de la liste du couloir.", "Remove it from the list of the lane."), "warning",
                             found=reference(text(node)), tag=local(found))


def _references(look: Look) -> Iterator[tuple[str, Node, str, str, frozenset[str]]]:
    """Walk every reference of the table: file, element, attribute or child, value, and the tags it may name."""
    for file, root in look.reading.documents.items():
        for node in root.iter():
            if not is_bpmn(node):
                continue
            for name, value in node.attrib.items():
                if name in _ATTRIBUTES and value.strip():
                    yield file, node, name, value, _ATTRIBUTES[name]
            if (allowed := _CHILDREN.get(local(node))) is not None and (value := text(node)):
                yield file, node, local(node), value, allowed


def _is(found: Node, allowed: frozenset[str]) -> bool:
    return local(found) in allowed or (allowed is _DEFINITION and is_definition(found))


def _meant_for_here(look: Look, file: str, value: str) -> bool:
    """Whether a qualified name is one of the file's own name space: a name of another space may be anywhere."""
    prefix = value.strip().rpartition(":")[0]
    root = look.reading.documents[file]
    return not prefix or root.nsmap.get(prefix) in (None, root.get("targetNamespace"))
