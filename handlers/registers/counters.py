"""Numbers without gaps: of cases, certificates and quotes.

Owns: the rows of `counter`.
Leaves: how a number is written to the register that asks for it.
Promises: a number is used up only if the transaction that took it commits; two transactions never get the same one.
"""

from __future__ import annotations

from sqlalchemy import Connection

from engine.store.tables import counter
from engine.store.upserts import Upsert

_TAKE = Upsert(counter, lambda new: {"value": counter.c.value + new.value})


class Counters:
    """The counters, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next(self, name: str) -> int:
        """Take the next number of a counter, 1 for a new one. The row stays locked until the transaction ends."""
        return int(_TAKE.write_one(self._connection, {"name": name, "value": 1}, "value"))
