"""What the documents say is so: every setting is told, and the worked example deploys and runs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import jalon
from engine.change import performances, scenarios
from engine.definitions import folders
from engine.settings import PREFIX, Settings

DOCS = Path(__file__).resolve().parents[1] / "docs"
EXAMPLES = DOCS / "examples"


def _settings(model: type[BaseModel] = Settings, above: str = PREFIX) -> Iterator[tuple[str, Any]]:
    """Each setting by the name people set, with what it is when nobody sets it."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _settings(field.annotation, f"{above}{name.upper()}__")
        else:
            yield above + (field.alias or name).upper(), field.default


def test_every_setting_is_told_and_none_that_is_not_there() -> None:
    told = set(re.findall(r"(?m)^\| `(JALON_[A-Z_]+)` \|", (DOCS / "operate.md").read_text()))
    assert told == {name for name, _ in _settings()}


def test_what_a_setting_is_when_nobody_sets_it_is_told_rightly() -> None:
    cells = dict(re.findall(r"(?m)^\| `(JALON_[A-Z_]+)` \| ([^|]*) \|", (DOCS / "operate.md").read_text()))
    for name, default in _settings():
        if name in ("JALON_DATA_DIR", "JALON_DATABASE_URL", "JALON_SECRET_KEY", "JALON_MAIL__HOST"):
            continue        # what follows from leaving these out is told in words
        assert default is not PydanticUndefined
        shown = getattr(default, "get_secret_value", lambda value=default: value)()
        wanted = "empty" if shown == "" else f"`{str(shown).lower() if isinstance(shown, bool) else shown}`"
        assert cells[name] == wanted, name


def test_every_command_that_a_document_names_is_there() -> None:
    for path in [*DOCS.glob("*.md"), DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md"]:
        for command, sub in re.findall(r"\./jalon ([a-z]+)(?: ([a-z]+)\b)?", path.read_text()):
            assert command in jalon.main.commands, f"{path.name}: {command}"
            group = jalon.main.commands[command]
            assert not hasattr(group, "commands") or not sub or sub in group.commands, f"{path.name}: {command} {sub}"


def test_the_example_has_nothing_wrong_with_it() -> None:
    found = jalon.make_rehearsal(datetime(2026, 1, 1, tzinfo=UTC)).check(folders(EXAMPLES)["complaint"])
    assert [(problem.element, problem.code) for problem in found] == []


@pytest.mark.parametrize("story", scenarios.find(EXAMPLES), ids=lambda story: story.file.stem)
def test_the_example_is_deployed_and_runs_as_its_stories_say(story: scenarios.Scenario, tmp_path: Path) -> None:
    """As the page says: beside the processes that ship."""
    shutil.copytree(EXAMPLES / "complaint", tmp_path / "complaint")
    for name in ("cast.yaml", "groups.yaml"):
        shutil.copy(jalon.PROCESSES / name, tmp_path / name)
    outcome = performances.play(story, jalon.make_rehearsal, tmp_path)
    assert outcome.problem is None, str(outcome.problem)
