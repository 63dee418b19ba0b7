"""What an activity or process takes and gives: its inputs and outputs, gathered in sets.

Owns: rules about where sets may stand and how inputs, outputs and sets name each other.
Leaves: that what is named exists to `references`.
Rule: BPMN 2.0.2, 10.4.1, tables 10.57 to 10.62.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.xml import Node, child, children, local, reference, text
from engine.problems import Problem
from engine.texts import Text

_SUB_PROCESSES = ("subProcess", "transaction", "adHocSubProcess")
#: Inputs and outputs that a set marks in some way, by the list they must be in too.
_MARKS = {"optionalInputRefs": "dataInputRefs", "whileExecutingInputRefs": "dataInputRefs",
          "optionalOutputRefs": "dataOutputRefs", "whileExecutingOutputRefs": "dataOutputRefs"}


@standard
def sub_processes_take_no_inputs(look: Look) -> Iterator[Problem]:
    """A sub-process has no inputs and outputs of its own: what is inside sees the data around. Rule: 10.4.1; 10.3.5."""
    for file, node in look.drawn(*_SUB_PROCESSES):
        if child(node, "ioSpecification") is not None:
            yield look.fault(file, node, "data.sub_process_inputs",
                             Text("Le sous-processus « {element} » déclare des entrées ou sorties, ce qu’il ne peut pas.",
                                  "The sub-process “{element}” declares inputs or outputs, which it cannot."),
                             Text("Retirez ioSpecification ; les données du processus y sont visibles.",
                                  "Remove ioSpecification; the data of the process is seen inside."))


@standard
def every_input_is_in_a_set(look: Look) -> Iterator[Problem]:
    """A data input is in one input set at least. Rule: 10.4.1, table 10.59, inputSetRefs."""
    yield from _in_no_set(look, "dataInput", "inputSet", "dataInputRefs", Text("L’entrée", "The input"))


@standard
def every_output_is_in_a_set(look: Look) -> Iterator[Problem]:
    """A data output is in one output set at least. Rule: 10.4.1, table 10.60, outputSetRefs."""
    yield from _in_no_set(look, "dataOutput", "outputSet", "dataOutputRefs", Text("La sortie", "The output"))


def _in_no_set(look: Look, data: str, sets: str, tag: str, what: Text) -> Iterator[Problem]:
    for file, node in look.drawn(data):
        beside = node.getparent()
        if local(beside) != "ioSpecification" or any(node.get("id") in _listed(one, tag) for one in children(beside, sets)):
            continue
        yield look.fault(file, node, "data.in_no_set",
                         Text("« {element} » : {what} « {data} » n’est dans aucun groupe ({sets}).",
                              "“{element}”: {what} “{data}” is in no set ({sets})."),
                         Text("Ajoutez-la à un {sets}.", "Add it to an {sets}."),
                         what=what, data=node.get("name") or node.get("id"), sets=sets)


@standard
def marked_data_is_in_the_set(look: Look) -> Iterator[Problem]:
    """What a set calls optional, or reads or writes while the activity runs, is in that set. Rule: 10.4.1, tables 10.61 and 10.62."""
    for file, node in look.drawn("inputSet", "outputSet"):
        for marked, tag in _MARKS.items():
            for key in sorted(_listed(node, marked) - _listed(node, tag)):
                yield look.fault(file, node, "data.marked_but_not_in_set",
                                 Text("« {element} » : {marked} nomme « {key} », qui n’est pas dans {tag} du même groupe.",
                                      "“{element}”: {marked} names “{key}”, which is not in {tag} of the same set."),
                                 Text("Ajoutez-la à {tag}, ou retirez {marked}.", "Add it to {tag}, or remove {marked}."),
                                 marked=marked, key=key, tag=tag)


@standard
def sets_name_each_other(look: Look) -> Iterator[Problem]:
    """An input set that names an output set is named by it, and the other way round. Rule: 10.4.1, tables 10.61 and 10.62 (IORules)."""
    for file, node in look.drawn("ioSpecification"):
        for sets, forth, others, back in (("inputSet", "outputSetRefs", "outputSet", "inputSetRefs"),
                                          ("outputSet", "inputSetRefs", "inputSet", "outputSetRefs")):
            for one in children(node, sets):
                for other in children(node, others):
                    if other.get("id") in _listed(one, forth) and one.get("id") not in _listed(other, back):
                        yield look.fault(file, node, "data.sets_one_sided",
                                         Text("« {element} » : le groupe « {one} » nomme « {other} », qui ne le nomme pas en retour.",
                                              "“{element}”: the set “{one}” names “{other}”, which does not name it in return."),
                                         Text("Écrivez la référence des deux côtés.", "Write the reference on both sides."),
                                         one=one.get("id") or sets, other=other.get("id"))


def _listed(node: Node, tag: str) -> set[str]:
    return {reference(text(found)) for found in children(node, tag)} - {""}
