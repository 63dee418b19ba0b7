"""Decision tables.

Owns: which rules match, and what the hit policy makes of them.
Leaves: reading to `reader`; gaps and overlaps to `coverage`; boxed expressions to `logic`.
Promises: what a hit policy forbids (two rules of a unique table, unequal outputs of an any table) gives null and a fault that names
the rules; every rule that matched is kept for the explanation.
Rule: DMN 1.5, chapter 8 and 10.3.4.11 (collect, sum, min, max, count).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine import feel
from engine.dmn.logic import Evaluation, Logic, Match, fault
from engine.texts import Text

#: short and long names of the hit policies
POLICIES = {
    "U": "UNIQUE", "A": "ANY", "P": "PRIORITY", "F": "FIRST", "R": "RULE ORDER", "O": "OUTPUT ORDER", "C": "COLLECT",
}
SINGLE = frozenset({"UNIQUE", "ANY", "PRIORITY", "FIRST"})


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions: what is looked at, the type it is fitted to, the values it may have."""

    text: str
    label: str
    logic: Logic
    fits: feel.Type | None
    allowed: feel.UnaryTests | None


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results: its name, type, allowed values (which also give the order of priority) and default."""

    name: str
    fits: feel.Type | None
    order: Logic | None
    allowed: feel.UnaryTests | None
    default: Logic | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row. A cell that cannot be read is None: the rule never matches. `places` are the ids of its cells and then of its results."""

    id: str
    number: int
    cells: tuple[feel.UnaryTests | None, ...]
    results: tuple[Logic, ...]
    annotation: str
    places: tuple[str, ...] = ()

    def place(self, number: int) -> str:
        """Tell the id of a cell or result, of the rule when it has none."""
        return (self.places[number] if number < len(self.places) else "") or self.id


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, with its outputs in the order of the columns."""

    rule: Rule
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table. `owner` is the id of the decision (or business knowledge model) it belongs to, `owner_name` its drawn name."""

    owner: str
    id: str
    policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    owner_name: str = ""

    def evaluate(self, scope: feel.Scope) -> Any:
        looked_at = self._looked_at(scope)
        if looked_at is None:
            return None
        hits = self._hits(looked_at, scope)
        if isinstance(scope.run, Evaluation):
            scope.run.looked_at[self.id] = {column.text: value for column, value in zip(self.inputs, looked_at, strict=True)}
            scope.run.matched.extend(self._match(hit, looked_at) for hit in hits)
        if not hits:
            return self._default(scope)
        return _POLICIES[self.policy](self, hits, scope)

    def _looked_at(self, scope: feel.Scope) -> list[Any] | None:
        """The values of the input columns; None (and a fault) when one is not among those its column allows."""
        found: list[Any] = []
        for column in self.inputs:
            value = column.logic.evaluate(scope)
            if column.fits is not None:
                value = feel.fitted(value, column.fits)
            if value is not None and column.allowed is not None and not column.allowed.test_in(value, scope):
                fault(scope, Text(f"La valeur de « {column.label} » n’est pas une de celles que la table permet : {value}",
                                  f"The value of {column.label!r} is none of those the table allows: {value}"))
                return None
            found.append(value)
        return found

    def _hits(self, looked_at: list[Any], scope: feel.Scope) -> list[Hit]:
        hits: list[Hit] = []
        for rule in self.rules:
            scope.run.charge(2 + 3 * len(rule.cells))
            if all(cell is not None and cell.test_in(value, scope) for cell, value in zip(rule.cells, looked_at, strict=False)):
                hits.append(Hit(rule, tuple(self._result(logic, column, scope) for logic, column in
                                            zip(rule.results, self.outputs, strict=False))))
                if self.policy == "FIRST":
                    break
        return hits

    def _result(self, logic: Logic, column: Output, scope: feel.Scope) -> Any:
        value = logic.evaluate(scope)
        return value if column.fits is None else feel.fitted(value, column.fits)

    def _match(self, hit: Hit, looked_at: list[Any]) -> Match:
        inputs = {column.text: value for column, value in zip(self.inputs, looked_at, strict=True)}
        outputs = {column.name: value for column, value in zip(self.outputs, hit.values, strict=False)}
        return Match(self.owner, hit.rule.number, hit.rule.id, hit.rule.annotation, inputs, outputs, self.owner_name)

    def _default(self, scope: feel.Scope) -> Any:
        if all(column.default is None for column in self.outputs):
            return 0 if self.aggregation == "COUNT" else None
        return self.value(tuple(column.default.evaluate(scope) if column.default is not None else None for column in self.outputs))

    def value(self, values: tuple[Any, ...]) -> Any:
        """Make the value of one rule: the output itself, or a context of several outputs."""
        if len(self.outputs) == 1:
            return values[0] if values else None
        return {column.name: value for column, value in zip(self.outputs, values, strict=False)}

    def priority(self, hit: Hit, scope: feel.Scope) -> tuple[int, ...]:
        """Tell how early the outputs of a rule stand in the order of allowed output values, column by column."""
        places: list[int] = []
        for column, value in zip(self.outputs, hit.values, strict=False):
            ordered = column.order.evaluate(scope) if column.order is not None else []
            place = next((n for n, one in enumerate(ordered) if feel.equal(one, value, scope.run.charge)), len(ordered))
            places.append(place)
        return tuple(places)


