"""Cells that do not suit their column.

Owns: finding cells whose values are of another type than the column, and results the column does not allow.
Leaves: what a cell takes to `segments`; gaps and overlaps to `coverage`.
Promises: judges literals and what depends on nothing outside of the cell; says nothing of the rest. A place is the id of the cell.
Rule: DMN 1.5, 8.3.2 and 8.3.3 (input and output clauses).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine import feel
from engine.dmn.logic import Literal, Logic
from engine.dmn.segments import is_fixed, literals
from engine.dmn.tables import Output, Table
from engine.dmn.types import limits_of
from engine.feel import tree as t
from engine.problems import Problem
from engine.texts import Text

#: types of which a cell can hold a literal, as people call them
_CALLED = {
    "number": Text("un nombre", "a number"), "string": Text("un texte", "a string"), "boolean": Text("vrai ou faux", "true or false"),
    "date": Text("une date", "a date"), "time": Text("une heure", "a time"), "date and time": Text("une date et heure", "a date and time"),
    "days and time duration": Text("une durée en jours et heures", "a days and time duration"),
    "years and months duration": Text("une durée en années et mois", "a years and months duration"),
}
_MEND_CELL = Text("Corrigez la cellule, ou le type de la colonne.", "Mend the cell, or the type of the column.")
_QUOTED_DATE = Text("Une date s’écrit date(\"2026-01-31\").", "A date is written date(\"2026-01-31\").")
_CLASH = Text("Règle {rule} : la colonne « {column} » attend {wanted}, la cellule parle d’autre chose : {found}.",
              "Rule {rule}: the column {column!r} expects {wanted}, the cell speaks of {found}.")
_MIXED = Text("Règle {rule} : dans la colonne « {column} », d’autres cellules parlent d’autre chose que {found}.",
              "Rule {rule}: in the column {column!r} other cells speak of something else than {found}.")
_NOT_ALLOWED = Text("Règle {rule} : {value} n’est pas une des valeurs que la colonne « {column} » permet.",
                    "Rule {rule}: {value} is none of the values the column {column!r} allows.")
_DEFAULT_NOT_ALLOWED = Text("La valeur par défaut {value} n’est pas une de celles que la colonne « {column} » permet.",
                            "The default value {value} is none of those the column {column!r} allows.")
_MEND_RESULT = Text("Corrigez le résultat, ou les valeurs permises.", "Mend the result, or the allowed values.")


def check(table: Table, file: str, types: Mapping[int, feel.Type]) -> list[Problem]:
    """Judge the cells of a table.

    Args:
        types: of input columns by their number from 0, where they are known (their own, or that of the variable they look at).
    """
    found = [one for number in range(len(table.inputs)) for one in _inputs(table, file, number, types.get(number))]
    results = [one for number, column in enumerate(table.outputs) for one in _outputs(table, file, number, column)]
    return [*found, *results, *_defaults(table, file)]


def type_of(node: t.Node, names: Mapping[str, feel.Type]) -> feel.Type | None:
    """Tell the type of a variable or of an entry of one; None for anything else."""
    if isinstance(node, t.Name):
        return names.get(node.name)
    inner = type_of(node.source, names) if isinstance(node, t.Path) else None
    return (inner.fields or {}).get(node.name) if inner is not None and isinstance(node, t.Path) else None


def _inputs(table: Table, file: str, number: int, wanted: feel.Type | None) -> Iterator[Problem]:
    label, first = table.inputs[number].label, ""
    for rule in table.rules:
        cell = rule.cells[number] if number < len(rule.cells) else None
        for kind in dict.fromkeys(map(feel.kind, literals(cell.tree) if cell is not None else ())):
            first = first or kind
            if kind not in _CALLED or (wanted is not None and wanted.kind not in _CALLED):
                continue
            facts = {"rule": rule.number, "column": label, "found": _CALLED[kind]}
            if wanted is not None and kind != wanted.kind:
                remedy = _QUOTED_DATE if kind == "string" and wanted.kind == "date" else _MEND_CELL
                message = _CLASH.format(wanted=_CALLED[wanted.kind], **facts)
                yield Problem(file, rule.place(number), "dmn.type_clash", "error", message, remedy)
            elif wanted is None and kind != first:
                yield Problem(file, rule.place(number), "dmn.types_mixed", "warning", _MIXED.format(**facts), _MEND_CELL)


def _outputs(table: Table, file: str, number: int, column: Output) -> Iterator[Problem]:
    for rule in table.rules:
        value = fixed_value(rule.results[number]) if number < len(rule.results) else None
        if value is None:
            continue
        place = rule.place(len(table.inputs) + number)
        if column.fits is not None and column.fits.kind in _CALLED and feel.kind(value) in _CALLED and feel.kind(value) != column.fits.kind:
            facts = {"rule": rule.number, "column": column.name, "wanted": _CALLED[column.fits.kind], "found": _CALLED[feel.kind(value)]}
            yield Problem(file, place, "dmn.type_clash", "error", _CLASH.format(**facts), _MEND_CELL)
        elif not _is_allowed(value, column):
            message = _NOT_ALLOWED.format(rule=rule.number, value=_told(value), column=column.name)
            yield Problem(file, place, "dmn.output_not_allowed", "error", message, _MEND_RESULT)


def _defaults(table: Table, file: str) -> Iterator[Problem]:
    for column in table.outputs:
        value = fixed_value(column.default) if column.default is not None else None
        if value is not None and not _is_allowed(value, column):
            message = _DEFAULT_NOT_ALLOWED.format(value=_told(value), column=column.name)
            yield Problem(file, table.id, "dmn.output_not_allowed", "error", message, _MEND_RESULT)


def fixed_value(logic: Logic) -> object:
    """The value of an expression that depends on nothing outside of it; None for any other."""
    if not isinstance(logic, Literal) or not is_fixed(logic.expression):
        return None
    try:
        return logic.expression.evaluate({})
    except feel.EvaluationError:
        return None


def _is_allowed(value: Any, column: Output) -> bool:
    tests = [*([column.allowed] if column.allowed is not None else []), *limits_of(column.fits)]
    try:
        return all(one.test(value, {}) for one in tests)
    except feel.EvaluationError:
        return True


def _told(value: Any) -> str:
    return feel.string_literal(value) if isinstance(value, str) else str(feel.evaluate("string(v)", {"v": value}))

