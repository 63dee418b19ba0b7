"""The sum of a deadline: from rule and anchor to the last day, with its explanation.

Owns: `reckon`, the one function that says on which day something is due and why; `Extension` and `Pause`, what people add to it.
Leaves: the rules to `rules`, the words to `explanations`, the rows to `ledger`, the civil days to `calendars`.
Promises: pure: the same rule, anchor, extensions, pauses and calendar give the same answer; no reader of time.
Rule: arrêté of 6 June 2019 counts in calendar months; a day named as a limit is included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.texts import NO_TEXT, Text
from engine.words import day_text, length_text
from engine.work.calendars import Calendar, Period
from engine.work.explanations import Explanation, Step
from engine.work.rules import Offset, Rule, Version

DEFAULT_WARNING = Offset("before", Period(days=7))


@dataclass(frozen=True, slots=True)
class Extension:
    """Days added to a deadline: asked for by one person, granted by another.

    Attributes:
        days: civil days. asked_by, granted_by, refused_by: ids of people. granted_on: civil day of the grant.
    """

    days: int
    reason: str
    asked_by: str
    asked_at: datetime
    granted_by: str = ""
    granted_on: date | None = None
    refused_by: str = ""

    @property
    def waits(self) -> bool:
        return not self.granted_by and not self.refused_by

    def to_json(self) -> dict[str, Any]:
        return {"days": self.days, "reason": self.reason, "asked_by": self.asked_by, "at": self.asked_at.isoformat(),
                "granted_by": self.granted_by, "granted_on": self.granted_on.isoformat() if self.granted_on else "",
                "refused_by": self.refused_by}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Extension:
        granted_on = date.fromisoformat(data["granted_on"]) if data.get("granted_on") else None
        return cls(data["days"], data["reason"], data["asked_by"], datetime.fromisoformat(data["at"]), data.get("granted_by") or "",
                   granted_on, data.get("refused_by") or "")


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of days that do not count. `to_on` is the day it counts again, None while it stands."""

    from_on: date
    reason: str
    by: str
    to_on: date | None = None

    @property
    def days(self) -> int:
        """Days kept so far; none while the pause stands, for nobody knows yet how long it lasts."""
        return max((self.to_on - self.from_on).days, 0) if self.to_on else 0

    def to_json(self) -> dict[str, Any]:
        return {"from": self.from_on.isoformat(), "to": self.to_on.isoformat() if self.to_on else "", "reason": self.reason, "by": self.by}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Pause:
        to_on = date.fromisoformat(data["to"]) if data.get("to") else None
        return cls(date.fromisoformat(data["from"]), data["reason"], data["by"], to_on)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The answer of the sum.

    Attributes:
        due_on: the last day, included. lapses_at: the moment that day is over. warns_at: from here on it is "soon".
        reminders, escalations: moments at 08:00 in the body's zone, in order, each once, none after the last day.
        extension_ceiling: the last day with the most the rule allows to add, before any roll.
    """

    due_on: date
    lapses_at: datetime
    warns_at: datetime
    reminders: tuple[datetime, ...]
    escalations: tuple[datetime, ...]
    explanation: Explanation
    extension_ceiling: date


def reckon(rule: Rule, anchor: date, extensions: Sequence[Extension] = (), pauses: Sequence[Pause] = (), *,
           calendar: Calendar) -> Reckoning:
    """Say on which day something is due, and why.

    The order of the sum: the rule's length; its roll; the extensions granted; the days kept by pauses; the roll once more if
    anything was added.

    Args:
        anchor: the civil day it counts from; it also picks the version of the rule.
        extensions: those not granted are left out. pauses: one that still stands keeps no days yet.
    Raises: RuleNotInForce, when no version covers the anchor day.
    """
    version = rule.at(anchor)
    total = _Sum(version, calendar, anchor)
    total.start(rule.anchor)
    base = total.add_length()
    total.roll()
    total.extend(extensions)
    total.keep(pauses)
    due_on = total.finish()
    reminders = _moments(version.reminders, anchor, due_on, pauses, calendar)
    warning = _moments((version.warns,), anchor, due_on, pauses, calendar) if version.warns else reminders[:1]
    warns_at = warning[0] if warning else calendar.at(DEFAULT_WARNING.period.before(due_on))
    explanation = Explanation(
        rule=rule.id, version=version.number, title=rule.title, anchor=rule.anchor, length=version.length.text, basis=version.basis,
        source=version.source, to_validate=version.to_validate, extensible=bool(version.extension), consequence=version.consequence,
        zone=calendar.zone.key, due_on=due_on, steps=tuple(total.steps))
    return Reckoning(due_on, calendar.over(due_on), warns_at, reminders,
                     _moments(version.escalations, anchor, due_on, pauses, calendar), explanation, version.extension.after(base))


class _Sum:
    """The sum under way: where it stands and the steps so far."""

    def __init__(self, version: Version, calendar: Calendar, anchor: date) -> None:
        self.version, self.calendar, self.day = version, calendar, anchor
        self.steps: list[Step] = []

    def start(self, note: Text) -> None:
        self.steps.append(Step("anchor", _dated(self.day), note, self.day))

    def add_length(self) -> date:
        period, clipped = self.version.length, self.version.length.clips(self.day)
        self.day = period.after(self.day)
        self.steps.append(Step("plus", period.text, self.version.source, self.day))
        if clipped and not period.days:
            self.steps.append(Step("equals", _dated(self.day), _LAST_OF_MONTH, self.day))
        return self.day

    def roll(self) -> None:
        if self.version.roll != "next_working_day" or self.calendar.is_working(self.day):
            return
        self.steps.append(Step("equals", _dated(self.day), self.calendar.holiday(self.day) or _NOT_WORKED, self.day))
        self.day = self.calendar.next_working_day(self.day)
        self.steps.append(Step("roll", _dated(self.day), _FIRST_WORKING_DAY, self.day))

    def extend(self, extensions: Iterable[Extension]) -> None:
        for extension in (one for one in extensions if one.granted_by):
            self.day += timedelta(days=extension.days)
            granted = day_text(extension.granted_on) if extension.granted_on else NO_TEXT
            note = _EXTENSION.format(day=granted, reason=extension.reason)
            self.steps.append(Step("plus", length_text(0, extension.days), note, self.day))

    def keep(self, pauses: Iterable[Pause]) -> None:
        for pause in pauses:
            self.day += timedelta(days=pause.days)
            since = day_text(pause.from_on)
            note = _PAUSE.format(since=since, until=day_text(pause.to_on), reason=pause.reason) if pause.to_on else _STANDING.format(
                since=since, reason=pause.reason)
            self.steps.append(Step("pause", length_text(0, pause.days), note, self.day))

    def finish(self) -> date:
        """Roll what was added after the rule's own length, and say the result unless a step has just said it."""
        if len(self.steps) > 2 and self.steps[-1].operator in ("plus", "pause"):
            self.roll()
        if self.steps[-1].operator in ("plus", "pause"):
            self.steps.append(Step("equals", _dated(self.day), _INCLUDED, self.day))
        return self.day


