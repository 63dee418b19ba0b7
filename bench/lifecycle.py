"""W1: the lifecycle of five requests, through Jalon and through the yardstick, in one run.

Owns: CPU per request (pages over HTTP, and the engine's commands alone), statements and commits per completed task, size of the state.
Leaves: queues, timers and loops to `scale.py`; the promises to docs/architecture.md, section 6.
Rule: CPU is that of this process (the database server's own is not in it), and of the yardstick in the same run; both take turns, and the
median over the turns is told.

    python -m bench.lifecycle [lifecycles per turn]
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from sqlalchemy import func, select

import jalon
from bench.house import PUBLIC, SECRET, House, databases, table
from bench.yardstick import Rows, make_app
from engine.change import performances, scenarios
from engine.change.rehearsal import Rehearsal
from engine.store.counting import Count, counted
from engine.store.tables import instance

TURNS, LIFECYCLES, WARM_UP = 7, 40, 15
REQUESTS = 5
AMOUNT = 800_000
LARGEST_BLOB_BYTES = 6 * 1024


@dataclass
class Cost:
    """What a way through W1 cost: milliseconds of CPU per request, by turn."""

    milliseconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def spread(self) -> str:
        return f"{min(self.milliseconds):.2f}–{max(self.milliseconds):.2f}"


def measure(ways: dict[str, Callable[[], float]], lifecycles: int) -> dict[str, Cost]:
    """Let the ways take turns. A way runs one lifecycle and tells its seconds of CPU."""
    costs = {name: Cost() for name in ways}
    for run in ways.values():
        for _ in range(WARM_UP):
            run()
    for _ in range(TURNS):
        for name, run in ways.items():
            gc.collect()
            seconds = sum(run() for _ in range(lifecycles))
            costs[name].milliseconds.append(seconds / lifecycles / REQUESTS * 1000)
    return costs


def bare(client: FlaskClient) -> float:
    """One lifecycle of the yardstick."""
    began = time.process_time()
    found: Any = client.post("/start", data=json.dumps({"amount": AMOUNT})).json
    for _ in range(REQUESTS - 1):
        found = client.post(f"/complete/{found['instance']}/{found['task']}", data="{}").json
    seconds = time.process_time() - began
    assert found["task"] == "", found
    return seconds


class Pages:
    """Lifecycles through Jalon's pages, as a browser posts them. Looking for the next task is not counted: the yardstick answers it."""

    def __init__(self, house: House) -> None:
        self.house, self.client = house, house.client()
        self.read = URLSafeSerializer(SECRET, salt="jalon.received")

    def __call__(self) -> float:
        seconds, location = self._post("/apply", {"amount": str(AMOUNT)})
        case = self.read.loads(location.rpartition("/")[2])
        for _ in range(REQUESTS - 1):
            seconds += self._post(f"/tasks/{self.house.open_task(case)}/complete", {})[0]
        _check_ended(self.house, case)
        return seconds

    def asked(self) -> list[Count]:
        """What each of the four completions asks of the database, as a page."""
        _, location = self._post("/apply", {"amount": str(AMOUNT)})
        case = self.read.loads(location.rpartition("/")[2])
        counts = []
        for _ in range(REQUESTS - 1):
            task = self.house.open_task(case)
            with counted(self.house.store) as count:
                self._post(f"/tasks/{task}/complete", {})
            counts.append(count)
        return counts

    def _post(self, address: str, data: dict[str, str]) -> tuple[float, str]:
        self.client.delete_cookie("jalon_notes")    # a browser that follows the redirect has shown the note and thrown it away
        began = time.process_time()
        answer = self.client.post(address, data=data)
        seconds = time.process_time() - began
        assert answer.status_code == 303, (answer.status_code, answer.text[-2000:])
        return seconds, answer.location


class Commands:
    """Lifecycles through the engine's commands, without pages."""

    def __init__(self, house: House) -> None:
        self.house, self.engine = house, house.engine

    def __call__(self) -> float:
        began = time.process_time()
        case = self.engine.start_instance(PUBLIC, {"amount": AMOUNT}, self.house.person)
        seconds = time.process_time() - began
        for _ in range(REQUESTS - 1):
            task = self.house.open_task(case)
            began = time.process_time()
            self.engine.complete_task(task, {}, self.house.person)
            seconds += time.process_time() - began
        _check_ended(self.house, case)
        return seconds

    def asked(self) -> list[Count]:
        """What each of the four completions asks of the database."""
        case = self.engine.start_instance(PUBLIC, {"amount": AMOUNT}, self.house.person)
        counts = []
        for _ in range(REQUESTS - 1):
            task = self.house.open_task(case)
            with counted(self.house.store) as count:
                self.engine.complete_task(task, {}, self.house.person)
            counts.append(count)
        return counts


