"""Process folders as files: path inside the folder → content.

Owns: which files of a folder are deployed, reading and writing folders, the hash of a version.
Leaves: what the files say to `package`.
Promises: the same files have the same hash wherever they lie; nothing is written outside the folder given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from engine.errors import Invalid

Files = Mapping[str, bytes]
SUFFIXES = (".bpmn", ".dmn", ".form.json")
NAMES = frozenset({"deadlines.yaml", "letters.yaml", "texts.en.yaml"})
SCENARIOS = "scenarios"
FOLDERS = frozenset({SCENARIOS, "samples"})  #: the stories of a process, and the data they start with
MOST_BYTES = 20 * 1024 * 1024


class FolderNotReadable(Invalid):
    """The process folder {folder} cannot be read: {why}."""

    fr = "Le dossier de processus {folder} ne peut pas être lu : {why}."


def belongs(path: str) -> bool:
    """Tell whether a file is deployed with its folder: diagrams, tables, forms, rules, letters, texts, stories and their samples."""
    parts = PurePosixPath(path).parts
    if not parts or any(part.startswith(".") or part == ".." for part in parts) or path.startswith("/"):
        return False
    return parts[0] in FOLDERS if len(parts) > 1 else path.endswith(SUFFIXES) or path in NAMES


def read_folder(folder: Path) -> dict[str, bytes]:
    """Read the files of one process folder. Raises: FolderNotReadable, when it is none, is empty or is too large."""
    if not folder.is_dir():
        raise FolderNotReadable(folder=folder.name, why="it is not there")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and belongs(path.relative_to(folder).as_posix()))
    if not any(path.suffix == ".bpmn" for path in paths):
        raise FolderNotReadable(folder=folder.name, why="it holds no diagram")
    if sum(path.stat().st_size for path in paths) > MOST_BYTES:
        raise FolderNotReadable(folder=folder.name, why=f"it is larger than {MOST_BYTES} bytes")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def folders(processes: Path) -> dict[str, dict[str, bytes]]:
    """Read every process folder under a folder, by key: those that hold a diagram."""
    return {path.name: read_folder(path) for path in sorted(processes.iterdir()) if path.is_dir() and any(path.glob("*.bpmn"))}


def write_folder(files: Files, folder: Path) -> None:
    """Write the files of a version into a folder, in place of the files of a version that lie there; other files stay."""
    kept = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()} if folder.is_dir() else {}
    for name, path in kept.items():
        if belongs(name) and name not in files:
            path.unlink()
    for name, content in files.items():
        if not belongs(name):
            raise FolderNotReadable(folder=folder.name, why=f"{name} does not belong in a process folder")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def content_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def version_hash(files: Files) -> str:
    """The hash of all files of a version, by path."""
    told = "".join(f"{path}\0{content_hash(content)}\n" for path, content in sorted(files.items()))
    return hashlib.sha256(told.encode()).hexdigest()
