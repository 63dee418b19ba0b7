"""From the elements of a decision file to logic that runs.

Owns: reading boxed expressions and tables; naming what cannot be read.
Leaves: requirements between decisions to `decisions`; running to `logic` and `tables`.
Promises: what cannot be read becomes a problem at its element and a `Broken` in its place; it never stops the rest of the file.
Rule: DMN 1.5, 7.3, 8.3 and 10.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from engine import feel
from engine.dmn import logic as boxed
from engine.dmn import xml
from engine.dmn.tables import POLICIES, Input, Output, Rule, Table
from engine.dmn.types import Types
from engine.feel import tree
from engine.problems import Problem
from engine.texts import Text

_FEEL = re.compile(r"feel|https?://www\.omg\.org/spec/(?:dmn/.*)?feel/.*", re.IGNORECASE)
_REMEDY = Text("Corrigez l’expression FEEL.", "Mend the FEEL expression.")


def _is_foreign(node: tree.Node) -> bool:
    """Tell whether an `external` function is defined in an expression."""
    return (isinstance(node, tree.FunctionDefinition) and node.body is None) or any(map(_is_foreign, node.children()))


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression reads that is not its own: for the check that somebody gives it. `owner` is the decision it belongs to."""

    owner: str
    element: str
    names: frozenset[str]
    calls: frozenset[str]


