"""Sequence flows and what the elements at their ends say of them.

Owns: that a file whose elements list their flows lists them all.
Leaves: ends that are missing or stand elsewhere to `lint.structure`; flows that an element lists and that are not its own to
`lint.references`.
Rule: BPMN 2.0.2, 8.4.13 (sequence flows), table 8.48 (incoming, outgoing).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.xml import children, reference, text
from engine.problems import Problem
from engine.texts import Text


@standard
def listed_flows_are_all_listed(look: Look) -> Iterator[Problem]:
    """Where a process lists the flows of its elements, both ends of every flow list it.

    The lists may be left out as a whole. In part they contradict the flows, and a tool that follows them runs another process.
    Rule: BPMN 2.0.2, table 8.48.
    """
    for process in look.processes:
        lists = {tag: {element.id: {reference(text(found)) for found in children(look.node(element), tag)}
                       for element in process.elements.values()} for tag in ("outgoing", "incoming")}
        if not any(listed for by_element in lists.values() for listed in by_element.values()):
            continue
        for flow in process.flows.values():
            for tag, key in (("outgoing", flow.source), ("incoming", flow.target)):
                if key in lists[tag] and flow.id not in lists[tag][key]:
                    yield look.flow_finding(process, flow, "flow.not_listed",
                                            Text("Le flux « {element} » n’est pas dans la liste ({tag}) de « {end} ».",
                                                 "The flow “{element}” is not in the list ({tag}) of “{end}”."),
                                            Text("Reliez-le à nouveau dans l’éditeur, ou complétez la liste.",
                                                 "Connect it again in the editor, or complete the list."), tag=tag, end=key)
