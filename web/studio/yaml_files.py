"""The files of a draft that are written as YAML: changing one entry and leaving the rest.

Owns: reading and writing `deadlines.yaml`, `letters.yaml` and `texts.en.yaml` as trees.
Leaves: what an entry must say to `engine.work.rules`, `engine.letters`, `engine.bpmn` and `engine.forms`.
Promises: the order of entries stays, and so do the comment lines on top; an entry that was not touched says the same as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

WIDE = 1_000_000


def read(data: bytes | None, root: str) -> dict[str, Any]:
    """The entries under the root key, {} for no file or one that cannot be read."""
    entries = _tree(data).get(root)
    return dict(entries) if isinstance(entries, dict) else {}


def is_readable(data: bytes | None, root: str) -> bool:
    """Tell whether changing one entry would keep the others: no file, or one that can be read."""
    return data is None or bool(read(data, root))


def write(data: bytes | None, root: str, entries: Mapping[str, Any]) -> bytes:
    """The file with these entries; its other roots and the comment lines on top of the old one stay."""
    top = []
    for line in (data or b"").decode("utf-8", "replace").splitlines():
        if not line.startswith("#"):
            break
        top.append(line)
    body = yaml.dump({**_tree(data), root: dict(entries)}, Dumper=_Readable, allow_unicode=True, sort_keys=False, width=WIDE)
    return ("\n".join([*top, body])).encode()


def _tree(data: bytes | None) -> dict[str, Any]:
    try:
        tree = yaml.safe_load(data or b"")
    except (yaml.YAMLError, UnicodeDecodeError):
        return {}
    return tree if isinstance(tree, dict) else {}


class _Readable(yaml.SafeDumper):
    """Texts of several lines as blocks, each value once."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Readable.add_representer(str, _text)
