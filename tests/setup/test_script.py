"""The `./jalon` script: what it makes, installs and builds, and what it says when that fails.

The real set-up takes a minute and a package registry; here a stand-in for Python writes down what it is asked to do.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-node.lock")

#: Writes its arguments down, in one line; makes a copy of itself where a virtual environment is asked for.
PYTHON = r"""#!/bin/sh
printf '%s|' "$@" | tr '\n' ' ' >>"$LOG"; echo >>"$LOG"
case "$*" in
    --version) echo "Python 3.12.0" ;;
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && : >"$3/pyvenv.cfg" ;;
    *build.py\ --check) exit "${CHECK:-0}" ;;
    *build.py\ --has-node) exit "${HAS_NODE:-0}" ;;
    *build.py) exit "${BUILD:-0}" ;;
    *subprocess*) exit "${PIP:-0}" ;;
esac
"""


class Machine:
    """A machine with the stand-in as its only Python, and a copy of the project in a folder with spaces."""

    def __init__(self, folder: Path) -> None:
        self.home, self.log, self.programs = folder / "of a body" / "jalon", folder / "log", folder / "programs"
        self.home.mkdir(parents=True)
        for name in ("jalon", *LOCKS):
            shutil.copy(ROOT / name, self.home / name)
        self.programs.mkdir()
        for name in ("sh", "dirname", "readlink", "grep", "cmp", "cp", "mkdir", "rm", "ls", "tr"):
            (self.programs / name).symlink_to(str(shutil.which(name)))
        (self.programs / "python3").write_text(PYTHON)
        (self.programs / "python3").chmod(0o755)

    def run(self, *arguments: str, script: str = "", **environment: object) -> subprocess.CompletedProcess[str]:
        self.log.write_text("")
        settings = {"PATH": str(self.programs), "LOG": str(self.log), "LANG": "C.UTF-8"}
        settings |= {name: str(value) for name, value in environment.items()}
        return subprocess.run([script or str(self.home / "jalon"), *arguments], cwd=self.programs, env=settings, capture_output=True,
                              text=True, check=False)

    def asked(self) -> list[str]:
        """What the last run asked for, in short."""
        found = []
        for line in self.log.read_text().splitlines():
            lock = next((lock for lock in LOCKS if f"/{lock}|" in line), "")
            if "subprocess" in line:
                found.append(f"install {lock}")
            elif line.startswith("-m|venv|"):
                found.append("venv")
            elif "/build.py|" in line and "--" not in line:
                found.append("build")
            elif "/jalon.py|" in line:
                found.append(line.rpartition("/")[2].replace("|", " ").strip())
        return found


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_script_is_plain_sh() -> None:
    for shell in filter(None, map(shutil.which, ("sh", "dash", "bash"))):
        assert subprocess.run([shell, "-n", ROOT / "jalon"], capture_output=True, text=True, check=False).stderr == ""
    text = (ROOT / "jalon").read_text()
    assert not re.search(r"\[\[|\blocal\b|\bfunction\b|<\(|\$'", text), "bash only"


def test_a_bare_machine_is_set_up_and_the_second_start_does_nothing_of_it(machine: Machine) -> None:
    first = machine.run("demo", "--port", "8001")
    assert (first.returncode, machine.asked()) == (0, ["venv", "install requirements.lock", "jalon.py demo --port 8001"])
    assert "making the virtual environment" in first.stderr and "installing" in first.stderr
    second = machine.run("demo")
    assert (second.stderr, machine.asked()) == ("", ["jalon.py demo"])


def test_it_works_through_a_link_from_elsewhere(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(machine.home / "jalon")
    machine.run("--help", script=str(tmp_path / "link"))
    assert machine.asked()[-1] == "jalon.py --help"
    assert (machine.home / ".venv").is_dir()


def test_what_tests_need_includes_what_running_needs(machine: Machine) -> None:
    machine.run("test")
    assert machine.asked() == ["venv", "install requirements-test.lock", "jalon.py test"]
    machine.run("serve")
    assert machine.asked() == ["jalon.py serve"]


def test_a_changed_lock_file_is_installed_at_the_next_start(machine: Machine) -> None:
    machine.run("scenarios")
    with (machine.home / "requirements.lock").open("a") as lock:
        lock.write("# newer\n")
    machine.run("scenarios")
    assert machine.asked() == ["install requirements.lock", "jalon.py scenarios"]


def test_a_node_is_installed_only_where_the_build_is_due_and_no_node_is_there(machine: Machine) -> None:
    machine.run("demo", CHECK=1, HAS_NODE=1)
    assert machine.asked() == ["venv", "install requirements.lock", "install requirements-node.lock", "build", "jalon.py demo"]
    machine.run("demo", CHECK=1)
    assert machine.asked() == ["build", "jalon.py demo"]
    machine.run("scenarios", CHECK=1, HAS_NODE=1)
    assert machine.asked() == ["jalon.py scenarios"], "only what serves pages needs the build"


@pytest.mark.parametrize(("failure", "told"), [
    ({"PIP": 1}, "Is the package registry reachable?"), ({"CHECK": 1, "BUILD": 2}, "the browser's part could not be built")])
def test_a_failure_says_what_to_do_and_the_next_start_goes_on(machine: Machine, failure: dict[str, int], told: str) -> None:
    failed = machine.run("demo", **failure)
    assert failed.returncode == 2 and told in failed.stderr and "jalon.py demo" not in machine.asked()
    machine.run("demo")
    assert machine.asked()[-1] == "jalon.py demo" and "venv" not in machine.asked()


def test_without_a_python_new_enough_it_says_which_is_needed(machine: Machine) -> None:
    (machine.programs / "python3").write_text("#!/bin/sh\nexit 1\n")
    failed = machine.run("demo")
    assert failed.returncode == 2 and "Python 3.11 or newer was not found" in failed.stderr


def test_an_environment_whose_python_is_gone_is_made_anew_with_its_packages(machine: Machine) -> None:
    machine.run("scenarios")
    (machine.home / ".venv/bin/python").unlink()
    machine.run("scenarios")
    assert machine.asked() == ["venv", "install requirements.lock", "jalon.py scenarios"]


def test_a_folder_that_is_no_environment_is_never_thrown_away(machine: Machine, tmp_path: Path) -> None:
    kept = tmp_path / "letters" / "of a client"
    kept.mkdir(parents=True)
    failed = machine.run("demo", JALON_VENV=kept.parent)
    assert failed.returncode == 2 and "no virtual environment" in failed.stderr and kept.is_dir()


def test_help_lists_every_command_with_one_whole_line_each() -> None:
    import jalon

    done = subprocess.run([sys.executable, ROOT / "jalon.py", "--help"], capture_output=True, text=True, check=True,
                          env={**os.environ, "COLUMNS": "80"})
    assert done.stdout.startswith("Usage: jalon ")
    listed = done.stdout.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == sorted(jalon.main.commands)
    assert all(len(line.split()) > 2 and line.endswith(".") and not line.endswith("..") for line in listed), listed
