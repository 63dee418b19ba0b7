"""What is asked of the inbox: orders, filters, searches and saved views, the same cost however many tasks there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from engine.people.accounts import Accounts
from engine.people.person import Person
from engine.queries import inbox as inbox_module
from engine.queries.asked import ORDERS, Asked, Spot
from engine.queries.orders import sorting
from engine.store import words
from engine.store.counting import counted
from engine.store.database import Store
from engine.store.tables import candidate, instance, user_task
from tests.engine.queries.test_queries import House
from tests.engine.rows import put_case, put_task

NAMES = ("Zénith", "Atelier", "École du Grès", "Lisière")


class Full(House):
    """A house with 24 tasks of four organisations: dues, priorities, opening moments and steps all differ."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        definition_id = self.row(self.case_id).definition_id
        with store.begin() as work:
            connection = work.connection
            cases = []
            for number, name in enumerate(NAMES):
                case = put_case(connection, definition_id, process_id="p", title=name, sort_title=words.plain(name), bindings={"": "p"},
                                business_key=f"2027-{number:04}", milestone="plan" if number % 2 else "review")
                words.keep(connection, "case", case, words.words_of([name, f"2027-{number:04}", f"84123456{number}"]))
                cases.append(case)
            for number in range(24):
                case, name = cases[number % 4], NAMES[number % 4]
                task = put_task(connection, definition_id, case, "Review" if number % 3 else "Write", process_id="p",
                                groups=("reviewer", "sales") if number % 2 else ("reviewer",), priority=10 * (number % 7),
                                due_at=self.clock.now() + timedelta(hours=(number * 7) % 24 - 6) if number % 5 else None,
                                created_at=self.clock.now() - timedelta(minutes=(number * 5) % 24))
                connection.execute(update(candidate).where(candidate.c.task_id == task).values(title=words.plain(name)))
            Accounts(connection).set_groups(self.people["rachel"].id, ["reviewer", "sales"])
            self.rachel: Person = Accounts(connection).get(self.people["rachel"].id)

    def pages(self, asked: Asked, size: int = 5) -> list[Any]:
        """All lines of a question, page after page."""
        seen, after = list[Any](), None
        while True:
            found = self.queries.inbox(self.rachel, asked, after=after, size=size)
            seen += found.lines
            after = found.after
            if after is None:
                return seen


@pytest.fixture
def full(store: Store) -> Full:
    return Full(store)


KEYS = {
    "due": lambda line: (line.due_at is None, line.due_at),
    "newest": lambda line: -line.created_at.timestamp(),
    "priority": lambda line: (-line.priority, line.due_at is None, line.due_at),
    "organisation": lambda line: (words.plain(line.case.title), line.due_at is None, line.due_at),
}


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_pages_through_each_task_once(full: Full, order: Any) -> None:
    lines = full.pages(Asked("groups", order))
    assert len(lines) == len({line.id for line in lines}) == 24
    keys = [KEYS[order](line) for line in lines]
    assert keys == sorted(keys)


@pytest.mark.parametrize("order", ORDERS)
def test_one_s_own_tasks_come_in_the_same_orders(full: Full, order: Any) -> None:
    for line in full.pages(Asked("groups"))[:12]:
        full.engine.claim_task(line.id, full.rachel)
    lines = full.pages(Asked("mine", order))
    keys = [KEYS[order](line) for line in lines]
    assert len(lines) == 12 and keys == sorted(keys)


@pytest.mark.parametrize(("filters", "holds"), [
    ({"step": "Write"}, lambda line: line.element == "Write"), ({"process": "p"}, lambda line: True),
    ({"milestone": "plan"}, lambda line: line.case.title in NAMES[1::2]), ({"group": "sales"}, lambda line: "sales" in line.groups),
    ({"late": True}, lambda line: line.standing == "late"), ({"free": True}, lambda line: line.assignee_id is None),
    ({"search": "zenith"}, lambda line: line.case.title == "Zénith"),
    ({"search": "841 234 563"}, lambda line: line.case.title == "Lisière"),
    ({"search": "2027-0001"}, lambda line: line.case.title == "Atelier"),
    ({"search": "ecole", "step": "Review", "late": True},
     lambda line: line.case.title == "École du Grès" and line.element == "Review" and line.standing == "late")])
