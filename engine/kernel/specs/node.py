"""What every node does with a token: run, choose the ways out, leave.

Owns: `Spec`, the base of all nodes on SpiffWorkflow's `TaskSpec`; the ways out with their conditions; `ProcessSpec`, one lowered process.
Leaves: what running means to the modules beside; queue and tree to `tokens`.
Promises: a spec is never changed once its process is built, so runs on several threads share it; it predicts nothing.
Rule: BPMN 2.0.2, 13.2.1 (sequence flow), 13.3.1 (default and conditional flows).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.lowering import Graph, Node
from engine.kernel import expressions
from engine.kernel.faults import Fault
from engine.kernel.waits import Wait, WaitKind
from engine.texts import Text

if TYPE_CHECKING:
    from engine.kernel.program import Program
    from engine.kernel.tokens import Token

NO_WAY = Text("Aucune condition n’est vraie et il n’y a pas de flux par défaut.", "No condition is true and there is no default flow.")


class Way(NamedTuple):
    """A way out: where it leads, on what condition."""

    target: Spec
    condition: str
    default: bool
    flow: str


class ProcessSpec(WorkflowSpec):  # type: ignore[misc]
    """All nodes of one process, its scopes included. `program` is where the processes it calls are found."""

    def __init__(self, program: Program, graph: Graph) -> None:
        super().__init__(name=graph.process.id)
        self.program, self.graph = program, graph


class Spec(TaskSpec):  # type: ignore[misc]
    """A node. Subclasses say what `work` is and, when they wait, for what."""

    wait_kind: WaitKind | None = None
    opens = False               #: whether it tells when it is entered and interrupted
    optional = False            #: whether the scope around may be over although it waits
    depends_on_all = False      #: whether its turn hangs on where all other tokens stand
    listens = False             #: whether running it opens a wait for something that others may throw
    joins = False               #: whether it needs to know where a token came from

    def __init__(self, process: ProcessSpec, node: Node) -> None:
        super().__init__(process, node.id)
        self.process, self.node = process, node
        self.ways: tuple[Way, ...] = ()
        self.conditional = False

    def link(self) -> None:
        """Connect the ways out, once all nodes of the process stand."""
        specs = self.process.task_specs
        self.ways = tuple(Way(specs[arrow.target], arrow.condition, arrow.default, arrow.flow) for arrow in self.node.arrows)
        self.conditional = any(way.condition for way in self.ways)
        for way in self.ways:
            self.connect(way.target)

    def inner_scope(self, token: Token) -> str:
        return token.scope

    def inner_process(self, token: Token) -> ProcessSpec:
        """The process whose nodes stand inside a token."""
        return self.process

    def own_scope(self, token: Token) -> str | None:
        """The scope that ends with a token, None when it has none of its own."""
        return token.id if "round" in token.note else None

    def undoes_itself(self, token: Token) -> bool:
        """Whether what is inside knows by itself how to undo it."""
        return False

    def cancel(self, token: Token) -> None:
        """Of a transaction: it is cancelled."""

    def undo(self, token: Token) -> None:
        """Of a node with tokens inside: undo what was done inside, then the token is gone."""

    # --- for subclasses ---------------------------------------------------------------------------

    def work(self, token: Token) -> bool | None:
        """Do what the node does. Returns True to go on, None to wait."""
        token.tell("taken")
        return True

    def routes(self, token: Token) -> list[Spec]:
        """Choose the ways out: all without condition, those whose condition is true, the default when no condition is."""
        if not self.conditional:
            return [way.target for way in self.ways]
        chosen = [way.target for way in self.ways if way.condition and expressions.holds(token, way.condition)]
        free = [way.target for way in self.ways if not way.condition and not way.default]
        if not chosen:
            chosen = [way.target for way in self.ways if way.default]
        if not chosen and not free:
            raise Fault(NO_WAY)
        return chosen + free

    def leave(self, token: Token) -> None:
        """Go on to what follows. Every choice is made first: one that fails leaves the token where it stands."""
        routes = self.routes(token)
        if (around := token.around) is not None:
            around.spec.before_leaving(around, token)
        self.done(token)
        self.left(token)
        self.tell_left(token)
        token._sync_children(routes * self.node.gives, TaskState.FUTURE)
        for child in token.inside:
            if child.spec.joins:
                child.note["from"] = self.name
        token.complete()

    def done(self, token: Token) -> None:
        """Of an activity: it has been completed."""

    def left(self, token: Token) -> None:
        """Last rites of an activity before its token goes on."""

    def tell_left(self, token: Token) -> None:
        """Tell that the token has left the normal way; a node that tells it when it runs has nothing to add."""

    def before_leaving(self, token: Token, child: Token) -> None:
        """Of a node with tokens inside: one of them is about to leave."""

    def check(self, token: Token) -> None:
        """Of a node with tokens inside: one of them has left."""

    def settle(self, token: Token) -> None:
        """Of a node that hangs on all others: see whether it may go on."""

    def resume(self, token: Token) -> None:
        """Try again to leave."""
        self.leave(token)

    def wait(self, token: Token) -> Wait | None:
        """Tell what a waiting token waits for; None for a node that only has something inside."""
        if self.wait_kind is None:
            return None
        return Wait(token.id, self.node.element.id, self.node.element.process, self.wait_kind, token.scope)

    # --- what SpiffWorkflow calls -----------------------------------------------------------------

    def test(self) -> None:
        """The lint has judged the diagram."""

    def _predict(self, *_: Any, **__: Any) -> None:
        """Nothing is predicted: state would double behind every join."""

    def _update_hook(self, token: Token) -> bool:
        return True

    def _on_ready(self, token: Token) -> None:
        token.tokens.enqueue(token)

    def _run_hook(self, token: Token) -> bool | None:
        return self.work(token)

    def _on_cancel(self, token: Token) -> None:
        self.left(token)

    def _on_complete_hook(self, token: Token) -> None:
        token.tokens.hand_over(token)

    def _on_error(self, token: Token) -> None:
        """Told by `Tokens.fail`, which knows the reason."""
