"""Commands on cases: start, suspend, resume, cancel.

Owns: beginning a case and steering it as a whole.
Leaves: which version of a process is started to `engine.definitions`; starts by message to `messages`.
Promises: a start whose data has a fault stores nothing; a case keeps the versions it started with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from engine.bpmn.model import Element, Process
from engine.definitions import Bundle
from engine.errors import Conflict, Invalid
from engine.execution.case import Case, insert_row, new_host
from engine.execution.step import step
from engine.history import Chain
from engine.ids import in_order
from engine.kernel.run import Run
from engine.people.person import Person
from engine.service.commands import Commands
from engine.states import InstanceState
from engine.store.tables import instance
from engine.store.unit_of_work import UnitOfWork


class NoReason(Invalid):
    """A reason is needed."""

    fr = "Il faut un motif."


class NotLikeThat(Conflict):
    """This case is {state}; that cannot be done with it now."""

    fr = "Ce dossier est à l’état « {state} » ; cela ne peut pas être fait maintenant."


class InstanceCommands(Commands):
    """Beginning a case and steering it as a whole."""

    def start_instance(self, process_key: str, variables: Mapping[str, Any] | None = None, by: Person | None = None, *,
                       business_key: str | None = None) -> str:
        """Start a case of the newest published version of a process, and tell its id.

        Args:
            process_key: id of the process, or key of its folder when that has one executable process.
            variables: data of the start form when the process has one, else variables.
        Raises: NotFound, when no such process is published; FormInvalid, naming each fault by field, and nothing is stored.
        """
        with self._command() as work:
            bundle = self.library.newest(process_key)
            return self._start(work, bundle, variables or {}, by, business_key=business_key)

    def suspend_instance(self, instance_id: str, reason: str, by: Person) -> None:
        """Stop a case: no task, timer, job or message moves it until it is resumed. Raises: NotAllowed; NoReason; NotLikeThat."""
        self._steer(instance_id, InstanceState.ACTIVE, InstanceState.SUSPENDED, "instance_suspended", reason, by)

    def resume_instance(self, instance_id: str, reason: str, by: Person) -> None:
        """Let a suspended case go on; what came due meanwhile happens now. Raises: NotAllowed; NoReason; NotLikeThat."""
        self._steer(instance_id, InstanceState.SUSPENDED, InstanceState.ACTIVE, "instance_resumed", reason, by)

    def cancel_instance(self, instance_id: str, reason: str, by: Person) -> None:
        """End a case for good, whatever waits in it. Raises: NotAllowed; NoReason; NotLikeThat, when it is over."""
        self._check_steward(by)
        if not reason.strip():
            raise NoReason()
        with self._command() as work:
            row = work.lock_instance(instance_id)
            if row.state not in (InstanceState.ACTIVE, InstanceState.SUSPENDED):
                raise NotLikeThat(state=row.state)
            case = self._loaded(work, row)
            case.tell("instance_cancelled", by_id=by.id, reason=reason.strip())
            case.changed |= {"state": InstanceState.CANCELLED, "cancel_reason": reason.strip()}
            self._step(work, case, lambda under_way: under_way.run.cancel(), by)

    def _start(self, work: UnitOfWork, bundle: Bundle, data: Mapping[str, Any], by: Person | None, *, business_key: str | None = None,
               at_element: str | None = None, unattended: bool = False, cause: Mapping[str, Any] | None = None) -> str:
        """Start a case in this transaction. `cause` is told in its history: the message, signal, moment or condition that started it."""
        instance_id = in_order()
        work.new_instance(instance_id)
        host = new_host(work, self.around, bundle, instance_id)
        start = _start_event(bundle.process, at_element)
        checked = self._checked_start(bundle, data, host.functions("", [])) if data or not _begins_by_itself(start) else {}
        variables = {start.ext.result: checked} if start is not None and start.ext.result else checked
        run = Run.start(bundle.program, bundle.process.id, variables, host, at_element=start.id if start is not None else None)
        case = Case(instance_id, 0, business_key, InstanceState.ACTIVE, {}, bundle, run, host, host.now(), Chain.new(instance_id))
        insert_row(work, case, bundle.process.id, dict(bundle.bindings), by.id if by else None)
        case.tell(
            "instance_started",
            start.id if start is not None else None,
            by.id if by else None,
            personal={"values": checked},
            process=bundle.process.id,
            definition=bundle.id,
            **(cause or {}),
        )
        step(work, self.around, case, lambda _: None, by_id=by.id if by else None, unattended=unattended)
        return instance_id

    def _checked_start(self, bundle: Bundle, data: Mapping[str, Any], functions: Mapping[str, Any]) -> dict[str, Any]:
        if not bundle.process.start_form:
            return dict(data)
        form = bundle.form(bundle.process.id, bundle.process.start_form)
        return form.validate(data, {}, validators=self.validators, functions=functions)

    def _steer(self, instance_id: str, from_state: InstanceState, to_state: InstanceState, kind: str, reason: str, by: Person) -> None:
        self._check_steward(by)
        if not reason.strip():
            raise NoReason()
        with self._command() as work:
            row = work.lock_instance(instance_id)
            if row.state != from_state:
                raise NotLikeThat(state=row.state)
            work.connection.execute(update(instance).where(instance.c.id == instance_id).values(state=to_state))
            self._note(work, row, kind, by, reason=reason.strip())


def _start_event(process: Process, at_element: str | None) -> Element | None:
    """Where a case begins: as told, else at the plain start event, else at the only start event there is."""
    if at_element is not None:
        return process.elements[at_element]
    starts = process.starts()
    plain = [start for start in starts if not start.events]
    return plain[0] if len(plain) == 1 else starts[0] if len(starts) == 1 else None


def _begins_by_itself(start: Element | None) -> bool:
    """Tell whether nobody is there at a start who could fill in a form."""
    return start is not None and any(event.kind == "timer" for event in start.events)
