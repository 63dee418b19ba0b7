"""How often an activity runs, as drawn: multi-instance and standard loop.

Owns: reading loop characteristics, with the collection and item that data objects stand for, and the events a multi-instance throws.
Leaves: judgement to `lint`, running to `engine.kernel`.
Rule: BPMN 2.0.2, 10.3.8 and tables 10.28 to 10.31.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from engine.bpmn import extensions
from engine.bpmn.data import Items
from engine.bpmn.model import Behaviour, EventDefinition, Loop
from engine.bpmn.xml import Node, child, children, expression, flag, reference, text, whole


def read(node: Node, items: Items) -> Loop | None:
    """Read the loop of an activity, None when it runs once. `items` are the data objects of its process."""
    if (standard := child(node, "standardLoopCharacteristics")) is not None:
        return Loop("standard", test_before=flag(standard, "testBefore", False), maximum=whole(standard.get("loopMaximum")),
                    condition=expression(text(child(standard, "loopCondition"))))
    found = child(node, "multiInstanceLoopCharacteristics")
    if found is None:
        return None
    ext = extensions.read(found)
    kind: Literal["parallel", "sequential"] = "sequential" if flag(found, "isSequential", False) else "parallel"
    return Loop(kind, cardinality=expression(text(child(found, "loopCardinality"))),
                completion=expression(text(child(found, "completionCondition"))),
                collection=ext.collection or _variable(items, child(found, "loopDataInputRef")),
                item=ext.item or _item(child(found, "inputDataItem")),
                collect=ext.collect or _variable(items, child(found, "loopDataOutputRef")),
                collect_value=ext.collect_value or _item(child(found, "outputDataItem")))


def behaviours(node: Node, inside: Callable[[Node], tuple[EventDefinition, ...]],
               named: Callable[[str], EventDefinition | None]) -> tuple[Behaviour, ...]:
    """List what a multi-instance throws when a round is done; nothing unless its behavior is None, One or Complex.

    Args:
        inside: reads the definitions that stand in an event. named: finds a definition by its id.
    """
    found = child(node, "multiInstanceLoopCharacteristics")
    if found is None:
        return ()
    match (found.get("behavior") or "All").strip():
        case "None":
            return (Behaviour("each", named(reference(found.get("noneBehaviorEventRef")))),)
        case "One":
            return (Behaviour("first", named(reference(found.get("oneBehaviorEventRef")))),)
        case "Complex":
            return tuple(_complex(found, inside))
    return ()


def _complex(found: Node, inside: Callable[[Node], tuple[EventDefinition, ...]]) -> Iterator[Behaviour]:
    for one in children(found, "complexBehaviorDefinition"):
        event = child(one, "event")
        condition = expression(text(child(one, "condition")))
        for definition in (inside(event) if event is not None else ()) or (None,):
            yield Behaviour("if", definition, condition)


def _variable(items: Items, named: Node | None) -> str:
    """Tell the variable that a data object, reference or input stands for; "" for none."""
    item = reference(text(named))
    return items.variable(item) if item else ""


def _item(node: Node | None) -> str:
    return "" if node is None else (node.get("name") or node.get("id") or "").strip()
