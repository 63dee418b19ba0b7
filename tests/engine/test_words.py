"""Days, moments, lengths and amounts are said as people say them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine import words

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2027, 5, 19)


def _spaces(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_day_is_said_with_the_words_of_its_language() -> None:
    assert _spaces(words.say_day(date(2027, 6, 14), "fr", weekday=True)) == "lundi 14 juin 2027"
    assert _spaces(words.say_day(date(2027, 5, 1), "fr")) == "1er mai 2027"
    assert _spaces(words.say_day(date(2027, 5, 1), "en", weekday=True, year=False)) == "Saturday 1 May"


def test_a_moment_is_said_as_seen_in_the_zone() -> None:
    moment = datetime(2027, 7, 14, 22, 5, tzinfo=UTC)
    assert _spaces(words.say_moment(moment, "fr", PARIS)) == "15 juillet 2027 à 0 h 05"
    assert _spaces(words.say_moment(moment, "en", PARIS)) == "15 July 2027 at 00:05"


@pytest.mark.parametrize(("day", "fr", "en"), [
    (date(2027, 5, 19), "aujourd’hui", "today"), (date(2027, 5, 20), "demain", "tomorrow"), (date(2027, 5, 18), "hier", "yesterday"),
    (date(2027, 6, 14), "dans 26 jours", "in 26 days"), (date(2027, 5, 12), "il y a 7 jours", "7 days ago"),
    (date(2027, 7, 8), "dans 7 semaines", "in 7 weeks"), (date(2027, 9, 13), "dans 4 mois", "in 4 months"),
])
def test_a_distance_is_said_in_days_then_weeks_then_months(day: date, fr: str, en: str) -> None:
    assert (_spaces(words.say_distance(day, TODAY, "fr")), _spaces(words.say_distance(day, TODAY, "en"))) == (fr, en)


def test_lengths_and_counts_agree_in_number() -> None:
    assert _spaces(words.say_length(18, 0, "fr")) == "1 an et 6 mois"
    assert _spaces(words.say_length(0, 1, "en")) == "1 day"
    assert (_spaces(words.say_count(0, "day", "fr")), _spaces(words.say_count(0, "day", "en"))) == ("0 jour", "0 days")
    assert _spaces(words.say_lateness(date(2027, 5, 12), TODAY, "en")) == "7 days late"


def test_amounts_and_lists_follow_their_language() -> None:
    assert _spaces(words.say_amount(Decimal("1234.5"), "fr")) == "1 234,50 €"
    assert words.say_amount(1234, "en") == "€1,234.00"
    assert words.say_list(["A", "B", "C"], "fr") == "A, B et C"
    assert words.list_text(["A", "B"], choice=True)("en") == "A or B"
    assert words.say_list([], "fr") == ""
