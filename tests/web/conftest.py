"""The pages on a real store in memory, with a clock that is set and one person logged in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.clock import VirtualClock
from engine.handler import Registry
from engine.people.accounts import Accounts
from engine.people.groups import Group, read_groups
from engine.people.person import Person
from engine.queries import Queries
from engine.service import Engine, Ports
from engine.settings import Settings
from engine.store.database import Store
from web.app import create_app
from web.auth import COOKIE

MORNING = datetime(2027, 5, 19, 8, 58, tzinfo=UTC)
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(MORNING)


@pytest.fixture
def store() -> Store:
    return Store.memory()


@pytest.fixture(scope="session")
def groups() -> dict[str, Group]:
    with open("processes/groups.yaml", "rb") as file:
        return read_groups(file.read())


@pytest.fixture
def app(store: Store, clock: VirtualClock, groups: dict[str, Group]) -> Flask:
    settings = Settings.load(secret_key="a secret of the tests, long enough")
    engine = Engine(store, Registry(), Ports(), clock, settings)
    return create_app(engine, Queries(store, engine.library, clock, settings), store, settings, clock, groups=groups, strict_texts=True)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who has not logged in, sending forms from the site's own pages."""
    client = app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client


def make_person(store: Store, login: str, *groups: str, password: str | None = None) -> Person:
    """An account with a name in two parts."""
    with store.begin() as work:
        return Accounts(work.connection).create(login, f"{login.capitalize()} Martin", now=MORNING, groups=groups, password=password)


def log_in(client: FlaskClient, store: Store, person: Person) -> FlaskClient:
    """Give the client a session of this person."""
    with store.begin() as work:
        token = Accounts(work.connection).open_session(person.id, now=MORNING)
    client.set_cookie(COOKIE, token)
    return client
