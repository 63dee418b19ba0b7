"""The orders of the inbox: by which columns tasks are sorted, and what stands behind a place.

Owns: `Sorting`, one for each order; the condition and the columns that an index answers.
Leaves: which tasks to `inbox`.
Promises: two tasks never stand at the same place: the id is the last of what they are sorted by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_

from engine.queries.asked import Asked, Order, Spot
from engine.store.tables import Moment, candidate, instance, user_task

END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)
Columns = tuple[ColumnElement[Any], ...]


@dataclass(frozen=True, slots=True)
class Sorting:
    """One order.

    Attributes:
        offered: columns of `candidate`. own: the same of `user_task` with its `instance`. kinds: types of their values.
        falls: the greatest comes first.
    """

    offered: Columns
    own: Columns
    kinds: tuple[type, ...]
    falls: bool = False

    def ordered(self, query: Select[Any], columns: Columns, after: Spot | None) -> Select[Any]:
        """A query that gives these columns in order, from behind a place."""
        keys = [one.label(f"key{number}") for number, one in enumerate(columns)]
        ordered: Select[Any] = query.with_only_columns(*keys, maintain_column_froms=True).order_by(*self.by(columns))
        return ordered if after is None else ordered.where(*self._behind(columns, after.values))

    def by(self, columns: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
        """What a query is ordered by."""
        return [one.desc() for one in columns] if self.falls else list(columns)

    def first(self, places: set[Spot], ends: Sequence[Spot], size: int) -> tuple[list[Spot], Spot | None]:
        """Put together what several queries gave.

        Args:
            ends: how far each that did not look to its end has looked.
        Returns: the first places, and how far all have looked when that is not far enough for `size`.
        """
        ordered = sorted(places, key=_values, reverse=self.falls)
        if not ends:
            return ordered[:size], None
        end = max(ends, key=_values) if self.falls else min(ends, key=_values)
        near = [one for one in ordered if (one.values >= end.values if self.falls else one.values <= end.values)]
        return near[:size], None if len(near) >= size else end

    def _behind(self, columns: Columns, values: Sequence[Any]) -> list[ColumnElement[bool]]:
        """The first condition lets the index start there, the second leaves out what was shown."""
        beyond = [(one < value if self.falls else one > value) for one, value in zip(columns, values, strict=True)]
        level = [one == value for one, value in zip(columns, values, strict=True)]
        return [columns[0] <= values[0] if self.falls else columns[0] >= values[0],
                or_(*(and_(*level[:number], beyond[number]) for number in range(len(columns))))]


def sorting(asked: Asked) -> Sorting:
    """The order of a question: what is put aside comes by when it returns, and what is done last first, whatever else is asked."""
    return {"later": _LATER, "done": _DONE}.get(asked.view) or _SORTINGS[asked.order]


def _values(place: Spot) -> tuple[Any, ...]:
    return place.values


_due: ColumnElement[Any] = func.coalesce(user_task.c.due_at, literal(END_OF_TIME, Moment()), type_=Moment())
_rank: ColumnElement[Any] = literal(100) - user_task.c.priority
_TASK, _OFFER = user_task.c.id, candidate.c.task_id
_SORTINGS: dict[Order, Sorting] = {
    "due": Sorting((candidate.c.sort_at, _OFFER), (_due, _TASK), (datetime, str)),
    "newest": Sorting((candidate.c.opened_at, _OFFER), (user_task.c.created_at, _TASK), (datetime, str), falls=True),
    "priority": Sorting((candidate.c.rank, candidate.c.sort_at, _OFFER), (_rank, _due, _TASK), (int, datetime, str)),
    "organisation": Sorting((candidate.c.title, candidate.c.sort_at, _OFFER), (instance.c.sort_title, _due, _TASK), (str, datetime, str)),
}
_LATER = Sorting((), (user_task.c.follow_up_at, _TASK), (datetime, str))
_DONE = Sorting((), (user_task.c.closed_at, _TASK), (datetime, str), falls=True)
