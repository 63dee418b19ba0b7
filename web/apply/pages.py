"""What the templates of the application form may use.

Owns: the shapes of its pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.work.intakes import IntakeFile
from web.forms import Filled

StepState = Literal["done", "current", "faulty", "todo"]


@dataclass(frozen=True)
class StartPage:
    """The first page. `fault`: what is wrong with the address; `notice`: something to know."""

    email: str = ""
    fault: str = ""
    notice: str = ""


@dataclass(frozen=True)
class ResumePage:
    """Asking for a link. `asked`: it was asked for."""

    email: str = ""
    fault: str = ""
    asked: bool = False


@dataclass(frozen=True)
class StepLine:
    """One step in the list of steps. `address`: where it is filled in."""

    number: int
    label: str
    state: StepState
    address: str


@dataclass(frozen=True)
class StepPage:
    """One step as it stands. `files`: those given so far, by question; `kept_until`: when all is erased if nothing changes."""

    token: str
    step: str
    label: str
    help: str
    number: int
    count: int
    lines: tuple[StepLine, ...]
    form: Filled
    before: str
    to_summary: bool
    kept_until: datetime
    files: Mapping[str, tuple[IntakeFile, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class SummaryPart:
    """One step to read again: question and answer, what is wrong, the files given, where to change it."""

    label: str
    address: str
    lines: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
    files: tuple[IntakeFile, ...]


@dataclass(frozen=True)
class SummaryPage:
    """The whole application to read before it is sent. `faults`: how many answers are still not right."""

    token: str
    parts: tuple[SummaryPart, ...]
    faults: int
    count: int
    lines: tuple[StepLine, ...]
    kept_until: datetime


@dataclass(frozen=True)
class LaterPage:
    """Leaving for now. `email`: where the link went."""

    token: str
    email: str
    kept_until: datetime
    mailed: bool = False
