"""Process owners: who may work in the studio.

Owns: the one group that changes processes.
Promises: nobody else gets in, administrators included.
"""

from __future__ import annotations

from engine.errors import NotAllowed
from engine.people.person import Person
from engine.texts import Text

PROCESS_OWNER = "process_owner"


def check_owner(by: Person) -> None:
    """Let process owners through. Raises: NotAllowed."""
    if not by.is_in(PROCESS_OWNER):
        raise NotAllowed("group", _OWNERS_ONLY, (PROCESS_OWNER,))


_OWNERS_ONLY = Text("Seuls les responsables de processus travaillent dans l’atelier.", "Only process owners work in the studio.")
