"""Undoing: compensation and transactions.

Owns: rules about what undoes what, what sets it off, and where a transaction is cancelled.
Rule: BPMN 2.0.2, 10.3.5 (transaction), 10.5.1, 10.6 and 13.5.5.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, rule, standard
from engine.bpmn.model import Element
from engine.bpmn.reader import ACTIVITIES
from engine.problems import Problem
from engine.texts import Text

_ASSOCIATE = Text("Reliez-le par une association à une activité de compensation du même processus ou sous-processus.",
                  "Connect it by an association with an activity for compensation of the same process or sub-process.")


def _kinds(element: Element) -> set[str]:
    return {event.kind for event in element.events}


@standard
def compensation_events_name_an_activity(look: Look) -> Iterator[Problem]:
    """A compensation event on an activity stands alone and leads, by an association, to the activity that undoes it."""
    for element in look.elements("boundaryEvent"):
        if "compensate" not in _kinds(element):
            continue
        undoing = look.process(element).elements.get(element.compensator)
        if undoing is None or undoing.parent != element.parent:
            yield look.finding(element, "compensation.without_activity",
                               Text("L’événement de compensation « {element} » ne dit pas quelle activité annule.",
                                    "The compensation event “{element}” does not say which activity undoes."), _ASSOCIATE)
        if len(element.events) > 1 or element.outgoing:
            yield look.finding(element, "compensation.not_alone",
                               Text("L’événement de compensation « {element} » porte un flux ou un autre déclencheur.",
                                    "The compensation event “{element}” has a flow or another trigger."),
                               Text("Gardez la compensation seule ; dessinez un autre événement pour le reste.",
                                    "Keep the compensation alone; draw another event for the rest."))


@standard
def one_way_to_undo(look: Look) -> Iterator[Problem]:
    """An activity has one compensation event; of two, one would never be heard."""
    seen: dict[tuple[str, str], Element] = {}
    for element in look.elements("boundaryEvent"):
        if "compensate" in _kinds(element) and seen.setdefault((element.process, element.attached_to), element) is not element:
            yield look.finding(element, "compensation.twice",
                               Text("« {element} » est le second événement de compensation de la même activité.",
                                    "“{element}” is the second compensation event of the same activity."),
                               Text("Gardez-en un ; un sous-processus peut annuler plusieurs choses.",
                                    "Keep one; a sub-process can undo several things."))


@standard
def undoing_stands_apart(look: Look) -> Iterator[Problem]:
    """An activity for compensation is outside the flow, and some compensation event leads to it."""
    for element in look.elements(*ACTIVITIES):
        if not element.for_compensation:
            continue
        if element.incoming or element.outgoing:
            yield look.finding(element, "compensation.in_the_flow",
                               Text("L’activité de compensation « {element} » est aussi dans un flux.",
                                    "The activity for compensation “{element}” is in a flow too."),
                               Text("Retirez ses flux, ou décochez « Pour compensation ».",
                                    "Remove its flows, or untick “Is for compensation”."))
        if not any(other.compensator == element.id for other in look.process(element).elements.values()):
            yield look.finding(element, "compensation.unused",
                               Text("Aucun événement de compensation ne mène à « {element} » : elle n’annulerait rien.",
                                    "No compensation event leads to “{element}”: it would undo nothing."), _ASSOCIATE)


@rule
def something_is_undone(look: Look) -> Iterator[Problem]:
    """A compensation that is thrown finds something in its scope that can be undone: the activity it names, or any."""
    for element in look.elements("intermediateThrowEvent", "endEvent"):
        for event in element.events:
            if event.kind != "compensate":
                continue
            undoable = _undoable(look, element)
            if event.ref and event.ref not in undoable:
                yield look.finding(element, "compensation.nothing_to_undo",
                                   Text("« {element} » annule « {ref} », que rien n’annule dans ce processus ou sous-processus.",
                                        "“{element}” undoes “{ref}”, which nothing undoes in this process or sub-process."),
                                   Text("Choisissez une activité qui porte un événement de compensation.",
                                        "Choose an activity that carries a compensation event."), ref=event.ref)
            elif not undoable:
                yield look.finding(element, "compensation.nothing_to_undo",
                                   Text("« {element} » compense, mais rien ici ne peut être annulé.",
                                        "“{element}” compensates, but nothing here can be undone."),
                                   Text("Posez un événement de compensation sur ce qui doit pouvoir être annulé.",
                                        "Put a compensation event on what must be undoable."), "warning")


def _undoable(look: Look, thrower: Element) -> set[str]:
    """The activities of the scope of a throw event that can be undone; an event sub-process belongs to the scope around it."""
    elements = look.process(thrower).elements
    scopes = [thrower.parent]
    while (owner := elements.get(scopes[-1])) is not None and owner.triggered_by_event:
        scopes.append(owner.parent)
    hosts = {element.attached_to for element in elements.values() if element.kind == "boundaryEvent" and "compensate" in _kinds(element)}
    known = hosts | {element.parent for element in elements.values() if element.kind == "startEvent" and "compensate" in _kinds(element)}
    for key in list(known):                                 # what holds something that can be undone can be undone itself
        while (owner := elements.get(elements[key].parent if key in elements else "")) is not None:
            key = owner.id
            known.add(key)
    return {element.id for element in elements.values()
            if element.parent in scopes and (element.id in known or element.kind == "callActivity")}


@standard
def undoing_interrupts(look: Look) -> Iterator[Problem]:
    """What waits for compensation interrupts: its activity or scope is over when it runs. Rule: BPMN 2.0.2, 10.5.4, table 10.93."""
    for element in look.elements("startEvent", "boundaryEvent"):
        if "compensate" in _kinds(element) and not element.interrupting:
            yield look.finding(element, "compensation.not_interrupting",
                               Text("« {element} » compense sans interrompre, ce qui n’existe pas.",
                                    "“{element}” compensates without interrupting, which does not exist."),
                               Text("Rendez-le interruptif.", "Make it interrupting."))


@standard
def cancels_belong_to_transactions(look: Look) -> Iterator[Problem]:
    """A transaction is cancelled by an end inside it, and left by a cancel event on its border that interrupts."""
    for element in look.elements("endEvent", "boundaryEvent"):
        if "cancel" not in _kinds(element):
            continue
        place = element.parent if element.kind == "endEvent" else element.attached_to
        owner = look.process(element).elements.get(place)
        if owner is None or owner.kind != "transaction" or not element.interrupting:
            yield look.finding(element, "cancel.wrong_place",
                               Text("L’annulation « {element} » n’a de sens qu’à la fin d’une transaction, ou à sa frontière, "
                                    "en interrompant.",
                                    "The cancel event “{element}” has a meaning only at the end of a transaction, or on its border, "
                                    "interrupting."),
                               Text("Faites du sous-processus une transaction, ou utilisez un événement d’erreur.",
                                    "Make the sub-process a transaction, or use an error event."))


@rule
def cancelled_transactions_are_left(look: Look) -> Iterator[Problem]:
    """What can be cancelled has a way out for that."""
    for element in look.elements("transaction"):
        others = list(look.process(element).elements.values())
        ends = [other for other in others if other.parent == element.id and other.kind == "endEvent" and "cancel" in _kinds(other)]
        if ends and not any(other.attached_to == element.id and "cancel" in _kinds(other) for other in others):
            yield look.finding(element, "transaction.without_cancel_event",
                               Text("La transaction « {element} » peut être annulée, mais rien ne suit alors.",
                                    "The transaction “{element}” can be cancelled, but nothing follows then."),
                               Text("Posez un événement d’annulation à sa frontière.", "Put a cancel event on its border."), "draft")
