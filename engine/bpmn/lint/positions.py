"""Where an event may stand: which kinds begin, end, interrupt, wait or throw.

Owns: one rule a position. A kind the engine does not know there would run as an event without meaning.
Rule: BPMN 2.0.2, 10.5.1 to 10.5.6 and table 10.93.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, rule
from engine.bpmn.model import Element
from engine.bpmn.reader import ACTIVITIES, SUB_PROCESSES
from engine.problems import Problem
from engine.texts import Text

#: Refused by name in `unsupported`; the positions say nothing about them a second time.
_TOLD_ELSEWHERE = frozenset({"compensate", "cancel"})
_STARTS = frozenset({"none", "message", "timer", "signal"})
_HANDLER_STARTS = frozenset({"message", "timer", "signal", "error", "escalation", "conditional"})
_BOUNDARIES = _HANDLER_STARTS
_ENDS = frozenset({"none", "message", "signal", "error", "escalation", "terminate"})
_CATCHES = frozenset({"message", "timer", "signal", "conditional", "link"})
_THROWS = frozenset({"none", "message", "signal", "escalation", "link"})

_KINDS: dict[str, Text] = {
    "none": Text("sans déclencheur", "none"), "message": Text("message", "message"), "timer": Text("temps", "timer"),
    "signal": Text("signal", "signal"), "error": Text("erreur", "error"), "escalation": Text("escalade", "escalation"),
    "conditional": Text("condition", "conditional"), "link": Text("lien", "link"), "terminate": Text("terminaison", "terminate"),
}


@rule
def starts(look: Look) -> Iterator[Problem]:
    """A process begins with none, message, timer or signal; an embedded sub-process with none."""
    for element in look.elements("startEvent"):
        around = look.process(element).elements.get(element.parent)
        if around is not None and around.triggered_by_event:
            yield from _misplaced(look, element, _HANDLER_STARTS,
                                  Text("le début d’un sous-processus d’événement", "the start of an event sub-process"))
        elif around is not None:
            yield from _misplaced(look, element, frozenset({"none"}), Text("le début d’un sous-processus", "the start of a sub-process"))
        else:
            yield from _misplaced(look, element, _STARTS, Text("le début d’un processus", "the start of a process"))


@rule
def ends(look: Look) -> Iterator[Problem]:
    """An end event ends, or throws something."""
    for element in look.elements("endEvent"):
        yield from _misplaced(look, element, _ENDS, Text("une fin", "an end"))


@rule
def catches(look: Look) -> Iterator[Problem]:
    """An intermediate catch event waits for something that can come."""
    for element in look.elements("intermediateCatchEvent"):
        yield from _misplaced(look, element, _CATCHES, Text("un événement intermédiaire qui attend", "an intermediate event that waits"))


@rule
def throws(look: Look) -> Iterator[Problem]:
    """An intermediate throw event throws something that can be thrown on the way."""
    for element in look.elements("intermediateThrowEvent"):
        yield from _misplaced(look, element, _THROWS, Text("un événement intermédiaire qui émet", "an intermediate event that throws"))


@rule
def boundaries(look: Look) -> Iterator[Problem]:
    """A boundary event waits for something while its activity runs."""
    for element in look.elements("boundaryEvent"):
        yield from _misplaced(look, element, _BOUNDARIES, Text("une frontière", "a boundary"))


def _misplaced(look: Look, element: Element, allowed: frozenset[str], place: Text) -> Iterator[Problem]:
    kinds = {event.kind for event in element.events} or {"none"}
    for kind in sorted(kinds - allowed - _TOLD_ELSEWHERE):
        yield look.finding(element, "event.wrong_place",
                           Text("« {element} » ({kind}) ne peut pas être {place}.", "“{element}” ({kind}) cannot be {place}."),
                           Text("Possible ici : {allowed}.", "Possible here: {allowed}."), kind=_KINDS[kind], place=place,
                           allowed=_listed(allowed))


def _listed(kinds: frozenset[str]) -> Text:
    return Text(", ".join(sorted(_KINDS[kind].fr for kind in kinds)), ", ".join(sorted(_KINDS[kind].en for kind in kinds)))


@rule
def hosts(look: Look) -> Iterator[Problem]:
    """A boundary event sits on an activity of its own scope, leads somewhere, and an error always interrupts."""
    for element in look.elements("boundaryEvent"):
        host = look.process(element).elements.get(element.attached_to)
        if host is None or host.kind not in ACTIVITIES or host.parent != element.parent or host.triggered_by_event:
            yield look.finding(element, "boundary.without_host",
                               Text("L’événement de frontière « {element} » n’est posé sur aucune activité.",
                                    "The boundary event “{element}” sits on no activity."),
                               Text("Posez-le sur le bord d’une tâche ou d’un sous-processus.",
                                    "Put it on the border of a task or sub-process."))
        if not element.outgoing and not any(event.kind == "compensate" for event in element.events):
            yield look.finding(element, "boundary.leads_nowhere",
                               Text("Rien ne suit l’événement de frontière « {element} ».",
                                    "Nothing follows the boundary event “{element}”."),
                               Text("Reliez-le à ce qu’il faut faire alors, au moins à une fin.",
                                    "Connect it to what is to be done then, at least to an end."))


@rule
def errors_interrupt(look: Look) -> Iterator[Problem]:
    """What catches an error interrupts."""
    for element in look.elements("boundaryEvent", "startEvent"):
        if not element.interrupting and any(event.kind == "error" for event in element.events):
            yield look.finding(element, "event.error_not_interrupting",
                               Text("« {element} » attrape une erreur sans interrompre, ce qui n’existe pas.",
                                    "“{element}” catches an error without interrupting, which does not exist."),
                               Text("Rendez-le interruptif, ou utilisez une escalade.", "Make it interrupting, or use an escalation."))


@rule
def several_starts(look: Look) -> Iterator[Problem]:
    """One start without trigger a scope: of several, only one would begin."""
    for scope in look.scopes:
        owner = scope.process.elements.get(scope.key)
        plain = [element for element in scope.starts() if not element.events]
        if len(plain) > 1 and not (owner and owner.triggered_by_event):
            yield look.finding(owner or scope.process, "start.several",
                               Text("« {element} » a {count} débuts sans déclencheur.",
                                    "“{element}” has {count} starts without a trigger."),
                               Text("Gardez-en un, suivi d’une passerelle.", "Keep one, followed by a gateway."), count=len(plain))


@rule
def event_sub_processes(look: Look) -> Iterator[Problem]:
    """An event sub-process has exactly one start event, which says what starts it."""
    for element in look.elements(*SUB_PROCESSES):
        if element.triggered_by_event:
            inside = look.process(element).starts(element.id)
            if len(inside) != 1:
                yield look.finding(element, "event_sub_process.starts",
                                   Text("Le sous-processus d’événement « {element} » a {count} débuts au lieu d’un.",
                                        "The event sub-process “{element}” has {count} starts instead of one."),
                                   Text("Donnez-lui un seul début, avec son déclencheur.", "Give it exactly one start, with its trigger."),
                                   count=len(inside))
