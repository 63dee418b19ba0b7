"""What a step leaves: rows of what opens and closes, milestones, history, what goes out.

Owns: comparing what waited before with what waits after, and writing the difference in few statements, each kind of row at once.
Leaves: the rows of each kind to `engine.work`; state and history of the instance to `case.save`.
Promises: what waits in the kernel and what is open in the tables are the same after every step; a case that has not ended waits for
something, else it has an incident that says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engine import feel
from engine.bpmn.model import Element
from engine.execution.case import Case
from engine.execution.deadlines import Closed
from engine.execution.opening import subject
from engine.kernel.waits import DeadlineRef, Passed, Thrown, Wait
from engine.states import DeadlineState, IncidentState, InstanceState, JobState, TaskState, TimerState
from engine.store import outbox
from engine.store.words import keep, plain, words_of
from engine.texts import Text
from engine.work import incidents, messages, tasks, timers
from engine.work.jobs import NewJob

if TYPE_CHECKING:
    from engine.execution.step import Step

_EVENTS = ("message", "signal", "condition")


def write(step: Step) -> None:
    """Write everything that follows from a step, but the instance's own row."""
    passed, thrown = step.run.take()
    after: dict[str, Wait] = dict(step.run.waits())
    difference = Difference(step, after)
    _forget_retried(step, difference)
    _tell_path(step, passed)
    if _lets_go(step, difference):
        step.case.book.entries()        # with the tasks that are open for each, before their rows close
    _name_case(step)
    refs = _open_deadlines(step, difference)
    _write_tasks(step, difference, refs)
    _write_jobs(step, difference)
    _write_timers(step, difference, refs)
    _write_subscriptions(step, difference)
    _write_incidents(step, difference, passed)
    _close_deadlines(step, difference, passed)
    step.case.book.write()
    _reach_milestones(step, passed)
    _send(step, thrown)
    _end(step)


class Difference:
    """What opened, what closed and what moved between before and after, by token."""

    def __init__(self, step: Step, after: dict[str, Wait]) -> None:
        before = step.before
        self.after = after
        self.opened = [wait for token, wait in after.items() if token not in before or before[token].kind != wait.kind]
        self.closed = [wait for token, wait in before.items() if token not in after or after[token].kind != wait.kind]
        self.moved = [wait for token, wait in after.items() if wait.kind == "timer" and token in before and before[token].kind == "timer"
                      and (wait.due_at != before[token].due_at or token in step.moved)]

    def opening(self, *kinds: str) -> list[Wait]:
        return [wait for wait in self.opened if wait.kind in kinds]

    def closing(self, *kinds: str) -> list[Wait]:
        return [wait for wait in self.closed if wait.kind in kinds]


def _element(step: Step, wait: Wait | Passed) -> Element:
    return step.case.element(wait.process, wait.element)


def _forget_retried(step: Step, difference: Difference) -> None:
    """A token that failed and is tried again opens its row anew: the old row goes."""
    failed_before = {wait.token for wait in difference.closing("failed")}
    again = {
        kind: [wait.token for wait in difference.opening(kind) if wait.token in failed_before] for kind in ("user", "service", "timer")
    }
    connection = step.work.connection
    if again["user"]:
        tasks.forget(connection, again["user"])
    if again["service"]:
        step.around.jobs.forget(connection, again["service"])
    if again["timer"]:
        timers.forget(connection, again["timer"])


def _tell_path(step: Step, passed: list[Passed]) -> None:
    if passed:
        step.case.tell("path", path=[_stage(step, one) for one in passed])


def _stage(step: Step, one: Passed) -> list[str]:
    """Element and event; the process too when it is not the case's own."""
    return [one.element, one.event] if one.process == step.case.bundle.process.id else [one.element, one.event, one.process]


def _open_deadlines(step: Step, difference: Difference) -> dict[str, str]:
    """Open what new waits name; tell the ledger's id for each token that names a deadline."""
    named: dict[str, str] = {}
    for wait in [*difference.opening("timer"), *difference.moved]:
        if wait.deadlines:
            named[wait.token] = _open_deadline(step, wait, wait.deadlines[0])
    for wait in difference.opening("user"):
        refs = step.tasks[wait.token].refs
        if refs:
            named[wait.token] = _open_deadline(step, wait, refs[0])
    return named


def _open_deadline(step: Step, wait: Wait, ref: DeadlineRef) -> str:
    entry, is_new = step.case.book.open(ref, _subject(step, wait))
    if is_new:
        step.case.tell("deadline_opened", wait.element, deadline=entry.id, rule=entry.rule, anchor_on=entry.anchor_on.isoformat(),
                       due_on=entry.due_on.isoformat())
    return entry.id


def _subject(step: Step, wait: Wait) -> Text:
    """Which one of several a deadline belongs to: as its task says, or the activity its boundary event sits on."""
    if wait.token in step.tasks:
        return step.tasks[wait.token].subject
    element = _element(step, wait)
    if element.attached_to:
        element = step.case.element(wait.process, element.attached_to)
    return subject(step, wait, element)


