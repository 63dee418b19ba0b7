"""Whatever is written, an expression gives a value, or an error that names itself: nothing else ever comes out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.values import write_json

ATOMS = (
    "1", "-1", "0", "1.5", "1e40", "1e-40", "9" * 34,
    '"a"', '""', '"é"', '"\\ud800"', "null", "true", "false", "[]", "[1, 2, 3]", '["a", "b"]',
    "[null]", "{}", "{a: 1}", "{a: {b: [1, 2]}}", "[1..5]", "(1..5)", "[5..1]", '["a".."c"]', "(< 5)", '(>= @"2026-01-01")', "(!= 5)",
    '@"2026-01-31"', '@"10:00:00"', '@"10:00:00+02:00"', '@"10:00:00@Europe/Paris"', '@"2026-01-31T10:00:00"', '@"2026-01-31T10:00:00Z"',
    '@"2026-01-31T10:00:00@Europe/Paris"', '@"-2021-01-01"', '@"999999999-12-31"', '@"12026-01-01T00:00:00.000000001@Europe/Paris"',
    '@"10:00:00.123456789"', '@"P1D"', '@"-P1Y2M"', '@"P1000000000D"', '@"PT0.000000001S"', '@"P999999999999999999Y"', "function(x) x",
    "function(a, b) a < b", "x", "y", "l", "d", "sum", "abs", "item", "partial", '"[1..5]"', '"2026-01-01"', '"P1D"', '"a*"', '"("',
)
SHAPES = (
    "({} + {})", "({} - {})", "({} * {})", "({} / {})", "({} ** {})", "({} = {})", "({} < {})", "({} >= {})", "({} and {})", "({} or {})",
    "(if {} then {} else {})", "(for i in {} return {})", "(for i in {}..{} return {})", "(some i in {} satisfies {})",
    "(every i in {} satisfies {})", "({})[{}]", "({}).a", "({}).start", "({}).year", "({}).second", "({}).time offset", "({}).days",
    "({} instance of list<number>)", "({} instance of context<a: number>)", "({} between {} and {})", "({} in ({}, < {}))", "({} in {})",
    "[{}, {}]", "{{a: {}, b: {}}}", "[{}..{}]", "(function(a, b) {})({}, {})",
)
CALLS = tuple(shape for one in feel.signatures() for shape in (
    f"{one.name}({', '.join('{}' for _ in one.parameters)})", f"{one.name}({', '.join(f'{p.name}: {{}}' for p in one.parameters)})"))
CONTEXT: dict[str, Any] = {"x": 5, "y": "text", "l": [1, 2, {"a": 3}], "d": date(2026, 1, 1)}
HOST: dict[str, Any] = {"now": lambda *_: datetime(2026, 1, 31, 9, tzinfo=UTC), "today": lambda *_: date(2026, 1, 31)}


def _written(random: Random, depth: int) -> str:
    """An expression at random that can be read."""
    if depth == 0 or random.random() < 0.2:
        return random.choice(ATOMS)
    shape = random.choice(random.choice((SHAPES, CALLS)))
    return shape.format(*(_written(random, depth - 1) for _ in range(shape.count("{}"))))


@given(st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_any_expression_gives_a_value_or_says_why_not(seed: int) -> None:
    text = _written(Random(seed), 3)
    try:
        value = feel.evaluate(text, CONTEXT, HOST)
        assert isinstance(feel.evaluate("string([v])", {"v": value}), str)
        assert isinstance(write_json(value), str)
        assert isinstance(feel.unary_test(f"({text})", value, CONTEXT, HOST), bool)
    except feel.EvaluationError as error:
        assert error.__cause__ is None, text         # the budget was used up; a cause would be a fault of the engine


@given(st.text(alphabet=st.sampled_from('aé1.5 ,:;"\\\n()[]{}<>=!+-*/@?#€instance of for if then else return'), max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    try:
        feel.compile(text)
        feel.compile_unary(text)
    except feel.SyntaxError as error:
        assert error.line >= 1 and error.column >= 1 and error.fr and error.en


def test_what_takes_all_that_follows_is_called_by_position_only() -> None:
    assert feel.evaluate("[sum(values: 1), append(list: [1], items: 2), concatenate(lists: [1])]", {}) == [None, None, None]
    assert feel.evaluate("[sum(list: [1, 2]), append([1], 2)]", {}) == [3, [1, 2]]


def test_a_fault_of_the_engine_ends_the_expression_and_not_its_host() -> None:
    def broken(scope: feel.Scope) -> Any:
        raise KeyError("gone")

    with pytest.raises(feel.EvaluationError) as caught:
        feel.run_code(broken, feel.Scope({}, None, feel.Run()))
    assert isinstance(caught.value.__cause__, KeyError)
    assert caught.value.fr.endswith(".") and caught.value.en.endswith(".")