@pytest.mark.parametrize("order", ["due", "newest", "organisation"])
def test_filters_leave_out_what_does_not_pass_them(full: Full, filters: dict[str, Any], holds: Any, order: Any) -> None:
    for line in full.pages(Asked("groups"))[::4]:
        full.engine.claim_task(line.id, full.people["rachel"])
    every = full.pages(Asked("groups", order))
    assert [line.id for line in full.pages(Asked("groups", order, **filters), size=3)] == [line.id for line in every if holds(line)]


def test_a_filter_looks_at_a_window_at_a_time_and_says_so(full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "WINDOW", 7)
    asked = Asked("groups", step="Write")
    first = full.queries.inbox(full.rachel, asked, size=50)
    assert first.partial and first.after and 0 < len(first.lines) < 8
    assert {line.id for line in full.pages(asked, size=50)} == {line.id for line in full.pages(Asked("groups")) if line.element == "Write"}


@pytest.mark.parametrize("order", ORDERS)
def test_a_spot_is_read_back_as_it_was_written(order: Any) -> None:
    kinds = sorting(Asked("groups", order)).kinds
    for text in ("", "x", "W10", "bm90IGpzb24", "eyJhIjogMX0", "WzEsIDIsIDMsIDQsIDVd"):
        assert Spot.read(text, kinds) is None


@pytest.mark.parametrize("given", [{}, {"view": "nowhere", "order": "sideways", "late": "maybe"}, {"search": 3}, {"step": ["a"]}])
def test_a_question_nobody_asked_reads_as_the_usual_one(given: dict[str, Any]) -> None:
    assert Asked.read(given) == Asked()


def test_a_question_survives_its_address() -> None:
    asked = Asked("groups", "priority", "lisière", "p", "Write", "sales", "plan", True, True)
    assert Asked.read(asked.told()) == asked
    assert Asked().told() == {}


def test_saved_views_are_counted_for_their_reader_and_shared_by_address(full: Full) -> None:
    maud, rachel = full.people["maud"], full.rachel
    view_id = full.engine.save_view("  Plans  en retard ", Asked("groups", step="Write").told(), rachel)
    [own] = full.queries.saved_views(rachel)
    assert (own.name, own.count.value if own.count else None) == ("Plans en retard", 8)
    shared = full.queries.saved_view(view_id, maud)
    assert shared.owner_name == "Rachel" and full.queries.inbox(maud, shared.asked).lines == ()
    assert full.queries.saved_views(maud) == ()


def test_the_choices_are_those_of_one_s_groups(full: Full) -> None:
    found = full.queries.choices(full.rachel)
    assert [key for key, _ in found.steps] == ["Review"]
    assert [key for key, _ in found.milestones] == ["plan", "extra", "review"]


def test_a_page_of_the_inbox_takes_few_statements(full: Full) -> None:
    for asked in (Asked("groups"), Asked("groups", step="Write"), Asked("overdue", search="zenith"), Asked("mine", "organisation")):
        with counted(full.store) as count:
            full.queries.inbox(full.rachel, asked)
        assert count.statements <= 9, (asked, count.texts)


def test_the_pulse_changes_when_somebody_acts_and_only_then(full: Full) -> None:
    asked, samuel = Asked("groups"), full.people["samuel"]
    with full.store.begin() as work:
        Accounts(work.connection).set_groups(samuel.id, ["reviewer"])
        samuel = Accounts(work.connection).get(samuel.id)
    task = full.pages(asked)[0].id
    first = full.queries.pulse(full.rachel, asked, task)
    assert full.queries.pulse(full.rachel, asked, task) == first
    full.engine.claim_task(task, samuel)
    second = full.queries.pulse(full.rachel, asked, task)
    assert second.list_mark != first.list_mark
    assert second.task is not None and (second.task.assignee_name, second.task.state) == ("Samuel", "open")


