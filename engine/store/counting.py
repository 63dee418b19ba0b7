"""How much a command asks of the database: for tests and bench.

Owns: counting statements (a batch is one) and commits of a store while a block runs. `BEGIN` is not a statement here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from engine.store.database import Store


@dataclass
class Count:
    """What was asked: the statements in order, and how many commits."""

    texts: list[str] = field(default_factory=list)
    commits: int = 0

    @property
    def statements(self) -> int:
        return len(self.texts)


@contextmanager
def counted(store: Store) -> Iterator[Count]:
    """Count the statements and commits of everything that runs inside the block."""
    count = Count()

    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if not text.startswith("BEGIN"):
            count.texts.append(text)

    def commit(_connection: Any) -> None:
        count.commits += 1

    event.listen(store.engine, "before_cursor_execute", statement)
    event.listen(store.engine, "commit", commit)
    try:
        yield count
    finally:
        event.remove(store.engine, "before_cursor_execute", statement)
        event.remove(store.engine, "commit", commit)
