"""The applications the body received: which case, which number, which organisation.

Owns: the rows of `application`, and case numbers ("2026-0412").
Leaves: what happens to an application to its case.
Promises: a case has one number, whoever asks how often; numbers of a year have no gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.errors import NotFound
from handlers.registers.counters import Counters
from handlers.registers.tables import application


class ApplicationNotFound(NotFound):
    """There is no application with the number {number}."""

    fr = "Il n’y a pas de demande portant le numéro {number}."


@dataclass(frozen=True)
class Application:
    """An application for certification. `number` is what people call the case."""

    instance_id: str
    number: str
    organisation_id: str
    categories: tuple[str, ...]
    received_on: date


class Applications:
    """The register of applications, inside one transaction."""

    def __init__(self, connection: Connection, counters: Counters) -> None:
        self._connection, self._counters = connection, counters

    def enter(self, instance_id: str, organisation_id: str, categories: Sequence[str], received_on: date) -> Application:
        """Enter the application of a case and give it its number; the same case again gets what it has.

        Args:
            received_on: civil day; its year opens the number.
        """
        known = self.of_case(instance_id)
        if known is not None:
            return known
        number = f"{received_on.year}-{self._counters.next(f'case.{received_on.year}'):04d}"
        entered = Application(instance_id, number, organisation_id, tuple(categories), received_on)
        self._connection.execute(insert(application).values(
            instance_id=instance_id, number=number, organisation_id=organisation_id, categories=list(categories),
            received_on=received_on))
        return entered

    def of_case(self, instance_id: str) -> Application | None:
        """Find the application of a case."""
        row = self._connection.execute(select(application).where(application.c.instance_id == instance_id)).one_or_none()
        return None if row is None else _application(row)

    def numbered(self, number: str) -> Application:
        """Find the application people call by a number. Raises: ApplicationNotFound."""
        row = self._connection.execute(select(application).where(application.c.number == number)).one_or_none()
        if row is None:
            raise ApplicationNotFound(number=number)
        return _application(row)

    def of_organisation(self, organisation_id: str) -> tuple[Application, ...]:
        """List what an organisation applied for, the latest first."""
        rows = self._connection.execute(select(application).where(application.c.organisation_id == organisation_id)
                                        .order_by(application.c.received_on.desc(), application.c.number.desc()))
        return tuple(_application(row) for row in rows)


def _application(row: Any) -> Application:
    return Application(row.instance_id, row.number, row.organisation_id, tuple(row.categories), row.received_on)
