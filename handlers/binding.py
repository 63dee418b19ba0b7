"""Which adapter meets which port: for a living installation, and for rehearsals.

Owns: the names under which handlers find their ports.
Leaves: when it is called to `jalon.py`; the adapters to `handlers.adapters`.
Promises: every port that a handler of the catalogue names is there; a rehearsal reaches nothing outside its own memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.change.rehearsal import Letter
from engine.clock import Clock
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


@dataclass
class Outside:
    """The outside of a rehearsal: it keeps what was sent, and each part can be switched off."""

    mail: MemoryMailbox = field(default_factory=MemoryMailbox)
    directory: DirectoryFromFile = field(default_factory=DirectoryFromFile)
    public_list: PublicListFromFile = field(default_factory=PublicListFromFile)

    def letters(self) -> list[Letter]:
        """The letters sent so far, as whoever tries a process out reads them."""
        mails = [sent.mail for sent in self.mail.sent]
        return [Letter(mail.template, mail.to, mail.subject, mail.body, mail.instance_id, tuple(one.name for one in mail.attachments))
                for mail in mails]


def live(store: Store, clock: Clock, settings: Settings, *, directories: Path | None = None,
         refused: Mapping[str, str] | None = None) -> Ports:
    """Bind the ports of an installation: mail by SMTP when a host is set, else into the mailbox; papers by typst.

    Args:
        directories: file of the stand-ins for the company directory and the public list; None: neither is asked, and people look.
        refused: addresses that the mailbox without a server does not take, with the reason.
    """
    letters = SentLetters(store, clock)
    mailer: Mailer = SmtpMailer(settings.mail, letters, clock) if settings.mail.host else Mailbox(letters, refused)
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
