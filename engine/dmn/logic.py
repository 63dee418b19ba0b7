"""Boxed expressions, ready to run.

Owns: what each kind of boxed expression gives, decision tables aside.
Leaves: tables to `tables`; how they are drawn in a file to `reader`; FEEL to `engine.feel`.
Promises: everything runs on the one budget of the evaluation.
Rule: DMN 1.5, 10.2 (boxed expressions) and 10.4 (execution semantics).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from engine import feel
from engine.texts import Text


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matched, kept for the explanation.

    Attributes:
        decision: id of the decision (or business knowledge model) whose table it is.
        rule: its number, from 1. rule_id, annotation: as written in the file.
        inputs: what was looked at, by the text of the input expression. outputs: what the rule gives, by the name of the output.
        name: of the decision, as it is drawn.
    """

    decision: str
    rule: int
    rule_id: str
    annotation: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    name: str = field(default="", compare=False)


class Evaluation(feel.Run):
    """One evaluation of a decision: the budget, the rules that matched, what was not right, and the values already decided.

    Attributes:
        looked_at: by the id of a table, the values of its input columns. told: by place, how a value came about (`explanation`).
    """

    __slots__ = ("decided", "faults", "inputs", "looked_at", "matched", "told")

    def __init__(self, functions: Any, types: Any, inputs: Any) -> None:
        super().__init__(functions, types)
        self.matched: list[Match] = []
        self.faults: list[Text] = []
        self.inputs = inputs
        self.decided: dict[str, Any] = {}
        self.looked_at: dict[str, dict[str, Any]] = {}
        self.told: dict[str, Any] = {}


class Logic(Protocol):
    """Anything that gives a value in a scope."""

    def evaluate(self, scope: feel.Scope) -> Any: ...


@dataclass(frozen=True, slots=True)
class Literal:
    """A FEEL expression. `fits` is the type its value is fitted to, if it names one."""

    expression: feel.Expression
    fits: feel.Type | None = None

    def evaluate(self, scope: feel.Scope) -> Any:
        value = self.expression.evaluate_in(scope)
        return value if self.fits is None else feel.fitted(value, self.fits)


@dataclass(frozen=True, slots=True)
class Broken:
    """What cannot be read: null, and the fault is told."""

    reason: Text

    def evaluate(self, scope: feel.Scope) -> Any:
        fault(scope, self.reason)
        return None


@dataclass(frozen=True, slots=True)
class Nothing:
    """No logic at all: null."""

    def evaluate(self, scope: feel.Scope) -> Any:
        return None


@dataclass(frozen=True, slots=True)
class Context:
    """Named entries, each seeing those before; an entry without name, last, is the value of the whole."""

    entries: tuple[tuple[str, Logic, feel.Type | None], ...]

    def evaluate(self, scope: feel.Scope) -> Any:
        made: dict[str, Any] = {}
        inner = feel.Scope(made, scope, scope.run)
        for name, logic, fits in self.entries:
            value = logic.evaluate(inner)
            if fits is not None:
                value = feel.fitted(value, fits)
            if not name:
                return value
            made[name] = value
        return made


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call of a function with arguments by name."""

    function: Logic
    bindings: tuple[tuple[str, Logic], ...]

    def evaluate(self, scope: feel.Scope) -> Any:
        function = self.function.evaluate(scope)
        arguments = [logic.evaluate(scope) for _, logic in self.bindings]
        return feel.invoke(function, arguments, [name for name, _ in self.bindings], scope.run)


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Logic, ...]

    def evaluate(self, scope: feel.Scope) -> Any:
        return [item.evaluate(scope) for item in self.items]


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts with the same entries."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Logic, ...], ...]

    def evaluate(self, scope: feel.Scope) -> Any:
        return [{name: cell.evaluate(scope) for name, cell in zip(self.columns, row, strict=False)} for row in self.rows]


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A function of FEEL."""

    parameters: tuple[tuple[str, feel.Type | None], ...]
    body: Logic

    def evaluate(self, scope: feel.Scope) -> Any:
        names = tuple(name for name, _ in self.parameters)
        return feel.make_function("", names, tuple(fits for _, fits in self.parameters), self.body.evaluate, scope)


@dataclass(frozen=True, slots=True)
class Conditional:
    """If, then, else. A condition that is neither true nor false is null altogether."""

    condition: Logic
    then: Logic
    otherwise: Logic

    def evaluate(self, scope: feel.Scope) -> Any:
        condition = self.condition.evaluate(scope)
        if condition is not None and not isinstance(condition, bool):
            return None
        return (self.then if condition else self.otherwise).evaluate(scope)


@dataclass(frozen=True, slots=True)
class Filter:
    """The items of a list for which a condition is true; null when it is no condition."""

    source: Logic
    match: Logic

    def evaluate(self, scope: feel.Scope) -> Any:
        source = self.source.evaluate(scope)
        if source is None:
            return None
        found: list[Any] = []
        for item in source if isinstance(source, list) else [source]:
            scope.run.charge(5)
            names = {"item": item, **item} if isinstance(item, dict) else {"item": item}
            kept = self.match.evaluate(feel.Scope(names, scope, scope.run))
            if kept is not None and not isinstance(kept, bool):
                return None
            if kept:
                found.append(item)
        return found


@dataclass(frozen=True, slots=True)
class Loop:
    """`for`, `some` or `every` over one iterator."""

    word: str
    variable: str
    source: Logic
    body: Logic

    def evaluate(self, scope: feel.Scope) -> Any:
        source = self.source.evaluate(scope)
        if source is None:
            return None
        results: list[Any] = []
        for item in source if isinstance(source, list) else [source]:
            scope.run.charge(5)
            names = {self.variable: item, "partial": list(results)} if self.word == "for" else {self.variable: item}
            results.append(self.body.evaluate(feel.Scope(names, scope, scope.run)))
        return results if self.word == "for" else self._settled(results)

    def _settled(self, results: list[Any]) -> bool | None:
        if any(not isinstance(one, bool) for one in results):
            return None
        return any(results) if self.word == "some" else all(results)


def fault(scope: feel.Scope, reason: Text) -> None:
    if isinstance(scope.run, Evaluation):
        scope.run.faults.append(reason)


