"""Files that people add to a case.

Owns: reading one from a request: its name, its kind, whether it is what its name says.
Leaves: size and keeping to `engine.service`; who may to `engine.people`.
Promises: only kinds of file that offices and auditors use; a file whose first bytes are not those of its kind is refused.
"""

from __future__ import annotations

from pathlib import PurePath

from flask import request

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
    name = PurePath((sent.filename or "").replace("\\", "/")).name if sent else ""
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    if not sent or not name:
        raise NoFile()
    media_type, starts = KINDS.get(PurePath(name).suffix.lower(), ("", ()))
    if not media_type:
        raise KindNotTaken(name=name)
    content = sent.read()
    if starts and not content.startswith(starts):
        raise NotWhatItSays(name=name)
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    return NewDocument(stem[:LONGEST_NAME] + suffix, kind, media_type, content, public_to_parties)


def accepted() -> str:
    """What a file field offers to choose from."""
    return ",".join(KINDS)
