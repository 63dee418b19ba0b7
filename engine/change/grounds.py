"""Where the drafts and versions of one house are tried.

Owns: `Grounds`: finding the files of a draft or version, and putting them among the published folders.
Leaves: what a ground is to `ground`; who may ask to the commands that use it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from engine.change import drafts
from engine.change.ground import Cast, Ground
from engine.change.performances import Stage
from engine.definitions import Package, deployment
from engine.definitions.checks import stops
from engine.definitions.files import Files
from engine.problems import NotDeployable
from engine.service import Engine


class Grounds:
    """The grounds of one engine. `stage` makes a rehearsal that begins at a moment; `house`: see `Ground`."""

    def __init__(self, engine: Engine, stage: Stage, cast: Cast, house: str) -> None:
        self.engine, self.store, self.stage, self.cast, self.house = engine, engine.store, stage, cast, house

    def now(self) -> datetime:
        """The present moment by the engine's clock."""
        return self.engine.clock.now()

    def package(self, connection: Connection, content_id: str) -> Package:
        """A version or a draft. Raises: NoSuchDraft."""
        try:
            return self.engine.library.package(content_id)
        except deployment.NoSuchVersion:
            there = drafts.get(connection, content_id)
            return Package.read(there.key, drafts.files(connection, there.id), self.engine.library.zone)

    def content(self, content_id: str) -> tuple[str, Files]:
        """Key and files of a draft or version. Raises: NoSuchDraft."""
        with self.store.read() as connection:
            package = self.package(connection, content_id)
        return package.key, package.files

    def around(self, key: str, files: Files) -> Ground:
        """Put files among the newest published versions, whatever is in them."""
        return Ground.around(self.engine.library, Package.read(key, files, self.engine.library.zone), self.cast, self.house)

    def playable(self, key: str, files: Files) -> Ground:
        """Put files among the newest published versions, where they can be played. Raises: NotDeployable, with the problems."""
        wrong = stops(self.engine.check_files(files, key))
        if wrong:
            raise NotDeployable(wrong)
        return self.around(key, files)
