"""What begins a case without being a start event: receive tasks and event-based gateways that instantiate.

Owns: rules about where they stand and what may begin a case there.
Rule: BPMN 2.0.2, 10.3.3 (receive task), 10.6.6 and 13.4.4 (event-based gateway), 13.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, rule, standard
from engine.bpmn.model import Element
from engine.problems import Problem
from engine.texts import Text


@standard
def instantiation_comes_first(look: Look) -> Iterator[Problem]:
    """What begins a case stands in the process itself, once, and nothing comes before it."""
    for element in look.elements("receiveTask", "eventBasedGateway"):
        if not element.instantiates:
            continue
        if element.parent != element.process or not _only_from_gateway(look, element):
            yield look.finding(element, "instantiate.not_first",
                               Text("« {element} » crée un dossier, mais quelque chose le précède.",
                                    "“{element}” begins a case, but something comes before it."),
                               Text("Placez-le au début du processus, ou retirez instantiate.",
                                    "Put it at the beginning of the process, or remove instantiate."))
        if element.loop is not None:
            yield look.finding(element, "instantiate.repeated",
                               Text("« {element} » crée un dossier et se répète : une seule fois compterait.",
                                    "“{element}” begins a case and repeats itself: only once would count."),
                               Text("Retirez la répétition, ou instantiate.", "Remove the repetition, or instantiate."))


def _only_from_gateway(look: Look, element: Element) -> bool:
    """Whether nothing comes before an element but a gateway that itself begins the case."""
    drawn = look.process(element)
    sources = (drawn.elements.get(drawn.flows[key].source) for key in element.incoming)
    return all(source is not None and source.instantiates for source in sources)


@rule
def messages_and_signals_begin_a_case(look: Look) -> Iterator[Problem]:
    """Behind a gateway that begins a case, what waits is a message or a signal: nobody reckons a time before there is a case."""
    for process in look.processes:
        for element in process.elements.values():
            if process.begins(element) and not (element.kind == "receiveTask" and not element.incoming):
                kinds = {event.kind for event in element.events}
                if kinds - {"message", "signal"} or (element.parallel_multiple and len(element.events) > 1):
                    yield look.finding(element, "instantiate.not_a_message",
                                       Text("« {element} » doit créer un dossier, mais n’attend pas un seul message ou signal.",
                                            "“{element}” is to begin a case, but does not wait for a single message or signal."),
                                       Text("Mettez-y un événement de message ou de signal.", "Put a message or signal event there."))