# --- hit policies ---------------------------------------------------------------------------------------------------------------------


def _unique(table: Table, hits: list[Hit], scope: feel.Scope) -> Any:
    if len(hits) > 1:
        return _forbidden(hits, scope, Text("plusieurs règles s’appliquent alors que la table n’en permet qu’une",
                                            "several rules match where the table allows one"))
    return table.value(hits[0].values)


def _any(table: Table, hits: list[Hit], scope: feel.Scope) -> Any:
    value = table.value(hits[0].values)
    if any(not feel.equal(table.value(hit.values), value, scope.run.charge) for hit in hits[1:]):
        return _forbidden(hits, scope, Text("plusieurs règles s’appliquent avec des résultats différents",
                                            "several rules match with different results"))
    return value


def _forbidden(hits: list[Hit], scope: feel.Scope, what: Text) -> None:
    numbers = ", ".join(str(hit.rule.number) for hit in hits)
    fault(scope, Text(f"Règles {numbers} : {what.fr}.", f"Rules {numbers}: {what.en}."))


def _first(table: Table, hits: list[Hit], scope: feel.Scope) -> Any:
    return table.value(hits[0].values)


def _priority(table: Table, hits: list[Hit], scope: feel.Scope) -> Any:
    return table.value(min(hits, key=lambda hit: table.priority(hit, scope)).values)


def _rule_order(table: Table, hits: list[Hit], scope: feel.Scope) -> Any:
    return [table.value(hit.values) for hit in hits]


def _output_order(table: Table, hits: list[Hit], scope: feel.Scope) -> Any:
    return [table.value(hit.values) for hit in sorted(hits, key=lambda hit: table.priority(hit, scope))]


def _collect(table: Table, hits: list[Hit], scope: feel.Scope) -> Any:
    if not table.aggregation:
        return [table.value(hit.values) for hit in hits]
    if len(table.outputs) == 1:
        return _aggregated(table.aggregation, [hit.values[0] for hit in hits if hit.values], scope)
    columns = zip(table.outputs, zip(*(hit.values for hit in hits), strict=False), strict=False)
    return {column.name: _aggregated(table.aggregation, list(values), scope) for column, values in columns}


def _aggregated(aggregation: str, values: list[Any], scope: feel.Scope) -> Any:
    return feel.invoke(feel.BUILTINS[aggregation.lower()], [values], [], scope.run)


_POLICIES: dict[str, Callable[[Table, list[Hit], feel.Scope], Any]] = {
    "UNIQUE": _unique, "ANY": _any, "FIRST": _first, "PRIORITY": _priority, "RULE ORDER": _rule_order, "OUTPUT ORDER": _output_order,
    "COLLECT": _collect,
}
