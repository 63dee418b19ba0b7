"""Files that people add to a case.

Owns: reading one from a request: its name, its kind, whether it is what its name says.
Leaves: size and keeping to `engine.service`; who may to `engine.people`.
Promises: only kinds of file that offices and auditors use; a file that is by its content not what its name says is
refused, and so is one with macros.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from flask import request
from werkzeug.datastructures import FileStorage

from engine.errors import Invalid
from engine.handler import NewDocument

_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
#: ending → media type, and the bytes such a file begins with
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", (_ZIP,)),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", (_ZIP,)),
    ".pptx": (f"{_OFFICE}.presentationml.presentation", (_ZIP,)),
    ".odt": (f"{_OPEN}.text", (_ZIP,)),
    ".ods": (f"{_OPEN}.spreadsheet", (_ZIP,)),
    ".odp": (f"{_OPEN}.presentation", (_ZIP,)),
    ".txt": ("text/plain", ()),
    ".csv": ("text/csv", ()),
}
#: the part that only this kind of office file has
_MAIN_PARTS = {f"{_OFFICE}.wordprocessingml": "word/document.xml", f"{_OFFICE}.spreadsheetml": "xl/workbook.xml",
               f"{_OFFICE}.presentationml": "ppt/presentation.xml"}
#: what programs, archives and pages begin with
_NO_TEXT = (b"mz", b"\x7felf", b"%pdf-", b"pk\x03\x04", b"\x89png", b"#!", b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml")
LONGEST_NAME = 200


class NoFile(Invalid):
    """Choose a file first."""

    fr = "Choisissez d’abord un fichier."


class KindNotTaken(Invalid):
    """“{name}” is not a kind of file we take: PDF, image, text, sheet or slides."""

    fr = "« {name} » n’est pas un type de fichier accepté : PDF, image, texte, tableur ou présentation."


class NotWhatItSays(Invalid):
    """“{name}” is not what its name says; save it again and send it anew."""

    fr = "« {name} » n’est pas ce que son nom annonce ; enregistrez-le de nouveau et renvoyez-le."


def posted_file(*, kind: str, public_to_parties: bool) -> NewDocument:
    """Read the file of this request. Raises: NoFile; KindNotTaken; NotWhatItSays."""
    sent = request.files.get("file")
    if not sent:
        raise NoFile()
    return read(sent, kind=kind, public_to_parties=public_to_parties)


def read(sent: FileStorage, *, kind: str, public_to_parties: bool) -> NewDocument:
    """Read one file that was sent. Raises: NoFile; KindNotTaken; NotWhatItSays."""
    name = PurePath((sent.filename or "").replace("\\", "/")).name
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    if not name:
        raise NoFile()
    ending = PurePath(name).suffix.lower()
    if ending not in KINDS:
        raise KindNotTaken(name=name)
    content = sent.read()
    if content and not _is(ending, content):
        raise NotWhatItSays(name=name)
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    return NewDocument(stem[:LONGEST_NAME] + suffix, kind, KINDS[ending][0], content, public_to_parties)


def _is(ending: str, content: bytes) -> bool:
    """Tell whether a file is by its content what its name says."""
    media_type, starts = KINDS[ending]
    if not starts:
        return _is_text(content)
    return content.startswith(starts) and (starts != (_ZIP,) or _is_office(media_type, content))


def _is_text(content: bytes) -> bool:
    """Text has no zero bytes, is UTF-8 or what Windows writes in the west of Europe, and begins like no program, archive or page."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\0" not in content and not content.lstrip()[:16].lower().startswith(_NO_TEXT)


def _is_office(media_type: str, content: bytes) -> bool:
    """An office file is a ZIP with a part by which its kind is known; what lies in it is listed and never unpacked."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            if media_type.startswith(_OPEN):
                info = archive.getinfo("mimetype")
                return info.file_size < 200 and archive.read(info).decode("ascii", "replace").strip() == media_type
    except (BadZipFile, KeyError, RuntimeError, NotImplementedError):
        return False
    if any(PurePath(one).name.lower() == "vbaproject.bin" for one in names):
        return False
    return "[Content_Types].xml" in names and _MAIN_PARTS[media_type.rpartition(".")[0]] in names


def accepted() -> str:
    """What a file field offers to choose from."""
    return ",".join(KINDS)


def decoded(content: bytes) -> str:
    """The text of a text file, whatever office wrote it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
