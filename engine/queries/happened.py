"""What happened between two moments, over all cases: letters, tasks, time limits, ends.

Owns: gathering it for who has made time pass.
Leaves: making time pass to `engine.change.leaps`.
Promises: only cases that changed since are looked at; at most `MOST` events and letters; people of the outside get what is theirs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.history import describe
from engine.people.person import Person
from engine.queries.basis import Basis, case_ref
from engine.queries.beside import letter_line
from engine.queries.record import naming_of
from engine.queries.shapes import Happened, HappenedLine
from engine.store.tables import event, instance, letter, party

MOST = 200
TOLD = ("timer_fired", "deadline_missed", "task_opened", "incident_opened", "instance_ended", "instance_started", "milestone_reached")


def happened(basis: Basis, person: Person, since: datetime, until: datetime) -> Happened:
    """Read what happened after `since` and not after `until`, in its order."""
    columns: tuple[Any, ...] = (event.c.instance_id, event.c.seq, event.c.at, event.c.kind, event.c.element_id, event.c.data,
                                instance.c.business_key, instance.c.title, instance.c.definition_id, instance.c.bindings)
    query = select(*columns).join(instance, instance.c.id == event.c.instance_id).where(
        instance.c.updated_at >= since, event.c.at > since, event.c.at <= until, event.c.kind.in_(TOLD))
    letters = select(letter).where(letter.c.sent_at > since, letter.c.sent_at <= until)
    if not person.is_staff:
        theirs = select(party.c.instance_id).where(party.c.person_id == person.id)
        query, letters = query.where(instance.c.id.in_(theirs)), letters.where(letter.c.recipient == person.email)
    rows = basis.connection.execute(query.order_by(event.c.at, event.c.instance_id, event.c.seq).limit(MOST)).all()
    lines = tuple(HappenedLine(row.at, row.kind, case_ref(row), describe(row.kind, row.data, naming_of(basis, basis.library.bundle(
        row.definition_id, row.bindings)), element_id=row.element_id)) for row in rows)
    return Happened(since, until, lines, tuple(
        letter_line(row) for row in basis.connection.execute(letters.order_by(letter.c.sent_at, letter.c.key).limit(MOST))))
