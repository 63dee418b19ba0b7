"""The decisions of a file, and how one needs another.

Owns: decisions, input data, business knowledge models and decision services of a file; evaluating one with what it requires.
Leaves: boxed expressions and tables to `reader`, `logic`, `tables`; gaps and overlaps to `coverage`.
Promises: each decision is evaluated once in an evaluation, on one budget; immutable after reading, so shared by threads.
Rule: DMN 1.5, chapter 6 and 10.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import feel
from engine.dmn import cells, coverage, explanation, xml
from engine.dmn.errors import NoSuchDecision, NotReadable
from engine.dmn.explanation import Kind, Step
from engine.dmn.logic import Evaluation, FunctionDefinition, Literal, Logic, Match, Nothing
from engine.dmn.reader import Reader, Reading
from engine.dmn.tables import Table
from engine.dmn.types import Types
from engine.problems import Problem
from engine.texts import LOCALES, Text


@dataclass(frozen=True, slots=True)
class Result:
    """What a decision gives.

    Attributes:
        value: the value, null for none.
        matched: every rule that matched on the way, in the order of evaluation.
        faults: what was not right: two rules of a unique table, a value a column does not allow, an expression that cannot be read.
        explanation: how the value came about, with every decision and input on the way.
    """

    value: Any
    matched: tuple[Match, ...]
    faults: tuple[Text, ...] = ()
    explanation: Step | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Element:
    """A decision, input, business knowledge model or decision service.

    Attributes:
        key: its id in the file. name: of its variable, by which expressions speak of it; label: the name that is drawn.
        kind: `decision`, `inputData`, `businessKnowledgeModel`, `decisionService`.
        needs: keys of what it requires. parameters: of a service, keys of its inputs in order. outputs: of a service.
        fits: the type of its variable. spoken: all names expressions may use: without a variable, the drawn name and the id.
    """

    key: str
    name: str
    label: str
    kind: str
    logic: Logic
    fits: feel.Type | None
    needs: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()


class Decisions:
    """A decision file, read."""

    def __init__(self, content: bytes, file: str, imports: Iterable[Decisions]) -> None:
        root = xml.parse(content, file)
        self.file = file
        self.namespace = str(root.get("namespace") or "")
        self.name = str(root.get("name") or "")
        by_namespace = {one.namespace: one for one in imports}
        self._imported = {str(node.get("name") or ""): by_namespace[str(node.get("namespace"))]
                          for node in xml.children(root, "import") if str(node.get("namespace")) in by_namespace}
        missing = [one for one in xml.children(root, "import") if str(one.get("namespace")) not in by_namespace and _is_dmn(one)]
        self.known = _known_names(root, self._imported)
        types = Types(root, _imported_types(self._imported), self.known)
        self.types = types.by_name
        self._reader = Reader(file, types, self.known)
        for node in missing:
            self._reader.problem(node, "dmn.import_unknown",
                                 Text(f"Le fichier importé « {node.get('name')} » ({node.get('namespace')}) n’est pas là.",
                                      f"The imported file {str(node.get('name'))!r} ({node.get('namespace')}) is not there."),
                                 Text("Ajoutez-le au dossier, ou retirez l’importation.", "Add it to the folder, or remove the import."))
        for constraint, text, error in types.unreadable:
            self._reader.unreadable(constraint, text, error)
        self.elements: dict[str, Element] = {}
        for node in xml.children(root, "inputData", "decision", "businessKnowledgeModel", "decisionService"):
            element = self._element(node)
            self.elements[element.key] = element
        self._check_references(root)
        self._check_circles()

    # --- reading --------------------------------------------------------------------------------------------------------------------

    def _element(self, node: xml.Node) -> Element:
        kind, name = xml.local(node), str(node.get("name") or "")
        key = self._reader.owner = str(node.get("id") or name)
        self._reader.owner_name = name
        variable = xml.child(node, "variable")
        named = str(variable.get("name") or "") if variable is not None else ""
        spoken = (named,) if named else (name, key)
        needs = tuple(xml.reference(one) for group in xml.children(node, "informationRequirement", "knowledgeRequirement")
                      for one in xml.children(group, "requiredInput", "requiredDecision", "requiredKnowledge"))
        parameters = tuple(xml.reference(one) for tag in ("inputData", "inputDecision") for one in xml.children(node, tag))
        outputs = tuple(xml.reference(one) for one in xml.children(node, "outputDecision"))
        return Element(key, spoken[0], name, kind, self._logic(node, kind), self._reader.type(variable), needs, parameters, outputs, spoken)

    def _logic(self, node: xml.Node, kind: str) -> Logic:
        if kind == "decision":
            return self._reader.logic(xml.expression_in(node))
        encapsulated = xml.child(node, "encapsulatedLogic") if kind == "businessKnowledgeModel" else None
        return self._reader.logic_of_function(encapsulated) if encapsulated is not None else Nothing()

    def _check_references(self, root: xml.Node) -> None:
        for node in root.iter("{*}requiredInput", "{*}requiredDecision", "{*}requiredKnowledge", "{*}outputDecision"):
            if self._find(xml.reference(node)) is None:
                self._reader.problem(node, "dmn.reference_unknown",
                                     Text(f"« {xml.reference(node)} » n’existe pas.", f"There is no {xml.reference(node)!r}."),
                                     Text("Reliez la décision à un élément qui existe.", "Link the decision to an element that exists."))

    def _check_circles(self) -> None:
        """Refuse decisions that require themselves by way of others. Raises: NotReadable."""
        done: set[str] = set()
        for start in self.elements:
            trail: list[tuple[str, int]] = [(start, 0)]
            while trail:
                key, at = trail.pop()
                if key in done:
                    continue
                needs = self.elements[key].needs if key in self.elements else ()
                if at == len(needs):
                    done.add(key)
                    continue
                trail.append((key, at + 1))
                if needs[at] in {one for one, _ in trail}:
                    name = self.elements[key].label
                    raise NotReadable(Text(f"« {name} » dépend d’elle-même.", f"{name!r} requires itself."), key, self.file)
                trail.append((needs[at], 0))

    # --- asking ---------------------------------------------------------------------------------------------------------------------

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the decisions, in the order of the file."""
        return tuple(element.key for element in self.elements.values() if element.kind == "decision")

    def type_of(self, decision_id: str) -> feel.Type | None:
        """Tell the type that a decision names for its result, None when it names none. Raises: NoSuchDecision."""
        return self._required(decision_id).fits

    @property
    def tables(self) -> tuple[Table, ...]:
        """The decision tables, in the order of the file."""
        return tuple(self._reader.tables)

    def inputs(self, decision_id: str) -> tuple[str, ...]:
        """Tell the names of the input data a decision needs, directly or by way of others, sorted. Raises: NoSuchDecision."""
        found: set[str] = set()
        waiting, seen = [self._required(decision_id).key], set[str]()
        while waiting:
            key = waiting.pop()
            if key in seen or key not in self.elements:
                continue
            seen.add(key)
            element = self.elements[key]
            found |= {element.name} if element.kind == "inputData" else set()
            waiting.extend(element.needs)
        return tuple(sorted(found))

    def check(self, functions: Iterable[str] = ("now", "today")) -> list[Problem]:
        """Tell what cannot be read or is not supported, what nobody gives, and where tables have gaps or overlaps.

        Args:
            functions: names of the functions the host will give.
        """
        given = {*functions, *feel.BUILTINS}
        unknown = [problem for reading in self._reader.readings for problem in self._unknown(reading, given)]
        tables = [one for table in self._reader.tables
                  for one in (*cells.check(table, self.file, self._column_types(table)), *coverage.check(table, self.file))]
        return [*self._reader.problems, *unknown, *tables]

    def _column_types(self, table: Table) -> dict[int, feel.Type]:
        """The types of a table's columns, of those that tell none that of the variable they look at."""
        element = self.elements[table.owner]
        needed = [(one, name) for _, one, name in filter(None, map(self._find, element.needs)) if not name]
        names = {name: one.fits for one, _ in needed for name in one.spoken if one.fits is not None}
        if isinstance(element.logic, FunctionDefinition):
            names |= {name: fits for name, fits in element.logic.parameters if fits is not None}
        found = {number: column.fits or (cells.type_of(column.logic.expression.tree, names) if isinstance(column.logic, Literal) else None)
                 for number, column in enumerate(table.inputs)}
        return {number: one for number, one in found.items() if one is not None}

    def _unknown(self, reading: Reading, functions: set[str]) -> Iterator[Problem]:
        """Names nobody gives. A decision that requires nothing at all takes its variables straight from the host, so they are not asked."""
        element = self.elements[reading.owner]
        found = [one for one in map(self._find, element.needs) if one is not None]
        names = {name for _, needed, import_name in found for name in (import_name, *needed.spoken)}
        if element.needs and element.kind == "decision":
            for name in sorted(reading.names - names - {"?"}):
                yield Problem(self.file, reading.element, "dmn.variable_unknown", "warning",
                              Text(f"« {name} » n’est relié à rien.", f"{name!r} is not linked to anything."),
                              Text("Reliez la décision à cette donnée, ou corrigez le nom.", "Link the decision to it, or mend the name."))
        for name in sorted(reading.calls - names - functions):
            yield Problem(self.file, reading.element, "dmn.function_unknown", "error",
                          Text(f"La fonction « {name} » n’existe pas.", f"There is no function {name!r}."),
                          Text("Corrigez son nom.", "Mend its name."))

    def evaluate(self, decision_id: str, inputs: Mapping[str, Any], functions: Mapping[str, Any] | None = None) -> Result:
        """Evaluate a decision, or a decision service.

        Args:
            decision_id: its id; its name does too.
            inputs: values by the name of the input data; expressions also see the others by name.
            functions: the host's, `now` and `today` among them.
        Raises: NoSuchDecision; feel.EvaluationError when the budget is used up or a host's function fails.
        """
        element = self._required(decision_id)
        run = Evaluation(functions or {}, self.types, inputs)
        scope = feel.Scope(inputs, None, run)
        if element.kind == "decisionService":
            value = feel.run_code(lambda scope: self._served(element, dict(scope.names), run), scope)
        else:
            value = feel.run_code(lambda scope: self._decided(element.key, run, {}), scope)
        return Result(value, tuple(run.matched), tuple(run.faults), run.told.get(self._place(element)))

    def _required(self, decision_id: str) -> Element:
        element = self.elements.get(decision_id)
        if element is None:
            element = next((one for one in self.elements.values() if decision_id in (one.name, one.label) and _decides(one)), None)
        if element is None or not _decides(element):
            raise NoSuchDecision(decision=decision_id, file=self.file)
        return element

    # --- evaluating -----------------------------------------------------------------------------------------------------------------

    def _find(self, reference: str) -> tuple[Decisions, Element, str] | None:
        """Find what a reference names, with the file it is in and the name of the import ("" for this file)."""
        key = reference.rpartition("#")[2]
        namespace = reference.rpartition("#")[0]
        if namespace and namespace != self.namespace:
            for name, other in self._imported.items():
                if other.namespace == namespace and key in other.elements:
                    return other, other.elements[key], name
            return None
        return (self, self.elements[key], "") if key in self.elements else None

    def _place(self, element: Element) -> str:
        return f"{self.namespace}#{element.key}"

    def _decided(self, key: str, run: Evaluation, given: dict[str, Any]) -> Any:
        """The value of a decision or input: given to a service, already decided, or evaluated now.

        What a service decides depends on what it was given, so it is remembered there.
        """
        element = self.elements[key]
        place, known = self._place(element), given or run.decided
        if place in known:
            return known[place]
        before = len(run.matched)
        if element.kind == "inputData":
            value = run.inputs.get(element.name)
            _check_fits(element, value, run)
        else:
            run.charge(5)
            scope = self._scope(element, run, given)
            before = len(run.matched)
            value = element.logic.evaluate(scope)
        value = feel.fitted(value, element.fits, run.charge) if element.fits is not None else feel.adopt(value)
        known[place] = value
        run.told[place] = self._step(element, value, run, tuple(run.matched[before:]))
        return value

    def _step(self, element: Element, value: Any, run: Evaluation, matched: tuple[Match, ...]) -> Step:
        """How a value came about."""
        logic = element.logic
        needs = [run.told.get(home._place(needed)) for home, needed, _ in filter(None, map(self._find, element.needs))]
        kind: Kind = "input" if element.kind == "inputData" else "decision"
        text = logic.expression.text.strip() if isinstance(logic, Literal) else ""
        looked_at = run.looked_at.get(logic.id) if isinstance(logic, Table) else None
        return Step(element.key, element.label or element.name, kind, value, text, isinstance(logic, Table), looked_at, matched,
                    tuple(one for one in needs if one is not None))

    def _scope(self, element: Element, run: Evaluation, given: dict[str, Any]) -> feel.Scope:
        """The names an element sees: what it requires, and around that the inputs as they came."""
        names: dict[str, Any] = {}
        for reference in element.needs:
            found = self._find(reference)
            if found is None:
                continue
            home, needed, import_name = found
            value = home._value(needed, run, given)
            level = names.setdefault(import_name, {}) if import_name else names
            level.update(dict.fromkeys(needed.spoken, value))
        return feel.Scope(names, feel.Scope(run.inputs, None, run), run)

    def _value(self, element: Element, run: Evaluation, given: dict[str, Any]) -> Any:
        if element.kind == "businessKnowledgeModel":
            return self._function(element, run, given)
        if element.kind == "decisionService":
            return self._service(element, run)
        return self._decided(element.key, run, given)

    def _function(self, element: Element, run: Evaluation, given: dict[str, Any]) -> Any:
        """A business knowledge model as a function."""
        if not isinstance(element.logic, FunctionDefinition):
            return element.logic.evaluate(self._scope(element, run, given))
        parameters, body = element.logic.parameters, element.logic.body
        result = _result_type(element)

        def evaluate(scope: feel.Scope) -> Any:
            # what it requires is found when it is called, so that models may call each other and themselves
            around = self._scope(element, scope.run, given) if isinstance(scope.run, Evaluation) else None
            value = body.evaluate(feel.Scope(scope.names, around, scope.run))
            return value if result is None else feel.fitted(value, result)

        names, types = tuple(name for name, _ in parameters), tuple(fits for _, fits in parameters)
        return feel.make_function(element.name, names, types, evaluate, None)

    def _service(self, element: Element, run: Evaluation) -> Any:
        """A decision service as a function of its inputs."""
        found = [one for one in map(self._find, element.parameters) if one is not None]
        names = tuple(needed.name for _, needed, _ in found)
        return feel.make_function(element.name, names, tuple(needed.fits for _, needed, _ in found),
                                  lambda scope: self._served(element, dict(scope.names), run), None)

    def _served(self, element: Element, inputs: Mapping[str, Any], run: Evaluation) -> Any:
        """Evaluate the output decisions of a service: one gives its value, several a context by name."""
        given: dict[str, Any] = {}
        for home, needed, _ in filter(None, map(self._find, element.parameters)):
            value = inputs.get(needed.name)
            value = given[home._place(needed)] = feel.fitted(value, needed.fits, run.charge) if needed.fits is not None else value
            run.told[home._place(needed)] = Step(needed.key, needed.label or needed.name, "input", value)
        given[""] = True
        before, found = len(run.matched), list(filter(None, map(self._find, element.outputs)))
        outputs = {needed.name: home._decided(needed.key, run, given) for home, needed, _ in found}
        value = next(iter(outputs.values()), None) if len(outputs) == 1 else outputs
        fits = _result_type(element)
        value = value if fits is None else feel.fitted(value, fits, run.charge)
        needs = tuple(run.told[home._place(needed)] for home, needed, _ in found)
        run.told[self._place(element)] = Step(element.key, element.label, "service", value, needs=needs,
                                               matched=() if needs else tuple(run.matched[before:]))
        return value


