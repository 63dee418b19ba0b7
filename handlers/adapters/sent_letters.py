"""The proof that a letter was sent: one row a letter.

Owns: the rows of `letter`, in transactions of their own, because mail leaves outside any.
Leaves: sending to the mailers.
Promises: a key has one row, whoever writes it how often.
"""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from engine.clock import Clock
from engine.store.database import Store
from engine.store.tables import letter
from handlers.ports import Mail


class SentLetters:
    """The ledger of letters of one installation."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def holds(self, key: str) -> bool:
        """Tell whether a letter of this key was sent."""
        with self._store.read() as connection:
            return connection.execute(select(letter.c.key).where(letter.c.key == key)).first() is not None

    def enter(self, key: str, mail: Mail) -> None:
        """Note that a mail was sent; a second note for the same key changes nothing."""
        row = {"key": key, "instance_id": mail.instance_id, "template": mail.template, "recipient": mail.to, "subject": mail.subject[:500],
               "body": mail.body, "attachments": [attachment.document_id for attachment in mail.attachments], "state": "sent",
               "sent_at": self._clock.now()}
        try:
            with self._store.begin() as work:
                work.connection.execute(insert(letter).values(row))
        except IntegrityError:                              # another worker sent it at the same time
            if not self.holds(key):
                raise
