"""Numbers without gaps: of cases, certificates and quotes.

Owns: the rows of `counter`.
Leaves: how a number is written to the register that asks for it.
Promises: a number is used up only if the transaction that took it commits; two transactions never get the same one.
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.store.tables import counter


class Counters:
    """The counters, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next(self, name: str) -> int:
        """Take the next number of a counter, 1 for a new one. The row stays locked until the transaction ends."""
        if self._advance(name) == 0:
            self._open(name)
        return int(self._connection.execute(select(counter.c.value).where(counter.c.name == name)).scalar_one())

    def _advance(self, name: str) -> int:
        return self._connection.execute(update(counter).where(counter.c.name == name).values(value=counter.c.value + 1)).rowcount

    def _open(self, name: str) -> None:
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(counter).values(name=name, value=1))
        except IntegrityError:                              # another node opened it a moment ago
            self._advance(name)
