"""What every step needs beside its case: handlers, ports, clock, calendar, definitions, jobs.

Owns: `Surroundings`, put together once by `engine.service.Engine` and shared by threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.clock import Clock
from engine.definitions import Library
from engine.execution.ports import Ports
from engine.handler import Registry
from engine.settings import Settings
from engine.store.database import Store
from engine.work.calendars import Calendar
from engine.work.jobs import Jobs

if TYPE_CHECKING:
    from engine.execution.case import HotRuns


@dataclass(frozen=True)
class Surroundings:
    """Shared by all commands. `hot` is None when every command reads its run back from its row."""

    store: Store
    registry: Registry
    ports: Ports
    clock: Clock
    settings: Settings
    calendar: Calendar
    library: Library
    jobs: Jobs
    hot: HotRuns | None
