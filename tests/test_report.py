"""A run of the tests never hides what it did not look at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = """
import pytest

@pytest.mark.browser
def test_page() -> None:
    {browser}

def test_rule() -> None:
    pass
"""


def _run(folder: Path, browser: str, *arguments: str, **environment: str) -> tuple[int, list[str]]:
    """Run a small suite of its own with the report, and tell exit code and lines."""
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.report"]\n')
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    browser\n")
    (folder / "test_sample.py").write_text(SAMPLE.format(browser=browser))
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JALON_TEST", "PYTEST")) and name != "CI"}
    done = subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=no", "-c", str(folder / "pytest.ini"),
                           *arguments, str(folder)], cwd=folder, env={**clean, "PYTHONPATH": str(ROOT), **environment}, capture_output=True,
                          text=True, check=False)
    return done.returncode, done.stdout.strip().splitlines()


@pytest.mark.parametrize("arguments", [(), ("-n", "1")])
def test_a_run_without_chromium_says_so_in_its_last_line_and_fails_in_ci(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    for environment, expected in (({}, 0), ({"CI": "true"}, 1)):
        code, lines = _run(tmp_path, 'pytest.skip("no Chromium here")', *arguments, **environment)
        assert code == expected
        assert lines[-1].startswith("NOT WHOLE: Chromium was not there")
        assert "1 test on Chromium: no Chromium here" in lines


def test_who_leaves_chromium_out_on_purpose_passes_and_still_reads_it_last(tmp_path: Path) -> None:
    code, lines = _run(tmp_path, "raise AssertionError", JALON_TEST_BROWSER="off")
    assert (code, lines[-1]) == (0, "1 test on Chromium: JALON_TEST_BROWSER=off")


def test_the_everyday_run_says_what_it_leaves_out(tmp_path: Path) -> None:
    code, lines = _run(tmp_path, "raise AssertionError", JALON_TEST_QUICK="1")
    assert (code, lines[-1]) == (0, "1 test on Chromium: --quick leaves out: browser")


def test_a_whole_run_says_nothing_of_it(tmp_path: Path) -> None:
    code, lines = _run(tmp_path, "pass")
    assert code == 0 and not any("NOT" in line for line in lines)
