"""Rows that are written whether they are there or not, in one statement on SQLite and on PostgreSQL.

Owns: `Upsert`: insert rows, and change those whose key is there already; `Insertion`: insert rows, and leave those as they are.
Leaves: which columns change to the module that owns the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


class Upsert:
    """The statement for one table, made once for each kind of database."""

    def __init__(self, table: Table, changes: Callable[[Any], Mapping[str, Any]], key: Sequence[str] = ()) -> None:
        """Make it.

        Args:
            changes: tells what becomes of a row that is there, given the columns of the one that was to be inserted.
            key: unique columns by which a row is there, the primary key unless named.
        """
        columns = list(key or table.primary_key)
        self._statements = {dialect: self._made(insert(table), columns, changes)
                            for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))}
        self._table = table

    def write(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows; each tells the same columns."""
        if rows:
            connection.execute(self._statements[connection.dialect.name], rows)

    def write_one(self, connection: Connection, row: Mapping[str, Any], told: str) -> Any:
        """Write one row, and tell a column as it stands now."""
        return connection.execute(self._statements[connection.dialect.name].returning(self._table.c[told]), row).scalar_one()

    @staticmethod
    def _made(insert: Any, key: Sequence[Any], changes: Callable[[Any], Mapping[str, Any]]) -> Any:
        return insert.on_conflict_do_update(index_elements=key, set_=dict(changes(insert.excluded)))


class Insertion:
    """Insert rows of one table, and leave those whose key is there already as they are."""

    def __init__(self, table: Table) -> None:
        self._statements = {dialect: insert(table).on_conflict_do_nothing()
                            for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))}

    def write(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows; each tells the same columns."""
        if rows:
            connection.execute(self._statements[connection.dialect.name], rows)
