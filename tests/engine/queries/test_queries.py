"""What pages read: only what the reader may see, the same cost however much there is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event as events

from engine.errors import NotAllowed, NotFound
from engine.people.accounts import Accounts
from engine.people.person import Person
from engine.queries import Queries
from engine.queries.asked import VIEWS
from engine.queries.places import Place
from engine.settings import Settings
from engine.store.database import Store
from tests.engine.rows import put_case, put_task
from tests.engine.service.stage import Stage

RULES = """
rules:
  plan:
    title: {fr: Plan d’actions, en: Action plan}
    anchor: {fr: notification, en: notification}
    versions: [{length: P30D, basis: body, source: PR-07, extension: {max: P30D}, pause: true, warns: {before: P10D}}]
  internal:
    title: Relecture
    anchor: réception
    versions: [{length: P5D, basis: body, source: PR-08}]
"""
FORM = '{"type": "default", "components": [{"type": "textfield", "id": "f", "key": "answer", "label": "Réponse"}]}'
DIAGRAM = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:jalon="urn:jalon:bpmn:1" targetNamespace="t" id="d">
<process id="p" name="Dossier" isExecutable="true" jalon:title="client_name">
  <extensionElements><jalon:milestone id="plan" name="Plan" nameEn="Plan"/><jalon:milestone id="extra" name="Option" nameEn="Option"/>
    <jalon:milestone id="review" name="Relecture" nameEn="Review"/></extensionElements>
  <startEvent id="Start" name="Début"><outgoing>a</outgoing></startEvent>
  <userTask id="Write" name="Écrire le plan" jalon:nameEn="Write the plan" jalon:groups="applicant" jalon:form="plan" jalon:result="plan"
    jalon:due="deadline(&quot;plan&quot;, asked_on)" jalon:milestone="plan"><documentation>Trois lignes suffisent.</documentation>
    <incoming>a</incoming><outgoing>b</outgoing></userTask>
  <userTask id="Review" name="Relire" jalon:nameEn="Review" jalon:groups="reviewer,sales" jalon:notWhoDid="Write" jalon:milestone="review"
    jalon:due="deadline(&quot;internal&quot;, today())"><incoming>b</incoming><outgoing>c</outgoing></userTask>
  <endEvent id="End" name="Accordé" jalon:nameEn="Granted"><incoming>c</incoming></endEvent>
  <sequenceFlow id="a" sourceRef="Start" targetRef="Write"/><sequenceFlow id="b" sourceRef="Write" targetRef="Review"/>
  <sequenceFlow id="c" sourceRef="Review" targetRef="End"/>
</process></definitions>"""
ASKED_ON = date(2026, 1, 31)


