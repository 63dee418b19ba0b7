"""What a call activity and the process it calls owe each other.

Owns: rules about the start and the data of what is called, and about the services a process offers.
Leaves: whether the process exists and can run here to `lint.names`.
Rule: BPMN 2.0.2, 10.3.6 (call activity), 10.4.1, 10.5.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.ids import definitions_of
from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.lint.standard.items import alike, item_of
from engine.bpmn.xml import Node, child, children, local, reference, text
from engine.problems import Problem
from engine.texts import Text


@standard
def called_processes_can_be_begun(look: Look) -> Iterator[Problem]:
    """A process that is called and has start events has one without a trigger. Rule: 10.5.2 (start of a called process)."""
    for file, node in look.drawn("callActivity"):
        called = look.named(file, node.get("calledElement"))
        starts = list(children(called, "startEvent")) if called is not None and local(called) == "process" else []
        if starts and all(definitions_of(start) or child(start, "eventDefinitionRef") is not None for start in starts):
            yield look.fault(file, node, "call.no_plain_start",
                             Text("« {element} » appelle « {called} », dont chaque début attend un déclencheur.",
                                  "“{element}” calls “{called}”, of which every start waits for a trigger."),
                             Text("Ajoutez-y un début sans déclencheur.", "Add a start without a trigger to it."),
                             called=reference(node.get("calledElement")))


@standard
def calls_give_what_is_asked(look: Look) -> Iterator[Problem]:
    """Inputs that a call declares are those that the called process declares. Rule: 10.3.6 (the two specifications match exactly)."""
    yield from _unequal(look, "dataInput", Text("entrées", "inputs"))


@standard
def calls_take_what_is_given(look: Look) -> Iterator[Problem]:
    """Outputs that a call declares are those that the called process declares. Rule: 10.3.6 (the two specifications match exactly)."""
    yield from _unequal(look, "dataOutput", Text("sorties", "outputs"))


@standard
def calls_have_the_same_sets(look: Look) -> Iterator[Problem]:
    """Sets of inputs and outputs that a call declares are as many as the called process has. Rule: 10.3.6."""
    for file, node in look.drawn("callActivity"):
        own, theirs = child(node, "ioSpecification"), _specification(look.named(file, node.get("calledElement")))
        if own is not None and theirs is not None and _sets(own) != _sets(theirs):
            yield look.fault(file, node, "call.other_sets",
                             Text("« {element} » : ses groupes d’entrées et de sorties ne sont pas ceux de « {called} ».",
                                  "“{element}”: its sets of inputs and outputs are not those of “{called}”."),
                             Text("Déclarez les mêmes groupes des deux côtés.", "Declare the same sets on both sides."),
                             called=reference(node.get("calledElement")))


def _sets(specification: Node) -> tuple[list[int], list[int]]:
    """How many data each set holds, inputs and outputs."""
    return (sorted(len(list(children(one, "dataInputRefs"))) for one in children(specification, "inputSet")),
            sorted(len(list(children(one, "dataOutputRefs"))) for one in children(specification, "outputSet")))


def _unequal(look: Look, data: str, what: Text) -> Iterator[Problem]:
    for file, node in look.drawn("callActivity"):
        own, theirs = child(node, "ioSpecification"), _specification(look.named(file, node.get("calledElement")))
        if own is not None and theirs is not None and not _match(look, file, list(children(own, data)), list(children(theirs, data))):
            yield look.fault(file, node, "call.other_data",
                             Text("« {element} » : ses {what} ne sont pas celles de « {called} ».",
                                  "“{element}”: its {what} are not those of “{called}”."),
                             Text("Déclarez autant de données, des mêmes types, des deux côtés.",
                                  "Declare as many data, of the same kinds, on both sides."),
                             what=what, called=reference(node.get("calledElement")))


def _specification(called: Node | None) -> Node | None:
    """The inputs and outputs of a process, or of the task that a global task is."""
    if called is None or local(called) != "process":
        return None
    inside = next((one for one in called if one.get("id") == f"{called.get('id')}_task"), None)
    return child(called if inside is None else inside, "ioSpecification")


def _match(look: Look, file: str, own: list[Node], theirs: list[Node]) -> bool:
    """Whether each data of one side has its counterpart on the other; what says nothing of its kind goes with anything."""
    open_ = list(theirs)
    for item in (item_of(look, file, one) for one in own):
        kinds = [item_of(look, file, other) for other in open_]
        place = next((index for index, kind in enumerate(kinds) if item is None or kind is None or alike(item, kind)), None)
        if place is None:
            return False
        open_.pop(place)
    return not open_


@standard
def services_say_how_they_are_called(look: Look) -> Iterator[Problem]:
    """A process or task that offers an interface binds its data to an operation of it. Rule: 10.4.1, table 10.58 (InputOutputBinding)."""
    for file, node in look.drawn("supportedInterfaceRef"):
        if child(node.getparent(), "ioBinding") is None:
            yield look.fault(file, node, "service.without_binding",
                             Text("« {element} » s’offre comme service, mais ne lie ses données à aucune opération.",
                                  "“{element}” offers itself as a service, but binds its data to no operation."),
                             Text("Ajoutez ioBinding, ou retirez supportedInterfaceRef.",
                                  "Add ioBinding, or remove supportedInterfaceRef."))


@standard
def bindings_fit_the_operation(look: Look) -> Iterator[Problem]:
    """Data bound to an operation is of the kind of the operation's messages. Rule: 10.4.1, table 10.58 (InputOutputBinding)."""
    for file, node in look.drawn("ioBinding"):
        operation = look.named(file, node.get("operationRef"))
        if operation is None or local(operation) != "operation":
            continue
        for data, message in (("inputDataRef", "inMessageRef"), ("outputDataRef", "outMessageRef")):
            bound, told = look.named(file, node.get(data)), look.named(file, text(child(operation, message)))
            if not _bound_alike(look, file, bound, told):
                yield look.fault(file, node, "service.binding_of_other_kind",
                                 Text("« {element} » lie « {data} » à un message d’un autre type de donnée.",
                                      "“{element}” binds “{data}” to a message of another kind of data."),
                                 Text("Donnez le même type de donnée aux deux.", "Give both the same kind of data."),
                                 data=reference(node.get(data)))


def _bound_alike(look: Look, file: str, data: Node | None, message: Node | None) -> bool:
    if data is not None and local(data) in ("inputSet", "outputSet"):
        data = look.named(file, text(next(children(data, "dataInputRefs", "dataOutputRefs"), None)))
    one, other = item_of(look, file, data), item_of(look, file, message)
    return one is None or other is None or alike(one, other)
