"""One command, one transaction, one instance lock; on both kinds of database."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import insert, select, text, update

from engine.store import schema
from engine.store.counting import counted
from engine.store.database import Store
from engine.store.tables import counter, instance
from engine.store.unit_of_work import InstanceNotFound
from engine.work import tasks
from tests.engine.rows import put_case, put_definition, put_task


def test_a_command_that_fails_leaves_nothing_and_runs_nothing_after(store: Store) -> None:
    """Rule: docs/architecture.md, 7, case of a command that fails half way."""
    after: list[str] = []
    with pytest.raises(ValueError), store.begin() as work:
        work.after_commit(lambda: after.append("told"))
        work.connection.execute(insert(counter).values(name="cases", value=1))
        raise ValueError("half way")
    with store.read() as connection:
        assert connection.execute(select(counter)).first() is None
    assert after == []


def test_what_waits_for_the_commit_runs_after_it_and_may_be_a_command(store: Store) -> None:
    with store.begin() as work:
        work.connection.execute(insert(counter).values(name="cases", value=1))

        def next_command() -> None:
            with store.begin() as other:
                other.connection.execute(update(counter).values(value=counter.c.value + 1))

        work.after_commit(next_command)
    with store.read() as connection:
        assert connection.scalar(select(counter.c.value)) == 2


def test_a_command_inside_a_command_is_refused(store: Store) -> None:
    with store.begin(), pytest.raises(RuntimeError, match="after_commit"), store.begin():
        pass


def test_a_case_that_does_not_exist_is_named_in_the_error(store: Store) -> None:
    with store.begin() as work, pytest.raises(InstanceNotFound) as error:
        work.lock_instance("0" * 32)
    assert error.value.sentence.fr == "Ce dossier n’existe pas."


def test_writers_at_the_same_time_lose_no_update(store: Store) -> None:
    """Read, then write: the second writer must see what the first wrote."""
    with store.begin() as work:
        work.connection.execute(insert(counter).values(name="cases", value=0))

    def ten_times() -> None:
        for _ in range(10):
            with store.begin() as work:
                seen = work.connection.scalar(select(counter.c.value).with_for_update()) or 0
                work.connection.execute(update(counter).values(value=seen + 1))

    threads = [threading.Thread(target=ten_times) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as connection:
        assert connection.scalar(select(counter.c.value)) == 40


def test_whoever_waited_for_a_case_reads_what_the_other_changed_in_it(postgres_store: Store) -> None:
    """Under READ COMMITTED the locked row is read anew after the wait, what is joined to it is not."""
    with postgres_store.begin() as work:
        case = put_case(work.connection, put_definition(work.connection))
        task = put_task(work.connection, work.connection.scalar(select(instance.c.definition_id)) or "", case, "Write")
    seen: list[str | None] = []

    def look() -> None:
        with postgres_store.begin() as work:
            row = work.lock_found(tasks.WITH_INSTANCE, task=task, person="p" * 32)
            seen.append(row.task_assignee_id if row else "nothing")

    second = threading.Thread(target=look)
    with postgres_store.begin() as work:
        work.lock_found(tasks.WITH_INSTANCE, task=task, person="p" * 32)
        second.start()
        with postgres_store.read() as connection:
            while not connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                pass
        tasks.change(work.connection, task, assignee_id="p" * 32)
        work.connection.execute(update(instance).values(event_seq=instance.c.event_seq + 1))
    second.join()
    assert seen == ["p" * 32]
    with counted(postgres_store) as count:
        look()
    assert count.statements == 1, "nobody to wait for: nothing to read twice"


def test_a_reader_sees_one_state_while_a_writer_commits(store: Store) -> None:
    with store.begin() as work:
        work.connection.execute(insert(counter).values(name="cases", value=1))
    with store.read() as connection:
        before = connection.scalar(select(counter.c.value))
        done = threading.Thread(target=lambda: _set(store, 2))
        done.start()
        done.join()
        assert (before, connection.scalar(select(counter.c.value))) == (1, 1)
    with store.read() as connection:
        assert connection.scalar(select(counter.c.value)) == 2


def test_sqlite_runs_with_foreign_keys_and_write_ahead_log(sqlite_store: Store) -> None:
    with sqlite_store.read() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 1


def test_a_database_in_memory_has_every_table_and_shares_none() -> None:
    one, other = Store.memory(), Store.memory()
    _set(one, 1, first=True)
    with other.read() as connection:
        assert connection.execute(select(counter)).first() is None


def test_statements_and_commits_are_counted_without_the_begin(sqlite_store: Store) -> None:
    with counted(sqlite_store) as count:
        _set(sqlite_store, 1, first=True)
    assert (count.statements, count.commits) == (1, 1)


def test_bringing_up_to_date_twice_changes_nothing(sqlite_store: Store) -> None:
    assert schema.current(sqlite_store) == schema.newest()
    schema.upgrade(sqlite_store)
    assert schema.current(sqlite_store) == schema.newest()


def _set(store: Store, value: int, first: bool = False) -> None:
    with store.begin() as work:
        work.connection.execute(insert(counter).values(name="cases", value=value) if first else update(counter).values(value=value))
