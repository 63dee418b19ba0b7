"""Choreographies: what two or more participants exchange. They are drawn, kept, and never run.

Owns: the rules that a choreography keeps all the same, since others read it.
Leaves: saying that a choreography is not run to `lint.unsupported`.
Rule: BPMN 2.0.2, 9.7, 10.2, 11.2 and 11.5.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.xml import Node, child, children, flag, local, reference, text
from engine.problems import Problem
from engine.texts import Text

_ACTIVITIES = ("choreographyTask", "subChoreography", "callChoreography")
_NOT_IN_A_GLOBAL_CONVERSATION = frozenset({
    "conversationNode", "conversation", "subConversation", "callConversation", "participantAssociation", "messageFlowAssociation",
    "conversationAssociation", "association", "group", "textAnnotation"})
_PROCESS_LEVEL = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})


@standard
def choreographies_name_no_other(look: Look) -> Iterator[Problem]:
    """A choreography or a global conversation names no choreography, though a collaboration does. Rule: 11.2, table 11.1; 9.5.5."""
    for file, node in look.drawn("choreography", "globalChoreographyTask", "globalConversation"):
        if child(node, "choreographyRef") is not None:
            yield look.fault(file, node, "choreography.names_another",
                             Text("« {element} » renvoie à une chorégraphie, ce que seule une collaboration peut faire.",
                                  "“{element}” refers to a choreography, which only a collaboration may do."),
                             Text("Retirez choreographyRef.", "Remove choreographyRef."))


@standard
def processes_hold_no_choreography(look: Look) -> Iterator[Problem]:
    """A process or sub-process holds no choreography activity. Rule: 10.2, table 10.1; 10.3.5."""
    for file, node in look.drawn(*_ACTIVITIES):
        if local(node.getparent()) in _PROCESS_LEVEL:
            yield look.fault(file, node, "choreography.in_a_process",
                             Text("L’activité de chorégraphie « {element} » est dans un processus.",
                                  "The choreography activity “{element}” stands in a process."),
                             Text("Remplacez-la par des tâches d’envoi et de réception.", "Replace it by send and receive tasks."))


@standard
def closed_choreographies_are_whole(look: Look) -> Iterator[Problem]:
    """No message flow of a collaboration adds an exchange to a choreography that is closed. Rule: 11.2, isClosed; 9.7."""
    for file, node in look.drawn("messageFlow"):
        around = node.getparent()
        if local(around) not in ("collaboration", "globalConversation"):
            continue
        for end in ("sourceRef", "targetRef"):
            closed = _closed_around(look.named(file, node.get(end)))
            if closed is not None:
                yield look.fault(file, node, "choreography.closed",
                                 Text("Le flux de message « {element} » s’ajoute à la chorégraphie « {closed} », qui est fermée.",
                                      "The message flow “{element}” adds to the choreography “{closed}”, which is closed."),
                                 Text("Retirez ce flux, ou ouvrez la chorégraphie (isClosed).",
                                      "Remove this flow, or open the choreography (isClosed)."),
                                 closed=closed.get("name") or closed.get("id"))


def _closed_around(node: Node | None) -> Node | None:
    while node is not None and local(node) not in ("choreography", "definitions"):
        node = node.getparent()
    return node if node is not None and local(node) == "choreography" and flag(node, "isClosed", False) else None


@standard
def collaborations_are_as_closed(look: Look) -> Iterator[Problem]:
    """A collaboration that names a choreography is closed exactly when that is. Rule: 9.7 and 11.8, isClosed."""
    for file, node in look.drawn("collaboration"):
        for named in children(node, "choreographyRef"):
            other = look.named(file, text(named))
            if other is not None and flag(other, "isClosed", False) != flag(node, "isClosed", False):
                yield look.fault(file, node, "choreography.closed_on_one_side",
                                 Text("La collaboration « {element} » et sa chorégraphie « {other} » ne sont pas fermées toutes deux.",
                                      "The collaboration “{element}” and its choreography “{other}” are not both closed."),
                                 Text("Donnez la même valeur à isClosed.", "Give isClosed the same value."),
                                 other=other.get("name") or other.get("id"))


@standard
def global_conversations_are_atomic(look: Look) -> Iterator[Problem]:
    """A global conversation holds no conversations, no notes, and maps nothing. Rule: 9.5.5, table 9.18."""
    for file, node in look.drawn("globalConversation"):
        held = sorted({local(found) for found in children(node)} & _NOT_IN_A_GLOBAL_CONVERSATION)
        if held:
            yield look.fault(file, node, "conversation.not_atomic",
                             Text("La conversation globale « {element} » contient : {held}.",
                                  "The global conversation “{element}” holds: {held}."),
                             Text("Placez-les dans une collaboration.", "Put them into a collaboration."), held=", ".join(held))


@standard
def initiators_take_part(look: Look) -> Iterator[Problem]:
    """The participant who begins a choreography activity is one of its participants. Rule: 11.5.1, table 11.2."""
    for file, node in look.drawn(*_ACTIVITIES):
        taking_part = {reference(text(found)) for found in children(node, "participantRef")}
        first = reference(node.get("initiatingParticipantRef"))
        if first and taking_part and first not in taking_part and local(node.getparent()) not in _PROCESS_LEVEL:
            yield look.fault(file, node, "choreography.initiator",
                             Text("« {element} » est lancée par « {first} », qui n’y participe pas.",
                                  "“{element}” is begun by “{first}”, who does not take part in it."),
                             Text("Choisissez l’un de ses participants.", "Choose one of its participants."), first=first)


@standard
def choreography_tasks_have_two_sides(look: Look) -> Iterator[Problem]:
    """A choreography task is an exchange of two participants. Rule: 11.5.1."""
    for file, node in look.drawn("choreographyTask"):
        taking_part = {reference(text(found)) for found in children(node, "participantRef")}
        if local(node.getparent()) not in _PROCESS_LEVEL and len(taking_part) != 2:
            yield look.fault(file, node, "choreography.participants",
                             Text("La tâche de chorégraphie « {element} » a {count} participant(s) au lieu de deux.",
                                  "The choreography task “{element}” has {count} participant(s) instead of two."),
                             Text("Gardez-en exactement deux.", "Keep exactly two."), count=len(taking_part))