def _write_tasks(step: Step, difference: Difference, refs: dict[str, str]) -> None:
    case, connection = step.case, step.work.connection
    closing = []
    for wait in difference.closing("user"):
        if step.done.get(wait.token) == "completed":
            closing.append(tasks.Closing(wait.token, TaskState.COMPLETED, step.by_id))
        else:
            closing.append(tasks.Closing(wait.token, TaskState.CANCELLED))
            case.tell("task_cancelled", wait.element, task=wait.token)
    tasks.close_tasks(connection, closing, case.at)
    opening = []
    for wait in difference.opening("user"):
        is_ = step.tasks[wait.token]
        opening.append(
            tasks.NewTask(
                id=wait.token,
                instance_id=case.id,
                definition_id=case.bundle.definition_of(wait.process),
                process_id=wait.process,
                element_id=wait.element,
                scope=wait.scope,
                subject=is_.subject.fr,
                subject_en=is_.subject.en,
                form_key=is_.form_key,
                assignee_id=is_.assignee_id,
                due_at=is_.due_at,
                follow_up_at=is_.follow_up_at,
                priority=is_.priority,
                deadline_id=refs.get(wait.token),
                groups=is_.groups,
                title=plain(case.title),
            )
        )
        case.tell("task_opened", wait.element, task=wait.token, groups=list(is_.groups), assignee=is_.assignee_id)
    tasks.open_tasks(connection, opening, case.at)


def _write_jobs(step: Step, difference: Difference) -> None:
    case, jobs, connection = step.case, step.around.jobs, step.work.connection
    closing = difference.closing("service")
    ends = {"completed": JobState.DONE, "error": JobState.DONE, "failed": JobState.FAILED}
    for state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED):
        jobs.close(
            connection,
            [wait.token for wait in closing if ends.get(step.done.get(wait.token, ""), JobState.CANCELLED) is state],
            state,
            case.at,
        )
    opening = []
    for wait in difference.opening("service"):
        handler = step.handler(wait)
        if handler is not None:
            retries = _element(step, wait).ext.retries
            opening.append(NewJob(wait.token, case.id, case.bundle.definition_of(wait.process), wait.process, wait.element, handler.name,
                                  max(1, handler.retry.times if retries is None else retries)))
    jobs.open(connection, opening, case.at)
    if opening:
        step.work.hints.add("job")


def _write_timers(step: Step, difference: Difference, refs: dict[str, str]) -> None:
    case, connection = step.case, step.work.connection
    timers.move(connection, {wait.token: (_due(wait), refs.get(wait.token)) for wait in difference.moved})
    paused = {entry.id for entry in case.book.entries().values() if entry.state is DeadlineState.PAUSED} if refs else set()
    opening = [_timer(case, wait, refs.get(wait.token), TimerState.PAUSED if refs.get(wait.token) in paused else TimerState.OPEN)
               for wait in difference.opening("timer")]
    closing = [_timer(case, wait, None, TimerState.FIRED if step.done.get(wait.token) == "fired" else TimerState.CANCELLED)
               for wait in difference.closing("timer")]
    timers.write(connection, opening, closing, case.at)
    if opening or difference.moved:
        step.work.hints.add("timer")


def _timer(case: Case, wait: Wait, deadline_id: str | None, state: TimerState) -> timers.NewTimer:
    definition_id = case.bundle.definition_of(wait.process)
    return timers.NewTimer(wait.token, case.id, definition_id, wait.process, wait.element, _due(wait), deadline_id, state)


def _due(wait: Wait) -> Any:
    if wait.due_at is None:
        raise RuntimeError(f"the timer {wait.element} waits for no moment")
    return wait.due_at


def _write_subscriptions(step: Step, difference: Difference) -> None:
    messages.close_subscriptions(step.work.connection, [wait.token for wait in difference.closing(*_EVENTS)])
    messages.open_subscriptions(
        step.work.connection,
        [
            messages.NewSubscription(
                wait.token, wait.kind, wait.name, messages.correlation_hash(wait.correlation), step.case.id, wait.process, wait.element
            )
            for wait in difference.opening(*_EVENTS)
        ],
        step.case.at,
    )


def _write_incidents(step: Step, difference: Difference, passed: list[Passed]) -> None:
    case, connection = step.case, step.work.connection
    closing = difference.closing("failed")
    for state, wanted in ((IncidentState.RETRIED, True), (IncidentState.RESOLVED, False)):
        tokens = [wait.token for wait in closing if (step.done.get(wait.token) == "retried") is wanted]
        incidents.close_incidents(connection, case.id, tokens, state, case.at, step.by_id)
    opening = [incidents.NewIncident(case.id, wait.token, wait.process, wait.element, _kind(step, wait), wait.reason)
               for wait in difference.opening("failed")]
    if not difference.after and not step.run.ended:
        last = passed[-1] if passed else None
        opening.append(incidents.NewIncident(case.id, case.id, last.process if last else "", last.element if last else "", "stall", _STALL))
    incidents.open_incidents(connection, opening, case.at)
    for one in opening:
        case.tell("incident_opened", one.element_id, kind=one.kind, message=one.message.to_json())


