"""Events that are waited for: on the way, on an activity, at the start of an event sub-process.

Owns: opening and firing of what is waited for; interrupting; opening again what does not interrupt; several that must all happen.
Leaves: timers' moments to `timers`; what is thrown to `throwing`; how errors and escalations find who takes them to `catching`.
Promises: interrupting takes effect at once, before anything else of the interrupted part runs; what does not interrupt waits again
for the next time; each wait is addressed by its token.
Rule: BPMN 2.0.2, 10.5 and 13.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.bpmn.lowering import Node
from engine.kernel import expressions, timers
from engine.kernel.specs import catching
from engine.kernel.specs.activities import Activity
from engine.kernel.specs.node import ProcessSpec, Spec
from engine.kernel.waits import Wait, WaitKind

if TYPE_CHECKING:
    from engine.kernel.tokens import Token

_KINDS: dict[str, WaitKind] = {"message": "message", "signal": "signal", "timer": "timer", "conditional": "condition"}
_KEPT = ("round", "armed")      #: what a token knows as an activity, whatever it waits for


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
        found = timers.arm(token, self.node.event.expression, every=self.repeats and not self.node.together)
        if found is None:
            token.tokens.drop(token)
            return
        for name in ("rest", "cycle", "deadlines"):
            token.note.pop(name, None)
        token.note.update(found)

    def fire(self, token: Token) -> None:
        """It has happened: what it interrupts ends now, and the token goes on at its next turn.

        Of several that must all have happened, only the last one does all that.
        """
        if self.node.together and self._others_to_come(token):
            token.tell("taken")
            token.tokens.drop(token)
            return
        previous = dict(token.note)
        token.note.clear()
        token.note.update({name: previous[name] for name in _KEPT if name in previous}, fired=True)
        self.fired(token, previous)
        token.again()

    def _others_to_come(self, token: Token) -> bool:
        around = token.around
        return around is not None and any(
            other is not token and other.spec.node.together and other.spec.node.element is self.node.element and "fired" not in other.note
            and all(other.note.get(group) == token.note.get(group) for group in ("race", "host")) for other in around.inside)

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
        element = self.node.element
        found = expressions.assign(token, element.ext.outputs, values) if element.ext.outputs else dict(values)
        if not element.gives:
            return found
        outputs = element.given_by
        given = {**values, **({name: values for name in outputs if name not in values} if len(outputs) == 1 else {})}
        return {name: value for name, value in found.items() if name not in outputs} | expressions.assign(token, element.gives, given)

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
        self.repeats = not node.element.interrupting and node.event.kind not in ("error", "cancel", "compensate")

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
        self.repeats = not node.element.interrupting and node.event.kind not in ("error", "cancel", "compensate")

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
