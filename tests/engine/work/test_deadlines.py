"""The sum of a deadline and its explanation."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.work.calendars import Calendar
from engine.work.deadlines import Explanation, Extension, NoSuchRule, Pause, Rule, RuleNotInForce, Rules, reckon

PARIS = Calendar()
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
YAML = """
rules:
  nc.major.correction:
    title: {fr: Actions correctives d’une majeure, en: Corrective actions of a major}
    anchor: {fr: notification de la non-conformité, en: notification of the non-conformity}
    versions:
      - valid: {from: 2020-01-01, to: 2023-08-31}
        length: P2M
        basis: law
        source: {fr: ancien texte, en: former text}
      - valid: {from: 2023-09-01, to: null}
        length: P3M
        basis: law
        source: {fr: "arrêté du 6 juin 2019, art. 5", en: "order of 6 June 2019, art. 5"}
        extension: {max: P0D}
        reminders: [{after: P1M}, {after: P2M}, {before: P15D}, {before: P15D}, {after: P4M}, {before: P9M}]
        escalations: [{before: P3D}]
        warns: {before: P15D}
        consequence: {fr: La certification est refusée., en: Certification is refused.}
  plan:
    title: Plan
    anchor: notification
    versions:
      - length: P30D
        basis: body
        source: PR-07
        to_validate: true
        roll: next_working_day
        extension: {max: P30D}
        pause: true
        reminders: [{after: P20D}]
