"""A decision that is being changed, tried with values somebody types.

Owns: what a decision asks for (its columns, and what its results read), reading the values, telling which rows hold.
Leaves: evaluating to `engine.dmn`; the table beside it to `web/editors/studio-dmn.ts`.
Promises: nothing is kept; a value that cannot be read, and a table that cannot, are told in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Any

from engine import feel
from engine.dmn import Decisions
from engine.dmn.decisions import Element
from engine.dmn.logic import Context, Literal
from engine.dmn.tables import Input, Table
from engine.errors import Invalid
from web.catalogue import locale, say
from web.host import host


class ValueNotReadable(Invalid):
    """The value of {name} cannot be read: {text}. Write a number, a text in double quotes, true, false, or FEEL."""

    fr = "La valeur de {name} ne se lit pas : {text}. Écrivez un nombre, un texte entre guillemets droits, true, false, ou du FEEL."


@dataclass(frozen=True)
class Ask:
    """A value a decision asks for.

    Attributes:
        name: of the variable, a path for a part of one. type: of FEEL, "" when not known.
        choices: the values it may have; none: any. offers: values the rows of its column speak of.
    """

    name: str
    label: str
    type: str = ""
    choices: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """The question as the editor reads it."""
        return {"name": self.name, "label": self.label, "type": self.type, "choices": list(self.choices), "offers": list(self.offers)}


def asks(decisions: Decisions, decision_id: str) -> tuple[Ask, ...]:
    """What a decision must be given, its own columns first. A decision nobody knows asks for nothing."""
    found: dict[str, Ask] = {}
    decided: set[str] = set()
    waiting, seen = [decision_id], set[str]()
    while waiting:
        element = decisions.elements.get(waiting.pop(0).rpartition("#")[2])
        if element is None or element.key in seen:
            continue
        seen.add(element.key)
        waiting.extend(element.needs)
        decided |= {*element.spoken, element.name} if element.kind != "inputData" and element.key != decision_id else set()
        for one in _asked_by(element):
            found.setdefault(one.name, one)
    heads = {name.partition(".")[0] for name in found if "." in name}
    return tuple(one for one in found.values() if one.name.partition(".")[0] not in decided and one.name not in heads)


def tried(decisions: Decisions, decision_id: str, values: Mapping[str, str]) -> dict[str, Any]:
    """Evaluate a decision with typed values: its result, the rows that hold, what is not right.

    Raises: ValueNotReadable; NoSuchDecision.
    """
    types = {one.name: one.type for one in asks(decisions, decision_id)}
    inputs: dict[str, Any] = {}
    for name, text in values.items():
        if text.strip():
            _put(inputs, name.split("."), _value(name, text.strip(), types.get(name, "")))
    wording = host().wording
    try:
        result = decisions.evaluate(decision_id, inputs, {"today": wording.today, "now": wording.now})
    except feel.EvaluationError as error:
        return {"value": "", "matched": [], "faults": [error.fr if locale() == "fr" else error.en]}
    matched = [{"decision": one.decision, "rule": one.rule, "ruleId": one.rule_id, "annotation": one.annotation,
                "outputs": {name: _shown(value) for name, value in one.outputs.items()}} for one in result.matched]
    return {"value": _shown(result.value), "matched": matched, "faults": [fault(locale()) for fault in result.faults]}


def _asked_by(element: Element) -> Iterator[Ask]:
    if element.kind == "inputData":
        yield Ask(element.name, element.label or element.name, element.fits.kind if element.fits is not None else "")
        return
    if isinstance(element.logic, Table):
        yield from _columns(element.logic)
    for name in sorted(_names(element.logic)):
        yield Ask(name, name)


def _columns(table: Table) -> Iterator[Ask]:
    """A column that looks at a variable, or at a part of one, is asked by its label."""
    for index, column in enumerate(table.inputs):
        if column.text and all(feel.is_plain_name(part) for part in column.text.split(".")):
            yield Ask(column.text, column.label or column.text, column.fits.kind if column.fits is not None else "", _allowed(column),
                      tuple(dict.fromkeys(_spoken_of(table, index))))


def _allowed(column: Input) -> tuple[str, ...]:
    tests = feel.literal_tests(column.allowed.tree) if column.allowed is not None else None
    return tuple(_single(tests or []))


def _spoken_of(table: Table, index: int) -> Iterator[str]:
    for rule in table.rules:
        cell = rule.cells[index] if index < len(rule.cells) else None
        yield from _single(feel.literal_tests(cell.tree) or []) if cell is not None else ()


def _single(tests: Iterable[feel.Range]) -> Iterator[str]:
    """Values that are named one by one, as somebody would type them."""
    return (one.start if isinstance(one.start, str) else _shown(one.start) for one in tests
            if one.start is not None and type(one.start) is type(one.end) and one.start == one.end)


def _names(logic: Any) -> set[str]:
    """Names that the expressions of a decision read, but for those it gives itself."""
    if isinstance(logic, Literal):
        return set(logic.expression.names)
    if isinstance(logic, tuple):
        return {name for one in logic for name in _names(one)}
    if not is_dataclass(logic) or isinstance(logic, type):
        return set()
    own = {name for name, *_ in logic.entries} if isinstance(logic, Context) else set()
    return {name for one in fields(logic) for name in _names(getattr(logic, one.name))} - own


def _value(name: str, text: str, kind: str) -> Any:
    """A typed text as a value. Raises: ValueNotReadable."""
    if kind == "string":
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    try:
        if kind == "date" and not text.startswith(("date", '"', "today")):
            return feel.evaluate("date(text)", {"text": text})
        if kind == "number":
            return Decimal(text.replace(",", ".").replace("\u00a0", "").replace(" ", ""))
        wording = host().wording
        return feel.evaluate(text, {}, {"today": wording.today, "now": wording.now})
    except (feel.FeelError, ArithmeticError):
        raise ValueNotReadable(name=name, text=text) from None


def _put(inputs: dict[str, Any], path: list[str], value: Any) -> None:
    *above, last = path
    for part in above:
        inner = inputs.setdefault(part, {})
        if not isinstance(inner, dict):
            return
        inputs = inner
    inputs[last] = value


def _shown(value: Any) -> str:
    """A value as FEEL writes it."""
    if value is None:
        return say("nothing")
    return str(value) if isinstance(value, str) else str(feel.evaluate("string(v)", {"v": value}))
