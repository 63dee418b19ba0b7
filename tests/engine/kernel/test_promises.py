"""What must hold however long a case lives and however large a diagram is. Costs are compared within one run, never to a clock."""

from __future__ import annotations

import gc
import inspect
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import values
from engine.kernel.program import Program
from engine.kernel.run import Run
from tests.engine.kernel.drawing import Story, TestHost, process, program

ROUNDS = process(
    '<startEvent id="s"/><userTask id="u"/><parallelGateway id="g"/><scriptTask id="a" jalon:result="x"><script>n</script></scriptTask>'
    '<task id="b"/>'
    '<parallelGateway id="j"/><exclusiveGateway id="x" default="d"/><endEvent id="e"/>',
    "s > u; u > g; g > a; g > b; a > j; b > j; j > x; x > e : n < 0; d = x > u")
MANY = process('<startEvent id="s"/><userTask id="u"><multiInstanceLoopCharacteristics jalon:collection="list" jalon:item="i" '
               'jalon:collect="got" jalon:collectValue="v"/>'
               '</userTask><userTask id="z"/>', "s > u; u > z")


def cost(act: Callable[[], object]) -> float:
    gc.collect()
    began = time.process_time()
    act()
    return time.process_time() - began


@pytest.fixture(autouse=True)
def no_collection() -> Iterator[None]:
    """The garbage collector of a whole test session is no cost of the kernel."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


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
    sizes, costs = set(), []
    for block in range(20):
        def rounds(block: int = block) -> None:
            nonlocal run
            for number in range(100):
                run = one_round(made, run, host, block * 100 + number)
        costs.append(cost(rounds))
        sizes.add(len(run.dump()))
    assert len(sizes) == 1
    assert min(costs[-5:]) <= 1.5 * min(costs[:5])
    assert len(run.waits()) == 1


def test_parallel_blocks_do_not_double_the_state() -> None:
    count = 40
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


def test_a_script_may_loop_two_thousand_times_without_waiting() -> None:
    made = program(process('<startEvent id="s"/><scriptTask id="a"><script>{n: n + 1}</script></scriptTask><exclusiveGateway id="x" '
                           'default="d"/><userTask id="z"/>',
                           "s > a; a > x; d = x > a; x > z : n >= 2000"))
    story = Story(made, {"n": 0})
    assert (story.open(), story.variables) == (["z"], {"n": 2000})


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
        assert min(costs[-5:]) <= 1.2 * min(costs[:5])
        assert run.scopes[""]["got"] == list(range(count))


def test_a_thousand_rounds_side_by_side_cost_ten_times_a_hundred() -> None:
    made = program(process(
        '<startEvent id="s"/><scriptTask id="u"><script>{v: i}</script><multiInstanceLoopCharacteristics jalon:collection="list" '
        'jalon:item="i" jalon:collect="got" '
        'jalon:collectValue="v"/></scriptTask><userTask id="z"/>', "s > u; u > z"))

    def all_of(count: int) -> float:
        def act() -> None:
            run = Run.start(made, "p", {"list": list(range(count))}, TestHost())
            run.advance()
            assert run.scopes[""]["got"] == list(range(count))
        return min(cost(act) for _ in range(3))

    assert all_of(1000) <= 20 * all_of(100)


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
