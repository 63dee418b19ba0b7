"""What events name: messages, signals, errors, escalations, links, conditions.

Owns: rules about names and codes without which nothing would ever be caught.
Rule: BPMN 2.0.2, 10.5.5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.bpmn.ids import definitions_of
from engine.bpmn.lint.graph import link_name
from engine.bpmn.lint.rules import Look, rule, standard
from engine.bpmn.model import Element
from engine.bpmn.reader import EVENTS
from engine.bpmn.xml import local, reference
from engine.problems import Problem
from engine.texts import Text

_REFERENCES = {"message": "messageRef", "signal": "signalRef", "error": "errorRef", "escalation": "escalationRef"}
_KINDS = {"message": Text("message", "message"), "signal": Text("signal", "signal"), "error": Text("erreur", "error"),
          "escalation": Text("escalade", "escalation")}


@standard
def references(look: Look) -> Iterator[Problem]:
    """What an event names is declared."""
    declared = {"message": look.model.messages, "signal": look.model.signals, "error": look.model.errors,
                "escalation": look.model.escalations}
    for element in look.elements(*EVENTS, "receiveTask", "sendTask"):
        for event in element.events:
            if event.ref and event.kind in declared and event.ref not in declared[event.kind]:
                yield look.finding(element, "reference.unknown",
                                   Text("« {element} » renvoie à « {ref} » ({kind}), qui n’existe pas.",
                                        "“{element}” refers to “{ref}” ({kind}), which does not exist."),
                                   Text("Choisissez-en un qui existe, ou créez-le.", "Choose one that exists, or create it."),
                                   ref=event.ref, kind=_KINDS[event.kind])


@rule
def messages_and_signals_have_names(look: Look) -> Iterator[Problem]:
    """A message or signal is found by its name."""
    for element in look.elements():
        for event in element.events:
            known_ref = event.ref in (look.model.messages if event.kind == "message" else look.model.signals)
            if event.kind in ("message", "signal") and not event.name and (known_ref or not event.ref):
                yield look.finding(element, f"{event.kind}.without_name",
                                   Text("« {element} » ne nomme pas son {kind}.", "“{element}” does not name its {kind}."),
                                   Text("Choisissez un {kind} et donnez-lui un nom.", "Choose a {kind} and give it a name."), "draft",
                                   kind=_KINDS[event.kind])


@rule
def receive_tasks_name_a_message(look: Look) -> Iterator[Problem]:
    """A receive task waits for a message."""
    for element in look.elements("receiveTask"):
        if not element.events:
            yield look.finding(element, "message.without_name", Text("La tâche de réception « {element} » n’attend aucun message.",
                                                                     "The receive task “{element}” waits for no message."),
                               Text("Choisissez le message qu’elle attend.", "Choose the message it waits for."), "draft")


@rule
def thrown_errors_have_codes(look: Look) -> Iterator[Problem]:
    """An error or escalation that is thrown has a code, by which it is caught."""
    for element in look.elements("endEvent", "intermediateThrowEvent"):
        for event in element.events:
            if event.kind in ("error", "escalation") and not event.code:
                yield look.finding(element, f"{event.kind}.without_code",
                                   Text("« {element} » émet une {kind} sans code : rien ne peut l’attraper à coup sûr.",
                                        "“{element}” throws an {kind} without a code: nothing can be sure to catch it."),
                                   Text("Choisissez une {kind} et donnez-lui un code.", "Choose an {kind} and give it a code."),
                                   kind=_KINDS[event.kind])


@rule
def caught_codes_exist(look: Look) -> Iterator[Problem]:
    """An error or escalation that is named to be caught has a code; naming none catches all."""
    for element in look.elements("boundaryEvent", "startEvent"):
        for event in element.events:
            declared = look.model.errors if event.kind == "error" else look.model.escalations
            if event.kind in ("error", "escalation") and event.ref in declared and not event.code:
                yield look.finding(element, f"{event.kind}.without_code",
                                   Text("« {element} » attrape « {name} », qui n’a pas de code.",
                                        "“{element}” catches “{name}”, which has no code."),
                                   Text("Donnez-lui un code, ou retirez-la de l’événement pour tout attraper.",
                                        "Give it a code, or remove it from the event to catch all."),
                                   name=event.name or event.ref)


@rule
def conditions(look: Look) -> Iterator[Problem]:
    """A conditional event has a condition."""
    for element in look.elements(*EVENTS):
        if any(event.kind == "conditional" and not event.expression for event in element.events):
            yield look.finding(element, "condition.missing",
                               Text("L’événement « {element} » n’a pas de condition.", "The event “{element}” has no condition."),
                               Text("Écrivez la condition en FEEL.", "Write the condition in FEEL."))


@standard
def links(look: Look) -> Iterator[Problem]:
    """A link has a name, one catch in its scope, and something that throws it."""
    for scope in look.scopes:
        ends = [element for element in scope.elements.values() if any(event.kind == "link" for event in element.events)]
        throws = {link_name(element) for element in ends if element.kind == "intermediateThrowEvent"}
        catches = Counter(link_name(element) for element in ends if element.kind == "intermediateCatchEvent")
        for element in ends:
            if (what := _broken_link(element, throws, catches)) is not None:
                yield look.finding(element, "link.broken", Text("Lien « {element} » : {what}.", "Link “{element}”: {what}."),
                                   Text("Donnez le même nom aux départs et à une seule arrivée, dans le même processus ou sous-processus.",
                                        "Give the same name to the throws and to exactly one catch, in the same process or sub-process."),
                                        what=what)


def _broken_link(element: Element, throws: set[str], catches: Counter[str]) -> Text | None:
    name = link_name(element)
    if not name:
        return Text("il n’a pas de nom", "it has no name")
    if element.kind == "intermediateThrowEvent" and not catches[name]:
        return Text("aucune arrivée ne porte son nom", "no catch carries its name")
    if element.kind == "intermediateCatchEvent" and name not in throws:
        return Text("aucun départ ne porte son nom", "no throw carries its name")
    if element.kind == "intermediateCatchEvent" and catches[name] > 1:
        return Text("plusieurs arrivées portent son nom", "several catches carry its name")
    return None


@standard
def empty_references(look: Look) -> Iterator[Problem]:
    """A reference that is written names something."""
    for element in look.elements(*EVENTS):
        for node in definitions_of(look.node(element)):
            attribute = _REFERENCES.get(local(node).removesuffix("EventDefinition"), "")
            if attribute and node.get(attribute) is not None and not reference(node.get(attribute)):
                yield look.finding(element, "reference.empty",
                                   Text("« {element} » porte {attribute} sans valeur.", "“{element}” carries {attribute} without a value."),
                                   Text("Choisissez ce qu’il nomme, ou retirez l’attribut.",
                                        "Choose what it names, or remove the attribute."), attribute=attribute)
