"""One step of one case: a change, what runs by itself after it, and the rows that follow.

Owns: the order of a step: the change of the command; then, until nothing is ready, decisions, local handlers and messages that were kept;
then what opens and closes.
Leaves: moving tokens to `engine.kernel`, writing rows to `effects`, locking and permission to `engine.service`.
Promises: a step is all or nothing. What a person waits for and fails is told to that person and undone; what nobody waits for (a timer,
the outcome of a job) and fails becomes an incident at its element, with the database effects of the failing handler undone.
Rule: docs/architecture.md, 7.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext
from typing import Any

from engine.errors import JalonError
from engine.execution import effects, opening
from engine.execution.calls import handler_task
from engine.execution.case import Case, save
from engine.execution.outcomes import keep
from engine.execution.surroundings import Surroundings
from engine.handler import BpmnError, Complete, Handler, Later, Outcome
from engine.kernel.waits import Wait
from engine.store.unit_of_work import UnitOfWork
from engine.texts import Text
from engine.work import messages

_MOST_RUNS = 2_000  #: handlers and decisions in one step; more is a loop that nobody waits in


class HandlerFailed(JalonError):
    """The automatic step “{element}” did not work, so nothing was saved. Try again, or tell the person in charge of the process."""

    fr = (
        "L’étape automatique « {element} » n’a pas abouti, rien n’a été enregistré. "
        "Réessayez, ou prévenez la personne responsable du processus."
    )


class Step:
    """A step under way. The change of a command calls `complete`, `fire`, `bpmn_error`, `fail`, `retry`, `rearm` or `cancel`.

    Attributes:
        done: how waits of before were settled by this step: {token: "completed", "fired", "failed", "retried", "error"}.
        tasks: details of user tasks about to open, by token.
    """

    def __init__(
        self, work: UnitOfWork, around: Surroundings, case: Case, *, by_id: str | None, unattended: bool, before: Mapping[str, Wait]
    ) -> None:
        self.work, self.around, self.case = work, around, case
        self.by_id, self.unattended = by_id, unattended
        self.before = before
        self.done: dict[str, str] = {}
        self.tasks: dict[str, opening.Details] = {}
        self.moved: set[str] = set()

    @property
    def run(self) -> Any:
        return self.case.run

    def complete(self, token: str, values: Any = None) -> None:
        """A user task, a service task or a decision is done. `values`: by name, or of a decision any value."""
        self.done[token] = "completed"
        if self.by_id is not None and token in self.before and self.before[token].kind == "user":
            self.case.did(self.before[token].element, self.by_id)
        self.run.complete(token, {} if values is None else values)

    def fire(self, token: str, values: Mapping[str, Any] | None = None) -> None:
        """A timer, a message, a signal or a condition has come."""
        self.done[token] = "fired"
        self.run.fire(token, dict(values or {}))

    def bpmn_error(self, token: str, code: str, message: str = "") -> None:
        """The element ends with an error that the diagram foresees."""
        self.done[token] = "error"
        self.run.bpmn_error(token, code, message)

    def fail(self, token: str, reason: Text, cause: str = "error") -> None:
        """The element cannot go on."""
        self.done[token] = "failed"
        self.run.fail(token, reason, cause)

    def retry(self, token: str) -> None:
        """An element that could not go on is tried again."""
        self.done[token] = "retried"
        self.run.retry(token)

    def rearm(self, token: str) -> None:
        """A timer is reckoned anew."""
        self.moved.add(token)
        self.run.rearm(token)

    def settle(self) -> None:
        """Run decisions, local handlers and kept messages until nothing is ready."""
        self.run.advance()
        runs = 0
        while (ready := self._ready()) or self._take_kept_message():
            for wait in ready:
                if not self.run.still_waits(wait.token):    # one before it has taken it away
                    continue
                runs += wait.kind != "user"
                if runs > _MOST_RUNS:
                    self.fail(wait.token, _LOOP.format(most=_MOST_RUNS), "loop")
                    return
                self._do(wait)
                if wait.kind != "user":                     # getting a task ready moves nothing
                    self.run.advance()
            self.run.advance()

    def _ready(self) -> list[Wait]:
        return [wait for wait in self.run.waits().values() if self._is_ready(wait)]

    def take(self, wait: Wait, outcome: Outcome) -> None:
        """Take the outcome of a handler."""
        if isinstance(outcome, Complete):
            results = keep(self.work.connection, self.around, self.case, outcome, self.by_id)
            self.complete(wait.token, results)
        elif isinstance(outcome, BpmnError):
            self.bpmn_error(wait.token, outcome.code, outcome.message)
        else:
            raise TypeError(f"a handler gave {outcome!r}, which is no outcome here")

    def _is_ready(self, wait: Wait) -> bool:
        if wait.kind in ("decision", "call"):
            return True
        if wait.kind == "user":
            return wait.token not in self.tasks and not self._stood(wait)
        return wait.kind == "service" and not self._stood(wait) and not self._is_job(wait)

    def _stood(self, wait: Wait) -> bool:
        """Tell whether a wait stood there before the step, in the same way."""
        old = self.before.get(wait.token)
        return old is not None and old.kind == wait.kind and self.done.get(wait.token) is None

    def _is_job(self, wait: Wait) -> bool:
        handler = self.handler(wait)
        return handler is not None and handler.kind == "external"

    def handler(self, wait: Wait) -> Handler | None:
        """The handler of a service task, None when nothing handles that name."""
        name = self.case.element(wait.process, wait.element).ext.handler
        return self.around.registry.get(name) if name in self.around.registry else None

    def _do(self, wait: Wait) -> None:
        do: dict[str, Callable[[Wait], None]] = {
            "decision": self._decide, "user": self._prepare, "service": self._call, "call": self._enter}
        do[wait.kind](wait)

    def _enter(self, wait: Wait) -> None:
        """Begin a called process in the version its call asks for."""
        try:
            self.case.bind(self.around.library, wait.process, self.case.element(wait.process, wait.element))
        except JalonError as error:
            self.fail(wait.token, error.sentence)
            return
        self.run.enter(wait.token)

    def _decide(self, wait: Wait) -> None:
        element = self.case.element(wait.process, wait.element)
        try:
            result = self.case.bundle.decide(
                wait.process, element.ext.decision, self.run.inputs(wait.token), self.case.host.functions(wait.scope, [])
            )
        except Exception as error:
            self.fail(wait.token, sentence(error), "expression")
            return
        if result.faults:
            self.fail(wait.token, result.faults[0], "expression")
            return
        self.case.tell(
            "decision_made",
            wait.element,
            decision=element.ext.decision,
            matched=[
                {
                    "decision": match.decision,
                    "rule": match.rule,
                    "rule_id": match.rule_id,
                    "annotation": match.annotation,
                    "inputs": match.inputs,
                    "outputs": match.outputs,
                }
                for match in result.matched
            ],
        )
        self.complete(wait.token, result.value)

    def _prepare(self, wait: Wait) -> None:
        try:
            self.tasks[wait.token] = opening.details(self, wait)
        except Exception as error:
            self.fail(wait.token, sentence(error), "expression")

    def _call(self, wait: Wait) -> None:
        handler = self.handler(wait)
        if handler is None:
            name = self.case.element(wait.process, wait.element).ext.handler
            self.fail(wait.token, _NO_HANDLER.format(name=name), "error")
            return
        try:
            # What nobody waits for must not roll back the timer or outcome that led here: only what the handler itself wrote.
            with self.work.connection.begin_nested() if self.unattended else nullcontext():
                task = handler_task(self.work, self.around, self.case, wait, handler, self.by_id)
                outcome = handler.call(task, **self.around.ports.for_local(handler, self.work))
                if isinstance(outcome, Later):
                    raise TypeError("a local handler may not answer Later")
                results = keep(self.work.connection, self.around, self.case, outcome, self.by_id) if isinstance(outcome, Complete) else None
        except Exception as error:
            self._failed(wait, error)
            return
        self.case.tell("handler_done", wait.element, handler=handler.name, outcome=type(outcome).__name__)
        if results is None:
            self.take(wait, outcome)
        else:
            self.complete(wait.token, results)

    def _failed(self, wait: Wait, error: Exception) -> None:
        if self.unattended:
            self.fail(wait.token, sentence(error), "error")
        elif isinstance(error, JalonError):
            raise error
        else:
            name = self.case.element(wait.process, wait.element).name
            raise HandlerFailed(element=name, element_id=wait.element, cause=sentence(error)) from error

    def _take_kept_message(self) -> bool:
        """Give a newly waiting token a message that came before it; tell whether there was one."""
        waiting = {(wait.name, messages.correlation_hash(wait.correlation)): wait for wait in self.run.waits().values()
                   if wait.kind == "message" and wait.token not in self.before}
        kept = messages.take_buffered(self.work.connection, list(waiting), self.case.at)
        if kept is None:
            return False
        name, correlation, message = kept
        wait = waiting[name, correlation]
        self.case.tell("message_received", wait.element, name=name, buffered=True)
        self.fire(wait.token, message.payload)
        return True


def step(work: UnitOfWork, around: Surroundings, case: Case, change: Callable[[Step], object], *, by_id: str | None = None,
         unattended: bool = False, anew: Collection[str] = ()) -> Step:
    """Change a case, run what is ready, and write everything that follows, in few statements.

    Args:
        change: does the one thing of the command through the step it is handed. by_id: who does it, None for the machine.
        unattended: nobody waits for the answer; failing handlers become incidents. anew: tokens that wait and whose rows are gone.
    Raises: HandlerFailed, or what a local handler raised, when somebody waits.
    """
    before = {token: wait for token, wait in case.run.waits().items() if token not in anew}
    under_way = Step(work, around, case, by_id=by_id, unattended=unattended, before=before)
    change(under_way)
    under_way.settle()
    effects.write(under_way)
    save(work, around, case)
    return under_way


def sentence(error: Exception) -> Text:
    """What went wrong, for the person who looks at the incident: our own words, or what the program said."""
    return error.sentence if isinstance(error, JalonError) else Text.of(f"{type(error).__name__}: {error}")


_LOOP = Text(
    "plus de {most} étapes automatiques à la suite, sans rien à attendre",
    "more than {most} automatic steps in a row, with nothing to wait for",
)
_NO_HANDLER = Text("aucun traitement ne s’appelle « {name} »", "no handler is called “{name}”")
