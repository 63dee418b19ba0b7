"""The words by which things are found: cases, organisations, certificates.

Owns: the `word` rows; cutting texts into words; finding things by the beginnings of words.
Leaves: what a thing is called to whoever keeps it (`engine.execution`, `handlers.registers`); what a reader may see to whoever asks.
Promises: accents, capitals and the separators in numbers do not matter, and a few letters of each word are enough. What finding costs
does not depend on how many things there are: it begins at the rarest of the words asked and looks at `MOST_LOOKED_AT` of its things.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, bindparam, delete, exists, func, literal, select

from engine.store.tables import word
from engine.store.upserts import Insertion

LONGEST_WORD = 40           #: letters; what is longer is found by its beginning
MOST_ASKED = 6              #: words of one search; more are left out
MOST_LOOKED_AT = 1_000
_PART = re.compile(r"[^\W_]+")
_END = "\uffff"             #: behind every letter that a word may go on with


def plain(text: str) -> str:
    """A text without accents, capitals and doubled blanks."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).split())


def words_of(texts: Iterable[str | None]) -> frozenset[str]:
    """The words of texts. What has digits is a word as a whole too: "2026-0412" is found as 2026, as 0412 and as 20260412."""
    found = set[str]()
    for piece in " ".join(plain(text) for text in texts if text).split():
        parts = _PART.findall(piece)
        found.update(parts)
        if len(parts) > 1 and _has_digit(piece):
            found.add("".join(parts))
    return frozenset(one[:LONGEST_WORD] for one in found)


def asked(text: str) -> tuple[str, ...]:
    """The words a person has typed, each once. Digits that stand apart are one number: "841 234 561" is a SIREN."""
    found = list[str]()
    for piece in plain(text).split():
        parts = _PART.findall(piece)
        if _has_digit(piece) and parts:
            whole = "".join(parts)
            if whole.isdigit() and found and found[-1].isdigit():
                whole = found.pop() + whole
            found.append(whole)
        else:
            found.extend(parts)
    return tuple(dict.fromkeys(one[:LONGEST_WORD] for one in found))[:MOST_ASKED]


def keep(connection: Connection, kind: str, ref: str, words: Iterable[str], *, before: Iterable[str] = ()) -> None:
    """Let a thing be found by these words, and no longer by others of those it had before.

    Args:
        before: the words it is found by until now; those that stay cost nothing.
    """
    now, old = frozenset(words), frozenset(before)
    if gone := sorted(old - now):
        connection.execute(_FORGET, [{"of_kind": kind, "of_ref": ref, "of_word": one} for one in gone])
    _KEEP.write(connection, [{"kind": kind, "ref": ref, "word": one} for one in sorted(now - old)])


def kept(connection: Connection, kind: str, ref: str) -> frozenset[str]:
    """The words a thing is found by."""
    return frozenset(connection.execute(select(word.c.word).where(word.c.kind == kind, word.c.ref == ref)).scalars())


def find(connection: Connection, kind: str, words: Sequence[str], limit: int) -> list[str]:
    """Ids of the things of a kind that have, for each of these words, one that begins with it; the nearest first. Two statements."""
    if not words:
        return []
    counted = connection.execute(_counts(len(words)), {"kind": kind, **_places(words)}).one()
    ordered = [one for _, one in sorted(zip(counted, words, strict=True), key=lambda pair: int(pair[0]))]
    return list(connection.execute(_found(len(words)), {"kind": kind, "most": limit, **_places(ordered)}).scalars())


def _has_digit(piece: str) -> bool:
    return any(letter.isdigit() for letter in piece)


def _places(words: Sequence[str]) -> dict[str, str]:
    return {f"word{number}": one for number, one in enumerate(words)} | {f"end{number}": one + _END for number, one in enumerate(words)}


def _begins(table: FromClause, number: int) -> ColumnElement[bool]:
    return and_(table.c.kind == bindparam("kind"), table.c.word >= bindparam(f"word{number}"), table.c.word < bindparam(f"end{number}"))


@cache
def _counts(size: int) -> Select[Any]:
    """How often each word is met, counted no further than what is looked at."""
    met = (select(literal(1).label("one")).where(_begins(word, number)).limit(MOST_LOOKED_AT + 1).subquery() for number in range(size))
    return select(*(select(func.count()).select_from(one).scalar_subquery() for one in met))


@cache
def _found(size: int) -> Select[Any]:
    """Things by the first word, of which the others are asked one by one."""
    first = select(word.c.ref, word.c.word).where(_begins(word, 0)).order_by(word.c.word, word.c.ref).limit(MOST_LOOKED_AT).subquery()
    query = select(first.c.ref).group_by(first.c.ref).order_by(func.min(first.c.word), first.c.ref).limit(bindparam("most"))
    for number in range(1, size):
        other = word.alias()
        query = query.where(exists().where(other.c.ref == first.c.ref, _begins(other, number)))
    return query


_KEEP = Insertion(word)
_FORGET = delete(word).where(word.c.kind == bindparam("of_kind"), word.c.ref == bindparam("of_ref"), word.c.word == bindparam("of_word"))
