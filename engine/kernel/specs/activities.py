"""Activities: what tasks have in common, and the tasks.

Owns: entering and completing an activity; its boundary events as long as it is open; its input and output mappings.
Leaves: who does the work to `engine.execution`, which sees a wait; scopes inside an activity to `containers` and `loops`.
Promises: outputs are written all or none; an activity that is left, however, takes its unfired boundary events with it, while what
they have set off goes on.
Rule: BPMN 2.0.2, 10.3.1 and 13.3; docs/diagrams.md, section 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.lowering import Node
from engine.kernel import expressions
from engine.kernel.faults import Fault
from engine.kernel.specs import compensation
from engine.kernel.specs.node import ProcessSpec, Spec
from engine.kernel.waits import WaitKind
from engine.texts import Text

if TYPE_CHECKING:
    from engine.kernel.specs.events import Boundary
    from engine.kernel.tokens import Token

_NOT_CONTEXT = Text("Le résultat {value} n’est pas un contexte et aucune variable (jalon:result) ne le reçoit.",
                    "The result {value} is no context, and no variable (jalon:result) takes it.")


class Activity(Spec):
    """An activity: it is entered, perhaps waits, and is completed."""

    opens = True

    def __init__(self, process: ProcessSpec, node: Node) -> None:
        super().__init__(process, node)
        self.boundaries: list[Boundary] = []        #: that wait for something to happen
        self.catchers: list[Boundary] = []          #: that take what is thrown inside: errors, escalations

    def _update_hook(self, token: Token) -> bool:
        """It begins when as many tokens have come as it takes."""
        if self.node.takes == 1:
            return True
        token._set_state(TaskState.WAITING)
        around = token.around
        arrived = [other for other in (around.inside if around is not None else ())
                   if other.task_spec is self and other._state == TaskState.WAITING]
        if len(arrived) >= self.node.takes:
            token.tokens.merge(arrived[:self.node.takes])
        return False

    def work(self, token: Token) -> bool | None:
        token.tell("entered")
        self.arm(token)
        return self.begin(token)

    def begin(self, token: Token) -> bool | None:
        """What the activity itself does. Returns True when it is done, None to wait."""
        return True

    def arm(self, token: Token) -> None:
        """Open the boundary events; a second try finds them open."""
        around = token.around
        if not self.boundaries or around is None or "armed" in token.note:
            return
        token.note["armed"] = True
        for boundary in self.boundaries:
            around.open(boundary, note={"host": token.id})

    def tell_left(self, token: Token) -> None:
        token.tell("completed")

    def done(self, token: Token) -> None:
        compensation.remember(token)

    def left(self, token: Token) -> None:
        compensation.forget(token.tokens.scopes, [*token.note.get("past", ()), *token.note.get("undo", ())])
        around = token.around
        if self.boundaries and around is not None:
            for other in around.inside:
                if other.note.get("host") == token.id:
                    other.tokens.drop(other)
        token.tokens.scopes.close(token.id, f"{token.id}.done")

    def inputs(self, token: Token) -> dict[str, Any]:
        """Evaluate the input mappings over the variables seen."""
        return expressions.assign(token, self.node.element.ext.inputs)

    def finish(self, token: Token, values: Any) -> None:
        """The work is done: write what it gave, go on. When the mappings fail, what it gave is kept for the next try."""
        tokens = token.tokens
        found: dict[str, Any] = {}
        if not tokens.guard(token, "done", lambda: found.update(self.results(token, values))):
            tokens.scopes.open(f"{token.id}.done", {"values": values}, None)
            return
        tokens.scopes.write(token.scope, found)
        token.note.pop("failed", None)
        tokens.guard(token, "leave", lambda: self.leave(token))

    def results(self, token: Token, values: Any) -> dict[str, Any]:
        """Tell which variables change.

        By the output mappings, else the result variable, else the values under their own names; what is a data output goes where it leads.
        """
        element = self.node.element
        if not element.gives:
            return self._mapped(token, values)
        outputs = element.given_by
        if not isinstance(values, Mapping) and len(outputs) == 1 and not element.ext.result:
            values = {outputs[0]: values}                   # a single value is the single output
        given = {**self.inputs(token), **(dict(values) if isinstance(values, Mapping) else {element.ext.result: values})}
        rest = self._mapped(token, values)
        brought = [line for line in element.gives if not line.variable or line.variable in given]
        return {**{name: value for name, value in rest.items() if name not in outputs}, **expressions.assign(token, tuple(brought), given)}

    def _mapped(self, token: Token, values: Any) -> dict[str, Any]:
        ext = self.node.element.ext
        if ext.outputs:
            given = dict(values) if isinstance(values, Mapping) else {}
            if ext.result:
                given[ext.result] = values
            return expressions.assign(token, ext.outputs, {**self.inputs(token), **given})
        if ext.result:
            return {ext.result: values}
        if values is None:
            return {}
        if not isinstance(values, Mapping):
            raise Fault(_NOT_CONTEXT.format(value=expressions.shown(values)))
        return dict(values)


class Pass(Spec):
    """Goes straight through: start and link events, throw events without definition."""


class PlainTask(Activity):
    """A task of no kind: a note to the reader, which passes at once."""


class Waiting(Activity):
    """An activity that somebody else does."""

    def __init__(self, process: ProcessSpec, node: Node, kind: WaitKind) -> None:
        super().__init__(process, node)
        self.wait_kind = kind

    def begin(self, token: Token) -> bool | None:
        return None


class Script(Activity):
    """A script task: FEEL. Its value goes into the result variable, or a context is merged into the variables."""

    def begin(self, token: Token) -> bool | None:
        element = self.node.element
        given = self.inputs(token)
        values = expressions.evaluate(token, element.script, given)
        if values is None and not element.ext.result and not element.ext.outputs and not element.gives:
            raise Fault(_NOT_CONTEXT.format(value="null"))
        token.tokens.scopes.write(token.scope, self.results(token, values))
        return True
