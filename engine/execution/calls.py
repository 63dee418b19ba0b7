"""What a handler is handed: its task, and what it may look up.

Owns: making the `Task` of a service wait, and `CaseReader`, which answers what a handler looks up in the definition and in the files of
its case.
Leaves: calling the handler to `step` (local) and `engine.service.jobs` (external).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy import Connection

from engine.execution.case import Case
from engine.execution.surroundings import Surroundings
from engine.handler import Handler, Letter, Task
from engine.kernel.waits import Wait
from engine.people.links import case_address
from engine.store.unit_of_work import UnitOfWork
from engine.work import documents

Opens = Callable[[], AbstractContextManager[Connection]]


class CaseReader:
    """What a task can look up: a letter filled in from its variables, a decision, a file of its own case, who did what in it."""

    def __init__(self, opens: Opens, case: Case, process_id: str, variables: Mapping[str, Any],
                 functions: Mapping[str, Callable[..., Any]], link_for: Callable[[str], str]) -> None:
        self._opens, self._bundle, self._process_id, self._instance_id = opens, case.bundle, process_id, case.id
        self._performers = case.performers
        self._variables, self._functions, self._link_for = variables, functions, link_for

    def letter(self, template: str, locale: str, extra: Mapping[str, Any]) -> Letter:
        """Fill a letter in; with a `recipient_email` in `extra`, `portal_url` is that reader's own link to the case.

        Raises: NotFound, when the process has no such letter.
        """
        if extra.get("recipient_email"):
            extra = {"portal_url": self._link_for(str(extra["recipient_email"])), **extra}
        return self._bundle.letter(self._process_id, template, locale, {**self._variables, **extra}, self._functions)

    def decide(self, decision: str, inputs: Mapping[str, Any]) -> Any:
        """Evaluate a decision of the process. Raises: NotFound, when it has none of that name."""
        return self._bundle.decide(self._process_id, decision, inputs, self._functions).value

    def document(self, document_id: str) -> tuple[str, str, bytes]:
        """Read a file of the case: name, media type, content. Raises: DocumentNotFound, for one of another case too."""
        with self._opens() as connection:
            found = documents.read(connection, document_id)
        if found.instance_id != self._instance_id:
            raise documents.DocumentNotFound(document_id=document_id)
        return found.name, found.media_type, found.content

    def who_did(self, elements: Collection[str]) -> frozenset[str]:
        """Tell who has completed one of these activities in the case, in the step under way too: ids of people."""
        return frozenset(person_id for element in elements for person_id in self._performers.get(element, ()))


def handler_task(work: UnitOfWork, around: Surroundings, case: Case, wait: Wait, handler: Handler, by_id: str | None) -> Task:
    """Make the task of a local handler: it reads in the transaction of its step."""
    return make_task(lambda: nullcontext(work.connection), around, case, wait, handler, by_id)


def make_task(opens: Opens, around: Surroundings, case: Case, wait: Wait, handler: Handler, by_id: str | None) -> Task:
    """Make the task of a service wait. `opens` gives a connection to read files with."""
    variables = case.run.inputs(wait.token)
    reader = CaseReader(opens, case, wait.process, variables, case.host.functions(wait.scope, []),
                        lambda email: case_address(around.settings, email, case.id, case.at))
    return Task(
        key=wait.token,
        instance_id=case.id,
        business_key=case.business_key,
        element=wait.element,
        handler=handler.name,
        now=case.at,
        today=around.calendar.day_of(case.at),
        variables=variables,
        actor_id=by_id,
        reader=reader,
    )
