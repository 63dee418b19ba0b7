"""Nodes with a scope inside: the process itself, sub-processes, event sub-processes, call activities.

Owns: beginning a scope at its starts, the events that may start an event sub-process of it, noticing that it is over.
Leaves: repeating to `loops`; what can be undone to `compensation`.
Promises: a scope is over when nothing inside it counts any more; an embedded sub-process shares the variables around it; a called
process sees its inputs only, or copies of all its caller sees when no input is drawn.
Rule: BPMN 2.0.2, 13.3.4 to 13.3.6 and 13.5.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.lowering import Node
from engine.kernel import expressions
from engine.kernel.faults import Fault
from engine.kernel.specs import catching, compensation
from engine.kernel.specs.activities import Activity
from engine.kernel.specs.events import Trigger
from engine.kernel.specs.node import ProcessSpec, Spec
from engine.kernel.waits import Wait
from engine.texts import Text

if TYPE_CHECKING:
    from engine.kernel.tokens import Token

#: How deep called processes may call each other.
MAX_CALLS = 100

_NOT_FOUND = Text("Le processus appelé « {called} » est introuvable.", "The called process “{called}” was not found.")
_NOT_CAUGHT = Text("La transaction a été annulée, mais aucun événement d’annulation n’est posé à sa frontière.",
                   "The transaction was cancelled, but no cancel event sits on its boundary.")
_TOO_DEEP = Text("Les processus s’appellent l’un l’autre plus de {calls} fois.", "The processes call each other more than {calls} deep.")


class Body:
    """What stands directly inside a scope: where it starts, what may start its event sub-processes."""

    def __init__(self, process: ProcessSpec, scope: str) -> None:
        starts = process.graph.starts.get(scope, ())
        events = [name for name in starts if process.graph.nodes[name].element.kind == "startEvent"]
        self.starts: list[Spec] = [process.task_specs[name] for name in (events[:1] or starts)]
        triggers: list[Trigger] = [process.task_specs[name] for name in process.graph.triggers.get(scope, ())]
        self.waiting = [trigger for trigger in triggers if trigger.wait_kind is not None]
        self.thrown = [trigger for trigger in triggers if trigger.node.event.kind in ("error", "escalation")]
        self.undoing = next((trigger for trigger in triggers if trigger.node.event.kind == "compensate"), None)


class Container(Activity):
    """A node with a scope inside."""

    body: Body

    @property
    def keeps(self) -> tuple[str, ...]:
        """Names of the variables that live and die with the scope: its data objects."""
        return self.node.element.keeps

    def inner_scope(self, token: Token) -> str:
        return f"{token.id}.data" if self.keeps else token.scope

    def open_data(self, token: Token) -> None:
        """Open the scope of its data objects, if there are any: nobody has set them yet."""
        if self.keeps and self.inner_scope(token) not in token.tokens.scopes:
            token.tokens.scopes.open(self.inner_scope(token), dict.fromkeys(self.keeps), token.scope, self.keeps)

    def left(self, token: Token) -> None:
        super().left(token)
        token.tokens.scopes.close(f"{token.id}.data")

    def body_of(self, token: Token) -> Body:
        return self.body

    def thrown_triggers(self, token: Token) -> list[Trigger]:
        """The event sub-processes of the scope that take an error or escalation."""
        return self.body_of(token).thrown

    def begin(self, token: Token) -> bool | None:
        return self.begin_at(token, self.body_of(token).starts)

    def begin_at(self, token: Token, starts: list[Spec]) -> bool | None:
        """Open the scope: first what may happen in it, then its starts. Returns True when there is nothing inside."""
        if not starts:
            return True
        self.open_data(token)
        self.open_triggers(token)
        self.open_starts(token, starts)
        return None

    def open_triggers(self, token: Token) -> None:
        """Open what may start an event sub-process."""
        for trigger in self.body_of(token).waiting:
            token.open(trigger)

    def open_starts(self, token: Token, starts: list[Spec]) -> None:
        """Begin at these nodes."""
        for start in starts:
            token.open(start)

    def check(self, token: Token) -> None:
        if not token.waiting:
            return
        if "undo" not in token.note:
            self.rest(token)
        elif not any(child.counts for child in token.inside) and not compensation.go_on(token):
            self.undone(token)

    def rest(self, token: Token) -> None:
        """One token inside has left: see whether everything is done."""
        if not any(child.counts for child in token.inside):
            self.over(token)

    def own_scope(self, token: Token) -> str | None:
        return self.inner_scope(token) if self.keeps and not self.node.compensator else super().own_scope(token)

    def undoes_itself(self, token: Token) -> bool:
        return self.body_of(token).undoing is not None

    def undo(self, token: Token) -> None:
        """Undo what was done inside: by its compensation event sub-process, else each thing in turn."""
        token.hold()
        self.open_data(token)
        token.note["undo"] = []
        trigger = self.body_of(token).undoing
        if trigger is not None:
            trigger.fire(token.open(trigger, ready=False))
        elif not compensation.start(token, token.note.pop("past", [])):
            self.undone(token)

    def undone(self, token: Token) -> None:
        """Everything inside is undone: the token is gone."""
        self.left(token)
        token.complete()

    def over(self, token: Token) -> None:
        """Everything inside is done: take away the events nobody needs any more, and go on."""
        for child in token.inside:
            child.cancel()
        self.leave(token)

    def resume(self, token: Token) -> None:
        token.hold()
        self.check(token)


class SubProcess(Container):
    """An embedded sub-process."""


class Handler(Container):
    """An event sub-process, opened by its trigger."""

    def take_in(self, token: Token, trigger: Token) -> None:
        """Begin with the trigger that fired: it moves in and goes on from there."""
        token.hold()
        token.tell("entered")
        self.open_data(token)
        self.open_triggers(token)
        token.tokens.move(trigger, token)


class Transaction(SubProcess):
    """A transaction: when it is cancelled, everything stops, what was done is undone, and its cancel event takes the way out."""

    def cancel(self, token: Token) -> None:
        """Stop what runs inside and undo what was done."""
        records = compensation.gathered(token)
        for child in token.inside:
            child.cancel()
        token.note["cancelled"] = True
        if not compensation.start(token, records):
            token.tokens.guard(token, "leave", lambda: self.undone(token))

    def undone(self, token: Token) -> None:
        if "cancelled" not in token.note:                   # it was done, and is undone from without
            super().undone(token)
            return
        taker = next((found for found in self.catchers if found.node.event.kind == "cancel"), None)
        if taker is None:
            raise Fault(_NOT_CAUGHT, "error")
        catching.give(token, taker)


class Root(Container):
    """The process itself. When its scope is over, the run has ended."""

    def work(self, token: Token) -> bool | None:
        return self.begin(token)

    def leave(self, token: Token) -> None:
        compensation.forget(token.tokens.scopes, token.note.pop("past", []))
        token._set_state(TaskState.COMPLETED)


class Call(Container):
    """A call activity: the process it names runs inside it, in a scope of its own."""

    def __init__(self, process: ProcessSpec, node: Node) -> None:
        super().__init__(process, node)
        self.called = node.element.called

    @property
    def keeps(self) -> tuple[str, ...]:
        return ()

    def inner_scope(self, token: Token) -> str:
        return f"{token.id}.call"

    def inner_process(self, token: Token) -> ProcessSpec:
        return self.called_root().process

    def own_scope(self, token: Token) -> str | None:
        return super().own_scope(token) if self.node.compensator else self.inner_scope(token)

    def called_root(self) -> Root:
        """Find the called process. Raises: Fault, when there is none."""
        found = self.process.program.find(self.called)
        if found is None:
            raise Fault(_NOT_FOUND.format(called=self.called))
        return found

    def body_of(self, token: Token) -> Body:
        return self.called_root().body

    def thrown_triggers(self, token: Token) -> list[Trigger]:
        return [] if "late" in token.note else super().thrown_triggers(token)

    def begin(self, token: Token) -> bool | None:
        if self.node.element.ext.binding and self.called not in self.process.program.model.processes:
            # the surroundings choose the version now
            token.note["late"] = True
            return None
        return self.enter(token)

    def wait(self, token: Token) -> Wait | None:
        element = self.node.element
        return Wait(token.id, element.id, element.process, "call", token.scope) if "late" in token.note else None

    def enter(self, token: Token) -> bool | None:
        """Open the called process in a scope of its own."""
        token.note.pop("late", None)
        root = self.called_root()
        self._check_depth(token)
        ext = self.node.element.ext
        given = self.inputs(token) if ext.inputs else dict(token.tokens.scopes.read(token.scope))
        token.tokens.scopes.open(self.inner_scope(token), given, None)
        if self.begin_at(token, root.body.starts):
            self.over(token)
        return None

    def _check_depth(self, token: Token) -> None:
        depth, around = 0, token.around
        while around is not None:
            depth += isinstance(around.spec, Call)
            around = around.around
        if depth >= MAX_CALLS:
            raise Fault(_TOO_DEEP.format(calls=MAX_CALLS), "loop")

    def over(self, token: Token) -> None:
        scopes = token.tokens.scopes
        scopes.write(token.scope, self._brought(token, scopes[self.inner_scope(token)]))
        super().over(token)

    def _brought(self, token: Token, inner: Mapping[str, Any]) -> dict[str, Any]:
        """What the called process gives back: its outputs, else all it has set itself."""
        ext, scope, gives = self.node.element.ext, self.inner_scope(token), self.node.element.gives
        if ext.outputs or gives:
            return expressions.assign(token, (*ext.outputs, *gives), scope=scope)
        if ext.inputs:
            given = {line.name for line in ext.inputs}
            return {name: value for name, value in inner.items() if name not in given}
        seen = token.tokens.scopes.read(token.scope)
        return {name: value for name, value in inner.items() if name not in seen or seen[name] != value}

    def left(self, token: Token) -> None:
        super().left(token)
        token.tokens.scopes.close(self.inner_scope(token))
