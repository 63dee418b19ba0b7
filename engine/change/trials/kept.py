"""Trials as they are kept: the content they play on, and the acts.

Owns: the `trial` rows: opening, writing acts down, forgetting the old ones.
Leaves: living the acts to `trial`; who may see one, and the transaction, to `trials`.
Promises: what is kept is enough to live the trial again after a restart or on another machine; nobody writes over acts they have not seen;
each person keeps the twenty they played last, for a month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, insert, select, update

from engine.change.trials.acts import Act
from engine.definitions.deployment import keep_contents
from engine.definitions.files import Files, version_hash
from engine.errors import Conflict, NotFound
from engine.people.person import Person
from engine.store.tables import content, trial

MOST_KEPT, KEPT_FOR = 20, timedelta(days=30)
MOST_ACTS = 500


class NoSuchTrial(NotFound):
    """This trial is not there any more, or it is somebody else's."""

    fr = "Cet essai n’existe plus, ou c’est celui de quelqu’un d’autre."


class TrialMoved(Conflict):
    """This trial has gone on in another window; look at where it stands, then go on."""

    fr = "Cet essai a continué dans une autre fenêtre ; regardez où il en est, puis continuez."


class TrialTooLong(Conflict):
    """A trial has 500 acts at most; begin another."""

    fr = "Un essai a 500 gestes au plus ; commencez-en un autre."


@dataclass(frozen=True, slots=True)
class KeptTrial:
    """A trial at rest.

    Attributes:
        content_id: of the draft or version. hash: of the files it plays on, which `files` names by their own hashes.
        began_at: its virtual beginning. revision: grows with every change of its acts.
    """

    id: str
    content_id: str
    key: str
    hash: str
    files: Mapping[str, str]
    by_id: str
    began_at: datetime
    acts: tuple[Act, ...]
    revision: int
    created_at: datetime
    touched_at: datetime


def open_trial(connection: Connection, content_id: str, key: str, files: Files, began_at: datetime, by: Person, now: datetime,
               acts: Sequence[Act] = ()) -> KeptTrial:
    """Begin a trial; of a person's others, the ones played last are kept."""
    kept = KeptTrial(uuid4().hex, content_id, key, version_hash(files), keep_contents(connection, files), by.id, began_at, tuple(acts), 1,
                     now, now)
    connection.execute(insert(trial).values({name: getattr(kept, name) for name in kept.__slots__} | {
        "files": dict(kept.files), "acts": [act.to_json() for act in acts]}))
    newest = select(trial.c.id).where(trial.c.by_id == by.id).order_by(trial.c.touched_at.desc(), trial.c.id).limit(MOST_KEPT)
    kept_ids = connection.scalars(newest).all()
    connection.execute(delete(trial).where(trial.c.by_id == by.id, trial.c.id.not_in(kept_ids)))
    connection.execute(delete(trial).where(trial.c.touched_at < now - KEPT_FOR))
    return kept


def get(connection: Connection, trial_id: str, by: Person) -> KeptTrial:
    """A trial of this person. Raises: NoSuchTrial."""
    row = connection.execute(select(trial).where(trial.c.id == trial_id, trial.c.by_id == by.id)).first()
    if row is None:
        raise NoSuchTrial(trial_id=trial_id)
    return _kept(row)


def of_person(connection: Connection, content_id: str, by: Person) -> list[KeptTrial]:
    """What a person has under way on a draft or version, played last first."""
    rows = connection.execute(select(trial).where(trial.c.by_id == by.id, trial.c.content_id == content_id)
                              .order_by(trial.c.touched_at.desc(), trial.c.id))
    return [_kept(row) for row in rows]


def write(connection: Connection, kept: KeptTrial, acts: Sequence[Act], now: datetime) -> KeptTrial:
    """Keep the acts of a trial. Raises: TrialMoved, when it has others by now; TrialTooLong."""
    if len(acts) > MOST_ACTS:
        raise TrialTooLong()
    done = connection.execute(update(trial).where(trial.c.id == kept.id, trial.c.revision == kept.revision).values(
        acts=[act.to_json() for act in acts], revision=kept.revision + 1, touched_at=now))
    if done.rowcount != 1:
        raise TrialMoved(trial_id=kept.id)
    return replace(kept, acts=tuple(acts), revision=kept.revision + 1, touched_at=now)


def renew(connection: Connection, kept: KeptTrial, files: Files, acts: Sequence[Act], now: datetime) -> KeptTrial:
    """Let a trial play on other files. Raises: TrialMoved."""
    written = write(connection, kept, acts, now)
    hashes, digest = keep_contents(connection, files), version_hash(files)
    connection.execute(update(trial).where(trial.c.id == kept.id).values(files=hashes, hash=digest))
    return replace(written, files=hashes, hash=digest)


def forget(connection: Connection, trial_id: str) -> None:
    """Let a trial be gone."""
    connection.execute(delete(trial).where(trial.c.id == trial_id))


def files_of(connection: Connection, kept: KeptTrial) -> dict[str, bytes]:
    """The files a trial plays on."""
    wanted = set(kept.files.values())
    found = {row.hash: row.bytes for row in connection.execute(select(content).where(content.c.hash.in_(wanted)))}
    return {path: found[digest] for path, digest in kept.files.items()}


def _kept(row: Row[Any]) -> KeptTrial:
    values = dict(row._mapping)
    return KeptTrial(**{**values, "acts": tuple(Act.of(act) for act in values["acts"])})
