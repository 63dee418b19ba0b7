"""Jalon as it is served, put together for a measurement: engine, pages, one person logged in.

Owns: `House` over any database, deployed with the process of W1 where the public form starts it.
Leaves: what is measured to the modules beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from engine.clock import Clock, SystemClock
from engine.handler import Complete, Outcome, Registry, Task
from engine.people.accounts import Accounts
from engine.people.groups import Group
from engine.people.person import Person
from engine.queries import Queries
from engine.service import Engine, Ports
from engine.settings import Settings
from engine.states import TaskState
from engine.store import schema
from engine.store.database import Store
from engine.store.tables import user_task
from engine.texts import Text
from tests.postgres import NotStarted, Server

HERE = Path(__file__).parent
SECRET = "a secret of the measurements, long enough"
STAFF = "staff"
#: The key under which the pages start a process for the public.
PUBLIC = "certification"

_registry = Registry()


@_registry.local("bench.count", title=Text("Compter", "Count"))
def count(task: Task) -> Outcome:
    """The service task of W1: does next to nothing."""
    return Complete(counted=True)


class House:
    """One installation with somebody logged in."""

    def __init__(self, database: str, *, clock: Clock | None = None, keep_runs: bool = True) -> None:
        self.store = Store(database)
        schema.upgrade(self.store)
        self.clock = clock or SystemClock()
        self.settings = Settings(_env_file=None, secret_key=SECRET)  # type: ignore[call-arg, arg-type]
        self.engine = Engine(self.store, _registry, Ports(), self.clock, self.settings, keep_runs=keep_runs)
        self.queries = Queries(self.store, self.engine.library, self.clock, self.settings)
        self.person = self._person()
        self.engine.deploy(PUBLIC, w1_files(), None)

    def client(self) -> FlaskClient:
        """A browser of the person, logged in."""
        from web import create_app

        staff = {STAFF: Group(STAFF, Text("Équipe", "Staff"))}
        app = create_app(self.engine, self.queries, self.store, self.settings, self.clock, groups=staff)
        client = app.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        client.set_cookie("jalon_session", self.engine.log_in_by_link(self.person.id))
        return client

    def open_task(self, instance_id: str) -> str:
        """The one open task of a case."""
        with self.store.read() as connection:
            return str(connection.scalars(select(user_task.c.id).where(
                user_task.c.instance_id == instance_id, user_task.c.state == TaskState.OPEN)).one())

    def close(self) -> None:
        self.store.close()

    def _person(self) -> Person:
        with self.store.begin() as work:
            return Accounts(work.connection).create("bench", "Benoît Chrono", now=self.clock.now(), groups=[STAFF])


def w1_files() -> dict[str, bytes]:
    """The folder of W1."""
    return {name: (HERE / "w1" / name).read_bytes() for name in ("w1.bpmn", "start.form.json")}


@contextmanager
def databases(tell: Callable[[str], object] = print) -> Iterator[dict[str, Callable[[str], str]]]:
    """What can be measured on: name → a maker of addresses of fresh databases. Says so when there is no PostgreSQL."""
    with TemporaryDirectory(prefix="jalon-bench-") as folder:
        found: dict[str, Callable[[str], str]] = {"SQLite": lambda name: f"sqlite:///{folder}/{name}.db"}
        server = None
        try:
            server = Server()
            found["PostgreSQL"] = _maker(server)
        except NotStarted as reason:
            tell(f"NOT MEASURED on PostgreSQL: {reason}")
        try:
            yield found
        finally:
            if server is not None:
                server.stop()


def _maker(server: Server) -> Callable[[str], str]:
    import psycopg

    def make(name: str) -> str:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')     # type: ignore[arg-type, unused-ignore]
        return server.url.replace("/postgres?", f"/{name}?")
    return make


def table(rows: list[list[Any]], head: list[str]) -> str:
    """Rows as a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
