"""The hands that work when nobody asks: threads for jobs and timers, and the alarm clock that wakes them.

Owns: when the engine is asked to look for work: at start, when a command has committed (here or, on PostgreSQL, in another process), at
the moment of the earliest due row, and at a safety sweep.
Leaves: what is due and doing it to `engine.service.work`.
Promises: waiting cases cost nothing: nobody polls. What came due while nothing ran is done once, at start. A thread that meets an error
logs it and goes on. Stopping waits for what is under way, not for what is due.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engine.service import Committed, Engine
from engine.store.bell import Listener

log = logging.getLogger(__name__)
SWEEP_SECONDS = 60.0
INTEGRITY_SECONDS = 3600.0
_ALARM = "alarm"
_BUSY_SECONDS = 1.0  #: when to look again at what is due and not yet done: all threads are at work


class Worker:
    """Threads around one engine. `start()`, `stop()`; `with Worker(engine): …` does both."""

    def __init__(self, engine: Engine, *, threads: int = 4, sweep_seconds: float = SWEEP_SECONDS) -> None:
        """Make a worker that does nothing yet.

        Args:
            threads: how many jobs run at the same time. sweep_seconds: how often to look although nothing announced itself.
        """
        self.engine = engine
        self.owner = f"{socket.gethostname()}-{os.getpid()}-{token_hex(3)}"
        self._jobs_to_do = threading.Semaphore(0)
        self._time_to_look = threading.Event()
        self._stopping = False
        self._bell = Listener(engine.store, self._left)
        self._clock = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None})
        self._threads = [
            threading.Thread(target=self._work, args=(number,), name=f"jalon-job-{number}", daemon=True) for number in range(threads)
        ]
        self._threads.append(threading.Thread(target=self._keep_time, name="jalon-time", daemon=True))
        self._sweep_seconds = sweep_seconds

    def start(self) -> None:
        """Do what came due while nothing ran, and go on from there."""
        self.engine.listen(self._committed)
        self._clock.add_job(self._sweep, IntervalTrigger(seconds=self._sweep_seconds, timezone=UTC), id="sweep")
        self._clock.add_job(self._check_integrity, IntervalTrigger(seconds=INTEGRITY_SECONDS, timezone=UTC), id="integrity",
                            next_run_time=datetime.now(UTC))
        self._clock.start()
        self._bell.start()
        for thread in self._threads:
            thread.start()
        self._guarded(self._give_sign)
        self.wake()

    def stop(self, timeout_seconds: float = 30) -> None:
        """Stop once what is under way is done."""
        self._stopping = True
        self._time_to_look.set()
        for _ in self._threads:
            self._jobs_to_do.release()
        self._clock.shutdown(wait=False)
        self._bell.stop()
        for thread in self._threads:
            thread.join(timeout_seconds)
        self._guarded(self._sign_off)

    def __enter__(self) -> Worker:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wake(self) -> None:
        """Look for work of every kind."""
        self._time_to_look.set()
        self._jobs_to_do.release()

    def _committed(self, committed: Committed) -> None:
        self._left(committed.hints)

    def _left(self, hints: frozenset[str]) -> None:
        """A command, here or in another process, has left something to do."""
        if "job" in hints:
            self._jobs_to_do.release()
        if hints & {"timer", "outbox"}:
            self._time_to_look.set()
        if "sign" in hints:
            self._guarded(self._give_sign)

    def _work(self, number: int) -> None:
        """One thread: run jobs until none is due, then wait. Claiming one wakes the next thread, in case there are more."""
        while True:
            self._jobs_to_do.acquire()
            while not self._stopping and self._guarded(lambda: self.engine.work_jobs(f"{self.owner}-{number}")):
                pass
            if self._stopping:
                return

    def _keep_time(self) -> None:
        """The thread of timers, starts and deliveries; it also sets the alarm for what comes next."""
        while True:
            self._time_to_look.wait()
            self._time_to_look.clear()
            while not self._stopping and self._guarded(self._do_what_is_due):
                pass
            if self._stopping:
                return

    def _do_what_is_due(self) -> int:
        """Do what is due, or set the alarm for what comes next: looking in vain is one statement. Tells how many things were done."""
        moment = self.engine.earliest()
        if moment is not None and moment <= self.engine.clock.now():
            done = self.engine.deliver_outbox() + self.engine.fire_due_timers() + self.engine.fire_due_starts()
            if done:
                return done
        self._set_alarm(moment)
        return 0

    def _set_alarm(self, moment: datetime | None) -> None:
        """Wake at the moment of the earliest due row. The alarm follows the engine's clock, told as a distance from now."""
        if moment is not None:
            wait = (moment - self.engine.clock.now()).total_seconds()
            wait = wait if wait > 0 else _BUSY_SECONDS
            at = datetime.now(UTC) + timedelta(seconds=min(wait, timedelta(days=1).total_seconds()))
            self._clock.add_job(self.wake, DateTrigger(at, timezone=UTC), id=_ALARM, replace_existing=True)

    def _give_sign(self) -> int:
        """Say that this worker is there: at the start, at every sweep, and when somebody calls."""
        self.engine.give_sign(self.owner, self.engine.earliest())
        return 0

    def _sign_off(self) -> int:
        self.engine.sign_off(self.owner)
        return 0

    def _sweep(self) -> None:
        self._guarded(self.engine.sweep)
        self._guarded(self._give_sign)
        self.wake()

    def _check_integrity(self) -> None:
        self._guarded(lambda: len(self.engine.check_integrity()))

    def _guarded(self, look: Callable[[], int]) -> int:
        try:
            return look()
        except Exception:
            log.exception("looking for work failed; the next round tries again")
            return 0