def _check_ended(house: House, case: str) -> None:
    with house.store.read() as connection:
        row = connection.execute(select(instance.c.state, instance.c.outcome).where(instance.c.id == case)).one()
    assert (row.state, row.outcome) == ("completed", "Event_End"), row


def w1(name: str, address: Callable[[str], str], lifecycles: int) -> list[list[str]]:
    """The rows of W1 on one kind of database."""
    bare_at = address("yardstick").removeprefix("sqlite:///")
    yardstick = make_app(bare_at)
    kept, cold = House(address("kept")), House(address("cold"), keep_runs=False)
    bare_client, pages, commands = yardstick.test_client(), Pages(kept), Commands(kept)
    read_back, read_back_pages = Commands(cold), Pages(cold)
    costs = measure({"yardstick": lambda: bare(bare_client), "pages": pages, "pages, state read back": read_back_pages,
                     "commands": commands, "commands, state read back": read_back}, lifecycles)
    base = costs["yardstick"]
    rows = [[name, way, f"{cost.median:.2f}", cost.spread, f"{cost.median / base.median:.2f}"] for way, cost in costs.items()]
    for way, counts in (("pages", pages.asked()), ("commands", commands.asked()), ("commands, state read back", read_back.asked())):
        STATEMENTS.append([name, way, " ".join(str(count.statements) for count in counts),
                           " ".join(str(count.commits) for count in counts)])
    with kept.store.read() as connection:
        BLOBS.append([name, "W1, ended", str(connection.scalar(select(func.max(func.length(instance.c.blob)))))])
    kept.close()
    cold.close()
    rows_of: Rows = yardstick.extensions["rows"]
    rows_of.close()
    return rows


STATEMENTS: list[list[str]] = []
BLOBS: list[list[str]] = []


def sizes() -> list[list[str]]:
    """The largest state of a case of each shipped process over the whole of every story: how large, in which story, where it stood."""
    largest: dict[str, tuple[int, int, str, str]] = {}
    for story in scenarios.find(jalon.PROCESSES):
        def stage(at: datetime, story: scenarios.Scenario = story) -> Rehearsal:
            rehearsal = jalon.make_rehearsal(at)
            rehearsal.engine.listen(lambda _: _note(rehearsal, story.name, largest))
            return rehearsal
        performances.play(story, stage, jalon.PROCESSES)
    return [[process, *map(str, found)] for process, found in sorted(largest.items())]


def _note(rehearsal: Rehearsal, story: str, largest: dict[str, tuple[int, int, str, str]]) -> None:
    columns = (instance.c.process_id, func.length(instance.c.blob).label("blob"), func.length(instance.c.variables).label("variables"),
               instance.c.milestone)
    with rehearsal.store.read() as connection:
        for row in connection.execute(select(*columns)):
            if row.blob > largest.get(row.process_id, (0,))[0]:
                largest[row.process_id] = (row.blob, row.variables, row.milestone or "–", story)


def main(arguments: list[str]) -> int:
    lifecycles = int(arguments[0]) if arguments else LIFECYCLES
    rows: list[list[str]] = []
    with databases() as found:
        for name, address in found.items():
            rows += w1(name, address, lifecycles)
    print(f"\nW1: CPU per request, median of {TURNS} turns of {lifecycles} lifecycles of {REQUESTS} requests\n")
    print(table(rows, ["database", "way", "ms per request", "turns", "of the yardstick"]))
    print("\nW1: what each of the four completions asks\n")
    print(table(STATEMENTS, ["database", "way", "statements", "commits"]))
    print("\nState of a case, bytes: the largest over every story\n")
    found_sizes = sizes()
    print(table(found_sizes, ["process", "state", "variables", "milestone", "story"]))
    too_large = [row[0] for row in found_sizes if int(row[1]) > LARGEST_BLOB_BYTES]
    print(f"\nstate above {LARGEST_BLOB_BYTES} bytes: {', '.join(too_large) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    sys.exit(main(sys.argv[1:]))
