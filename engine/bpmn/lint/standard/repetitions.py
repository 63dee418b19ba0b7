"""The data of a multi-instance: its list, and one of it.

Owns: rules about the kinds of data of a collection and its items.
Leaves: how often it runs to `lint.activities`; what it tells to `lint.behaviours`.
Rule: BPMN 2.0.2, 10.3.8, table 10.29.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.lint.standard.items import alike, item_of
from engine.bpmn.xml import child, children, flag, reference, text
from engine.problems import Problem
from engine.texts import Text


@standard
def tasks_repeat_over_their_input(look: Look) -> Iterator[Problem]:
    """A task that declares its data repeats over an input and collects into an output of its own. Rule: 10.3.8, loopDataInputRef."""
    for file, node in look.drawn("multiInstanceLoopCharacteristics"):
        specification = child(node.getparent(), "ioSpecification")
        for tag, data in (("loopDataInputRef", "dataInput"), ("loopDataOutputRef", "dataOutput")) if specification is not None else ():
            key = reference(text(child(node, tag)))
            if key and not any(found.get("id") == key for found in children(specification, data)):
                yield look.fault(file, node, "loop.list_from_elsewhere",
                                 Text("L’instance multiple « {element} » : {tag} nomme « {key} », qui n’est pas l’une de ses données.",
                                      "The multi-instance “{element}”: {tag} names “{key}”, which is none of its data."),
                                 Text("Nommez une donnée déclarée par la tâche, ou retirez ioSpecification.",
                                      "Name data that the task declares, or remove ioSpecification."), tag=tag, key=key)


@standard
def items_come_from_the_list(look: Look) -> Iterator[Problem]:
    """An input item is one of the list: of its structure, and no list itself. Rule: 10.3.8, table 10.29, inputDataItem."""
    yield from _unlike(look, "loopDataInputRef", "inputDataItem")


@standard
def items_go_into_the_list(look: Look) -> Iterator[Problem]:
    """An output item is one of the list: of its structure, and no list itself. Rule: 10.3.8, table 10.29, outputDataItem."""
    yield from _unlike(look, "loopDataOutputRef", "outputDataItem")


def _unlike(look: Look, collection: str, one: str) -> Iterator[Problem]:
    for file, node in look.drawn("multiInstanceLoopCharacteristics"):
        data, item = child(node, one), item_of(look, file, child(node, one))
        if data is None or item is None:
            continue
        whole = item_of(look, file, look.named(file, text(child(node, collection))))
        if flag(item, "isCollection", False) or (whole is not None and whole is not item and not alike(item, whole)):
            yield look.fault(file, node, "loop.item_of_other_kind",
                             Text("L’instance multiple « {element} » : {one} n’est pas un élément de la liste ({collection}).",
                                  "The multi-instance “{element}”: {one} is not one of the list ({collection})."),
                             Text("Donnez-lui la structure de la liste, sans isCollection.",
                                  "Give it the structure of the list, without isCollection."), one=one, collection=collection)
