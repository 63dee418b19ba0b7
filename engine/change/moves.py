"""What people and the outside did in a case, read from its history, and doing it again in a rehearsal.

Owns: `Move`, reading moves from events, and finding in a rehearsal the task a recorded answer belongs to.
Leaves: writing moves down as a story to `recorder`; comparing what they lead to with `replay`.
Promises: the machine's own doing (handlers, timers, letters between cases) is no move: in a rehearsal it happens by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from engine.change.rehearsal import OpenWork, Rehearsal
from engine.people.person import Person
from engine.states import TaskState
from engine.store.tables import event, instance, user_task

Kind = Literal["start", "complete", "message", "signal", "refused", "outside", "fail", "wait"]
Path = Counter[tuple[str, str]]

#: What changes a case and cannot be done again from its history alone.
_BEYOND = ("extension_granted", "deadline_paused", "instance_suspended", "instance_migrated")
_TOOK = ("entered", "taken", "ended")
_BY_HAND = ("user", "service", "decision", "failed")


@dataclass(frozen=True, slots=True)
class Move:
    """One thing somebody did.

    A history tells the first four kinds. The others happen only where a process is tried: an attempt that is `refused`, a part of the
    `outside` switched on or off, an element made to `fail`, time that is let pass and looked at (`wait`).

    Attributes:
        instance_id: case it happened in. element: where. by_id: who; None: nobody is named.
        name: of a message or signal; the rule that refuses; the part of the outside, and `values` then hold `up`.
        values: what was typed or sent, plain; None when it has been erased. subject: which one of several tasks.
        begins: a start by this message; "" for one by hand.
    """

    at: datetime
    kind: Kind
    instance_id: str
    element: str = ""
    name: str = ""
    by_id: str | None = None
    values: Mapping[str, Any] | None = None
    subject: str = ""
    begins: str = ""


def moves_of(connection: Connection, instance_ids: Sequence[str]) -> list[Move]:
    """The moves in these cases, in the order they happened. What the cases sent each other is left out."""
    rows = [row for one in instance_ids for row in connection.execute(
        select(event).where(event.c.instance_id == one).order_by(event.c.seq))]
    thrown = {row.data.get("name") for row in rows if row.kind in ("message_thrown", "signal_thrown")}
    tokens = [row.data["task"] for row in rows if row.kind == "task_completed" and "task" in row.data]
    subjects = {row.id: row.subject for row in connection.execute(
        select(user_task.c.id, user_task.c.subject).where(user_task.c.instance_id.in_(instance_ids))) if row.id in set(tokens)}
    moves = [move for row in rows if (move := _move(row, subjects)) is not None and (move.name or move.begins) not in thrown]
    return sorted(moves, key=lambda move: move.at)          # stable: within a moment, as each case tells it


def beyond(connection: Connection, instance_id: str) -> str | None:
    """The kind of event for which a case cannot be done again; None when it can."""
    query = select(event.c.kind).where(event.c.instance_id == instance_id, event.c.kind.in_(_BEYOND)).limit(1)
    found: str | None = connection.scalar(query)
    return found


def path_of(connection: Connection, instance_id: str) -> Path:
    """How often each element was taken in a case, by (process, element)."""
    main = connection.scalar(select(instance.c.process_id).where(instance.c.id == instance_id)) or ""
    steps = connection.scalars(select(event.c.data).where(event.c.instance_id == instance_id, event.c.kind == "path"))
    return Counter((stage[2] if len(stage) > 2 else main, stage[0]) for data in steps for stage in data["path"] if stage[1] in _TOOK)


def find_task(rehearsal: Rehearsal, move: Move, instance_id: str) -> OpenWork | None:
    """What a recorded answer belongs to in a rehearsal: at its element, of its subject when several wait."""
    open_ = [work for work in rehearsal.open_work(instance_id) if work.element == move.element and work.kind in _BY_HAND]
    if len(open_) < 2:
        return open_[0] if open_ else None
    subjects = subjects_of(rehearsal, instance_id)
    return next((work for work in open_ if subjects.get(work.token) == move.subject), open_[0])


def subjects_of(rehearsal: Rehearsal, instance_id: str) -> dict[str, str]:
    """The subjects of the open tasks of a case, by token."""
    with rehearsal.store.read() as connection:
        return {row.id: row.subject for row in connection.execute(select(user_task.c.id, user_task.c.subject).where(
            user_task.c.instance_id == instance_id, user_task.c.state == TaskState.OPEN))}


def begin(rehearsal: Rehearsal, process: str, move: Move, by: Person | None, business_key: str | None = None) -> str:
    """Start a case as it was started, by hand or by its message. Raises: NotFound; FormInvalid."""
    if move.begins:
        delivery = rehearsal.engine.send_message(move.begins, None, move.values or {}, by)
        return delivery.instance_id or ""
    return rehearsal.engine.start_instance(process, move.values or {}, by, business_key=business_key)


def receive(rehearsal: Rehearsal, move: Move, instance_id: str) -> Any:
    """Send a case a message as it was sent, or a signal. Returns: the correlation it went by."""
    if move.kind == "signal":
        rehearsal.signal(move.name, move.values)
        return None
    waits = [work for work in rehearsal.open_work(instance_id) if work.kind == "message" and work.name == move.name]
    found = next((work for work in waits if work.element == move.element), waits[0] if waits else None)
    correlation = found.correlation if found is not None else None
    rehearsal.message(move.name, correlation, move.values)
    return correlation


def _move(row: Row[Any], subjects: Mapping[str, str]) -> Move | None:
    values = row.personal.get("values", {}) if row.personal is not None else None if row.personal_hash else {}
    match row.kind:
        case "instance_started":
            return Move(row.at, "start", row.instance_id, row.element_id or "", "", row.actor_id, values,
                        begins=row.data.get("message") or row.data.get("signal") or "")
        case "task_completed":
            return Move(row.at, "complete", row.instance_id, row.element_id or "", "", row.actor_id, values,
                        subjects.get(row.data.get("task", ""), ""))
        case "job_done" if "handler" not in row.data:       # done by hand in a rehearsal
            return Move(row.at, "complete", row.instance_id, row.element_id or "", "", None, values)
        case "message_received" | "signal_received":
            kind: Kind = "message" if row.kind == "message_received" else "signal"
            return Move(row.at, kind, row.instance_id, row.element_id or "", row.data.get("name") or "", row.actor_id, values)
    return None


def erased(moves: Iterable[Move]) -> bool:
    """Tell whether anything that was typed has been erased since."""
    return any(move.values is None for move in moves)
