"""What a multi-instance tells while its rounds go by.

Owns: rules about the behavior of a multi-instance and the boundary events that hear of it.
Rule: BPMN 2.0.2, 10.3.8, table 10.30.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, rule, standard
from engine.bpmn.model import Behaviour, Element, EventDefinition
from engine.bpmn.reader import ACTIVITIES
from engine.bpmn.xml import child
from engine.problems import Problem
from engine.texts import Text

_KNOWN = ("None", "One", "All", "Complex")
_TOLD = frozenset({"signal", "message", "escalation"})


@standard
def behaviours_are_known(look: Look) -> Iterator[Problem]:
    """A behavior is one of the four, and one that throws says what: a signal, a message or an escalation."""
    for element in look.elements(*ACTIVITIES):
        found = child(look.node(element), "multiInstanceLoopCharacteristics")
        behaviour = "All" if found is None else (found.get("behavior") or "All").strip()
        if behaviour not in _KNOWN:
            yield look.finding(element, "loop.behavior_unknown",
                               Text("L’instance multiple « {element} » a un comportement inconnu : {behaviour}.",
                                    "The multi-instance “{element}” has an unknown behavior: {behaviour}."),
                               Text("Écrivez None, One, All ou Complex.", "Write None, One, All or Complex."), behaviour=behaviour)
        told = element.loop.behaviours if element.loop else ()
        if (behaviour == "Complex" and not told) or any(_says_nothing(one) for one in told):
            yield look.finding(element, "loop.behavior_without_event",
                               Text("L’instance multiple « {element} » ne dit pas quel signal, message ou escalade elle émet.",
                                    "The multi-instance “{element}” does not say which signal, message or escalation it throws."),
                               Text("Nommez l’événement (noneBehaviorEventRef ou oneBehaviorEventRef), ou choisissez All.",
                                    "Name the event (noneBehaviorEventRef or oneBehaviorEventRef), or choose All."))


def _says_nothing(one: Behaviour) -> bool:
    return (one.when != "if" and one.event is None) or (one.event is not None and one.event.kind not in _TOLD)


@rule
def somebody_hears_of_it(look: Look) -> Iterator[Problem]:
    """What a multi-instance throws is caught on its own border, and the rounds go on: it does not interrupt them."""
    for element in look.elements(*ACTIVITIES):
        for one in element.loop.behaviours if element.loop else ():
            if one.event is None:
                continue
            hearing = _hearing(look, element, one.event)
            if not hearing:
                yield look.finding(element, "loop.event_uncaught",
                                   Text("Aucun événement à la frontière de « {element} » n’attrape ce que ses tours émettent.",
                                        "No event on the border of “{element}” catches what its rounds throw."),
                                   Text("Posez-y un événement non interruptif de ce nom.",
                                        "Put a non-interrupting event of that name there."))
            for event in hearing:
                if event.interrupting:
                    yield look.finding(event, "loop.event_does_not_interrupt",
                                       Text("« {element} » attrape ce que chaque tour émet en finissant : les autres tours continuent.",
                                            "“{element}” catches what each round throws when it is done: the other rounds go on."),
                                       Text("Dessinez-le non interruptif ; pour arrêter les tours, donnez une condition d’achèvement.",
                                            "Draw it non-interrupting; to stop the rounds, give a completion condition."), "warning")


def _hearing(look: Look, element: Element, told: EventDefinition) -> list[Element]:
    return [other for other in look.process(element).elements.values()
            if other.attached_to == element.id and any(event.tells(told) for event in other.events)]