def read(content: bytes, name: str = "", imports: Iterable[Decisions] = ()) -> Decisions:
    """Read a decision file.

    Args:
        content: the file as it is. name: its path, for messages. imports: files read before, for its `import` elements.
    Raises: NotReadable, naming element and reason.
    """
    return Decisions(content, name, imports)


def _check_fits(element: Element, value: Any, run: Evaluation) -> None:
    """Tell an input that is not of its type, or none of the values its type allows; it is null then."""
    if value is None or element.fits is None or feel.fitted(value, element.fits, run.charge) is not None:
        return
    fr, en = (explanation.say(feel.adopt(value), locale) for locale in LOCALES)
    run.faults.append(Text(f"« {element.label or element.name} » ne convient pas à son type : {fr}.",
                           f"{element.label or element.name!r} does not suit its type: {en}."))


def _decides(element: Element) -> bool:
    return element.kind in ("decision", "decisionService")


def _result_type(element: Element) -> feel.Type | None:
    """The type of what a function gives: its variable names it, or names the type of the function."""
    return element.fits.result if element.fits is not None and element.fits.kind == "function" else element.fits


def _is_dmn(node: xml.Node) -> bool:
    """Tell whether an import is of decisions, not of data types in XML or of models in PMML."""
    kind = str(node.get("importType") or "").lower()
    return not any(foreign in kind for foreign in ("xmlschema", "pmml"))


def _known_names(root: xml.Node, imported: Mapping[str, Decisions]) -> tuple[str, ...]:
    """Every name of the file that can only be read when it is known."""
    found = {str(value) for node in root.iter() for value in (node.get("name"), node.get("iteratorVariable")) if value}
    for name, other in imported.items():
        found |= {name, *other.known, *(element.name for element in other.elements.values())}
    return tuple(sorted(name for name in found if not feel.is_plain_name(name)))


def _imported_types(imported: Mapping[str, Decisions]) -> dict[str, feel.Type]:
    return {f"{name}.{one}": found for name, other in imported.items() for one, found in other.types.items()}
