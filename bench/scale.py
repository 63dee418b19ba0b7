"""W2 to W5: what must not grow with the number of open tasks, waiting timers, parallel reviews and rounds.

Owns: the four workloads, each as a ratio within one run.
Leaves: the lifecycle to `lifecycle.py`; the promises to docs/architecture.md, section 6.
Rule: CPU of this process, but W3's firing and W2, where the database works: there the time on the wall counts.

    python -m bench.scale [W2 W3 W4 W5]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from bench.house import HERE, PUBLIC, STAFF, House, databases, table
from engine.clock import VirtualClock
from engine.states import TaskState, TimerState
from engine.store.tables import candidate, timer, user_task

Address = Callable[[str], str]
BATCH = 5_000
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)


def w2(name: str, address: Address) -> list[list[str]]:
    """The first 50 open tasks of a group, as the inbox shows them, with 10,000 and with 100,000 open, in turns."""
    houses = {size: House(address(f"w2_{size}")) for size in (10_000, 100_000)}
    for size, house in houses.items():
        case = house.engine.start_instance(PUBLIC, {"amount": 1}, house.person)
        _fill_tasks(house, case, range(size))
    small, large = _wall_ms(60, *(_inbox_of(house) for house in houses.values()))
    for house in houses.values():
        house.close()
    return [[name, "W2 first 50 open tasks of a group", f"{small:.1f} ms at 10k", f"{large:.1f} ms at 100k",
             f"{large / small:.2f}", "≤ 1.2"]]


def _inbox_of(house: House) -> Callable[[], object]:
    return lambda: house.queries.inbox(house.person, "groups")


def _fill_tasks(house: House, case: str, numbers: range) -> None:
    """Open tasks as rows; each is due at another moment, and every fourth is held by one of twenty people."""
    with house.store.begin() as work:
        pattern = work.connection.execute(select(user_task).where(user_task.c.instance_id == case)).first()._asdict()  # type: ignore[union-attr]
    for batch in _batches(numbers):
        rows = [pattern | {"id": f"{number:032x}", "due_at": BEGIN + timedelta(minutes=7 * number % 99_991),
                           "assignee_id": f"{number % 80:032x}" if number % 4 == 0 else None} for number in batch]
        offered = [{"task_id": row["id"], "group_id": STAFF, "sort_at": row["due_at"], "opened_at": row["created_at"]} for row in rows]
        with house.store.begin() as work:
            work.connection.execute(insert(user_task), rows)
            work.connection.execute(insert(candidate), offered)
    _analyse(house)


def w3(name: str, address: Address) -> list[list[str]]:
    """10,000 waiting timers: what looking costs when none is due, and how long 100 due ones take."""
    clock = VirtualClock(BEGIN)
    house = House(address("w3"), clock=clock)
    cases = [house.engine.start_instance(PUBLIC, {"amount": 1}, house.person) for _ in range(100)]
    for case in cases:
        for _ in range(2):
            house.engine.complete_task(house.open_task(case), {}, house.person)
    _fill_timers(house, cases[0], 9_900)
    (idle,) = _wall_ms(100, house.engine.earliest)           # all that a worker with nothing to do asks
    clock.advance(timedelta(days=95))
    began, cpu_began, fired = time.perf_counter(), time.process_time(), 0
    while done := house.engine.fire_due_timers():
        fired += done
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_began
    house.close()
    assert fired == 100, fired
    return [[name, "W3 looking, 10k timers wait", f"{idle:.2f} ms", "", "", "≤ 1 ms"],
            [name, "W3 firing 100 due of 10k", f"{seconds:.2f} s", f"{cpu_seconds:.2f} s of CPU", "", "≤ 0.6 s"]]


def _fill_timers(house: House, case: str, count: int) -> None:
    """Timers as rows, due long after the measurement."""
    with house.store.begin() as work:
        pattern = work.connection.execute(select(timer).where(timer.c.instance_id == case, timer.c.state == TimerState.OPEN)).first()
        for batch in _batches(range(count)):
            work.connection.execute(insert(timer), [
                pattern._asdict() | {"id": f"{number:032x}", "due_at": BEGIN + timedelta(days=400 + number)} for number in batch])  # type: ignore[union-attr]
    _analyse(house)


def w4(name: str, address: Address) -> list[list[str]]:
    """Parallel reviews completed one by one: the last against the first. The very last is left out: it also ends the case."""
    house, rows = House(address("w4")), []
    house.engine.deploy("w4", {"w4.bpmn": (HERE / "w4.bpmn").read_bytes()}, None)
    for size, most in ((32, "≤ 1.3"), (100, "≤ 1.5")):
        runs = [_complete_all(house, size) for _ in range(6)][1:]
        by_place = [statistics.median(place) for place in zip(*runs, strict=True)]
        first, last = statistics.median(by_place[:5]), statistics.median(by_place[-6:-1])
        rows.append([name, f"W4 {size} parallel reviews", f"{first:.2f} ms first", f"{last:.2f} ms last", f"{last / first:.2f}", most])
    house.close()
    return rows


def _complete_all(house: House, size: int) -> list[float]:
    """Milliseconds of CPU of each completion."""
    case = house.engine.start_instance("w4", {"pieces": list(range(size))}, house.person)
    open_ones = select(user_task.c.id).where(user_task.c.instance_id == case, user_task.c.state == TaskState.OPEN)
    with house.store.read() as connection:
        waiting = list(connection.scalars(open_ones))
    assert len(waiting) == size
    return [_cpu_ms(lambda task=task: house.engine.complete_task(task, {}, house.person)) for task in waiting]  # type: ignore[misc]


def w5(name: str, address: Address) -> list[list[str]]:
    """The hundredth round of a loop against the first."""
    house = House(address("w5"))
    house.engine.deploy("w5", {"w5.bpmn": (HERE / "w5.bpmn").read_bytes()}, None)
    runs = [_rounds(house, 103) for _ in range(6)][1:]
    by_round = [statistics.median(place) for place in zip(*runs, strict=True)]
    first, hundredth = statistics.median(by_round[:5]), statistics.median(by_round[97:102])
    house.close()
    return [[name, "W5 round 100 of a loop", f"{first:.2f} ms first", f"{hundredth:.2f} ms hundredth", f"{hundredth / first:.2f}", "≤ 1.1"]]


def _rounds(house: House, count: int) -> list[float]:
    case = house.engine.start_instance("w5", {"round": 0, "rounds": count}, house.person)
    return [_cpu_ms(lambda task=house.open_task(case): house.engine.complete_task(task, {}, house.person)) for _ in range(count)]  # type: ignore[misc]


def _cpu_ms(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return (time.process_time() - began) * 1000


def _wall_ms(times: int, *calls: Callable[[], object]) -> list[float]:
    """Milliseconds on the wall of each call, in turns; the first tenth of many: what else the machine does only ever adds."""
    found: list[list[float]] = [[] for _ in calls]
    for _ in range(times):
        for call, milliseconds in zip(calls, found, strict=True):
            began = time.perf_counter()
            call()
            milliseconds.append((time.perf_counter() - began) * 1000)
    return [sorted(milliseconds)[times // 10] for milliseconds in found]


def _batches(numbers: range) -> Iterator[Sequence[int]]:
    return (numbers[at:at + BATCH] for at in range(0, len(numbers), BATCH))


def _analyse(house: House) -> None:
    """What PostgreSQL does by itself in time: count its rows, so that it plans rightly. SQLite does not do it unasked."""
    if not house.store.is_sqlite:
        with house.store.begin() as work:
            work.connection.exec_driver_sql("ANALYZE")


WORKLOADS = {"W2": w2, "W3": w3, "W4": w4, "W5": w5}


def main(wanted: list[str]) -> int:
    rows: list[list[Any]] = []
    with databases() as found:
        for workload in wanted or list(WORKLOADS):
            for name, address in found.items():
                rows += WORKLOADS[workload](name, address)
    print(table(rows, ["database", "workload", "", "", "ratio", "promise"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
