"""What BPMN has and Jalon does not run: refused by name, never ignored.

Owns: one rule for each such element. A rule leaves this file on the day the kernel runs its element.
Promises: what is only not run here stays a draft: it is valid BPMN, opens, is drawn and kept, and cannot be deployed.
Rule: issue 2; BPMN 2.0.2, chapter 10.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import xml
from engine.bpmn.lint.expressions import is_feel
from engine.bpmn.lint.rules import Look, rule, standard
from engine.bpmn.xml import local, text
from engine.problems import Problem
from engine.texts import Text

_CHOREOGRAPHY = ("choreography", "globalChoreographyTask", "choreographyTask", "subChoreography", "callChoreography")
_UNDONE = ("", "##Compensate", "compensate", "http://www.omg.org/spec/BPMN/Transaction/##Compensate")


@rule
def choreography(look: Look) -> Iterator[Problem]:
    """Choreographies describe an exchange; there is nothing to run. Beside a process that runs they are a drawing."""
    beside = any(process.executable for process in look.processes)
    for file, node in look.drawn(*_CHOREOGRAPHY):
        yield look.fault(file, node, "unsupported.choreography",
                         Text("La chorégraphie « {element} » n’est pas exécutée.", "The choreography “{element}” is not run."),
                         Text("Dessinez un processus par participant, reliés par des messages.",
                              "Draw one process for each participant, connected by messages."), "warning" if beside else "draft")


@rule
def script_language(look: Look) -> Iterator[Problem]:
    """A script is FEEL."""
    for element in look.elements("scriptTask"):
        language = (look.node(element).get("scriptFormat") or "").strip()
        if language and not is_feel(language):
            yield look.refused(element, "unsupported.script_language",
                               Text("Le script de « {element} » est en {language} ; seul FEEL est exécuté.",
                                    "The script of “{element}” is in {language}; only FEEL is run."),
                               Text("Récrivez-le en FEEL et retirez scriptFormat, ou faites-en une tâche de service.",
                                    "Write it in FEEL and remove scriptFormat, or make it a service task."), language=language)


@rule
def expression_language(look: Look) -> Iterator[Problem]:
    """An expression that names a language names FEEL. What the file as a whole declares is a default of the tool that wrote it."""
    for element in look.elements():
        yield from _other_languages(look, element.process, element.id, xml.children(look.node(element)))
    for process, flow in look.flows():
        yield from _other_languages(look, process.id, flow.id, xml.children(look.flow_node(process, flow)))


def _other_languages(look: Look, process: str, key: str, holders: Iterator[xml.Node]) -> Iterator[Problem]:
    for holder in holders:
        if local(holder) in ("subProcess", "sequenceFlow") or holder.get("id") in look.model.processes[process].elements:
            continue
        for node in (holder, *holder.iterchildren(f"{{{xml.BPMN}}}*")):
            language = (node.get("language") or "").strip()
            if language and not is_feel(language) and text(node):
                yield look.refused((look.model.processes[process].file, key), "unsupported.expression_language",
                                   Text("Une expression de « {element} » est en {language} ; seul FEEL est exécuté.",
                                        "An expression of “{element}” is in {language}; only FEEL is run."),
                                   Text("Récrivez-la en FEEL et retirez language.", "Write it in FEEL and remove language."),
                                   language=language)


@standard
def parallel_event_gateway(look: Look) -> Iterator[Problem]:
    """An event-based gateway in the way waits for one of its events; one that begins a case may ask for all. Rule: 10.6.6, table 10.117."""
    for element in look.elements("eventBasedGateway"):
        if element.waits_for_all and not element.instantiates:
            yield look.finding(element, "unsupported.parallel_event_gateway",
                               Text("La passerelle « {element} » attend tous ses événements à la fois, ce que BPMN ne prévoit qu’au début.",
                                    "The gateway “{element}” waits for all of its events, which BPMN knows at a beginning only."),
                               Text("Utilisez une passerelle parallèle suivie des événements.",
                                    "Use a parallel gateway followed by the events."))


@rule
def start_of_several_triggers(look: Look) -> Iterator[Problem]:
    """A case begins with one trigger: nobody waits for the others before there is a case."""
    for element in look.elements("startEvent"):
        around = look.process(element).elements.get(element.parent)
        if element.parallel_multiple and len(element.events) > 1 and around is None:
            yield look.refused(element, "unsupported.parallel_multiple_start",
                               Text("Le début « {element} » attend plusieurs déclencheurs à la fois, ce qui n’est pas exécuté.",
                                    "The start “{element}” waits for several triggers at once, which is not run."),
                               Text("Commencez par l’un d’eux, suivi d’un événement intermédiaire qui attend les autres.",
                                    "Begin with one of them, followed by an intermediate event that waits for the others."))


@rule
def transaction_method(look: Look) -> Iterator[Problem]:
    """A transaction is cancelled by undoing what was done; no other protocol is spoken."""
    for element in look.elements("transaction"):
        method = (look.node(element).get("method") or "").strip()
        if method not in _UNDONE:
            yield look.refused(element, "unsupported.transaction_method",
                               Text("La transaction « {element} » demande la méthode {method} ; seule ##Compensate est exécutée.",
                                    "The transaction “{element}” asks for the method {method}; only ##Compensate is run."),
                               Text("Retirez method, et dessinez comment annuler chaque activité.",
                                    "Remove method, and draw how each activity is undone."), method=method)
