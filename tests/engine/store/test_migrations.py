"""The migrations make exactly the tables of the code."""

from __future__ import annotations

from importlib.util import find_spec

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.store.database import Store
from engine.store.tables import metadata

if find_spec("handlers.registers.tables"):
    import handlers.registers.tables  # noqa: F401


def test_the_migrations_make_exactly_the_tables_of_the_code(store: Store) -> None:
    """A column added to the code without a migration would break the next update of a running body.

    The way out: `python -m engine.store.schema "What changes"`.
    """
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
