"""What tests of handlers share: registers on a real database, a clock that stands still, tasks with the shipped decision tables."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from engine import dmn
from engine.clock import VirtualClock
from engine.handler import Letter, Task
from engine.settings import Body, Settings
from engine.store.database import Store
from engine.store.tables import person
from handlers.registers import Qualification, Registers

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 3, 16)
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)


class TableReader:
    """Answers decisions from the shipped tables, letters with their own name, and who did what as it was told."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[str, str, bytes]] = {}
        self.performers: dict[str, str] = {}        #: activity → id of who completed it in the case

    def letter(self, template: str, locale: str, extra: Mapping[str, Any]) -> Letter:
        return Letter(template, f"{template} ({locale})", f"Bonjour,\n\nVotre dossier avance.\n{extra.get('recipient_email', '')}")

    def document(self, document_id: str) -> tuple[str, str, bytes]:
        return self.documents[document_id]

    def who_did(self, elements: Collection[str]) -> frozenset[str]:
        return frozenset(self.performers[element] for element in elements if element in self.performers)

    def decide(self, decision: str, inputs: Mapping[str, Any]) -> Any:
        return next(table for table in tables() if decision in table.ids).evaluate(decision, inputs).value


@cache
def tables() -> tuple[dmn.Decisions, ...]:
    """The decision tables of the certification process, as shipped."""
    return tuple(dmn.read(path.read_bytes(), path.name) for path in sorted((ROOT / "processes/certification").glob("*.dmn")))


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW)


@pytest.fixture
def memory_store() -> Iterator[Store]:
    store = Store.memory()
    yield store
    store.close()


@pytest.fixture
def connection(memory_store: Store) -> Iterator[Connection]:
    with memory_store.begin() as work:
        yield work.connection


@pytest.fixture
def registers(connection: Connection, clock: VirtualClock) -> Registers:
    return Registers(connection, clock)


@pytest.fixture
def settings() -> Settings:
    return Settings(base_url="https://certification.example", body=Body(
        name="Jalon Certification", address="12 rue des Archives", postcode="75004", city="Paris", siren="812345676",
        accreditation_number="5-0000", signatory="Diane Lefort", signatory_title="Directrice de la certification"))


@pytest.fixture
def sample() -> Callable[[str], dict[str, Any]]:
    """Sample applications as the product ships them, each a fresh copy."""
    def read(name: str) -> dict[str, Any]:
        return copy.deepcopy(json.loads((ROOT / "processes/certification/samples" / f"{name}.json").read_text(encoding="utf-8")))
    return read


@pytest.fixture
def application(sample: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """A French organisation with two categories and four sites."""
    return sample("of-cfa-multi-site")


@pytest.fixture
def reader() -> TableReader:
    return TableReader()


@pytest.fixture
def task(reader: TableReader) -> Callable[..., Task]:
    """A task of case `c1` with these variables; `key` and `today` may be given."""
    def make(key: str = "k1", today: date = TODAY, instance_id: str = "c1", **variables: Any) -> Task:
        return Task(key=key, instance_id=instance_id, business_key=None, element="Activity_X", handler="x", now=NOW, today=today,
                    variables=variables, reader=reader)
    return make


@pytest.fixture
def hire(connection: Connection, registers: Registers) -> Callable[..., None]:
    """Make a person an auditor."""
    def enter(person_id: str, categories: str, languages: str = "fr") -> None:
        connection.execute(insert(person).values(id=person_id, login=person_id, name=person_id.title(), email=f"{person_id}@body.example",
                                                 created_at=NOW))
        registers.auditors.enter(person_id, languages=languages.split(),
                                 qualifications=[Qualification(category, date(2020, 1, 1)) for category in categories.split()])
    return enter
