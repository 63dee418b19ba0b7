"""Rows for tests that need a case without an engine around it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert

from engine.store.tables import candidate, definition, instance, user_task

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)


def put_definition(connection: Connection, key: str = "certification", **values: Any) -> str:
    """Insert a definition without files."""
    row = {"id": uuid4().hex, "key": key, "version": 1, "hash": uuid4().hex, "name": {"fr": key, "en": key}, "state": "published",
           "published_at": NOW, "published_by": None} | values
    connection.execute(insert(definition).values(row))
    return str(row["id"])


def put_case(connection: Connection, definition_id: str, **values: Any) -> str:
    """Insert an instance with an empty state."""
    row = {"id": uuid4().hex, "definition_id": definition_id, "process_id": "certification", "bindings": {}, "business_key": None,
           "title": "", "state": "active", "revision": 1, "blob": b"", "variables": b"{}", "milestone": None, "milestones": {},
           "event_seq": 0,
           "event_hash": "", "started_at": NOW, "updated_at": NOW} | values
    connection.execute(insert(instance).values(row))
    return str(row["id"])


def put_task(connection: Connection, definition_id: str, instance_id: str, element_id: str, *,
             groups: tuple[str, ...] = (), **values: Any) -> str:
    """Insert a user task with its candidates."""
    row = {"id": uuid4().hex, "instance_id": instance_id, "definition_id": definition_id, "process_id": "certification",
           "element_id": element_id, "state": "open", "created_at": NOW, "priority": 50} | values
    connection.execute(insert(user_task).values(row))
    for group in groups:
        connection.execute(insert(candidate).values(task_id=row["id"], group_id=group, sort_at=row.get("due_at") or END_OF_TIME,
                                                    opened_at=row["created_at"], rank=100 - row["priority"]))
    return str(row["id"])