"""
RULES = Rules.read(YAML.encode())
MAJOR, PLAN = RULES["nc.major.correction"], RULES["plan"]


def _granted(days: int) -> Extension:
    return Extension(days, "congé", "asker", NOW, "granter", date(2027, 4, 8))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_three_months_from_31_january_end_on_30_april_and_lapse_when_it_is_over() -> None:
    reckoning = reckon(MAJOR, date(2026, 1, 31), calendar=PARIS)
    assert reckoning.due_on == date(2026, 4, 30)
    assert reckoning.lapses_at == datetime(2026, 4, 30, 22, tzinfo=UTC)


@pytest.mark.parametrize(("anchor", "due"), [
    ("2026-11-30", "2027-02-28"), ("2027-11-30", "2028-02-29"), ("2028-02-29", "2028-05-29"), ("2026-10-15", "2027-01-15"),
])
def test_sums_cross_the_year_and_february(anchor: str, due: str) -> None:
    assert reckon(MAJOR, date.fromisoformat(anchor), calendar=PARIS).due_on == date.fromisoformat(due)


def test_reminders_come_at_eight_in_order_once_and_never_after_the_last_day() -> None:
    reckoning = reckon(MAJOR, date(2026, 1, 31), calendar=PARIS)
    local = [moment.astimezone(PARIS.zone).strftime("%Y-%m-%d %H:%M") for moment in reckoning.reminders]
    assert local == ["2026-02-28 08:00", "2026-03-31 08:00", "2026-04-15 08:00"]
    assert [moment.astimezone(PARIS.zone).date() for moment in reckoning.escalations] == [date(2026, 4, 27)]
    assert reckoning.warns_at == reckoning.reminders[-1]


def test_the_anchor_day_picks_the_version() -> None:
    assert reckon(MAJOR, date(2023, 8, 31), calendar=PARIS).due_on == date(2023, 10, 31)
    assert reckon(MAJOR, date(2023, 9, 1), calendar=PARIS).explanation.version == 2
    with pytest.raises(RuleNotInForce):
        RULES.at("nc.major.correction", date(2019, 12, 31))
    with pytest.raises(NoSuchRule):
        RULES.at("nc.major", date(2026, 1, 1))


def test_a_roll_moves_to_the_first_working_day_before_and_after_an_extension() -> None:
    assert reckon(PLAN, date(2027, 3, 12), calendar=PARIS).due_on == date(2027, 4, 12)          # 11 April is a Sunday
    extended = reckon(PLAN, date(2027, 3, 12), [_granted(27)], calendar=PARIS)
    assert extended.due_on == date(2027, 5, 10)                                                  # 12 April + 27 days: Sunday 9 May


def test_an_extension_counts_once_it_is_granted() -> None:
    asked = Extension(30, "congé", "asker", NOW)
    assert reckon(PLAN, date(2027, 3, 12), [asked], calendar=PARIS).due_on == date(2027, 4, 12)
    assert reckon(PLAN, date(2027, 3, 12), [_granted(30)], calendar=PARIS).due_on == date(2027, 5, 12)


def test_days_of_a_pause_are_kept_and_move_the_reminders_after_it() -> None:
    paused = [Pause(date(2027, 3, 22), "pièce attendue", "paul", date(2027, 3, 31))]
    reckoning = reckon(PLAN, date(2027, 3, 12), (), paused, calendar=PARIS)
    assert reckoning.due_on == date(2027, 4, 21)
    assert [moment.astimezone(PARIS.zone).date() for moment in reckoning.reminders] == [date(2027, 4, 10)]


def test_a_standing_pause_keeps_nothing_yet_and_is_told() -> None:
    reckoning = reckon(PLAN, date(2027, 3, 15), (), [Pause(date(2027, 3, 20), "pièce attendue", "paul")], calendar=PARIS)
    assert reckoning.due_on == date(2027, 4, 14)
    assert "en pause depuis le 20 mars 2027" in _plain(reckoning.explanation.reason("fr"))


def test_the_explanation_tells_every_step_in_both_languages_and_survives_its_row() -> None:
    explanation = Explanation.of(reckon(MAJOR, date(2026, 1, 31), calendar=PARIS).explanation.to_json())
    told = explanation.tell("fr")
    assert [(line.sign, _plain(line.figure), line.note) for line in told.lines] == [
        ("", "samedi 31 janvier 2026", "notification de la non-conformité"), ("+", "3 mois", "arrêté du 6 juin 2019, art. 5"),
        ("=", "jeudi 30 avril 2026", "dernier jour de ce mois")]
    assert told.consequence == "La certification est refusée."
    assert told.remarks == ("Délai légal, sans prolongation possible.",)
    assert _plain(told.sentence) == ("jeudi 30 avril 2026 : 3 mois à partir du 31 janvier 2026, notification de la non-conformité "
                                     "(arrêté du 6 juin 2019, art. 5).")
    assert _plain(explanation.reason("en")) == ("Thursday 30 April 2026: 3 months from 31 January 2026, notification of the non-conformity "
                                                "(order of 6 June 2019, art. 5).")


def test_a_roll_is_told_with_the_day_it_left() -> None:
    lines = reckon(PLAN, date(2027, 3, 12), [_granted(30)], calendar=PARIS).explanation.tell("fr").lines
    assert [line.sign for line in lines] == ["", "+", "=", "→", "+", "="]
    assert _plain(lines[4].note) == "prolongation accordée le 8 avril 2027 : congé"


def test_a_figure_to_validate_is_marked() -> None:
    assert "à valider" in _plain(reckon(PLAN, date(2027, 3, 12), calendar=PARIS).explanation.tell("fr").remarks[0])


def _broken(**changes: Any) -> bytes:
    version = {"length": "P3M", "basis": "law", "source": "s"} | changes
    rule = {"title": "t", "anchor": "a", "versions": [{key: value for key, value in version.items() if value is not None}]}
    return repr({"rules": {"wrong": rule, "right": {**rule, "versions": [{"length": "P1M", "basis": "body", "source": "s"}]}}}).encode()


@pytest.mark.parametrize(("changes", "code"), [
    ({"length": "3 months"}, "deadlines.not_a_length"), ({"length": "P0D"}, "deadlines.not_a_length"),
    ({"basis": "habit"}, "deadlines.not_a_choice"),
    ({"source": None}, "deadlines.missing"), ({"remindrs": []}, "deadlines.unknown_key"), ({"roll": "back"}, "deadlines.not_a_choice"),
    ({"reminders": [{"within": "P1M"}]}, "deadlines.unknown_key"), ({"valid": {"from": "soon"}}, "deadlines.not_a_day"),
])
def test_a_wrong_rule_is_named_and_the_right_ones_are_read(changes: dict[str, Any], code: str) -> None:
    rules = Rules.read(_broken(**changes))
    assert list(rules) == ["right"]
    assert [(problem.element, problem.code, problem.level) for problem in rules.problems] == [("wrong", code, "error")]


def test_versions_that_overlap_are_refused() -> None:
    data = YAML.replace("to: 2023-08-31", "to: 2023-09-01")
    assert [problem.code for problem in Rules.read(data.encode()).problems] == ["deadlines.versions_overlap"]


@pytest.mark.parametrize("data", [b"rules: [", b"", b"[]", b"\xff\xfe"])
def test_a_file_that_is_no_rules_is_one_problem(data: bytes) -> None:
    assert len(Rules.read(data).problems) == 1


def test_a_rule_is_plain_data() -> None:
    assert isinstance(MAJOR, Rule)
    assert MAJOR.versions[1].consequence("en") == "Certification is refused."
