"""Gaps and overlaps of decision tables.

Owns: finding values no rule takes, and values that two rules of a unique table take, each told with an example.
Promises: says nothing about columns with cells that are more than literals (they could take anything); bounded work on large tables.
Rule: DMN 1.5, 8.2.8 (completeness) and 8.2.11 (hit policies).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine import feel
from engine.dmn.tables import SINGLE, Table
from engine.problems import Problem
from engine.texts import Text

MAX_VISITS = 50_000
MAX_TOLD = 5


#: an example a column, from the first on; a column behind the last may have any value
Examples = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a column's values that no cell tells apart: an example of it (None for "any other"), and the rules (bits) that take it."""

    example: str | None
    rules: int


def check(table: Table, file: str) -> list[Problem]:
    """Look for gaps (unless the table has defaults or collects) and, in a unique table, for overlaps."""
    columns = [_segments(table, index) for index in range(len(table.inputs))]
    if not table.rules or any(column is None for column in columns):
        return []
    search = _Search([column for column in columns if column is not None], table)
    search.walk(0, (1 << len(table.rules)) - 1, ())
    problems = [_gap(table, file, example) for example in search.gaps]
    return problems + [_overlap(table, file, pair, example) for pair, example in search.overlaps.items()]


class _Search:
    """One walk over the product of the columns' segments, cut where nothing new can come."""

    def __init__(self, columns: list[list[Segment]], table: Table) -> None:
        self.columns = columns
        self.wants_gaps = table.policy in SINGLE and all(output.default is None for output in table.outputs)
        self.wants_overlaps = table.policy == "UNIQUE"
        self.visits = 0
        self.gaps: list[Examples] = []
        self.overlaps: dict[tuple[int, int], Examples] = {}

    def walk(self, at: int, rules: int, examples: Examples) -> None:
        self.visits += 1
        if self.visits > MAX_VISITS:
            return
        if not rules:
            if self.wants_gaps and len(self.gaps) < MAX_TOLD:
                self.gaps.append(examples)
            return
        if at == len(self.columns):
            self._note_overlaps(rules, examples)
            return
        if not self.wants_gaps and rules & (rules - 1) == 0:
            return
        for segment in self.columns[at]:
            self.walk(at + 1, rules & segment.rules, (*examples, segment.example))

    def _note_overlaps(self, rules: int, examples: Examples) -> None:
        if not self.wants_overlaps or len(self.overlaps) >= MAX_TOLD:
            return
        numbers = [n + 1 for n in range(rules.bit_length()) if rules >> n & 1]
        if len(numbers) > 1:
            self.overlaps.setdefault((numbers[0], numbers[1]), examples)


def _segments(table: Table, index: int) -> list[Segment] | None:
    """Cut the values of a column where its cells do; None when a cell is more than literals."""
    tests: list[tuple[list[feel.Range], bool]] = []
    for rule in table.rules:
        cell = rule.cells[index] if index < len(rule.cells) else None
        found = feel.literal_tests(cell.tree) if cell is not None else None
        if cell is None or found is None:
            return None
        tests.append((found, cell.tree.negated))
    allowed = table.inputs[index].allowed
    limits = feel.literal_tests(allowed.tree) if allowed is not None else None
    samples = _samples([one for found, _ in tests for one in found], limits, table.inputs[index].fits)
    if samples is None:
        return None
    return [Segment(told, _rules_taking(tests, value)) for value, told in samples]


def _rules_taking(tests: list[tuple[list[feel.Range], bool]], value: Any) -> int:
    return sum(1 << n for n, (found, negated) in enumerate(tests) if _takes(found, negated, value))


def _takes(tests: list[feel.Range], negated: bool, value: Any) -> bool:
    if not tests:
        return True
    return any(_in(value, one) for one in tests) is not negated


def _in(value: Any, test: feel.Range) -> bool:
    """A single value, which may be of a kind without order, is a range of one."""
    return (value is test.start and value is test.end) or test.includes(value) is True


