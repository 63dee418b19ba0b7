"""The ledger of deadlines keeps what people add, and the rules of who may add it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from engine.errors import NotAllowed
from engine.states import DeadlineState
from engine.store.database import Store
from engine.work.calendars import Calendar
from engine.work.deadlines import DeadlineClosed, Entry, ExtensionRefused, Ledger, PauseRefused, Rules
from engine.work.ledger import most_days
from tests.engine.rows import NOW, put_case, put_definition
from tests.engine.work.test_deadlines import YAML

RULES = Rules.read(YAML.encode())
PLAN, MAJOR = RULES["plan"], RULES["nc.major.correction"]
ANCHOR = date(2027, 3, 15)
ASKER, GRANTER = "a" * 32, "b" * 32


@dataclass
class Case:
    ledger: Ledger
    instance_id: str
    definition_id: str

    def open(self, rule: str = "plan", scope: str = "") -> Entry:
        return self.ledger.open(self.instance_id, self.definition_id, scope, RULES[rule], ANCHOR, now=NOW)


@pytest.fixture
def case() -> Iterator[Case]:
    with Store.memory().begin() as work:
        definition_id = put_definition(work.connection)
        yield Case(Ledger(work.connection, Calendar()), put_case(work.connection, definition_id), definition_id)


def test_a_deadline_opens_once_for_its_scope_rule_and_anchor(case: Case) -> None:
    assert case.open() == case.open()
    assert case.open().id != case.open(scope="nc1").id
    assert len(case.ledger.of_instance(case.instance_id)) == 2


def test_an_extension_is_granted_by_another_person_and_moves_the_day(case: Case) -> None:
    entry = case.open()
    asked = case.ledger.ask_extension(entry.id, PLAN, 10, "congé", by=ASKER, now=NOW)
    assert (asked.due_on, asked.asked) == (date(2027, 4, 14), 0)
    with pytest.raises(NotAllowed) as caught:
        case.ledger.grant_extension(entry.id, PLAN, by=ASKER, now=NOW)
    assert caught.value.rule == "four_eyes"
    reckoned = case.ledger.grant_extension(entry.id, PLAN, by=GRANTER, now=NOW)
    assert (reckoned.deadline_id, reckoned.before, reckoned.entry.due_on) == (entry.id, date(2027, 4, 14), date(2027, 4, 26))
    assert reckoned.entry.lapses_at == datetime(2027, 4, 26, 22, tzinfo=UTC)
    assert most_days(reckoned.entry, PLAN, case.ledger.calendar) == 20


def test_extensions_never_pass_the_most_the_rule_allows(case: Case) -> None:
    entry = case.open()
    case.ledger.ask_extension(entry.id, PLAN, 20, "congé", by=ASKER, now=NOW)
    case.ledger.grant_extension(entry.id, PLAN, by=GRANTER, now=NOW)
    with pytest.raises(ExtensionRefused) as caught:
        case.ledger.ask_extension(entry.id, PLAN, 11, "encore", by=ASKER, now=NOW)
    assert "10 jours" in caught.value.sentence("fr")


@pytest.mark.parametrize(("days", "reason"), [(0, "congé"), (-3, "congé"), (5, "  ")])
def test_an_extension_needs_days_and_a_reason(case: Case, days: int, reason: str) -> None:
    with pytest.raises(ExtensionRefused):
        case.ledger.ask_extension(case.open().id, PLAN, days, reason, by=ASKER, now=NOW)


def test_a_deadline_set_by_law_is_not_extended_or_paused(case: Case) -> None:
    entry = case.open("nc.major.correction")
    with pytest.raises(ExtensionRefused) as caught:
        case.ledger.ask_extension(entry.id, MAJOR, 1, "congé", by=ASKER, now=NOW)
    assert "délai légal" in caught.value.sentence("fr")
    with pytest.raises(PauseRefused):
        case.ledger.pause(entry.id, MAJOR, "pièce", by=ASKER, now=NOW)


def test_a_refused_extension_changes_nothing_and_another_may_be_asked(case: Case) -> None:
    entry = case.open()
    case.ledger.ask_extension(entry.id, PLAN, 10, "congé", by=ASKER, now=NOW)
    with pytest.raises(ExtensionRefused):
        case.ledger.ask_extension(entry.id, PLAN, 5, "congé", by=ASKER, now=NOW)
    assert case.ledger.refuse_extension(entry.id, by=GRANTER).due_on == entry.due_on
    assert case.ledger.ask_extension(entry.id, PLAN, 5, "congé", by=ASKER, now=NOW).asked == 1


def test_a_pause_keeps_its_days(case: Case) -> None:
    entry = case.open()
    paused = case.ledger.pause(entry.id, PLAN, "pièce attendue", by=ASKER, now=datetime(2027, 3, 20, 9, tzinfo=UTC))
    assert (paused.state, paused.due_on) == (DeadlineState.PAUSED, date(2027, 4, 14))
    with pytest.raises(PauseRefused):
        case.ledger.pause(entry.id, PLAN, "encore", by=ASKER, now=NOW)
    resumed = case.ledger.resume(entry.id, PLAN, now=datetime(2027, 3, 29, 9, tzinfo=UTC)).entry
    assert (resumed.state, resumed.due_on) == (DeadlineState.OPEN, date(2027, 4, 23))
    with pytest.raises(PauseRefused):
        case.ledger.resume(entry.id, PLAN, now=NOW)


def test_a_closed_deadline_stays_as_it_is(case: Case) -> None:
    entry = case.open()
    case.ledger.write([entry.closed(DeadlineState.MET, NOW)])
    assert case.ledger.get(entry.id).closed(DeadlineState.DROPPED, NOW) == case.ledger.get(entry.id)
    assert case.ledger.get(entry.id).state is DeadlineState.MET
    with pytest.raises(DeadlineClosed):
        case.ledger.ask_extension(entry.id, PLAN, 5, "congé", by=ASKER, now=NOW)
