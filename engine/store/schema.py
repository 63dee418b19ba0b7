"""The tables of a database, made and brought up to date.

Owns: running the migrations of `migrations/` from code. Nobody needs the `alembic` command or an ini file.
Promises: a new database and one that went through every release have the same tables (a test compares them).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.store.database import Store

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(store: Store, revision: str = "head") -> None:
    """Bring a database to a revision, by default the newest; does nothing when it is there already."""
    config = _config()
    with store.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def current(store: Store) -> str | None:
    """Tell the revision a database is at; None when it has no tables yet."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """Tell the newest revision there is."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def revise(message: str) -> None:
    """Write a new migration from the difference between the newest revision and the tables of the code; read it before committing it.

    On the command line: `python -m engine.store.schema "What changes"`.
    """
    number = f"{len(list((FOLDER / 'versions').glob('0*.py'))) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/now.db")
        upgrade(store)
        config = _config()
        with store.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message=message, autogenerate=True, rev_id=number)
        store.close()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


if __name__ == "__main__":
    revise(" ".join(sys.argv[1:]))
