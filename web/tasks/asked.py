"""Which list a request is about.

Owns: reading the question to the inbox from an address, from the hidden field of a form, or from a saved view; the same as arguments.
Leaves: the question itself to `engine.queries.asked`.
Promises: an address that is handed on shows the same list to whoever may see it, each with their own tasks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import g, request, url_for

from engine.queries.asked import Asked
from engine.queries.shapes import SavedView
from web.host import host, signed_in

LIST = "_list"          #: the hidden field by which a form says which list it was sent from
SAVED = "saved"
WAS = "was"             #: the saved view that the filters of a list were changed in
_CHOSEN = f"{SAVED}:"   #: begins the value of a saved view in the menu of narrow screens


@dataclass(frozen=True)
class Wanted:
    """The list of this request. `saved`: the saved view it is, None for another."""

    asked: Asked
    saved: SavedView | None = None

    @property
    def where(self) -> Mapping[str, str]:
        """The arguments of its address."""
        return {SAVED: self.saved.id} if self.saved else self.asked.told()

    @property
    def field(self) -> str:
        """The same, for the hidden field of a form."""
        return urlencode(self.where)


def to(endpoint: str, where: Mapping[str, str], **values: str) -> str:
    """The address of a page, in a list."""
    address = url_for(endpoint, **values)  # type: ignore[arg-type]
    return f"{address}?{urlencode(where)}" if where else address


def wanted() -> Wanted:
    """The list of this request. Raises: NotFound, for a saved view that is gone."""
    if "tasks_wanted" not in g:
        g.tasks_wanted = _read()
    found: Wanted = g.tasks_wanted
    return found


def _read() -> Wanted:
    given = dict(parse_qsl(request.form[LIST])) if LIST in request.form else request.args.to_dict()
    view = given.get("view", "")
    saved_id = given.get(SAVED) or (view.removeprefix(_CHOSEN) if view.startswith(_CHOSEN) else "")
    if not saved_id:
        return Wanted(Asked.read(given))
    saved = host().queries.saved_view(saved_id, signed_in())
    if given.get(WAS) == view:      # the saved view was there already: it is its filters that were changed
        return Wanted(Asked.read({**given, "view": saved.asked.view}))
    return Wanted(saved.asked, saved)
