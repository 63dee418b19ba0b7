"""Long looks at a draft, done beside the requests: playing its scenarios, replaying finished cases.

Owns: `Runs`: one run a draft at a time, in a thread of this process, and how far it is, for every page of every process to read.
Leaves: the playing to `proofs` and `replay`, by the calls it is given.
Promises: what a run has shown is kept story by story, so that a run cut short loses nothing; a run whose process has died is over after
five minutes without a sign of life; a run that breaks says so.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from engine.change import proofs
from engine.change.proofs import Progress
from engine.errors import JalonError
from engine.store.database import Store
from engine.texts import Text

log = logging.getLogger(__name__)
What = Literal["scenarios", "replay"]
DEAD_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Run:
    """A run. `of` is 0 until it is known; `failed`: why it broke, nothing while it goes on."""

    what: What
    done: int
    of: int
    began_at: datetime
    failed: Text | None = None

    @property
    def is_under_way(self) -> bool:
        return self.failed is None


class Runs:
    """The runs of one installation. Two at a time in this process; the others queue."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now
        self._turn = threading.Semaphore(2)
        self._threads: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()

    def begin(self, draft_id: str, what: What, work: Callable[[Progress], object]) -> None:
        """Begin a run, unless one of this draft is under way. `work` is told how to say how far it is."""
        with self._lock:
            found = self.of(draft_id)
            if found is not None and found.is_under_way:
                return
            run = Run(what, 0, 0, self._now())
            self._keep(draft_id, run)
            thread = threading.Thread(target=self._go, args=(draft_id, run, work), name=f"run {draft_id[:8]}", daemon=True)
            self._threads[draft_id] = thread
            thread.start()

    def of(self, draft_id: str) -> Run | None:
        """The run of a draft: under way, or broken and not begun again; None when there is none."""
        with self._store.read() as connection:
            kept = proofs.kept(connection, _digest(draft_id))
        if kept is None or datetime.fromisoformat(kept["beat"]) < self._now() - DEAD_AFTER:
            return None
        failed = Text.of(kept["failed"]) if kept["failed"] else None
        return Run(kept["what"], kept["done"], kept["of"], datetime.fromisoformat(kept["began_at"]), failed)

    def wait(self, draft_id: str, seconds: float = 60.0) -> None:
        """Wait until the run of a draft that this process does is over: for tests and the command line."""
        thread = self._threads.get(draft_id)
        if thread is not None:
            thread.join(seconds)

    def _go(self, draft_id: str, run: Run, work: Callable[[Progress], object]) -> None:
        failed: Text | None = None
        try:
            with self._turn:
                work(lambda done, of: self._keep(draft_id, Run(run.what, done, of, run.began_at)))
        except JalonError as error:
            failed = error.sentence
        except Exception:  # whatever it is, the page must say that the run is over
            log.exception("a run of the draft %s broke", draft_id)
            failed = _BROKE
        if failed is not None:
            self._keep(draft_id, Run(run.what, 0, 0, run.began_at, failed))
        else:
            with self._store.begin() as transaction:
                proofs.drop(transaction.connection, _digest(draft_id))

    def _keep(self, draft_id: str, run: Run) -> None:
        told: dict[str, Any] = {"what": run.what, "done": run.done, "of": run.of, "began_at": run.began_at.isoformat(),
                                "beat": self._now().isoformat(), "failed": run.failed.to_json() if run.failed else None}
        proofs.keep(self._store, _digest(draft_id), "run", told, self._now())


def _digest(draft_id: str) -> str:
    return hashlib.sha256(f"run {draft_id}".encode()).hexdigest()


_BROKE = Text("Le passage s’est interrompu ; recommencez. S’il s’interrompt encore, prévenez la personne qui exploite la machine.",
              "The run broke off; begin it again. If it breaks off again, tell whoever operates the machine.")
