"""The conformance suite of the DMN Technology Compatibility Kit, read where it lies beside the project.

Owns: reading its test cases and comparing. Value cases (an expected value that is not null) are counted apart from null cases, since an
engine that always answers null passes many of the whole.
Rule: suites/README.md beside the project; numbers are compared to 1e-8 relative.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from lxml import etree  # type: ignore[import-untyped]

from engine import dmn, feel

SUITE = Path(__file__).parents[2].parent / "shared" / "suites" / "dmn-tck"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
#: value cases of level 3 that pass today; a change may only raise it
VALUE_FLOOR = 1387


class Tally(NamedTuple):
    """Passed and whole numbers of value cases and null cases, and each failure in words."""

    values_passed: int
    values: int
    nulls_passed: int
    nulls: int
    failures: list[str]


def tally(level: str) -> Tally:
    """Run all cases of a level."""
    counts = [0, 0, 0, 0]
    failures: list[str] = []
    for folder in sorted((SUITE / level).iterdir()):
        for case, node, expected, found in _cases(folder):
            at = 2 if expected is None else 0
            counts[at + 1] += 1
            if _same(expected, found):
                counts[at] += 1
            else:
                failures.append(f"{folder.name} {case} {node}: expected {expected!r}, found {found!r}")
    return Tally(counts[0], counts[1], counts[2], counts[3], failures)


def _cases(folder: Path) -> Iterator[tuple[str, str, Any, Any]]:
    for file in sorted(folder.glob("*.xml")):
        cases = etree.parse(str(file)).getroot()
        decisions = _model(folder, str(cases.findtext("{*}modelName")).strip())
        for case in cases.iter("{*}testCase"):
            inputs = {str(node.get("name")): _value(node) for node in case.iterchildren("{*}inputNode")}
            for node in case.iterchildren("{*}resultNode"):
                name = str(case.get("invocableName") or node.get("name"))
                expected = None if node.get("errorResult") == "true" else _value(node.find("{*}expected"))
                yield str(case.get("id")), str(node.get("name")), expected, _found(decisions, name, inputs, case, node)


def _found(decisions: dmn.Decisions, name: str, inputs: dict[str, Any], case: Any, node: Any) -> Any:
    try:
        value = decisions.evaluate(name, inputs, {"now": lambda: feel.parse_date_and_time("2026-01-31T09:00:00Z"),
                                                  "today": lambda: feel.parse_date("2026-01-31")}).value
    except feel.EvaluationError:
        return None
    if case.get("invocableName") and isinstance(value, dict) and node.get("name") in value:
        return value[node.get("name")]
    return value


def _model(folder: Path, name: str) -> dmn.Decisions:
    """Read a model; files it imports first, however they import each other."""
    files = {file.name: file.read_bytes() for file in folder.glob("*.dmn")}
    read: list[dmn.Decisions] = []
    wanted = {file: {str(one.get("namespace")) for one in etree.fromstring(content).iterchildren("{*}import")}
              for file, content in files.items()}
    while files:
        ready = [file for file in files if file != name and wanted[file] <= {one.namespace for one in read}]
        file = ready[0] if ready else name
        read.append(dmn.read(files.pop(file), file, read))
        if file == name:
            break
    return read[-1]


def _value(node: Any) -> Any:
    """Read a value as test cases write it: a value, components, or a list of items."""
    if node is None:
        return None
    items = node.find("{*}list")
    if items is not None:
        return None if items.get(XSI + "nil") == "true" else [_value(item) for item in items.iterchildren("{*}item")]
    components = list(node.iterchildren("{*}component"))
    if components:
        return {str(one.get("name")): _value(one) for one in components}
    value = node.find("{*}value")
    if value is None or value.get(XSI + "nil") == "true":
        return None
    return _READERS[str(value.get(XSI + "type") or "xsd:string").rpartition(":")[2]](value.text or "")


_READERS: dict[str, Any] = {
    "string": str, "boolean": lambda text: text.strip() == "true", "decimal": lambda text: Decimal(text.strip()),
    "double": lambda text: Decimal(text.strip()), "integer": lambda text: Decimal(text.strip()),
    "date": lambda text: feel.at_literal(text) or text, "time": lambda text: feel.at_literal(text) or text,
    "dateTime": lambda text: feel.at_literal(text) or text, "duration": feel.at_literal,
}


def _same(expected: Any, found: Any) -> bool:
    if feel.kind(expected) == feel.kind(found) == "number":
        return abs(Decimal(expected) - Decimal(found)) <= Decimal("1e-8") * max(abs(Decimal(expected)), Decimal(1))
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(_same, expected, found))
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(_same(value, found[key]) for key, value in expected.items())
    return feel.kind(expected) == feel.kind(found) and bool(feel.equal(expected, found, lambda steps: None))


@pytest.fixture(scope="module", autouse=True)
def _suite() -> None:
    if not SUITE.is_dir():
        pytest.skip("THE DMN CONFORMANCE SUITE IS NOT HERE: nothing of it was checked (it lies in ../shared/suites/dmn-tck)")


def test_all_cases_of_level_2_pass() -> None:
    found = tally("compliance-level-2")
    print(f"\nDMN TCK level 2: {found.values_passed} of {found.values} value cases, {found.nulls_passed} of {found.nulls} null cases")
    assert found.failures == []
    assert found.values + found.nulls >= 116


def test_level_3_does_not_fall_back() -> None:
    found = tally("compliance-level-3")
    print(f"\nDMN TCK level 3: {found.values_passed} of {found.values} value cases, {found.nulls_passed} of {found.nulls} null cases")
    assert found.values_passed >= VALUE_FLOOR, found.failures
    assert found.nulls_passed == found.nulls, found.failures
