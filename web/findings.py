"""Non-conformities of a case with their clocks, for the case page and the portal.

Owns: which deadline belongs to which finding, and the words and marks of its state.
Leaves: the findings to `handlers.registers`, the deadlines to `engine.queries`.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.queries.shapes import DeadlineView
from handlers.registers import Nonconformity, NonconformityState
from web.case_pages import Finding
from web.catalogue import say
from web.host import host
from web.wording import Mark, standing

MAJOR = "major"


def told(found: Iterable[Nonconformity], deadlines: Iterable[DeadlineView]) -> tuple[Finding, ...]:
    """Each finding with its open deadline, when it has one."""
    running = [one for one in deadlines if one.standing in ("late", "soon", "on_time", "paused")]
    return tuple(_finding(one, _clock_of(one, running)) for one in found)


def _finding(one: Nonconformity, clock: DeadlineView | None) -> Finding:
    days = (clock.due_on - clock.anchor_on).days if clock is not None else 0
    gone = (host().wording.today() - clock.anchor_on).days if clock is not None else 0
    return Finding(one, gravity(one), _state(one, clock), clock, min(max(gone, 0), days), days)


def gravity(one: Nonconformity) -> Mark:
    """Major or minor, as it counts; no colour once it is settled."""
    settled = one.state not in (NonconformityState.OPEN, NonconformityState.ACTION_OVER)
    if one.counted_as == MAJOR:
        return Mark("is-idle" if settled else "is-risk", "major", say("Major"))
    return Mark("is-idle" if settled else "is-warn", "minor", say("Minor"))


def _state(one: Nonconformity, clock: DeadlineView | None) -> Mark:
    if one.state is NonconformityState.LIFTED:
        return Mark("is-done", "done", say("Lifted"))
    if one.state is NonconformityState.PLAN_ACCEPTED:
        return Mark("is-done", "done", say("Plan accepted"))
    if one.state is NonconformityState.EVIDENCE_RECEIVED:
        return Mark("is-done", "done", say("Evidence received, judged at the next audit"))
    if one.state is NonconformityState.ACTION_OVER:
        return Mark("is-warn", "late", say("Time is over, judged at the next audit"))
    if one.state is NonconformityState.LAPSED:
        return Mark("is-risk", "late", say("Not corrected in time"))
    return standing(clock.standing, clock.basis) if clock else Mark("is-active", "active", say("Still open"))


def _clock_of(one: Nonconformity, running: Iterable[DeadlineView]) -> DeadlineView | None:
    """The soonest deadline whose subject names this finding: "NC 3, indicateur 11"."""
    if one.state is not NonconformityState.OPEN:
        return None
    name = f"NC {one.number}"
    of_it = [clock for clock in running
             if clock.subject.fr == name or clock.subject.fr.startswith((f"{name},", f"{name} ", f"{name}\u00a0"))]
    return min(of_it, key=lambda clock: clock.due_on, default=None)
