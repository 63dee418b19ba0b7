"""Data that events bring or take.

Owns: rules about the inputs of throw events and the outputs of catch events.
Rule: BPMN 2.0.2, 10.5.1 (data modelling and events).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.ids import definitions_of
from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.lint.standard.items import alike, item_of
from engine.bpmn.reader import EVENTS
from engine.bpmn.xml import Node, children, local
from engine.problems import Problem
from engine.texts import Text

_THROWS = frozenset({"intermediateThrowEvent", "endEvent"})
#: Definitions that carry data, and the attribute that names what carries it.
_CARRIERS = {"messageEventDefinition": "messageRef", "signalEventDefinition": "signalRef", "errorEventDefinition": "errorRef",
             "escalationEventDefinition": "escalationRef"}


@standard
def each_trigger_has_its_data(look: Look) -> Iterator[Problem]:
    """An event that declares data declares as many as it has triggers that carry some. Rule: 10.5.1, table 10.84 and after."""
    for file, node, data, triggers in _events(look):
        if data and triggers and len(data) != len(triggers):
            yield look.fault(file, node, "event.data_count",
                             Text("« {element} » a {triggers} déclencheur(s) qui portent des données, mais {data} donnée(s).",
                                  "“{element}” has {triggers} trigger(s) that carry data, but {data} data."),
                             Text("Déclarez une donnée par déclencheur, dans le même ordre.",
                                  "Declare one data a trigger, in the same order."),
                             triggers=len(triggers), data=len(data))


@standard
def data_is_of_the_kind_of_its_trigger(look: Look) -> Iterator[Problem]:
    """The data of an event is of the kind of the message, signal, error or escalation at the same place. Rule: 10.5.1."""
    for file, node, data, triggers in _events(look):
        for one, trigger in zip(data, triggers, strict=False) if len(data) == len(triggers) else ():
            own = item_of(look, file, one)
            told = item_of(look, file, look.named(file, trigger.get(_CARRIERS[local(trigger)])))
            if own is not None and told is not None and not alike(own, told):
                yield look.fault(file, node, "event.data_kind",
                                 Text("« {element} » : la donnée « {data} » n’est pas du type de ce que l’événement porte.",
                                      "“{element}”: the data “{data}” is not of the kind of what the event carries."),
                                 Text("Donnez le même type de donnée aux deux.", "Give both the same kind of data."),
                                 data=one.get("name") or one.get("id"))


def _events(look: Look) -> Iterator[tuple[str, Node, list[Node], list[Node]]]:
    for file, node in look.drawn(*sorted(EVENTS)):
        data = list(children(node, "dataInput" if local(node) in _THROWS else "dataOutput"))
        yield file, node, data, [found for found in definitions_of(node) if local(found) in _CARRIERS]
