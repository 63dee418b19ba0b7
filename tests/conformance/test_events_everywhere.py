"""Each kind of event at each position the standard gives it (BPMN 2.0.2, table 10.93): it runs there, or is refused by name.

Rule: issue 4, section 2; the silent losses named in the study of SpiffWorkflow, section 1: an event whose kind a position does not know
never becomes an event without meaning.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.stage import (
    CANCEL,
    COMPENSATE,
    CONDITION,
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    TIMER,
    Played,
    event,
    problems,
    script,
    user,
)
from tests.engine.kernel.drawing import arrows, process

LINK = '<linkEventDefinition name="l"/>'
KINDS = {"none": "", "message": MESSAGE, "timer": TIMER, "signal": SIGNAL, "error": ERROR, "escalation": ESCALATION,
         "conditional": CONDITION, "link": LINK, "compensate": COMPENSATE, "cancel": CANCEL, "terminate": TERMINATE}

#: How what an event waits for comes from outside the activity it is about.
COMES: dict[str, Callable[[Played], object]] = {
    "message": lambda case: case.message(), "signal": lambda case: case.signal(), "timer": lambda case: case.wait("PT2H"),
    "conditional": lambda case: case.complete("other", level=9)}


def around(position: str, interrupting: bool = True) -> tuple[str, str]:
    """A case with a task `a` and one beside it, `other`, and an event `x` with `{}` for its definition; `after` follows the event."""
    flag = str(interrupting).lower()
    if position == "boundary":
        return (event("startEvent", "s0") + user("a") + user("other") + event("boundaryEvent", "x", "{}", f'attachedToRef="a" '
                f'cancelActivity="{flag}"') + user("after"), "s0 > a; s0 > other; x > after")
    if position == "event sub-process":
        inner = event("startEvent", "x", "{}", f'isInterrupting="{flag}"') + user("after") + arrows("x > after")
        handler = f'<subProcess id="h" triggeredByEvent="true">{inner}</subProcess>'
        scope = event("startEvent", "bs") + user("a") + handler + arrows("bs > a")
        return event("startEvent", "s0") + f'<subProcess id="b">{scope}</subProcess>' + user("other"), "s0 > b; s0 > other"
    if position == "catch":
        return (event("startEvent", "s0") + event("intermediateCatchEvent", "x", "{}") + user("other") + user("after"),
                "s0 > x; s0 > other; x > after")
    raise AssertionError(position)


@pytest.mark.parametrize("kind", COMES)
@pytest.mark.parametrize("position", ["boundary", "event sub-process"])
def test_what_interrupts_takes_its_activity_away_and_nothing_inside_runs_on(position: str, kind: str) -> None:
    body, flows = around(position)
    case = Played(body.format(KINDS[kind]), flows, {"level": 1})
    assert case.open() == ["a", "other"]
    COMES[kind](case)
    assert "after" in case.open() and "a" not in case.open()


@pytest.mark.parametrize("kind", COMES)
@pytest.mark.parametrize("position", ["boundary", "event sub-process"])
def test_what_does_not_interrupt_runs_beside_and_as_often_as_it_comes(position: str, kind: str) -> None:
    body, flows = around(position, interrupting=False)
    every = KINDS[kind].replace("<timeDuration>PT1H</timeDuration>", "<timeCycle>R/PT1H</timeCycle>")
    case = Played(body.format(every), flows, {"level": 1})
    COMES[kind](case)
    assert "a" in case.open() and case.open().count("after") >= 1
    if kind != "conditional":                               # its task beside is gone: nobody else changes the variable
        COMES[kind](case)
        assert "a" in case.open() and case.open().count("after") >= 2


@pytest.mark.parametrize("kind", COMES)
def test_an_event_in_the_way_waits_for_what_it_names(kind: str) -> None:
    body, flows = around("catch")
    case = Played(body.format(KINDS[kind]), flows, {"level": 1})
    assert case.open() == ["other"] and "x" in case.waits()
    COMES[kind](case)
    assert "after" in case.open()


@pytest.mark.parametrize("kind", ["error", "escalation"])
@pytest.mark.parametrize("position", ["boundary", "event sub-process"])
@pytest.mark.parametrize("interrupting", [True, False])
def test_what_is_thrown_inside_is_caught_and_stops_or_leaves_what_runs_there(kind: str, position: str, interrupting: bool) -> None:
    flag = f'"{str(interrupting).lower()}"'
    throws = event("startEvent", "bs") + user("go") + user("a") + event("endEvent", "t", KINDS[kind]) + event("endEvent", "be")
    inner, flows = throws + arrows("bs > go; bs > a; go > t; a > be"), "s0 > b"
    if position == "boundary":
        body = f'<subProcess id="b">{inner}</subProcess>' + event(
            "boundaryEvent", "x", KINDS[kind], f'attachedToRef="b" cancelActivity={flag}') + user("after")
        flows += "; x > after"
    else:
        handler = event("startEvent", "x", KINDS[kind], f"isInterrupting={flag}") + user("after") + arrows("x > after")
        body = f'<subProcess id="b">{inner}<subProcess id="h" triggeredByEvent="true">{handler}</subProcess></subProcess>'
    body = event("startEvent", "s0") + body
    if kind == "error" and not interrupting:
        assert ("x", "event.error_not_interrupting") in problems(process(body, flows))
        return
    case = Played(body, flows)
    assert case.open() == ["a", "go"], "the handler does not run by itself"
    case.complete("go")
    assert case.open() == (["after"] if interrupting else ["a", "after"])


@pytest.mark.parametrize(("kind", "tag"), [
    ("none", "intermediateThrowEvent"), ("none", "endEvent"), ("message", "intermediateThrowEvent"), ("message", "endEvent"),
    ("signal", "intermediateThrowEvent"), ("signal", "endEvent"), ("escalation", "intermediateThrowEvent"), ("escalation", "endEvent")])
def test_what_is_thrown_leaves_the_case_or_reaches_who_waits_beside(kind: str, tag: str) -> None:
    end = tag == "endEvent"
    hears = event("boundaryEvent", "h", KINDS[kind], 'attachedToRef="w"') + user("after") if kind in ("message", "signal") else ""
    ends = event("endEvent", "e") if end else ""
    flows = "s0 > go; s0 > w; go > t" + ("; h > after" if hears else "") + ("; s0 > z; z > e; w > e" if end else "; t > z")
    case = Played(event("startEvent", "s0") + user("go") + user("w") + hears + event(tag, "t", KINDS[kind]) + user("z") + ends,
                  flows + ("; after > e" if hears and end else ""))
    case.complete("go")
    assert case.times("t") == 1 and "z" in case.open()
    assert ("after" in case.open()) == bool(hears)


def test_terminate_ends_everything_in_its_scope_and_an_end_without_trigger_only_its_path() -> None:
    inner = (event("startEvent", "bs") + user("a") + user("go") + user("quiet") + event("endEvent", "t", TERMINATE)
             + event("endEvent", "be") + arrows("bs > a; bs > quiet; bs > go; go > t; a > be; quiet > be"))
    case = Played(event("startEvent", "s0") + f'<subProcess id="b">{inner}</subProcess>' + user("z") + user("beside"),
                  "s0 > b; s0 > beside; b > z")
    assert case.complete("quiet").open() == ["a", "beside", "go"]
    assert case.complete("go").open() == ["beside", "z"]


def test_a_link_leads_on_and_a_compensation_is_caught_and_thrown() -> None:
    case = Played(event("startEvent", "s0") + script("a", "{n: 1}") + event("boundaryEvent", "x", COMPENSATE, 'attachedToRef="a"')
                  + '<scriptTask id="undo" isForCompensation="true"><script>{n: n - 10}</script></scriptTask>'
                  '<association id="as" sourceRef="x" targetRef="undo"/>' + event("intermediateThrowEvent", "lt", LINK)
                  + event("intermediateCatchEvent", "lc", LINK) + event("endEvent", "e", COMPENSATE), "s0 > a; a > lt; lc > e")
    assert case.ended and case.variables == {"n": -9}


def test_cancel_leaves_a_transaction_by_its_border_after_undoing() -> None:
    inner = (event("startEvent", "bs") + script("a", "{n: 1}") + event("boundaryEvent", "x", COMPENSATE, 'attachedToRef="a"')
             + '<scriptTask id="undo" isForCompensation="true"><script>{n: 0}</script></scriptTask>'
             '<association id="as" sourceRef="x" targetRef="undo"/>' + event("endEvent", "e", CANCEL) + arrows("bs > a; a > e"))
    case = Played(event("startEvent", "s0") + f'<transaction id="b">{inner}</transaction>' + user("after") + user("z")
                  + event("boundaryEvent", "c", CANCEL, 'attachedToRef="b"'), "s0 > b; b > z; c > after")
    assert case.open() == ["after"] and case.variables == {"n": 0}


#: Where a kind has no place by the standard.
MISPLACED = {
    "start": ("error", "escalation", "compensate", "cancel", "terminate", "link"),
    "boundary": ("none", "link", "terminate"),
    "catch": ("none", "error", "escalation", "cancel", "terminate"),
    "throw": ("timer", "conditional", "error", "cancel", "terminate"),
    "end": ("timer", "conditional", "link"),
}


@pytest.mark.parametrize(("position", "kind"), [(position, kind) for position, kinds in MISPLACED.items() for kind in kinds])
def test_a_kind_without_a_place_there_is_refused_at_its_element(position: str, kind: str) -> None:
    tag = {"start": "startEvent", "boundary": "boundaryEvent", "catch": "intermediateCatchEvent", "throw": "intermediateThrowEvent",
           "end": "endEvent"}[position]
    attributes = 'attachedToRef="a"' if position == "boundary" else ""
    flows = {"start": "x > a", "boundary": "s0 > a; x > z", "end": "s0 > a; a > x"}.get(position, "s0 > x; x > a")
    start = "" if position == "start" else event("startEvent", "s0")
    found = problems(process(start + event(tag, "x", KINDS[kind], attributes) + user("a") + user("z"), flows))
    assert "x" in [element for element, _ in found], found


@pytest.mark.parametrize("kind", ["message", "signal", "timer", "conditional"])
def test_a_start_event_of_a_definition_begins_a_case(kind: str) -> None:
    case = Played(event("startEvent", "x", KINDS[kind]) + user("a"), "x > a", start=False)
    begin: dict[str, Callable[[], object]] = {
        "message": case.message, "signal": case.signal, "timer": lambda: case.wait("PT2H"),
        "conditional": lambda: case.rehearsal.tell({"level": 9})}
    begin[kind]()
    assert case.open() == ["a"] and len(case.rehearsal.instances) == 1
