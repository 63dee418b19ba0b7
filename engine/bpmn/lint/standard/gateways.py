"""The direction that a gateway declares.

Owns: whether the flows of a gateway fit its direction.
Leaves: what a gateway decides to `lint.gateways`.
Rule: BPMN 2.0.2, 8.4.9, table 8.46.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.model import Element
from engine.bpmn.reader import GATEWAYS
from engine.problems import Problem
from engine.texts import Text

_REMEDY = Text("Corrigez gatewayDirection (Unspecified convient toujours), ou ses flux.",
               "Mend gatewayDirection (Unspecified always fits), or its flows.")


@standard
def converging_gateways_join(look: Look) -> Iterator[Problem]:
    """A converging gateway has several flows in and one out. Rule: BPMN 2.0.2, table 8.46, gatewayDirection."""
    for element in _declared(look, "Converging"):
        if len(element.outgoing) > 1 or len(element.incoming) < 2:
            yield _misdirected(look, element, Text("réunit (Converging)", "joins (Converging)"))


@standard
def diverging_gateways_part(look: Look) -> Iterator[Problem]:
    """A diverging gateway has one flow in and several out. Rule: BPMN 2.0.2, table 8.46, gatewayDirection."""
    for element in _declared(look, "Diverging"):
        if len(element.incoming) > 1 or len(element.outgoing) < 2:
            yield _misdirected(look, element, Text("partage (Diverging)", "parts (Diverging)"))


@standard
def mixed_gateways_do_both(look: Look) -> Iterator[Problem]:
    """A mixed gateway has several flows in and several out. Rule: BPMN 2.0.2, table 8.46, gatewayDirection."""
    for element in _declared(look, "Mixed"):
        if len(element.incoming) < 2 or len(element.outgoing) < 2:
            yield _misdirected(look, element, Text("fait les deux (Mixed)", "does both (Mixed)"))


def _declared(look: Look, direction: str) -> Iterator[Element]:
    return (element for element in look.elements(*GATEWAYS) if look.node(element).get("gatewayDirection") == direction)


def _misdirected(look: Look, element: Element, says: Text) -> Problem:
    return look.finding(element, "gateway.direction",
                        Text("La passerelle « {element} » dit qu’elle {says}, mais a {incoming} flux entrant(s) et {outgoing} sortant(s).",
                             "The gateway “{element}” says that it {says}, but has {incoming} flow(s) in and {outgoing} out."),
                        _REMEDY, says=says, incoming=len(element.incoming), outgoing=len(element.outgoing))
