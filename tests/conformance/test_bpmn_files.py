"""Files of other people: the reference models open, the rules of the standard are kept.

The suites lie beside the project (`../shared/suites`) and are not part of it. Without them these tests are skipped, loudly.
Floors are what was reached; raise them when more is reached.
Rule: OMG BPMN MIWG reference models; BPMNspector, one folder a rule of BPMN 2.0.2.
"""

from __future__ import annotations

import posixpath
from pathlib import Path

import pytest

from engine.bpmn import lint, reader, words
from engine.bpmn.xml import BPMN, parse

SUITES = Path(__file__).resolve().parents[3] / "shared" / "suites"

#: Valid files taken (no error; what is left to do and what is not run here does not count), invalid files refused (an error), and those
#: refused for the reason that the folder names, of 105 and 170. Missing: message events of executable processes without an operation (6:
#: no tool in use writes one), files that a hand mended until they are valid (3), an import from the web (1: nothing is fetched).
VALID_TAKEN, INVALID_REFUSED, AT_THE_RULE = 105, 160, 160

#: Number of a rule → the codes by which it is told. The element is the one that the code's own test names (`tests/engine/bpmn`).
REASONS: dict[int, tuple[str, ...]] = {
    1: ("import.",), 2: ("id.twice", "process.twice"), 6: ("flow.",), 7: ("flow.",), 8: ("message_flow.",), 9: ("message_flow.",),
    11: ("escalation.without_code",), 13: ("expression.empty",), 17: ("gateway.direction",), 18: ("gateway.direction",),
    19: ("gateway.direction",), 20: ("data.collection",), 21: ("flow.wrong_source",), 22: ("flow.wrong_target",), 23: ("flow.not_listed",),
    26: ("flow.default_elsewhere",), 27: ("choreography.names_another",), 28: ("flow.across_processes",), 29: ("participant.multiplicity",),
    30: ("participant.multiplicity",), 31: ("message_flow.wrong",), 33: ("choreography.closed",), 35: ("process.public_and_executable",),
    36: ("choreography.in_a_process",), 37: ("quantity.",), 38: ("quantity.",), 42: ("message.data_",), 43: ("message.data_",),
    45: ("message.data_",), 46: ("message.data_",), 47: ("message.data_",), 51: ("message.data_",), 52: ("message.data_",),
    57: ("flow.wrong_",), 58: ("event_sub_process.starts",), 59: ("event.wrong_place", "compensation.not_interrupting",
    "event.error_not_interrupting"), 61: ("ad_hoc.empty",), 62: ("ad_hoc.", "choreography.in_a_process"), 63: ("call.other_",),
    65: ("service.binding",), 67: ("loop.how_often",), 68: ("reference.wrong_type",), 69: ("loop.item",), 70: ("loop.item",),
    79: ("data.sub_process_inputs",), 84: ("data.in_no_set",), 87: ("data.sets",), 88: ("data.in_no_set",), 89: ("data.marked",),
    90: ("data.marked",), 92: ("data.several_sources",), 93: ("event.data_count",), 94: ("event.data_kind",), 98: ("event.wrong_place",),
    99: ("call.no_plain_start",), 100: ("event.wrong_place",), 101: ("start.leads_nowhere", "flow.not_listed"), 102: ("message_flow.",),
    106: ("cancel.",), 107: ("element.", "flow.not_listed"), 108: ("message_flow.",), 109: ("message_flow.",), 113: ("boundary.",),
    114: ("compensation.",), 115: ("element.unreachable",), 117: ("flow.wrong_",), 118: ("link.",), 126: ("link.",),
    127: ("message.operation_without_message",), 136: ("event_gateway.one_way",), 138: ("event_gateway.not_an_event",),
    139: ("event_gateway.events_and_tasks",), 140: ("event_gateway.task_with_events",), 141: ("event_gateway.event_shared",),
    142: ("instantiate.not_first",), 148: ("event.wrong_place",), 149: ("event.wrong_place",), 151: ("element.without_outgoing",),
    152: ("flow.across_scopes",),
}


def _suite(name: str) -> Path:
    folder = SUITES / name
    if not folder.is_dir():
        pytest.skip(f"NOT CHECKED: the suite {name} is not at {folder.parent}")
    return folder


def _folder(file: Path) -> dict[str, bytes]:
    """A file with what it imports from beside it."""
    files: dict[str, bytes] = {}
    open_ = [file.name]
    while open_:
        name = open_.pop()
        path = file.parent / name
        if name not in files and path.is_file():
            files[name] = path.read_bytes()
            open_ += [posixpath.normpath(node.get("location") or "") for node in parse(files[name], name).iter(f"{{{BPMN}}}import")]
    return files


def test_every_reference_model_opens_as_a_draft_with_its_problems_named() -> None:
    models = sorted(_suite("miwg").glob("*.bpmn"))
    assert len(models) == 21
    for path in models:
        reading = reader.read({path.name: path.read_bytes()})
        assert reading.problems == () and reading.model.processes, path.name
        for problem in lint.check(reading):
            assert problem.message.fr and problem.remedy.en and problem.code, path.name
        for process in reading.model.processes:
            assert words.outline(reading.model, process, "fr"), path.name
        drawn = {node.get("id") for node in parse(path.read_bytes(), path.name).iter(f"{{{BPMN}}}userTask")}
        assert drawn <= {key for process in reading.model.processes.values() for key in process.elements}, path.name


def test_the_rules_of_the_standard_are_kept() -> None:
    taken, refused, told = [], [], []
    for path in sorted(_suite("bpmnspector").glob("*/*.bpmn")):
        errors = [problem for problem in lint.check(reader.read(_folder(path))) if problem.level == "error"]
        if "fail" in path.name.lower():
            refused.append(bool(errors))
            told.append(any(problem.code.startswith(REASONS.get(int(path.parent.name), ("none",))) for problem in errors))
        elif "success" in path.name.lower():
            taken.append(not errors)
    assert (len(taken), len(refused)) == (105, 170)
    print(f"bpmnspector: {sum(taken)} of {len(taken)} valid taken, {sum(refused)} of {len(refused)} invalid refused, "
          f"{sum(told)} of them at the element and for the rule that they break")
    assert sum(taken) >= VALID_TAKEN and sum(refused) >= INVALID_REFUSED and sum(told) >= AT_THE_RULE


def test_files_of_an_engine_suite_open() -> None:
    for path in sorted(_suite("betsy").glob("*/*.bpmn")):
        reading = reader.read({path.name: path.read_bytes()})
        assert reading.problems == () and reading.model.processes, path.name
        lint.check(reading)
