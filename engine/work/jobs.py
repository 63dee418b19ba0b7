"""Jobs: steps done by an external handler, after the commit.

Owns: the port `Jobs` and its back end `JobTable`: the `job` rows, who works on one (the lease), when it is tried next.
Leaves: calling the handler and taking its outcome to `engine.service.jobs`; threads to `engine.worker`.
Promises: a job is there if and only if its step committed; one worker holds it at a time, until his lease runs out; a worker that died
holds it no longer than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, func, insert, null, or_, select, update

from engine.states import InstanceState, JobState
from engine.store.tables import instance, job
from engine.work.alarm import earliest

LEASE_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job about to open. `id` is the token, and the idempotency key of everything it does."""

    id: str
    instance_id: str
    definition_id: str
    process_id: str
    element_id: str
    handler: str
    max_tries: int


@dataclass(frozen=True, slots=True)
class Lease:
    """A job that a worker holds. `tries` counts this try."""

    id: str
    instance_id: str
    handler: str
    tries: int
    max_tries: int
    owner: str


class Jobs(Protocol):
    """Where jobs are kept. Everything runs in the transaction of the caller."""

    def open(self, connection: Connection, jobs: Sequence[NewJob], at: datetime) -> None: ...
    def close(self, connection: Connection, ids: Sequence[str], state: JobState, at: datetime) -> None: ...
    def forget(self, connection: Connection, ids: Sequence[str]) -> None: ...
    def claim(self, connection: Connection, owner: str, at: datetime, limit: int = 1) -> list[Lease]: ...
    def holds(self, connection: Connection, lease: Lease) -> bool: ...
    def postpone(self, connection: Connection, lease: Lease, run_at: datetime, error: str | None) -> None: ...
    def earliest(self, connection: Connection) -> datetime | None: ...
    @property
    def moments(self) -> Sequence[Select[tuple[datetime]]]: ...


class JobTable:
    """Jobs as rows of our own table, on SQLite and PostgreSQL."""

    def __init__(self, lease_seconds: float = LEASE_SECONDS) -> None:
        self.lease_seconds = lease_seconds

    def open(self, connection: Connection, jobs: Sequence[NewJob], at: datetime) -> None:
        """Open jobs, to be done at once."""
        if jobs:
            connection.execute(
                insert(job), [asdict(one) | {"state": JobState.READY, "run_at": at, "tries": 0, "created_at": at} for one in jobs]
            )

    def close(self, connection: Connection, ids: Sequence[str], state: JobState, at: datetime) -> None:
        """Close jobs that are done, failed for good or no longer wanted."""
        if ids:
            connection.execute(_CLOSE, [{"job": one, "to": state, "at": at} for one in ids])

    def forget(self, connection: Connection, ids: Sequence[str]) -> None:
        """Remove jobs whose element failed and is now tried again under the same token."""
        connection.execute(delete(job).where(job.c.id.in_(ids)))

    def claim(self, connection: Connection, owner: str, at: datetime, limit: int = 1) -> list[Lease]:
        """Take jobs that are due, those of a worker whose lease ran out included, oldest first.

        A case that is suspended keeps its jobs. Each claim uses one try.
        """
        due = (select(job.c.id).join(instance, instance.c.id == job.c.instance_id)
               .where(_is_due(at), instance.c.state == InstanceState.ACTIVE)
               .order_by(job.c.run_at, job.c.created_at, job.c.id).limit(limit).with_for_update(of=job, skip_locked=True))
        ids = list(connection.scalars(due))
        if not ids:
            return []
        connection.execute(update(job).where(job.c.id.in_(ids)).values(
            state=JobState.RUNNING, tries=job.c.tries + 1, lease_owner=owner, lease_until=at + timedelta(seconds=self.lease_seconds)))
        rows = connection.execute(select(job.c.id, job.c.instance_id, job.c.handler, job.c.tries, job.c.max_tries).where(job.c.id.in_(ids)))
        return sorted((Lease(*row, owner=owner) for row in rows), key=lambda lease: ids.index(lease.id))

    def holds(self, connection: Connection, lease: Lease) -> bool:
        """Tell whether a worker still holds a job: it was neither withdrawn nor taken by another after his lease ran out."""
        row = connection.execute(select(job.c.state, job.c.lease_owner, job.c.tries).where(job.c.id == lease.id)).first()
        return row is not None and tuple(row) == (JobState.RUNNING, lease.owner, lease.tries)

    def postpone(self, connection: Connection, lease: Lease, run_at: datetime, error: str | None) -> None:
        """Give a job back to be tried later. Without an error (the handler said `Later`) the try does not count."""
        values: dict[str, Any] = {"state": JobState.READY, "run_at": run_at, "lease_until": None, "lease_owner": None}
        values |= {"last_error": error} if error is not None else {"tries": job.c.tries - 1}
        connection.execute(update(job).where(job.c.id == lease.id).values(values))

    def earliest(self, connection: Connection) -> datetime | None:
        """Tell when the next job is due, or the next lease runs out."""
        return earliest(connection, self.moments)

    @property
    def moments(self) -> Sequence[Select[tuple[datetime]]]:
        """Queries for the moments at which there is something to do."""
        return _FIRST_READY, _FIRST_LEASE


_FIRST_READY = (select(job.c.run_at).join(instance, instance.c.id == job.c.instance_id)
                .where(job.c.state == JobState.READY, instance.c.state == InstanceState.ACTIVE).order_by(job.c.run_at).limit(1))
_FIRST_LEASE = select(func.min(job.c.lease_until, type_=job.c.run_at.type)).where(job.c.state == JobState.RUNNING)
_CLOSE = (update(job).where(job.c.id == bindparam("job"))
          .values(state=bindparam("to"), closed_at=bindparam("at"), lease_until=null(), lease_owner=null()))
_SET_ERROR = update(job).where(job.c.id == bindparam("job")).values(last_error=bindparam("error"))


def note_error(connection: Connection, job_id: str, error: str) -> None:
    """Keep what went wrong at the last try, for the person who looks at the incident."""
    connection.execute(_SET_ERROR, {"job": job_id, "error": error})


def _is_due(at: datetime) -> ColumnElement[bool]:
    return or_(and_(job.c.state == JobState.READY, job.c.run_at <= at), and_(job.c.state == JobState.RUNNING, job.c.lease_until <= at))
