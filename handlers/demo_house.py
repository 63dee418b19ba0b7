"""The demo's data folder: its settings and secret, how it is made, its clock, and the way back to its start.

Owns: the files of the folder: `jalon.sqlite3`, `start.sqlite3` (a copy from when it was made), `secret`, `made`, `ahead` (how far its
clock was pushed).
Leaves: who lives in it and what they did to `demo_body`, moving its time to `engine.change.leaps`, serving it to `jalon.py`.
Promises: a demo whose making was interrupted is made anew; the clock keeps its lead over a restart; back at the start, data and clock are
those of the first day, and everybody stays who they are.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.change.rehearsal import Rehearsal
from engine.clock import PushedClock, VirtualClock
from engine.definitions import folders
from engine.people.accounts import Accounts
from engine.people.person import Person
from engine.service import Engine
from engine.settings import Settings
from engine.store import schema
from engine.store.database import Store
from handlers import binding, catalogue, demo_body
from handlers.validators import VALIDATORS


@dataclass(frozen=True)
class DemoHouse:
    """The demo in one folder. `processes`: what ships, with the plan and the cast."""

    folder: Path
    processes: Path

    @property
    def directories(self) -> Path:
        """The file of the stand-ins for the company directory and the public list."""
        return self.processes / demo_body.DIRECTORIES

    @property
    def is_made(self) -> bool:
        return (self.folder / "made").exists()

    def clear(self) -> None:
        """Throw everything away."""
        if self.folder.exists():
            shutil.rmtree(self.folder)

    def settings(self, port: int) -> Settings:
        """Its settings; its secret is made on the first start and kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        secret = self.folder / "secret"
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_urlsafe(48))
        return Settings.load(None, data_dir=self.folder, database_url=f"sqlite:///{self.folder / 'jalon.sqlite3'}",
                             secret_key=secret.read_text(), base_url=f"http://127.0.0.1:{port}", body=demo_body.IDENTITY)

    def make(self, settings: Settings, progress: Callable[[datetime], None]) -> int:
        """Let the engine live the plan in virtual time, up to now; the last thing written says that it is whole.

        Args:
            progress: told once a month of virtual time.
        Returns: how many cases began.
        """
        for file in self.folder.glob("*.sqlite3*"):
            file.unlink()
        now, store = datetime.now(UTC), Store(settings.database)
        schema.upgrade(store)
        clock = VirtualClock(now - demo_body.LIVES_FOR)
        rehearsal = Rehearsal(clock, store=store, registry=catalogue.registry(), settings=settings, validators=VALIDATORS,
                              ports=binding.live(store, clock, settings, directories=self.directories,
                                                 refused=demo_body.refused(self.processes)), enrol=demo_body.enrol)
        rehearsal.deploy_all(folders(self.processes))
        count = demo_body.live(rehearsal, self.processes, now, progress)
        store.save_file(self._start)
        store.close()
        (self.folder / "ahead").unlink(missing_ok=True)
        (self.folder / "made").write_text(now.isoformat())
        return count

    def clock(self) -> PushedClock:
        """Its clock: the machine's, ahead by as much as visitors have pushed it."""
        file = self.folder / "ahead"
        seconds = float(file.read_text()) if file.exists() else 0.0
        return PushedClock(timedelta(seconds=seconds), keep=lambda ahead: file.write_text(str(ahead.total_seconds())))

    def restart(self, store: Store, engine: Engine, clock: PushedClock) -> None:
        """Set data and clock back to the first day, while it is served. Who is who stays: people keep their ids."""
        store.restore_file(self._start)
        clock.restart()
        if engine.around.hot is not None:
            engine.around.hot.forget()

    @property
    def can_restart(self) -> bool:
        return self._start.exists()

    @property
    def _start(self) -> Path:
        return self.folder / "start.sqlite3"


def everybody(store: Store) -> tuple[Person, ...]:
    """The people a visitor may become, staff first."""
    with store.read() as connection:
        found = Accounts(connection).everybody()
    return tuple(sorted(found, key=lambda one: (not one.is_staff, one.name)))
