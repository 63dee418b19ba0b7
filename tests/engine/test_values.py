"""Values of variables survive being kept."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import Months, Range, evaluate
from engine.values import NotAValue, decode, encode, plain

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.text(max_size=8), st.dates(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.datetimes(timezones=st.just(UTC)), st.times(), st.timedeltas(), st.builds(Months, st.integers(-999, 999)))
KEYS = st.text(max_size=3) | st.just("$")
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))


def _types(value: Any) -> Any:
    if isinstance(value, list):
        return [_types(one) for one in value]
    if isinstance(value, dict):
        return {key: _types(one) for key, one in value.items()}
    return type(value)


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_what_is_kept_comes_back_with_its_type(value: Any) -> None:
    kept = decode(encode(value))
    assert kept == value
    assert _types(kept) == _types(value)


def test_a_moment_keeps_its_zone_and_a_repeated_hour_its_side() -> None:
    moment = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Paris"))
    kept = decode(encode({"at": moment}))["at"]
    assert kept.isoformat() == "2026-10-25T02:30:00+01:00"
    assert kept.tzinfo == ZoneInfo("Europe/Paris")


def test_a_range_and_a_time_with_zone_come_back() -> None:
    value = [Range(date(2026, 1, 1), None, True, False), time(8, 30, tzinfo=ZoneInfo("Europe/Paris"))]
    assert decode(encode(value)) == value


@pytest.mark.parametrize("text", [
    '@"-2021-01-01"', '@"2026-01-31T09:30:00.123456789@Europe/Paris"',
    '@"-999999999-12-31T23:59:59.999999999+02:00"', '@"09:30:00.000000001"',
    '@"P1000000000D"', '@"PT0.000000001S"', '@"2026-10-25T01:30:00.000000001Z" - @"PT0S"',
    'date and time("2026-10-25T02:30:00.000000001@Europe/Paris") + @"PT1H"',
])
def test_what_only_feel_has_a_type_for_comes_back(text: str) -> None:
    value = evaluate(text, {})
    assert value is not None
    assert decode(encode([value])) == [value]
    assert plain(value) == evaluate(f"string({text})", {})


def test_a_float_becomes_the_number_it_shows() -> None:
    assert decode(encode({"rate": 0.1})) == {"rate": Decimal("0.1")}
    assert isinstance(decode(encode(1.0)), Decimal)


@pytest.mark.parametrize(("value", "where", "what"), [
    ({"application": {"sites": [{"x": {1, 2}}]}}, "application.sites.0.x", "set"),
    ({"a": datetime(2026, 1, 1)}, "a", "without a time zone"),
    ({"a": {1: "x"}}, "a", "key 1"),
    ([float("nan")], "0", "NaN"),
])
def test_what_is_no_value_is_refused_by_name_and_place(value: Any, where: str, what: str) -> None:
    with pytest.raises(NotAValue) as caught:
        encode(value)
    assert caught.value.details["where"] == where
    assert what in str(caught.value.details["what"])


def test_a_value_inside_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(NotAValue):
        encode(value)


def test_plain_values_are_json_of_the_outside() -> None:
    value = {"on": date(2026, 1, 31), "days": Decimal("1.50"), "count": Decimal("2"), "wait": timedelta(days=1, hours=2),
             "step": Months(14)}
    assert plain(value) == {"on": "2026-01-31", "days": "1.50", "count": 2, "wait": "P1DT2H", "step": "P1Y2M"}
