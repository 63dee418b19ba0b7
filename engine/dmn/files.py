"""Decision files that import each other.

Owns: reading several files in the order their imports ask for.
Leaves: reading one to `decisions`.
Promises: a file that cannot be read stops no other; a circle of imports is named, not followed.
Rule: DMN 1.5, 6.3.3 (import).
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.dmn import xml
from engine.dmn.decisions import Decisions, read
from engine.dmn.errors import NotReadable
from engine.texts import Text


def read_all(files: Mapping[str, bytes]) -> dict[str, Decisions | NotReadable]:
    """Read decision files that may import each other, whatever their order.

    Args:
        files: contents by path.
    Returns: by path, in the order given, the file read or why it cannot be; files that import each other in a circle cannot.
    """
    found: dict[str, Decisions | NotReadable] = {}
    waiting = {path: _imports(content) for path, content in files.items()}
    given = {namespace for namespace, _ in waiting.values()}
    while waiting:
        read_before = [one for one in found.values() if isinstance(one, Decisions)]
        open_ = {namespace for namespace, _ in waiting.values()}
        ready = [path for path, (namespace, wanted) in waiting.items() if not (wanted & given & open_) - {namespace}]
        for path in ready or list(waiting):
            found[path] = _read_or_why(files[path], path, read_before) if ready else NotReadable(_IN_A_CIRCLE, file=path)
            del waiting[path]
    return {path: found[path] for path in files}


_IN_A_CIRCLE = Text("il fait partie de fichiers qui s’importent en cercle.", "it is one of files that import each other in a circle.")


def _read_or_why(content: bytes, path: str, imports: list[Decisions]) -> Decisions | NotReadable:
    try:
        return read(content, path, imports)
    except NotReadable as error:
        return error


def _imports(content: bytes) -> tuple[str, frozenset[str]]:
    """The namespace of a file and those it imports; nothing for a file that cannot be read."""
    try:
        root = xml.parse(content, "")
    except NotReadable:
        return "", frozenset()
    return str(root.get("namespace") or ""), frozenset(str(one.get("namespace") or "") for one in xml.children(root, "import"))
