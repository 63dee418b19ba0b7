"""Pools and what is declared of them.

Owns: rules about participants, public processes, and what may stand at the ends of a message flow.
Leaves: which events send and receive to `lint.references`; conversations are decoration and are only drawn.
Rule: BPMN 2.0.2, 9.3 (participants), 9.4 (message flows) and 10.2.1 (types of process).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.reader import ACTIVITIES, EVENTS
from engine.bpmn.xml import flag, local, whole
from engine.problems import Problem
from engine.texts import Text

_CHOREOGRAPHY_ACTIVITIES = frozenset({"choreographyTask", "subChoreography", "callChoreography"})
#: What a message flow may begin or end at.
_TALKING = ACTIVITIES | EVENTS | _CHOREOGRAPHY_ACTIVITIES | {"participant", "conversation", "subConversation", "callConversation"}


@standard
def participant_numbers(look: Look) -> Iterator[Problem]:
    """A participant stands for none at least, and for one at most at least, the most no less than the least. Rule: 9.3.1, table 9.5."""
    for file, node in look.drawn("participantMultiplicity"):
        least, most = whole(node.get("minimum") or "0"), whole(node.get("maximum") or "1")
        if least is None or most is None or least < 0 or most < 1 or most < least:
            yield look.fault(file, node, "participant.multiplicity",
                             Text("Le participant « {element} » compte de {least} à {most} fois, ce qui ne se peut pas.",
                                  "The participant “{element}” counts from {least} to {most} times, which cannot be."),
                             Text("Donnez un maximum d’au moins 1, et un minimum de 0 au maximum.",
                                  "Give a maximum of at least 1, and a minimum from 0 to it."),
                             least=node.get("minimum") or "0", most=node.get("maximum") or "1")


@standard
def public_processes_do_not_run(look: Look) -> Iterator[Problem]:
    """A public process shows what others see of it; it is not executable. Rule: 10.2.1, table 10.1, isExecutable."""
    for file, node in look.drawn("process"):
        if node.get("processType") == "Public" and flag(node, "isExecutable", False):
            yield look.fault(file, node, "process.public_and_executable",
                             Text("Le processus « {element} » est public et exécutable à la fois.",
                                  "The process “{element}” is public and executable at once."),
                             Text("Choisissez : Private s’il doit être exécuté, ou non exécutable s’il est public.",
                                  "Choose: Private when it is to run, or not executable when it is public."))


@standard
def message_flows_connect_what_talks(look: Look) -> Iterator[Problem]:
    """A message flow begins and ends at a pool, an activity or an event; never at a note, a group, a gateway or data. Rule: 9.4, 7.6.2."""
    for file, node in look.drawn("messageFlow"):
        for end in ("sourceRef", "targetRef"):
            found = look.named(file, node.get(end))
            if found is not None and local(found) not in _TALKING:
                yield look.fault(file, node, "message_flow.wrong_end",
                                 Text("Le flux de message « {element} » touche « {found} » ({tag}), qui n’échange pas de messages.",
                                      "The message flow “{element}” touches “{found}” ({tag}), which exchanges no messages."),
                                 Text("Reliez-le à un bassin, une activité ou un événement de message.",
                                      "Connect it to a pool, an activity or a message event."),
                                 found=found.get("name") or found.get("id"), tag=local(found))
