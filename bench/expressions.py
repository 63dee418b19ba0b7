"""What expressions cost: the usual condition, a table of a thousand rules, and expressions that mean harm.

Owns: the promises of `engine.feel` and `engine.dmn` that are measured: 5 µs for `amount > 750000 and category = "CFA"`, 100 ms until a
hostile expression is stopped, refused or answered, reading it included.
Rule: architecture.md, section 6. CPU of this process; beside other work on the machine it reads higher.
"""

from __future__ import annotations

import time
from contextlib import suppress

from engine import dmn, feel
from tests.engine.dmn.drawing import decision, definitions, table
from tests.engine.feel.hostile import ANSWERED, REFUSED, STOPPED

ROUNDS = 20_000
PROMISE_MICROSECONDS, PROMISE_MILLISECONDS = 5, 100


def usual_microseconds() -> float:
    """CPU of one evaluation of the usual condition, best of five."""
    expression, context = feel.compile('amount > 750000 and category = "CFA"'), {"amount": 800_000, "category": "CFA"}

    def once() -> float:
        began = time.process_time()
        for _ in range(ROUNDS):
            expression.evaluate(context)
        return (time.process_time() - began) / ROUNDS * 1e6
    return min(once() for _ in range(5))


def hostile_milliseconds() -> dict[str, float]:
    """CPU until each hostile expression, not read before, is stopped, refused or answered."""
    found = {}
    for name, text in {**STOPPED, **REFUSED, **ANSWERED}.items():
        began = time.process_time()
        with suppress(feel.FeelError):
            feel.Expression(text).evaluate({})
        found[name] = (time.process_time() - began) * 1000
    return found


def table_milliseconds() -> tuple[float, float, float]:
    """CPU of reading, judging and evaluating a unique table of a thousand rules of three columns."""
    rows = [f'[{n * 10}..{n * 10 + 10}) | "{"abcdef"[n % 6]}", "g" | - | {n}' for n in range(1000)]
    content = definitions(decision("d", table(["amount", "kind", "flag"], ["y"], rows)))
    began = time.process_time()
    decisions = dmn.read(content)
    read = time.process_time()
    decisions.check()
    judged = time.process_time()
    for _ in range(20):
        decisions.evaluate("d", {"amount": 9_995, "kind": "g", "flag": 1})
    return (read - began) * 1000, (judged - read) * 1000, (time.process_time() - judged) / 20 * 1000


if __name__ == "__main__":
    print("a table of 1,000 rules: read in {:.0f} ms, judged in {:.0f} ms, evaluated in {:.1f} ms".format(*table_milliseconds()))
    print(f"usual condition: {usual_microseconds():.2f} µs (promise: {PROMISE_MICROSECONDS})")
    costs = hostile_milliseconds()
    for name, cost in sorted(costs.items(), key=lambda item: -item[1])[:12]:
        print(f"{cost:8.1f} ms  {name}")
    late = sum(cost > PROMISE_MILLISECONDS for cost in costs.values())
    print(f"hostile: {len(costs) - late} of {len(costs)} within {PROMISE_MILLISECONDS} ms")
