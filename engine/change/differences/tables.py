"""What is different in decision tables, rule by rule and cell by cell.

Owns: which rule is which, and telling a cell by its column.
Leaves: the sentences to `telling`, reading DMN to `engine.dmn`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.diff import Change
from engine.change.differences.telling import cut, value
from engine.definitions.package import Package
from engine.dmn import NotReadable, xml
from engine.texts import Text
from engine.words import list_text


def table(path: str, before: Package, after: Package) -> Iterator[Change]:
    """What is different in a file of decisions, rule by rule and cell by cell."""
    try:
        old, new = (_decisions(package.files[path], path) for package in (before, after))
    except NotReadable as error:
        yield Change("changed", "content", "", error.element, _NOT_READABLE.format(why=error.sentence))
        return
    for key, one in new.items():
        name = Text.of(one.get("name") or key)
        if key not in old:
            yield Change("added", "decision", "", key, _NEW_DECISION.format(name=name))
            continue
        yield from value("name", key, name, Text("le nom", "the name"), Text.of(old[key].get("name") or ""), name)
        yield from _decision(key, name, old[key], one)
    for key, one in old.items():
        if key not in new:
            yield Change("removed", "decision", "", key, _NO_DECISION.format(name=one.get("name") or key))


def _decisions(data: bytes, path: str) -> dict[str, xml.Node]:
    return {str(node.get("id") or node.get("name")): node
            for node in xml.children(xml.parse(data, path), "decision", "businessKnowledgeModel", "inputData", "decisionService")}


def _decision(key: str, name: Text, old: xml.Node, new: xml.Node) -> Iterator[Change]:
    was, now = xml.child(old, "decisionTable"), xml.child(new, "decisionTable")
    if was is None or now is None:
        yield from value("logic", key, name, Text("le calcul", "the calculation"), Text.of(_content(old)), Text.of(_content(new)))
        return
    policies = [f"{table.get('hitPolicy') or 'UNIQUE'} {table.get('aggregation') or ''}".strip() for table in (was, now)]
    yield from value("policy", key, name, Text("la règle de choix", "the hit policy"), *map(Text.of, policies))
    old_columns, new_columns = _columns(was), _columns(now)
    if old_columns != new_columns:
        yield from value("columns", key, name, Text("les colonnes", "the columns"), *map(list_text, (old_columns, new_columns)))
    yield from _rules(key, name, _rows(was), _rows(now), new_columns if old_columns == new_columns else [])


@dataclass(frozen=True, slots=True)
class _Row:
    """A rule: its number, its cells with the note last, and itself in words: conditions → results."""

    number: int
    cells: tuple[str, ...]
    told: str


def _rules(key: str, name: Text, old: dict[str, _Row], new: dict[str, _Row], columns: list[str]) -> Iterator[Change]:
    """The rules of a table. `columns`: when they are the same in both, so that cells can be told by them."""
    for rule, row in new.items():
        was = old.get(rule)
        if was is None:
            yield Change("added", "rule", "", rule, _NEW_RULE.format(name=name, number=row.number, rule=cut(row.told)))
        elif columns and len(was.cells) == len(row.cells):
            yield from _cells(rule, _IN_RULE.format(name=name, number=row.number), columns, was, row)
        elif was.told != row.told:
            yield Change("changed", "rule", "", rule, _RULE.format(name=name, number=row.number, rule=cut(row.told), old=cut(was.told)))
    for rule, row in old.items():
        if rule not in new:
            yield Change("removed", "rule", "", rule, _NO_RULE.format(name=name, number=row.number, rule=cut(row.told)))
    if [rule for rule in old if rule in new] != [rule for rule in new if rule in old]:
        yield Change("changed", "order", "", key, _RULE_ORDER.format(name=name))


def _cells(rule: str, name: Text, columns: list[str], was: _Row, now: _Row) -> Iterator[Change]:
    """Each cell that is another, by its column; behind the columns stands the note."""
    for number, (old, new) in enumerate(zip(was.cells, now.cells, strict=True)):
        said = Text.of(columns[number]) if number < len(columns) else _NOTE
        yield from value("rule", rule, name, said, Text.of(old), Text.of(new))


def _columns(table: xml.Node) -> list[str]:
    inputs = [str(one.get("label") or xml.text(xml.child(one, "inputExpression"))) for one in xml.children(table, "input")]
    return [*inputs, *(f"→ {one.get('label') or one.get('name') or ''}".strip() for one in xml.children(table, "output"))]


def _rows(table: xml.Node) -> dict[str, _Row]:
    """Rules by id."""
    found = {}
    for number, rule in enumerate(xml.children(table, "rule"), 1):
        parts = [[xml.text(one) or "-" for one in xml.children(rule, tag)] for tag in ("inputEntry", "outputEntry")]
        notes = [note for note in (xml.text(one) for one in xml.children(rule, "annotationEntry")) if note]
        told = " → ".join(", ".join(part) for part in parts) + "".join(f" ({note})" for note in notes)
        found[str(rule.get("id") or number)] = _Row(number, (*parts[0], *parts[1], ", ".join(notes)), told)
    return found


def _content(node: xml.Node) -> str:
    return " ".join(" ".join(node.itertext()).split())


_NOT_READABLE = Text("La table ne se lit pas : {why}", "The table cannot be read: {why}")
_NEW_DECISION = Text("Nouvelle décision « {name} ».", "New decision “{name}”.")
_NO_DECISION = Text("La décision « {name} » est retirée.", "The decision “{name}” is removed.")
_NEW_RULE = Text("« {name} », nouvelle règle {number} : {rule}.", "“{name}”, new rule {number}: {rule}.")
_NO_RULE = Text("« {name} », la règle {number} est retirée : {rule}.", "“{name}”, rule {number} is removed: {rule}.")
_RULE = Text("« {name} », règle {number} : « {old} » devient « {rule} ».", "“{name}”, rule {number}: “{old}” becomes “{rule}”.")
_IN_RULE = Text("{name}, règle {number}", "{name}, rule {number}")
_NOTE = Text("la note", "the note")
_RULE_ORDER = Text("« {name} » : les règles changent d’ordre.", "“{name}”: the rules change their order.")
