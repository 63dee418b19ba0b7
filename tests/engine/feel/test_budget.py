"""Expressions that could harm end in a clear error, not a hang."""

from __future__ import annotations

import pytest

from engine import feel

HOSTILE = {
    "a loop over a huge range": "for i in 1..1000000000 return i",
    "loops within loops": "for a in 1..1000, b in 1..1000, c in 1..1000 return 1",
    "some over nothing true": "some x in 1..1000000000 satisfies x < 0",
    "endless recursion": "{f: function(n) f(n + 1), r: f(1)}.r",
    "branching recursion": "{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(50)}.r",
    "doubling strings": "{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f(\"abc\", 50)}.r",
    "doubling lists": "{f: function(l, n) if n = 0 then l else f(concatenate(l, l), n - 1), r: f([1], 50)}.r",
    "shared lists told as text": "{f: function(l, n) if n = 0 then l else f([l, l], n - 1), r: string(f([1], 50))}.r",
    "shared lists handed out": "{f: function(l, n) if n = 0 then l else f([l, l], n - 1), r: f([1], 40)}.r",
    "a pattern with back references": "matches(string join(for i in 1..2000 return \"a\"), \"(a*)(a*)\\1\\2b\")",
    "distinct values of many": "distinct values(for i in 1..20000 return i)",
    "partial results kept": "for i in 1..20000 return count(partial)",
    "sorting without end": "sort(for i in 1..100000 return i, function(a, b) some x in 1..1000 satisfies false)",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_expression_ends_in_a_clear_error(text: str) -> None:
    expression = feel.compile(text)
    with pytest.raises(feel.EvaluationError) as caught:
        expression.evaluate({})
    assert caught.value.fr.endswith(".") and caught.value.en.endswith(".")


def test_a_pattern_that_others_backtrack_on_is_matched() -> None:
    assert feel.evaluate('matches(text, "^(a+)+$")', {"text": "a" * 1000 + "!"}) is False
    assert feel.evaluate('matches(text, "(x+x+)+y")', {"text": "x" * 1000}) is False


@pytest.mark.parametrize("text", [
    "(" * 5000 + "1" + ")" * 5000, "[" * 200 + "]" * 200, "a" + "[1]" * 500, "f" + "()" * 500,
    "x in " + "(x in " * 60 + "(1)" + ")" * 60,
    "if a then b else " * 60 + "(" * 60,
])
def test_a_text_nested_too_deep_is_refused(text: str) -> None:
    with pytest.raises(feel.SyntaxError):
        feel.compile(text)


@pytest.mark.parametrize("text", [
    "9" * 5000 + " ** 9999", "9999999999 ** 9999999999", "exp(99999999)", "1e6000 * 1e6000", "decimal(1, 99999999)",
])
def test_huge_numbers_are_null(text: str) -> None:
    assert feel.evaluate(text, {}) is None


def test_long_but_harmless_expressions_run() -> None:
    assert feel.evaluate(" + ".join(["1"] * 2000), {}) == 2000
    assert feel.evaluate("if x = 0 then 0 else " * 200 + "1", {"x": 5}) == 1
    assert feel.evaluate("sum(for i in 1..10000 return i)", {}) == 50005000
