"""Process folders as ZIP files.

Owns: packing a folder and reading one that came from anywhere.
Leaves: what the files say to `engine.definitions`; where they are kept to `drafts`.
Promises: the same folder packs to the same bytes; nothing is written to disk; a file that is too large, encrypted, named twice or named
out of its folder is refused as a whole, before it is unpacked.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from engine.definitions.files import MOST_BYTES, Files, belongs
from engine.errors import Invalid
from engine.texts import Text

MOST_ENTRIES = 1_000
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_SYSTEM_FILES = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


class NotAnArchive(Invalid):
    """This file cannot be taken in: {why}."""

    fr = "Ce fichier ne peut pas être repris : {why}."


def pack(files: Files) -> bytes:
    """Pack a folder."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _FIRST_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, content)
    return data.getvalue()


def pack_all(folders: Mapping[str, Files]) -> bytes:
    """Pack several folders, each under its key."""
    return pack({f"{key}/{path}": data for key, files in folders.items() for path, data in files.items()})


def gather(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Read a folder that was sent file by file, its files at the top or in one folder of their own.

    Returns: content by path. Raises: NotAnArchive, naming the file and why.
    """
    if len(files) > MOST_ENTRIES or sum(map(len, files.values())) > MOST_BYTES:
        raise NotAnArchive(why=_TOO_LARGE)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path, _FIRST_DAY), data)
    return _unpacked(packed.getvalue())


def unpack(data: bytes) -> dict[str, bytes]:
    """Read a packed folder, its files at the top or in one folder of their own; hidden files of systems are passed over.

    Returns: content by path. Raises: NotAnArchive, naming the file and why.
    """
    if len(data) > MOST_BYTES:
        raise NotAnArchive(why=_TOO_LARGE)
    return _unpacked(data)


def _unpacked(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = _entries(archive)
            return {path: _content(archive, entry) for path, entry in entries.items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise NotAnArchive(why=_NOT_ZIP) from error


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of an archive by their path in the folder, judged by their names and declared sizes."""
    entries = [one for one in archive.infolist() if not one.is_dir()]
    if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_BYTES:
        raise NotAnArchive(why=_TOO_LARGE)
    for one in entries:
        kind = stat.S_IFMT(one.external_attr >> 16)
        if one.flag_bits & 1 or kind not in (0, stat.S_IFREG):
            raise NotAnArchive(why=_NOT_PLAIN.format(path=one.filename))
        if not _is_inside(one.filename):
            raise NotAnArchive(why=_OUTSIDE.format(path=one.filename))
    kept = [one for one in entries if not _is_of_a_system(one.filename)]
    tops = {PurePosixPath(one.filename).parts[0] for one in kept if "/" in one.filename}
    inside = all("/" in one.filename for one in kept) and len(tops) == 1 and not any(belongs(one.filename) for one in kept)
    found: dict[str, zipfile.ZipInfo] = {}
    for one in kept:
        path = one.filename.split("/", 1)[1] if inside else one.filename
        if path in found or not belongs(path):
            raise NotAnArchive(why=(_TWICE if path in found else _STRANGER).format(path=path))
        found[path] = one
    if not found:
        raise NotAnArchive(why=_EMPTY)
    return found


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Unpack one file, never more of it than it declares."""
    with archive.open(entry) as stream:
        data = stream.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise NotAnArchive(why=_TOO_LARGE)
    return data


def _is_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return (bool(parts) and ".." not in parts and not name.startswith("/") and "\\" not in name and ":" not in parts[0]
            and name.isprintable() and str(PurePosixPath(name)) == name)


def _is_of_a_system(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in _SYSTEM_FILES or part.startswith(".") for part in parts)


_TOO_LARGE = Text(f"il dépasse {MOST_BYTES // 1024**2} Mo ou {MOST_ENTRIES} fichiers",
                  f"it exceeds {MOST_BYTES // 1024**2} MB or {MOST_ENTRIES} files")
_NOT_ZIP = Text("ce n’est pas une archive ZIP lisible", "it is no readable ZIP archive")
_NOT_PLAIN = Text("{path} n’est pas un simple fichier", "{path} is no plain file")
_OUTSIDE = Text("{path} mène hors du dossier", "{path} leads out of the folder")
_TWICE = Text("{path} s’y trouve deux fois", "{path} is there twice")
_STRANGER = Text("{path} n’appartient pas à un processus", "{path} does not belong to a process")
_EMPTY = Text("il ne contient aucun fichier de processus", "it holds no file of a process")
