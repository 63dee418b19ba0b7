"""A diagram written short, checked, deployed and played by the whole engine, read back from its row at every command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine.change.rehearsal import Rehearsal
from engine.handler import Complete, Registry
from engine.texts import Text
from tests.engine.kernel.drawing import document, process

ROOTS = ('<message id="M" name="m"/><message id="N" name="n"/><signal id="S" name="s"/><signal id="R" name="r"/>'
         '<error id="E" errorCode="E"/><error id="F" errorCode="F"/><escalation id="U" escalationCode="U"/>')
MESSAGE, SIGNAL = '<messageEventDefinition messageRef="M"/>', '<signalEventDefinition signalRef="S"/>'
ERROR, ESCALATION = '<errorEventDefinition errorRef="E"/>', '<escalationEventDefinition escalationRef="U"/>'
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
CONDITION = "<conditionalEventDefinition><condition>level = 9</condition></conditionalEventDefinition>"
COMPENSATE, CANCEL, TERMINATE = "<compensateEventDefinition/>", "<cancelEventDefinition/>", "<terminateEventDefinition/>"


def user(key: str, inside: str = "") -> str:
    """A task that a person does."""
    return f'<userTask id="{key}" jalon:groups="sales">{inside}</userTask>'


def script(key: str, text: str, inside: str = "") -> str:
    return f'<scriptTask id="{key}">{inside}<script><![CDATA[{text}]]></script></scriptTask>'


def event(kind: str, key: str, definition: str = "", attributes: str = "") -> str:
    return f'<{kind} id="{key}" {attributes}>{definition}</{kind}>'


def registry() -> Registry:
    """One handler, `do.it`, at once."""
    known = Registry()
    known.local("do.it", title=Text("", ""))(lambda task: Complete(did=task.element))
    return known


def problems(*parts: str) -> list[tuple[str, str]]:
    """Where a diagram may not be deployed, and why: (element, code)."""
    found = Rehearsal(datetime(2026, 1, 5, 9, tzinfo=UTC), registry=registry()).check({"a.bpmn": document(ROOTS, *parts)})
    return [(problem.element, problem.code) for problem in found if problem.level != "warning"]


class Played:
    """A case of process `p`. The body is BPMN elements, the flows are lines `a > b : condition`."""

    def __init__(self, body: str, flows: str = "", variables: Mapping[str, Any] | None = None, *beside: str, start: bool = True) -> None:
        parts = (ROOTS, *beside, process(body, flows))
        self.rehearsal = Rehearsal(datetime(2026, 1, 5, 9, tzinfo=UTC), registry=registry(), save_and_restore=True)
        files = {"a.bpmn": document(*parts)}
        wrong = [f"{one.element} {one.code}: {one.message.en}" for one in self.rehearsal.check(files) if one.level != "warning"]
        assert wrong == [], wrong
        self.rehearsal.deploy(files)
        self.case = self.rehearsal.start("p", variables) if start else ""
        self.rehearsal.settle()

    def open(self) -> list[str]:
        """The tasks that are open, sorted."""
        return self.rehearsal.open_tasks()

    def waits(self) -> list[str]:
        """Everything that waits in the case, sorted."""
        return sorted(work.element for work in self.rehearsal.open_work(self.case))

    @property
    def ended(self) -> bool:
        return self.rehearsal.state(self.case) == "completed"

    @property
    def variables(self) -> dict[str, Any]:
        return self.rehearsal.variables(self.case)

    def did(self, *elements: str) -> list[tuple[str, str]]:
        """What happened at these elements, in order."""
        return [(element, happened) for element, happened, _ in self.rehearsal.trace(self.case) if element in elements]

    def times(self, element: str) -> int:
        """How often an element was completed, taken or reached as an end."""
        return sum(one == element and happened in ("completed", "taken", "ended") for one, happened, _ in self.rehearsal.trace(self.case))

    def complete(self, element: str, **values: Any) -> Played:
        work = next(one for one in self.rehearsal.open_work() if one.element == element and one.kind in ("user", "failed"))
        self.rehearsal.complete(work.token, values)
        self.rehearsal.settle()
        return self

    def message(self, name: str = "m", **values: Any) -> Played:
        self.rehearsal.message(name, None, values)
        self.rehearsal.settle()
        return self

    def signal(self, name: str = "s") -> Played:
        self.rehearsal.signal(name)
        self.rehearsal.settle()
        return self

    def wait(self, length: str) -> Played:
        self.rehearsal.advance(length)
        return self

    def incidents(self) -> list[str]:
        return [element for element, _ in self.rehearsal.incidents()]
