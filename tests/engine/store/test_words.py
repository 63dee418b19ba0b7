"""Things are found by the beginnings of their words, at a cost that does not grow with how many there are."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, insert

from engine.store import words
from engine.store.counting import counted
from engine.store.database import Store
from engine.store.tables import word

KIND = "case"


def keep(store: Store, **things: str) -> None:
    with store.begin() as work:
        for ref, text in things.items():
            words.keep(work.connection, KIND, ref, words.words_of([text]))


def find(store: Store, typed: str, limit: int = 10) -> list[str]:
    with store.read() as connection:
        return words.find(connection, KIND, words.asked(typed), limit)


@pytest.mark.parametrize(("typed", "expected"), [
    ("lisière", ["a"]), ("LISIERE", ["a"]), ("form lis", ["a"]), ("formation", ["a", "b"]), ("2026-0412", ["a"]), ("20260412", ["a"]),
    ("0412", ["a"]), ("841 234 561", ["b"]), ("841234", ["b"]), ("oeuvre", ["c"]), ("œuvre", ["c"]), ("l'œuvre saint-étienne", ["c"]),
    ("lisière absent", []), ("", []), ("…", []), ("Q2026-00", ["d"]), ("lisière 841234561", [])])
def test_things_are_found_by_the_beginnings_of_words(store: Store, typed: str, expected: list[str]) -> None:
    keep(store, a="Lisière Formation 2026-0412", b="Karstelis Formation 841234561", c="À l’Œuvre, Saint-Étienne", d="Q2026-0031")
    assert sorted(find(store, typed)) == expected


def test_what_is_typed_whole_comes_before_what_only_begins_so(store: Store) -> None:
    keep(store, long="Formations du Nord", exact="Forma")
    assert find(store, "forma") == ["exact", "long"]


def test_words_that_go_are_forgotten_and_words_that_stay_cost_nothing(store: Store) -> None:
    keep(store, a="Ancien Nom")
    before, now = words.words_of(["Ancien Nom"]), words.words_of(["Nouveau Nom"])
    with store.begin() as work, counted(store) as count:
        words.keep(work.connection, KIND, "a", now, before=before)
        words.keep(work.connection, KIND, "a", now, before=now)
    assert count.statements == 2
    assert (find(store, "ancien"), find(store, "nouveau nom")) == ([], ["a"])


def test_keeping_the_same_words_twice_changes_nothing(store: Store) -> None:
    keep(store, a="Lisière")
    keep(store, a="Lisière")
    with store.read() as connection:
        assert words.kept(connection, KIND, "a") == {"lisiere"}


def test_a_rare_word_leads_among_a_hundred_thousand(store: Store) -> None:
    """"formation" is met 50,000 times; who also asks for a rare word finds it, and what is read stays bounded."""
    with store.begin() as work:
        rows = [{"kind": KIND, "ref": f"{number:032x}", "word": one} for number in range(50_000)
                for one in ("formation", f"nom{number}")]
        for start in range(0, len(rows), 10_000):
            work.connection.execute(insert(word), rows[start:start + 10_000])
    assert find(store, "formation nom49999") == [f"{49_999:032x}"]
    assert len(find(store, "formation", limit=8)) == 8
    if store.is_sqlite:
        assert all("SCAN word" not in line for line in plans(store, "formation nom49999"))


def plans(store: Store, typed: str) -> list[str]:
    """The plans of the statements of a search."""
    told: list[str] = []

    def tell(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        told.extend(row[3] for row in connection.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(store.engine, "after_cursor_execute", tell)
    find(store, typed)
    event.remove(store.engine, "after_cursor_execute", tell)
    assert told
    return told
