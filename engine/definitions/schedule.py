"""What begins a case of a version although nobody asks: start events that wait for a time or a condition.

Owns: the `start_watch` rows: opening them for a version that is published, closing those of the versions it replaces, their next moment.
Leaves: beginning the case to `engine.service.starts`; reckoning moments to `engine.kernel.timers`.
Promises: only the newest version of a folder begins cases; a moment begins one case, however often and however late it is looked at;
what lay before the publication, or was missed while nothing ran, is begun once and not made up for one by one.
Rule: BPMN 2.0.2, 10.5.2 and 13.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Integer, bindparam, insert, select, update

from engine.bpmn.model import Element, EventDefinition
from engine.definitions.package import PARIS, Package
from engine.ids import in_order
from engine.kernel import timers
from engine.kernel.faults import reason_of
from engine.kernel.waits import DeadlineRef
from engine.problems import NotDeployable, Problem
from engine.states import TimerState
from engine.store.tables import definition, start_watch
from engine.texts import Text
from engine.work.calendars import Calendar

TIMER, CONDITION = "timer", "conditional"


@dataclass(frozen=True, slots=True)
class Watch:
    """A start event that is watched. `plan`: of a timer, the moments after this one; of a condition, whether it held when last told."""

    id: str
    definition_id: str
    process_id: str
    element_id: str
    due_at: datetime | None
    plan: Mapping[str, Any]


class _Nobody:
    """The surroundings of a start before there is a case: the time, and nothing else."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self._now, self._calendar = now.astimezone(zone), Calendar(zone.key)

    def now(self) -> datetime:
        return self._now

    def functions(self, scope: str, seen: list[DeadlineRef]) -> Mapping[str, Callable[..., Any]]:
        return {"now": self.now, "today": lambda: self._calendar.day_of(self._now)}

    def moment(self, day: date) -> datetime:
        return self._calendar.over(day)


def watched(package: Package) -> Iterator[tuple[Element, EventDefinition]]:
    """The start events of a folder that wait for a time or a condition, one pair a definition."""
    for process in package.processes:
        for start in process.starts():
            yield from ((start, event) for event in start.events if start.kind == "startEvent" and event.kind in (TIMER, CONDITION))


def renew(connection: Connection, definition_id: str, package: Package, now: datetime, zone: ZoneInfo = PARIS) -> None:
    """Let a version that has just been published begin cases, instead of all other versions of its folder.

    Raises: NotDeployable, naming the start whose timer gives no moment.
    """
    _close(connection, start_watch.c.definition_id.in_(select(definition.c.id).where(definition.c.key == package.key)), now)
    rows = [_row(definition_id, package, element, event, now, zone) for element, event in watched(package)]
    if rows:
        connection.execute(insert(start_watch), rows)


def stop(connection: Connection, definition_id: str, now: datetime) -> None:
    """Let a version begin no case any more."""
    _close(connection, start_watch.c.definition_id == definition_id, now)


def problems(package: Package) -> list[Problem]:
    """The timers of starts that give no moment, whenever they are asked."""
    found = []
    for element, event in watched(package):
        if event.kind == TIMER and event.expression and (fault := _fault(event.expression)) is not None:
            found.append(_problem(package, element, fault))
    return found


_DUE = (select(start_watch.c.id).where(start_watch.c.state == TimerState.OPEN, start_watch.c.due_at <= bindparam("at"))
        .order_by(start_watch.c.due_at, start_watch.c.created_at, start_watch.c.id).limit(bindparam("most", type_=Integer)))
EARLIEST = (select(start_watch.c.due_at).where(start_watch.c.state == TimerState.OPEN, start_watch.c.due_at.is_not(None))
            .order_by(start_watch.c.due_at).limit(1))


def due(connection: Connection, at: datetime, limit: int = 1) -> list[str]:
    """List the ids of starts whose moment has come, earliest first."""
    return list(connection.scalars(_DUE, {"at": at, "most": limit}))


