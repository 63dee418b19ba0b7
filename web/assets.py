"""What the browser loads: the built entries and the icons, by names that change with their content.

Owns: reading Vite's manifest, addresses of built files, how long each static file may be kept.
Leaves: the build to `web/editors/build.py`.
Promises: an address never serves other content, so it is kept for a year; without a build the error says how to make one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parent / "static"
YEAR_SECONDS = 365 * 24 * 3600


class NotBuilt(RuntimeError):
    """The browser's part is not built. Run: python web/editors/build.py"""

    def __init__(self, manifest: Path) -> None:
        super().__init__(f"{type(self).__doc__} (looked for {manifest.name} in {manifest.parent})")


@dataclass(frozen=True)
class Entry:
    """One entry of the build: its script and the style sheets that belong to it, as addresses."""

    script: str
    styles: tuple[str, ...]


class Assets:
    """The static files of one build."""

    def __init__(self, folder: Path = STATIC, address: str = "/static") -> None:
        self._folder, self._address = folder, address

    @cached_property
    def _manifest(self) -> dict[str, dict[str, Any]]:
        path = self._folder / "build" / ".vite" / "manifest.json"
        if not path.exists():
            raise NotBuilt(path)
        content: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return content

    def check(self) -> None:
        """Make sure the build is there. Raises: NotBuilt."""
        _ = self._manifest

    def entry(self, name: str) -> Entry:
        """Find an entry of the build: `app`, `studio-bpmn`. Raises: NotBuilt; KeyError for a name the build has not."""
        found = self._manifest[f"web/editors/{name}.ts"]
        return Entry(self._built(str(found["file"])), tuple(self._built(path) for path in dict.fromkeys(self._styles(found))))

    def _styles(self, found: dict[str, Any]) -> Iterator[str]:
        """The style sheets of a piece of the build, those of what it imports first."""
        for name in found.get("imports") or ():
            yield from self._styles(self._manifest[name])
        yield from found.get("css") or ()

    def font(self) -> str:
        """The one font, so that a page can ask for it before it has read the style sheet."""
        return self._built(next(str(item["file"]) for name, item in self._manifest.items() if name.endswith("latin-opsz-normal.woff2")))

    @cached_property
    def icons(self) -> str:
        """The address of the sheet of icons."""
        return self.plain("icons.svg")

    def plain(self, name: str) -> str:
        """The address of a file that is served as it is written."""
        digest = hashlib.sha256((self._folder / name).read_bytes()).hexdigest()[:12]
        return f"{self._address}/{name}?v={digest}"

    def _built(self, path: str) -> str:
        return f"{self._address}/build/{path}"


def keep_seconds(path: str, version: str | None) -> int:
    """Tell how long a static file may be kept: a year when its address names its content, else not at all."""
    return YEAR_SECONDS if version or path.startswith("build/assets/") else 0