def _moments(offsets: Iterable[Offset], anchor: date, due_on: date, pauses: Sequence[Pause], calendar: Calendar) -> tuple[datetime, ...]:
    """The mornings the offsets name: after the anchor day, not after the last day, each once, in order."""
    days = {_counted(offset.period.after(anchor), pauses) if offset.side == "after" else offset.period.before(due_on) for offset in offsets}
    return tuple(calendar.at(day) for day in sorted(days) if anchor < day <= due_on)


def _counted(day: date, pauses: Iterable[Pause]) -> date:
    """Move a day counted from the anchor by the days that pauses before it have kept."""
    for pause in pauses:
        if pause.from_on <= day:
            day += timedelta(days=pause.days)
    return day


def _dated(day: date) -> Text:
    return day_text(day, weekday=True)


_LAST_OF_MONTH = Text("dernier jour de ce mois", "last day of that month")
_NOT_WORKED = Text("jour non ouvré", "not a working day")
_FIRST_WORKING_DAY = Text("premier jour ouvré", "first working day")
_INCLUDED = Text("ce jour compris", "that day included")
_EXTENSION = Text("prolongation accordée le {day} : {reason}", "extension granted on {day}: {reason}")
_PAUSE = Text("pause du {since} au {until} : {reason}", "paused from {since} to {until}: {reason}")
_STANDING = Text("en pause depuis le {since} : {reason}", "paused since {since}: {reason}")
