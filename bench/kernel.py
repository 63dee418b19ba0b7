"""K1 to K5: what the kernel takes for large diagrams and long lives, on the clock of this process.

Owns: the five workloads, each with its state's size.
Leaves: that costs do not grow to `tests/engine/kernel/test_promises.py`, which counts calls; requests to `lifecycle.py` and `scale.py`.
Rule: issue 4, section 2 (scale of a diagram).

    python -m bench.kernel
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bench.house import table
from engine.bpmn import reader
from engine.kernel.program import Program
from engine.kernel.run import Run

_HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:jalon="urn:jalon:bpmn:1" targetNamespace="urn:bench">'
_NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
_BEST_OF = 5


class _Host:
    """The surroundings of a run, with a time that stands."""

    def now(self) -> datetime:
        return _NOW

    def functions(self, scope: str, seen: list[Any]) -> Mapping[str, Callable[..., Any]]:
        return {}

    def moment(self, day: Any) -> datetime:
        return _NOW


def blocks(count: int) -> str:
    """Parallel blocks one after the other, a person in each."""
    body = '<startEvent id="s"/><endEvent id="e"/>' + _flow("s", "g0")
    for n in range(count):
        body += f'<parallelGateway id="g{n}"/><userTask id="a{n}"/><task id="b{n}"/><parallelGateway id="j{n}"/>'
        body += _flow(f"g{n}", f"a{n}") + _flow(f"g{n}", f"b{n}") + _flow(f"a{n}", f"j{n}") + _flow(f"b{n}", f"j{n}")
        body += _flow(f"j{n}", f"g{n + 1}" if n + 1 < count else "e")
    return body


def chain(count: int) -> str:
    """Tasks one after the other, a person behind them."""
    body = '<startEvent id="s"/><userTask id="u"/>' + "".join(f'<task id="t{n}"/>' for n in range(count)) + _flow("s", "t0")
    return body + "".join(_flow(f"t{n}", f"t{n + 1}" if n + 1 < count else "u") for n in range(count))


def nested(count: int) -> str:
    """Sub-processes within each other, a person at the bottom."""
    return "".join(f'<subProcess id="b{n}">' for n in range(count)) + '<userTask id="u"/>' + "</subProcess>" * count


def many() -> str:
    """A person for each item of a list."""
    return ('<startEvent id="s"/><userTask id="u"><multiInstanceLoopCharacteristics jalon:collection="list" jalon:item="i"/></userTask>'
            + _flow("s", "u"))


def loop(rounds: int) -> str:
    """A script that counts in a loop without waiting."""
    end = f"<conditionExpression>n &gt;= {rounds}</conditionExpression>"
    return ('<startEvent id="s"/><scriptTask id="a"><script>{n: n + 1}</script></scriptTask><exclusiveGateway id="x" default="back"/>'
            '<userTask id="z"/>' + _flow("s", "a") + _flow("a", "x") + '<sequenceFlow id="back" sourceRef="x" targetRef="a"/>'
            f'<sequenceFlow id="out" sourceRef="x" targetRef="z">{end}</sequenceFlow>')


def _flow(source: str, target: str) -> str:
    return f'<sequenceFlow id="f_{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'


def measured(name: str, body: str, variables: Mapping[str, Any], promise: str) -> list[str]:
    """Milliseconds to start a case up to its first waits, and the size of its state then."""
    document = f'{_HEAD}<process id="p" isExecutable="true">{body}</process></definitions>'
    program = Program(reader.read({"p.bpmn": document.encode()}))
    best, size, waits = float("inf"), 0, 0
    for _ in range(_BEST_OF):
        began = time.process_time()
        run = Run.start(program, "p", variables, _Host())
        run.advance()
        run.take()
        best = min(best, time.process_time() - began)
        size, waits = len(run.dump()), len(run.waits())
    return [name, f"{best * 1000:.1f} ms", f"{size / 1000:.1f} kB", f"{waits} open", promise]


def main() -> int:
    print(table([
        measured("K1 30 parallel blocks in a row", blocks(30), {}, "≤ 50 ms, ≤ 50 kB"),
        measured("K2 chain of 2,000 tasks", chain(2000), {}, ""),
        measured("K3 50 nested sub-processes", nested(50), {}, "≤ 50 kB"),
        measured("K4 1,000 parallel items", many(), {"list": list(range(1000))}, ""),
        measured("K5 loop of 10,000 rounds", loop(10_000), {"n": 0}, ""),
    ], ["workload", "start", "state", "", "promise"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
