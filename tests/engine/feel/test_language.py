"""What expressions mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine import feel


@pytest.mark.parametrize(("text", "context", "value"), [
    ("1 + 2 * 3", {}, 7),
    ("10 / 4", {}, Decimal("2.5")),
    ("10 / 5", {}, 2),
    ("-3 ** 2", {}, 9),
    ("0.1 + 0.2", {}, Decimal("0.3")),
    ('"dossier " + number', {"number": "A-1"}, "dossier A-1"),
    ("if open > 4 then \"major\" else if open > 0 then \"minor\" else \"none\"", {"open": 5}, "major"),
    ("for i in 1..3, j in [10, 20] return i * j", {}, [10, 20, 20, 40, 30, 60]),
    ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", {}, [1, 1, 2, 6, 24]),
    ("some x in [1, 2] satisfies x > 1", {}, True),
    ("every x in [] satisfies x > 1", {}, True),
    ("findings[gravity = \"major\"].n", {"findings": [{"n": 1, "gravity": "major"}, {"n": 2, "gravity": "minor"}]}, [1]),
    ("[1, 2, 3][-1]", {}, 3),
    ("5 in ]1..5[", {}, False),
    ("5 in (1, > 4)", {}, True),
    ("x between 1 and 3 and true", {"x": 2}, True),
    ("{a: 1, b: a + 1}.b", {}, 2),
    ("[{x: 1}, {x: 2}].x", {}, [1, 2]),
    ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r", {}, 120),
    ("sort([3, 1, 2], function(a, b) a > b)", {}, [3, 2, 1]),
    ("[1, 2] instance of list<number>", {}, True),
    ("null instance of Null", {}, True), ("null instance of Any", {}, False), ("1 instance of Null", {}, False),
    ("(1..5) instance of range<number>", {}, True), ('@"P1D" instance of days and time duration', {}, True),
    ("{a: 1, b: 2} instance of context<a: number>", {}, True), ("(function(a: number) a) instance of function<number> -> Any", {}, True),
    ("list replace([1, 2, 3], function(item, new) item < new, 2)", {}, [2, 2, 3]), ("context put({a: 1}, [\"b\", \"c\"], 2).b.c", {}, 2),
    ("context merge([{a: 1}, {a: 2, b: 3}])", {}, {"a": 2, "b": 3}), ('range("[1..5)").end included', {}, False),
    ('string join(["a", null, "b"], "-")', {}, "a-b"), ("round half up(-2.5, 0)", {}, -3), ("round half down(2.5, 0)", {}, 2),
    ("5 in (!= 5)", {}, False), ("6 in (!= 5)", {}, True), ("(< 5).end", {}, 5), ("(function(a, b) a - b)(b: 1, a: 3)", {}, 2),
    ("function(a) external {java: {class: \"java.lang.Math\"}}", {}, None), ("[{a: 1}, {b: 2}].a", {}, [1, None]),
    ("// a remark\n 1 /* another */ + 1", {}, 2),
    ("substring(string: \"foobar\", start position: 4)", {}, "bar"),
    ("replace(\"0123456789\", \"(\\d{3})(\\d{3})(\\d{4})\", \"($1) $2-$3\")", {}, "(012) 345-6789"),
])
def test_an_expression_has_its_value(text: str, context: dict[str, Any], value: Any) -> None:
    assert feel.evaluate(text, context) == value


@pytest.mark.parametrize("text", [
    "missing", "missing.part", "missing > 3", "1 + \"a\"", "1 = \"1\"", "1 / 0", "[1, 2][3]", "unknown function(1)",
    "date(\"2026-02-30\")",
    "true and 3", "10 ** 10000",
    "matches(\"a\", \"(\")", "date and time(\"2026-01-01T00:00:00\") < date and time(\"2026-01-01T00:00:00Z\")",
])
def test_what_has_no_meaning_is_null_and_no_error(text: str) -> None:
    assert feel.evaluate(text, {}) is None


@pytest.mark.parametrize(("text", "value"), [
    ("false and missing", False), ("missing and false", False), ("true or missing", True), ("missing or true", True),
    ("not(missing)", None),
])
def test_and_or_not_know_three_values(text: str, value: bool | None) -> None:
    assert feel.evaluate(text, {}) is value


def test_a_month_the_anchor_lacks_clips_to_its_last_day() -> None:
    assert feel.evaluate('date("2026-01-31") + duration("P3M")', {}) == date(2026, 4, 30)
    assert feel.evaluate('@"2024-02-29" + @"P1Y"', {}) == date(2025, 2, 28)


def test_a_day_added_to_a_moment_keeps_to_the_time_line_and_its_zone() -> None:
    moment = feel.evaluate('string(date and time("2026-03-28T12:00:00@Europe/Paris") + duration("P1D"))', {})
    assert moment == "2026-03-29T13:00:00@Europe/Paris"


def test_iso_text_is_read_for_hosts() -> None:
    assert feel.parse_duration("P3M") == feel.Months(3)
    assert feel.parse_duration("PT4H") == timedelta(hours=4)
    assert feel.parse_duration("P1M2D") is None
    assert feel.parse_date_and_time("2026-01-31T09:00:00Z") == datetime(2026, 1, 31, 9, tzinfo=UTC)


def test_names_of_several_words_are_read_without_being_known() -> None:
    assert feel.compile("years of service * 2").evaluate({"years of service": 4}) == 8


def test_names_with_signs_or_operator_words_are_read_when_they_are_known() -> None:
    context = {"pre-bureau risk": "LOW", "terms and conditions": True, "a+b": 5, "a": 1, "b": 1}
    assert feel.evaluate('pre-bureau risk = "LOW" and terms and conditions', context) is True
    assert feel.evaluate("a+b", context) == 5
    assert feel.compile("a+b").evaluate(context) == 2


def test_an_expression_tells_the_variables_and_functions_it_reads() -> None:
    expression = feel.compile("client.age > limit and (for x in items return x + shift)[item > low] = f(max(1, 2)) "
                              "and deadline(\"r\", day)")
    assert expression.names == {"client", "limit", "items", "shift", "day"}
    assert expression.maybe == {"low"}
    assert expression.calls == {"max", "f", "deadline"}


def test_functions_of_the_host_are_called_by_position_and_give_the_time() -> None:
    functions: dict[str, Any] = {"today": lambda: date(2026, 5, 1), "day": lambda rule, anchor: (rule, anchor)}
    assert feel.evaluate("today() + duration(\"P1D\")", {}, functions) == date(2026, 5, 2)
    assert feel.evaluate('day("r", 3)', {}, functions) == ["r", 3]
    assert feel.evaluate("today()", {}) is None


def test_a_function_of_the_host_that_fails_is_told_with_its_cause() -> None:
    def fail() -> None:
        raise KeyError("nothing there")

    with pytest.raises(feel.EvaluationError) as caught:
        feel.evaluate("fail()", {}, {"fail": fail})
    assert isinstance(caught.value.__cause__, KeyError)


def test_floats_of_the_host_become_decimals() -> None:
    assert feel.evaluate("rate * 2", {"rate": 0.1}) == Decimal("0.2")
    assert feel.evaluate("rate = 0.1", {"rate": 0.1}) is True


def test_no_attribute_of_a_python_object_is_reachable() -> None:
    assert feel.evaluate("thing.__class__", {"thing": "text"}) is None
    assert feel.evaluate("thing.real", {"thing": object()}) is None


@pytest.mark.parametrize(("text", "line", "column"), [
    ("1 +", 1, 4), ("a >\n  > b", 2, 3), ("\"open", 1, 1), ("if a then b", 1, 12), ("#", 1, 1), ("[1, 2", 1, 6),
    ("{a 1}", 1, 5), ("a b c)", 1, 6),
])
def test_a_mistake_is_told_with_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(feel.SyntaxError) as caught:
        feel.compile(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.fr and caught.value.en


@pytest.mark.parametrize(("cell", "value", "passes"), [
    ("-", None, True), ("< 18, >= 60", 70, True), ("< 18, >= 60", 30, False), ('not("a", "b")', "c", True), ("[1..5)", 5, False),
    ("? > 3 and ? < 9", 5, True), ("limit", 4, True), ("list contains(allowed, ?)", "x", True), ("allowed", "x", True),
    ("null", None, True),
    ("not(null)", 1, True), ("> limit", 5, True), ("true", True, True), ("true", False, False), ("limit > 3", "other", True),
    ("date(\"2026-01-01\")", date(2026, 1, 1), True), ("-5", -5, True),
])
def test_a_cell_tests_a_value(cell: str, value: Any, passes: bool) -> None:
    assert feel.unary_test(cell, value, {"limit": 4, "allowed": ["x", "y"]}) is passes
