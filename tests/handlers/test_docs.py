"""The example of `docs/handlers.md` is code that runs: its handler is registered, its tests pass."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

from engine.handler import Task
from handlers.catalogue import registry
from tests.handlers.conftest import ROOT

BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs/handlers.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "example"}
    for block in BLOCKS:
        exec(compile(block, "docs/handlers.md", "exec", dont_inherit=True), names)
    return names


def test_the_example_is_a_handler_like_ours(example: dict[str, Any]) -> None:
    [handler] = list(example["registry"])
    assert handler.name == "renewal.invite" and handler.name not in registry()
    assert list(inspect.signature(handler.call).parameters) == ["task", "mailer"]


@pytest.mark.parametrize("name", re.findall(r"^def (test_\w+)", "\n".join(BLOCKS), re.MULTILINE))
def test_the_example_keeps_its_own_tests(example: dict[str, Any], task: Callable[..., Task], name: str) -> None:
    example[name](task)
