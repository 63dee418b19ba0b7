"""Days, moments and durations of every size: what Python's calendar holds, and what it does not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel import wide


@pytest.mark.parametrize(("text", "told"), [
    # years beyond 1 to 9999
    ('date("-2021-01-01")', "-2021-01-01"), ('date(12026, 2, 29)', None), ('date(12024, 2, 29)', "12024-02-29"),
    ('date("-999999999-12-31")', "-999999999-12-31"), ('date("-1000000000-12-31")', None), ('date("02026-01-01")', None),
    ('date("0000-02-29")', "0000-02-29"), ('@"9999-12-31" + @"P1D"', "10000-01-01"), ('@"10000-01-01" - @"P1D"', "9999-12-31"),
    ('@"0001-01-01" - @"P1D"', "0000-12-31"), ('@"-0001-12-31" + @"P1D"', "0000-01-01"), ('@"10000-01-31" + @"P1M"', "10000-02-29"),
    ('@"999999999-12-31" + @"P1D"', None), ('@"999999999-12-31" + @"P1Y"', None),
    ('string(@"12026-01-31" - @"2026-01-31")', "P3652425D"), ('years and months duration(@"-2016-01-30", @"-2015-12-31")', "P1Y11M"),
    ('string(date("999999999-12-31") - date("-999999999-01-01"))', "P730484999633D"),
    # nanoseconds
    ('@"09:30:00.123456789" + @"PT0.000000001S"', "09:30:00.12345679"), ('@"23:59:59.999999999" + @"PT0.000000001S"', "00:00:00"),
    ('@"2011-12-31T10:15:30.123456789@Europe/Paris"', "2011-12-31T10:15:30.123456789@Europe/Paris"),
    ('@"PT0.000000001S" * 3', "PT0.000000003S"), ('@"PT1S" / 3', "PT0.333333333S"), ('-@"PT0.000000001S"', "-PT0.000000001S"),
    ('abs(-@"P1000000000D")', "P1000000000D"), ('@"PT0.000000001S" + @"PT0.999999999S"', "PT1S"),
    # zones follow their rules, the last known ones for ever after
    ('date and time("2026-03-28T12:00:00@Europe/Paris") + duration("P1D")', "2026-03-29T13:00:00@Europe/Paris"),
    ('date and time("12026-03-29T01:30:00@Europe/Paris") + duration("PT1H")', "12026-03-29T03:30:00@Europe/Paris"),
    ('@"12026-07-01T12:00:00@Europe/Paris".time offset', "PT2H"), ('@"12026-01-01T12:00:00@Europe/Paris".time offset', "PT1H"),
    ('string(@"9999-12-31T23:59:59.5-05:00" + @"PT1S")', "10000-01-01T00:00:00.5-05:00"),
    ('@"2026-01-31T24:00:00"', "2026-02-01T00:00:00"), ('@"9999-12-31T24:00:00"', "10000-01-01T00:00:00"),
    ('date and time(@"-0044-03-15", @"12:00:00Z")', "-0044-03-15T12:00:00Z"), ('date(@"-0044-03-15T12:00:00Z")', "-0044-03-15"),
    ('time(10, 30, 59.000000001)', "10:30:59.000000001"), ('time(10, 30, 60)', None), ('time(10, 30, 0, @"PT25H")', None),
])
def test_a_value_of_time_is_told_as_it_is_written(text: str, told: str | None) -> None:
    assert feel.evaluate(f"string({text})", {}) == told


@pytest.mark.parametrize("text", [
    '@"-2021-01-01" < @"2026-01-01"', '@"12026-01-01" > @"9999-12-31"', '@"-0001-01-01" < @"0000-01-01"',
    '@"12026-01-01".year = 12026', '@"-2021-06-15".month = 6', '@"12000-01-01".weekday = 6', 'day of week(@"12000-01-01") = "Saturday"',
    'day of year(@"12000-12-31") = 366', 'week of year(@"12026-01-01") = 1', 'last day of month(@"12000-02-01") = 29',
    '@"12026-01-01T00:00:00Z" = @"12026-01-01T01:00:00+01:00"', '@"P1000000000D" > @"P999999999D"', '@"P1000000000D".days = 1000000000',
    '@"PT1.5S".seconds = 1.5', '@"2026-01-31T09:30:15.25Z".second = 15',
    'count(for d in @"9999-12-30"..@"10000-01-02" return d) = 4', '(for d in @"0000-01-02"..@"0000-01-01" return d)[2] = @"0000-01-01"',
    '@"10000-01-01" in [@"9999-01-01"..@"10001-01-01"]', '@"12026-01-01" instance of date',
    '@"PT0.000000001S" instance of days and time duration',
    '@"2026-10-25T02:30:00@Europe/Paris" + @"PT1H" > @"2026-10-25T02:30:00@Europe/Paris"',
])
def test_values_of_time_compare_and_have_parts_whatever_their_size(text: str) -> None:
    assert feel.evaluate(text, {}) is True


def test_times_are_equal_to_the_second_and_the_same_to_the_nanosecond() -> None:
    assert feel.evaluate('@"10:30:00.1" = @"10:30:00.2" and @"2026-01-01T00:00:00.1" = @"2026-01-01T00:00:00"', {}) is True
    for other in ("10:00:00.1Z", "12:00:00+02:00", "10:00:00@Etc/UTC", "10:00:00"):
        assert feel.evaluate(f'is(@"10:00:00Z", @"{other}")', {}) is False
    assert feel.evaluate('is(@"10:00:00Z", @"10:00:00+00:00")', {}) is True


def test_hosts_are_given_types_of_python_only() -> None:
    assert feel.parse_date("12026-01-01") is None
    assert feel.parse_date_and_time("2026-01-01T00:00:00.000000001Z") is None
    assert feel.parse_duration("P1000000000D") is None
    assert feel.add_months(date(9999, 12, 1), 1) is None


DAYS = st.integers(-(10**9) * 365, 10**9 * 365)


@given(DAYS, st.integers(-(10**12), 10**12))
@settings(max_examples=200, deadline=None)
def test_days_are_counted_through_every_year(number: int, step: int) -> None:
    day, later = wide.numbered_day(number), wide.numbered_day(number + step)
    assert day is not None
    assert wide.day_number(day) == number
    if later is not None:
        assert (feel.compare(day, later) or 0) * step <= 0
        assert feel.evaluate("a + (b - a) = b", {"a": day, "b": later}) is True


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 28)), st.timedeltas(timedelta(days=-999), timedelta(days=999)))
@settings(max_examples=200, deadline=None)
def test_wide_arithmetic_agrees_with_python_where_python_can(moment: datetime, by: timedelta) -> None:
    try:
        expected = moment + by
    except OverflowError:
        return
    assert wide.lined(wide.line(moment) + wide.nanos_of(by), None) == expected
    assert wide.lined(wide.line(moment), None) == moment


@given(st.times(), st.integers(0, 999))
@settings(max_examples=100, deadline=None)
def test_a_time_has_one_form(at: time, nanos: int) -> None:
    found = wide.clocked(wide.clock(at) + nanos, None)
    assert isinstance(found, time) is (nanos == 0)
    assert wide.clock(found) == wide.clock(at) + nanos
