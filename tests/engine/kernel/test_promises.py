"""What must hold however long a case lives and however large a diagram is.

Costs are counted in calls, which every machine counts alike; what they take on a clock is in `bench/kernel.py`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from engine import values
from engine.kernel.program import Program
from engine.kernel.run import Run
from tests.engine.kernel.drawing import Story, TestHost, arrows, process, program

ROUNDS = process(
    '<startEvent id="s"/><userTask id="u"/><parallelGateway id="g"/><scriptTask id="a" jalon:result="x"><script>n</script></scriptTask>'
    '<task id="b"/>'
    '<parallelGateway id="j"/><exclusiveGateway id="x" default="d"/><endEvent id="e"/>',
    "s > u; u > g; g > a; g > b; a > j; b > j; j > x; x > e : n < 0; d = x > u")
MANY = process('<startEvent id="s"/><userTask id="u"><multiInstanceLoopCharacteristics jalon:collection="list" jalon:item="i" '
               'jalon:collect="got" jalon:collectValue="v"/>'
               '</userTask><userTask id="z"/>', "s > u; u > z")


def cost(act: Callable[[], object]) -> int:
    """How many calls of functions something takes."""
    calls = 0

    def count(_frame: object, happened: str, _argument: object) -> None:
        nonlocal calls
        calls += happened in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return calls


def one_round(made: Program, run: Run, host: TestHost, value: int) -> Run:
    """A command as execution does it: load, look, complete, advance, save."""
    run = Run.load(made, run.dump(), values.decode(values.encode(run.scopes)), host)
    token = next(wait.token for wait in run.waits().values() if wait.element == "u")
    run.complete(token, {"n": value, "v": value})
    run.advance()
    run.take()
    run.waits()
    return run


def test_a_loop_of_two_thousand_rounds_keeps_its_cost_and_its_size() -> None:
    made, host = program(ROUNDS), TestHost()
    run = Run.start(made, "p", {"n": 1}, host)
    run.advance()
    run.take()
    sizes, costs = set(), list[int]()
    for number in range(2000):
        def act(number: int = number) -> None:
            nonlocal run
            run = one_round(made, run, host, number)
        if number % 100 == 1:
            costs.append(cost(act))
        else:
            act()
        sizes.add(len(run.dump()))
    assert (len(sizes), len(run.waits())) == (1, 1)
    assert max(costs) <= 1.1 * min(costs)                   # not equal to the call: the collector of the session runs when it likes


def test_parallel_blocks_do_not_double_the_state() -> None:
    count = 30
    blocks = range(count)
    body = '<startEvent id="s"/><endEvent id="e"/>' + "".join(
        f'<parallelGateway id="g{n}"/><userTask id="a{n}"/><task id="b{n}"/><parallelGateway id="j{n}"/>' for n in blocks)
    flows = "s > g0;" + "".join(f"g{n} > a{n}; g{n} > b{n}; a{n} > j{n}; b{n} > j{n};" for n in blocks)
    flows += "".join(f"j{n} > {f'g{n + 1}' if n + 1 < count else 'e'};" for n in blocks)
    story = Story(program(process(body, flows)))
    for number in range(count):
        assert len(story.run.dump()) < 300
        story.complete(f"a{number}")
    assert story.run.ended


def test_a_chain_of_two_thousand_tasks_is_read_and_run() -> None:
    body = '<startEvent id="s"/>' + "".join(f'<task id="t{n}"/>' for n in range(2000)) + '<userTask id="u"/>'
    flows = "s > t0;" + "".join(f"t{n} > t{n + 1};" for n in range(1999)) + "t1999 > u"
    story = Story(program(process(body, flows)))
    assert (story.open(), len(story.happened("completed"))) == (["u"], 2000)


def test_a_script_may_loop_ten_thousand_times_without_waiting() -> None:
    made = program(process('<startEvent id="s"/><scriptTask id="a"><script>{n: n + 1}</script></scriptTask><exclusiveGateway id="x" '
                           'default="d"/><userTask id="z"/>',
                           "s > a; a > x; d = x > a; x > z : n >= 10000"))
    story = Story(made, {"n": 0})
    assert (story.open(), story.variables) == (["z"], {"n": 10000})


def test_a_script_that_loops_for_ever_is_stopped_and_the_case_can_be_looked_at() -> None:
    made = program(process('<startEvent id="s"/><scriptTask id="a"><script>{n: n + 1}</script></scriptTask><exclusiveGateway id="x" '
                           'default="d"/><endEvent id="z"/><userTask id="beside"/>',
                           "s > a; s > beside; a > x; d = x > a; x > z : n < 0"))
    story = Story(made, {"n": 0})
    assert story.open() == ["!a", "beside"]
    assert story.wait("a").cause == "loop" and len(story.passed) <= 210
    story.complete("beside")
    assert not story.run.ended


def test_fifty_sub_processes_within_each_other_keep_a_small_state_and_wait_at_the_bottom() -> None:
    made = program(process("".join(f'<subProcess id="b{n}"><startEvent id="s{n}"/>' for n in range(50)) + '<userTask id="u"/>'
                           + "".join(f'<endEvent id="e{n}"/>' + arrows(f"s{n} > {inner}; {inner} > e{n}") + "</subProcess>"
                                     for n, inner in reversed([(n, f"b{n + 1}" if n < 49 else "u") for n in range(50)]))))
    story = Story(made)
    assert story.open() == ["u"] and len(story.run.dump()) < 50 * 100
    story.complete("u")
    assert story.run.ended and len(story.happened("completed")) == 51


def test_scopes_nested_a_hundred_deep_close_and_are_cancelled_without_recursion() -> None:
    body = "".join(f'<subProcess id="b{n}">' for n in range(100)) + '<userTask id="u"/>' + "</subProcess>" * 100
    made, limit = program(process(body)), sys.getrecursionlimit()
    story, stopped = Story(made), Story(made)
    sys.setrecursionlimit(len(inspect.stack()) + 50)
    try:
        story.run.complete(story.wait("u").token)
        story.run.advance()
        stopped.run.cancel()
    finally:
        sys.setrecursionlimit(limit)
    assert (story.run.ended, len(story.run.passed)) == (True, 101)
    assert (stopped.run.ended, len(stopped.run.passed)) == (True, 101)


def test_the_last_of_a_hundred_rounds_costs_no_more_than_the_first() -> None:
    made, host = program(MANY), TestHost()
    for count in (32, 100):
        run = Run.start(made, "p", {"list": list(range(count))}, host)
        run.advance()
        costs = []
        for number in range(count):
            def act(number: int = number) -> None:
                nonlocal run
                run = one_round(made, run, host, number)
            costs.append(cost(act))
        assert costs[-2] <= 1.1 * costs[0]
        assert run.scopes[""]["got"] == list(range(count))


def test_a_thousand_rounds_side_by_side_cost_ten_times_a_hundred() -> None:
    made = program(process(
        '<startEvent id="s"/><scriptTask id="u"><script>{v: i}</script><multiInstanceLoopCharacteristics jalon:collection="list" '
        'jalon:item="i" jalon:collect="got" '
        'jalon:collectValue="v"/></scriptTask><userTask id="z"/>', "s > u; u > z"))

    def all_of(count: int) -> int:
        def act() -> None:
            run = Run.start(made, "p", {"list": list(range(count))}, TestHost())
            run.advance()
            assert run.scopes[""]["got"] == list(range(count))
        return cost(act)

    all_of(10)
    assert all_of(1000) <= 10.5 * all_of(100)


def test_threads_share_a_program() -> None:
    made = program(ROUNDS)

    def case(first: int) -> int:
        host = TestHost()
        run = Run.start(made, "p", {"n": first}, host)
        run.advance()
        for number in range(30):
            run = one_round(made, run, host, first * 100 + number)
        assert run.scopes[""]["x"] == first * 100 + 29
        run.complete(next(iter(run.waits())), {"n": -1})
        run.advance()
        return int(run.ended)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(case, range(1, 33))) == 32
