"""Events: caught, thrown, on an activity, at a start, at an end.

Owns: opening and firing of what is waited for; messages and signals thrown; interrupting; opening again what does not interrupt.
Leaves: timers' moments to `timers`; how errors and escalations find who takes them to `catching`.
Promises: interrupting takes effect at once, before anything else of the interrupted part runs; what does not interrupt waits again
for the next time; each wait is addressed by its token.
Rule: BPMN 2.0.2, 10.5 and 13.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.bpmn.lowering import Node
from engine.kernel import expressions, timers
from engine.kernel.faults import Fault
from engine.kernel.specs import catching
from engine.kernel.specs.activities import Activity
from engine.kernel.specs.node import ProcessSpec, Spec
from engine.kernel.waits import Thrown, Wait, WaitKind
from engine.texts import Text

if TYPE_CHECKING:
    from engine.kernel.tokens import Token

_KINDS: dict[str, WaitKind] = {"message": "message", "signal": "signal", "timer": "timer", "conditional": "condition"}
_KEPT = ("round", "armed")      #: what a token knows as an activity, whatever it waits for
_UNCAUGHT = Text("L’erreur « {code} » n’est rattrapée par aucun événement. {message}", "No event takes the error “{code}”. {message}")


class Catching(Spec):
    """A node that waits for one event. Subclasses say what firing means for its surroundings."""

    listens = True
    repeats = False             #: whether it waits again once it has fired

    def __init__(self, process: ProcessSpec, node: Node) -> None:
        super().__init__(process, node)
        self.wait_kind = _KINDS.get(node.event.kind)

    @property
    def depends_on_all(self) -> bool:  # type: ignore[override]
        return self.wait_kind == "condition" or (self.wait_kind == "message" and bool(self.node.event.correlation))

    def work(self, token: Token) -> bool | None:
        if "fired" in token.note:
            token.tell("taken")
            return True
        if not self.optional:
            token.tell("entered")
        if self.wait_kind == "timer":
            self._start_timer(token)
        elif self.wait_kind == "message":
            self._find_key(token)
        elif self.wait_kind == "condition":
            token.hold()
            self.settle(token)
        return None

    def _find_key(self, token: Token) -> None:
        """Reckon the correlation. One that gives null, as an event sub-process's does before the case has its number, is reckoned again."""
        if self.node.event.correlation and expressions.unpacked(token.note.get("key")) is None:
            token.note["key"] = expressions.packed(expressions.evaluate(token, self.node.event.correlation))

    def _start_timer(self, token: Token) -> None:
        self.rearm(token)
        if token.alive and timers.due(token.note) <= token.tokens.host.now():
            self.fire(token)

    def rearm(self, token: Token) -> None:
        """Reckon the timer; one that has no moment left is gone."""
        found = timers.arm(token, self.node.event.expression, every=self.repeats)
        if found is None:
            token.tokens.drop(token)
            return
        for name in ("rest", "cycle", "deadlines"):
            token.note.pop(name, None)
        token.note.update(found)

    def fire(self, token: Token) -> None:
        """It has happened: what it interrupts ends now, and the token goes on at its next turn."""
        previous = dict(token.note)
        token.note.clear()
        token.note.update({name: previous[name] for name in _KEPT if name in previous}, fired=True)
        self.fired(token, previous)
        token.again()

    def fired(self, token: Token, previous: dict[str, Any]) -> None:
        """What firing means for others. `previous` is what the token knew while it waited."""
        race = previous.get("race")
        around = token.around
        if race is not None and around is not None:
            for other in around.inside:
                if other is not token and other.note.get("race") == race:
                    other.cancel()

    def settle(self, token: Token) -> None:
        """See whether a condition has come true; one that was true already must have been false in between."""
        if not token.waiting:
            return
        if self.wait_kind == "message":
            self._find_key(token)
            return
        holds = expressions.holds(token, self.node.event.expression)
        if holds and "held" not in token.note:
            self.fire(token)
        elif not holds:
            token.note.pop("held", None)

    def take(self, token: Token, values: Mapping[str, Any]) -> None:
        """Take what the event brought into the variables, then fire."""
        tokens = token.tokens
        found: dict[str, Any] = {}
        if tokens.guard(token, "run", lambda: found.update(self.brought(token, values))):
            tokens.scopes.write(token.scope, found)
            self.fire(token)

    def brought(self, token: Token, values: Mapping[str, Any]) -> dict[str, Any]:
        outputs = self.node.element.ext.outputs
        return expressions.assign(token, outputs, values) if outputs else dict(values)

    def wait(self, token: Token) -> Wait | None:
        found = super().wait(token)
        if found is None:
            return None
        note, event = token.note, self.node.event
        if self.wait_kind == "timer":
            return timers.wait(found, note)
        if self.wait_kind in ("message", "signal"):
            return Wait(found.token, found.element, found.process, found.kind, found.scope, name=event.name or event.ref,
                        correlation=expressions.unpacked(note.get("key")))
        return found


