"""The wheel holds everything and runs without the source, without a node on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_rooms import ROOT, committed

pytestmark = pytest.mark.packaging


def _without_node(folder: Path) -> str:
    """A PATH that has what the machine's has, but neither node nor npm."""
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            if program.name not in ("node", "nodejs", "npm", "npx", "corepack") and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program)
    return str(folder)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The wheel, built from the committed files alone in a folder with spaces."""
    folder = tmp_path_factory.mktemp("a wheel")
    source = folder / "the source"
    for path in committed():
        target = source / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    done = subprocess.run([sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", folder / "out", source],
                          env={**os.environ, "PATH": _without_node(folder / "programs")}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    yield next((folder / "out").glob("jalon-*.whl"))
    shutil.rmtree(source)


def _missing(wheel: Path) -> set[str]:
    """What the rooms have and the wheel has not."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    rooms = ("engine/", "handlers/", "web/", "migrations/", "processes/")
    return {name for path in committed() if (name := str(path.relative_to(ROOT))).startswith(rooms)} - inside


def test_the_wheel_holds_every_room_the_build_and_the_command_line(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert _missing(wheel) == set()
    assert "jalon.py" in names and "web/static/build/.vite/manifest.json" in names
    assert any(name.startswith("web/static/build/assets/") and name.endswith(".js") for name in names)
    assert [name for name in names if name.split("/")[0] in ("tests", "bench", "docs", "node_modules") or "__pycache__" in name] == []


class Installed:
    """The wheel in a new environment that shares the packages of this one, but none of its source."""

    def __init__(self, wheel: Path, folder: Path) -> None:
        self.folder, self.home = folder, folder / "installed"
        venv.create(self.home, with_pip=False)
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        (self.home / "lib" / version / "site-packages" / "shared.pth").write_text(sysconfig.get_path("purelib"))
        pip = [sys.executable, "-m", "pip", "--python", str(self.home / "bin/python"), "install", "--no-deps", "--no-index", "--quiet"]
        subprocess.run([*pip, str(wheel)], check=True, capture_output=True)

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([self.home / "bin" / program, *arguments], cwd=self.folder, capture_output=True, text=True, check=False,
                              env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "JALON_LANG": "en"})


def test_the_wheel_runs_alone(wheel: Path, tmp_path: Path) -> None:
    """It deploys what ships into a new database where it is started, not among the packages."""
    installed = Installed(wheel, tmp_path)
    where = installed.run("python", "-c", "import jalon; print(jalon.__file__)")
    assert where.stdout.startswith(str(installed.home)), where.stderr
    deployed = installed.run("jalon", "processes", "deploy")
    assert deployed.returncode == 0 and "certification 1" in deployed.stdout, deployed.stderr
    assert (tmp_path / ".data/body/jalon.sqlite3").exists()
    refused = installed.run("jalon", "test")
    assert refused.returncode == 1 and "in the source" in refused.stderr
