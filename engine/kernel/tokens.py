"""Tokens: SpiffWorkflow's tasks, kept so that only what lives is kept.

Owns: the tree of live tokens, the queue of those ready to run, the loop that runs them, cancelling.
Leaves: what a node does with a token to `specs`; what others see of it to `run`.
Promises: a finished token leaves the tree at once and what it set off takes its place, so the tree is as large as what is open and
never as large as what happened; nothing is predicted; no recursion but into nested scopes; a token that was interrupted does not run
on, even when it was ready; an element that raises becomes a failed wait and the others go on.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, cast

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from engine.ids import in_order
from engine.kernel.faults import Fault, reason_of
from engine.kernel.scopes import Scopes
from engine.kernel.waits import Host, Passed, Thrown
from engine.texts import Text

if TYPE_CHECKING:
    from engine.kernel.specs.node import Spec

#: How often one node may run in one scope, and how many steps a run may take, before it has to wait for something.
MAX_ROUNDS = 12_000
MAX_STEPS = 100_000
#: How much is told of a step in which something looped without end.
MAX_TOLD = 200

Happening = Literal["entered", "completed", "cancelled", "taken", "ended", "failed"]
Stage = Literal["run", "done", "leave"]

_ENDLESS = Text("L’élément tourne en boucle sans jamais attendre : il a été arrêté après {steps} pas.",
                "The element loops without ever waiting: it was stopped after {steps} steps.")


class Token(Task):  # type: ignore[misc]
    """One token. Its parent is the scope around it, never the node it came from.

    `note` is what the node it stands at must know of it across saves: JSON values only.
    """

    def __init__(self, workflow: Tokens, spec: Spec, parent: Token | None = None, state: int = TaskState.FUTURE,
                 id: str | None = None) -> None:
        super().__init__(workflow, spec, parent, state=state, id=id or in_order())
        self.scope: str = parent.inner_scope if parent is not None else ""

    @property
    def spec(self) -> Spec:
        return cast("Spec", self.task_spec)

    @property
    def tokens(self) -> Tokens:
        return cast("Tokens", self.workflow)

    @property
    def note(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self.internal_data)

    @property
    def inner_scope(self) -> str:
        """The scope that tokens inside this one see."""
        return self.spec.inner_scope(self)

    @property
    def around(self) -> Token | None:
        """The token of the scope around this one; None at the process itself."""
        return cast("Token | None", self.workflow.tasks.get(self._parent))

    @property
    def inside(self) -> list[Token]:
        return [self.workflow.tasks[key] for key in self._children]

    @property
    def alive(self) -> bool:
        return self.workflow.tasks.get(self.id) is self

    @property
    def waiting(self) -> bool:
        """Whether it has been opened and waits to be told."""
        return bool(self._state == TaskState.STARTED)

    @property
    def failed(self) -> bool:
        return bool(self._state == TaskState.ERROR)

    @property
    def counts(self) -> bool:
        """Whether the scope around it stays open for its sake: an event nobody needs to happen keeps nothing open."""
        return not self.spec.optional or "fired" in self.note

    def tell(self, event: Happening) -> None:
        """Tell the outside what happened here, unless nobody drew it."""
        if self.spec.node.shown:
            self.tokens.passed.append(Passed(self.spec.node.element.id, self.spec.node.element.process, event, self.id, self.scope))

    def open(self, spec: Spec, *, note: dict[str, Any] | None = None, ready: bool = True) -> Token:
        """Open a token inside this one, and let it run unless it is to be made ready later."""
        child = Token(self.tokens, spec, self)
        if note:
            child.note.update(note)
        if ready:
            spec._update(child)
        return child

    def hold(self) -> None:
        """Let the token wait without running the node."""
        self._set_state(TaskState.STARTED)
        if self.spec.wait_kind == "condition":
            self.tokens.watching.add(self.id)

    def again(self) -> None:
        """Make a token that waits, or that failed, ready to run once more."""
        self._set_state(TaskState.READY)
        self.tokens.enqueue(self)

    # --- what SpiffWorkflow calls -----------------------------------------------------------------

    def _add_child(self, task_spec: Spec, state: int = TaskState.FUTURE) -> Token:
        child = Token(self.tokens, task_spec, self, state=state)
        child.scope = self.scope
        return child

    def _set_state(self, value: int) -> None:
        self._state = value

    def _inherit_data(self) -> None:
        """Data of a token is never used: variables live in `Scopes`."""

    def run(self) -> bool | None:
        """Run the node; go on to what follows unless it has to wait or was interrupted meanwhile."""
        self._set_state(TaskState.STARTED)                  # before it works: an event that is due at once makes it ready again
        outcome = self.spec._run(self)
        if outcome is not None and self.alive:
            self.tokens.guard(self, "leave", lambda: self.spec.leave(self))
        return cast("bool | None", outcome)

    def cancel(self) -> None:
        """Take this token and everything inside it away, innermost first."""
        found, stack = [], [self]
        while stack:
            token = stack.pop()
            found.append(token)
            stack.extend(token.inside)
        for token in reversed(found):
            if token.alive:
                token._go()

    def _go(self) -> None:
        opened = self.waiting or self.failed
        self._set_state(TaskState.CANCELLED)
        self.task_spec._on_cancel(self)
        if opened and self.spec.opens:
            self.tell("cancelled")
        self.tokens.drop(self)


class Tokens(Workflow):  # type: ignore[misc]
    """All tokens of a run, and what they are run with."""

    def __init__(self, root: Spec, scopes: Scopes, host: Host) -> None:
        super().__init__(root._wf_spec, deserializing=True)
        self.scopes, self.host = scopes, host
        self.ready: deque[str] = deque()
        self.watching: set[str] = set()         #: tokens that wait for a condition, perhaps some that no longer do
        self._touched: deque[str] = deque()     #: scopes that a token has just left
        self.passed: list[Passed] = []
        self.thrown: list[Thrown] = []
        self.ends: list[str] = []

    def __iter__(self) -> Iterator[Token]:
        return iter(list(self.tasks.values()))

    def find(self, token: str) -> Token | None:
        return cast("Token | None", self.tasks.get(token))

    # --- running ----------------------------------------------------------------------------------

    def enqueue(self, token: Token) -> None:
        """Let a token run at its turn. What only opens a wait goes first, so that it hears what is thrown beside it."""
        if token.spec.listens and "fired" not in token.note:
            self.ready.appendleft(token.id)
        else:
            self.ready.append(token.id)

    def run(self) -> None:
        """Run until nothing is ready: then look at joins and conditions that hang on everybody else, and run again."""
        rounds: Counter[tuple[str | None, str]] = Counter()
        steps, revision, told = 0, -1, len(self.passed)
        while True:
            while self.ready:
                token = self.find(self.ready.popleft())
                if token is None or token._state != TaskState.READY:
                    continue
                place = (token._parent, token.spec.name)
                rounds[place] += 1
                steps += 1
                if rounds[place] > MAX_ROUNDS or steps > MAX_STEPS:
                    del self.passed[told + MAX_TOLD:]           # the rest says the same over and over
                    self.fail(token, Fault(_ENDLESS.format(steps=steps - 1), "loop"), "run")
                else:
                    self.guard(token, "run", token.run)
                if self.watching and revision != (revision := self.scopes.revision):
                    self._look()
            if not self._settle():
                return

    def _settle(self) -> bool:
        """Ask the nodes whose turn depends on where all others stand. Tells whether one of them went on."""
        for token in self:
            if token.alive and token.spec.depends_on_all:
                self.guard(token, "run", lambda token=token: token.spec.settle(token))  # type: ignore[misc]
        return bool(self.ready)

    def _look(self) -> None:
        """Look at the conditions that are waited for, since a variable has changed."""
        for key in sorted(self.watching):
            token = self.find(key)
            if token is None or not token.waiting:
                self.watching.discard(key)
            else:
                self.guard(token, "run", lambda token=token: token.spec.settle(token))  # type: ignore[misc]

    def guard(self, token: Token, stage: Stage, act: Callable[[], object]) -> bool:
        """Do something to a token; whatever it raises becomes a failed wait there. Tells whether it went well."""
        try:
            act()
        except Exception as error:
            if token.alive:
                self.fail(token, error, stage)
            return False
        return True

    def fail(self, token: Token, error: BaseException, stage: Stage) -> None:
        """Let a token stand as failed, with the reason and from where to try again."""
        reason = reason_of(error)
        cause = error.cause if isinstance(error, Fault) else "expression"
        token._set_state(TaskState.ERROR)
        token.note["failed"] = [reason.fr, reason.en, cause, stage]
        token.tell("failed")

    # --- the tree ---------------------------------------------------------------------------------

    def hand_over(self, token: Token) -> None:
        """Let a finished token go: what it has set off stands in the scope around from now on."""
        around = token.around
        for key in token._children:
            self.tasks[key]._parent = token._parent
        if around is not None:
            around._children.remove(token.id)
            around._children.extend(token._children)
        del self.tasks[token.id]

    def merge(self, taken: list[Token]) -> None:
        """Let the first of these tokens go on and take the others away: they have become one."""
        first, *others = taken
        for other in others:
            self.drop(other)
        first._ready()

    def move(self, token: Token, into: Token) -> None:
        """Put a token into another scope."""
        if (around := token.around) is not None:
            around._children.remove(token.id)
        del self.tasks[token.id]                            # parents come before children: the codec counts on it
        self.tasks[token.id] = token
        token._parent = into.id
        into._children.append(token.id)
        token.scope = into.inner_scope

    def drop(self, token: Token) -> None:
        """Forget a token; it has nothing inside any more."""
        if (around := token.around) is not None:
            around._children.remove(token.id)
        del self.tasks[token.id]

    def _task_completed_notify(self, token: Token) -> None:
        """A token has left: the scope around may be over, and then the one around that. Scopes close in turn, not within each other."""
        self._touched.append(token._parent)
        if len(self._touched) > 1:
            return
        while self._touched:
            around = self.find(self._touched[0])
            if around is not None and around.waiting:
                self.guard(around, "leave", lambda around=around: around.spec.check(around))  # type: ignore[misc]
            self._touched.popleft()