class House(Stage):
    """A stage with a case in it: a plan that Yann, a party, has to write."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.queries = Queries(store, self.engine.library, self.clock, Settings.load())
        self.deploy(DIAGRAM.encode(), deadlines__yaml=RULES.encode(), plan__form__json=FORM.encode())
        self.case_id = self.start({"client_name": "Lisière", "asked_on": ASKED_ON})
        with store.begin() as work:
            accounts = Accounts(work.connection)
            for name in ("yann", "rival"):
                self.people[name] = accounts.create(f"{name}@x.example", name.title(), now=self.clock.now(), groups=("applicant",),
                                                    email=f"{name}@x.example")
            other = put_case(work.connection, self.row(self.case_id).definition_id, process_id="p", title="Autre", bindings={"": "p"})
            accounts.join_party(self.case_id, "yann@x.example", "Yann", role="client", locale="fr", now=self.clock.now())
            accounts.join_party(other, "rival@x.example", "Rival", role="client", locale="fr", now=self.clock.now())

    def ids(self, who: str, view: Any = "groups") -> list[str]:
        return [line.id for line in self.queries.inbox(self.people[who], view).lines]


@pytest.fixture
def house(sqlite_store: Store) -> Iterator[House]:
    yield House(sqlite_store)


@pytest.fixture
def both(store: Store) -> House:
    return House(store)


def test_a_task_of_the_client_is_offered_to_the_parties_of_its_case_only(both: House) -> None:
    assert both.ids("yann") == [both.task("Write")]
    assert both.ids("rival") == both.ids("samuel") == []
    line = both.queries.inbox(both.people["yann"], "groups").lines[0]
    assert (line.name.en, line.case.title, line.due_on, line.standing) == ("Write the plan", "Lisière", date(2026, 3, 2), "on_time")
    assert line.reason is not None
    assert "30 days from 31 January 2026" in line.reason.en.replace("\u00a0", " ")


def test_views_follow_what_a_person_does(both: House) -> None:
    both.complete("Write", by="yann", answer="Oui")
    task, rachel = both.task("Review"), both.people["rachel"]
    assert both.ids("rachel") == both.ids("samuel") == [task]
    both.engine.claim_task(task, rachel)
    assert (both.ids("rachel", "mine"), both.ids("samuel", "mine")) == ([task], [])
    both.engine.follow_up_task(task, both.clock.now() + timedelta(days=1), rachel)
    assert (both.ids("rachel", "mine"), both.ids("rachel", "later")) == ([], [task])
    both.clock.set(datetime(2026, 2, 6, tzinfo=UTC))
    assert both.ids("rachel", "mine") == both.ids("rachel", "overdue") == both.ids("samuel", "overdue") == [task]
    both.complete("Review", by="rachel")
    assert (both.ids("rachel", "done"), both.ids("samuel", "done"), both.ids("rachel", "overdue")) == ([task], [], [])
    counts = both.queries.counts(rachel)
    assert [getattr(counts, view).value for view in VIEWS] == [0, 0, 0, 0, 1]


def _many(house: House, count: int) -> list[str]:
    definition_id = house.row(house.case_id).definition_id
    with house.store.begin() as work:
        return [put_task(work.connection, definition_id, house.case_id, "Review", process_id="p", groups=("reviewer", "sales"),
                         due_at=house.clock.now() + timedelta(minutes=number // 2)) for number in range(count)]


def test_pages_of_a_view_hold_each_task_once_in_order_of_due_day(both: House) -> None:
    ids = _many(both, 25)
    with both.store.begin() as work:
        Accounts(work.connection).set_groups(both.people["rachel"].id, ["reviewer", "sales"])
        rachel = Accounts(work.connection).get(both.people["rachel"].id)
    seen, after = list[Any](), None
    while True:
        found = both.queries.inbox(rachel, "groups", after=after, size=10)
        seen += found.lines
        after = found.after
        if after is None:
            break
    assert sorted(line.id for line in seen) == sorted(ids)
    assert [line.due_at for line in seen] == sorted(line.due_at for line in seen)
    assert found.counts.groups.value == 25


@pytest.mark.parametrize("text", ["", "x", "2026-01-01~a", "yesterday~b", "2026-01-01T00:00:00~c"])
def test_a_place_nobody_wrote_is_the_first_page(text: str) -> None:
    assert Place.read(text) is None


def _statements(house: House, person: Person) -> tuple[int, list[str]]:
    """How many statements an inbox takes, and the plan of those that read candidates in order."""
    plans, count = list[str](), 0

    def told(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        nonlocal count
        count += statement.startswith("SELECT")
        if "ORDER BY candidate" in statement:
            plans.extend(row[3] for row in connection.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    events.listen(house.store.engine, "after_cursor_execute", told)
    house.queries.inbox(person, "groups")
    events.remove(house.store.engine, "after_cursor_execute", told)
    return count, plans


def test_the_first_page_of_a_group_costs_the_same_however_many_wait(house: House) -> None:
    _many(house, 60)
    few, plans = _statements(house, house.people["rachel"])
    _many(house, 60)
    many, _ = _statements(house, house.people["rachel"])
    assert few == many <= 12
    assert plans and all("INDEX" in plan and "TEMP B-TREE" not in plan for plan in plans)


def test_counting_stops_at_a_limit(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.queries.inbox.MOST_COUNTED", 9)
    _many(house, 12)
    assert str(house.queries.counts(house.people["rachel"]).groups) == "9+"


def test_the_page_of_a_task_has_its_form_its_values_and_what_one_may_do(both: House) -> None:
    page = both.queries.task(both.task("Write"), both.people["yann"])
    assert page.form is not None
    assert page.form.fields(page.values)[0].label.fr == "Réponse"
    assert (page.values["client_name"], page.documentation.fr) == ("Lisière", "Trois lignes suffisent.")
    assert (page.may_claim, page.may_release, page.may_complete, page.refusal, page.candidates) == (True, False, True, None, ("Yann",))
    assert page.deadline is not None
    assert (page.deadline.due_on, page.deadline.most_days, page.deadline.may_pause) == (date(2026, 3, 2), 30, True)
    beside = both.queries.task(both.task("Write"), both.people["samuel"])
    assert beside.refusal is not None
    assert (beside.refusal.rule, beside.may_claim, beside.may_complete) == ("party", False, False)
    for stranger in ("rival",):
        with pytest.raises(NotFound):
            both.queries.task(both.task("Write"), both.people[stranger])
    with pytest.raises(NotFound):
        both.queries.task("0" * 32, both.people["samuel"])


def test_a_task_that_is_done_can_still_be_read_and_not_done_again(house: House) -> None:
    task = house.task("Write")
    house.complete("Write", by="yann", answer="Oui")
    page = house.queries.task(task, house.people["samuel"])
    assert (page.line.state, page.may_complete, page.refusal) == ("completed", False, None)


def test_the_page_of_a_case_tells_where_it_stands(both: House) -> None:
    both.complete("Write", by="yann", answer="Oui")
    both.clock.set(datetime(2026, 2, 6, tzinfo=UTC))
    page = both.queries.case(both.case_id, both.people["samuel"])
    assert [(one.id, one.state) for one in page.milestones] == [("plan", "done"), ("extra", "passed_by"), ("review", "late")]
    assert (page.line.milestone and page.line.milestone.fr, page.line.late, page.line.next_due_on) == ("Relecture", 1, date(2026, 2, 5))
    assert [(one.rule, one.standing) for one in page.deadlines] == [("internal", "late"), ("plan", "met")]
    assert [task.element for task in page.tasks] == ["Review"]
    assert (page.trails["p"].here, page.definition_key, page.version) == ({"Review": 1}, "p", 1)
    assert {"Start", "Write"} <= page.trails["p"].passed.keys()
    assert page.variables["plan"] == {"answer": "Oui"}
    told = [line.text.en for line in page.history]
    assert told[-1] == "Case opened"
    assert "Done: Write the plan" in told
    assert next(line.actor for line in page.history if line.kind == "task_completed") == "Yann"


def test_people_of_the_outside_see_of_their_case_what_is_meant_for_them(both: House) -> None:
    both.complete("Write", by="yann", answer="Oui")
    both.engine.add_comment(both.case_id, "Entre nous", both.people["samuel"])
    page = both.queries.case(both.case_id, both.people["yann"])
    assert (page.comments, page.incidents, page.variables, page.trails, page.tasks) == ((), (), {}, {}, ())
    assert [one.rule for one in page.deadlines] == ["plan"]
    assert "task_opened" not in {line.kind for line in page.history}
    with pytest.raises(NotFound):
        both.queries.case(both.case_id, both.people["rival"])
    assert [line.title for line in both.queries.cases(both.people["yann"]).lines] == ["Lisière"]


def test_cases_are_found_by_number_and_title(both: House) -> None:
    def found(search: str, **options: Any) -> list[str]:
        return [line.title for line in both.queries.cases(both.people["samuel"], search=search, **options).lines]

    with both.store.begin() as work:
        put_case(work.connection, both.row(both.case_id).definition_id, process_id="p", title="100% Réussite", business_key="2026-0412",
                 bindings={"": "p"}, state="completed")
    assert found("2026-04") == found("réUSSite") == found("0%") == ["100% Réussite"]
    assert found("_") == []
    assert sorted(found("")) == ["100% Réussite", "Autre", "Lisière"]
    assert found("", state="completed") == ["100% Réussite"]
    assert both.queries.case_number(both.queries.case_id("2026-0412")) == "2026-0412"
    first = both.queries.cases(both.people["samuel"], size=2)
    assert [line.title for line in (*first.lines, *both.queries.cases(both.people["samuel"], after=first.after, size=2).lines)] == found("")


def test_a_case_that_ended_tells_its_outcome(house: House) -> None:
    house.complete("Write", by="yann", answer="Oui")
    house.complete("Review", by="rachel")
    page = house.queries.case(house.case_id, house.people["samuel"])
    assert (page.line.outcome and page.line.outcome.en, page.line.state, page.tasks) == ("Granted", "completed", ())
    assert [one.state for one in page.milestones] == ["done", "passed_by", "done"]


def test_the_agenda_sorts_deadlines_by_when_they_end(both: House) -> None:
    samuel = both.people["samuel"]
    assert [one.deadline.rule for one in both.queries.agenda(samuel).later] == ["plan"]
    both.clock.set(datetime(2026, 2, 25, 9, tzinfo=UTC))
    agenda = both.queries.agenda(samuel)
    assert [(one.deadline.rule, one.deadline.standing) for one in agenda.later] == [("plan", "soon")] and agenda.later_count.value == 1
    assert [(week.number, week.body) for week in agenda.weeks[:3]] == [(9, 0), (10, 1), (11, 0)]
    both.clock.set(datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert [one.deadline.rule for one in both.queries.agenda(samuel).this_week] == ["plan"]
    both.clock.set(datetime(2026, 3, 3, 9, tzinfo=UTC))
    assert [one.deadline.standing for one in both.queries.agenda(samuel).late] == ["late"]
    assert both.queries.agenda(samuel, basis="law").late == both.queries.agenda(samuel, rule="internal").late == ()
    with pytest.raises(NotAllowed):
        both.queries.agenda(both.people["yann"])


def test_the_overview_counts_what_runs(both: House) -> None:
    found = both.queries.operations(both.people["maud"])
    assert (found.active_cases.value, found.open_incidents.value, found.armed_timers.value, found.handlers) == (2, 0, 0, ())
    with pytest.raises(NotAllowed):
        both.queries.operations(both.people["yann"])


def test_cases_are_filtered_and_ordered_on_every_page(both: House) -> None:
    samuel = both.people["samuel"]
    begun = [line.started_at for line in both.queries.cases(samuel, sort="begun").lines]
    assert begun == sorted(begun, reverse=True)
    first = both.queries.cases(samuel, sort="oldest", size=1)
    rest = both.queries.cases(samuel, sort="oldest", size=1, after=first.after)
    assert [line.id for line in (*first.lines, *rest.lines)] == [line.id for line in both.queries.cases(samuel, sort="oldest").lines]
    assert both.queries.cases(samuel, late=True).lines == both.queries.cases(samuel, milestone="nowhere").lines == ()
    both.clock.set(datetime(2026, 3, 3, 9, tzinfo=UTC))
    assert both.case_id in {line.id for line in both.queries.cases(samuel, late=True).lines}


def test_the_machines_lists_are_read_page_by_page(both: House) -> None:
    maud, yann = both.people["maud"], both.people["yann"]
    both.engine.give_sign("host-1", None)
    assert both.queries.incidents(maud).lines == both.queries.incidents(maud, settled=True).lines == ()
    assert both.queries.jobs(maud, state="failed", handlers=["client.notify"]).lines == both.queries.timers(maud, late=True).lines == ()
    assert both.queries.sent_letters(maud).lines == ()
    assert [(one.owner, one.silent) for one in both.queries.health(maud).workers] == [("host-1", False)]
    both.clock.set(datetime(2026, 3, 3, 9, tzinfo=UTC))
    assert both.queries.health(maud).workers[0].silent
    first = both.queries.verify_some(maud, "", 1)
    assert (first.cases, first.broken, first.of) == (1, (), 2) and both.queries.verify_some(maud, first.after, 1).after == ""
    assert "deadline_missed" not in {line.kind for line in both.queries.happened(maud, both.clock.now(), both.clock.now()).lines}
    told = both.queries.happened(maud, datetime(2026, 1, 1, tzinfo=UTC), both.clock.now())
    assert {"instance_started", "task_opened"} <= {line.kind for line in told.lines}
    assert {line.case.id for line in both.queries.happened(yann, told.since, told.until).lines} == {both.case_id}
    for read in (both.queries.incidents, both.queries.timers, both.queries.sent_letters, both.queries.health):
        with pytest.raises(NotAllowed):
            read(yann)


def test_the_agenda_tells_owners_and_a_calendar_is_ones_own(both: House) -> None:
    samuel, rachel = both.people["samuel"], both.people["rachel"]
    [line] = both.queries.agenda(samuel).later
    assert (line.people, line.groups) == ((), ("applicant",)) and both.queries.agenda(samuel, process="nothing").later == ()
    assert both.queries.agenda(rachel, mine=True).later == both.queries.own_agenda(rachel, mine=True) == ()
    assert [one.deadline.rule for one in both.queries.own_agenda(samuel, mine=False)] == ["plan"]
    secret = both.engine.open_feed("all", samuel)
    assert both.engine.read_feed(secret) == (samuel, "all")
    feed = both.queries.calendar_feed(samuel)
    assert feed is not None and feed.read_at == both.clock.now()
    both.engine.close_feed(samuel)
    with pytest.raises(NotFound):
        both.engine.read_feed(secret)


def test_a_document_is_read_by_those_it_is_for(house: House) -> None:
    with pytest.raises(NotFound):
        house.queries.document("0" * 32, house.people["samuel"])
    assert house.queries.letters(house.people["yann"], instance_id=house.case_id) == ()