class Catch(Catching, Activity):
    """An intermediate event or receive task; a receive task may carry boundary events and is completed like a task."""

    def __init__(self, process: ProcessSpec, node: Node) -> None:
        super().__init__(process, node)
        self.is_task = node.element.kind == "receiveTask"

    def work(self, token: Token) -> bool | None:
        if "fired" in token.note:
            if not self.is_task:
                token.tell("taken")
            return True
        self.arm(token)
        return super().work(token)

    def tell_left(self, token: Token) -> None:
        if self.is_task:
            token.tell("completed")


class Boundary(Catching):
    """An event on an activity."""

    optional = True

    def __init__(self, process: ProcessSpec, node: Node) -> None:
        super().__init__(process, node)
        self.repeats = not node.element.interrupting and node.event.kind != "error"

    def fired(self, token: Token, previous: dict[str, Any]) -> None:
        host = token.tokens.find(previous.get("host", ""))
        if host is None:
            return
        if self.repeats:
            catching.wait_again(token, previous, {"host": host.id})
        else:
            host.cancel()


class Trigger(Catching):
    """The start event of an event sub-process: it waits in the scope the sub-process stands in, and begins it when it fires."""

    optional = True

    def __init__(self, process: ProcessSpec, node: Node) -> None:
        super().__init__(process, node)
        self.repeats = not node.element.interrupting and node.event.kind != "error"

    def fired(self, token: Token, previous: dict[str, Any]) -> None:
        around = token.around
        assert around is not None
        if self.repeats:
            catching.wait_again(token, previous, {})
        else:
            for other in around.inside:
                if other is not token and other.alive:
                    other.cancel()
        handler = around.open(self.process.task_specs[self.node.parent], ready=False)
        handler.spec.take_in(handler, token)


class Throw(Spec):
    """An intermediate throw event or send task: it throws and goes on."""

    def work(self, token: Token) -> bool | None:
        if self.node.event.kind == "message":
            self._send(token)
            token.tell("taken")
            return True
        token.tell("taken")
        return self.throw(token)

    def throw(self, token: Token) -> bool | None:
        """Throw a signal or escalation. Returns None when that has interrupted the token itself."""
        event = self.node.event
        if event.kind == "signal":
            token.tokens.thrown.append(Thrown("signal", event.name or event.ref, self.node.element.id))
            catching.signal(token.tokens, event.name or event.ref)
        elif event.kind == "escalation":
            catching.escalate(token, event.code, self.node.element.id)
        return token.alive or None

    def _send(self, token: Token) -> None:
        event, ext = self.node.event, self.node.element.ext
        payload = expressions.assign(token, ext.inputs)
        correlation = expressions.evaluate(token, event.correlation, payload) if event.correlation else None
        token.tokens.thrown.append(Thrown("message", event.name or event.ref, self.node.element.id, correlation, payload or None))


class SendTask(Throw, Activity):
    """A send task without handler: it is entered, sends its message and is completed."""

    def work(self, token: Token) -> bool | None:
        return Activity.work(self, token)

    def begin(self, token: Token) -> bool | None:
        self._send(token)
        return True


class End(Throw):
    """An end event: it throws what it has to, then its token is gone."""

    def work(self, token: Token) -> bool | None:
        kind = self.node.event.kind
        if kind == "error":
            return self._fail_scope(token)
        if kind == "message":
            self._send(token)
        self._told(token)
        if kind == "terminate":
            catching.empty(token)
            return True
        return self.throw(token)

    def _fail_scope(self, token: Token) -> bool | None:
        code = self.node.event.code or self.node.event.name
        if not catching.can_catch(token, "error", code):
            catching.uncaught(token, code, self.node.element.id)
            raise Fault(uncaught_reason(code, ""), "error")
        self._told(token)
        catching.error(token, code)
        return None

    def _told(self, token: Token) -> None:
        token.tell("ended")
        if catching.at_top(token) and self.node.shown:
            ends = token.tokens.ends
            if self.node.element.id in ends:
                ends.remove(self.node.element.id)
            ends.append(self.node.element.id)


def uncaught_reason(code: str, message: str) -> Text:
    """The sentence for an error nobody takes."""
    return Text(_UNCAUGHT.fr.format(code=code, message=message).strip(), _UNCAUGHT.en.format(code=code, message=message).strip())
