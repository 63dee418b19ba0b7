"""What `.name` gives on a value.

Owns: entries of contexts and the named parts of dates, times, durations and ranges. No attribute of a Python object is ever read.
Rule: DMN 1.5, 10.3.2.6 and table 61.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from engine.feel import temporal, wide
from engine.feel.budget import Budget
from engine.feel.values import adopt, kind, time_offset
from engine.feel.wide import NANOS, Duration


def get(value: Any, name: str, budget: Budget) -> Any:
    """Read a named part of a value; of a list, that part of each item. Null when there is none."""
    if type(value) is dict:
        return value.get(name)
    value = adopt(value)
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        budget.charge(4 + 4 * len(value))
        return [get(item, name, budget) for item in value]
    reader = _PARTS.get(kind(value), {}).get(name)
    return reader(value) if reader is not None else None


def _split(value: Duration) -> tuple[int, int, int, Any]:
    """Days, hours, minutes and seconds, each with the sign of the whole."""
    whole = wide.nanos_of(value)
    sign, rest = (-1, -whole) if whole < 0 else (1, whole)
    hours, minutes = rest // (3600 * NANOS), rest // (60 * NANOS)
    return sign * (hours // 24), sign * (hours % 24), sign * (minutes % 60), sign * temporal.seconds(rest % (60 * NANOS))


def _truncated(months: int, divisor: int) -> tuple[int, int]:
    quotient, rest = divmod(abs(months), divisor)
    return (quotient, rest) if months >= 0 else (-quotient, -rest)


_DAY: dict[str, Callable[[Any], Any]] = {
    "year": lambda v: v.year, "month": lambda v: v.month, "day": lambda v: v.day,
    "weekday": lambda v: wide.alike(wide.day_of(v)).isoweekday(),
}
_CLOCK: dict[str, Callable[[Any], Any]] = {
    "hour": lambda v: v.hour, "minute": lambda v: v.minute, "second": lambda v: v.second, "timezone": temporal.zone_name,
}
_PARTS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "date": {**_DAY, "hour": lambda v: 0, "minute": lambda v: 0, "second": lambda v: 0, "time offset": lambda v: timedelta()},
    "date and time": {**_DAY, **_CLOCK, "time offset": wide.utc_offset},
    "time": {**_CLOCK, "time offset": time_offset},
    "days and time duration": {
        "days": lambda v: _split(v)[0], "hours": lambda v: _split(v)[1], "minutes": lambda v: _split(v)[2],
        "seconds": lambda v: _split(v)[3],
    },
    "years and months duration": {"years": lambda v: _truncated(v.months, 12)[0], "months": lambda v: _truncated(v.months, 12)[1]},
    "range": {
        "start": lambda v: v.start, "end": lambda v: v.end, "start included": lambda v: v.start_included,
        "end included": lambda v: v.end_included,
    },
}
