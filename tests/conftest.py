"""What every room's tests share: a real, empty, migrated database, on SQLite and on PostgreSQL.

Take `store` for a test that must hold on both, `sqlite_store` for one that needs only a file. `JALON_TEST_POSTGRES=off` leaves
PostgreSQL out.
What did not run is told at the end, loudly (`tests/report.py`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.store import schema
from engine.store.database import Store
from tests.postgres import NotStarted, Server

pytest_plugins = ["tests.report"]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL with all tables; skips, loudly, where none can be started."""
    if os.environ.get("JALON_TEST_POSTGRES") == "off":
        pytest.skip("JALON_TEST_POSTGRES=off")
    try:
        server = Server()
    except NotStarted as reason:
        pytest.skip(f"PostgreSQL was not started: {reason}")
    store = Store(server.url)
    schema.upgrade(store)
    store.close()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated SQLite file, to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    store = Store(f"sqlite:///{path}")
    schema.upgrade(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return path


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty database in an SQLite file."""
    shutil.copy(sqlite_template, tmp_path / "jalon.db")
    store = Store(f"sqlite:///{tmp_path / 'jalon.db'}")
    yield store
    store.close()


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    """An empty database on PostgreSQL."""
    store = Store(postgres_url)
    yield store
    with store.engine.begin() as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"))
        connection.execute(text(f"TRUNCATE {', '.join(tables)}"))
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty database; the test runs once on each kind."""
    chosen: Store = request.getfixturevalue("sqlite_store" if request.param == "sqlite" else "postgres_store")
    return chosen
