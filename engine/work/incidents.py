"""Incidents: elements that stand still until a person looks at them.

Owns: the `incident` rows.
Leaves: what retrying or resolving does to the case to `engine.service.incidents`.
Promises: an element that cannot go on has exactly one open incident, which names it and says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, update

from engine.errors import Conflict, NotFound
from engine.ids import in_order
from engine.states import IncidentState
from engine.store.tables import incident
from engine.texts import Text


class IncidentNotFound(NotFound):
    """This incident does not exist."""

    fr = "Cet incident n’existe pas."


class IncidentClosed(Conflict):
    """This incident has been settled already."""

    fr = "Cet incident est déjà réglé."


@dataclass(frozen=True, slots=True)
class NewIncident:
    """An incident about to open. `kind`: job, expression, loop, stall or error."""

    instance_id: str
    token: str
    process_id: str
    element_id: str
    kind: str
    message: Text


def open_incidents(connection: Connection, incidents: Sequence[NewIncident], at: datetime) -> None:
    """Open incidents, in one statement."""
    rows = [
        {
            "id": in_order(),
            "instance_id": one.instance_id,
            "token": one.token,
            "process_id": one.process_id,
            "element_id": one.element_id,
            "kind": one.kind,
            "message": one.message.to_json(),
            "state": IncidentState.OPEN,
            "created_at": at,
        }
        for one in incidents
    ]
    if rows:
        connection.execute(insert(incident), rows)


def close_incidents(
    connection: Connection, instance_id: str, tokens: Sequence[str], state: IncidentState, at: datetime, by_id: str | None
) -> None:
    """Close the open incidents of tokens that stand still no longer."""
    if tokens:
        connection.execute(update(incident).where(incident.c.instance_id == instance_id, incident.c.token.in_(tokens),
                                                  incident.c.state == IncidentState.OPEN)
                           .values(state=state, closed_at=at, closed_by=by_id))