def _kind(step: Step, wait: Wait) -> str:
    return "job" if step.before.get(wait.token) is not None and step.before[wait.token].kind == "service" else wait.cause or "error"


def _lets_go(step: Step, difference: Difference) -> bool:
    """Tell whether anything that may name a deadline has closed or names another one now."""
    return (
        any(wait.deadlines for wait in difference.closing("timer"))
        or any(_element(step, wait).ext.due for wait in difference.closing("user"))
        or any(step.before[wait.token].deadlines != wait.deadlines for wait in difference.moved)
    )


def _close_deadlines(step: Step, difference: Difference, passed: list[Passed]) -> None:
    """Close what nothing names any more. Looks at the ledger only when a wait that may name a deadline has closed."""
    if not _lets_go(step, difference):
        return
    closing_timers = [wait for wait in difference.closing("timer") if wait.deadlines]
    closing_tasks = [wait for wait in difference.closing("user") if _element(step, wait).ext.due]
    completed = {(one.process, one.element) for one in passed if one.event == "completed"}
    tokens = {wait.token for wait in closing_tasks}
    closed = Closed(tasks=tokens, completed={token for token in tokens if step.done.get(token) == "completed"})
    for wait in closing_timers:
        if step.done.get(wait.token) == "fired":
            closed.fired.update(wait.deadlines)
        elif (wait.process, _element(step, wait).attached_to) in completed:
            closed.left.update(wait.deadlines)
    named = [ref for wait in difference.after.values() for ref in wait.deadlines]
    named += [ref for wait in difference.opening("user") for ref in step.tasks[wait.token].refs]
    words = {DeadlineState.MET: "deadline_met", DeadlineState.MISSED: "deadline_missed", DeadlineState.DROPPED: "deadline_dropped"}
    for entry, how in step.case.book.close(closed, named):
        step.case.tell(words[how], deadline=entry.id, rule=entry.rule, due_on=entry.due_on.isoformat())


def _reach_milestones(step: Step, passed: Iterable[Passed]) -> None:
    """The case stands at the milestone that a token entered last."""
    case = step.case
    known = {milestone.id for milestone in case.bundle.process.milestones}
    for one in passed:
        if one.event not in ("entered", "taken", "ended"):
            continue
        milestone = _element(step, one).ext.milestone
        if milestone and milestone in known:
            if milestone not in case.milestones:
                case.milestones[milestone] = case.at.isoformat()
                case.tell("milestone_reached", one.element, milestone=milestone)
            case.changed |= {"milestone": milestone, "milestones": case.milestones}


def _send(step: Step, thrown: Iterable[Thrown]) -> None:
    """What goes to other instances leaves through the outbox."""
    items = []
    for one in thrown:
        step.case.tell(f"{one.kind}_thrown", one.element, name=one.name)
        if one.kind in ("message", "signal"):
            items.append((one.kind, {"name": one.name, "correlation": one.correlation, "payload": dict(one.payload or {}),
                                     "from": step.case.id, "element": one.element}))
    outbox.put(step.work.connection, items, step.case.at)
    if items:
        step.work.hints.add("outbox")


def _name_case(step: Step) -> None:
    """Title the case as its process says, from the variables as they are now, and let it be found by what it is called now."""
    case, process = step.case, step.case.bundle.process
    titles = _told_by(step, process.title)
    if titles and titles[0][:300] != case.title:
        case.title = titles[0][:300]
        case.changed |= {"title": case.title, "sort_title": plain(case.title)[:300]}
        if case.revision:
            tasks.rename(step.work.connection, case.id, case.changed["sort_title"])
    number = case.changed.get("business_key", case.business_key)
    now, before = words_of([number, case.title, *_told_by(step, process.search)]), frozenset(case.found_by.split())
    if now != before:
        keep(step.work.connection, "case", case.id, now, before=before)
        case.found_by = case.changed["found_by"] = " ".join(sorted(now))


def _told_by(step: Step, expression: str) -> list[str]:
    """What a FEEL text of the process says of the case: a value, or each of a list; nothing when it is null."""
    if not expression:
        return []
    value = feel.evaluate(expression, step.run.scopes.read(""), step.case.host.functions("", []))
    return [str(one) for one in (value if isinstance(value, list) else [value]) if one is not None]


def _end(step: Step) -> None:
    case, ends = step.case, step.run.ends
    if ends:
        case.changed["outcome"] = ends[-1]
    if step.run.ended and case.state in (InstanceState.ACTIVE, InstanceState.SUSPENDED):
        state = case.changed.setdefault("state", InstanceState.COMPLETED)
        case.changed["ended_at"] = case.at
        case.tell("instance_ended", ends[-1] if ends else None, state=str(state))


_STALL = Text("le dossier n’est pas terminé, mais plus rien n’y attend", "the case has not ended, but nothing in it waits")
