"""Commands on messages and signals.

Owns: finding the one receiver of a message (a waiting token, else a process that starts with it, else the buffer), and delivering what
the outbox holds.
Leaves: rows to `engine.work.messages` and `engine.store.outbox`; what the receiver does to `engine.execution`.
Promises: a message reaches exactly one receiver; a delivery from the outbox and what it sets off are one transaction, so it happens once.
Rule: BPMN 2.0.2, 8.4.2 and 10.5; docs/architecture.md, 2.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from engine.execution.case import Case, save
from engine.execution.step import sentence
from engine.people.person import Person
from engine.service.instances import InstanceCommands
from engine.states import InstanceState
from engine.store import outbox
from engine.store.database import Busy
from engine.store.unit_of_work import UnitOfWork
from engine.texts import Text
from engine.work import incidents, messages

log = logging.getLogger(__name__)
T = TypeVar("T")
LIVE_FOR = timedelta(days=30)  #: how long a message waits for somebody to wait for it


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message: who received it, whether that case was started by it, or the buffer's id."""

    instance_id: str | None
    started: bool = False
    buffered_id: str | None = None


class _Gone(Exception):
    """The receiver found has gone on while its lock was waited for; the command is undone and looks again."""


class MessageCommands(InstanceCommands):
    """Messages and signals, from outside and between cases."""

    def send_message(self, name: str, correlation: Any = None, variables: Mapping[str, Any] | None = None, by: Person | None = None, *,
                     live_for: timedelta = LIVE_FOR) -> Delivery:
        """Send a message to exactly one receiver.

        Args:
            correlation: must equal what the receiver waits with; None for a message that starts a process.
            live_for: how long it is kept when nobody waits for it yet.
        Raises: FormInvalid, when it starts a process whose start form finds a fault; nothing is stored.
        """
        def deliver() -> Delivery:
            with self._command() as work:
                return self._deliver(work, name, correlation, variables or {}, by, live_for)

        return _until_found(deliver)

    def send_signal(self, name: str, variables: Mapping[str, Any] | None = None) -> None:
        """Send a signal to all who wait for it; each receives it in a command of its own."""
        with self._command() as work:
            outbox.put(
                work.connection,
                [("signal", {"name": name, "correlation": None, "payload": dict(variables or {}), "from": None})],
                self._now(),
            )
            work.hints.add("outbox")

    def deliver_outbox(self, limit: int = 100) -> int:
        """Deliver what cases have sent to others, each in a command of its own; tell how many."""
        count = 0
        while count < limit:
            with self.store.look() as connection:
                waiting = outbox.waiting(connection, limit - count)
            for item_id in waiting:
                self._deliver_surely(item_id)
                count += 1
            if not waiting:
                break
        return count

    def receive_kept(self, instance_id: str) -> None:
        """Give a case a message that was kept while it began to wait for it on another machine."""
        with self._command() as work:
            row = work.lock_instance(instance_id)
            if row.state == InstanceState.ACTIVE:
                case = self._case(work, row)
                waiting = {(wait.name, messages.correlation_hash(wait.correlation)): wait.token
                           for wait in case.run.waits().values() if wait.kind == "message"}
                kept = messages.take_buffered(work.connection, list(waiting), case.at)
                if kept is not None:
                    name, correlation, message = kept
                    case.tell("message_received", name=name, buffered=True)
                    self._fire(work, case, waiting[name, correlation], message.payload)

    def _deliver(self, work: UnitOfWork, name: str, correlation: Any, payload: Mapping[str, Any], by: Person | None, live_for: timedelta,
                 *, unattended: bool = False) -> Delivery:
        key = messages.correlation_hash(correlation)
        found = messages.receiver(work.connection, name, key)
        if found is not None:
            token, instance_id = found
            row = work.lock_instance(instance_id)
            if row.state != InstanceState.ACTIVE or not messages.still_waits(work.connection, token):
                raise _Gone()
            case = self._case(work, row)
            wait = case.run.waits()[token]
            case.tell("message_received", wait.element, by.id if by else None, personal={"values": dict(payload)}, name=name)
            self._fire(work, case, token, payload, by, unattended=unattended)
            return Delivery(instance_id)
        start = self.library.message_start(name)
        if start is not None:
            bundle, element = start
            instance_id = self._start(work, bundle, payload, by, at_element=element, unattended=unattended, cause={"message": name})
            return Delivery(instance_id, started=True)
        return Delivery(None, buffered_id=messages.buffer(work.connection, name, key, payload, self._now(), live_for))

    def _deliver_surely(self, item_id: str) -> None:
        """Deliver one thing; one that cannot be delivered becomes an incident of who sent it, and keeps nobody else waiting."""
        try:
            _until_found(lambda: self._deliver_item(item_id))
        except Busy:
            raise
        except Exception as error:
            log.exception("%s of the outbox could not be delivered", item_id)
            self._undeliverable(item_id, sentence(error))

    def _undeliverable(self, item_id: str, why: Text) -> None:
        with self._command() as work:
            item = outbox.take(work.connection, item_id, self._now())
            sender = item.payload.get("from") if item is not None else None
            if item is None or sender is None:
                return
            case, element = self._loaded(work, work.lock_instance(sender)), item.payload.get("element") or ""
            message = _UNDELIVERED.format(name=item.payload["name"], why=why)
            incidents.open_incidents(work.connection, [
                incidents.NewIncident(sender, item_id, case.bundle.process.id, element, "error", message)], case.at)
            case.tell("incident_opened", element or None, kind="error", message=message.to_json())
            save(work, self.around, case)

    def _deliver_item(self, item_id: str) -> None:
        with self._command() as work:
            item = outbox.take(work.connection, item_id, self._now())
            if item is None:
                return
            name, payload = item.payload["name"], item.payload["payload"]
            if item.kind == "message":
                self._deliver(work, name, item.payload["correlation"], payload, None, LIVE_FOR, unattended=True)
            elif item.kind == "signal":
                self._spread(work, name, payload, item.payload["from"])
            elif item.kind == "signal_to":
                self._signal(work, item.payload["token"], item.payload["instance"], name, payload)
            else:
                bundle = self.library.bundle(item.payload["definition"], item.payload["bindings"])
                self._start(work, bundle, payload, None, at_element=item.payload["element"], unattended=True, cause={"signal": name})

    def _spread(self, work: UnitOfWork, name: str, payload: Mapping[str, Any], sender: str | None) -> None:
        """One delivery for each who waits for a signal, and for each process it starts."""
        to = [("signal_to", {"name": name, "payload": payload, "token": token, "instance": instance_id})
              for token, instance_id in messages.listeners(work.connection, name) if instance_id != sender]
        starts = [
            (
                "signal_start",
                {"name": name, "payload": payload, "definition": bundle.id, "bindings": dict(bundle.bindings), "element": element},
            )
            for bundle, element in self.library.signal_starts(name)
        ]
        outbox.put(work.connection, [*to, *starts], self._now())
        work.hints.add("outbox")

    def _signal(self, work: UnitOfWork, token: str, instance_id: str, name: str, payload: Mapping[str, Any]) -> None:
        row = work.lock_instance(instance_id)
        if row.state == InstanceState.ACTIVE and messages.still_waits(work.connection, token):
            case = self._case(work, row)
            case.tell("signal_received", case.run.waits()[token].element, name=name)
            self._fire(work, case, token, payload, unattended=True)

    def _fire(
        self, work: UnitOfWork, case: Case, token: str, payload: Mapping[str, Any], by: Person | None = None, *, unattended: bool = True
    ) -> None:
        self._step(work, case, lambda under_way: under_way.fire(token, payload), by, unattended=unattended)


_UNDELIVERED = Text("« {name} » n’a pas pu être remis : {why}", "“{name}” could not be delivered: {why}")


def _until_found(deliver: Callable[[], T]) -> T:
    """Deliver, and look again when the receiver has gone on meanwhile."""
    while True:
        try:
            return deliver()
        except _Gone:
            continue
