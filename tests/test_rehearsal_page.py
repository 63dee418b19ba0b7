"""Every example of docs/rehearsal.md runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

from engine.change.walk import read_steps

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "rehearsal.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", PAGE)


def test_the_python_examples_run_one_after_the_other() -> None:
    names: dict[str, object] = {}
    for number, block in enumerate(_blocks("python"), 1):
        exec(compile(block, f"docs/rehearsal.md, example {number}", "exec"), names)
    assert len(_blocks("python")) == 4


def test_the_example_of_a_steps_file_can_be_read() -> None:
    [steps] = _blocks("yaml")
    assert len(read_steps(steps.encode())) == 7
