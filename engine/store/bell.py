"""The bell between processes that share a PostgreSQL database: a command in one wakes the worker in another.

Owns: ringing once a command has committed, and listening, each on a connection of its own.
Leaves: waking inside one process to `engine.service.commands`; SQLite has one working process and needs no bell.
Promises: no command pays for the bell inside its transaction; a bell that is missed costs a delay, never work: the safety sweep looks
anyway.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

from engine.store.database import Store

log = logging.getLogger(__name__)
_CHANNEL = "jalon"
_RING = f"SELECT pg_notify('{_CHANNEL}', %s)"
_LOOK_AGAIN_SECONDS = 1.0


class Bell:
    """What one process rings; safe for threads. Does nothing on SQLite. The connection is opened at the first ring."""

    def __init__(self, store: Store) -> None:
        self._store, self._lock = store, threading.Lock()
        self._connection: psycopg.Connection[Any] | None = None

    def ring(self, hints: Iterable[str]) -> None:
        """Tell other processes what there is to do now that a command has committed. A connection that breaks is opened anew next time."""
        if self._store.is_sqlite:
            return
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = psycopg.connect(_address(self._store), autocommit=True)
                self._connection.execute(_RING, (",".join(sorted(hints)),))
            except psycopg.Error:
                log.warning("the bell could not be rung; the sweep looks anyway", exc_info=True)
                self._hang_up()

    def close(self) -> None:
        with self._lock:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


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
        while not self._stopping.is_set():
            try:
                with psycopg.connect(_address(self._store), autocommit=True) as connection:
                    connection.execute(f"LISTEN {_CHANNEL}")
                    self.hears.set()
                    while not self._stopping.is_set():
                        for note in connection.notifies(timeout=_LOOK_AGAIN_SECONDS):
                            self._heard(frozenset(note.payload.split(",")))
            except psycopg.Error:
                log.warning("the bell's connection broke; it is opened anew", exc_info=True)
                self._stopping.wait(_LOOK_AGAIN_SECONDS)


def _address(store: Store) -> str:
    return store.url.set(drivername="postgresql").render_as_string(hide_password=False)
