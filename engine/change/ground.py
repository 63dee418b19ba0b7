"""Where a draft is tried: its files among the published folders, with the people of the stories.

Owns: `Ground`: which stories concern a draft, laying everything out as files, and the digest of all that a story reads.
Leaves: playing stories to `scenarios`, what they have shown to `proofs`.
Promises: a draft takes the place of its published version and of nothing else; the same digest means that a story would read the same.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from engine.change.rehearsal import Rehearsal
from engine.definitions import Library, Package, write_folder
from engine.definitions.files import SCENARIOS, Files, content_hash

Cast = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Story:
    """One story: the folder it lies in and its path there."""

    folder: str
    path: str

    @property
    def name(self) -> str:
        return f"{self.folder}/{Path(self.path).stem}"


@dataclass(frozen=True)
class Ground:
    """The folders a draft is tried with.

    Attributes:
        key: folder of the draft. packages: every folder by key, the draft in its place. cast: people of the stories, by login.
        house: what else a run depends on: the handlers there are, the release.
    """

    key: str
    packages: Mapping[str, Package]
    cast: Cast
    house: str = ""

    @classmethod
    def around(cls, library: Library, draft: Package, cast: Cast, house: str = "") -> Ground:
        """Put a draft among the newest published versions."""
        published = {package.key: package for package in library.published().values()}
        return cls(draft.key, {**published, draft.key: draft}, cast, house)

    @property
    def draft(self) -> Package:
        return self.packages[self.key]

    @property
    def folders(self) -> dict[str, Files]:
        return {key: package.files for key, package in self.packages.items()}

    def stories(self) -> tuple[Story, ...]:
        """The draft's own stories, then those of the folders that call it, directly or by way of others."""
        keys = [self.key, *sorted(self._callers())]
        return tuple(Story(key, path) for key in keys for path in sorted(self.packages[key].files) if is_story(path))

    def digest(self, story: Story) -> str:
        """Of everything a story reads: all folders but their other stories, the people, the house, and its own words."""
        told = [self._everything_else, story.folder, story.path, content_hash(self.packages[story.folder].files[story.path])]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def replay_digest(self) -> str:
        """Of everything a replay of real cases reads here: all but the stories."""
        return hashlib.sha256(f"replay {self._everything_else} {self.key}".encode()).hexdigest()

    @contextmanager
    def laid_out(self) -> Iterator[Path]:
        """Lay the folders and the cast out as files, for as long as the stories are read."""
        with tempfile.TemporaryDirectory(prefix="jalon-") as name:
            place = Path(name)
            for key, package in self.packages.items():
                write_folder(package.files, place / key)
            people = {login: dict(facts) for login, facts in self.cast.items()}
            (place / "cast.yaml").write_text(yaml.safe_dump({"people": people}, allow_unicode=True), encoding="utf-8")
            yield place

    def set_up(self, rehearsal: Rehearsal) -> Rehearsal:
        """Publish the folders in a rehearsal and make the cast known there. Raises: NotDeployable, with the problems."""
        rehearsal.deploy_all(self.folders)
        rehearsal.add_people(self.cast)
        return rehearsal

    @cached_property
    def _everything_else(self) -> str:
        kept = {key: {path: content_hash(data) for path, data in sorted(package.files.items()) if not is_story(path)}
                for key, package in sorted(self.packages.items())}
        return hashlib.sha256(json.dumps([self.house, _plain(self.cast), kept], sort_keys=True).encode()).hexdigest()

    def _callers(self) -> set[str]:
        """Folders from which a call leads into the draft."""
        leads = {key: {home for home, other in self.packages.items() if not package.calls().isdisjoint(other.model.processes)}
                 for key, package in self.packages.items()}
        found: set[str] = set()
        waiting = [self.key]
        while waiting:
            called = waiting.pop()
            new = {key for key, to in leads.items() if called in to} - found - {self.key}
            found |= new
            waiting += new
        return found


def is_story(path: str) -> bool:
    """Tell whether a path of a folder is that of a story: `scenarios/<name>.yaml`."""
    parts = path.split("/")
    return len(parts) == 2 and parts[0] == SCENARIOS and path.endswith(".yaml")


def _plain(cast: Cast) -> dict[str, Any]:
    """The cast as JSON, for the digest."""
    plain: dict[str, Any] = json.loads(json.dumps(cast, default=str))
    return plain
