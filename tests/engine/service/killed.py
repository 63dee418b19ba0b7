"""A process that works until it is killed: run by `test_worker.py`.

Starts cases on the database given and lets a worker run their jobs; prints a line for every case started.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update

from engine.clock import SystemClock
from engine.handler import Complete, Registry, Task
from engine.service import Engine, Ports
from engine.settings import Settings
from engine.store.database import Store
from engine.store.tables import counter
from engine.texts import Text
from engine.worker import Worker
from tests.engine.diagrams import bpmn

#: Counts, asks the outside, counts again.
COUNTED = bpmn("""
<startEvent id="Start"/>
<serviceTask id="Before" jalon:handler="case.count"/>
<serviceTask id="Ask" jalon:handler="outside.ask"/>
<serviceTask id="After" jalon:handler="case.count"/>
<endEvent id="End"/>
Start -> Before -> Ask -> After -> End""")


def registry(effects: Any) -> Registry:
    """A local handler that adds one to a counter, and an external one that writes its key to a file."""
    known = Registry()

    @known.local("case.count", title=Text("", ""))
    def count(task: Task, work: Any) -> Complete:
        work.connection.execute(update(counter).where(counter.c.name == "count").values(value=counter.c.value + 1))
        return Complete()

    @known.external("outside.ask", title=Text("", ""))
    def ask(task: Task) -> Complete:
        effects.write(task.key + "\n")
        effects.flush()
        return Complete(asked=True)

    return known


def make_engine(store: Store, effects: Any) -> Engine:
    return Engine(store, registry(effects), Ports(local={"work": lambda work: work}), SystemClock(), Settings.model_construct())


if __name__ == "__main__":
    with open(sys.argv[2], "a", encoding="utf-8") as written:
        engine = make_engine(Store(sys.argv[1]), written)
        with Worker(engine, threads=2):
            while datetime.now(UTC):
                print(engine.start_instance("p"), flush=True)
