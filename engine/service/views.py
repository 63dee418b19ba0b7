"""Commands on the saved views of the inbox: keep, rename, throw away.

Owns: the `saved_view` rows, and who may change one.
Leaves: what a view asks and what somebody sees through it to `engine.queries`.
Promises: a view belongs to who kept it; a colleague who has its address sees their own tasks through it and changes nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from engine.errors import Conflict, Invalid, NotFound
from engine.people.person import Person
from engine.service.commands import Commands
from engine.store.tables import saved_view
from engine.store.unit_of_work import UnitOfWork

LONGEST_NAME = 80
MOST_VIEWS = 30


class NoSuchView(NotFound):
    """You have no saved view like that; it may have been deleted."""

    fr = "Vous n’avez pas de vue enregistrée de ce genre ; elle a peut-être été supprimée."


class NoName(Invalid):
    """Give the view a name, of {longest} letters at most."""

    fr = "Donnez un nom à la vue, de {longest} lettres au plus."


class TooManyViews(Conflict):
    """You have {most} saved views already; delete one first."""

    fr = "Vous avez déjà {most} vues enregistrées ; supprimez-en une d’abord."


class ViewCommands(Commands):
    """Keeping views."""

    def save_view(self, name: str, asked: Mapping[str, str], by: Person) -> str:
        """Keep a view under a name, and tell its id. Raises: NotAllowed, for people of the outside; NoName; TooManyViews."""
        self._check_staff(by)
        name = _named(name)
        with self._command() as work:
            kept = select(func.count()).select_from(saved_view).where(saved_view.c.owner_id == by.id)
            if work.connection.execute(kept).scalar_one() >= MOST_VIEWS:
                raise TooManyViews(most=MOST_VIEWS)
            view_id = token_hex(16)
            work.connection.execute(insert(saved_view).values(id=view_id, owner_id=by.id, name=name, asked=dict(asked),
                                                              created_at=self._now()))
        return view_id

    def rename_view(self, view_id: str, name: str, by: Person) -> None:
        """Give one's own view another name. Raises: NoSuchView; NoName."""
        named = _named(name)
        with self._command() as work:
            self._change_view(work, update(saved_view).values(name=named), view_id, by)

    def change_view(self, view_id: str, asked: Mapping[str, str], by: Person) -> None:
        """Let one's own view ask something else. Raises: NoSuchView."""
        with self._command() as work:
            self._change_view(work, update(saved_view).values(asked=dict(asked)), view_id, by)

    def delete_view(self, view_id: str, by: Person) -> None:
        """Throw one's own view away; who had its address is told that it is gone. Raises: NoSuchView."""
        with self._command() as work:
            self._change_view(work, delete(saved_view), view_id, by)

    @staticmethod
    def _change_view(work: UnitOfWork, statement: Any, view_id: str, by: Person) -> None:
        if work.connection.execute(statement.where(saved_view.c.id == view_id, saved_view.c.owner_id == by.id)).rowcount != 1:
            raise NoSuchView(view_id=view_id)


def _named(name: str) -> str:
    kept = " ".join(name.split())
    if not 0 < len(kept) <= LONGEST_NAME:
        raise NoName(longest=LONGEST_NAME)
    return kept
