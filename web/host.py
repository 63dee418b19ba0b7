"""What the views stand on: the engine, its reads, and who is asking.

Owns: `Host`, kept with the app; `host()`, `signed_in()`.
Leaves: making the parts to `jalon.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import current_app, g

from engine.clock import Clock
from engine.people.groups import Group
from engine.people.person import Person
from engine.queries import Queries
from engine.settings import Settings
from engine.store.database import Store
from web.errors import NotSignedIn
from web.wording import Wording

if TYPE_CHECKING:
    from engine.change.studio import Studio
    from engine.service import Engine
    from web.demo import Demo

@dataclass(frozen=True)
class Host:
    """The parts of one installation. `groups` are named in processes/groups.yaml; `demo` only in the demo.

    `studio` is where processes are changed; without one its pages are not there.
    """

    engine: Engine
    queries: Queries
    store: Store
    settings: Settings
    clock: Clock
    wording: Wording
    groups: Mapping[str, Group] = field(default_factory=dict)
    demo: Demo | None = None
    studio: Studio | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the body's civil days."""
        return ZoneInfo(self.settings.zone)


def host() -> Host:
    """The parts of this installation."""
    found: Host = current_app.extensions["jalon"]
    return found


def signed_in() -> Person:
    """Who is asking. Raises: NotSignedIn."""
    person: Person | None = g.get("person")
    if person is None:
        raise NotSignedIn("session")
    return person
