"""What is said about the cells of a table while it is edited: gaps, overlaps, rules nobody reaches, cells that do not suit their column."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import dmn, feel
from engine.dmn import coverage
from engine.problems import Problem
from tests.engine.dmn.drawing import decision, definitions, literal, table


def _told(inside: str, *before: str) -> list[Problem]:
    return dmn.read(definitions(*before, decision("d", inside)), "d.dmn").check()


def _messages(inside: str) -> list[str]:
    return [str(one.message) for one in _told(inside)]


@pytest.mark.parametrize(("cells", "example"), [
    (["< 18", "> 18"], "x = 18"), (["[0..10)", "(10..20]", "< 0", "> 20"], "x = 10"), (["<= 1.5", ">= 1.6"], "x = 1.55"),
    (["< 0.1", "[0.1..0.3[", "> 0.3"], "x = 0.3"), (['< date("2026-01-01")', '> date("2026-01-01")'], "x = 2026-01-01"),
    (['<= date("2026-01-01")', '>= date("2026-01-03")'], "x = 2026-01-02"),
    (['< @"2026-01-01T00:00:00Z"', '> @"2026-01-01T00:00:00Z"'], "x = 2026-01-01T00:00:00Z"),
    (['<= @"10:00:00"', '>= @"12:00:00"'], "x = 11:00:00"),
    (['< @"PT1H"', '> @"PT1H"'], "x = PT1H"), (['<= @"P1M"', '>= @"P3M"'], "x = P2M"),
    (["true"], "x = false"), (["not(true)"], "x = true"), (['"A"', '"B"'], "x: another value"), (['not("A", "B")'], 'x = "A"'),
    (['< "M"', '>= "N"'], 'x = "M"'), (["1, 2, 3", "[4..9]", "< 1", "> 9"], "x = 1.5"),
    (["? < 5", "? > 5"], "x = 5"), (["beyond(1)", "1"], None), (["!= 3"], "x = 3"),
    (["-"], None), (["< 5", ">= 5"], None), (['<= date("2026-01-01")', '>= date("2026-01-02")'], None), (["true", "false"], None),
    (["<= 5", "> limit"], None), (["<= 5", "? > limit and ? > 5"], None),
])
def test_a_gap_is_told_with_an_example_that_falls_into_it(cells: list[str], example: str | None) -> None:
    found = [one for one in _messages(table(["x"], ["y"], [f"{cell} | {n}" for n, cell in enumerate(cells)])) if one.startswith("No rule")]
    assert found == ([f"No rule matches: {example}."] if example else [])


@pytest.mark.parametrize(("cells", "example"), [
    (["<= 5", ">= 5"], "x = 5"), (["[1..5]", "[5..9]"], "x = 5"), (["[1..5)", "[5..9]"], None), (["< 5", "> 5"], None),
    (['"A", "B"', '"B"'], 'x = "B"'), (["not(\"A\")", '"B"'], 'x = "B"'), (["true", "-"], "x = true"), (["? > 3", "5"], "x = 5"),
    (["> limit", "> other"], None), (["-", "> limit"], None), (['< @"PT2H"', '> @"PT1H"'], "x = PT1H30M"),
])
def test_an_overlap_is_told_with_an_example_both_rules_take(cells: list[str], example: str | None) -> None:
    found = [one for one in _messages(table(["x"], ["y"], [f"{cell} | {n}" for n, cell in enumerate(cells)])) if one.startswith("Rules")]
    assert found == ([f"Rules 1 and 2 both match: {example}."] if example else [])


def test_rules_of_an_any_table_may_overlap_when_they_agree() -> None:
    assert _messages(table(["x"], ["y"], ["<= 5 | 1", ">= 5 | 1"], "ANY")) == []
    assert _messages(table(["x"], ["y"], ["<= 5 | 1", ">= 5 | 2"], "ANY")) == ["Rules 1 and 2 both match with different results: x = 5."]
    assert _messages(table(["x"], ["y"], ["<= 5 | a", ">= 5 | b"], "ANY")) == []


@pytest.mark.parametrize(("rows", "policy", "number"), [
    (["- | 1", "5 | 2"], "FIRST", 2), (["< 5 | 1", "< 3 | 2", "- | 3"], "FIRST", 2), (["[9..1] | 1", "- | 2"], "RULE ORDER", 1),
    (["< 5 | 1", "< limit | 2", "- | 3"], "FIRST", None), (["< 5 | 1", "- | 2"], "FIRST", None), (["5 | 1", "5 | 2"], "COLLECT", None),
])
def test_a_rule_that_no_value_reaches_is_told(rows: list[str], policy: str, number: int | None) -> None:
    found = [(one.element, one.code) for one in _told(table(["x"], ["y"], rows, policy)) if one.code == "dmn.rule_unreachable"]
    assert found == ([(f"r{number}", "dmn.rule_unreachable")] if number else [])


def test_the_allowed_values_of_a_type_bound_what_is_looked_at() -> None:
    item = ('<itemDefinition name="tGravity"><typeRef>string</typeRef><allowedValues><text>"major","minor"</text></allowedValues>'
            "</itemDefinition>")
    assert _told(table(["g"], ["y"], ['"major" | 1', '"minor" | 2'], types=["tGravity"]), item) == []
    found = _told(table(["g"], ["y"], ['"major" | 1', '"none" | 2'], types=["tGravity"]), item)
    assert [(one.code, str(one.message)) for one in found] == [
        ("dmn.gap", 'No rule matches: g = "minor".'), ("dmn.rule_unreachable", "Rule 2 never applies: no possible value reaches it.")]


# --- cells and their columns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("type", "cell", "clashes"), [
    ("number", '"5"', True), ("number", "> 5", False), ("string", "5", True), ("string", '"a", "b"', False), ("date", '"2026-01-31"', True),
    ("date", 'date("2026-01-31")', False), ("date", '> @"2026-01-31"', False), ("boolean", "true", False), ("boolean", '"true"', True),
    ("number", "[@\"P1D\"..@\"P2D\"]", True), ("number", "limit", False), ("number", "-", False), ("number", '? > 3 and ? != "x"', True),
    ("string", "string length(?) > 3", False), ("number", "null", False),
])
def test_a_cell_of_another_type_than_its_column_is_told_at_the_cell(type: str, cell: str, clashes: bool) -> None:
    found = [(one.element, one.level) for one in _told(table(["x"], ["y"], [f"{cell} | 1"], types=[type])) if one.code == "dmn.type_clash"]
    assert found == ([("r1c0", "error")] if clashes else [])


def test_a_column_without_type_takes_that_of_the_variable_it_looks_at() -> None:
    item = ('<itemDefinition name="tClient"><itemComponent name="age"><typeRef>number</typeRef></itemComponent></itemDefinition>',
            '<inputData id="client" name="client"><variable name="client" typeRef="tClient"/></inputData>')
    need = '<informationRequirement><requiredInput href="#client"/></informationRequirement>'
    found = _told(need + table(["client.age"], ["y"], ['"old" | 1', "- | 2"], "FIRST"), *item)
    assert [(one.element, one.code) for one in found] == [("r1c0", "dmn.type_clash")]
    assert str(found[0].message) == "Rule 1: the column 'client.age' expects a number, the cell speaks of a string."
    assert found[0].message.fr == "Règle 1 : la colonne « client.age » attend un nombre, la cellule parle d’autre chose : un texte."


def test_cells_of_different_types_in_one_column_are_told() -> None:
    found = _told(table(["x"], ["y"], ["1 | 1", '"1" | 2', "- | 3"], "FIRST"))
    assert [(one.element, one.code, one.level) for one in found] == [("r2c0", "dmn.types_mixed", "warning")]


def test_a_result_outside_the_allowed_values_is_told_at_its_cell() -> None:
    found = _told(table(["x"], ['risk: "HIGH", "LOW"'], ['1 | "HIGH"', '2 | "MEDIUM"', "- | level"], "FIRST"))
    assert [(one.element, one.code, str(one.message)) for one in found] == [
        ("r2c1", "dmn.output_not_allowed", "Rule 2: \"MEDIUM\" is none of the values the column 'risk' allows.")]


def test_an_unreadable_cell_is_told_with_line_and_column() -> None:
    found = [one for one in _told(table(["x"], ["y"], ["[1..5 | 1"])) if one.code == "dmn.unreadable"]
    assert [(one.element, str(one.message)) for one in found] == [
        ("r1c0", "'[1..5' cannot be read. Line 1, column 6: the end of the range is expected, but the expression ends.")]


def test_a_constraint_of_a_type_that_is_no_feel_is_told() -> None:
    item = ('<itemDefinition id="t" name="t"><typeRef>number</typeRef><allowedValues id="a"><text>[1..</text></allowedValues>'
            "</itemDefinition>")
    assert [(one.element, one.code) for one in _told(literal("1"), item)] == [("a", "dmn.unreadable")]


# --- no false alarm, and none missed that a brute search finds --------------------------------------------------------------------------

NUMBERS = st.sampled_from(["-", "< 2", "<= 2", "> 2", ">= 3", "1", "2, 4", "[1..3]", "(1..3)", "]1..3]", "[2..4[", "not(2)", "? != 3",
                           "> limit"])
WORDS = st.sampled_from(["-", '"a"', '"b"', '"a", "c"', 'not("a")', "null"])
FLAGS = st.sampled_from(["-", "true", "false", "not(true)"])
ROWS = st.lists(st.tuples(NUMBERS, WORDS, FLAGS), min_size=1, max_size=5)
TRIED = [(n, word, flag) for n in (0, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5) for word in ("a", "b", "c", "other") for flag in (True, False)]


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_gaps_and_overlaps_are_those_a_brute_search_finds(rows: list[tuple[str, str, str]]) -> None:
    cells = [" | ".join(row) + f" | {n}" for n, row in enumerate(rows)]
    decisions = dmn.read(definitions(decision("d", table(["n", "w", "f"], ["y"], cells, "RULE ORDER"))))
    found = coverage.search(dmn.read(definitions(decision("d", table(["n", "w", "f"], ["y"], cells)))).tables[0])
    matched = [_matched(decisions, n, word, flag) for n, word, flag in TRIED]
    assert found.complete
    for gap in found.gaps:
        assert not _matched(decisions, *_example(gap))
    for pair, example in found.overlaps.items():
        assert set(pair) <= _matched(decisions, *_example(example))
    if not any("limit" in cell or "null" in cell for cell in cells):
        assert bool(found.gaps) == any(not one for one in matched)
        assert bool(found.overlaps) == any(len(one) > 1 for one in matched)
        assert set(found.unreached) == set(range(1, len(rows) + 1)) - set().union(*matched)


def _matched(decisions: dmn.Decisions, n: Any, word: str, flag: bool) -> set[int]:
    return {one.rule for one in decisions.evaluate("d", {"n": n, "w": word, "f": flag, "limit": 3}).matched}


def _example(found: coverage.Examples) -> tuple[Any, str, bool]:
    values: list[Any] = [feel.evaluate(one, {}) if one is not None else "other" for one in found]
    values += [0, "other", True][len(values):]
    return values[0], values[1], values[2]


def test_a_table_of_a_thousand_rules_is_checked_while_one_types() -> None:
    rows = [f'[{n * 10}..{n * 10 + 10}) | "{"abcdef"[n % 6]}", "g" | - | {n}' for n in range(1000)]
    decisions = dmn.read(definitions(decision("d", table(["amount", "kind", "flag"], ["y"], rows))))
    began = time.process_time()
    found = decisions.check()
    assert time.process_time() - began < 5
    assert str(found[0].message) == 'No rule matches: amount = 0; kind = "b".'
    assert {one.code for one in found} == {"dmn.gap"}
