"""Civil days: months clip, limits are included, clock changes do not move a day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from engine.work.calendars import Calendar, Period

PARIS = Calendar("Europe/Paris")


@pytest.mark.parametrize(("day", "length", "expected"), [
    ("2026-01-31", "P3M", "2026-04-30"), ("2026-01-31", "P1M", "2026-02-28"), ("2028-01-31", "P1M", "2028-02-29"),
    ("2028-02-29", "P1Y", "2029-02-28"), ("2026-11-30", "P3M", "2027-02-28"), ("2026-12-31", "P1D", "2027-01-01"),
    ("2026-03-12", "P2W", "2026-03-26"), ("2026-01-31", "P1M1D", "2026-03-01"),
])
def test_a_month_the_anchor_lacks_clips_to_its_last_day(day: str, length: str, expected: str) -> None:
    assert Period.parse(length).after(date.fromisoformat(day)) == date.fromisoformat(expected)


def test_a_length_before_a_day_clips_too() -> None:
    assert Period.parse("P1M").before(date(2026, 3, 31)) == date(2026, 2, 28)


@pytest.mark.parametrize("text", ["P", "3M", "PT4H", "P1.5M", "P-1D", "P1M2Y", ""])
def test_what_is_no_calendar_length_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a calendar length"):
        Period.parse(text)


def test_a_day_is_over_when_the_next_one_starts_in_the_zone() -> None:
    assert PARIS.over(date(2026, 4, 30)) == datetime(2026, 4, 30, 22, tzinfo=UTC)
    assert PARIS.over(date(2026, 12, 31)) == datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_days_of_clock_changes_last_23_and_25_hours() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert PARIS.over(spring) - PARIS.starts(spring) == timedelta(hours=23)
    assert PARIS.over(autumn) - PARIS.starts(autumn) == timedelta(hours=25)
    assert PARIS.at(spring, time(8)) == datetime(2026, 3, 29, 6, tzinfo=UTC)


def test_where_the_clock_change_skips_midnight_the_day_starts_at_the_change() -> None:
    santiago = Calendar("America/Santiago")
    start = santiago.starts(date(2024, 9, 8))
    assert santiago.day_of(start) == date(2024, 9, 8)
    assert santiago.day_of(start - timedelta(seconds=1)) == date(2024, 9, 7)


def test_the_civil_day_of_a_moment_is_that_of_the_zone() -> None:
    assert PARIS.day_of(datetime(2026, 4, 30, 22, tzinfo=UTC)) == date(2026, 5, 1)
    with pytest.raises(ValueError, match="no time zone"):
        PARIS.day_of(datetime(2026, 4, 30))


def test_the_next_working_day_skips_weekends_and_holidays() -> None:
    assert PARIS.next_working_day(date(2027, 6, 12)) == date(2027, 6, 14)
    assert PARIS.next_working_day(date(2026, 5, 1)) == date(2026, 5, 4)      # a Friday off, then a weekend
    assert PARIS.next_working_day(date(2026, 5, 5)) == date(2026, 5, 5)
    assert PARIS.holiday(date(2026, 7, 14)) == PARIS.holiday(date(2027, 7, 14))


def test_alsace_moselle_has_two_more_days_off() -> None:
    second_of_christmas, good_friday = date(2026, 12, 26), date(2026, 4, 3)
    alsace = Calendar(alsace_moselle=True)
    assert alsace.holiday(second_of_christmas) is not None
    assert (alsace.is_working(good_friday), PARIS.is_working(good_friday)) == (False, True)