def test_the_sorted_lists_are_read_by_their_indices(sqlite_store: Store) -> None:
    """No order of a group sorts its tasks: the index holds them in that order."""
    full = Full(sqlite_store)
    with full.store.read() as connection:
        for order in ORDERS:
            columns = sorting(Asked("groups", order))
            query = columns.ordered(inbox_module._offered(_basis(full, connection), full.rachel, Asked("groups", order), "sales"),
                                    columns.offered, None).limit(50)
            statement = str(query.compile(connection.engine, compile_kwargs={"literal_binds": True}))
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
            assert not any("TEMP B-TREE" in line for line in plan), (order, plan)


def _basis(house: House, connection: Any) -> Any:
    from engine.queries.basis import Basis
    return Basis(connection, house.queries.library, house.queries.calendar, house.clock.now())


def test_what_opens_takes_its_place_in_every_order(store: Store) -> None:
    """A task that the engine opens is sorted by its priority and its case's title, and again when these change."""
    house = House(store)
    house.complete("Write", by="yann", answer="Oui")
    with store.begin() as work:
        rows = work.connection.execute(candidate.select()).all()
        assert {(row.title, row.rank) for row in rows} == {("lisiere", 50)}
    house.engine.prioritise_task(house.task("Review"), 90, house.people["rachel"])
    with store.read() as connection:
        assert {row.rank for row in connection.execute(candidate.select())} == {10}
        assert connection.execute(instance.select().where(instance.c.id == house.case_id)).one().sort_title == "lisiere"
    assert house.queries.search(house.people["rachel"], "lisi").cases[0].case.id == house.case_id


def test_the_search_everywhere_finds_cases_tasks_people_and_processes(full: Full) -> None:
    found = full.queries.search(full.rachel, "zenith")
    assert [hit.case.title for hit in found.cases] == ["Zénith"]
    assert {line.case.title for line in found.tasks} == {"Zénith"}
    full.engine.claim_task(full.pages(Asked("groups"))[0].id, full.rachel)
    [hit] = full.queries.search(full.rachel, "rach").people
    assert (hit.name, hit.count.value, len(hit.tasks)) == ("Rachel", 1, 1)
    assert {line.element for line in full.queries.search(full.rachel, "relire").tasks} == {"Review"}
    mixed = full.queries.search(full.rachel, "relire atelier")
    assert {(line.element, line.case.title) for line in mixed.tasks} == {("Review", "Atelier")}
    assert [hit.name.fr for hit in full.queries.search(full.rachel, "dossier").processes] == ["Dossier"]
    nothing = full.queries.search(full.rachel, "")
    assert full.queries.search(full.rachel, "nothing at all") == replace(nothing, asked=("nothing", "at", "all"))


def test_the_search_everywhere_costs_the_same_with_many_more_cases(sqlite_store: Store) -> None:
    full = Full(sqlite_store)
    with counted(full.store) as few:
        full.queries.search(full.rachel, "zenith")
    definition_id = full.row(full.case_id).definition_id
    with full.store.begin() as work:
        for number in range(300):
            case = put_case(work.connection, definition_id, process_id="p", title=f"Zénith {number}", bindings={"": "p"})
            words.keep(work.connection, "case", case, words.words_of([f"Zénith {number}"]))
            work.connection.execute(insert(user_task).values(
                id=f"{number:032x}", instance_id=case, definition_id=definition_id, process_id="p", element_id="Review", state="open",
                created_at=full.clock.now()))
    with counted(full.store) as many:
        found = full.queries.search(full.rachel, "zenith")
    assert many.statements == few.statements <= 16
    assert len(found.cases) == len(found.tasks) == 8
