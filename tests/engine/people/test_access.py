"""Who may do what, and the reason when they may not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from engine.errors import NotAllowed
from engine.people.access import Access, CaseNotFound, TaskFacts
from engine.people.accounts import Accounts
from engine.people.person import Person
from engine.store.database import Store
from engine.texts import Text
from engine.work.calendars import Calendar
from tests.engine.rows import NOW, put_case, put_definition, put_task

NAMES = {"Activity_Audit": Text("Auditer", "Audit"), "Activity_Decide": Text("Décider", "Decide")}


@dataclass
class House:
    connection: Connection
    access: Access
    people: dict[str, Person]
    definition_id: str
    case_id: str

    def decide(self, **changes: object) -> TaskFacts:
        task = TaskFacts("t" * 32, self.case_id, self.definition_id, "certification", "Activity_Decide", "open", None, ("decider",),
                         ("Activity_Audit", "Activity_VerifyEvidence"))
        return replace(task, **changes)  # type: ignore[arg-type]

    def audited_by(self, name: str, state: str = "completed") -> None:
        put_task(self.connection, self.definition_id, self.case_id, "Activity_Audit", state=state, closed_by=self.people[name].id,
                 closed_at=NOW + timedelta(days=3))


@pytest.fixture
def house() -> Iterator[House]:
    with Store.memory().begin() as work:
        accounts = Accounts(work.connection)
        people = {name: accounts.create(name, name.title(), now=NOW, groups=groups) for name, groups in {
            "anna": ["auditor", "decider"], "paul": ["decider"], "ines": ["auditor"], "root": ["administrator"]}.items()}
        definition_id = put_definition(work.connection)
        case_id, other = put_case(work.connection, definition_id), put_case(work.connection, definition_id)
        people["yann"] = accounts.join_party(case_id, "yann@x.example", "Yann", role="client", locale="fr", now=NOW)
        people["rival"] = accounts.join_party(other, "rival@x.example", "Rival", role="client", locale="fr", now=NOW)
        access = Access(work.connection, Calendar(), lambda definition, process, element: NAMES.get(element, Text(element, element)))
        yield House(work.connection, access, people, definition_id, case_id)


def _refused(house: House, task: TaskFacts, who: str) -> NotAllowed:
    with pytest.raises(NotAllowed) as caught:
        house.access.check_may_complete(task, house.people[who])
    return caught.value


def test_a_member_of_the_group_may_and_others_are_told_who_can(house: House) -> None:
    house.access.check_may_claim(house.decide(), house.people["paul"])
    for outsider in ("ines", "root", "yann"):
        refusal = _refused(house, house.decide(), outsider)
        assert (refusal.rule, refusal.who_can) == ("group", ("Anna", "Paul"))


def test_a_task_somebody_holds_is_theirs_alone(house: House) -> None:
    held = house.decide(assignee_id=house.people["paul"].id)
    house.access.check_may_complete(held, house.people["paul"])
    refusal = _refused(house, held, "anna")
    assert (refusal.rule, refusal.fact) == ("claim", Text("Paul a pris cette tâche.", "Paul has taken this task."))


def test_who_evaluated_does_not_decide_and_reads_why(house: House) -> None:
    house.audited_by("anna")
    refusal = _refused(house, house.decide(), "anna")
    assert refusal.rule == "separation_of_duties"
    assert refusal.fact is not None
    assert refusal.fact.fr.replace("\u00a0", " ") == (
        "Vous avez fait « Auditer » le 4 mars 2027 dans ce dossier : qui l’a fait ne fait pas « Décider ».")
    assert refusal.who_can == ("Paul",)


def test_holding_the_task_does_not_lift_the_separation(house: House) -> None:
    house.audited_by("anna")
    assert _refused(house, house.decide(assignee_id=house.people["anna"].id), "anna").rule == "separation_of_duties"


def test_only_what_was_completed_in_this_case_separates(house: House) -> None:
    house.audited_by("anna", state="cancelled")
    other = put_case(house.connection, house.definition_id)
    put_task(house.connection, house.definition_id, other, "Activity_Audit", state="completed",
             closed_by=house.people["anna"].id, closed_at=NOW)
    house.access.check_may_complete(house.decide(), house.people["anna"])


def test_people_of_the_outside_see_and_do_only_their_own_case(house: House) -> None:
    task = house.decide(groups=("applicant",), not_who_did=())
    house.access.check_may_complete(task, house.people["yann"])
    house.access.check_may_see_task(task, house.people["yann"])
    assert (_refused(house, task, "rival").rule, _refused(house, task, "paul").rule) == ("party", "party")
    with pytest.raises(NotAllowed):
        house.access.check_may_see_task(house.decide(), house.people["yann"])
    with pytest.raises(CaseNotFound):           # for a stranger nothing is there
        house.access.check_may_see_task(task, house.people["rival"])
    house.access.check_may_see_case(house.case_id, house.people["paul"])
    assert house.access.who_can(task) == ("Yann",)
