"""The bugs of the studied engines that bite in long, busy lives, each shown not to be ours: section 9 of that study.

Already shown elsewhere: two timers behind one gateway, implicit ends, event sub-processes, cycles, null in lists
(`test_what_others_lose.py`); deep nesting, threads that share a program, cost of the last round (`tests/engine/kernel/test_promises.py`);
a state of another version (`tests/engine/kernel/test_tasks.py`); one writer a case and work after `kill -9` (`tests/engine/service`).
Rule: issue 4, section 4.
"""

from __future__ import annotations

from datetime import UTC, datetime

from engine.change.rehearsal import Rehearsal
from engine.handler import Registry
from engine.kernel.run import Run
from engine.texts import Text
from tests.conformance.stage import ERROR, ROOTS, SIGNAL, Played, event, script, user
from tests.engine.kernel.drawing import TestHost, document, process, program

START = event("startEvent", "s")


def test_a_case_is_not_called_complete_after_a_thousand_rounds_while_a_token_waits() -> None:
    made = program(process('<startEvent id="s"/><userTask id="u"/><exclusiveGateway id="x" default="d"/><endEvent id="e"/>',
                           "s > u; u > x; x > e : stop; d = x > u"))
    run = Run.start(made, "p", {"stop": False}, TestHost())
    run.advance()
    for _ in range(1200):
        [wait] = run.waits().values()
        assert (wait.element, run.ended) == ("u", False)
        run.complete(wait.token, {})
        run.advance()
    run.complete(next(iter(run.waits())), {"stop": True})
    run.advance()
    assert run.ended


def test_three_hundred_rounds_through_a_parallel_block_need_no_deeper_stack_and_no_larger_state() -> None:
    made = program(process('<startEvent id="s"/><exclusiveGateway id="m"/><parallelGateway id="g"/><userTask id="a"/><task id="b"/>'
                           '<parallelGateway id="j"/><endEvent id="e"/>', "s > m; m > g; g > a; g > b; a > j; b > j; j > m"))
    run = Run.start(made, "p", {}, TestHost())
    run.advance()
    size = len(run.dump())
    for _ in range(300):
        run.complete(next(token for token, wait in run.waits().items() if wait.kind == "user"), {})
        run.advance()
    assert len(run.dump()) == size


def test_a_parallel_join_keeps_what_every_branch_has_written() -> None:
    case = Played(START + '<parallelGateway id="g"/>' + user("a") + user("b") + '<parallelGateway id="j"/>' + user("z"),
                  "s > g; g > a; g > b; a > j; b > j; j > z", {"x": 1, "list": [1, 2, 3]})
    case.complete("a", x=2, list=[9]).complete("b", y=3)
    assert case.variables == {"x": 2, "list": [9], "y": 3} and case.open() == ["z"]


def test_what_one_branch_changes_inside_a_value_is_not_seen_in_the_other_before_or_after_a_save() -> None:
    body = (START + '<parallelGateway id="g"/>' + script("a", '{other: context put(order, "n", 2)}') + user("b"))
    case = Played(body, "s > g; g > a; g > b", {"order": {"n": 1}})
    assert case.variables == {"order": {"n": 1}, "other": {"n": 2}}


def test_a_signal_end_is_heard_by_other_cases_and_one_that_nobody_hears_fails_nothing() -> None:
    case = Played(START + '<eventBasedGateway id="g"/>' + event("intermediateCatchEvent", "x", SIGNAL)
                  + event("intermediateCatchEvent", "y", '<messageEventDefinition messageRef="N"/>') + event("endEvent", "e", SIGNAL)
                  + event("endEvent", "f"), "s > g; g > x; g > y; y > e; x > f")
    other = case.rehearsal.start("p")
    case.message("n")
    assert {case.rehearsal.state(case.case), case.rehearsal.state(other)} == {"completed"}
    assert [case.rehearsal.outcome(one) for one in (case.case, other)] == ["e", "f"], "who has waited longest hears the message"
    assert case.incidents() == []
    alone = Played(START + event("endEvent", "e", SIGNAL), "s > e")
    assert alone.ended and alone.incidents() == []


