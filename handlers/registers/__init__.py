"""The body's registers: organisations, applications, auditors, audits, non-conformities, certificates.

Owns: `Registers`, all of them on one connection, so that what a handler enters commits or rolls back with the token it moves.
Leaves: cases, tasks and people to the engine; rules of the scheme to `handlers.qualiopi`.
Promises: opening it costs nothing; every entry may be repeated for the same case without a second row.
"""

from __future__ import annotations

from sqlalchemy import Connection

from engine.clock import Clock
from handlers.registers.applications import Application, Applications
from handlers.registers.auditors import Auditor, Auditors, Interest, Qualification
from handlers.registers.audits import Audit, Audits
from handlers.registers.certificates import Certificate, Certificates, CertificateState
from handlers.registers.counters import Counters
from handlers.registers.nonconformities import Nonconformities, Nonconformity, NonconformityState
from handlers.registers.organisations import Contact, Organisation, Organisations, Site

__all__ = [
    "Application", "Applications", "Audit", "Auditor", "Auditors", "Audits", "Certificate", "CertificateState", "Certificates",
    "Contact", "Interest", "Nonconformities", "Nonconformity", "NonconformityState", "Organisation", "Organisations", "Qualification",
    "Registers", "Site",
]


class Registers:
    """All registers, inside one transaction of the engine."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.counters = Counters(connection)
        self.organisations = Organisations(connection, clock)
        self.applications = Applications(connection, self.counters)
        self.auditors = Auditors(connection)
        self.audits = Audits(connection, clock)
        self.nonconformities = Nonconformities(connection, clock)
        self.certificates = Certificates(connection, clock, self.counters)