def take(connection: Connection, watch_id: str, now: datetime, zone: ZoneInfo) -> Watch | None:
    """Take a start whose moment has come, and set its next moment; None when another was faster or it is not due."""
    query = select(start_watch).where(start_watch.c.id == watch_id, start_watch.c.state == TimerState.OPEN).with_for_update()
    row = connection.execute(query).first()
    if row is None or row.due_at is None or row.due_at > now:
        return None
    after = timers.following({"due": row.due_at.isoformat(), **row.plan}, now.astimezone(zone))
    change: dict[str, Any] = {"error": None}
    change |= {"state": TimerState.FIRED, "closed_at": now} if after is None else {"due_at": timers.due(after), "plan": _plan(after)}
    connection.execute(update(start_watch).where(start_watch.c.id == watch_id).values(**change))
    return Watch(row.id, row.definition_id, row.process_id, row.element_id, row.due_at, row.plan)


def conditions(connection: Connection) -> list[Watch]:
    """The conditional starts that are watched, locked until the transaction ends."""
    rows = connection.execute(select(start_watch).where(start_watch.c.state == TimerState.OPEN, start_watch.c.kind == CONDITION)
                              .order_by(start_watch.c.created_at, start_watch.c.id).with_for_update())
    return [Watch(row.id, row.definition_id, row.process_id, row.element_id, None, row.plan) for row in rows]


def hold(connection: Connection, watch_id: str, *, held: bool) -> None:
    """Keep whether the condition of a start holds: it begins a case when it comes true, not while it stays so."""
    connection.execute(update(start_watch).where(start_watch.c.id == watch_id).values(plan={"held": held}))


def note_error(connection: Connection, watch_id: str, why: Text) -> None:
    """Keep why a case could not begin."""
    connection.execute(update(start_watch).where(start_watch.c.id == watch_id).values(error=why.to_json()))


def _close(connection: Connection, which: Any, now: datetime) -> None:
    connection.execute(update(start_watch).where(which, start_watch.c.state == TimerState.OPEN)
                       .values(state=TimerState.CANCELLED, closed_at=now))


def _row(definition_id: str, package: Package, element: Element, event: EventDefinition, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": in_order(), "definition_id": definition_id, "process_id": element.process, "element_id": element.id, "kind": event.kind,
        "due_at": None, "plan": {}, "state": TimerState.OPEN, "created_at": now, "closed_at": None}
    if event.kind == CONDITION:
        return row
    try:
        found = timers.schedule(event.expression, _Nobody(now, zone))
    except Exception as error:
        raise NotDeployable([_problem(package, element, reason_of(error))]) from error
    if found is None:                                       # every moment lies before the publication
        return row | {"state": TimerState.CANCELLED, "closed_at": now}
    return row | {"due_at": timers.due(found), "plan": _plan(found)}


def _plan(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name in ("rest", "cycle")}


def _fault(expression: str) -> Text | None:
    """Why a timer gives no moment, asked as if it were published on some day."""
    try:
        timers.schedule(expression, _Nobody(_SOME_DAY, PARIS))
    except Exception as error:
        return reason_of(error)
    return None


def _problem(package: Package, element: Element, why: Text) -> Problem:
    return Problem(package.model.processes[element.process].file, element.id, "timer.start_without_moment", "error",
                   _NO_MOMENT.format(element=element.name if element.name.fr else element.id, why=why), _WRITE_ONE)


_SOME_DAY = datetime(2024, 1, 15, 12, tzinfo=PARIS)
_NO_MOMENT = Text("Le début « {element} » ne dit pas quand un dossier commence. {why}",
                  "The start “{element}” does not say when a case begins. {why}")
_WRITE_ONE = Text("Donnez une durée, un moment, un cycle, ou une expression FEEL sans variable : il n’y a pas encore de dossier.",
                  "Give a duration, a moment, a cycle, or a FEEL expression without variables: there is no case yet.")
