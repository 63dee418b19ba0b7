"""Stand-ins for the company directory and the public list of training organisations, answering from a small file.

Owns: `DirectoryFromFile` and `PublicListFromFile`, for the demo, scenarios and tests.
Leaves: asking the real services to adapters that go over the network.
Promises: what the file does not name is an ordinary, active company and listed provider, so that only the exceptions are written down;
`up` set to False, they do not answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handlers.ports import Company, Listed, Unreachable


class DirectoryFromFile:
    """Knows every SIREN; the exceptions are {siren: null, when unknown, or {"name", "active"}}."""

    def __init__(self, exceptions: Mapping[str, Mapping[str, Any] | None] | None = None) -> None:
        self._exceptions = dict(exceptions or {})
        self.up = True

    @classmethod
    def read(cls, path: Path) -> DirectoryFromFile:
        """Read the exceptions under `companies` of a JSON file."""
        return cls(json.loads(path.read_text(encoding="utf-8")).get("companies", {}))

    def company(self, siren: str) -> Company | None:
        if not self.up:
            raise Unreachable(service="company directory")
        known = self._exceptions.get(siren, {})
        return None if known is None else Company(siren, known.get("name", ""), bool(known.get("active", True)))


class PublicListFromFile:
    """Lists every NDA; the exceptions are {nda: null, when not listed, or {"siren", "name"}}."""

    def __init__(self, exceptions: Mapping[str, Mapping[str, Any] | None] | None = None) -> None:
        self._exceptions = dict(exceptions or {})
        self.up = True

    @classmethod
    def read(cls, path: Path) -> PublicListFromFile:
        """Read the exceptions under `providers` of a JSON file."""
        return cls(json.loads(path.read_text(encoding="utf-8")).get("providers", {}))

    def provider(self, nda: str) -> Listed | None:
        if not self.up:
            raise Unreachable(service="public list")
        known = self._exceptions.get(nda, {})
        return None if known is None else Listed(nda, known.get("siren", ""), known.get("name", ""))
