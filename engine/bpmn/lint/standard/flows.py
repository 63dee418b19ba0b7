"""Sequence flows and what the elements at their ends say of them.

Owns: that a file whose elements list their flows lists them all; that where a path is drawn to begin, it is drawn to end.
Leaves: ends that are missing or stand elsewhere to `lint.structure`; flows that an element lists and that are not its own to
`lint.references`.
Rule: BPMN 2.0.2, 8.4.13 (sequence flows), table 8.48 (incoming, outgoing), 10.5.2 and 10.5.3 (start and end events).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.xml import children, flag, reference, text
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


@standard
def ends_come_with_starts(look: Look) -> Iterator[Problem]:
    """On a level with an end event there is a start event, or a gateway or task that begins the process. Rule: 10.5.2.

    What begins is clear all the same, and runs: advice.
    """
    for scope in look.scopes:
        ends = [element for element in scope.elements.values() if element.kind == "endEvent"]
        if ends and not scope.starts() and not any(element.instantiates for element in scope.elements.values()):
            yield look.finding(ends[0], "end.without_start",
                               Text("« {element} » est une fin, mais aucun début n’est dessiné à ce niveau.",
                                    "“{element}” is an end, but no start is drawn on this level."),
                               Text("Dessinez le début.", "Draw the start."), "warning")


@standard
def starts_come_with_ends(look: Look) -> Iterator[Problem]:
    """On a level with a start event there is an end event. Rule: 10.5.3.

    Without one a path ends where nothing follows, and that runs: advice.
    """
    for scope in look.scopes:
        starts = scope.starts()
        if starts and not any(element.kind == "endEvent" for element in scope.elements.values()):
            yield look.finding(starts[0], "start.without_end",
                               Text("« {element} » est un début, mais aucune fin n’est dessinée à ce niveau.",
                                    "“{element}” is a start, but no end is drawn on this level."),
                               Text("Dessinez la fin.", "Draw the end."), "warning")


@standard
def flows_are_taken_at_once(look: Look) -> Iterator[Problem]:
    """In a process that runs, nothing comes between the two ends of a flow. Rule: 8.4.13, table 8.60, isImmediate.

    Some tools write it on every flow, and nothing comes between them all the same: advice.
    """
    for file, node in look.drawn("sequenceFlow"):
        if not flag(node, "isImmediate", True) and look.runs(node):
            yield look.fault(file, node, "flow.not_immediate",
                             Text("Le flux « {element} » laisse place à des étapes qui ne sont pas dessinées (isImmediate).",
                                  "The flow “{element}” leaves room for steps that are not drawn (isImmediate)."),
                             Text("Dessinez ces étapes, et retirez isImmediate.", "Draw those steps, and remove isImmediate."),
                             "warning")
