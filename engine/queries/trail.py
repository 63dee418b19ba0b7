"""Where a case is and where it has been: its tokens, what they passed, the flows they went along, by process.

Owns: reading the rows that wait and the recorded path as one `Trail` for each process of a case, those it calls included.
Leaves: drawing it to `web.diagrams`.
Promises: the path is read from its own events alone, found by index; a flow is told as taken only when a token came by it, or, at a
parallel join, when all its tokens came.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select, union_all

from engine.bpmn.model import Process
from engine.definitions import Bundle
from engine.queries.basis import Basis
from engine.queries.shapes import Trail
from engine.states import IncidentState, JobState, TaskState, TimerState
from engine.store.tables import event, incident, job, subscription, timer, user_task

_LEFT = frozenset({"completed", "taken", "ended"})
_REACHED = frozenset({"entered", "taken", "ended"})


def trails(basis: Basis, instance_id: str, bundle: Bundle) -> dict[str, Trail]:
    """The trail of every process of a case that a token came to, the case's own first."""
    main = bundle.process.id
    here, failed = _waits(basis, instance_id)
    stages = basis.connection.scalars(select(event.c.data).where(
        event.c.instance_id == instance_id, event.c.kind == "path").order_by(event.c.seq))
    walked: dict[str, list[list[tuple[str, str]]]] = defaultdict(list)
    for data in stages:
        for process_id, steps in _by_process(data.get("path", ()), main).items():
            walked[process_id].append(steps)
    return {process_id: _trail(_process(bundle, process_id), walked[process_id], here[process_id], failed[process_id])
            for process_id in dict.fromkeys([main, *walked, *here])}


def _waits(basis: Basis, instance_id: str) -> tuple[Mapping[str, Counter[str]], Mapping[str, set[str]]]:
    """Tokens that wait, and elements that stand still, by process."""
    waits: list[tuple[Any, Iterable[str]]] = [(user_task, (TaskState.OPEN,)), (job, (JobState.READY, JobState.RUNNING)),
                                              (timer, (TimerState.OPEN, TimerState.PAUSED))]
    parts: list[Select[Any]] = [select(table.c.process_id, table.c.element_id).where(
        table.c.instance_id == instance_id, table.c.state.in_(tuple(states))) for table, states in waits]
    parts.append(select(subscription.c.process_id, subscription.c.element_id).where(subscription.c.instance_id == instance_id))
    stuck = select(incident.c.process_id, incident.c.element_id).where(
        incident.c.instance_id == instance_id, incident.c.state == IncidentState.OPEN)
    here: dict[str, Counter[str]] = defaultdict(Counter)
    failed: dict[str, set[str]] = defaultdict(set)
    for process_id, element_id in basis.connection.execute(union_all(*parts)):
        here[process_id][element_id] += 1
    for process_id, element_id in basis.connection.execute(stuck):
        here[process_id][element_id] += 1
        failed[process_id].add(element_id)
    return here, failed


def _by_process(path: Sequence[Sequence[str]], main: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for stage in path:
        found[stage[2] if len(stage) > 2 else main].append((stage[0], stage[1]))
    return found


def _process(bundle: Bundle, process_id: str) -> Process | None:
    return bundle.package_of(process_id).model.processes.get(process_id)


def _trail(process: Process | None, walked: list[list[tuple[str, str]]], here: Counter[str], failed: set[str]) -> Trail:
    passed: Counter[str] = Counter()
    reached: set[str] = set()
    taken: set[str] = set()
    for steps in walked:
        left: list[str] = []
        for element, happened in steps:
            if happened in _REACHED:
                reached.add(element)
                taken |= _came_by(process, element, left)
            if happened in _LEFT:
                passed[element] += 1
                left.append(element)
    return Trail(dict(here), dict(passed), frozenset(reached | here.keys()), frozenset(taken), frozenset(failed))


def _came_by(process: Process | None, element_id: str, left: list[str]) -> set[str]:
    """The flows by which a token came to an element, from what was left just before; at a parallel join, all of them."""
    element = process.elements.get(element_id) if process is not None else None
    if process is None or element is None:
        return set()
    flows = [process.flows[key] for key in element.incoming if key in process.flows]
    if element.kind == "parallelGateway" and len(flows) > 1:
        return {flow.id for flow in flows}
    latest = max((flow for flow in flows if flow.source in left), key=lambda flow: _last(left, flow.source), default=None)
    return {latest.id} if latest is not None else set()


def _last(left: list[str], element: str) -> int:
    return len(left) - 1 - left[::-1].index(element)
