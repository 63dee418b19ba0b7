"""The house keeps its plan: import direction, style, types, both languages, and nothing in it that belongs to one machine."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from engine.errors import JalonError

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("engine", "handlers", "web")

#: Hosts of package registries, in pieces: this file may not name them either.
REGISTRY_HOSTS = ("py" + r"pi\.", "python" + "hosted", r"npm" + r"js\.", r"yarn" + r"pkg\.", "registry" + r"\.npm")
#: A folder of somebody's machine. Places every Debian has (/usr/lib/postgresql) are no one's.
OWN_FOLDER = re.compile(r"(?<![\w./-])/(?:root|work|home/[a-z]+|Users)/[A-Za-z0-9_]")


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)


@cache
def committed() -> tuple[Path, ...]:
    """The files of the project as Git knows them; without Git (an unpacked archive) whatever is there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("NOT CHECKED: Git does not list the files here")
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def _texts(*suffixes: str) -> Iterator[tuple[str, str]]:
    for path in committed():
        if not suffixes or path.suffix in suffixes:
            try:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def test_rooms_import_in_one_direction() -> None:
    """docs/architecture.md, section 1; the contracts stand in pyproject.toml."""
    done = _run("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr


def test_the_contracts_see_every_room() -> None:
    """A new package beside the rooms would be outside all contracts."""
    packages = {path.parent.name for path in committed() if path.name == "__init__.py" and path.parent.parent == ROOT}
    assert packages - {"tests", "bench"} <= set(ROOMS) | {"migrations"}


def test_nothing_imports_the_composition_root() -> None:
    for name, text in _texts(".py"):
        if name.split("/")[0] in ROOMS:
            imported = {alias.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for alias in node.names}
            imported |= {str(node.module) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}
            assert not imported & {"jalon", "tests", "bench"}, name


def test_the_style_is_kept() -> None:
    done = _run("-m", "ruff", "check", "--output-format", "concise", ".")
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_types_are_kept() -> None:
    done = _run("-m", "mypy", "--strict", *ROOMS, "jalon.py", "bench", "tests/report.py")
    assert done.returncode == 0, done.stdout


def test_every_error_has_a_sentence_of_its_own_in_both_languages() -> None:
    for room in ROOMS:
        for module in pkgutil.walk_packages([str(ROOT / room)], f"{room}."):
            if module.name != "web.editors.hatch_build":
                importlib.import_module(module.name)
    told = [error for error in _below(JalonError) if error.__module__.split(".")[0] in ROOMS]
    assert len(told) > 10
    inherited = [f"{error.__module__}.{error.__name__}" for error in told
                 if not (error.__doc__ or "").strip() or error.fr == error.__bases__[0].fr]  # type: ignore[attr-defined]
    assert inherited == []


def _below(error: type[JalonError]) -> Iterator[type[JalonError]]:
    for child in error.__subclasses__():
        yield child
        yield from _below(child)


def test_no_file_names_a_package_registry_or_a_folder_of_one_machine() -> None:
    found = [f"{name}: {match.group()}" for name, text in _texts()
             for pattern in (*map(re.compile, REGISTRY_HOSTS), OWN_FOLDER) if (match := pattern.search(text))]
    assert found == []


def test_no_lock_file_holds_an_address() -> None:
    """So that packages come from wherever the machine that installs gets its packages. A sponsor's page is no place to install from."""
    locks = [(name, text) for name, text in _texts(".lock", ".json") if name.endswith(("requirements.lock", "-lock.json", ".lock"))]
    assert len(locks) >= 4
    for name, text in locks:
        assert not re.search(r'"resolved"|--(?:extra-)?index-url|--find-links|git\+', text), name
        without_sponsors = re.sub(r'"funding": (?:\{[^}]*\}|\[[^\]]*\])', "", text)
        assert not re.search(r"https?://", without_sponsors), name


def _pins(lock: str) -> dict[str, list[str]]:
    """What a lock installs, as `name==version`, with its hashes."""
    pins: dict[str, list[str]] = {}
    for line in (ROOT / lock).read_text().splitlines():
        if line.startswith("    --hash=sha256:"):
            pins[next(reversed(pins))].append(line.strip(" \\"))
        elif line and not line.startswith("#"):
            pins[line.split()[0]] = []
    return pins


def test_every_package_in_the_locks_has_hashes_and_what_runs_is_part_of_what_tests() -> None:
    for lock in ("requirements.lock", "requirements-test.lock", "requirements-node.lock"):
        assert [name for name, hashes in _pins(lock).items() if not hashes] == [], lock
    assert _pins("requirements.lock").items() <= _pins("requirements-test.lock").items()


def test_what_the_project_asks_for_is_what_the_lock_installs() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, wanted in (("requirements.lock", project["dependencies"]),
                         ("requirements-test.lock", project["dependencies"] + project["optional-dependencies"]["test"])):
        # the lock writes the name bare: psycopg[binary] is psycopg and psycopg-binary there
        bare = {re.sub(r"\[.*?\]", "", one).lower().replace("_", "-") for one in wanted}
        assert bare - {pin.lower().replace("_", "-") for pin in _pins(lock)} == set(), lock


def test_every_link_of_the_documents_leads_somewhere() -> None:
    broken = []
    for name, text in _texts(".md"):
        text = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", text)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            path, _, anchor = target.partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            file = (ROOT / name).parent / path if path else ROOT / name
            if not file.exists() or (anchor and anchor not in _anchors(file)):
                broken.append(f"{name}: {target}")
    assert broken == []


def _anchors(file: Path) -> set[str]:
    """The anchors that readers of Markdown give to headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", file.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
