"""A whole house for page tests: the real engine with the shipped processes and handlers, in memory, with time that is moved."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Flask
from flask.testing import FlaskClient

from engine.change.rehearsal import Rehearsal
from engine.definitions.files import folders
from engine.people.accounts import Accounts
from engine.people.groups import read_groups
from engine.queries import Queries
from engine.settings import Settings
from engine.store.database import Store
from handlers import binding, catalogue, validators
from web.app import create_app
from web.auth import COOKIE
from web.demo import Demo

PROCESSES = Path("processes")
SECRET = "a secret of the tests, long enough"
AT = datetime(2027, 3, 1, 9)


@cache
def process_files() -> dict[str, dict[str, bytes]]:
    return folders(PROCESSES)


def sample(name: str) -> dict[str, Any]:
    """A sample application."""
    found: dict[str, Any] = json.loads((PROCESSES / "certification/samples" / f"{name}.json").read_text())
    return found


class House:
    """The engine, its people, and the pages over it."""

    def __init__(self, at: datetime = AT, *, demo: bool = False) -> None:
        self.settings = Settings.load(secret_key=SECRET)
        self.outside = binding.Outside()
        groups = read_groups((PROCESSES / "groups.yaml").read_bytes())
        self.play = Rehearsal(at, registry=catalogue.registry(), settings=self.settings, validators=validators.VALIDATORS, groups=groups,
                              ports=lambda store, clock: binding.rehearsal(store, clock, self.settings, self.outside))
        self.play.add_people(yaml.safe_load((PROCESSES / "cast.yaml").read_text())["people"])
        self.play.deploy_all(process_files())
        parts = Demo(self.everybody) if demo else None
        self.app: Flask = create_app(self.play.engine, Queries(self.play.store, self.play.engine.library, self.play.clock, self.settings), self.play.store,
                                     self.settings, self.play.clock, groups=groups, demo_parts=parts, strict_texts=True)

    @property
    def store(self) -> Store:
        return self.play.store

    def everybody(self) -> Any:
        with self.store.read() as connection:
            return tuple(Accounts(connection).everybody())

    def client(self, login: str = "") -> FlaskClient:
        """A browser, logged in as somebody when named; it sends forms from the site's own pages."""
        client = self.app.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        if login:
            with self.store.begin() as work:
                accounts = Accounts(work.connection)
                client.set_cookie(COOKIE, accounts.open_session(accounts.by_login(login).id, now=self.play.clock.now()))
        return client
