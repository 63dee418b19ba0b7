"""Commands: one public method of `Engine` = one command = one transaction.

Owns: `Engine`, put together from one module a noun: tasks (one and several), saved views, instances, deadlines, incidents,
messages, documents, definitions, people, parties, intakes, errands, and what happens by itself (`work`).
Leaves: reads to `engine.queries`; threads to `engine.worker`; who calls to `web`, `jalon.py` and `engine.change`.
"""

from __future__ import annotations

from engine.execution.ports import Ports
from engine.service.commands import STEWARDS, Committed
from engine.service.deadlines import DeadlineCommands
from engine.service.definitions import DefinitionCommands
from engine.service.documents import DocumentCommands
from engine.service.incidents import IncidentCommands
from engine.service.parties import PartyCommands
from engine.service.people import PeopleCommands
from engine.service.several import SeveralCommands
from engine.service.views import ViewCommands
from engine.service.work import WorkCommands

__all__ = ["STEWARDS", "Committed", "Engine", "Ports"]


class Engine(SeveralCommands, ViewCommands, DeadlineCommands, IncidentCommands, DocumentCommands, DefinitionCommands, PeopleCommands,
             PartyCommands, WorkCommands):
    """The commands of one installation. Safe for threads."""
