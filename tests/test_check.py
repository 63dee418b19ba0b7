"""`jalon check FILE…`: what it says, in which form, and with which exit code.

Rule: exit code 0 deployable, 1 only a draft, 2 unreadable; `--json` for machines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import jalon
from tests.engine.bpmn.drawing import END, START, chain, definitions, diagram

SOUND = diagram(chain(START, '<userTask id="x" jalon:groups="auditor"/>', END))
UNFINISHED = diagram(chain(START, '<serviceTask id="x"/>', END))
BROKEN = diagram(chain(START, '<userTask id="x" jalon:groups="auditor"/>', END, '<endEvent id="late"/>'))
ADVISED = diagram(chain(START, '<userTask id="x" jalon:groups="auditor"/>'))
TABLE = b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="D" name="d" namespace="n"><decision id="a" name="a"/>'
TIMER = diagram(chain(START, '<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>P3X</timeDuration></timerEventDefinition>'
                             "</intermediateCatchEvent>", END))


def check(folder: Path, files: Mapping[str, bytes], *options: str) -> Result:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return CliRunner().invoke(jalon.main, ["check", *options, *(str(folder / name) for name in files)])


@pytest.mark.parametrize(("files", "code"), [
    ({"a.bpmn": SOUND}, 0), ({"a.bpmn": ADVISED}, 0), ({"a.bpmn": UNFINISHED}, 1), ({"a.bpmn": BROKEN}, 1), ({"a.bpmn": TIMER}, 1),
    ({"a.bpmn": b"<a><b></a>"}, 2), ({"a.bpmn": b""}, 2), ({"a.bpmn": b"<html/>"}, 2), ({"a.bpmn": SOUND, "b.bpmn": b"<a"}, 2),
    ({"a.dmn": TABLE}, 2), ({"a.form.json": b"{"}, 2), ({"a.form.json": b'{"components": []}'}, 0), ({"notes.txt": b"hello"}, 2),
    ({"a.bpmn": SOUND, "notes.txt": b"hello"}, 0),
    ({"a.xml": SOUND}, 0), ({"a.bpmn20.xml": SOUND}, 0), ({"a.xml": b"<html/>"}, 2), ({"a.bpmn": definitions("")}, 1),
    ({"a.bpmn": SOUND, "texts.en.yaml": b"elements: ["}, 2),
    ({"a.bpmn": definitions('<process id="p" isExecutable="false"><task id="x"/></process>')}, 1),
], ids=lambda value: ", ".join(value) if isinstance(value, dict) else str(value))
def test_the_exit_code_says_what_can_be_done_with_the_files(tmp_path: Path, files: Mapping[str, bytes], code: int) -> None:
    result = check(tmp_path, files)
    assert result.exit_code == code, result.output


def test_problems_are_told_as_text_with_file_element_code_and_remedy(tmp_path: Path) -> None:
    output = check(tmp_path, {"a.bpmn": UNFINISHED}).output
    assert "a.bpmn#x service.without_handler" in output and "1 problem(s)" in output


def test_problems_are_told_as_json_for_machines(tmp_path: Path) -> None:
    told = json.loads(check(tmp_path, {"a.bpmn": UNFINISHED}, "--json").stdout)
    assert [(one["file"], one["element"], one["code"], one["level"]) for one in told] == [
        ("a.bpmn", "x", "service.without_handler", "draft")]
    assert all(one[part][locale] for one in told for part in ("message", "remedy") for locale in ("fr", "en"))
    assert json.loads(check(tmp_path / "sound", {"a.bpmn": SOUND}, "--json").stdout) == []


def test_two_files_of_one_name_are_both_judged(tmp_path: Path) -> None:
    result = check(tmp_path, {"one/a.bpmn": SOUND, "two/a.bpmn": b"<a"})
    assert result.exit_code == 2 and "two/a.bpmn" in result.output


def test_what_ships_is_deployable() -> None:
    folders = [str(folder) for folder in sorted(jalon.PROCESSES.iterdir()) if folder.is_dir() and list(folder.glob("*.bpmn"))]
    result = CliRunner().invoke(jalon.main, ["check", *folders])
    assert len(folders) >= 2 and result.exit_code == 0, result.output


def test_what_lies_beside_the_processes_is_named_and_stops_nothing() -> None:
    """`./jalon check processes/*` meets the people and directories of the demo too."""
    result = CliRunner().invoke(jalon.main, ["check", *(str(path) for path in sorted(jalon.PROCESSES.iterdir()))])
    assert result.exit_code == 0 and "file.unknown_kind" in result.output