class Reader:
    """One reading of one file."""

    def __init__(self, file: str, types: Types, known: tuple[str, ...]) -> None:
        self.file = file
        self.types = types
        self.known = known
        self.problems: list[Problem] = []
        self.readings: list[Reading] = []
        self.tables: list[Table] = []
        self.owner = self.owner_name = ""
        self._local: list[str] = []                 # names the boxed expressions around the place at hand give

    @contextmanager
    def giving(self, *names: str) -> Iterator[None]:
        """Read what stands inside with some names given."""
        self._local.extend(names)
        try:
            yield
        finally:
            del self._local[len(self._local) - len(names) :]

    def problem(self, node: xml.Node, code: str, message: Text, remedy: Text) -> None:
        self.problems.append(Problem(self.file, xml.identity(node), code, "error", message, remedy))

    # --- boxed expressions ----------------------------------------------------------------------------------------------------------

    def logic(self, node: xml.Node | None) -> boxed.Logic:
        """Read a boxed expression; `Nothing` for none."""
        if node is None:
            return boxed.Nothing()
        read: Callable[[xml.Node], boxed.Logic] = getattr(self, "_" + xml.local(node).lower())
        return read(node)

    def inside(self, node: xml.Node | None, tag: str) -> boxed.Logic:
        """Read the boxed expression in a part of an element (`if`, `in`, `return`, …)."""
        return self.logic(xml.expression_in(xml.child(node, tag)))

    def type(self, node: xml.Node | None) -> feel.Type | None:
        """Find the type an element names; one that nobody knows is a problem, and no type."""
        name = xml.type_reference(node)
        found = self.types.find(name) if name else None
        if name and found is None:
            self.problem(node, "dmn.type_unknown", Text(f"Le type « {name} » n’existe pas.", f"There is no type {name!r}."),
                         Text("Définissez-le, ou choisissez un type existant.", "Define it, or choose a type that exists."))
        return None if found is None or found.kind == "Any" else found

    def _literalexpression(self, node: xml.Node) -> boxed.Logic:
        fits = self.type(node)
        return self.expression(node, xml.text(node), fits)

    def expression(self, node: xml.Node, text: str, fits: feel.Type | None = None) -> boxed.Logic:
        """Compile FEEL; nothing at all is null."""
        if not text:
            return boxed.Nothing()
        found = self._compiled(node, text, feel.compile)
        return boxed.Literal(found, fits) if isinstance(found, feel.Expression) else boxed.Broken(found)

    def _compiled(self, node: xml.Node, text: str, compile: Callable[[str, tuple[str, ...]], Any]) -> Any:
        language = str(node.get("expressionLanguage") or "")
        if language and not _FEEL.fullmatch(language):
            message = Text(f"Le langage « {language} » n’est pas FEEL.", f"The language {language!r} is not FEEL.")
            self.problem(node, "dmn.not_feel", message, Text("Écrivez l’expression en FEEL.", "Write the expression in FEEL."))
            return message
        try:
            found = compile(text, self.known)
        except feel.SyntaxError as error:
            return self.unreadable(node, text, error)
        if _is_foreign(found.tree):
            self._foreign(node)
        self.readings.append(Reading(self.owner, xml.identity(node), found.names - set(self._local), found.calls - set(self._local)))
        return found

    def unreadable(self, node: xml.Node, text: str, error: feel.SyntaxError) -> Text:
        """Name what is no FEEL, with line and column. Returns: the message."""
        message = Text(f"« {text} » ne se lit pas. {error.fr}.", f"{text!r} cannot be read. {error.en}.")
        self.problem(node, "dmn.unreadable", message, _REMEDY)
        return message

    def _context(self, node: xml.Node) -> boxed.Logic:
        entries: list[tuple[str, boxed.Logic, feel.Type | None]] = []
        for entry in xml.children(node, "contextEntry"):
            variable = xml.child(entry, "variable")
            name = str(variable.get("name") or "") if variable is not None else ""
            with self.giving(*(known for known, _, _ in entries)):
                entries.append((name, self.logic(xml.expression_in(entry)), self.type(variable)))
        return boxed.Context(tuple(entries))

    def _invocation(self, node: xml.Node) -> boxed.Logic:
        bindings = []
        for binding in xml.children(node, "binding"):
            parameter = xml.child(binding, "parameter")
            name = str(parameter.get("name") or "") if parameter is not None else ""
            bindings.append((name, self.logic(xml.expression_in(binding))))
        return boxed.Invocation(self.logic(xml.expression_in(node)), tuple(bindings))

    def _list(self, node: xml.Node) -> boxed.Logic:
        return boxed.Items(tuple(self.logic(item) for item in xml.children(node, *xml.EXPRESSIONS)))

    def _relation(self, node: xml.Node) -> boxed.Logic:
        columns = tuple(str(column.get("name") or "") for column in xml.children(node, "column"))
        rows = tuple(tuple(self.logic(cell) for cell in xml.children(row, *xml.EXPRESSIONS)) for row in xml.children(node, "row"))
        return boxed.Relation(columns, rows)

    def _functiondefinition(self, node: xml.Node) -> boxed.Logic:
        return self.logic_of_function(node)

    def logic_of_function(self, node: xml.Node) -> boxed.Logic:
        """Read a function definition or the logic of a business knowledge model."""
        if (node.get("kind") or "FEEL") != "FEEL":
            return boxed.Broken(self._foreign(node))
        parameters = tuple((str(one.get("name")), self.type(one)) for one in xml.children(node, "formalParameter"))
        with self.giving(*(name for name, _ in parameters)):
            return boxed.FunctionDefinition(parameters, self.logic(xml.expression_in(node)))

    def _foreign(self, node: xml.Node) -> Text:
        """Name a function in another language than FEEL, which is never run. Returns: the message."""
        message = Text("Les fonctions Java ou PMML ne sont pas exécutées.", "Functions of Java or PMML are not run.")
        self.problem(node, "dmn.foreign_function", message, Text("Écrivez la fonction en FEEL.", "Write the function in FEEL."))
        return message

    def _conditional(self, node: xml.Node) -> boxed.Logic:
        return boxed.Conditional(self.inside(node, "if"), self.inside(node, "then"), self.inside(node, "else"))

    def _filter(self, node: xml.Node) -> boxed.Logic:
        source, before = self.inside(node, "in"), len(self.readings)
        match = self.inside(node, "match")
        # inside a filter every name may be an entry of the item
        self.readings[before:] = [replace(one, names=frozenset()) for one in self.readings[before:]]
        return boxed.Filter(source, match)

    def _for(self, node: xml.Node) -> boxed.Logic:
        return self._loop(node, "return")

    def _some(self, node: xml.Node) -> boxed.Logic:
        return self._loop(node, "satisfies")

    def _every(self, node: xml.Node) -> boxed.Logic:
        return self._loop(node, "satisfies")

    def _loop(self, node: xml.Node, part: str) -> boxed.Logic:
        variable, source = str(node.get("iteratorVariable") or ""), self.inside(node, "in")
        with self.giving(variable, "partial"):
            return boxed.Loop(xml.local(node), variable, source, self.inside(node, part))

    # --- tables ---------------------------------------------------------------------------------------------------------------------

    def _decisiontable(self, node: xml.Node) -> boxed.Logic:
        written = str(node.get("hitPolicy") or "UNIQUE").upper()
        policy = POLICIES.get(written, written)
        if policy not in POLICIES.values():
            return self._refused(node, "dmn.hit_policy", Text(f"La règle de choix « {written} » n’existe pas.",
                                                              f"There is no hit policy {written!r}."))
        aggregation = str(node.get("aggregation") or "").upper()
        if aggregation not in ("", "SUM", "MIN", "MAX", "COUNT"):
            return self._refused(node, "dmn.aggregation", Text(f"L’agrégation « {aggregation} » n’existe pas.",
                                                               f"There is no aggregation {aggregation!r}."))
        inputs = tuple(self._input(one) for one in xml.children(node, "input"))
        outputs = tuple(self._output(one) for one in xml.children(node, "output"))
        rules = tuple(self._rule(one, number, len(inputs), len(outputs)) for number, one in enumerate(xml.children(node, "rule"), 1))
        if not outputs:
            return self._refused(node, "dmn.no_output", Text("La table n’a pas de colonne de résultat.", "The table has no output column."))
        table = Table(self.owner, xml.identity(node), policy, aggregation, inputs, outputs, rules, self.owner_name)
        self.tables.append(table)
        return table

    def _refused(self, node: xml.Node, code: str, message: Text) -> boxed.Logic:
        self.problem(node, code, message, Text("Corrigez la table.", "Mend the table."))
        return boxed.Broken(message)

    def _input(self, node: xml.Node) -> Input:
        expression = xml.child(node, "inputExpression")
        text = xml.text(expression)
        if not text:
            self.problem(node, "dmn.no_input_expression", Text("Cette colonne ne dit pas ce qu’elle regarde.",
                                                               "This column does not say what it looks at."),
                         Text("Donnez-lui une expression.", "Give it an expression."))
        read = self.expression(expression, text) if expression is not None else boxed.Nothing()
        return Input(text, str(node.get("label") or text), read, self.type(expression), self._tests_in(xml.child(node, "inputValues")))

    def _output(self, node: xml.Node) -> Output:
        values = xml.child(node, "outputValues")
        default = xml.child(node, "defaultOutputEntry")
        return Output(str(node.get("name") or node.get("label") or ""), self.type(node), self._order(values), self._tests_in(values),
                      self.expression(default, xml.text(default)) if default is not None and xml.text(default) else None)

    def _order(self, node: xml.Node | None) -> boxed.Logic | None:
        """The allowed values of an output as a list, which is its order of priority."""
        if not xml.text(node):
            return None
        try:
            return boxed.Literal(feel.compile(f"[{xml.text(node)}]", self.known))
        except feel.SyntaxError:
            return None

    def _tests_in(self, node: xml.Node | None) -> feel.UnaryTests | None:
        if not xml.text(node):
            return None
        found = self._compiled(node, xml.text(node), feel.compile_unary)
        return found if isinstance(found, feel.UnaryTests) else None

    def _rule(self, node: xml.Node, number: int, inputs: int, outputs: int) -> Rule:
        cells, results = list(xml.children(node, "inputEntry")), list(xml.children(node, "outputEntry"))
        if len(cells) != inputs or len(results) != outputs:
            self.problem(node, "dmn.cell_count", Text(f"La règle {number} n’a pas une cellule par colonne.",
                                                      f"Rule {number} has not one cell a column."),
                         Text("Complétez la règle.", "Complete the rule."))
        notes = [xml.text(one) for one in xml.children(node, "annotationEntry")] or [xml.content(xml.child(node, "description"))]
        return Rule(str(node.get("id") or ""), number, tuple(self._cell(cell) for cell in cells),
                    tuple(self.expression(one, xml.text(one)) for one in results), " ; ".join(note for note in notes if note),
                    tuple(str(one.get("id") or "") for one in (*cells, *results)))

    def _cell(self, node: xml.Node) -> feel.UnaryTests | None:
        found = self._compiled(node, xml.text(node) or "-", feel.compile_unary)
        return found if isinstance(found, feel.UnaryTests) else None
