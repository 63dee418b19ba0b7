"""The values of variables as bytes.

Owns: how a FEEL value is kept: JSON, and tagged objects (`{"$": "date", "v": "2026-01-31"}`) for what JSON has no type for.
Leaves: what the values mean to `engine.feel`; which scopes there are to `engine.kernel`.
Promises: `decode(encode(value)) == value` with the same types; a float coming in becomes a Decimal; what is no FEEL value is
refused by name and place, never kept as something else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from engine import feel
from engine.errors import Invalid
from engine.feel import Months, Range, WideDate, WideDuration, WideMoment, WideTime, at_literal, duration_text, temporal_text

TAG = "$"
_INT64 = 2**63


class NotJson(Invalid):
    """This is not readable JSON: {why}."""

    fr = "Ce n’est pas du JSON lisible : {why}."


class NotAValue(Invalid):
    """A variable cannot hold {what} (at {where})."""

    fr = "Une variable ne peut pas contenir {what} (à {where})."


def encode(value: Any) -> bytes:
    """Write a value. Raises: NotAValue, naming the type and the place, for what FEEL has no value for."""
    try:
        return orjson.dumps(_pack(value))
    except (_Unknown, RecursionError) as error:
        what, where = error.args if isinstance(error, _Unknown) else ("a value inside itself", ())
        raise NotAValue(what=what, where=".".join(reversed(where)) or "the top") from None


def decode(data: bytes) -> Any:
    """Read a value that `encode` wrote."""
    return json.loads(data, object_hook=_unpack, parse_float=Decimal)


def plain(value: Any) -> Any:
    """Turn a value into plain JSON for exports and the API: days and durations as ISO text, numbers exact.

    A Decimal that is whole becomes an int, another one text, since JSON readers turn numbers into floats.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else f"{value:f}"
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, _WIDE):
        return temporal_text(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


_WIDE = (WideDate, WideTime, WideMoment, WideDuration)


def read_json(text: str) -> Any:
    """Read JSON that people write: numbers exactly as they stand. Raises: NotJson, with the place."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NotJson(why=str(error)) from None


def write_json(value: Any) -> str:
    """Write a value as JSON for people and programs: numbers exactly, what JSON has no type for as the text FEEL gives it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quoted(str(key))}: {write_json(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(write_json, value)) + "]"
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    if isinstance(value, (bool, str)) or value is None:
        return _quoted(value)
    return _quoted(str(feel.evaluate("string(v)", {"v": value})))


def _quoted(value: str | bool | None) -> str:
    return json.dumps(value, ensure_ascii=False)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


class _Unknown(Exception):
    """Something that is no FEEL value: its name, and the way to it from the inside out."""

    def __init__(self, what: str, where: tuple[str, ...] = ()) -> None:
        super().__init__(what, where)

    def inside(self, key: object) -> _Unknown:
        what, where = self.args
        return _Unknown(what, (*where, str(key)))


def _pack(value: Any) -> Any:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        return value if -_INT64 <= value < _INT64 else {TAG: "int", "v": str(value)}
    pack = _PACKERS.get(kind) or next((pack for base, pack in _BASES if isinstance(value, base)), None)
    if pack is None:
        raise _Unknown(kind.__name__)
    return pack(value)


def _pack_mapping(value: Mapping[Any, Any]) -> Any:
    packed = {}
    for key, one in value.items():
        if not isinstance(key, str):
            raise _Unknown(f"the key {key!r}")
        try:
            packed[str(key)] = _pack(one)
        except _Unknown as error:
            raise error.inside(key) from None
    # A context with a key of that name is kept as pairs, so that it is not taken for a tag.
    return {TAG: "context", "v": list(packed.items())} if TAG in packed else packed


def _pack_list(value: list[Any] | tuple[Any, ...]) -> Any:
    packed = []
    for number, one in enumerate(value):
        try:
            packed.append(_pack(one))
        except _Unknown as error:
            raise error.inside(number) from None
    return packed


def _pack_decimal(value: Decimal) -> Any:
    if not value.is_finite():
        raise _Unknown(f"the number {value}")
    return {TAG: "decimal", "v": str(value)}


def _pack_moment(value: datetime) -> Any:
    if value.tzinfo is None:
        raise _Unknown(f"the moment {value.isoformat()} without a time zone")
    zone = {"z": value.tzinfo.key} if isinstance(value.tzinfo, ZoneInfo) else {}
    return {TAG: "moment", "v": value.isoformat(), **zone}


def _pack_time(value: time) -> Any:
    zone = {"z": value.tzinfo.key} if isinstance(value.tzinfo, ZoneInfo) else {}
    return {TAG: "time", "v": value.replace(tzinfo=None).isoformat() if zone else value.isoformat(), **zone}


def _pack_duration(value: timedelta) -> Any:
    return {TAG: "duration", "v": [value.days, value.seconds, value.microseconds]}


def _pack_wide(value: WideDate | WideTime | WideMoment | WideDuration) -> Any:
    """What Python's own types cannot hold: its text, as FEEL reads it."""
    if isinstance(value, WideMoment) and value.tzinfo is None:
        raise _Unknown(f"the moment {temporal_text(value)} without a time zone")
    second_run = {"fold": 1} if isinstance(value, (WideTime, WideMoment)) and value.fold else {}
    return {TAG: "wide", "v": temporal_text(value), **second_run}


def _pack_range(value: Range) -> Any:
    ends = {"start": _pack(value.start), "end": _pack(value.end)}
    return {TAG: "range", **ends, "included": [value.start_included, value.end_included], "unary": value.unary}


_PACKERS: dict[type, Callable[[Any], Any]] = {
    dict: _pack_mapping, list: _pack_list, tuple: _pack_list, Decimal: _pack_decimal, datetime: _pack_moment, time: _pack_time,
    date: lambda value: {TAG: "date", "v": value.isoformat()}, timedelta: _pack_duration, Range: _pack_range,
    WideDate: _pack_wide, WideTime: _pack_wide, WideMoment: _pack_wide, WideDuration: _pack_wide,
    float: lambda value: _pack_decimal(Decimal(repr(value))), Months: lambda value: {TAG: "months", "v": value.months},
}
#: Kinds of what is not exactly one of the above: a subclass of it, or another mapping.
_BASES: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (str, lambda value: str.__str__(value)), (Mapping, _pack_mapping), (Decimal, _pack_decimal))


def _unpack(data: dict[str, Any]) -> Any:
    tag = data.get(TAG)
    return data if tag is None else _UNPACKERS[tag](data)


def _unpack_moment(data: dict[str, Any]) -> datetime:
    moment = datetime.fromisoformat(data["v"])
    return moment.astimezone(ZoneInfo(data["z"])) if "z" in data else moment


def _unpack_time(data: dict[str, Any]) -> time:
    read = time.fromisoformat(data["v"])
    return read.replace(tzinfo=ZoneInfo(data["z"])) if "z" in data else read


def _unpack_wide(data: dict[str, Any]) -> Any:
    read = at_literal(data["v"])
    return read.folded() if "fold" in data else read


_UNPACKERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "int": lambda data: int(data["v"]), "decimal": lambda data: Decimal(data["v"]),
    "date": lambda data: date.fromisoformat(data["v"]), "moment": _unpack_moment, "time": _unpack_time,
    "duration": lambda data: timedelta(*data["v"]), "months": lambda data: Months(data["v"]),
    "context": lambda data: dict(data["v"]), "wide": _unpack_wide,
    "range": lambda data: Range(data["start"], data["end"], data["included"][0], data["included"][1], data["unary"]),
}
