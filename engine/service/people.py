"""Commands on accounts: logging in and out, making people known, their groups and preferences.

Owns: who may change whose account.
Leaves: rows, passwords and sessions to `engine.people.accounts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from engine.errors import NotAllowed
from engine.people.accounts import Accounts, NoSuchPerson
from engine.people.feeds import Feeds, Scope
from engine.people.links import LinkNotValid
from engine.people.mailed_links import MailedLinks, address
from engine.people.person import Person
from engine.service.errands import ErrandCommands
from engine.states import LinkPurpose
from engine.texts import Text

ADMINISTRATOR = "administrator"


class PeopleCommands(ErrandCommands):
    """Accounts."""

    def log_in(self, login: str, password: str) -> str:
        """Open a session and tell its token. Raises: LoginRefused, without telling which of the two is wrong."""
        with self._command() as work:
            accounts = Accounts(work.connection)
            return accounts.open_session(accounts.authenticate(login, password).id, now=self._now())

    def log_in_by_link(self, person_id: str) -> str:
        """Open a session for somebody whose mailed link was checked by the caller. Raises: NoSuchPerson."""
        with self._command() as work:
            accounts = Accounts(work.connection)
            return accounts.open_session(accounts.get(person_id).id, now=self._now())

    def mail_login_link(self, email: str, *, process: str, letter: str) -> None:
        """Mail somebody of the outside a link that logs in once; to anybody else nothing, which the caller never learns.

        Args:
            process: whose letters hold it, by its key. letter: its name there.
        """
        now, minutes = self._now(), self.around.settings.links.login_minutes
        with self._command() as work:
            try:
                who = Accounts(work.connection).by_login(email)
            except NoSuchPerson:
                return
            if who.is_staff or not who.email:
                return
            token = MailedLinks(work.connection).make(LinkPurpose.LOGIN, who.login, now=now, until=now + timedelta(minutes=minutes))
            inputs = {"name": who.name, "login_url": address(self.around.settings, LinkPurpose.LOGIN, token), "link_minutes": minutes,
                      "secrets": [token]}
            self._mail(work, process, letter, who.email, who.locale, inputs)

    def check_login_link(self, token: str) -> None:
        """Tell whether a link that logs in once would, without using it. A read. Raises: LinkNotValid."""
        with self.store.read() as connection:
            MailedLinks(connection).read(LinkPurpose.LOGIN, token, now=self._now())

    def log_in_once(self, token: str) -> str:
        """Open a session by a mailed link, which is used up by it, and tell the session's token. Raises: LinkNotValid."""
        with self._command() as work:
            link = MailedLinks(work.connection).use(LinkPurpose.LOGIN, token, now=self._now())
            accounts = Accounts(work.connection)
            try:
                who = accounts.by_login(link.email)
            except NoSuchPerson:
                raise LinkNotValid("link") from None
            if who.is_staff:
                raise LinkNotValid("link")
            return accounts.open_session(who.id, now=self._now())

    def log_out(self, token: str) -> None:
        """End a session."""
        with self._command() as work:
            Accounts(work.connection).close_session(token)

    def signed_in(self, token: str) -> Person | None:
        """Tell whose session this is, None when there is none or it is over. A read, in one statement."""
        with self.store.read() as connection:
            return Accounts(connection).of_session(token, now=self._now())

    def lately_signed_in(self, token: str) -> Person | None:
        """Tell whose session this is or was within the last day: for keeping what was typed, never for letting in. A read."""
        with self.store.read() as connection:
            return Accounts(connection).lately_of_session(token, now=self._now())

    def add_person(self, login: str, name: str, by: Person | None, *, email: str = "", locale: str = "fr", groups: Iterable[str] = (),
                   password: str | None = None, password_hash: str | None = None) -> Person:
        """Make somebody known. `by` is None for the one who sets the installation up. Raises: NotAllowed; LoginTaken; PasswordTooShort."""
        _check_administrator(by)
        with self._command() as work:
            return Accounts(work.connection).create(
                login, name, now=self._now(), email=email, locale=locale, groups=groups, password=password, password_hash=password_hash
            )

    def set_groups(self, person_id: str, groups: Iterable[str], by: Person | None) -> None:
        """Say which groups somebody belongs to. Raises: NotAllowed."""
        _check_administrator(by)
        with self._command() as work:
            Accounts(work.connection).set_groups(person_id, groups)

    def set_active(self, person_id: str, active: bool, by: Person | None) -> None:
        """Let somebody in or keep them out. Raises: NotAllowed."""
        _check_administrator(by)
        with self._command() as work:
            Accounts(work.connection).set_active(person_id, active)

    def set_password(self, person_id: str, password: str, by: Person | None) -> None:
        """Change a password: one's own, or anybody's for an administrator. Raises: NotAllowed; PasswordTooShort."""
        if by is None or by.id != person_id:
            _check_administrator(by)
        with self._command() as work:
            Accounts(work.connection).set_password(person_id, password)

    def set_preferences(self, by: Person, *, locale: str | None = None, theme: str | None = None,
                        shortcuts: bool | None = None) -> None:
        """Choose one's own language and look, and whether single keys do something."""
        with self._command() as work:
            Accounts(work.connection).set_preferences(by.id, locale=locale, theme=theme, shortcuts=shortcuts)


    def open_feed(self, scope: str, by: Person) -> str:
        """Make one's calendar feed, in place of the one before, and tell its secret. Raises: NotAllowed, for people of the outside;
        ScopeNotKnown."""
        self._check_staff(by)
        with self._command() as work:
            return Feeds(work.connection).open(by.id, scope, now=self._now())

    def close_feed(self, by: Person) -> None:
        """End one's calendar feed: its address is nobody's from now on."""
        with self._command() as work:
            Feeds(work.connection).close(by.id)

    def read_feed(self, secret: str) -> tuple[Person, Scope]:
        """Whose calendar this is, and of what. Raises: NoSuchFeed, also once its person has left the house."""
        with self._command() as work:
            return Feeds(work.connection).read(secret, now=self._now())


def _check_administrator(by: Person | None) -> None:
    if by is not None and not by.is_in(ADMINISTRATOR):
        raise NotAllowed("group", _ADMINISTRATORS_ONLY, (ADMINISTRATOR,))


_ADMINISTRATORS_ONLY = Text("Seuls les administrateurs changent les comptes.", "Only administrators change accounts.")
