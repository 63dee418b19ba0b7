"""The demo's folder: what is kept over a restart, and the way back to the first day while it is served."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from engine.store import schema
from engine.store.database import Store
from engine.store.tables import person
from handlers.demo_house import DemoHouse, everybody


def count(store: Store) -> int:
    with store.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(person)) or 0)


def test_the_secret_and_the_lead_of_the_clock_last(tmp_path: Path) -> None:
    house = DemoHouse(tmp_path / "demo", Path("processes"))
    assert house.settings(8000).secret() == house.settings(8001).secret()
    clock = house.clock()
    clock.set(clock.now() + timedelta(days=9))
    assert abs(house.clock().now() - clock.now()) < timedelta(seconds=5)
    assert not house.is_made and not house.can_restart
    house.clear()
    assert not (tmp_path / "demo").exists()


def test_a_database_in_use_goes_back_to_what_a_file_of_it_holds(tmp_path: Path) -> None:
    from engine.people.accounts import Accounts

    store = Store(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    schema.upgrade(store)
    store.save_file(tmp_path / "start.sqlite3")
    with store.begin() as work:
        Accounts(work.connection).create("anna", "Anna Kowalska", now=DemoHouse(tmp_path, tmp_path).clock().now(), groups=["auditor"])
    assert count(store) == 1 and [one.name for one in everybody(store)] == ["Anna Kowalska"]
    with store.read() as reading:
        store.restore_file(tmp_path / "start.sqlite3")
        assert reading.scalar(select(func.count()).select_from(person)) in (0, 1), "who was reading sees either"
    assert count(store) == 0
    store.close()
