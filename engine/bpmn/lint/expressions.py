"""Expressions of a diagram: each can be read, and names only what somebody sets.

Owns: the list of all places where FEEL stands; rules about syntax, functions, deadline rules and variables.
Leaves: literal times to `timers`.
Rule: docs/diagrams.md, section 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from engine import feel
from engine.bpmn.lint.rules import Look, rule
from engine.bpmn.lint.timers import is_literal
from engine.bpmn.model import Element, Flow, Process
from engine.feel import tree
from engine.problems import Level, Problem
from engine.texts import Text

#: Functions that the engine gives to expressions of a diagram, beyond FEEL's own.
HOST_FUNCTIONS = frozenset({"deadline", "reminders", "escalations", "day", "now", "today"})
_NAME_A_RULE = frozenset({"deadline", "reminders", "escalations", "day"})
#: Variables that the engine itself gives to an iteration.
GIVEN = frozenset({"loopCounter", "nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances"})
#: What the engine tells a complex gateway, beside the tokens of each flow under the flow's id.
_OF_A_GATEWAY = frozenset({"activationCount", "waitingForStart"})
#: Kinds of expression that never give a context.
_NO_CONTEXT = (tree.Literal, tree.Arithmetic, tree.Negation, tree.Comparison, tree.Junction, tree.Between, tree.In, tree.ListNode,
               tree.RangeNode, tree.For, tree.Quantified)


#: Kinds of value that a place may take.
YES_OR_NO = frozenset({"boolean"})
_ANYTHING: frozenset[str] = frozenset()
_TEXT, _COUNT, _MANY = frozenset({"string"}), frozenset({"number"}), frozenset({"list"})
_TIMES = frozenset({"date", "date and time", "days and time duration", "years and months duration", "string", "list", "context"})


@dataclass(frozen=True)
class Place:
    """One FEEL text of a diagram: where, which, what it is for.

    `foreign` when its names belong to somebody else's variables; `given` are names that stand for something there alone;
    `wants` are the kinds of value it may give there, empty for any.
    """

    process: Process
    where: Element | Flow | None
    text: str
    what: Text
    foreign: bool = False
    given: frozenset[str] = frozenset()
    wants: frozenset[str] = frozenset()

    def finding(self, look: Look, code: str, message: Text, remedy: Text, level: Level = "error", **facts: object) -> Problem:
        """Make a problem of this place; `{what}` and `{text}` are known to the texts."""
        if isinstance(self.where, Flow):
            return look.flow_finding(self.process, self.where, code, message, remedy, level, what=self.what, text=self.text, **facts)
        return look.finding(self.where or self.process, code, message, remedy, level, what=self.what, text=self.text, **facts)

    def compiled(self) -> feel.Expression | None:
        """Read the text; None when it cannot be read (which a rule of its own tells)."""
        try:
            return feel.compile(self.text)
        except feel.FeelError:
            return None


@rule
def can_be_read(look: Look) -> Iterator[Problem]:
    """Every expression is FEEL. In a file that declares another language it is valid and not run here, which is left to do."""
    for place in places(look):
        try:
            feel.compile(place.text)
        except feel.FeelError as fault:
            language = look.reading.documents[place.process.file].get("expressionLanguage") or ""
            yield place.finding(look, "expression.not_feel",
                                Text("« {element} », {what} : « {text} » n’est pas une expression FEEL. {fault}",
                                     "“{element}”, {what}: “{text}” is no FEEL expression. {fault}"),
                                Text("Récrivez-la en FEEL, par exemple « montant > 100 » ou « dossier.complet ».",
                                     "Write it in FEEL, for example “amount > 100” or “file.complete”."),
                                "draft" if language and not is_feel(language) else "error", fault=Text(fault.fr, fault.en))


def is_feel(language: str) -> bool:
    """Tell whether a declared language is FEEL, however a tool writes it."""
    return "feel" in language.lower().replace("-", "")


@rule
def functions_exist(look: Look) -> Iterator[Problem]:
    """A function that is called exists."""
    existing = frozenset(feel.BUILTINS) | HOST_FUNCTIONS
    for place in places(look):
        expression = place.compiled()
        for name in sorted(expression.calls - existing) if expression else ():
            near = get_close_matches(name, existing, n=1)
            yield place.finding(look, "expression.unknown_function",
                                Text("« {element} », {what} : la fonction « {name} » n’existe pas.",
                                     "“{element}”, {what}: there is no function “{name}”."),
                                Text("Utilisez « {near} ».",
                                     "Use “{near}”.") if near else Text("Utilisez une fonction de FEEL ou de Jalon.",
                                                                        "Use a function of FEEL or Jalon."),
                                name=name, near=near[0] if near else "")


@rule
def deadline_rules_exist(look: Look) -> Iterator[Problem]:
    """`deadline("…")` and its like name a rule of deadlines.yaml."""
    for place in places(look) if look.known.rules is not None else ():
        expression = place.compiled()
        for name in _named_rules(expression.tree) if expression else ():
            if name not in (look.known.rules or ()):
                yield place.finding(look, "deadline.unknown_rule",
                                    Text("« {element} », {what} : la règle de délai « {name} » n’existe pas.",
                                         "“{element}”, {what}: there is no deadline rule “{name}”."),
                                    Text("Choisissez une règle de deadlines.yaml, ou ajoutez-la.",
                                         "Choose a rule of deadlines.yaml, or add it."), name=name)


@rule
def variables_are_set(look: Look) -> Iterator[Problem]:
    """A variable that is read is set by something."""
    if look.known.variables is None:
        return
    existing = look.known.variables | GIVEN | set_by_diagrams(look)
    for place in places(look):
        expression = None if place.foreign else place.compiled()
        for name in sorted(expression.names - existing - place.given) if expression else ():
            near = get_close_matches(name, existing, n=1)
            yield place.finding(look, "expression.unknown_variable",
                                Text("« {element} », {what} : rien ne remplit la variable « {name} ».",
                                     "“{element}”, {what}: nothing sets the variable “{name}”."),
                                Text("Vouliez-vous dire « {near} » ?", "Did you mean “{near}”?") if near
                                else Text("Ajoutez le formulaire, la règle ou la tâche qui la remplit.",
                                          "Add the form, decision or task that sets it."),
                                name=name, near=near[0] if near else "")


@rule
def scripts_give_a_context(look: Look) -> Iterator[Problem]:
    """A script without a result variable gives a context, whose entries become variables; any other value has nowhere to go."""
    for place in places(look):
        if not isinstance(place.where, Element) or place.text != place.where.script or place.where.ext.result or place.where.ext.outputs:
            continue
        expression = place.compiled()
        if expression is not None and isinstance(expression.tree, _NO_CONTEXT):
            yield place.finding(look, "script.value_lost",
                                Text("Le script de « {element} » donne une valeur qui ne va dans aucune variable.",
                                     "The script of “{element}” gives a value that goes into no variable."),
                                Text("Donnez-lui une variable (jalon:result), ou écrivez un contexte (nom et valeur entre accolades).",
                                     "Give it a variable (jalon:result), or write a context (name and value in braces)."))


@rule
def variables_are_not_functions(look: Look) -> Iterator[Problem]:
    """A variable called like a function of FEEL reads as that function until it is set, and then the expression gives null."""
    for place in places(look):
        expression = place.compiled()
        for name in sorted(_read_values(expression.tree)) if expression else ():
            yield place.finding(look, "expression.like_a_function",
                                Text("« {element} », {what} : « {name} » est aussi une fonction de FEEL ; tant que la variable n’est pas "
                                     "remplie, l’expression donne null.",
                                     "“{element}”, {what}: “{name}” is a function of FEEL too; until the variable is set, the expression "
                                     "gives null."),
                                Text("Donnez un autre nom à la variable.", "Give the variable another name."), "warning", name=name)


def _read_values(root: tree.Node) -> set[str]:
    """The names of functions of FEEL that are read as values: not called, and not bound in the expression itself.

    What stands in a filter may name what the items hold, so nothing is said of it.
    """
    found: set[str] = set()
    open_: list[tuple[tree.Node, frozenset[str]]] = [(root, frozenset())]
    while open_:
        node, bound = open_.pop()
        if isinstance(node, tree.Name) and node.name in feel.BUILTINS and node.name not in bound:
            found.add(node.name)
        bound |= _bound_by(node)
        inside = [node.source] if isinstance(node, tree.Filter) else node.children()
        called = node.function if isinstance(node, tree.Call) else None
        open_ += [(one, bound) for one in inside if one is not called or not isinstance(one, tree.Name)]
    return found


def _bound_by(node: tree.Node) -> frozenset[str]:
    if isinstance(node, tree.For | tree.Quantified):
        return frozenset(iterator.name for iterator in node.iterators)
    if isinstance(node, tree.FunctionDefinition):
        return frozenset(name for name, _ in node.parameters)
    return frozenset(name for name, _ in node.entries) if isinstance(node, tree.ContextNode) else frozenset()


def set_by_diagrams(look: Look) -> frozenset[str]:
    """Collect the names that the diagrams themselves set: mappings, results, items, lists of results, contexts of scripts."""
    found: set[str] = set()
    for process in look.model.processes.values():
        for element in process.elements.values():
            found |= {line.name for line in (*element.ext.inputs, *element.ext.outputs, *element.gives)}
            found |= {element.ext.result, *element.keeps}
            found |= {element.loop.item, element.loop.collect} if element.loop else set()
            found |= _context_names(element.script)
    return frozenset(found - {""})


def places(look: Look) -> Iterator[Place]:
    """Walk every FEEL text of the diagrams, literal times left out."""
    for process in look.processes:
        if process.title:
            yield Place(process, None, process.title, Text("titre", "title"))
        if process.search:
            yield Place(process, None, process.search, Text("recherche", "search"))
        for flow in process.flows.values():
            if flow.condition:
                source = process.elements.get(flow.source)
                given = _OF_A_GATEWAY if source is not None and source.kind == "complexGateway" else frozenset()
                yield Place(process, flow, flow.condition, Text("condition", "condition"), given=given, wants=YES_OR_NO)
        for element in process.elements.values():
            for text, what, wants in _texts(element):
                if text:
                    yield Place(process, element, text, what, wants=wants)
            if element.activation:
                yield Place(process, element, element.activation, Text("condition d’activation", "activation condition"),
                            given=_OF_A_GATEWAY | frozenset(element.incoming), wants=YES_OR_NO)
            for line in (*element.ext.outputs, *element.gives):
                if line.expression:
                    yield Place(process, element, line.expression, Text(f"sortie {line.name}", f"output {line.name}"),
                                element.kind == "callActivity")


def _texts(element: Element) -> Iterator[tuple[str, Text, frozenset[str]]]:
    """Walk the texts of an element with what each is and which kinds it may give."""
    ext, loop = element.ext, element.loop
    yield element.script, Text("script", "script"), _ANYTHING
    yield ext.assignee, Text("personne", "assignee"), _TEXT
    yield ext.due, Text("échéance", "due date"), _TIMES
    yield ext.follow_up, Text("rappel", "follow-up date"), _TIMES
    yield ext.priority, Text("priorité", "priority"), _COUNT
    yield ext.subject, Text("sujet", "subject"), _ANYTHING
    yield ext.subject_en, Text("sujet anglais", "English subject"), _ANYTHING
    for line in ext.inputs:
        yield line.expression, Text(f"entrée {line.name}", f"input {line.name}"), _ANYTHING
    for event in element.events:
        yield event.correlation, Text("corrélation", "correlation"), _ANYTHING
        if event.kind == "timer" and not is_literal(event.expression):
            yield event.expression, Text("temps", "time"), _TIMES
        elif event.kind != "timer":
            yield event.expression, Text("condition", "condition"), YES_OR_NO
    if loop is not None:
        yield loop.cardinality, Text("nombre de répétitions", "number of runs"), _COUNT
        yield loop.completion, Text("condition d’achèvement", "completion condition"), YES_OR_NO
        yield loop.collection, Text("liste", "collection"), _MANY
        yield loop.collect_value, Text("résultat d’une répétition", "result of one run"), _ANYTHING
        yield loop.condition, Text("condition de boucle", "loop condition"), YES_OR_NO
        for one in loop.behaviours:
            yield one.condition, Text("condition d’un comportement", "condition of a behavior"), YES_OR_NO
            yield (one.event.correlation if one.event else ""), Text("corrélation", "correlation"), _ANYTHING
    if element.ad_hoc is not None:
        yield element.ad_hoc.completion, Text("condition d’achèvement", "completion condition"), YES_OR_NO


def _named_rules(root: tree.Node) -> Iterator[str]:
    """Walk the rules named by a literal text; one that is reckoned cannot be checked before it runs."""
    open_ = [root]
    while open_:
        node = open_.pop()
        open_.extend(node.children())
        if isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and node.function.name in _NAME_A_RULE and node.arguments:
            first = node.arguments[node.names.index("rule")] if "rule" in node.names else node.arguments[0]
            if isinstance(first, tree.Literal) and isinstance(first.value, str):
                yield first.value


def _context_names(script: str) -> set[str]:
    try:
        root = feel.compile(script).tree if script else None
    except feel.FeelError:
        return set()
    return {name for name, _ in root.entries} if isinstance(root, tree.ContextNode) else set()
