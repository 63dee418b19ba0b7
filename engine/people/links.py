"""Signed links by which a person of the outside enters without a password.

Owns: making and reading them.
Leaves: mailing them to letters (`portal_url`), the session that follows to `web`.
Promises: a link names one account, one case and a last moment; changed by a letter, or too late, it lets nobody in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from engine.errors import NotAllowed
from engine.settings import Settings

#: How long a mailed link works: longer than the longest legal time limit of a case.
LASTS = timedelta(days=200)


class LinkNotValid(NotAllowed):
    """This link is no longer valid. Ask for a new one."""

    fr = "Ce lien n’est plus valable. Demandez-en un nouveau."


@dataclass(frozen=True, slots=True)
class Entry:
    """What a link says: who enters (login, of the outside their e-mail address), and to which case ("" for none in particular)."""

    login: str
    instance_id: str


class EntryLinks:
    """Makes and reads entry links with the secret of one installation."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeSerializer(secret, salt="jalon.entry")

    def make(self, login: str, until: datetime, instance_id: str = "") -> str:
        """Make the last part of a link, `/enter/<this>`. `until`: the last moment it works, aware."""
        token = self._signer.dumps([login.strip().casefold(), instance_id, int(until.timestamp())])
        return token.decode() if isinstance(token, bytes) else token

    def read(self, token: str, now: datetime) -> Entry:
        """Read a link. Raises: LinkNotValid, when it was changed or is too old."""
        try:
            login, instance_id, until = self._signer.loads(token)
            late = now.timestamp() > int(until)
        except (BadData, ValueError, TypeError):
            raise LinkNotValid("link") from None
        if late:
            raise LinkNotValid("link")
        return Entry(str(login), str(instance_id))


def case_address(settings: Settings, email: str, instance_id: str, now: datetime) -> str:
    """The address of a case for one reader of a letter: signed, or plain where no secret is set (rehearsals)."""
    if not settings.secret_key.get_secret_value():
        return f"{settings.base_url}/portal/{instance_id}"
    return f"{settings.base_url}/enter/{EntryLinks(settings.secret()).make(email, now + LASTS, instance_id)}"
