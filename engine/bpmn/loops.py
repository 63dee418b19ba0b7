"""How often an activity runs, as drawn: multi-instance and standard loop.

Owns: reading loop characteristics, with the collection and item that data objects stand for, and the events a multi-instance throws.
Leaves: judgement to `lint`, running to `engine.kernel`.
Rule: BPMN 2.0.2, 10.3.8 and tables 10.28 to 10.31.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from engine.bpmn import extensions
from engine.bpmn.model import Behaviour, EventDefinition, Loop
from engine.bpmn.xml import Node, child, children, expression, flag, local, reference, text, whole


def read(node: Node, process: Node) -> Loop | None:
    """Read the loop of an activity, None when it runs once. `process` is where its data objects are looked for."""
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
                collection=ext.collection or data_name(process, reference(text(child(found, "loopDataInputRef")))),
                item=ext.item or _item(child(found, "inputDataItem")),
                collect=ext.collect or data_name(process, reference(text(child(found, "loopDataOutputRef")))),
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


def data_name(process: Node, item: str) -> str:
    """Tell the variable that a data object, reference or input stands for: its name, else its id; "" for no id."""
    if not item:
        return ""
    named = {found.get("id"): found for found in process.iter() if found.get("id")}
    node = named.get(item)
    if node is not None and local(node) == "dataObjectReference":
        item = reference(node.get("dataObjectRef")) or item
        node = named.get(item)
    return (node.get("name") if node is not None else "") or item


def _item(node: Node | None) -> str:
    return "" if node is None else (node.get("name") or node.get("id") or "").strip()
