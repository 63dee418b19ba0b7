"""Which adapter meets which port: for a living installation, and for rehearsals.

Owns: the names under which handlers find their ports.
Leaves: when it is called to `jalon.py`; the adapters to `handlers.adapters`.
Promises: every port that a handler of the catalogue names is there; a rehearsal reaches nothing outside its own memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.clock import Clock
from engine.errors import NotFound
from engine.execution.ports import Ports
from engine.settings import Settings
from engine.store.database import Store
from handlers.adapters.directories import DirectoryFromFile, PublicListFromFile
from handlers.adapters.draft import DraftTypesetter
from handlers.adapters.mailbox import Mailbox, MemoryMailbox
from handlers.adapters.sent_letters import SentLetters
from handlers.adapters.smtp import SmtpMailer
from handlers.adapters.staff import StaffFromStore
from handlers.adapters.typesetting import TypstTypesetter
from handlers.ports import Directory, Mailer, PublicList, Typesetter
from handlers.registers import Registers


class NoSuchOutside(NotFound):
    """There is nothing outside called {name}; there are {known}."""

    fr = "Il n’y a rien dehors qui s’appelle {name} ; il y a {known}."


@dataclass
class Outside:
    """The outside of a rehearsal: it keeps what was sent, and each part can be switched off."""

    mail: MemoryMailbox = field(default_factory=MemoryMailbox)
    directory: DirectoryFromFile = field(default_factory=DirectoryFromFile)
    public_list: PublicListFromFile = field(default_factory=PublicListFromFile)

    def switch(self, name: str, up: bool) -> None:
        """Switch a part on or off: "mail", "directory" or "public_list". Raises: NoSuchOutside."""
        parts: dict[str, MemoryMailbox | DirectoryFromFile | PublicListFromFile] = {
            "mail": self.mail, "directory": self.directory, "public_list": self.public_list}
        if name not in parts:
            raise NoSuchOutside(name=name, known=", ".join(parts))
        parts[name].up = up


def live(store: Store, clock: Clock, settings: Settings, *, directories: Path | None = None) -> Ports:
    """Bind the ports of an installation: mail by SMTP when a host is set, else into the mailbox of the demo; papers by typst.

    Args:
        directories: file of the stand-ins for the company directory and the public list; None: neither is asked, and people look.
    """
    letters = SentLetters(store, clock)
    mailer: Mailer = SmtpMailer(settings.mail, letters, clock) if settings.mail.host else Mailbox(letters)
    return _bind(store, clock, settings, mailer, TypstTypesetter(), DirectoryFromFile.read(directories) if directories else None,
                 PublicListFromFile.read(directories) if directories else None)


def rehearsal(store: Store, clock: Clock, settings: Settings, outside: Outside) -> Ports:
    """Bind the ports of a rehearsal."""
    return _bind(store, clock, settings, outside.mail, DraftTypesetter(), outside.directory, outside.public_list)


def _bind(store: Store, clock: Clock, settings: Settings, mailer: Mailer, typesetter: Typesetter, directory: Directory | None,
          public_list: PublicList | None) -> Ports:
    external: dict[str, Any] = {"mailer": mailer, "typesetter": typesetter, "directory": directory, "public_list": public_list,
                                "staff": StaffFromStore(store), "settings": settings}
    return Ports(local={"registers": lambda work: Registers(work.connection, clock), "settings": lambda work: settings},
                 external=external)
