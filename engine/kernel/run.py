"""One run of a process: what the rest of the engine holds of the kernel.

Owns: `Run`: starting, saving and loading, moving on, telling what is waited for, and doing to a wait what has happened to it.
Leaves: the moving itself to SpiffWorkflow's tasks (`tokens`) on nodes of ours (`specs`); rows, people and handlers to `engine.execution`.
Promises: nothing that a diagram, a handler or the host does loses the run: the element becomes a failed wait, the others go on. Cost
follows what is open, never what has happened. `load(dump())` changes nothing anyone can see.

What has passed and was thrown is handed over by `take` and not part of the saved state: take before you dump.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.kernel import expressions, state, timers
from engine.kernel.faults import Fault, NoSuchWait
from engine.kernel.program import NoSuchElement, NoSuchProcess, Program
from engine.kernel.scopes import Scopes
from engine.kernel.specs import catching, compensation
from engine.kernel.specs.activities import Activity
from engine.kernel.specs.containers import Call, Root
from engine.kernel.specs.events import Catching
from engine.kernel.specs.gateways import FirstOf
from engine.kernel.specs.node import Spec
from engine.kernel.specs.throwing import uncaught_reason
from engine.kernel.tokens import Token, Tokens
from engine.kernel.waits import DeadlineRef, Host, Passed, Thrown, Wait
from engine.texts import Text

_STALLED = Text("Plus aucun jeton ne peut arriver ici : la branche attend pour toujours.",
                "No token can arrive here any more: the branch waits for ever.")


class Run:
    """One run. Not for two threads at a time; its program may be shared."""

    def __init__(self, program: Program, tokens: Tokens) -> None:
        self.program, self._tokens = program, tokens

    # --- beginning, saving, loading ---------------------------------------------------------------

    @classmethod
    def start(cls, program: Program, process_id: str, variables: Mapping[str, Any], host: Host, *, at_element: str | None = None) -> Run:
        """Begin a run; nothing has moved before the first `advance`.

        Args:
            variables: of the process's own scope. at_element: where to begin instead of the plain start event: another start event
                (that of a message, say), or any element that stands in the process itself. What such an event waits for has come.
        Raises: NoSuchProcess, NoSuchElement.
        """
        root = program.find(process_id)
        if root is None:
            raise NoSuchProcess(process=process_id)
        tokens = Tokens(root, Scopes({"": variables}), host)
        token = Token(tokens, root)
        starts = root.body.starts if at_element is None else _starts(root, at_element)
        token.hold()
        if root.begin_at(token, starts):
            root.leave(token)
        if at_element is not None and _comes_from_outside(root, at_element):
            next(child for child in token.inside if child.spec is starts[0]).note["fired"] = True
        return cls(program, tokens)

    @classmethod
    def load(cls, program: Program, blob: bytes, scopes: Mapping[str, Mapping[str, Any]], host: Host) -> Run:
        """Take a run up again from what `dump` wrote and what its `scopes` were. Raises: NotLoadable."""
        return cls(program, state.load(program, blob, Scopes(scopes), host))

    def dump(self) -> bytes:
        """Write the state, without variables and without what was not yet taken."""
        return state.dump(self._tokens)

    # --- looking ----------------------------------------------------------------------------------

    @property
    def scopes(self) -> Scopes:
        """All variables, by scope: a mapping to store beside the state and to hand back at load."""
        return self._tokens.scopes

    def moved_to(self, program: Program) -> Run:
        """The same run on a program whose called processes are of other versions; none of those may run (`is_in`). Raises: NotLoadable."""
        tokens = self._tokens
        moved = Run(program, state.load(program, state.dump(tokens), tokens.scopes, tokens.host))
        moved._tokens.passed, moved._tokens.thrown = tokens.passed, tokens.thrown
        return moved

    @property
    def ended(self) -> bool:
        """Whether the process is over."""
        return not any(token._state != TaskState.COMPLETED for token in self._tokens)

    @property
    def ends(self) -> list[str]:
        """The end events of the process itself that were reached, each once, the one reached last at the end."""
        return list(self._tokens.ends)

    @property
    def passed(self) -> list[Passed]:
        """What happened since the last `take`, in order."""
        return self._tokens.passed

    @property
    def thrown(self) -> list[Thrown]:
        """What left the run since the last `take`, in order."""
        return self._tokens.thrown

    def take(self) -> tuple[list[Passed], list[Thrown]]:
        """Hand over what happened and was thrown, and begin to note anew."""
        tokens = self._tokens
        found = tokens.passed, tokens.thrown
        tokens.passed, tokens.thrown = [], []
        return found

    def waits(self) -> dict[str, Wait]:
        """Tell what the run waits for, by token."""
        found: dict[str, Wait] = {}
        joining: list[Token] = []
        for token in self._tokens:
            if token.failed:
                found[token.id] = self._failed(token)
            elif token._state == TaskState.WAITING:
                joining.append(token)
            elif token.waiting and (wait := token.spec.wait(token)) is not None:
                found[token.id] = wait
        for token in joining:
            if _stalled(token):
                found[token.id] = self._failed_wait(token, _STALLED, "stall")
        return found

    def still_waits(self, token: str) -> bool:
        """Tell whether a token that waited still does, and has not failed meanwhile."""
        found = self._tokens.find(token)
        return found is not None and found.waiting

    def is_in(self, processes: Collection[str]) -> bool:
        """Tell whether one of these called processes runs, or has run and may still be undone."""
        tokens = [token for token in self._tokens if token.around is not None]
        return any(token.spec.process.name in processes for token in tokens) or any(
            compensation.leads_into(token, processes) for token in self._tokens)

    def inputs(self, token: str) -> dict[str, Any]:
        """Tell the inputs of a task, laid over all variables it sees. Raises: NoSuchWait; feel.FeelError, when a mapping fails."""
        found = self._find(token)
        given = found.spec.inputs(found) if isinstance(found.spec, Activity) else {}
        return {**self.scopes.read(found.scope), **given}

    def evaluate(self, token: str, text: str) -> tuple[Any, list[DeadlineRef]]:
        """Evaluate FEEL over what a token sees; tell the value and the deadlines it names. Raises: NoSuchWait, feel.FeelError."""
        seen: list[DeadlineRef] = []
        return expressions.evaluate(self._find(token), text, seen=seen), seen

    # --- moving -----------------------------------------------------------------------------------

    def advance(self) -> None:
        """Go on to the next wait states. Has no effect when nothing is ready."""
        if not self.ended:
            self._tokens.run()

    def complete(self, token: str, values: Any = None) -> None:
        """A user task, service task or decision is done; a failed one may be completed too.

        Args:
            values: what it gave: a mapping, or for an element with a result variable (`jalon:result`) any value, which goes there.
        Raises: NoSuchWait, when that token does not wait for it.
        """
        found = self._find(token)
        if found.spec.wait_kind not in ("user", "service", "decision") or not isinstance(found.spec, Activity):
            raise NoSuchWait(token=token, element=found.spec.node.element.id)
        _mend(found)
        found.spec.finish(found, values)

    def enter(self, token: str) -> None:
        """The version of a called process is chosen (this run's program finds it): it begins. Raises: NoSuchWait."""
        found = self._find(token)
        spec = found.spec
        if not isinstance(spec, Call) or "late" not in found.note:
            raise NoSuchWait(token=token, element=spec.node.element.id)
        self._tokens.guard(found, "run", lambda: spec.enter(found))

    def fire(self, token: str, values: Mapping[str, Any] | None = None) -> None:
        """A timer, message, signal or condition has come. Its values go into the variables the token sees. Raises: NoSuchWait."""
        found = self._find(token)
        if not isinstance(found.spec, Catching) or not (found.waiting or found.failed):
            raise NoSuchWait(token=token, element=found.spec.node.element.id)
        _mend(found)
        found.spec.take(found, values or {})

    def bpmn_error(self, token: str, code: str, message: str = "") -> None:
        """What a token waits for has failed in a way the diagram foresees: the nearest event that takes this code has it.

        If none does, the error leaves the run and the token fails. Raises: NoSuchWait.
        """
        found = self._find(token)
        tokens = self._tokens
        if not catching.error(found, code):
            catching.uncaught(found, code, found.spec.node.element.id)
            tokens.fail(found, Fault(uncaught_reason(code, message), "error"), "run")

    def fail(self, token: str, reason: Text | str, cause: str = "error") -> None:
        """Let a wait stand as failed, with the sentence of its incident. Raises: NoSuchWait."""
        found = self._find(token)
        self._tokens.fail(found, Fault(Text.of(reason), cause), "run")  # type: ignore[arg-type]

    def retry(self, token: str) -> None:
        """Try a failed element again, from where it failed. A stalled one stays as it is. Raises: NoSuchWait."""
        found = self._find(token)
        if found._state == TaskState.WAITING:
            return
        if not found.failed:
            raise NoSuchWait(token=token, element=found.spec.node.element.id)
        stage = found.note["failed"][3]
        _mend(found)
        if stage == "run":
            found.again()
        elif stage == "leave":
            self._tokens.guard(found, "leave", lambda: found.spec.resume(found))
        else:
            self.complete(token, self.scopes[f"{token}.done"]["values"])

    def rearm(self, token: str) -> datetime | None:
        """Reckon a timer anew, after an extension say. Tells its next moment; None when it has none left, and the wait is gone.

        Raises: NoSuchWait; a failing expression fails the wait as at the first time (then None is told too).
        """
        found = self._find(token)
        if not isinstance(found.spec, Catching) or found.spec.wait_kind != "timer":
            raise NoSuchWait(token=token, element=found.spec.node.element.id)
        spec = found.spec
        _mend(found)
        self._tokens.guard(found, "run", lambda: spec.rearm(found))
        return timers.due(found.note) if found.alive and found.waiting else None

    def cancel(self) -> None:
        """End the whole run; everything open is cancelled."""
        for token in self._tokens:
            if token.alive and token.around is not None:
                token.cancel()
        for token in self._tokens:
            compensation.forget(self.scopes, token.note.pop("past", []))
            token._set_state(TaskState.COMPLETED)

    # --- inside -----------------------------------------------------------------------------------

    def _find(self, token: str) -> Token:
        found = self._tokens.find(token)
        if found is None or found.around is None:
            raise NoSuchWait(token=token)
        return found

    def _failed(self, token: Token) -> Wait:
        fr, en, cause, _ = token.note["failed"]
        return self._failed_wait(token, Text(fr, en), cause)

    def _failed_wait(self, token: Token, reason: Text, cause: str) -> Wait:
        element = token.spec.node.element
        return Wait(token.id, element.id, element.process, "failed", token.scope, reason=reason, cause=cause)


def _starts(root: Root, element_id: str) -> list[Spec]:
    """Where a run begins that is told where: there; with it, what a parallel gateway that instantiates waits for as well."""
    specs = root.process.task_specs
    spec: Spec | None = specs.get(element_id)
    if spec is None or spec.node.parent != root.process.name or spec.optional:
        raise NoSuchElement(process=root.process.name, element=element_id)
    beside = [way.target for gateway in specs.values() if gateway.node.element.waits_for_all for way in gateway.ways
              if any(other.target is spec for other in gateway.ways) and way.target is not spec]
    if isinstance(spec, FirstOf) and not spec.node.shown:   # several events: one of them has come
        spec = spec.ways[0].target
    return [spec, *beside]


def _comes_from_outside(root: Root, element_id: str) -> bool:
    """Whether what an element waits for is what begins the run."""
    process = root.process.graph.process
    return process.begins(process.elements[element_id])


def _mend(token: Token) -> None:
    """Take a failure back: the token waits again."""
    if token.failed:
        token.note.pop("failed", None)
        token.hold()


def _stalled(token: Token) -> bool:
    """Whether nobody is left in the scope who could still arrive at this join."""
    around = token.around
    return around is not None and all(other._state == TaskState.WAITING for other in around.inside if other.counts)
