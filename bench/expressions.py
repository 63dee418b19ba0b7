"""What expressions cost: the usual condition, and expressions that mean harm.

Owns: the promises of `engine.feel` that are measured: 5 µs for `amount > 750000 and category = "CFA"`, 100 ms until a hostile one
is stopped.
"""

from __future__ import annotations

import time

from engine import feel
from tests.engine.feel.test_budget import HOSTILE

ROUNDS = 20_000


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
    """CPU until each hostile expression is stopped."""
    found = {}
    for name, text in HOSTILE.items():
        expression, began = feel.compile(text), time.process_time()
        try:
            expression.evaluate({})
        except feel.EvaluationError:
            found[name] = (time.process_time() - began) * 1000
    return found


if __name__ == "__main__":
    print(f"usual condition: {usual_microseconds():.2f} µs (promise: 5)")
    for name, cost in sorted(hostile_milliseconds().items(), key=lambda item: -item[1]):
        print(f"{cost:8.1f} ms  {name} (promise: 100)")
