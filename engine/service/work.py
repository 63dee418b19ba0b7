"""What the engine does when nobody asks: timers that are due, jobs, deliveries between cases.

Owns: firing a timer, running a job and taking its outcome, and `settle`, which does all that is due now, in order, without threads.
Leaves: threads and the alarm clock to `engine.worker`; moving the clock to whoever owns it.
Promises: a due timer fires once however often it is tried; a handler runs outside any transaction and its outcome is a command of its
own; an outcome that comes too late (the lease ran out, the branch was left) changes nothing; what fails becomes an incident, never a
silent stall.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Row, Table, bindparam, select

from engine.definitions import schedule
from engine.execution.calls import make_task
from engine.execution.case import load, save
from engine.execution.step import sentence
from engine.handler import BpmnError, Complete, Later, Outcome, Task
from engine.people.accounts import Accounts
from engine.service.intakes import IntakeCommands
from engine.service.starts import StartCommands
from engine.states import InstanceState, JobState, TimerState
from engine.store import outbox
from engine.store.database import Busy
from engine.store.tables import instance, job, timer
from engine.store.unit_of_work import Lockable
from engine.texts import Text
from engine.work import errands, incidents, messages, timers
from engine.work.alarm import earliest
from engine.work.jobs import Lease, note_error

log = logging.getLogger(__name__)
_LIVING = (InstanceState.ACTIVE, InstanceState.SUSPENDED)
_MOST = 100_000  #: what `settle` does before it says that it will never end


_WITH_INSTANCE = Lockable(
    select(instance, timer.c.state.label("timer_state"), timer.c.due_at.label("timer_due_at"), timer.c.element_id.label("timer_element_id"))
    .join(timer, timer.c.instance_id == instance.c.id).where(timer.c.id == bindparam("timer")))


class NoOutcome(TypeError):
    """A handler gave something that is no outcome."""


class WorkCommands(StartCommands, IntakeCommands):
    """What happens by itself."""

    def settle(self) -> int:
        """Do all that is due now: deliveries, jobs, timers in the order of their moments, and what they set off. Tells how many things."""
        owner, count = f"settle-{token_hex(4)}", 0
        while count < _MOST:
            done = self.deliver_outbox() or self.work_jobs(owner) or self.fire_next_timer() or self.fire_due_starts(1)
            if not done:
                return count
            count += done
        raise RuntimeError(f"still something due after {_MOST} things: a loop between timers, jobs or messages")

    def earliest(self) -> datetime | None:
        """Tell when the next timer, job, errand, delivery or start is due; a moment that has passed when something is to be done now."""
        with self.store.look() as connection:
            return earliest(connection, (outbox.EARLIEST, timers.EARLIEST, schedule.EARLIEST, *self.around.jobs.moments, *errands.MOMENTS))

    def fire_next_timer(self) -> int:
        """Fire the timer that has been due longest; 0 when none is."""
        with self.store.look() as connection:
            found = timers.due(connection, self._now(), limit=1)
        return sum(self.fire_timer(timer_id) for timer_id, _ in found)

    def fire_due_timers(self, limit: int = 100) -> int:
        """Fire the timers that are due, earliest first, each in a command of its own; tell how many."""
        with self.store.look() as connection:
            found = timers.due(connection, self._now(), limit)
        return sum(self.fire_timer(timer_id) for timer_id, _ in found)

    def fire_timer(self, timer_id: str) -> bool:
        """Fire a timer if it is open and due by the engine's clock; tell whether it fired. Firing twice changes nothing."""
        try:
            return self._fire_timer(timer_id)
        except Busy:
            raise       # the timer is as due as before
        except Exception as error:
            log.exception("the timer %s could not fire", timer_id)
            why = sentence(error)
            return self._surely(lambda: self._fire_timer(timer_id, failed=why), timer, timer_id, why)

    def work_jobs(self, owner: str, limit: int = 1) -> int:
        """Take jobs that are due and run them, one after the other; and errands when none is due; tell
        how many.
        """
        with self.store.look() as connection:   # looking costs no write lock
            moment = self.around.jobs.earliest(connection)
        if moment is None or moment > self._now():
            return self.work_errands(owner)
        with self._command() as work:
            leases = self.around.jobs.claim(work.connection, owner, self._now(), limit)
            work.hints.update({"job"} if leases else ())    # there may be more, for somebody else
        for lease in leases:
            self.run_job(lease)
        return len(leases)

    def run_job(self, lease: Lease) -> None:
        """Run the handler of a job that is held, outside any transaction, and take its outcome."""
        try:
            task = self._task_of(lease)
            if task is None:
                return
            handler = self.around.registry.get(lease.handler)
            outcome = handler.call(task, **self.around.ports.for_external(handler))
            if not isinstance(outcome, (Complete, BpmnError, Later)):
                raise NoOutcome(f"{lease.handler} gave {outcome!r}")
            self._take_outcome(lease, outcome)
        except Busy:
            raise       # the outcome could not be written: the lease runs out and the job is run again, under the same key
        except Exception as error:
            log.info("job %s of %s failed at try %s", lease.id, lease.handler, lease.tries, exc_info=True)
            why = sentence(error)
            self._surely(lambda: self._take_failure(lease, why), job, lease.id, why)

    def sweep(self) -> int:
        """Put right what no event announces: kept messages that crossed their receiver; messages and sessions whose time is over.

        Tells how many messages.
        """
        with self.store.read() as connection:
            crossed = messages.matched(connection, self._now())
        for instance_id in crossed:
            self.receive_kept(instance_id)
        self.erase_intakes()
        with self._command() as work:
            Accounts(work.connection).sweep_sessions(now=self._now())
            return len(crossed) + messages.forget_expired(work.connection, self._now())

    def _surely(self, fail: Callable[[], bool], table: Table, row_id: str, why: Text) -> bool:
        """Let a timer or job fail; when not even that can be done, set it aside, so that it neither repeats for ever nor is forgotten."""
        try:
            return fail()
        except Busy:
            raise
        except Exception:
            log.exception("%s %s is set aside", table.name, row_id)
            self._set_aside(table, row_id, why)
            return True

    def _set_aside(self, table: Table, row_id: str, why: Text) -> None:
        """Stop a timer or job with an incident, by its rows alone: its case cannot be moved."""
        with self._command() as work:
            query = select(table.c.instance_id, table.c.process_id, table.c.element_id).where(table.c.id == row_id)
            found = work.connection.execute(query).one()
            row = work.lock_instance(found.instance_id)
            timers.close_timers(work.connection, {row_id: TimerState.CANCELLED}, self._now())
            self.around.jobs.close(work.connection, [row_id], JobState.FAILED, self._now())
            incidents.open_incidents(work.connection, [
                incidents.NewIncident(row.id, row_id, found.process_id, found.element_id, "error", why)], self._now())
            self._note(work, row, "incident_opened", None, found.element_id, kind="error", message=why.to_json())

    def _fire_timer(self, timer_id: str, failed: Text | None = None) -> bool:
        with self._command() as work:
            row = work.lock_found(_WITH_INSTANCE, timer=timer_id)
            if row is None or row.state != InstanceState.ACTIVE or row.timer_state != TimerState.OPEN or row.timer_due_at > self._now():
                return False
            case = self._case(work, row)
            if timer_id not in case.run.waits():
                timers.close_timers(work.connection, {timer_id: TimerState.CANCELLED}, case.at)
                save(work, self.around, case)
                return False
            case.tell("timer_fired", row.timer_element_id, due_at=row.timer_due_at.isoformat())
            self._step(
                work, case, lambda under_way: under_way.fail(timer_id, failed) if failed else under_way.fire(timer_id), unattended=True
            )
            return True

    def _task_of(self, lease: Lease) -> Task | None:
        """The task of a job, None when the case no longer waits for it."""
        with self.store.read() as connection:
            row = connection.execute(select(instance).where(instance.c.id == lease.instance_id)).first()
            if row is None or row.state not in _LIVING:
                return None
            case = load(connection, self.around, row, hot=False)
            wait = case.run.waits().get(lease.id)
            if wait is None or wait.kind != "service":
                return None
            case.book.entries()     # letters may ask for a deadline once this connection is closed
            return make_task(self.store.read, self.around, case, wait, self.around.registry.get(lease.handler), None)

    def _take_outcome(self, lease: Lease, outcome: Outcome) -> None:
        with self._command() as work:
            row = self._held(work, lease)
            if row is None:
                return
            if isinstance(outcome, Later):
                self.around.jobs.postpone(work.connection, lease, self._now() + timedelta(seconds=max(outcome.seconds, 0)), None)
                work.hints.add("timer")
                return
            case = self._loaded(work, row)
            wait = case.run.waits()[lease.id]
            case.tell("job_done", wait.element, handler=lease.handler, tries=lease.tries, **_code(outcome))
            self._step(work, case, lambda under_way: under_way.take(wait, outcome), unattended=True)

    def _take_failure(self, lease: Lease, why: Text) -> bool:
        with self._command() as work:
            row = self._held(work, lease)
            if row is None:
                return False
            case = self._loaded(work, row)
            wait = case.run.waits()[lease.id]
            case.tell("job_failed", wait.element, handler=lease.handler, tries=lease.tries, most=lease.max_tries, message=why.to_json())
            if lease.tries < lease.max_tries:
                retry = self.around.registry.get(lease.handler).retry
                self.around.jobs.postpone(
                    work.connection, lease, self._now() + timedelta(seconds=retry.wait_seconds(lease.tries)), str(why)
                )
                work.hints.add("timer")
                save(work, self.around, case)
            else:
                note_error(work.connection, lease.id, str(why))
                self._step(work, case, lambda under_way: under_way.fail(lease.id, why, "error"), unattended=True)
            return True

    def _held(self, work: Any, lease: Lease) -> Row[Any] | None:
        """Lock the case of a job; None when the job is no longer held, so that its outcome must change nothing."""
        row: Row[Any] = work.lock_instance(lease.instance_id)
        return row if row.state in _LIVING and self.around.jobs.holds(work.connection, lease) else None


def _code(outcome: Outcome) -> Mapping[str, Any]:
    return {"error": outcome.code} if isinstance(outcome, BpmnError) else {}
