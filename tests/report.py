"""What a run of the tests did not look at, said last and loudly; and the figures of the conformance suites.

Owns: the marks tests get of themselves, `--quick`, the last lines of a run, and its exit code when a part could not run.
Leaves: skipping, with its reason, to the fixtures that need the part.
Promises: a run without PostgreSQL or without Chromium never looks whole: it says so in its last line, and exits with 1 where `CI` is
set, unless that was asked for by `JALON_TEST_POSTGRES=off` or `JALON_TEST_BROWSER=off`. On a machine that cannot have the part, what can
run decides. With xdist too: everything here is read from reports.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
QUICK = os.environ.get("JALON_TEST_QUICK") == "1"
#: what the everyday run leaves out
NOT_QUICK = ("browser", "postgres", "packaging", "slow")
#: parts that a machine may lack, the setting that leaves them out on purpose, and what brings them
PARTS = {"postgres": ("PostgreSQL", "JALON_TEST_POSTGRES", "apt install postgresql"),
         "browser": ("Chromium", "JALON_TEST_BROWSER", "apt install chromium")}
#: folders whose tests print figures that a reader of the run wants to see
TELLING = ("tests/conformance/", "tests/processes/", "tests/engine/change/")


@dataclass
class Seen:
    """What the reports of one run said."""

    skipped: dict[str, Counter[str]] = field(default_factory=dict)     #: part → reason → tests
    told: dict[str, None] = field(default_factory=dict)                #: lines in their order, each once
    scenarios: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)              #: part → tests

    def add(self, report: pytest.TestReport) -> None:
        part = next((mark for mark in PARTS if mark in report.keywords), "")
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.setdefault(part, Counter())[_reason(report)] += 1
        elif report.when == "call":
            self.passed[part] += report.passed
            if "scenarios" in report.nodeid:
                self.scenarios[report.outcome] += 1
            if report.nodeid.startswith(TELLING):
                self.told |= dict.fromkeys(line.strip() for line in report.capstdout.splitlines() if _is_figure(line))

    def lacking(self) -> list[str]:
        """Parts that could not run although nobody left them out."""
        return [] if QUICK else [part for part, (_, setting, _) in PARTS.items()
                                 if part in self.skipped and os.environ.get(setting) != "off"]


SEEN = Seen()


def _reason(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return " ".join(text.removeprefix("Skipped: ").split())[:300]


def _is_figure(line: str) -> bool:
    return bool(re.search(r"\d+ of \d+|\d+ passed", line))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in _marks(item):
            item.add_marker(mark)
        left_out = [mark for mark in NOT_QUICK if item.get_closest_marker(mark)]
        if QUICK and left_out:
            item.add_marker(pytest.mark.skip(reason=f"--quick leaves out: {left_out[0]}"))


def _marks(item: pytest.Item) -> Iterable[pytest.MarkDecorator]:
    """Marks that follow from where a test stands and what it uses, so that nobody forgets them."""
    if TESTS / "browser" in item.path.parents:
        yield pytest.mark.browser
        yield pytest.mark.xdist_group("browser")        # one Chromium at a time
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    if "postgresql" in parameters.values() or {"postgres_url", "postgres_store"} & set(getattr(item, "fixturenames", ())):
        yield pytest.mark.postgres
    if item.get_closest_marker("packaging"):
        yield pytest.mark.xdist_group("packaging")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and os.environ.get("JALON_TEST_BROWSER") == "off":
        pytest.skip("JALON_TEST_BROWSER=off")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    SEEN.add(report)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> Iterator[None]:
    """Fail a run of CI that lacked a part, and speak after pytest's own last line, so that what was not run is what one reads last."""
    if exitstatus == pytest.ExitCode.OK and os.environ.get("CI") and SEEN.lacking():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    yield
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and not hasattr(session.config, "workerinput"):
        _tell_figures(terminal)
        _tell_not_run(terminal)


def _tell_figures(terminal: pytest.TerminalReporter) -> None:
    if SEEN.told or SEEN.scenarios:
        terminal.section("figures", sep="-")
    for line in SEEN.told:
        terminal.write_line(line)
    if SEEN.scenarios:
        terminal.write_line(f"scenario tests: {SEEN.scenarios['passed']} passed, {SEEN.scenarios['failed']} failed")


def _tell_not_run(terminal: pytest.TerminalReporter) -> None:
    if SEEN.skipped:
        terminal.section("NOT RUN", sep="!", red=True, bold=True)
    for part, reasons in SEEN.skipped.items():
        for reason, count in reasons.most_common():
            what = f"{count} test{'s' if count > 1 else ''}{f' on {PARTS[part][0]}' if part else ''}"
            terminal.write_line(f"{what}: {reason}", red=True)
    for part in SEEN.lacking():
        name, setting, remedy = PARTS[part]
        said = f"NOT WHOLE: {name} was not there. As root: {remedy}. To leave it out on purpose: {setting}=off"
        terminal.write_line(said, red=True, bold=True)
