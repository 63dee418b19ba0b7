"""Timers that wait for their moment.

Owns: the `timer` rows and the moment each one fires next.
Leaves: reckoning that moment and what happens after firing to `engine.kernel`; how often to look to `engine.worker`.
Promises: a timer fires at least once and not before its time; firing it twice changes nothing; ten thousand that wait cost nothing.
Rule: BPMN 2.0.2, 13.5.2 and 13.5.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, delete, select, update

from engine.states import InstanceState, TimerState
from engine.store.tables import instance, timer
from engine.store.upserts import Upsert


@dataclass(frozen=True, slots=True)
class NewTimer:
    """A timer about to open or to close. `id` is the token; it opens paused when its deadline is."""

    id: str
    instance_id: str
    definition_id: str
    process_id: str
    element_id: str
    due_at: datetime
    deadline_id: str | None
    state: TimerState = TimerState.OPEN


#: Timers that open, and those that close (`closed_at` is set), which keep all but their state.
_WRITE = Upsert(timer, lambda new: {"state": new.state, "closed_at": new.closed_at})


def write(connection: Connection, opening: Sequence[NewTimer], closing: Sequence[NewTimer], at: datetime) -> None:
    """Arm timers and close others, in one statement. The `state` of those that close says how."""
    rows = [asdict(one) | {"created_at": at, "closed_at": None} for one in opening]
    _WRITE.write(connection, rows + [asdict(one) | {"created_at": at, "closed_at": at} for one in closing])


_MOVE = update(timer).where(timer.c.id == bindparam("timer")).values(due_at=bindparam("due"), deadline_id=bindparam("deadline"))
_CLOSE = update(timer).where(timer.c.id == bindparam("timer")).values(state=bindparam("to"), closed_at=bindparam("at"))


def move(connection: Connection, moments: Mapping[str, tuple[datetime, str | None]]) -> None:
    """Give timers their next moment and the deadline it follows: a recurrence, or a deadline that was extended."""
    if moments:
        connection.execute(_MOVE, [{"timer": token, "due": due, "deadline": deadline} for token, (due, deadline) in moments.items()])


def close_timers(connection: Connection, closings: Mapping[str, TimerState], at: datetime) -> None:
    """Close timers, in one statement."""
    if closings:
        connection.execute(_CLOSE, [{"timer": token, "to": state, "at": at} for token, state in closings.items()])


def forget(connection: Connection, ids: Sequence[str]) -> None:
    """Remove timers whose element failed and is now tried again under the same token."""
    connection.execute(delete(timer).where(timer.c.id.in_(ids)))


def pause(connection: Connection, ids: Sequence[str]) -> None:
    """Stop timers without forgetting them: their deadline is paused."""
    connection.execute(update(timer).where(timer.c.id.in_(ids), timer.c.state == TimerState.OPEN).values(state=TimerState.PAUSED))


def resume(connection: Connection, ids: Sequence[str]) -> None:
    """Let paused timers run again; `move` gives them their new moment."""
    connection.execute(update(timer).where(timer.c.id.in_(ids), timer.c.state == TimerState.PAUSED).values(state=TimerState.OPEN))


_ACTIVE = (select(timer.c.id, timer.c.due_at).join(instance, instance.c.id == timer.c.instance_id)
           .where(timer.c.state == TimerState.OPEN, instance.c.state == InstanceState.ACTIVE))
_DUE = _ACTIVE.where(timer.c.due_at <= bindparam("at")).order_by(timer.c.due_at, timer.c.created_at, timer.c.id).limit(
    bindparam("most", type_=Integer))
#: When the next timer of a case that is not suspended is due.
EARLIEST = _ACTIVE.with_only_columns(timer.c.due_at).order_by(timer.c.due_at).limit(1)


def due(connection: Connection, at: datetime, limit: int = 100) -> list[tuple[str, datetime]]:
    """List timers that are due with their moments, earliest first. Those of a suspended case wait."""
    rows = connection.execute(_DUE, {"at": at, "most": limit})
    return [(row.id, row.due_at) for row in rows]


def earliest(connection: Connection) -> datetime | None:
    """Tell when the next timer of a case that is not suspended is due."""
    return connection.scalar(EARLIEST)
