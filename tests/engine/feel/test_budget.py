"""Expressions that could harm end in a clear error, not a hang. How soon they do is measured in bench/expressions.py; here the counters are
looked at, which are the same on every machine."""

from __future__ import annotations

import pytest

from engine import feel
from tests.engine.feel.hostile import ANSWERED, REFUSED, STOPPED


@pytest.mark.parametrize("text", STOPPED.values(), ids=STOPPED.keys())
def test_a_hostile_expression_ends_in_a_clear_error(text: str) -> None:
    expression, run = feel.compile(text), feel.Run()
    with pytest.raises(feel.EvaluationError) as caught:
        feel.run_code(expression.evaluate_in, feel.Scope({}, None, run))
    assert caught.value.fr.endswith(".") and caught.value.en.endswith(".")
    assert run.steps < 0 or "exceed" in caught.value.en or "deep" in caught.value.en


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_a_text_that_is_too_large_or_too_deep_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(feel.SyntaxError) as caught:
        feel.compile(text)
    assert caught.value.line == 1 and caught.value.column >= 1


@pytest.mark.parametrize("text", ANSWERED.values(), ids=ANSWERED.keys())
def test_what_is_large_but_harmless_is_answered_on_a_part_of_the_budget(text: str) -> None:
    run = feel.Run()
    feel.run_code(feel.compile(text).evaluate_in, feel.Scope({}, None, run))
    assert run.steps >= 0


def test_the_same_expression_uses_the_same_steps_whatever_ran_before() -> None:
    text = 'matches("Qualiopi 2026", "([A-Z])\\w+ [0-9]{4}") and count(split("a;b", ";")) = 2'

    def steps() -> int:
        run = feel.Run()
        assert feel.run_code(feel.compile(text).evaluate_in, feel.Scope({}, None, run)) is True
        return run.steps

    first = steps()
    feel.evaluate(text, {})
    assert steps() == first


@pytest.mark.parametrize("text", [
    "9" * 5000 + " ** 9999", "9999999999 ** 9999999999", "exp(99999999)", "1e6000 * 1e6000", "decimal(1, 99999999)", "10 ** (10 ** 9)",
    "[1, 2][1e6000]", "sublist([1, 2], 1, 1e6000)", 'substring("abc", 1e6000)', "for i in 1..1e6000 return i", "date(1e6000, 1, 1)",
    '@"P999999999999999999Y" * 1e6000', '@"P999999999999999999D" * 1e6000',
])
def test_huge_numbers_are_null(text: str) -> None:
    assert feel.evaluate(text, {}) is None


def test_long_but_harmless_expressions_run() -> None:
    assert feel.evaluate(" + ".join(["1"] * 2000), {}) == 2000
    assert feel.evaluate("if x = 0 then 0 else " * 200 + "1", {"x": 5}) == 1
    assert feel.evaluate("sum(for i in 1..10000 return i)", {}) == 50005000
    assert feel.evaluate("count(people[age >= 18 and contains(name, \"a\")])", {"people": [{"age": 20, "name": "anna"}] * 3000}) == 3000
    assert feel.evaluate("sort(for i in 1..3000 return modulo(i * 7919, 10007))[1]", {}) == 7


def test_numbers_keep_to_34_digits_wherever_they_come_from() -> None:
    assert feel.evaluate('string length(string(number("1." + string join(for i in 1..60 return "9"))))', {}) == 35
    assert feel.evaluate("1." + "9" * 60, {}) == 2
    assert feel.evaluate("even(1e40) and not(odd(1e40)) and odd(1e34 - 1)", {}) is True
    assert feel.evaluate("[round up(1e-40, 2), round half up(0.005, 2), round down(-0.009, 2), floor(-1e-40)]"
                         " = [0.01, 0.01, 0, -1]", {}) is True
    assert feel.evaluate("ceiling(1e32 + 0.5) = 1e32 + 1", {}) is True
