"""Letters are filled in from the case, in the reader's language."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.letters import LetterNotFilled, Letters, NoSuchLetter
from engine.places import PlaceNotReadable, Template, say_value

PARIS = ZoneInfo("Europe/Paris")
YAML = """
letters:
  reminder:
    to: {fr: client, en: client}
    subject: {fr: "Dossier {{ case_number }} : rappel", en: "Case {{ case_number }}: reminder"}
    body:
      fr: |
        Bonjour,

        Répondez avant le {{ day("plan", asked_on) }} ({{ days }} jours, {{ total }} €){{ if late then ", en retard" else "" }}.
      en: "Answer by {{ day(\\"plan\\", asked_on) }} ({{ days }} days, €{{ total }})."
"""
FACTS = {"case_number": "2026-0412", "asked_on": date(2026, 3, 1), "days": 1.5, "total": Decimal("12345.50"), "late": True}
FUNCTIONS = {"day": lambda rule, anchor: date(anchor.year, 4, 1)}


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_letter_is_told_in_words_of_its_language() -> None:
    letter = Letters.read(YAML.encode())["reminder"]
    french, english = (letter.fill(locale, FACTS | {"days": Decimal("1.5")}, PARIS, FUNCTIONS) for locale in ("fr", "en"))
    assert french.subject == "Dossier 2026-0412 : rappel"
    assert _plain(french.body) == "Bonjour,\n\nRépondez avant le 1er avril 2026 (1,5 jours, 12 345,50 €), en retard.\n"
    assert _plain(english.body) == "Answer by 1 April 2026 (1.5 days, €12,345.50).\n"
    assert letter.names == {"case_number", "asked_on", "days", "total", "late"}


def test_a_letter_with_an_empty_place_does_not_go_out() -> None:
    with pytest.raises(LetterNotFilled) as caught:
        Letters.read(YAML.encode())["reminder"].fill("fr", {}, PARIS, FUNCTIONS)
    assert "{{ case_number }}" in caught.value.sentence("fr")


def test_a_wrong_letter_is_named_and_the_right_ones_are_read() -> None:
    wrong = YAML + """
  broken: {subject: {fr: "{{ 1 + }}", en: x}, body: {fr: x, en: x}}
  half: {subject: {fr: x}, body: {fr: x, en: x}}
  more: {subject: {fr: x, en: x}, body: {fr: x, en: x}, cc: boss}
"""
    letters = Letters.read(wrong.encode())
    assert list(letters) == ["reminder"]
    assert [(problem.element, problem.code) for problem in letters.problems] == [
        ("broken", "letters.not_feel"), ("half", "letters.missing"), ("more", "letters.unknown_key")]
    with pytest.raises(NoSuchLetter):
        letters["broken"]


@pytest.mark.parametrize("data", [b"letters: [", b"", b"letters: 3"])
def test_a_file_that_is_no_letters_is_one_problem(data: bytes) -> None:
    assert len(Letters.read(data).problems) == 1


@pytest.mark.parametrize(("value", "fr", "en"), [
    (True, "oui", "yes"), (2026, "2026", "2026"), (10000, "10 000", "10,000"), (["a", "b"], "a et b", "a and b"), ("x", "x", "x"),
    (datetime(2026, 7, 1, 8, 5, tzinfo=UTC), "1er juillet 2026 à 10 h 05", "1 July 2026 at 10:05"),
])
def test_values_are_said_as_people_say_them(value: object, fr: str, en: str) -> None:
    assert (_plain(say_value(value, "fr", PARIS)), _plain(say_value(value, "en", PARIS))) == (fr, en)


def test_a_place_that_is_no_feel_is_named_when_it_is_read() -> None:
    with pytest.raises(PlaceNotReadable, match=r"\{\{ a \+ \}\}"):
        Template("x {{ a + }} y")
