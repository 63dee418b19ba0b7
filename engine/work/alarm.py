"""When there is something to do next, whatever kind of row says so.

Owns: asking several tables for their earliest moment in one statement.
Leaves: which moment of a table counts to the module that owns it.
Promises: looking costs one statement, however many kinds of work there are and however much waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, select


def earliest(connection: Connection, moments: Sequence[Select[tuple[datetime]]]) -> datetime | None:
    """Tell the earliest of several moments, each told by a query for at most one; None when there is none."""
    row = connection.execute(_together(tuple(moments))).one()
    return min((moment for moment in row if moment is not None), default=None)


@lru_cache(maxsize=16)
def _together(moments: tuple[Select[tuple[datetime]], ...]) -> Select[Any]:
    return select(*(moment.scalar_subquery() for moment in moments))
