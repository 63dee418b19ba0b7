"""Accounts: who logs in, with what, and for how long."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from engine.people import accounts
from engine.people.accounts import Accounts, LoginRefused, LoginTaken, NoSuchPerson, PasswordTooShort
from engine.people.groups import GroupsNotReadable, read_groups
from engine.store.database import Store
from engine.store.tables import person, session
from tests.engine.rows import NOW, put_case, put_definition

PASSWORD = "un long mot de passe"
HASH = accounts.hash_password(PASSWORD)


@pytest.fixture
def connection() -> Iterator[Connection]:
    with Store.memory().begin() as work:
        yield work.connection


@pytest.fixture
def people(connection: Connection) -> Accounts:
    return Accounts(connection)


def test_a_person_logs_in_with_the_right_password_only(people: Accounts) -> None:
    anna = people.create("Anna", "Anna Léon", now=NOW, groups=["auditor", "reviewer"], password_hash=HASH)
    assert people.authenticate(" ANNA ", PASSWORD) == anna
    assert anna.groups == {"auditor", "reviewer"}
    for login, password in (("anna", "faux"), ("nobody", PASSWORD)):
        with pytest.raises(LoginRefused):
            people.authenticate(login, password)


def test_who_has_no_password_or_has_left_does_not_log_in(people: Accounts) -> None:
    people.create("guest", "Guest", now=NOW)
    gone = people.create("gone", "Gone", now=NOW, password_hash=HASH)
    token = people.open_session(gone.id, now=NOW)
    people.set_active(gone.id, False)
    assert people.of_session(token, now=NOW) is None
    for login in ("guest", "gone"):
        with pytest.raises(LoginRefused):
            people.authenticate(login, PASSWORD)
    with pytest.raises(NoSuchPerson):
        people.by_login("gone")


def test_a_login_belongs_to_one_person_and_a_password_is_long(people: Accounts) -> None:
    people.create("anna", "Anna", now=NOW)
    with pytest.raises(LoginTaken):
        people.create("ANNA", "Other", now=NOW)
    with pytest.raises(PasswordTooShort):
        people.create("paul", "Paul", now=NOW, password="court")


def test_a_session_lasts_until_its_end_and_its_token_is_not_kept(people: Accounts, connection: Connection) -> None:
    anna = people.create("anna", "Anna", now=NOW, groups=["auditor", "planning"])
    token = people.open_session(anna.id, now=NOW, lasts=timedelta(hours=1))
    assert people.of_session(token, now=NOW + timedelta(minutes=59)) == anna
    assert people.of_session(token, now=NOW + timedelta(hours=1)) is None
    assert token not in connection.execute(select(session.c.token_hash)).scalars().all()
    people.close_session(token)
    assert people.of_session(token, now=NOW) is None


def test_a_new_password_ends_the_sessions(people: Accounts) -> None:
    anna = people.create("anna", "Anna", now=NOW)
    token = people.open_session(anna.id, now=NOW)
    people.set_password(anna.id, "une autre phrase")
    assert people.of_session(token, now=NOW) is None
    assert people.authenticate("anna", "une autre phrase") == anna


def test_a_party_is_made_once_and_found_again_by_mail(people: Accounts, connection: Connection) -> None:
    definition_id = put_definition(connection)
    cases = [put_case(connection, definition_id) for _ in range(2)]
    joined = [people.join_party(case, "Yann@Lisiere.example", "Yann", role="client", locale="en", now=NOW) for case in (*cases, cases[0])]
    assert len({who.id for who in joined}) == 1
    assert joined[0].groups == {"applicant"}
    assert connection.execute(select(person.c.login)).scalars().all() == ["yann@lisiere.example"]


def test_members_are_the_active_people_of_the_groups_in_order(people: Accounts) -> None:
    for login, name, groups in (("z", "Zoé", ["decider"]), ("a", "Anna", ["auditor", "decider"]), ("b", "Bo", ["sales"])):
        people.create(login, name, now=NOW, groups=groups)
    assert [who.name for who in people.members(["decider", "auditor"])] == ["Anna", "Zoé"]
    assert people.members(["decider"])[0].groups == {"auditor", "decider"}


def test_groups_are_read_with_their_names() -> None:
    groups = read_groups(b"groups: {auditor: {name: {fr: Auditeurs, en: Auditors}}, sales: {fr: Commerce, en: Sales}}")
    assert [group.name("fr") for group in groups.values()] == ["Auditeurs", "Commerce"]
    for wrong in (b"auditors: 1", b"groups: {a: }", b"groups: ["):
        with pytest.raises(GroupsNotReadable):
            read_groups(wrong)
