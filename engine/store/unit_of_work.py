"""The transaction of one command.

Owns: the connection of a command, the one instance it may lock, and what runs once it is committed.
Leaves: opening and committing to `Store.begin`; nobody below a command commits.
Promises: a command never holds two instances; what waits for the commit does not run when the command fails.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, select

from engine.errors import NotFound
from engine.store.tables import instance

log = logging.getLogger(__name__)


class InstanceNotFound(NotFound):
    """There is no such case."""

    fr = "Ce dossier n’existe pas."


class Lockable:
    """A query over `instance` and what is joined to it, made once, with its locking form.

    Whoever waits for the lock reads the instance as it is then, but what is joined as it was before. So the locking form also tells how
    many changes the case had seen before, to compare.
    """

    def __init__(self, query: Select[Any]) -> None:
        self.query, self.locking = query, query.add_columns(_changes_before().label("changes_before")).with_for_update(of=instance)


def _changes_before() -> ColumnElement[int]:
    before = instance.alias("before")
    return select(before.c.revision + before.c.event_seq).where(before.c.id == instance.c.id).correlate(instance).scalar_subquery()


_BY_ID = select(instance).where(instance.c.id == bindparam("instance")).with_for_update()


class UnitOfWork:
    """What a command does its work with: `connection`, `lock_instance`, `after_commit`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.locked_id: str | None = None
        self.hints: set[str] = set()    #: what this command left for others to do: "job", "timer", "outbox"
        self._after: list[Callable[[], object]] = []

    def lock_instance(self, instance_id: str) -> Row[Any]:
        """Lock an instance and read its row. Raises: InstanceNotFound; RuntimeError when the command already holds another."""
        row = self.connection.execute(_BY_ID, {"instance": instance_id}).first()
        if row is None:
            raise InstanceNotFound(instance_id=instance_id)
        self._hold(row.id)
        return row

    def lock_found(self, found: Lockable, **parameters: Any) -> Row[Any] | None:
        """Lock the instance that a query finds, and read the query's row; None when it finds none."""
        row = self.connection.execute(found.locking, parameters).first()
        if row is None:
            return None
        self._hold(row.id)
        if row.changes_before == row.revision + row.event_seq:      # both only grow
            return row
        # Another command changed the case while this one waited for the lock: read what is joined again, now that it cannot change.
        return self.connection.execute(found.query, parameters).first()

    def new_instance(self, instance_id: str) -> None:
        """Take a new instance as the one this command holds. Raises: RuntimeError when it already holds another."""
        self._hold(instance_id)

    def after_commit(self, call: Callable[[], object]) -> None:
        """Have something done once this command is committed; not at all when it fails."""
        self._after.append(call)

    def run_after_commit(self) -> None:
        """Run what waited for the commit. One that raises is logged: the command itself has succeeded."""
        for call in self._after:
            try:
                call()
            except Exception:
                log.exception("after the commit of instance %s", self.locked_id)

    def _hold(self, instance_id: str) -> None:
        if self.locked_id not in (None, instance_id):
            raise RuntimeError(f"this command holds instance {self.locked_id} and may not lock {instance_id} too")
        self.locked_id = instance_id
