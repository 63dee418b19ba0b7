"""Random walks: whatever happens to a case, it never stalls in silence, and saving and restoring changes nothing anyone can see."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from engine import values
from engine.bpmn import reader
from engine.kernel.program import Program
from engine.kernel.run import Run
from engine.kernel.waits import Wait
from tests.engine.kernel import test_lifecycle
from tests.engine.kernel.drawing import PARIS, TestHost, arrows, process, program

ZOO = process(
    '<startEvent id="s"/><inclusiveGateway id="g" default="d"/><userTask id="a"/>'
    '<boundaryEvent id="ab" attachedToRef="a" cancelActivity="false"><messageEventDefinition messageRef="M"/></boundaryEvent>'
    '<userTask id="az"/>'
    '<boundaryEvent id="ac" attachedToRef="a"><conditionalEventDefinition><condition>n = 7</condition></conditionalEventDefinition>'
    '</boundaryEvent>'
    '<subProcess id="b"><multiInstanceLoopCharacteristics jalon:collection="list" jalon:item="i" jalon:collect="got" '
    'jalon:collectValue="n">'
    '<completionCondition>nrOfCompletedInstances = 2</completionCondition></multiInstanceLoopCharacteristics><startEvent id="bs"/>'
    '<serviceTask id="bu" '
    'jalon:handler="h.h"/><endEvent id="be"><escalationEventDefinition escalationRef="X"/></endEvent>' + arrows("bs > bu; bu > be")
    + '<subProcess id="bh" triggeredByEvent="true"><startEvent id="bhs"><errorEventDefinition errorRef="E"/></startEvent>'
    '<userTask id="bhu"/>'
    + arrows("bhs > bhu") + '</subProcess></subProcess><boundaryEvent id="bb" attachedToRef="b" cancelActivity="false">'
    '<escalationEventDefinition '
    'escalationRef="X"/></boundaryEvent><endEvent id="bbe"><signalEventDefinition signalRef="S"/></endEvent>'
    '<callActivity id="k" calledElement="q"/><boundaryEvent id="kb" attachedToRef="k"><errorEventDefinition/></boundaryEvent>'
    '<inclusiveGateway id="j"/><exclusiveGateway id="x" default="back"/><endEvent id="e"/>'
    '<subProcess id="h" triggeredByEvent="true"><startEvent id="hs" isInterrupting="false"><timerEventDefinition>'
    '<timeCycle>R2/P1D</timeCycle>'
    '</timerEventDefinition></startEvent><parallelGateway id="p1"/><userTask id="h1"/><userTask id="h2"/><parallelGateway id="p2"/>'
    + arrows("hs > p1; p1 > h1; p1 > h2; h1 > p2; h2 > p2") + "</subProcess>",
    "s > g; g > a : n > 0; g > b : n > 1; d = g > k; g > k : n > 2; ab > az; ac > j; a > j; b > j; k > j; kb > j; bb > bbe; j > x; "
    "x > e : n > 4; back = x > g")
CALLED = process('<startEvent id="qs"/><eventBasedGateway id="qg"/><intermediateCatchEvent id="q1"><timerEventDefinition>'
                 '<timeDuration>PT1H</timeDuration>'
                 '</timerEventDefinition></intermediateCatchEvent><intermediateCatchEvent id="q2"><signalEventDefinition signalRef="S"/>'
                 '</intermediateCatchEvent><endEvent id="qe"><errorEventDefinition errorRef="E"/></endEvent><endEvent id="qf"/>',
                 "qs > qg; qg > q1; qg > q2; q1 > qe; q2 > qf", key="q")
COMPENSATED = (
    '<boundaryEvent id="c_{0}" attachedToRef="{0}"><compensateEventDefinition/></boundaryEvent>'
    '<{1} id="undo_{0}" isForCompensation="true"/>'
    '<association id="as_{0}" sourceRef="c_{0}" targetRef="undo_{0}"/>')
UNDOING = process(
    '<startEvent id="s"/><exclusiveGateway id="m"/><parallelGateway id="g"/><userTask id="a" completionQuantity="2"/>'
    + COMPENSATED.format("a", "userTask")
    + '<transaction id="x"><startEvent id="xs"/><userTask id="xa"><multiInstanceLoopCharacteristics behavior="None" '
    'noneBehaviorEventRef="D" jalon:collection="list" jalon:item="i"/></userTask>' + COMPENSATED.format("xa", "serviceTask")
    + '<callActivity id="k" calledElement="q"/><exclusiveGateway id="xx" default="xd"/>'
    '<endEvent id="xc"><cancelEventDefinition/></endEvent>'
    '<endEvent id="xe"/>' + arrows("xs > xa; xa > k; k > xx; xx > xc : n > 2; xd = xx > xe")
    + '<boundaryEvent id="xb" attachedToRef="xa" cancelActivity="false"><signalEventDefinition signalRef="S"/></boundaryEvent>'
    '<userTask id="xt"/>' + arrows("xb > xt")
    + '</transaction><boundaryEvent id="out" attachedToRef="x"><cancelEventDefinition/></boundaryEvent>'
    '<boundaryEvent id="all" attachedToRef="x" parallelMultiple="true" cancelActivity="false"><messageEventDefinition messageRef="M"/>'
    '<signalEventDefinition signalRef="S"/></boundaryEvent><userTask id="heard"/>'
    '<boundaryEvent id="failed" attachedToRef="x"><errorEventDefinition/></boundaryEvent>'
    '<adHocSubProcess id="h" ordering="Sequential"><userTask id="h1"/><userTask id="h2"/>' + COMPENSATED.format("h1", "task")
    + '<completionCondition>n != 1</completionCondition></adHocSubProcess>'
    '<complexGateway id="j" default="jd"><activationCondition><![CDATA[activationCount >= 2]]></activationCondition></complexGateway>'
    '<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>'
    '<intermediateThrowEvent id="ta"><compensateEventDefinition activityRef="a" waitForCompletion="false"/></intermediateThrowEvent>'
    '<endEvent id="e"><compensateEventDefinition/></endEvent><exclusiveGateway id="d" default="dd"/>',
    "s > m; m > g; g > a; g > x; g > h; a > j; x > j; out > ta; ta > j; all > heard; failed > t; h > j; j > t : n > 3; jd = j > d; t > d; "
    "d > m : n = 7; dd = d > e")
UNDONE = process(
    '<startEvent id="qs"/><userTask id="qa"/>' + COMPENSATED.format("qa", "userTask")
    + '<subProcess id="qh" triggeredByEvent="true"><startEvent id="qhs"><compensateEventDefinition/></startEvent>'
    '<userTask id="qhu"/><intermediateThrowEvent id="qht"><compensateEventDefinition/></intermediateThrowEvent>'
    + arrows("qhs > qhu; qhu > qht") + "</subProcess>", "qs > qa", key="q")
ROOTS = ('<message id="M" name="m" jalon:correlation="n"/><signal id="S" name="s"/><error id="E" errorCode="one"/>'
         '<escalation id="X" escalationCode="up"/><signalEventDefinition id="D" signalRef="S"/>')


def shipped() -> Program:
    """The processes as they are shipped, with those they call."""
    folders = [Path(__file__).parents[3] / "processes" / name for name in ("remediation", "certification")]
    called: dict[str, Program] = {}
    for folder in folders:
        made = Program(reader.read({path.name: path.read_bytes() for path in folder.glob("*.bpmn")}), called)
        called = called | dict.fromkeys(made.model.processes, made)
    return made


def seen(run: Run) -> list[tuple[Any, ...]]:
    """What anyone can see of a run, without the tokens, which are made by chance."""
    return [(wait.element, wait.kind, wait.due_at, wait.name, wait.correlation, wait.cause, len(wait.deadlines))
            for wait in run.waits().values()]


class Walk:
    """One case twice: one that stays in memory, one that is saved and restored all the time. The same happens to both."""

    avoided: frozenset[str] = frozenset()

    def __init__(self, made: Program, key: str, variables: dict[str, Any], chance: random.Random) -> None:
        self.made, self.chance, self.host = made, chance, TestHost()
        self.host.lists["information"] = [datetime(2026, 2, 3, 8, tzinfo=PARIS)]
        self.hot = Run.start(made, key, variables, self.host)
        self.cold = Run.start(made, key, variables, self.host)
        self._check()

    def _restored(self) -> Run:
        return Run.load(self.made, self.cold.dump(), values.decode(values.encode(self.cold.scopes)), self.host)

    def _check(self) -> None:
        assert [(p.element, p.event) for p in self.hot.passed] == [(p.element, p.event) for p in self.cold.passed]
        self.hot.take()
        self.cold.take()
        self.cold = self._restored()
        self.hot.advance()
        self.cold.advance()
        assert [(p.element, p.event) for p in self.hot.passed] == [(p.element, p.event) for p in self.cold.passed]
        assert [(t.kind, t.name, t.element) for t in self.hot.thrown] == [(t.kind, t.name, t.element) for t in self.cold.thrown]
        self.hot.take()
        self.cold.take()
        self.cold = self._restored()
        assert seen(self.hot) == seen(self.cold)
        assert dict(self.hot.scopes[""]) == dict(self.cold.scopes[""])
        assert (self.hot.ended, self.hot.ends) == (self.cold.ended, self.cold.ends)
        assert self.hot.ended or self.hot.waits(), "a case that has not ended waits for something"
        assert not (self.hot.ended and (self.hot.waits() or len(self.hot.scopes) > 1)), "a case that has ended leaves nothing"

    def step(self) -> None:
        waits = list(self.hot.waits().values())
        numbers = [number for number, wait in enumerate(waits) if wait.element not in self.avoided] or range(len(waits))
        number = self.chance.choice(numbers)
        luck, given = self.chance.random(), self._given()
        for run in (self.hot, self.cold):
            self._do(run, list(run.waits().values())[number], luck, given)
        self._check()

    def _given(self) -> dict[str, Any]:
        return {"n": self.chance.choice([0, 1, 2, 3, 5, 7, 7, None]), "list": self.chance.choice([[], [1], [1, 2, 3], None]),
                "study": {"outcome": self.chance.choice(["admissible", "more_information", None])}, "settlement": "s",
                "asked_on": date(2026, 1, 31), "complete": self.chance.random() < 0.8, "missing": []}

    @staticmethod
    def _do(run: Run, wait: Wait, luck: float, given: dict[str, Any]) -> None:
        if wait.kind == "failed":
            run.scopes.write(wait.scope, given)
            run.retry(wait.token)
        elif luck < 0.05:
            run.fail(wait.token, "by chance")
        elif luck < 0.15:
            run.bpmn_error(wait.token, "one" if luck < 0.1 else "other")
        elif wait.kind == "timer" and luck < 0.3:
            run.rearm(wait.token)
        elif wait.kind in ("user", "service", "decision"):
            run.complete(wait.token, given)
        else:
            run.fire(wait.token, {"n": given["n"]})


@pytest.mark.parametrize("seed", range(40))
def test_a_random_walk_through_everything(seed: int) -> None:
    walk = Walk(program(ROOTS, ZOO, CALLED), "p", {"n": seed % 5, "list": [1, 2, 3]}, random.Random(seed))
    for _ in range(40):
        if walk.hot.ended:
            break
        walk.step()


@pytest.mark.parametrize("seed", range(40))
def test_a_random_walk_through_everything_that_can_be_undone(seed: int) -> None:
    walk = Walk(program(ROOTS, UNDOING, UNDONE), "p", {"n": seed % 5, "list": [1, 2]}, random.Random(seed))
    for _ in range(60):
        if walk.hot.ended:
            break
        walk.step()


@pytest.mark.parametrize("seed", range(10))
def test_a_random_walk_through_a_small_lifecycle(seed: int) -> None:
    made = program(test_lifecycle.ROOTS, test_lifecycle.MAIN, test_lifecycle.REMEDIATION)
    variables = {"case_number": "1", "asked_on": date(2026, 1, 31), "ncs": [{"number": 1}, {"number": 2}]}
    walk = Walk(made, "certification", variables, random.Random(seed))
    for _ in range(30):
        if walk.hot.ended:
            break
        walk.step()


@pytest.mark.parametrize("seed", range(5))
def test_a_random_walk_through_the_shipped_lifecycle_never_breaks(seed: int) -> None:
    walk = Walk(shipped(), "certification", {"application": {"evidence_language": "fr"}}, random.Random(seed))
    walk.avoided = frozenset({"Event_WithdrawalReceived"})
    for _ in range(40):
        if walk.hot.ended:
            break
        walk.step()
        assert len(walk.hot.dump()) <= 6_000
