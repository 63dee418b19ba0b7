"""Activities: what each kind needs to be run, and how often it runs.

Owns: rules about missing handlers, decisions, scripts and called processes, and about loops.
Leaves: who does a user task to `people`; whether a name exists to `names`.
Rule: BPMN 2.0.2, 10.3; docs/diagrams.md, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine import feel
from engine.bpmn.ids import extension_elements
from engine.bpmn.lint.rules import Look, rule, standard
from engine.bpmn.model import Element, Loop
from engine.bpmn.reader import ACTIVITIES
from engine.bpmn.xml import JALON, child, namespace
from engine.problems import Level, Problem
from engine.texts import Text

_INPUT, _OUTPUT, _RESULT = Text("entrée", "input"), Text("sortie", "output"), Text("résultat", "result")
_ITEM, _COLLECT = Text("élément de la liste", "item"), Text("liste des résultats", "list of results")


@rule
def services_have_handlers(look: Look) -> Iterator[Problem]:
    """A service task names what does it."""
    for element in look.elements("serviceTask"):
        if not element.ext.handler:
            yield look.finding(element, "service.without_handler",
                               Text("La tâche de service « {element} » ne dit pas ce qui la fait.",
                                    "The service task “{element}” does not say what does it."),
                               Text("Choisissez un traitement (jalon:handler).", "Choose a handler (jalon:handler)."), "draft")


@rule
def sends_send_something(look: Look) -> Iterator[Problem]:
    """A send task names a message or a handler."""
    for element in look.elements("sendTask"):
        if not element.ext.handler and not element.events:
            yield look.finding(element, "send.without_message",
                               Text("La tâche d’envoi « {element} » n’envoie rien.", "The send task “{element}” sends nothing."),
                               Text("Choisissez un message, ou un traitement (jalon:handler).",
                                    "Choose a message, or a handler (jalon:handler)."), "draft")


@rule
def decisions_are_named(look: Look) -> Iterator[Problem]:
    """A business rule task names its decision."""
    for element in look.elements("businessRuleTask"):
        if not element.ext.decision:
            yield look.finding(element, "decision.missing",
                               Text("La tâche de règle « {element} » ne nomme pas de décision.",
                                    "The business rule task “{element}” names no decision."),
                               Text("Choisissez une décision (jalon:decision).", "Choose a decision (jalon:decision)."), "draft")
        elif not element.ext.result and not element.ext.outputs:
            yield look.finding(element, "decision.without_result",
                               Text("Le résultat de « {element} » n’a pas de variable.", "The result of “{element}” has no variable."),
                               Text("Donnez-lui un nom (jalon:result).", "Give it a name (jalon:result)."), "draft")


@rule
def scripts_are_written(look: Look) -> Iterator[Problem]:
    """A script task has a script."""
    for element in look.elements("scriptTask"):
        if not element.script:
            yield look.finding(element, "script.missing",
                               Text("La tâche de script « {element} » est vide.", "The script task “{element}” is empty."),
                               Text("Écrivez le script en FEEL.", "Write the script in FEEL."), "draft")


@rule
def calls_name_a_process(look: Look) -> Iterator[Problem]:
    """A call activity names the process it calls."""
    for element in look.elements("callActivity"):
        if not element.called:
            yield look.finding(element, "call.without_process",
                               Text("« {element} » n’appelle aucun processus.", "“{element}” calls no process."),
                               Text("Choisissez le processus appelé.", "Choose the process it calls."), "draft")


@rule
def loops_say_how_often(look: Look) -> Iterator[Problem]:
    """A multi-instance runs over a collection or so many times, and its results have a place."""
    for element in look.elements(*ACTIVITIES):
        if element.loop and element.loop.kind != "standard":
            for code, level, message, remedy in _multi_instance_faults(element.loop, _collects(look, element)):
                yield look.finding(element, code, message, remedy, level)


def _collects(look: Look, element: Element) -> bool:
    """Whether a loop is told to collect results: an item of data that is drawn without the list it goes into says nothing."""
    found = child(look.node(element), "multiInstanceLoopCharacteristics")
    return found is not None and (child(found, "outputDataItem") is None or child(found, "loopDataOutputRef") is not None)


def _multi_instance_faults(loop: Loop, written: bool) -> Iterator[tuple[str, Level, Text, Text]]:
    if not loop.cardinality and not loop.collection:
        yield ("loop.how_often", "error", Text("L’instance multiple « {element} » ne dit pas combien de fois elle s’exécute.",
                                               "The multi-instance “{element}” does not say how often it runs."),
               Text("Donnez une liste (jalon:collection) ou un nombre.", "Give a collection (jalon:collection) or a number."))
    if loop.cardinality and loop.collection:
        yield ("loop.two_ways", "error", Text("L’instance multiple « {element} » a une liste et un nombre : l’un serait ignoré.",
                                              "The multi-instance “{element}” has a collection and a number: one would be ignored."),
               Text("Gardez l’un des deux.", "Keep one of the two."))
    if loop.cardinality.replace(" ", "").startswith("-"):
        yield ("loop.negative", "error",
               Text("« {element} » se répète un nombre négatif de fois.", "“{element}” runs a negative number of times."),
               Text("Donnez un nombre positif.", "Give a positive number."))
    if bool(loop.collect) != bool(loop.collect_value) and written:
        yield ("loop.half_a_result", "error",
               Text("« {element} » doit nommer à la fois la variable des résultats et la valeur de chacun.",
                    "“{element}” must name both the variable of the results and the value of each."),
               Text("Donnez jalon:collect et jalon:collectValue, ou aucun des deux.",
                    "Give jalon:collect and jalon:collectValue, or neither."))


@rule
def standard_loops_end(look: Look) -> Iterator[Problem]:
    """A loop has a condition or a greatest number of rounds, of one at least."""
    for element in look.elements(*ACTIVITIES):
        if element.loop is None or element.loop.kind != "standard":
            continue
        characteristics = child(look.node(element), "standardLoopCharacteristics")
        written = None if characteristics is None else characteristics.get("loopMaximum")
        if written is not None and (element.loop.maximum is None or element.loop.maximum < 1):
            yield look.finding(element, "loop.negative", Text("« {element} » a un nombre de tours impossible : {written}.",
                                                              "“{element}” has an impossible number of rounds: {written}."),
                               Text("Donnez un nombre entier d’au moins 1.", "Give a whole number of at least 1."), written=written)
        elif not element.loop.condition and written is None:
            yield look.finding(element, "loop.endless", Text("La boucle « {element} » n’a ni condition ni nombre de tours.",
                                                             "The loop “{element}” has neither a condition nor a number of rounds."),
                               Text("Donnez une condition (elle continue tant qu’elle est vraie) ou un nombre de tours.",
                                    "Give a condition (it goes on while it holds) or a number of rounds."))


@standard
def quantities_are_numbers(look: Look) -> Iterator[Problem]:
    """An activity takes and gives one token at least."""
    for element in look.elements(*ACTIVITIES):
        for name, value in (("startQuantity", element.start_quantity), ("completionQuantity", element.completion_quantity)):
            if value is None or value < 1:
                yield look.finding(element, "quantity.impossible",
                                   Text("« {element} » porte {name} = {value}.", "“{element}” carries {name} = {value}."),
                                   Text("Écrivez un nombre entier d’au moins 1.", "Write a whole number of at least 1."), name=name,
                                   value=look.node(element).get(name))


@rule
def names_of_variables(look: Look) -> Iterator[Problem]:
    """What takes a value is a name that FEEL can read back; two lines do not fill the same one."""
    for element in look.elements():
        mapped: Level = "error" if _maps_itself(look, element) else "draft"
        for way, lines in ((_INPUT, element.ext.inputs), (_OUTPUT, element.ext.outputs)):
            names = [line.name for line in lines]
            for name in dict.fromkeys(name for name in names if names.count(name) > 1):
                yield _name_finding(look, element, "mapping.twice", way, name, Text("est rempli deux fois", "is filled twice"), mapped)
            for line in lines:
                if not line.expression and not line.variable:
                    yield _name_finding(look, element, "mapping.without_value", way, line.name, Text("n’a pas de valeur", "has no value"),
                                        mapped)
        loop = element.loop
        taken = [(_RESULT, element.ext.result), *(((_ITEM, loop.item), (_COLLECT, loop.collect)) if loop else ())]
        taken += [(_INPUT, line.name) for line in element.ext.inputs] + [(_OUTPUT, line.name) for line in element.ext.outputs]
        for way, name in taken:
            if not feel.is_plain_name(name) and (name or way in (_INPUT, _OUTPUT)):
                yield _name_finding(look, element, "variable.bad_name", way, name,
                                    Text("n’est pas un nom de variable", "is no name of a variable"),
                                    mapped if way in (_INPUT, _OUTPUT) else "error")


def _maps_itself(look: Look, element: Element) -> bool:
    """Whether the mappings of an element are written in our words; those of another tool may have names of their own."""
    return any(namespace(found) == JALON for found in extension_elements(look.node(element)))


def _name_finding(look: Look, element: Element, code: str, way: Text, name: str, what: Text,
                  level: Level = "error") -> Problem:
    return look.finding(element, code, Text("« {element} », {way} : « {name} » {what}.", "“{element}”, {way}: “{name}” {what}."),
                        Text("Écrivez un nom fait de lettres, chiffres et _ , une seule fois, avec sa valeur.",
                             "Write a name of letters, digits and _, once, with its value."), level, way=way, name=name, what=what)
