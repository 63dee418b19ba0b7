"""Saved views of the inbox, as pages show them, and what there is to choose from in its filters.

Owns: reading saved views; the processes, steps and milestones a person's groups have to do with.
Leaves: keeping views to `engine.service`; the tasks they find to `inbox`.
"""

from __future__ import annotations

from sqlalchemy import select

from engine.errors import NotFound
from engine.execution.opening import groups_of
from engine.people.person import Person
from engine.queries.asked import Asked
from engine.queries.basis import Basis
from engine.queries.inbox import counted
from engine.queries.shapes import Choices, SavedView
from engine.store.tables import person as people
from engine.store.tables import saved_view
from engine.texts import Text


class NoSuchSavedView(NotFound):
    """This view is no longer there: whoever kept it has deleted it."""

    fr = "Cette vue n’existe plus : la personne qui l’avait enregistrée l’a supprimée."


def saved(basis: Basis, person: Person) -> tuple[SavedView, ...]:
    """A person's own saved views in the order they were kept, each with how many of their tasks it finds."""
    rows = basis.connection.execute(select(saved_view).where(saved_view.c.owner_id == person.id).order_by(
        saved_view.c.created_at, saved_view.c.id)).all()
    several = [Asked.read(row.asked) for row in rows]
    return tuple(SavedView(row.id, row.name, asked, person.id, person.name, count)
                 for row, asked, count in zip(rows, several, counted(basis, person, several), strict=True))


def one(basis: Basis, view_id: str, person: Person) -> SavedView:
    """A saved view by its address, one's own or a colleague's. Raises: NoSuchSavedView; NotAllowed, for people of the outside."""
    basis.check_staff(person)
    row = basis.connection.execute(select(saved_view, people.c.name.label("owner_name")).join(
        people, people.c.id == saved_view.c.owner_id).where(saved_view.c.id == view_id)).first()
    if row is None:
        raise NoSuchSavedView(view_id=view_id)
    return SavedView(row.id, row.name, Asked.read(row.asked), row.owner_id, row.owner_name)


def choices(basis: Basis, person: Person) -> Choices:
    """What the filters offer, from the newest versions: steps of the person's groups and their processes; milestones of all."""
    processes, steps, milestones = dict[str, Text](), dict[str, Text](), dict[str, Text]()
    for package in basis.library.published().values():
        for process in package.processes:
            milestones |= {step.id: step.name for step in process.milestones}
            own = {one.id: one.name for one in process.elements.values()
                   if one.kind == "userTask" and (one.ext.assignee or person.groups & set(groups_of(process, one)))}
            if own:
                processes[process.id] = process.name
                steps |= own
    return Choices(_sorted(processes), _sorted(steps), tuple(milestones.items()))


def _sorted(named: dict[str, Text]) -> tuple[tuple[str, Text], ...]:
    return tuple(sorted(named.items(), key=lambda pair: (pair[1].fr.casefold(), pair[0])))
