"""Where an event may stand: which kinds begin, end, interrupt, wait or throw.

Owns: one rule a position. A kind the engine does not know there would run as an event without meaning.
Rule: BPMN 2.0.2, 10.5.1 to 10.5.6 and table 10.93.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, label_of, rule, standard
from engine.bpmn.model import Element
from engine.bpmn.reader import ACTIVITIES, EVENTS, SUB_PROCESSES
from engine.problems import Problem
from engine.texts import Text

_STARTS = frozenset({"none", "message", "timer", "signal", "conditional"})
_HANDLER_STARTS = frozenset({"message", "timer", "signal", "error", "escalation", "conditional", "compensate"})
_BOUNDARIES = _HANDLER_STARTS | {"cancel"}
_ENDS = frozenset({"none", "message", "signal", "error", "escalation", "terminate", "compensate", "cancel"})
_CATCHES = frozenset({"message", "timer", "signal", "conditional", "link"})
_THROWS = frozenset({"none", "message", "signal", "escalation", "link", "compensate"})
_WAITED_FOR = frozenset({"message", "timer", "signal", "conditional"})
_LAST = frozenset({"error", "cancel", "terminate"})

_KINDS: dict[str, Text] = {
    "none": Text("sans déclencheur", "none"), "message": Text("message", "message"), "timer": Text("temps", "timer"),
    "signal": Text("signal", "signal"), "error": Text("erreur", "error"), "escalation": Text("escalade", "escalation"),
    "conditional": Text("condition", "conditional"), "link": Text("lien", "link"), "terminate": Text("terminaison", "terminate"),
    "compensate": Text("compensation", "compensation"), "cancel": Text("annulation", "cancel"),
}


@standard
def starts(look: Look) -> Iterator[Problem]:
    """A process begins with none, message, timer, signal or condition; an embedded sub-process with none."""
    for element in look.elements("startEvent"):
        around = look.process(element).elements.get(element.parent)
        if around is not None and around.triggered_by_event:
            yield from _misplaced(look, element, _HANDLER_STARTS,
                                  Text("le début d’un sous-processus d’événement", "the start of an event sub-process"))
        elif around is not None:
            yield from _misplaced(look, element, frozenset({"none"}), Text("le début d’un sous-processus", "the start of a sub-process"))
        else:
            yield from _misplaced(look, element, _STARTS, Text("le début d’un processus", "the start of a process"))


@standard
def ends(look: Look) -> Iterator[Problem]:
    """An end event ends, or throws something."""
    for element in look.elements("endEvent"):
        yield from _misplaced(look, element, _ENDS, Text("une fin", "an end"))


@standard
def catches(look: Look) -> Iterator[Problem]:
    """An intermediate catch event waits for something that can come."""
    for element in look.elements("intermediateCatchEvent"):
        yield from _misplaced(look, element, _CATCHES, Text("un événement intermédiaire qui attend", "an intermediate event that waits"))


@standard
def throws(look: Look) -> Iterator[Problem]:
    """An intermediate throw event throws something that can be thrown on the way."""
    for element in look.elements("intermediateThrowEvent"):
        yield from _misplaced(look, element, _THROWS, Text("un événement intermédiaire qui émet", "an intermediate event that throws"))


@standard
def boundaries(look: Look) -> Iterator[Problem]:
    """A boundary event waits for something while its activity runs."""
    for element in look.elements("boundaryEvent"):
        yield from _misplaced(look, element, _BOUNDARIES, Text("une frontière", "a boundary"))


@standard
def several_definitions(look: Look) -> Iterator[Problem]:
    """Of several definitions, each has its effect: a link stands alone, one at most ends the scope, all together can be waited for."""
    for element in look.elements(*EVENTS):
        kinds = [event.kind for event in element.events]
        if "link" in kinds and len(kinds) > 1:
            yield look.finding(element, "event.link_not_alone",
                               Text("Le lien « {element} » porte un autre déclencheur.", "The link “{element}” has another trigger."),
                               Text("Dessinez un événement pour chacun.", "Draw one event for each."))
        if _throws(element) and sum(kind in _LAST for kind in kinds) > 1:
            yield look.finding(element, "event.ends_twice",
                               Text("La fin « {element} » finit de plusieurs façons : une seule compterait.",
                                    "The end “{element}” ends in several ways: only one would count."),
                               Text("Gardez une seule erreur, annulation ou terminaison.", "Keep one error, cancel or terminate."))
        if element.parallel_multiple and len(kinds) > 1 and not _throws(element) and set(kinds) - _WAITED_FOR:
            yield look.finding(element, "event.not_all_together",
                               Text("« {element} » attend tous ses déclencheurs, mais une erreur ou une escalade ne s’attend pas.",
                                    "“{element}” waits for all of its triggers, but an error or escalation cannot be waited for."),
                               Text("Dessinez un événement pour l’erreur ou l’escalade.", "Draw an event for the error or escalation."))


def _throws(element: Element) -> bool:
    return element.kind in ("endEvent", "intermediateThrowEvent")


def _misplaced(look: Look, element: Element, allowed: frozenset[str], place: Text) -> Iterator[Problem]:
    kinds = {event.kind for event in element.events} or {"none"}
    for kind in sorted(kinds - allowed):
        yield look.finding(element, "event.wrong_place",
                           Text("« {element} » ({kind}) ne peut pas être {place}.", "“{element}” ({kind}) cannot be {place}."),
                           Text("Possible ici : {allowed}.", "Possible here: {allowed}."), kind=_KINDS[kind], place=place,
                           allowed=_listed(allowed))


def _listed(kinds: frozenset[str]) -> Text:
    return Text(", ".join(sorted(_KINDS[kind].fr for kind in kinds)), ", ".join(sorted(_KINDS[kind].en for kind in kinds)))


@standard
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


@standard
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
    """One start without trigger a scope: of several, the first begins unless another is named; nobody names one of a sub-process."""
    for scope in look.scopes:
        owner = scope.process.elements.get(scope.key)
        plain = [element for element in scope.starts() if not element.events]
        if len(plain) > 1 and not (owner and owner.triggered_by_event):
            yield look.finding(owner or scope.process, "start.several",
                               Text("« {element} » a {count} débuts sans déclencheur : sauf demande, « {first} » commence.",
                                    "“{element}” has {count} starts without a trigger: unless asked otherwise, “{first}” begins."),
                               Text("Gardez-en un, suivi d’une passerelle, ou nommez le début quand vous démarrez.",
                                    "Keep one, followed by a gateway, or name the start when you begin."),
                               "error" if owner else "warning", count=len(plain), first=label_of(plain[0]))


@standard
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
