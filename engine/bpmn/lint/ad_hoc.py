"""Ad-hoc sub-processes.

Owns: what may stand in one.
Rule: BPMN 2.0.2, 10.3.5.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.reader import ACTIVITIES
from engine.problems import Problem
from engine.texts import Text


@standard
def ad_hoc_holds_activities(look: Look) -> Iterator[Problem]:
    """An ad-hoc sub-process holds activities, and neither begins nor ends with an event."""
    for element in look.elements("adHocSubProcess"):
        inside = [other for other in look.process(element).elements.values() if other.parent == element.id]
        if not any(other.kind in ACTIVITIES and not other.triggered_by_event and not other.for_compensation for other in inside):
            yield look.finding(element, "ad_hoc.empty",
                               Text("Le sous-processus ad hoc « {element} » ne contient aucune activité.",
                                    "The ad-hoc sub-process “{element}” holds no activity."),
                               Text("Dessinez-y les tâches à faire.", "Draw the tasks to be done in it."))
        ordering = (look.node(element).get("ordering") or "Parallel").strip()
        if ordering not in ("Parallel", "Sequential"):
            yield look.finding(element, "ad_hoc.ordering_unknown",
                               Text("Le sous-processus ad hoc « {element} » demande un ordre inconnu : {ordering}.",
                                    "The ad-hoc sub-process “{element}” asks for an unknown ordering: {ordering}."),
                               Text("Écrivez Parallel ou Sequential.", "Write Parallel or Sequential."), ordering=ordering)
        for other in inside:
            if other.kind in ("startEvent", "endEvent"):
                yield look.finding(other, "ad_hoc.start_or_end",
                                   Text("« {element} » commence ou finit un sous-processus ad hoc, qui n’a ni début ni fin.",
                                        "“{element}” begins or ends an ad-hoc sub-process, which has no start and no end."),
                                   Text("Supprimez-le, ou utilisez un sous-processus ordinaire.",
                                        "Delete it, or use an ordinary sub-process."))
