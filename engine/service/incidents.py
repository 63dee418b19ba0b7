"""Commands on incidents, and the check that no case stands still unseen.

Owns: trying an element again, completing it by hand with a reason, and `check_integrity`.
Leaves: the rows to `engine.work.incidents`.
Promises: a case that has not ended and that nothing moves any more gets an incident that names the element it stood at last.
Rule: docs/architecture.md, 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, exists, select, update

from engine.errors import JalonError
from engine.execution.case import Case, save
from engine.execution.step import step
from engine.people.person import Person
from engine.service.commands import Commands
from engine.service.instances import NoReason
from engine.states import IncidentState, InstanceState, JobState, TaskState, TimerState
from engine.store import outbox
from engine.store.tables import event, incident, instance, job, subscription, timer, user_task
from engine.store.unit_of_work import Lockable, UnitOfWork
from engine.texts import Text
from engine.work import incidents, messages, tasks, timers

_WITH_INSTANCE = Lockable(
    select(instance, incident.c.token.label("incident_token"), incident.c.element_id.label("incident_element_id"),
           incident.c.state.label("incident_state"))
    .join(incident, incident.c.instance_id == instance.c.id).where(incident.c.id == bindparam("incident")))


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of several incidents tried again: how many were, and those that were not with the reason."""

    done: int
    refused: tuple[tuple[str, Text], ...]


class IncidentCommands(Commands):
    """Settling what stands still."""

    def retry_incident(self, incident_id: str, by: Person) -> None:
        """Try again: the element, or the delivery that failed. Raises: NotAllowed; IncidentNotFound; IncidentClosed; NotActive."""
        self._check_steward(by)
        with self._command() as work:
            row = self._incident(work, incident_id)
            if outbox.reopen(work.connection, row.incident_token):
                work.hints.add("outbox")
                self._close(work, incident_id, IncidentState.RETRIED, by)
                self._note(work, row, "incident_retried", by, row.incident_element_id or None, incident=incident_id)
                return
            case = self._case(work, row)
            case.tell("incident_retried", row.incident_element_id or None, by.id, incident=incident_id)
            wait = case.run.waits().get(row.incident_token)
            if wait is not None and wait.kind == "failed":
                self._step(work, case, lambda under_way: under_way.retry(row.incident_token), by, unattended=True)
            else:
                self._close(work, incident_id, IncidentState.RETRIED, by)
                self._open_anew(work, case, list(case.run.waits()) if wait is None else [wait.token], by)

    def retry_incidents(self, incident_ids: Sequence[str], by: Person) -> Retried:
        """Try several again, each in a transaction of its own: one that cannot be does not stop the others. Raises: NotAllowed."""
        self._check_steward(by)
        refused: list[tuple[str, Text]] = []
        for incident_id in incident_ids:
            try:
                self.retry_incident(incident_id, by)
            except JalonError as error:
                refused.append((incident_id, error.sentence))
        return Retried(len(incident_ids) - len(refused), tuple(refused))

    def resolve_incident(self, incident_id: str, results: Mapping[str, Any], reason: str, by: Person) -> None:
        """Complete the element by hand, with the results it should have had.

        Raises: NoReason; NotAllowed; IncidentNotFound; IncidentClosed; NotActive.
        """
        self._check_steward(by)
        if not reason.strip():
            raise NoReason()
        with self._command() as work:
            row = self._incident(work, incident_id)
            case = self._case(work, row)
            case.tell(
                "incident_resolved",
                row.incident_element_id or None,
                by.id,
                personal={"values": dict(results)},
                incident=incident_id,
                reason=reason.strip(),
            )
            if row.incident_token not in case.run.waits():
                self._close(work, incident_id, IncidentState.RESOLVED, by)
                save(work, self.around, case)
            else:
                self._step(work, case, lambda under_way: under_way.complete(row.incident_token, results), by, unattended=True)

    def find_stalled(self, by: Person) -> list[str]:
        """The same as `check_integrity`, asked for by a person. Raises: NotAllowed."""
        self._check_steward(by)
        return self.check_integrity()

    def check_integrity(self) -> list[str]:
        """Find cases that have not ended and that nothing moves; each gets an incident. Tells their ids."""
        with self.store.read() as connection:
            stalled = list(connection.scalars(_stalled()))
        for instance_id in stalled:
            with self._command() as work:
                row = work.lock_instance(instance_id)
                if work.connection.scalar(_stalled().where(instance.c.id == instance_id)) is not None:
                    self._open_stall(work, row)
        return stalled

    def _open_anew(self, work: UnitOfWork, case: Case, tokens: list[str], by: Person) -> None:
        """Write the rows of what waits in the kernel anew: those of a stalled case are gone, those set aside are closed."""
        tasks.forget(work.connection, tokens)
        self.around.jobs.forget(work.connection, tokens)
        timers.forget(work.connection, tokens)
        messages.close_subscriptions(work.connection, tokens)
        step(work, self.around, case, lambda _: None, by_id=by.id, unattended=True, anew=tokens)

    def _open_stall(self, work: UnitOfWork, row: Row[Any]) -> None:
        last = work.connection.execute(select(event.c.element_id).where(event.c.instance_id == row.id, event.c.element_id.is_not(None))
                                       .order_by(event.c.seq.desc()).limit(1)).scalar() or ""
        case = self._loaded(work, row)
        incidents.open_incidents(work.connection, [incidents.NewIncident(row.id, row.id, row.process_id, last, "stall", _STALL)], case.at)
        case.tell("incident_opened", last or None, kind="stall", message=_STALL.to_json())
        save(work, self.around, case)

    def _incident(self, work: UnitOfWork, incident_id: str) -> Row[Any]:
        row = work.lock_found(_WITH_INSTANCE, incident=incident_id)
        if row is None:
            raise incidents.IncidentNotFound(incident_id=incident_id)
        if row.incident_state != IncidentState.OPEN:
            raise incidents.IncidentClosed(incident_id=incident_id)
        return row

    def _close(self, work: UnitOfWork, incident_id: str, state: IncidentState, by: Person) -> None:
        work.connection.execute(
            update(incident).where(incident.c.id == incident_id).values(state=state, closed_at=self._now(), closed_by=by.id)
        )


def _stalled() -> Any:
    """Active cases with no open task, job, timer, subscription or incident."""
    waiting = (
        exists().where(user_task.c.instance_id == instance.c.id, user_task.c.state == TaskState.OPEN),
        exists().where(job.c.instance_id == instance.c.id, job.c.state.in_((JobState.READY, JobState.RUNNING))),
        exists().where(timer.c.instance_id == instance.c.id, timer.c.state.in_((TimerState.OPEN, TimerState.PAUSED))),
        exists().where(subscription.c.instance_id == instance.c.id),
        exists().where(incident.c.instance_id == instance.c.id, incident.c.state == IncidentState.OPEN),
    )
    return select(instance.c.id).where(instance.c.state == InstanceState.ACTIVE, *(~one for one in waiting))


_STALL = Text("le dossier n’est pas terminé, mais plus rien n’y attend", "the case has not ended, but nothing in it waits")
