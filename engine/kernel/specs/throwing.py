"""Events that throw: on the way, at an end, and the send task.

Owns: messages and signals thrown, errors and escalations sent on their way, compensation and cancel set off.
Leaves: who takes an error or escalation to `catching`; undoing to `compensation`; cancelling to the transaction.
Promises: what has interrupted the token itself lets nothing of it run on; a thrown compensation goes on once everything is undone,
unless it was drawn not to wait.
Rule: BPMN 2.0.2, 10.5.3, 10.5.4 and 13.5.4 to 13.5.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.kernel import expressions
from engine.kernel.faults import Fault
from engine.kernel.specs import catching, compensation
from engine.kernel.specs.activities import Activity
from engine.kernel.specs.node import Spec
from engine.kernel.waits import Thrown
from engine.texts import Text

if TYPE_CHECKING:
    from engine.kernel.tokens import Token

_UNCAUGHT = Text("L’erreur « {code} » n’est rattrapée par aucun événement. {message}", "No event takes the error “{code}”. {message}")
_NO_TRANSACTION = Text("Cette annulation n’est dans aucune transaction.", "This cancellation stands in no transaction.")


class Throw(Spec):
    """An intermediate throw event: it throws and goes on."""

    def work(self, token: Token) -> bool | None:
        kind = self.node.event.kind
        if kind == "compensate":
            return self._undo(token)
        if kind == "message":
            self._send(token)
        self._told(token)
        return self.throw(token)

    def throw(self, token: Token) -> bool | None:
        """Throw a signal or escalation. Returns None when that has interrupted the token itself."""
        event = self.node.event
        if event.kind == "signal":
            payload = expressions.assign(token, self.node.element.ext.inputs)
            token.tokens.thrown.append(Thrown("signal", event.name or event.ref, self.node.element.id, payload=payload or None))
            catching.signal(token.tokens, event.name or event.ref, payload)
        elif event.kind == "escalation":
            catching.escalate(token, event.code, self.node.element.id)
        return token.alive or None

    def _told(self, token: Token) -> None:
        token.tell("taken")

    def _send(self, token: Token) -> None:
        event, ext = self.node.event, self.node.element.ext
        payload = expressions.assign(token, ext.inputs)
        correlation = expressions.evaluate(token, event.correlation, payload) if event.correlation else None
        token.tokens.thrown.append(Thrown("message", event.name or event.ref, self.node.element.id, correlation, payload or None))

    # --- compensation -----------------------------------------------------------------------------

    def _undo(self, token: Token) -> bool | None:
        """Undo what the event is about. The token holds what undoes it; one that does not wait leaves that to a token beside it."""
        if "undo" not in token.note:
            records, around = compensation.taken(token, self.node.event.ref), token.around
            if not self.node.event.waits and records and around is not None:
                beside = around.open(self, note={"beside": True}, ready=False)
                beside.hold()
                if not compensation.start(beside, records):
                    beside.complete()
                records = []
            token.note["undo"] = records
        if compensation.go_on(token):
            return None
        self._told(token)
        return True

    def check(self, token: Token) -> None:
        """What undid one thing is done: on to the next, or out."""
        if not token.waiting or token.inside or compensation.go_on(token):
            return
        if "beside" in token.note:
            token.complete()
            return
        self._told(token)
        self.leave(token)

    def left(self, token: Token) -> None:
        compensation.forget(token.tokens.scopes, token.note.get("undo", []))


class SendTask(Throw, Activity):
    """A send task without handler: it is entered, sends its message and is completed."""

    def work(self, token: Token) -> bool | None:
        return Activity.work(self, token)

    def begin(self, token: Token) -> bool | None:
        self._send(token)
        return True

    def left(self, token: Token) -> None:
        Activity.left(self, token)


class End(Throw):
    """An end event: it throws what it has to, then its token is gone."""

    def work(self, token: Token) -> bool | None:
        kind = self.node.event.kind
        if kind == "error":
            return self._fail_scope(token)
        if kind == "cancel":
            return self._cancel(token)
        if kind == "terminate":
            self._told(token)
            catching.empty(token)
            return True
        return super().work(token)

    def _fail_scope(self, token: Token) -> bool | None:
        code = self.node.event.code or self.node.event.name
        if not catching.can_catch(token, "error", code):
            catching.uncaught(token, code, self.node.element.id)
            raise Fault(uncaught_reason(code, ""), "error")
        self._told(token)
        catching.error(token, code)
        return None

    def _cancel(self, token: Token) -> bool | None:
        """Cancel the nearest transaction around; this token stops with all others in it."""
        around = token.around
        while around is not None and around.spec.node.kind != "transaction":
            around = around.around
        if around is None:
            raise Fault(_NO_TRANSACTION, "error")
        self._told(token)
        around.spec.cancel(around)
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
