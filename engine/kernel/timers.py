"""When a timer of the diagram fires.

Owns: reading a timer text (ISO literal or FEEL), its next moment, the moments after that of a list or cycle.
Leaves: the rows and the alarm clock to `engine.work` and the worker; firing to `specs.events`.
Promises: calendar months clip at month end and are always counted from the anchor, so nothing drifts; a moment without zone is
refused; what a token keeps of its timer is JSON.
Rule: ISO 8601 durations and repetitions; docs/diagrams.md, section 3.

Months are counted in the zone of `host.now()`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from engine import feel
from engine.kernel import expressions
from engine.kernel.faults import Fault
from engine.kernel.waits import DeadlineRef, Host, Wait
from engine.texts import Text

if TYPE_CHECKING:
    from engine.kernel.tokens import Token

_LITERAL = re.compile(r"P(\d|T\d)[\dYMWDTHS.,]*|R\d*/[PRTZYMWDHS\d:.,+/-]+|\d{4}-\d\d-\d\d(T\S+)?")
_DURATION = re.compile(r"P(?P<months>(?:\d+Y)?(?:\d+M)?)(?P<rest>.*)")
_CYCLE = re.compile(r"R(?P<times>\d*)/(?:(?P<start>\d{4}-[^/]+)/)?(?P<period>P[^/]+)(?:/(?P<end>\d{4}-[^/]+))?")

_NOT_A_TIMER = Text("La minuterie « {text} » donne {value} au lieu d’une durée, d’un moment, d’une liste de moments ou d’une date.",
                    "The timer “{text}” gives {value}: not a duration, a moment, a list of moments or a date.")
_NO_ZONE = Text("La minuterie « {text} » donne un moment sans fuseau horaire ({value}).",
                "The timer “{text}” gives a moment without a time zone ({value}).")
_NO_MOMENT = Text("La minuterie « {text} » ne donne aucun moment.", "The timer “{text}” gives no moment.")
_TOO_FAR = Text("La minuterie « {text} » dépasse le calendrier.", "The timer “{text}” goes beyond the calendar.")


class Period(NamedTuple):
    """A duration of calendar months and exact time."""

    months: int
    exact: timedelta

    def after(self, anchor: datetime, times: int) -> datetime:
        """Tell the moment so many periods after the anchor. Raises: OverflowError, beyond the calendar."""
        moved = feel.add_months(anchor, self.months * times)
        if not isinstance(moved, datetime):
            raise OverflowError
        return moved.astimezone(UTC) + self.exact * times


class Cycle(NamedTuple):
    """A repetition: the moments `anchor + k * period`, for k from `at` to `last` (None: for ever), none after `until` (None: for ever)."""

    anchor: datetime
    period: Period
    at: int
    last: int | None
    until: datetime | None = None

    def later(self, now: datetime) -> tuple[int, datetime] | None:
        """Tell the first moment after `now` and which one it is; None when all are past."""
        number = self.at
        if self.period.months == 0:
            number = max(number, int((now - self.anchor) / self.period.exact))
        while self.last is None or number <= self.last:
            moment = self.period.after(self.anchor, number)
            if self.until is not None and moment > self.until:
                return None
            if moment > now:
                return number, moment
            number += 1
        return None


Plan = datetime | list[datetime] | Cycle


class _Asked(NamedTuple):
    """A timer text, with whom to ask for the time and for the value of a text that is FEEL."""

    text: str
    host: Host
    evaluate: Callable[[], Any]


def arm(token: Token, text: str, *, every: bool) -> dict[str, Any] | None:
    """Reckon a timer.

    Args:
        every: whether all its moments count (one that does not interrupt), or the first only.
    Returns: what the token is to keep; None when `every` moment is past, or there is none.
    Raises: Fault, when the text gives no moment.
    """
    seen: list[DeadlineRef] = []
    asked = _Asked(text, token.tokens.host, lambda: expressions.evaluate(token, text, seen=seen))
    found = _reckoned(asked, _every if every else _first)
    if found is None:
        if every:
            return None
        raise Fault(_NO_MOMENT.format(text=text))
    if seen:
        found["deadlines"] = [[ref.rule, ref.anchor.isoformat(), ref.scope] for ref in dict.fromkeys(seen)]
    return found


def schedule(text: str, host: Host) -> dict[str, Any] | None:
    """Reckon the timer of a start, before there is a case: nothing but the host's functions is known.

    Returns: what is to be kept; None when every moment is past: what lay before the schedule was made is not made up for.
    Raises: Fault, when the text gives no moment; feel.FeelError.
    """
    return _reckoned(_Asked(text, host, lambda: feel.compile(text).evaluate({}, host.functions("", []))), _note)


def _reckoned(asked: _Asked, choose: Callable[[Plan, datetime], dict[str, Any] | None]) -> dict[str, Any] | None:
    try:
        return choose(_plan(asked), asked.host.now())
    except OverflowError:
        raise Fault(_TOO_FAR.format(text=asked.text)) from None


def following(note: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    """Tell what is kept of a timer for its next moment after `now`, None when it was the last."""
    if "rest" in note:
        found = _note([datetime.fromisoformat(moment) for moment in note["rest"]], now)
    elif "cycle" in note:
        anchor, months, seconds, at, last, *until = note["cycle"]
        zoned = datetime.fromisoformat(anchor).astimezone(now.tzinfo)
        end = datetime.fromisoformat(until[0]) if until else None
        found = _note(Cycle(zoned, Period(months, timedelta(seconds=seconds)), at, last, end), now)
    else:
        return None
    return found and found | ({"deadlines": note["deadlines"]} if "deadlines" in note else {})


def due(note: dict[str, Any]) -> datetime:
    """Tell the next moment of a timer that was armed, in UTC."""
    return datetime.fromisoformat(note["due"])


def wait(found: Wait, note: dict[str, Any]) -> Wait:
    """Add to a wait what its timer knows."""
    refs = tuple(DeadlineRef(rule, date.fromisoformat(anchor), scope) for rule, anchor, scope in note.get("deadlines", ()))
    return replace(found, due_at=due(note), deadlines=refs)


# --- reading ------------------------------------------------------------------------------------------


def _plan(asked: _Asked) -> Plan:
    found: Any = asked.text if _LITERAL.fullmatch(asked.text) else feel.adopt(asked.evaluate())
    moments = found if isinstance(found, list) else [found]
    if len(moments) == 1 and isinstance(moments[0], str) and (cycle := _cycle(asked, moments[0])) is not None:
        return cycle
    if not isinstance(found, list):
        return _moment(asked, found)
    return sorted(_moment(asked, one) for one in found)


def _moment(asked: _Asked, found: Any) -> datetime:
    """One moment, in UTC, from whatever names one."""
    host, text = asked.host, asked.text
    if isinstance(found, str):
        found = _read(found)
    if isinstance(found, feel.Months):
        found = Period(found.months, timedelta())
    elif isinstance(found, timedelta):
        found = Period(0, found)
    if isinstance(found, Period):
        return found.after(host.now(), 1)
    if isinstance(found, datetime):
        if found.tzinfo is None:
            raise Fault(_NO_ZONE.format(text=text, value=found.isoformat()))
        return found.astimezone(UTC)
    if isinstance(found, date):
        return host.moment(found).astimezone(UTC)
    raise Fault(_NOT_A_TIMER.format(text=text, value=expressions.shown(found)))


def _read(text: str) -> Any:
    """A literal: a duration, a date or a moment; None for anything else."""
    return _period(text) or feel.parse_date(text) or feel.parse_date_and_time(text)


def _period(text: str) -> Period | None:
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    months = feel.parse_duration("P" + match["months"]) if match["months"] else feel.Months(0)
    exact = feel.parse_duration("P" + match["rest"]) if match["rest"] else timedelta()
    if not isinstance(months, feel.Months) or not isinstance(exact, timedelta) or not (match["months"] or match["rest"]):
        return None
    return Period(months.months, exact)


def _cycle(asked: _Asked, found: str) -> Cycle | None:
    match = _CYCLE.fullmatch(found)
    if match is None:
        return None
    period = _period(match["period"])
    if period is None or (not period.months and period.exact <= timedelta()):
        raise Fault(_NOT_A_TIMER.format(text=asked.text, value=found))
    times = int(match["times"]) if match["times"] else None
    now = asked.host.now()
    until = _moment(asked, match["end"]) if match["end"] else None
    if match["start"] is None:
        return Cycle(now, period, 1, times, until)
    start = _moment(asked, match["start"]).astimezone(now.tzinfo)
    return Cycle(start, period, 0, None if times is None else times - 1, until)


def _first(plan: Plan, now: datetime) -> dict[str, Any] | None:
    """The first moment that is not past; when all are past, the last one, which fires at once."""
    ahead = _note(plan, now)
    if ahead is not None:
        return {"due": ahead["due"]}
    if isinstance(plan, Cycle):
        return {"due": min(plan.period.after(plan.anchor, plan.last or 0), plan.until or datetime.max.replace(tzinfo=UTC)).isoformat()}
    moments = plan if isinstance(plan, list) else [plan]
    return {"due": moments[-1].isoformat()} if moments else None


def _every(plan: Plan, now: datetime) -> dict[str, Any] | None:
    """All moments that are not past; a single one that is past fires at once, those of a list or cycle are left out."""
    if isinstance(plan, datetime):
        return {"due": plan.isoformat()}
    return _note(plan, now)


def _note(plan: Plan, now: datetime) -> dict[str, Any] | None:
    """What a token keeps to fire at each moment after `now`, None when there is none."""
    if not isinstance(plan, Cycle):
        ahead = [moment for moment in (plan if isinstance(plan, list) else [plan]) if moment > now]
        if not ahead:
            return None
        return {"due": ahead[0].isoformat()} | ({"rest": [moment.isoformat() for moment in ahead[1:]]} if ahead[1:] else {})
    if (found := plan.later(now)) is None:
        return None
    number, moment = found
    kept = [plan.anchor.isoformat(), plan.period.months, plan.period.exact.total_seconds(), number + 1, plan.last,
            *([plan.until.isoformat()] if plan.until else [])]
    return {"due": moment.isoformat(), "cycle": kept}
