"""Gaps, overlaps and rules that never speak, in decision tables.

Owns: finding values no rule takes, values that two rules of a unique table take (or two rules of an any table that disagree), and rules
that no value reaches; each told with an example.
Leaves: what a column's cells take to `segments`.
Promises: no false alarm: an example of a gap is taken by no rule, an example of an overlap by both. Where cells are more than literals,
less is found. Bounded work on large tables, told by `Findings.complete`.
Rule: DMN 1.5, 8.2.8 (completeness) and 8.2.11 (hit policies).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.dmn.cells import fixed_value
from engine.dmn.segments import Column, cut
from engine.dmn.tables import SINGLE, Table
from engine.problems import Problem
from engine.texts import NO_TEXT, Text

MAX_VISITS = 20_000
MAX_TOLD = 5

#: an example a column, from the first on; a column behind the last may have any value
Examples = tuple[str | None, ...]


@dataclass(slots=True)
class Findings:
    """What one walk found.

    Attributes:
        gaps: examples no rule takes. overlaps: the numbers of two rules, with an example both take. unreached: numbers of rules.
        complete: the whole table was looked at.
    """

    gaps: list[Examples] = field(default_factory=list)
    overlaps: dict[tuple[int, int], Examples] = field(default_factory=dict)
    unreached: list[int] = field(default_factory=list)
    complete: bool = True


def check(table: Table, file: str) -> list[Problem]:
    """Look for gaps (unless the table has defaults or collects), overlaps (unique and any) and rules that no value reaches."""
    found = search(table)
    told = [_overlap(table, file, pair, example) for pair, example in found.overlaps.items()]
    return [*(_gap(table, file, example) for example in found.gaps), *told, *(_unreached(table, file, one) for one in found.unreached)]


def search(table: Table) -> Findings:
    """Look a table through."""
    if not table.rules:
        return Findings()
    walk = _Walk([cut(table, index) for index in range(len(table.inputs))], table)
    walk.go(0, walk.everything, walk.everything, ())
    walk.finish()
    return walk.found


class _Walk:
    """One walk over the product of the columns' segments, cut where nothing new can come."""

    def __init__(self, columns: list[Column], table: Table) -> None:
        self.columns = [column.segments for column in columns]
        self.table = table
        self.everything = (1 << len(table.rules)) - 1
        self.found = Findings()
        self.visits = 0
        self.wants_gaps = table.policy in SINGLE and all(output.default is None for output in table.outputs)
        self.wants_overlaps = table.policy in ("UNIQUE", "ANY")
        self.wants_reached = all(column.whole for column in columns)
        self.reached = 0
        self.covering = self._covering()

    def _covering(self) -> list[int]:
        """For each column, the rules that take everything from it on."""
        found = [self.everything]
        for segments in reversed(self.columns):
            through = found[-1]
            for segment in segments:
                through &= segment.sure
            found.append(through)
        return found[::-1]

    def go(self, at: int, sure: int, perhaps: int, examples: Examples) -> None:
        self.visits += 1
        if self.visits > MAX_VISITS:
            self.found.complete = False
            return
        if not perhaps:
            if self.wants_gaps and len(self.found.gaps) < MAX_TOLD:
                self.found.gaps.append(examples)
            return
        if at == len(self.columns):
            self._note(sure, perhaps, examples)
        elif self._is_news(at, sure, perhaps):
            for segment in self.columns[at]:
                self.go(at + 1, sure & segment.sure, perhaps & segment.perhaps, (*examples, segment.example))

    def _is_news(self, at: int, sure: int, perhaps: int) -> bool:
        """Tell whether something may still be found behind a place."""
        gap = self.wants_gaps and not sure & self.covering[at] and len(self.found.gaps) < MAX_TOLD
        overlap = self.wants_overlaps and sure & (sure - 1) != 0 and len(self.found.overlaps) < MAX_TOLD
        return gap or overlap or (self.wants_reached and perhaps & ~self.reached != 0)

    def _note(self, sure: int, perhaps: int, examples: Examples) -> None:
        first = sure & -sure
        # in a first table what stands behind a rule that matches is not reached
        self.reached |= perhaps & (2 * first - 1) if first and self.table.policy == "FIRST" else perhaps
        if not self.wants_overlaps or len(self.found.overlaps) >= MAX_TOLD:
            return
        numbers = [n + 1 for n in range(sure.bit_length()) if sure >> n & 1]
        pair = next(((numbers[0], other) for other in numbers[1:] if self._differ(numbers[0], other)), None)
        if pair is not None:
            self.found.overlaps.setdefault(pair, examples)

    def _differ(self, one: int, other: int) -> bool:
        """Tell whether two rules may not match together: any two of a unique table; of an any table those that surely disagree."""
        if self.table.policy == "UNIQUE":
            return True
        pairs = zip(self.table.rules[one - 1].results, self.table.rules[other - 1].results, strict=False)
        values = [(fixed_value(left), fixed_value(right)) for left, right in pairs]
        return any(left != right for left, right in values if left is not None and right is not None)

    def finish(self) -> None:
        if self.wants_reached and self.found.complete:
            missed = self.everything & ~self.reached
            self.found.unreached = [n + 1 for n in range(missed.bit_length()) if missed >> n & 1]


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
                   Text("Ajoutez une règle, une valeur par défaut, ou dites quelles valeurs la colonne permet.",
                        "Add a rule or a default value, or say which values the column allows."))


def _overlap(table: Table, file: str, pair: tuple[int, int], examples: Examples) -> Problem:
    example, rules = _example(table, examples), [table.rules[number - 1] for number in pair]
    how = Text(", avec des résultats différents,", " with different results") if table.policy == "ANY" else NO_TEXT
    return Problem(file, rules[1].id or table.id, "dmn.overlap", "error",
                   Text(f"Les règles {pair[0]} et {pair[1]} s’appliquent toutes deux{how.fr} à : {example.fr}.",
                        f"Rules {pair[0]} and {pair[1]} both match{how.en}: {example.en}."),
                   Text("Séparez leurs conditions, ou changez la règle de choix.", "Part their conditions, or change the hit policy."))


def _unreached(table: Table, file: str, number: int) -> Problem:
    rule = table.rules[number - 1]
    return Problem(file, rule.id or table.id, "dmn.rule_unreachable", "warning",
                   Text(f"La règle {number} ne s’applique jamais : aucune valeur possible ne l’atteint.",
                        f"Rule {number} never applies: no possible value reaches it."),
                   Text("Corrigez ses conditions, sa place, ou supprimez-la.", "Mend its conditions or its place, or delete it."))
