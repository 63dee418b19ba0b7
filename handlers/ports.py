"""What handlers ask of the outside: mail, staff, the company directory, the public list, typesetting.

Owns: the ports, and the plain data that crosses them. A handler names a port by its parameter; `handlers.binding` binds it by that name:
`registers`, `mailer`, `staff`, `directory`, `public_list`, `typesetter`, `settings`.
Leaves: meeting them to `handlers.adapters`.
Promises: a port that cannot be met raises Unreachable; "nobody of that name" is an answer, not an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from engine.errors import JalonError


class Unreachable(JalonError):
    """{service} does not answer."""

    fr = "{service} ne répond pas."


class MailNotTaken(Unreachable):
    """The mail server {host} did not take the letter: {reason}."""

    fr = "Le serveur de courrier {host} n’a pas pris la lettre : {reason}."


class TypesettingFailed(JalonError):
    """The document {template} could not be typeset: {reason}."""

    fr = "Le document {template} n’a pas pu être composé : {reason}."


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail. `document_id` names it in the case."""

    document_id: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """A mail, filled in.

    `template` and `instance_id` say which letter it is and of which case; `occasion` is the key of the task that sends it, the same for all
    copies of one letter. Paragraphs of `body` are parted by blank lines. `secrets` are parts of it that open something: whoever keeps the
    letter once it has left keeps it without them.
    """

    to: str
    subject: str
    body: str
    template: str
    instance_id: str
    occasion: str = ""
    locale: str = "fr"
    attachments: tuple[Attachment, ...] = ()
    secrets: tuple[str, ...] = ()

    def without_secrets(self) -> Mail:
        """The same with three points in place of each secret."""
        body = self.body
        for secret in self.secrets:
            body = body.replace(secret, "…")
        return replace(self, body=body, secrets=())


@dataclass(frozen=True)
class Colleague:
    """A person of the body who gets mail."""

    person_id: str
    name: str
    email: str
    locale: str


@dataclass(frozen=True)
class Company:
    """What the company directory knows of a SIREN."""

    siren: str
    name: str
    active: bool


@dataclass(frozen=True)
class Listed:
    """What the public list of training organisations says of an NDA. `siren` may be empty there."""

    nda: str
    siren: str
    name: str


class Mailer(Protocol):
    def send(self, mail: Mail, *, once: str) -> None:
        """Send a mail; the same `once` sends once. Raises: Unreachable."""


class Staff(Protocol):
    def of_group(self, group: str) -> tuple[Colleague, ...]:
        """List the active people of a group."""

    def person(self, person_id: str) -> Colleague | None:
        """Find one person by id or login."""


class Directory(Protocol):
    def company(self, siren: str) -> Company | None:
        """Look a SIREN up. Returns: None when it is not known. Raises: Unreachable."""


class PublicList(Protocol):
    def provider(self, nda: str) -> Listed | None:
        """Look an NDA up. Returns: None when it is not listed. Raises: Unreachable."""


class Typesetter(Protocol):
    def pdf(self, template: str, data: Mapping[str, Any], images: Mapping[str, bytes]) -> bytes:
        """Typeset a template to PDF.

        Args:
            template: name without ending, "certificate". data: JSON values the template reads. images: SVG by name.
        Raises: TypesettingFailed.
        """