def test_a_handler_that_breaks_is_an_incident_with_its_cause_and_no_error_of_the_diagram() -> None:
    known = Registry()

    def broken(task: object) -> object:
        raise KeyError("the register is away")

    known.external("do.it", title=Text("", ""))(broken)     # type: ignore[arg-type]
    rehearsal = Rehearsal(datetime(2026, 1, 5, 9, tzinfo=UTC), registry=known)
    rehearsal.deploy({"a.bpmn": document(ROOTS, process(
        START + '<serviceTask id="t" jalon:handler="do.it" jalon:retries="1"/>' + event("boundaryEvent", "x", ERROR, 'attachedToRef="t"')
        + user("z"), "s > t; x > z"))})
    rehearsal.start("p")
    rehearsal.settle()
    [(element, why)] = rehearsal.incidents()
    assert element == "t" and "the register is away" in why.en and rehearsal.open_tasks() == []


def test_a_timer_is_written_as_modelers_write_it_and_months_end_where_the_calendar_ends() -> None:
    timer = "<timerEventDefinition><timeDuration>P1M</timeDuration></timerEventDefinition>"
    case = Played(START + event("intermediateCatchEvent", "x", timer) + user("z"), "s > x; x > z", start=False)
    case.rehearsal.advance("2026-01-31T09:00")
    case.rehearsal.start("p")
    [wait] = case.rehearsal.open_work()
    assert wait.due_at is not None and wait.due_at.date().isoformat() == "2026-02-28"


def test_a_month_across_the_change_of_clocks_keeps_its_hour() -> None:
    timer = "<timerEventDefinition><timeDuration>P1M</timeDuration></timerEventDefinition>"
    case = Played(START + event("intermediateCatchEvent", "x", timer) + user("z"), "s > x; x > z", start=False)
    case.rehearsal.advance("2026-03-15T09:00")
    case.rehearsal.start("p")
    [wait] = case.rehearsal.open_work()
    assert wait.due_at == datetime(2026, 4, 15, 7, tzinfo=UTC)      # 9:00 in Paris, in winter and in summer


def test_a_message_for_one_case_never_reaches_another_nor_one_that_waits_without_a_number() -> None:
    waits = '<message id="K" name="k" jalon:correlation="number"/>'
    case = Played(START + event("intermediateCatchEvent", "x", '<messageEventDefinition messageRef="K"/>') + user("z"), "s > x; x > z",
                  {"number": None}, waits)
    second, third = (case.rehearsal.start("p", {"number": number}) for number in (2, 3))
    assert case.rehearsal.message("k", 3).instance_id == third
    assert case.rehearsal.message("k", 4).instance_id is None, "nobody has that number: it is kept"
    assert [case.rehearsal.state(one) for one in (case.case, second)] == ["active", "active"]
    assert len(case.open()) == 1


def test_an_error_for_one_activity_reaches_its_own_border_and_not_its_neighbours() -> None:
    border = event("boundaryEvent", "xa", ERROR, 'attachedToRef="a"') + event("boundaryEvent", "xb", ERROR, 'attachedToRef="b"')
    case = Played(START + user("a") + user("b") + border + user("ya") + user("yb"), "s > a; s > b; xa > ya; xb > yb")
    case.rehearsal.bpmn_error("a", "E")
    case.rehearsal.settle()
    assert case.open() == ["b", "ya"]


def test_of_two_borders_the_one_that_names_the_code_is_taken_before_the_one_that_takes_all() -> None:
    border = event("boundaryEvent", "all", "<errorEventDefinition/>", 'attachedToRef="a"') + event(
        "boundaryEvent", "one", ERROR, 'attachedToRef="a"')
    body = START + user("a") + border + user("ya") + user("yb")
    for code, expected in (("E", "yb"), ("OTHER", "ya")):
        case = Played(body, "s > a; all > ya; one > yb")
        case.rehearsal.bpmn_error("a", code)
        case.rehearsal.settle()
        assert case.open() == [expected]


def test_a_case_waits_by_something_that_can_be_seen_whatever_construct_holds_it() -> None:
    """Rule: docs/architecture.md, 5: a case that has not ended has an open task, job, timer, subscription or incident."""
    held = [
        ("a join that can get no more tokens", START + '<parallelGateway id="g"/><exclusiveGateway id="x" default="d"/>' + user("z")
         + '<task id="t"/><task id="q"/><parallelGateway id="j"/><endEvent id="e"/><endEvent id="f"/>',
         "s > g; g > x; g > q; d = x > f; x > t : n = 1; t > j; q > j; j > z; z > e"),
        ("tokens that are not enough", START + '<userTask id="a" jalon:groups="sales" startQuantity="2"/>', "s > a"),
        ("a condition that gives null", START + '<exclusiveGateway id="g"/>' + user("a") + user("b"),
         "s > g; g > a : x > 1; g > b : x < 1"),
    ]
    for name, body, flows in held:
        case = Played(body, flows, {"n": 0, "x": None})
        assert not case.ended and case.incidents(), name
