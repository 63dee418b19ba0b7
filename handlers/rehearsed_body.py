"""What the replay of a real case needs to know of the body: who its auditors are.

Owns: bringing the register of auditors into a rehearsal.
Leaves: which people there are to `engine.change.replay`, which brings them first; clients, audits and certificates to the case itself,
which makes them anew.
Promises: what is brought stays in the rehearsal's memory.
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from engine.change.rehearsal import Rehearsal
from engine.store.tables import person
from handlers.registers.tables import auditor, auditor_category, auditor_language


def furnish(connection: Connection, rehearsal: Rehearsal) -> None:
    """Bring the auditors among the people of a rehearsal, with what they are qualified for and speak."""
    with rehearsal.store.begin() as work:
        known = set(work.connection.scalars(select(person.c.id)))
        for table in (auditor, auditor_category, auditor_language):
            rows = [dict(row._mapping) for row in connection.execute(select(table).where(table.c.person_id.in_(known)))]
            if rows:
                work.connection.execute(insert(table), rows)
