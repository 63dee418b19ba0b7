"""Runs the migrations on the connection that `engine.store.schema` hands over.

The tables are those of the engine and of the body's registers; both sit on one `metadata`.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Literal

from alembic import context

from engine.store.tables import Moment, metadata

if find_spec("handlers.registers") and find_spec("handlers.registers.tables"):
    import handlers.registers.tables  # noqa: F401  adds the registers' tables to the same metadata



def _plain_types(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write a moment as what it is in the database: a migration must not change when the code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_item=_plain_types, compare_type=True, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
if connection.in_transaction():
    connection.commit()
