"""An engine on a real database for the tests of commands, with a clock that is set and a few people.

Owns: `Stage`: what a test needs to start a small diagram and see what waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from engine.clock import VirtualClock
from engine.handler import Registry
from engine.people.person import Person
from engine.service import Engine, Ports
from engine.settings import Settings
from engine.states import IncidentState, TaskState, TimerState
from engine.store.database import Store
from engine.store.tables import deadline, event, incident, instance, job, timer, user_task
from engine.texts import Text

NO_TITLE = Text("", "")
CAST = {"claire": ("sales",), "samuel": ("sales",), "rachel": ("reviewer",), "maud": ("manager",), "quentin": ("quality",)}


class Stage:
    """An engine with people, and short ways to look into its tables."""

    def __init__(self, store: Store, registry: Registry | None = None, ports: Ports | None = None, **options: Any) -> None:
        self.store = store
        self.clock = VirtualClock(datetime(2026, 1, 31, 8, tzinfo=UTC))     # 9:00 in Paris
        self.engine = Engine(store, registry or Registry(), ports or Ports(), self.clock, Settings.model_construct(),
                             **{"values_without_form": True, **options})
        self.people: dict[str, Person] = {
            login: self.engine.add_person(login, login.title(), None, groups=groups) for login, groups in CAST.items()
        }

    def deploy(self, diagram: bytes, key: str = "p", **files: bytes) -> None:
        self.engine.deploy(key, {f"{key}.bpmn": diagram, **{name.replace("__", "."): data for name, data in files.items()}}, None)

    def start(self, variables: Mapping[str, Any] | None = None, process: str = "p") -> str:
        return self.engine.start_instance(process, variables or {}, self.people["claire"])

    def task(self, element: str) -> str:
        """The id of the one open task of an element."""
        with self.store.read() as connection:
            ids: list[str] = list(
                connection.scalars(select(user_task.c.id).where(user_task.c.element_id == element, user_task.c.state == TaskState.OPEN))
            )
        assert len(ids) == 1, f"{len(ids)} open tasks at {element}"
        return ids[0]

    def complete(self, element: str, by: str = "claire", **values: Any) -> None:
        self.engine.complete_task(self.task(element), values, self.people[by])

    def open_tasks(self) -> list[str]:
        return self._elements(user_task, user_task.c.state == TaskState.OPEN)

    def open_timers(self) -> list[str]:
        return self._elements(timer, timer.c.state == TimerState.OPEN)

    def incidents(self) -> list[str]:
        return self._elements(incident, incident.c.state == IncidentState.OPEN)

    def jobs(self) -> list[tuple[str, str, int]]:
        """Handler, state and tries of all jobs."""
        with self.store.read() as connection:
            rows = connection.execute(select(job.c.handler, job.c.state, job.c.tries).order_by(job.c.created_at, job.c.id))
            return [(row.handler, row.state, row.tries) for row in rows]

    def row(self, instance_id: str) -> Any:
        with self.store.read() as connection:
            return connection.execute(select(instance).where(instance.c.id == instance_id)).one()

    def history(self, instance_id: str, kind: str = "") -> list[Any]:
        with self.store.read() as connection:
            rows = connection.execute(select(event).where(event.c.instance_id == instance_id).order_by(event.c.seq)).all()
        return [row for row in rows if not kind or row.kind == kind]

    def deadlines(self) -> list[tuple[str, str, str]]:
        """Rule, last day and state of all deadlines."""
        with self.store.read() as connection:
            rows = connection.execute(
                select(deadline.c.rule, deadline.c.due_on, deadline.c.state).order_by(deadline.c.created_at, deadline.c.rule)
            )
            return [(row.rule, row.due_on.isoformat(), row.state) for row in rows]

    def _elements(self, table: Any, condition: Any) -> list[str]:
        with self.store.read() as connection:
            return sorted(connection.scalars(select(table.c.element_id).where(condition)))
