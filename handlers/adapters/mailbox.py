"""Mail that stays in the house: the demo's mailbox, and the one of scenarios.

Owns: `Mailbox`, which keeps letters in the `letter` table only, where the pages show them; `MemoryMailbox`, a list one can switch off.
Promises: a key is sent once, as with the real mailer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.adapters.sent_letters import SentLetters
from handlers.ports import Mail, MailNotTaken, Unreachable

HOST = "mail.corvane.example"   #: the server that there is not, by name


class Mailbox:
    """Keeps each letter in the ledger and sends none. `refused`: addresses it does not take, with what a server would say of them."""

    def __init__(self, letters: SentLetters, refused: Mapping[str, str] | None = None) -> None:
        self._letters, self._refused = letters, refused or {}

    def send(self, mail: Mail, *, once: str) -> None:
        """Keep a letter; the same `once` is kept once. Raises: MailNotTaken, for a refused address."""
        if mail.to in self._refused:
            raise MailNotTaken(service="mail", host=HOST, reason=self._refused[mail.to])
        if not self._letters.holds(once):
            self._letters.enter(once, mail)


@dataclass(frozen=True)
class Sent:
    """A letter of the memory mailbox."""

    key: str
    mail: Mail


class MemoryMailbox:
    """Keeps letters in memory, in order; `up` set to False, it does not answer."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.up = True

    def send(self, mail: Mail, *, once: str) -> None:
        if not self.up:
            raise Unreachable(service="mail")
        if all(sent.key != once for sent in self.sent):
            self.sent.append(Sent(once, mail))

    def letters(self) -> list[str]:
        """List the letters sent, by template and in order; one to several people is told once."""
        return list({one.mail.occasion or one.key: one.mail.template for one in self.sent}.values())
