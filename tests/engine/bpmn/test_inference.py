"""What an expression gives and where its types clash: told before it runs, and never falsely.

Rule: DMN 1.5, 10.3.2.3 and tables 49 to 57.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest

from engine import feel
from engine.bpmn.inference import infer
from engine.feel.types import Type, simple

VALUES: dict[str, Any] = {
    "number": 3, "string": "a", "boolean": True, "date": date(2026, 1, 31), "time": time(9, 30, tzinfo=UTC),
    "date and time": datetime(2026, 1, 31, 9, tzinfo=UTC), "days and time duration": timedelta(days=2),
    "years and months duration": feel.Months(2), "list": [3], "context": {"x": 3},
}
KINDS = list(VALUES)
PAIRS = ("{0} + {1}", "{0} - {1}", "{0} * {1}", "{0} / {1}", "{0} ** {1}", "{0} = {1}", "{0} != {1}", "{0} < {1}", "{0} >= {1}",
         "{0} in ({1})", "{0} in [{1}..{1}]", "{0} between {1} and {1}", "contains({0}, {1})", "append({0}, {1})", "decimal({0}, {1})",
         "string join([{0}], {1})", "years and months duration({0}, {1})", "substring({0}, {1})")
ALONE = ("-{0}", "not({0})", "upper case({0})", "count({0})", "string({0})", "number({0})", "date({0})", "date and time({0})", "sum({0})",
         "{0}.x", "abs({0})", "day of week({0})", "if {0} then 1 else 2", "{0}[1]", "for i in {0} return i", "duration({0})", "min({0})")


def kinds_in(text: str, **names: Type) -> tuple[str | None, list[str]]:
    found, clashes = infer(feel.compile(text).tree, names)
    return (found.kind if found else None), [clash.what for clash in clashes]


@pytest.mark.parametrize("text", PAIRS)
def test_what_is_said_to_clash_gives_nothing_and_what_is_said_to_be_given_is_given(text: str) -> None:
    """Each operator and function over every pair of kinds, held against the evaluator."""
    for one, other in product(KINDS, KINDS):
        written = text.format("a", "b")
        value = feel.evaluate(written, {"a": VALUES[one], "b": VALUES[other]})
        found, clashes = infer(feel.compile(written).tree, {"a": simple(one), "b": simple(other)})
        if clashes:
            assert value in (None, False), (written, one, other, value)
        elif value is not None and found is not None and found.kind != "Any":
            assert feel.kind(value) == found.kind, (written, one, other, value, found)


@pytest.mark.parametrize("text", ALONE)
def test_the_same_over_one_value(text: str) -> None:
    for one in KINDS:
        written = text.format("a")
        value = feel.evaluate(written, {"a": VALUES[one]})
        found, clashes = infer(feel.compile(written).tree, {"a": simple(one)})
        if clashes:
            assert value is None or written.startswith("if"), (written, one, value)
        elif value is not None and found is not None and found.kind not in ("Any", "list"):
            assert feel.kind(value) == found.kind, (written, one, value, found)


@pytest.mark.parametrize(("text", "found", "clashes"), [
    ("n > 1 and s = \"x\"", "boolean", []), ("s > 1", "boolean", [">"]), ("d + d", None, ["+"]), ("d + @\"P1D\"", "date", []),
    ("d - d", "days and time duration", []), ("n and b", "boolean", ["and"]), ("if n then 1 else 2", "number", ["if"]),
    ("if b then 1 else null", "number", []), ("if b then 1 else s", None, []), ("count(l) > s", "boolean", [">"]),
    ("l[1] + \"a\"", None, ["+"]), ("l[item > \"a\"]", "list", []), ("c.x + \"a\"", None, ["+"]), ("c.y + \"a\"", None, []),
    ("for i in l return i + \"a\"", "list", ["+"]), ("some i in l satisfies i > \"a\"", "boolean", [">"]),
    ("{a: 1, b: a + \"x\"}", "context", ["+"]), ("s in (1, 2)", "boolean", ["in"]), ("n in (< 5, [7..9], 12)", "boolean", []),
    ("unknown + 1 = \"a\"", "boolean", []), ("s = null or n != null", "boolean", []), ("max(1, \"a\")", "Any", []),
    ("upper case(n)", "string", ["upper case"]), ("n.x", None, [".x"]), ("today() > d", "boolean", []), ("now() > d", "boolean", [">"]),
    ("duration(\"P1D\") + duration(\"P1Y\")", None, ["+"]), ("substring(string: s, start position: s)", "string", ["substring"]),
    ("(function(n) n + 1)(s)", None, []), ("s instance of number", "boolean", []),
])
def test_a_type_is_told_where_it_is_known_and_a_clash_where_it_is_sure(text: str, found: str | None, clashes: list[str]) -> None:
    names = {"n": simple("number"), "s": simple("string"), "b": simple("boolean"), "d": simple("date"),
             "l": Type("list", item=simple("number")), "c": Type("context", fields={"x": Type("number")})}
    assert kinds_in(text, **{name: one for name, one in names.items() if one is not None}) == (found, clashes)
