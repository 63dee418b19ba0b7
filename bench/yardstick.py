"""The yardstick: bare SpiffWorkflow + Flask + raw SQL on the process of W1, with nothing around it.

Owns: the smallest honest web program that runs the same five requests: no login, no permissions, no history, no forms.
Leaves: what Jalon costs for the same to `lifecycle.py`; the ratio is taken in one run.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from pathlib import Path
from typing import Any

from flask import Flask, request
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import DEFAULT_CONFIG, BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter
from SpiffWorkflow.bpmn.specs.mixins import ServiceTaskMixin
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

HERE = Path(__file__).parent


def _service_spec() -> Any:
    from SpiffWorkflow.bpmn.specs.defaults import ServiceTask
    assert issubclass(ServiceTask, ServiceTaskMixin)
    return ServiceTask


class Rows:
    """Raw SQL on one connection, on SQLite or PostgreSQL; statements are written with `?`."""

    def __init__(self, database: str) -> None:
        self.on_postgres = database.startswith("postgresql:")
        if self.on_postgres:
            import psycopg
            self._connection: Any = psycopg.connect(database, autocommit=True)
        else:
            self._connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
            self._connection.executescript("pragma journal_mode=wal; pragma synchronous=normal;")
        self._cursor = self._connection.cursor()
        for statement in ("create table if not exists instance (id text primary key, state text, done boolean)",
                          "create table if not exists task (id text primary key, instance text, name text, open integer)",
                          "create index if not exists task_open on task (instance, open)"):
            self._cursor.execute(statement)

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> Any:
        return self._cursor.execute(self._own(statement), values)

    def executemany(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        self._cursor.executemany(self._own(statement), rows)

    def begin(self) -> None:
        self._cursor.execute("begin" if self.on_postgres else "begin immediate")

    def close(self) -> None:
        self._connection.close()

    def _own(self, statement: str) -> str:
        return statement.replace("?", "%s") if self.on_postgres else statement


def make_app(database: str) -> Flask:
    """Make the bare program over an SQLite file, or a PostgreSQL address."""
    app = Flask("yardstick")
    parser = BpmnParser()
    parser.add_bpmn_file(str(HERE / "w1" / "bare.bpmn"))
    spec = parser.get_spec("w1")
    config = {**DEFAULT_CONFIG, _service_spec(): BpmnTaskSpecConverter}
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))
    connection = Rows(database)
    app.extensions["rows"] = connection

    def settle(workflow: BpmnWorkflow) -> None:
        workflow.do_engine_steps()
        while started := workflow.get_tasks(state=TaskState.STARTED):
            for task in started:
                if task.task_spec.__class__.__name__ == "ServiceTask":
                    task.complete()
            workflow.do_engine_steps()
            if not [t for t in workflow.get_tasks(state=TaskState.STARTED) if t.task_spec.__class__.__name__ == "ServiceTask"]:
                return

    def save(instance: str, workflow: BpmnWorkflow, new: bool) -> str:
        ready = [t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.manual]
        connection.begin()
        state = serializer.serialize_json(workflow)
        if new:
            connection.execute("insert into instance values (?, ?, ?)", (instance, state, False))
        else:
            connection.execute("update instance set state = ?, done = ? where id = ?", (state, workflow.is_completed(), instance))
            connection.execute("update task set open = 0 where instance = ? and open = 1", (instance,))
        connection.executemany("insert into task values (?, ?, ?, 1)", [(str(t.id), instance, t.task_spec.name) for t in ready])
        connection.execute("commit")
        return str(ready[0].id) if ready else ""

    @app.post("/start")
    def start() -> dict[str, str]:
        workflow = BpmnWorkflow(spec)
        workflow.task_tree.data.update(json.loads(request.data))
        workflow.data.update(json.loads(request.data))
        settle(workflow)
        instance = uuid.uuid4().hex
        return {"instance": instance, "task": save(instance, workflow, True)}

    @app.post("/complete/<instance>/<task>")
    def complete(instance: str, task: str) -> dict[str, str]:
        (state,) = connection.execute("select state from instance where id = ?", (instance,)).fetchone()
        workflow = serializer.deserialize_json(state)
        found = workflow.get_task_from_id(uuid.UUID(task))
        found.data.update(json.loads(request.data))
        found.run()
        settle(workflow)
        return {"instance": instance, "task": save(instance, workflow, False)}

    return app
