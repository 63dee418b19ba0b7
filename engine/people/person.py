"""A person who acts.

Owns: `Person`, as every command and every read is handed one.
Leaves: rows and passwords to `accounts`, what a person may do to `access`.
"""

from __future__ import annotations

from dataclasses import dataclass

APPLICANT = "applicant"  #: the group of people of the outside: they see only cases they are party to


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account.

    Attributes:
        id: 32 hex digits. login: what is typed to log in. locale: "fr" or "en". groups: ids from groups.yaml.
        shortcuts: single keys do something on pages.
    """

    id: str
    login: str
    name: str
    email: str = ""
    locale: str = "fr"
    groups: frozenset[str] = frozenset()
    theme: str = "system"
    shortcuts: bool = True

    def is_in(self, *groups: str) -> bool:
        """Tell whether the person belongs to one of these groups."""
        return not self.groups.isdisjoint(groups)

    @property
    def is_staff(self) -> bool:
        """Tell whether the person belongs to the house: to any group but that of applicants."""
        return bool(self.groups - {APPLICANT})
