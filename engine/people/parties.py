"""The people of the outside who belong to a case, and what each may do there.

Owns: reading and changing the `party` rows; `Rights`.
Leaves: making somebody known to `accounts`, who may change whom to `engine.service.parties`.
Promises: whoever belongs to a case may read what is meant for its parties; answering and inviting are rights of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from engine.store.tables import instance, party, person


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do in a case beyond reading: complete its tasks and add files; bring others in and remove them."""

    may_answer: bool = True
    may_invite: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a case, once for each role they have there."""

    id: str
    name: str
    email: str
    role: str
    rights: Rights


class Parties:
    """The parties of one connection's transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def of_case(self, instance_id: str) -> tuple[Member, ...]:
        """Everybody of a case who is active, in the order of the alphabet."""
        rows = self.connection.execute(
            select(person.c.id, person.c.name, person.c.email, party.c.role, party.c.may_answer, party.c.may_invite)
            .join(party, party.c.person_id == person.c.id).where(party.c.instance_id == instance_id, person.c.active)
            .order_by(person.c.name, party.c.role))
        return tuple(Member(row.id, row.name, row.email, row.role, Rights(row.may_answer, row.may_invite)) for row in rows)

    def set_rights(self, instance_id: str, person_id: str, rights: Rights) -> None:
        """Say what somebody may do, in every role they have."""
        self.connection.execute(update(party).where(party.c.instance_id == instance_id, party.c.person_id == person_id).values(
            may_answer=rights.may_answer, may_invite=rights.may_invite))

    def remove(self, instance_id: str, person_id: str) -> None:
        """Let somebody go from a case."""
        self.connection.execute(delete(party).where(party.c.instance_id == instance_id, party.c.person_id == person_id))

    def title_of(self, instance_id: str) -> str:
        """What people call a case; "" when there is none."""
        return self.connection.scalar(select(instance.c.title).where(instance.c.id == instance_id)) or ""
