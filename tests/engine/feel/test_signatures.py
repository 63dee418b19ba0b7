"""What an editor of expressions is told about the built-in functions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine import feel

HOST: dict[str, Any] = {"now": lambda: datetime(2026, 1, 31, 9, tzinfo=UTC), "today": lambda: date(2026, 1, 31)}


def test_every_built_in_is_described_in_both_languages() -> None:
    told = {one.name for one in feel.signatures()}
    assert told == set(feel.BUILTINS) | {"now", "today"}
    assert all(one.fr.endswith((".", "?")) and one.en.endswith((".", "?")) and one.subject and one.result for one in feel.signatures())


@pytest.mark.parametrize("one", {one.name: one for one in feel.signatures()}.values(), ids=lambda one: one.name)
def test_the_example_of_a_built_in_gives_what_is_told(one: feel.Help) -> None:
    assert feel.evaluate(f"({one.example}) = ({one.value})", {}, HOST) is True


def test_a_signature_is_ready_for_a_page() -> None:
    found = [one for one in feel.signatures() if one.name == "substring"]
    assert [one.text for one in found] == ["substring(string, start position, [length])"]
    assert found[0].to_json()["parameters"][2] == {"name": "length", "type": "number", "optional": True, "many": False}
    assert found[0].to_json()["description"].keys() == {"fr", "en"}
