"""Commands that run a handler outside any case: letters to people whose case does not exist yet, or who only ask for a link.

Owns: asking for a letter, running errands that are due, trying again.
Leaves: rows to `engine.work.errands`; what a letter says to `letters.yaml` of the process; sending to the handler (`client.notify`).
Promises: a letter asked for in a command leaves if and only if the command committed; the handler finds the same key at each try.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from engine.definitions import Bundle
from engine.errors import NotFound
from engine.execution.step import sentence
from engine.handler import BpmnError, Letter, Task
from engine.service.commands import Commands
from engine.store.unit_of_work import UnitOfWork
from engine.work import errands
from engine.work.documents import DocumentNotFound

log = logging.getLogger(__name__)
#: The handler that writes to people of the outside.
NOTIFY = "client.notify"


class NoHandler(NotFound):
    """This installation has nothing that does “{handler}”."""

    fr = "Cette installation n’a rien qui fasse « {handler} »."


class ErrandReader:
    """What an errand can look up: the letters and decisions of a process. It has no case, so no file and nobody who did anything."""

    def __init__(self, bundle: Bundle, inputs: Mapping[str, Any], functions: Mapping[str, Any]) -> None:
        self._bundle, self._inputs, self._functions = bundle, inputs, functions

    def letter(self, template: str, locale: str, extra: Mapping[str, Any]) -> Letter:
        """Fill a letter in from what the errand was given. Raises: NoSuchLetter; LetterNotFilled."""
        return self._bundle.letter(self._bundle.process.id, template, locale, {**self._inputs, **extra}, self._functions)

    def decide(self, decision: str, inputs: Mapping[str, Any]) -> Any:
        """Evaluate a decision of the process. Raises: NotFound, when it has none of that name."""
        return self._bundle.decide(self._bundle.process.id, decision, inputs, self._functions).value

    def document(self, document_id: str) -> tuple[str, str, bytes]:
        """Raises: DocumentNotFound, always."""
        raise DocumentNotFound(document_id=document_id)

    def who_did(self, elements: Collection[str]) -> frozenset[str]:
        """Nobody."""
        return frozenset()


class ErrandCommands(Commands):
    """Handlers run outside any case."""

    def work_errands(self, owner: str) -> int:
        """Take the errand that is due and run it, outside any transaction; tell how many were run."""
        with self.store.look() as connection:       # looking costs no write lock
            moment = errands.first_due(connection)
        if moment is None or moment > self._now():
            return 0
        with self._command() as work:
            held = errands.claim(work.connection, owner, self._now())
            work.hints.update({"job"} if held else ())
        if held is None:
            return 0
        self._run_errand(held)
        return 1

    def _mail(self, work: UnitOfWork, process: str, letter: str, to: str, locale: str, inputs: Mapping[str, Any], *,
              about: str = "") -> None:
        """Have a letter of a process mailed once this command is committed. `about`: the intake it is erased with."""
        given = {**inputs, "letter": letter, "to": to, "locale": locale, "body_name": self.around.settings.body.name}
        errands.ask(work.connection, NOTIFY, process, given, at=self._now(), max_tries=self._tries(), about=about)
        work.hints.add("job")

    def _tries(self) -> int:
        return self.around.registry.get(NOTIFY).retry.times if NOTIFY in self.around.registry else 1

    def _run_errand(self, held: errands.Errand) -> None:
        try:
            if held.handler not in self.around.registry:
                raise NoHandler(handler=held.handler)
            handler = self.around.registry.get(held.handler)
            outcome = handler.call(self._errand_task(held), **self.around.ports.for_external(handler))
            if isinstance(outcome, BpmnError):
                raise RuntimeError(f"{held.handler} gave {outcome!r}")
        except Exception as error:
            log.warning("errand %s of %s failed at try %s of %s: %s", held.id, held.handler, held.tries, held.max_tries, error)
            self._note_failure(held, str(sentence(error)))
        else:
            with self._command() as work:
                errands.done(work.connection, held, self._now())

    def _note_failure(self, held: errands.Errand, why: str) -> None:
        now, again_at = self._now(), None
        if held.tries < held.max_tries:
            again_at = now + timedelta(seconds=self.around.registry.get(held.handler).retry.wait_seconds(held.tries))
        with self._command() as work:
            errands.failed(work.connection, held, now, why, again_at)
            work.hints.add("timer")

    def _errand_task(self, held: errands.Errand) -> Task:
        now, calendar = self._now(), self.around.calendar
        functions = {"now": lambda: now, "today": lambda: calendar.day_of(now)}
        reader = ErrandReader(self.library.newest(held.process), held.inputs, functions)
        return Task(key=held.id, instance_id="", business_key=None, element="", handler=held.handler, now=now, today=calendar.day_of(now),
                    variables=held.inputs, reader=reader)
