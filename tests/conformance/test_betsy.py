"""Betsy's processes: one per feature of BPMN, with what each must log.

The suite lies beside the project (`../shared/suites`) and is not part of it. Without it this test is skipped, loudly.
What we do not run must be refused by the lint or the kernel; only what is listed here with its reason runs otherwise than betsy expects.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn import lint, reader
from tests.conformance import betsy

SUITE = Path(__file__).resolve().parents[3] / "shared" / "suites" / "betsy"

#: Cases whose log is as expected, of 155. Raise it when more is reached.
EQUAL = 153

#: This file holds no SCRIPT_task3, which betsy expects of it: nothing could log that.
OTHERWISE = {"AdHocSubProcess_Parallel"}


def test_every_feature_runs_as_expected_or_is_refused() -> None:
    if not SUITE.is_dir():
        pytest.skip(f"NOT CHECKED: the suite betsy is not at {SUITE.parent}")
    counted: Counter[str] = Counter()
    silent = set()
    for feature in json.loads((SUITE / "expectations.json").read_text()):
        content = (SUITE / feature["group"] / f"{feature['name']}.bpmn").read_bytes()
        for case in feature["cases"]:
            logged = betsy.outcome(content, case)
            if _equal(logged, case):
                counted["equal"] += 1
            elif logged != ["ERROR_deployment"] and not _refused(content):
                silent.add(feature["name"])
            else:
                counted["refused"] += 1
    cases = sum(counted.values()) + len(silent)
    print(f"betsy: {counted['equal']} of {cases} cases as expected, {counted['refused']} refused by name, {len(silent)} otherwise "
          f"({', '.join(sorted(silent))})")
    assert silent == OTHERWISE
    assert counted["equal"] >= EQUAL


def _equal(logged: list[str], case: Mapping[str, Any]) -> bool:
    expected = sorted(case["expect"])
    if "MARKER_exists" not in expected:
        logged = [word for word in logged if word != "MARKER_exists"]
    if "ERROR" in expected:
        logged = ["ERROR" if word.startswith("ERROR") else word for word in logged]
    return sorted(logged) == expected


def _refused(content: bytes) -> bool:
    found = lint.check(reader.read({"betsy.bpmn": betsy.adapted(content)}))
    return any(problem.level == "error" for problem in found)
