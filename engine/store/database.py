"""The database: one door for SQLite and PostgreSQL.

Owns: connections, their settings, and the transaction of a command (`begin`) or of a page (`read`).
Leaves: what happens inside a transaction to `unit_of_work`; making and changing tables to `schema`.
Promises: on SQLite one writer at a time, queued fairly inside the process and by file lock between processes; a transaction that fails
leaves nothing; a command never opens a second transaction inside its own.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from engine.errors import Conflict
from engine.store.tables import metadata
from engine.store.unit_of_work import UnitOfWork

_BUSY_SECONDS = 30
_SQLITE_SETTINGS = (f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL",
                    "PRAGMA foreign_keys=ON", "PRAGMA temp_store=MEMORY", "PRAGMA cache_size=-16000")


class Busy(Conflict):
    """The system is busy with other work; try again in a moment."""

    fr = "Le système est occupé par d’autres travaux ; réessayez dans un instant."


class Store:
    """A database by URL: `sqlite:///file.db`, `sqlite://` (in memory, one connection) or `postgresql://user@host/name`."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        if address.drivername in ("postgresql", "postgres"):
            address = address.set(drivername="postgresql+psycopg")
        self.url = address
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self.in_memory = self.is_sqlite and address.database in (None, "", ":memory:")
        self.engine: Engine = create_engine(address, **self._engine_options())
        self._reading: dict[str, Any] = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._local = threading.local()
        self._closing: list[Callable[[], object]] = []
        # SQLite's own waiting for the write lock polls and starves; a lock of ours queues the threads of this process.
        self._turn: AbstractContextManager[Any] = threading.RLock() if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            event.listen(self.engine, "connect", _set_up_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @classmethod
    def memory(cls) -> Store:
        """Make an empty database in memory with all tables, in about a millisecond: for rehearsals and tests."""
        store = cls("sqlite://")
        store.become(_empty_database(len(metadata.tables)))
        return store

    def copied(self) -> bytes:
        """The whole database in memory, as bytes."""
        with self._turn:
            raw = self.engine.raw_connection()
            try:
                return bytes(raw.driver_connection.serialize())  # type: ignore[union-attr]
            finally:
                raw.close()

    def become(self, copy: bytes) -> None:
        """Let a database in memory hold what another one held when it was copied, and nothing else."""
        with self._turn:
            raw = self.engine.raw_connection()
            try:
                raw.driver_connection.deserialize(copy)  # type: ignore[union-attr]
            finally:
                raw.close()

    def save_file(self, path: Path) -> None:
        """Write an SQLite database to a file of its own while it is used."""
        with closing(sqlite3.connect(path)) as copy:
            self._copy(lambda own: own.backup(copy))

    def restore_file(self, path: Path) -> None:
        """Let an SQLite database hold what a file of `save_file` holds, and nothing else. What is read meanwhile sees either."""
        with closing(sqlite3.connect(path)) as copy:
            self._copy(copy.backup)

    def _copy(self, copy: Callable[[sqlite3.Connection], object]) -> None:
        with self._turn:
            raw = self.engine.raw_connection()
            try:
                copy(raw.driver_connection)  # type: ignore[arg-type]
            finally:
                raw.close()

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """Open the transaction of one command: commits on leaving, rolls back on any error; then runs what waits for the commit.

        Raises: Busy, when the write lock is not free within half a minute; RuntimeError inside another command of this thread.
        """
        if getattr(self._local, "work", None) is not None:
            raise RuntimeError("a command may not start another command inside its transaction; use work.after_commit(...)")
        with self._turn, self._connect(write=True) as connection:
            self._local.work = work = UnitOfWork(connection)
            try:
                yield work
                connection.commit()
            finally:
                self._local.work = None
        work.run_after_commit()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for reading: one consistent view, nothing written."""
        if not self.in_memory:
            with self._connect(write=False) as connection:
                yield connection
            return
        # In memory there is one connection: who reads inside a command, or inside another read, shares it.
        work: UnitOfWork | None = getattr(self._local, "work", None)
        open_one = work.connection if work is not None else getattr(self._local, "reading", None)
        if open_one is not None:
            yield open_one
            return
        with self._turn, self._connect(write=False) as connection:
            self._local.reading = connection
            try:
                yield connection
            finally:
                self._local.reading = None

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """Open a connection for a single statement that reads: nothing is begun and nothing ended, which on PostgreSQL halves its cost."""
        if self.is_sqlite:
            with self.read() as connection:
                yield connection
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection

    def at_close(self, call: Callable[[], object]) -> None:
        """Have something closed with the store."""
        self._closing.append(call)

    def close(self) -> None:
        for call in self._closing:
            call()
        self.engine.dispose()

    @contextmanager
    def _connect(self, *, write: bool) -> Iterator[Connection]:
        """A connection in a transaction, rolled back on leaving unless it was committed before."""
        try:
            with self.engine.connect().execution_options(jalon_write=write, **self._reading if not write else {}) as connection:
                connection.begin()
                yield connection
        except OperationalError as error:
            if _is_busy(error):
                raise Busy(cause=str(error.orig)) from error
            raise

    def _engine_options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"json_serializer": _dump_json, "json_deserializer": orjson.loads}
        if self.in_memory:
            options |= {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        elif self.is_sqlite:
            options |= {"connect_args": {"check_same_thread": False, "timeout": _BUSY_SECONDS}, "pool_size": 20, "max_overflow": 40}
        else:
            options |= {
                "connect_args": {"options": f"-c timezone=UTC -c lock_timeout={_BUSY_SECONDS}s"},
                "pool_size": 10,
                "max_overflow": 40,
            }
        return options


def _dump_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # Without this the driver opens transactions by itself, and late: a reader would become a writer half way and fail.
    connection.isolation_level = None
    for setting in _SQLITE_SETTINGS:
        connection.execute(setting)


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("jalon_write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _is_busy(error: OperationalError) -> bool:
    text = str(error.orig)
    return "database is locked" in text or "lock timeout" in text


_empty: dict[int, bytes] = {}


def _empty_database(tables: int) -> bytes:
    """The bytes of a database with every known table and no row; made once for each number of known tables."""
    if tables not in _empty:
        store = Store("sqlite://")
        metadata.create_all(store.engine)
        _empty[tables] = store.copied()
        store.close()
    return _empty[tables]