def _samples(ranges: list[feel.Range], limits: list[feel.Range] | None, fits: feel.Type | None) -> list[tuple[Any, str | None]] | None:
    """One value of each part that no cell tells apart, with its text. None when the values are of mixed types."""
    bounds = [end for one in [*ranges, *(limits or [])] for end in (one.start, one.end) if end is not None]
    kinds = {feel.kind(end) for end in bounds} or {fits.kind if fits is not None else ""}
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    if kind == "boolean":
        return [(True, "true"), (False, "false")]
    if kind == "string":
        return _string_samples(bounds, limits)
    if not bounds:
        return [(_Anything(), None)]
    samples = _ordered_samples(bounds, kind)
    if limits:
        samples = [value for value in samples if any(one.includes(value) for one in limits)]
    return [(value, _told(value)) for value in samples]


class _Anything:
    """A value nothing is known about."""


def _string_samples(bounds: list[Any], limits: list[feel.Range] | None) -> list[tuple[Any, str | None]]:
    texts = list(dict.fromkeys(bounds))
    if limits is not None:
        texts = [text for text in texts if any(one.includes(text) for one in limits)]
        return [(text, f'"{text}"') for text in texts]
    return [*((text, f'"{text}"') for text in texts), ("\uffff", None)]


def _ordered_samples(bounds: list[Any], kind: str) -> list[Any]:
    """Each bound, something between two neighbours, something before the first and after the last."""
    points: list[Any] = []
    for bound in bounds:
        if not any(feel.compare(bound, one) == 0 for one in points):
            points.append(bound)
    if any(feel.compare(points[0], one) is None for one in points):
        return points
    points.sort()
    step = _STEPS.get(kind)
    if step is None:
        return points
    found = [_safe(points[0], step, -1)]
    for low, high in zip(points, [*points[1:], None], strict=True):
        found.append(low)
        found.extend([] if high is None else _between(low, high))
    return [value for value in [*found, _safe(points[-1], step, 1)] if value is not None]


_STEPS: dict[str, Any] = {
    "number": 1, "date": timedelta(days=1), "date and time": timedelta(days=1), "days and time duration": timedelta(days=1),
    "years and months duration": feel.Months(1),
}


def _safe(value: Any, step: Any, sign: int) -> Any:
    try:
        return value + step if sign > 0 else value + -step
    except OverflowError:
        return None


def _between(low: Any, high: Any) -> Iterator[Any]:
    """Something strictly between two values; nothing between neighbouring whole numbers, days or months, which tables count by."""
    if isinstance(low, int) and isinstance(high, int):
        if high - low > 1:
            yield (low + high) // 2
    elif isinstance(low, (int, Decimal)):
        yield (Decimal(low) + Decimal(high)) / 2
    elif isinstance(low, feel.Months):
        if high.months - low.months > 1:
            yield feel.Months((low.months + high.months) // 2)
    elif isinstance(low, date) and not isinstance(low, datetime):
        if (high - low).days > 1:
            yield low + (high - low) / 2
    else:
        yield low + (high - low) / 2


def _told(value: Any) -> str:
    return str(feel.evaluate("string(v)", {"v": value}))


# --- problems -------------------------------------------------------------------------------------------------------------------------


def _example(table: Table, examples: Examples) -> Text:
    told = [(column.label, example) for column, example in zip(table.inputs, examples, strict=False)]
    fr = " ; ".join(f"{label} = {example}" if example is not None else f"{label} : une autre valeur" for label, example in told)
    en = "; ".join(f"{label} = {example}" if example is not None else f"{label}: another value" for label, example in told)
    return Text(fr, en)


def _gap(table: Table, file: str, examples: Examples) -> Problem:
    example = _example(table, examples)
    return Problem(file, table.id, "dmn.gap", "warning",
                   Text(f"Aucune règle ne s’applique à : {example.fr}.", f"No rule matches: {example.en}."),
                   Text("Ajoutez une règle, ou une valeur par défaut.", "Add a rule, or a default value."))


def _overlap(table: Table, file: str, pair: tuple[int, int], examples: Examples) -> Problem:
    example, rules = _example(table, examples), [table.rules[number - 1] for number in pair]
    return Problem(file, rules[1].id or table.id, "dmn.overlap", "error",
                   Text(f"Les règles {pair[0]} et {pair[1]} s’appliquent toutes deux à : {example.fr}.",
                        f"Rules {pair[0]} and {pair[1]} both match: {example.en}."),
                   Text("Séparez leurs conditions, ou changez la règle de choix.", "Part their conditions, or change the hit policy."))
