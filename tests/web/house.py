"""A whole house for page tests: the real engine with the shipped processes and handlers, in memory, with time that is moved."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from engine.change.leaps import Leaps
from engine.change.rehearsal import Rehearsal
from engine.change.studio import Studio
from engine.definitions.files import folders
from engine.people.accounts import Accounts
from engine.people.groups import read_groups
from engine.queries import Queries
from engine.settings import Settings
from engine.store.database import Store
from handlers import binding, catalogue, demo_body, validators
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


def flat(data: Any, path: str = "") -> MultiDict[str, str]:
    """Form data as a browser posts it: `sites.0.city=…`; a box that is not ticked is not there."""
    found: MultiDict[str, str] = MultiDict()
    for name, value in data.items() if isinstance(data, dict) else enumerate(data):
        place = f"{path}.{name}" if path else str(name)
        if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
            found.update(flat(value, place))
        elif isinstance(value, list):
            found.setlist(place, [str(item) for item in value])
        elif value is not None and value is not False:
            found[place] = "true" if value is True else str(value)
    return found


class House:
    """The engine, its people, and the pages over it."""

    def __init__(self, at: datetime = AT, *, demo: bool = False) -> None:
        self.settings = Settings.load(secret_key=SECRET, links={"shortest_seconds": 0})
        self.outside = binding.Outside()
        groups = read_groups((PROCESSES / "groups.yaml").read_bytes())
        self.play = Rehearsal(at, registry=catalogue.registry(), settings=self.settings, validators=validators.VALIDATORS, groups=groups,
                              enrol=demo_body.enrol,
                              ports=lambda store, clock: binding.rehearsal(store, clock, self.settings, self.outside))
        self.play.add_people(yaml.safe_load((PROCESSES / "cast.yaml").read_text())["people"])
        self.play.deploy_all(process_files())
        parts = Demo(self.everybody, Leaps(self.play.engine, self.play.clock)) if demo else None
        cast = yaml.safe_load((PROCESSES / "cast.yaml").read_text())["people"]
        self.studio = Studio(self.play.engine, self.stage, cast=cast)
        queries = Queries(self.play.store, self.play.engine.library, self.play.clock, self.settings)
        self.app: Flask = create_app(self.play.engine, queries, self.play.store, self.settings, self.play.clock, groups=groups,
                                     demo_parts=parts, studio_parts=self.studio, strict_texts=True)

    def stage(self, at: datetime) -> Rehearsal:
        """A rehearsal of the studio: the same handlers and settings, an outside of its own."""
        outside = binding.Outside()
        return Rehearsal(at, registry=catalogue.registry(), settings=self.settings, validators=validators.VALIDATORS, enrol=demo_body.enrol,
                         ports=lambda store, clock: binding.rehearsal(store, clock, self.settings, outside),
                         outside={"mail": outside.mail, "directory": outside.directory, "public_list": outside.public_list},
                         sent=lambda: [sent.mail.template for sent in outside.mail.sent], letters=outside.letters)

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

    def apply(self, name: str, **changes: Any) -> str:
        """Send a sample application by the public form, step by step; the case number comes back."""
        client, application = self.client(), {**sample(name), **changes}
        place = self.begin(client, application["contact"]["email"])
        while not place.endswith("/summary"):
            answer = client.post(place, data=flat(application))
            assert answer.status_code == 303, _faults(answer.text)
            place = answer.location
        answer = client.post(place)
        assert answer.status_code == 303, _faults(answer.text)
        shown = client.get(answer.location).text
        self.play.settle()
        number = re.search(r'class="num">([^<]+)<', shown)
        assert number is not None
        return number[1]

    def begin(self, client: FlaskClient, email: str) -> str:
        """Begin an application; the address of its first step comes back."""
        made = re.search(r'name="made" value="([^"]+)"', client.get("/apply").text)
        assert made is not None
        answer = client.post("/apply", data={"email": email, "made": made[1]})
        assert answer.status_code == 303, answer.text
        return str(client.get(answer.location).location)

    def task(self, client: FlaskClient, name: str) -> str:
        """The id of the first task with a name (in French) in the views of a person of the house, or at an applicant's."""
        for address in ("/tasks", "/tasks?view=groups"):
            for task_id, shown in re.findall(r'<h3><a href="/tasks/([0-9a-z-]+)[^>]*>([^<]+)</a>', client.get(address).text):
                if html.unescape(shown).startswith(name):
                    return str(task_id)
        raise AssertionError(f"{name} is not open for this person")

    def audit(self, login: str, closing: Any, findings: Mapping[int, Mapping[str, str]] | None = None) -> FlaskClient:
        """Conduct an audit as somebody of the house, one indicator after the other, through the pages.

        Args:
            closing: the fields of the closing. findings: what was found, by indicator (as its page posts it); all else conforms.
        """
        client = self.client(login)
        address = f"/tasks/{self.task(client, 'Auditer')}/audit"
        for number in self.play.evaluate("indicators"):
            answer = client.post(f"{address}/{number}", data=(findings or {}).get(int(number), {"verdict": "conform"}))
            assert answer.status_code == 303, answer.text[-3000:]
        answer = client.post(f"{address}/closing", data={**flat(closing), "_complete": "1"})
        assert answer.status_code == 303, re.findall(r"<li><a href=\"#f-.*?</li>", answer.text) or answer.text[-3000:]
        self.play.settle()
        return client

    def do(self, login: str, name: str, data: Any) -> FlaskClient:
        """Take a task and complete it, as somebody of the house, through the pages."""
        client = self.client(login)
        task_id = self.task(client, name)
        client.post(f"/tasks/{task_id}/claim")
        answer = client.post(f"/tasks/{task_id}/complete", data=flat(data))
        assert answer.status_code == 303, re.findall(r"<li><a href=\"#f-.*?</li>", answer.text) or answer.text[-3000:]
        self.play.settle()
        return client


def _faults(page: str) -> list[str]:
    """What a page says is wrong."""
    return re.findall(r"<li>(?:<a href=\"#f-|.*?class=\"error).*?</li>", page) or [page[-3000:]]
