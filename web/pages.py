"""What templates may use: one frozen dataclass a page, each field with its meaning.

Owns: the shapes that views hand to templates where `engine.queries` has none that says it all.
Leaves: words of the language to the templates and filters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.errors import JalonError, NotAllowed
from web.catalogue import locale
from web.wording import Mark


@dataclass(frozen=True)
class Option:
    """A choice in a menu or list, with its words in the reader's language."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Refused:
    """Why the reader may not do something: the rule, the fact, and who can."""

    rule: str
    sentence: str
    who_can: tuple[str, ...] = ()


@dataclass(frozen=True)
class ErrorPage:
    """What went wrong. `number` stands in the log too, for an error nobody foresaw."""

    status: int
    sentence: str
    refused: Refused | None = None
    number: str = ""

    @classmethod
    def of(cls, status: int, error: JalonError) -> ErrorPage:
        """Tell an error of the house in the reader's language."""
        told = locale()
        refused = None
        if isinstance(error, NotAllowed) and error.fact is not None:
            refused = Refused(error.rule, error.fact(told), error.who_can)
        return cls(status, error.sentence(told), refused)


@dataclass(frozen=True)
class PickPerson:
    """Somebody the visitor of the demo may become. `role`: what they do, in words."""

    id: str
    name: str
    role: str
    is_staff: bool = True


@dataclass(frozen=True)
class LogInPage:
    """The log-in page. `back`: where to go afterwards; `refused`: why the last try failed; `people`: of the demo."""

    login: str = ""
    back: str = ""
    refused: str = ""
    people: tuple[PickPerson, ...] = ()


@dataclass(frozen=True)
class AskPage:
    """Asking for a link to log in. `fault`: what is wrong with the address; `asked`: it was asked for; `minutes`: how long it will work.

    `over`: a session has just ended in the middle of something.
    """

    email: str = ""
    fault: str = ""
    asked: bool = False
    minutes: int = 0
    over: bool = False


@dataclass(frozen=True)
class InvitationPage:
    """What somebody is invited to, and what they may do there."""

    token: str
    title: str
    name: str
    may_answer: bool
    may_invite: bool


@dataclass(frozen=True)
class Verified:
    """What the public register says about one certificate.

    `means`: what its state means to whoever relies on it. `state_on`: since when it is suspended or withdrawn.
    """

    mark: Mark
    means: str
    number: str
    holder: str
    address: str
    siren: str
    nda: str
    categories: tuple[str, ...]
    starts_on: date
    ends_on: date
    state_on: date | None
    sites: tuple[str, ...]


@dataclass(frozen=True)
class VerifyPage:
    """The verification page: what was typed, and what was found."""

    typed: str = ""
    found: tuple[Verified, ...] = ()
