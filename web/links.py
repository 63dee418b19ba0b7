"""Signed links that let a person of the outside in without a password.

Owns: making and reading them.
Leaves: mailing them to the letters; the session that follows to `auth`.
Promises: a link names one person and a last moment; changed by a letter, or too late, it lets nobody in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer

from web.errors import LinkNotValid


@dataclass(frozen=True)
class Entry:
    """What a link says: who enters, and to which case ("" for none in particular)."""

    person_id: str
    instance_id: str


class EntryLinks:
    """Makes and reads entry links with one secret."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeSerializer(secret, salt="jalon.entry")

    def make(self, person_id: str, until: datetime, instance_id: str = "") -> str:
        """Make the last part of a link, `/enter/<this>`. `until`: the last moment it works, aware."""
        token = self._signer.dumps([person_id, instance_id, int(until.timestamp())])
        return token.decode() if isinstance(token, bytes) else token

    def read(self, token: str, now: datetime) -> Entry:
        """Read a link. Raises: LinkNotValid, when it was changed or is too old."""
        try:
            person_id, instance_id, until = self._signer.loads(token)
            late = now.timestamp() > int(until)
        except (BadData, ValueError, TypeError):
            raise LinkNotValid("link") from None
        if late:
            raise LinkNotValid("link")
        return Entry(str(person_id), str(instance_id))
