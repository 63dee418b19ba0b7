"""What docs/feel.md says is so: its examples give the values beside them, its table names every function, its limits are the limits."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import jalon
from engine import feel
from engine.feel import budget

PAGE = Path(__file__).resolve().parents[3] / "docs" / "feel.md"
TEXT = PAGE.read_text(encoding="utf-8")
HOST: dict[str, Any] = {"now": lambda: datetime(2026, 1, 31, 9, tzinfo=UTC), "today": lambda: date(2026, 1, 31)}
#: `| `expression` | `value` |` and what may follow
EXAMPLE = re.compile(r"(?m)^\| `([^`]+)` \| `([^`]+)` \|")


def rows() -> list[str]:
    """The table of the built-in functions as the page shows it."""
    found = dict.fromkeys((one.subject, one.name) for one in feel.signatures())
    lines = []
    for _, name in sorted(found):
        ways = [one for one in feel.signatures() if one.name == name]
        called = " · ".join(f"`{one.text}`" for one in ways)
        lines.append(f"| {called} | {ways[0].en.replace('`', '')} | `{ways[0].example}` = `{ways[0].value}` |")
    return lines


def test_the_page_names_every_function_as_it_is() -> None:
    assert [row for row in rows() if row not in TEXT.splitlines()] == []


@pytest.mark.parametrize(("text", "value"), EXAMPLE.findall(TEXT))
def test_an_example_gives_the_value_beside_it(text: str, value: str) -> None:
    context = {"amount": 800_000, "category": "CFA", "findings": [{"gravity": "major", "n": 1}, {"gravity": "minor", "n": 2}]}
    found = feel.evaluate(text, context, HOST)
    assert feel.evaluate("string([v])", {"v": found}) == feel.evaluate(f"string([{value}])", context)


def test_the_limits_are_those_of_the_page() -> None:
    for limit in (budget.MAX_STEPS, budget.MAX_CALL_DEPTH, budget.MAX_TEXT, budget.MAX_ITEMS, budget.MAX_EXPRESSION, budget.MAX_WORDS):
        assert f"| {limit:,} " in TEXT


@pytest.mark.parametrize(("command", "answer"), re.findall(r"(?m)^    \$ \./jalon (.+)\n    (.+)$", TEXT))
def test_a_command_answers_as_the_page_says(command: str, answer: str) -> None:
    arguments = [str(PAGE.parents[1] / one) if one.endswith(".dmn") else one for one in shlex.split(command)]
    result = CliRunner().invoke(jalon.main, arguments, env={"JALON_LANG": "en"})
    told = result.output.strip().splitlines()[-1]
    assert json.loads(told) == json.loads(answer) if answer[0] in "{[" else told == answer
