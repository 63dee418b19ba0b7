"""Diagrams for tests, written short, and a run over them that is saved and restored after every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine import values
from engine.bpmn import reader
from engine.clock import VirtualClock
from engine.kernel.program import Program
from engine.kernel.run import Run
from engine.kernel.waits import DeadlineRef, Passed, Thrown, Wait

PARIS = ZoneInfo("Europe/Paris")
_HEAD = ('<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
         'xmlns:jalon="urn:jalon:bpmn:1" targetNamespace="urn:test">')


class TestHost:
    """What the kernel asks of its surroundings, with a clock that is set and deadlines of fixed lengths."""

    __test__ = False

    def __init__(self, at: datetime = datetime(2026, 1, 31, 9, tzinfo=PARIS)) -> None:
        self.clock = VirtualClock(at)
        self.lists: dict[str, list[Any]] = {}
        self.asked = 0

    def now(self) -> datetime:
        return self.clock.now().astimezone(PARIS)

    def functions(self, scope: str, seen: list[DeadlineRef]) -> Mapping[str, Callable[..., Any]]:
        self.asked += 1

        def deadline(rule: str, anchor: date) -> date:
            seen.append(DeadlineRef(rule, anchor, scope))
            return anchor + timedelta(days=10)

        def reminders(rule: str, anchor: date) -> list[Any]:
            seen.append(DeadlineRef(rule, anchor, scope))
            return self.lists[rule]

        def broken() -> None:
            raise RuntimeError("the register is away")

        return {"now": self.now, "today": lambda: self.now().date(), "deadline": deadline, "reminders": reminders, "broken": broken}

    def moment(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=PARIS) + timedelta(days=1)


def document(*parts: str) -> bytes:
    """A BPMN file of these processes and root elements."""
    return (_HEAD + "".join(parts) + "</definitions>").encode()


def process(body: str, flows: str = "", key: str = "p") -> str:
    """A process: elements as XML, flows as lines `a > b` or `a > b : condition`, each with an optional name in front: `f1 = a > b`."""
    return f'<process id="{key}" isExecutable="true">{body}{arrows(flows)}</process>'


def arrows(flows: str) -> str:
    return "".join(_arrow(line.strip()) for line in flows.replace(";", "\n").splitlines() if line.strip())


def _arrow(line: str) -> str:
    line, _, condition = line.partition(" : ")
    name, _, ends = line.rpartition(" = ")
    source, target = (word.strip() for word in ends.split(">"))
    key = f'id="{name.strip()}" ' if name.strip() else ""
    told = "<conditionExpression><![CDATA[" + condition + "]]></conditionExpression>" if condition else ""
    return f'<sequenceFlow {key}sourceRef="{source}" targetRef="{target}">{told}</sequenceFlow>'


def program(*parts: str, called: Mapping[str, Program] | None = None) -> Program:
    """A program of processes written with `process`. Raises what the reader found, so that a typing slip is seen."""
    reading = reader.read({"test.bpmn": document(*parts)})
    assert not reading.problems, reading.problems
    return Program(reading, called)


class Story:
    """A run that is saved, restored and compared after every step."""

    def __init__(self, made: Program, variables: Mapping[str, Any] | None = None, *, host: TestHost | None = None, key: str = "p",
                 at_element: str | None = None) -> None:
        self.program, self.host = made, host or TestHost()
        self.passed: list[Passed] = []
        self.thrown: list[Thrown] = []
        self.run = Run.start(made, key, variables or {}, self.host, at_element=at_element)
        self.advance()

    def advance(self) -> None:
        self._store()
        self.run.advance()
        self._store()

    def _store(self) -> None:
        passed, thrown = self.run.take()
        self.passed += passed
        self.thrown += thrown
        waits, blob, scopes = self.run.waits(), self.run.dump(), {key: dict(inner) for key, inner in self.run.scopes.items()}
        kept = values.decode(values.encode(scopes))
        restored = Run.load(self.program, blob, kept, self.host)
        assert restored.waits() == waits
        assert restored.dump() == blob
        assert {key: dict(inner) for key, inner in restored.scopes.items()} == scopes
        assert {key: dict(restored.scopes.read(key)) for key in scopes} == {key: dict(self.run.scopes.read(key)) for key in scopes}
        assert (restored.ended, restored.ends) == (self.run.ended, self.run.ends)
        self.run = restored

    # --- looking ----------------------------------------------------------------------------------

    def open(self) -> list[str]:
        """The elements that wait, sorted, a failed one with a sign in front."""
        return sorted(("!" if wait.kind == "failed" else "") + wait.element for wait in self.run.waits().values())

    def all(self, element: str) -> list[Wait]:
        return [wait for wait in self.run.waits().values() if wait.element == element]

    def wait(self, element: str) -> Wait:
        [found] = self.all(element)
        return found

    def happened(self, event: str) -> list[str]:
        return [passed.element for passed in self.passed if passed.event == event]

    @property
    def variables(self) -> dict[str, Any]:
        return dict(self.run.scopes[""])

    # --- doing ------------------------------------------------------------------------------------

    def complete(self, element: str, values: Any = None, *, number: int = 0) -> None:
        self.run.complete(self.all(element)[number].token, values)
        self.advance()

    def fire(self, element: str, values: Mapping[str, Any] | None = None, *, number: int = 0) -> None:
        self.run.fire(self.all(element)[number].token, values)
        self.advance()

    def error(self, element: str, code: str, *, number: int = 0) -> None:
        self.run.bpmn_error(self.all(element)[number].token, code)
        self.advance()

    def retry(self, element: str) -> None:
        self.run.retry(self.wait(element).token)
        self.advance()

    def until(self, at: datetime) -> list[tuple[datetime, str]]:
        """Let time pass; every timer on the way fires in order. Tells which, when."""
        fired = []
        while True:
            waits = self.run.waits().values()
            due = sorted(((wait.due_at, wait.element, wait.token) for wait in waits if wait.kind == "timer" and wait.due_at),
                         key=lambda one: one[0])
            if not due or due[0][0] > at:
                break
            moment, element, token = due[0]
            self.host.clock.set(max(moment, self.host.clock.now()))
            fired.append((moment.astimezone(PARIS), element))
            self.run.fire(token)
            self.advance()
        self.host.clock.set(at)
        return fired


def at(*parts: int) -> datetime:
    """A moment in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]
