"""The bell between processes that share a PostgreSQL database: a command in one wakes the worker in another.

Owns: ringing inside a transaction (heard only if it commits) and listening on a connection of its own.
Leaves: waking inside one process to `engine.service.commands`; SQLite has one working process and needs no bell.
Promises: a bell that is missed costs a delay, never work: the safety sweep looks anyway.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

import psycopg
from sqlalchemy import Connection, text

from engine.store.database import Store

log = logging.getLogger(__name__)
_CHANNEL = "jalon"
_RING = text(f"SELECT pg_notify('{_CHANNEL}', :hints)")
_LOOK_AGAIN_SECONDS = 1.0


def ring(connection: Connection, hints: Iterable[str]) -> None:
    """Tell other processes, once this transaction commits, what there is to do. Nothing on SQLite."""
    if connection.dialect.name == "postgresql":
        connection.execute(_RING, {"hints": ",".join(sorted(hints))})


class Listener:
    """A thread that hears the bell; does nothing on SQLite."""

    def __init__(self, store: Store, heard: Callable[[frozenset[str]], object]) -> None:
        self._store, self._heard = store, heard
        self._stopping = threading.Event()
        self.hears = threading.Event()  #: set once it listens
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if not self._store.is_sqlite:
            self._thread = threading.Thread(target=self._listen, name="jalon-bell", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(10)

    def _listen(self) -> None:
        """Listen until stopped; a connection that breaks is opened anew."""
        address = self._store.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while not self._stopping.is_set():
            try:
                with psycopg.connect(address, autocommit=True) as connection:
                    connection.execute(f"LISTEN {_CHANNEL}")
                    self.hears.set()
                    while not self._stopping.is_set():
                        for note in connection.notifies(timeout=_LOOK_AGAIN_SECONDS):
                            self._heard(frozenset(note.payload.split(",")))
            except psycopg.Error:
                log.warning("the bell's connection broke; it is opened anew", exc_info=True)
                self._stopping.wait(_LOOK_AGAIN_SECONDS)
