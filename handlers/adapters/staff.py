"""The people of the body, read from the engine's tables in a transaction of their own.

Owns: meeting the port `staff`. Leaves: who is in which group to `engine.people`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from engine.store.database import Store
from engine.store.tables import membership, person
from handlers.ports import Colleague


class StaffFromStore:
    """Reads people and groups."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_group(self, group: str) -> tuple[Colleague, ...]:
        """List the active people of a group, by name."""
        return self._read(person.c.id.in_(select(membership.c.person_id).where(membership.c.group_id == group)))

    def person(self, person_id: str) -> Colleague | None:
        """Find an active person by id or login."""
        return next(iter(self._read(or_(person.c.id == person_id, person.c.login == person_id))), None)

    def _read(self, condition: Any) -> tuple[Colleague, ...]:
        query = select(person).where(condition, person.c.active.is_(True)).order_by(person.c.name, person.c.id)
        with self._store.read() as connection:
            return tuple(Colleague(row.id, row.name, row.email or row.login, row.locale) for row in connection.execute(query))
