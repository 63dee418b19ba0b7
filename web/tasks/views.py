"""Saved views: keep the list one looks at, rename it, change it, throw it away.

Owns: the addresses under `/tasks/views`.
Leaves: whose view it is to the engine.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from web.access import for_staff
from web.catalogue import say
from web.host import host, signed_in
from web.notes import Undo, note
from web.tasks.asked import LIST, SAVED, to, wanted
from web.tasks.blueprint import bp


@bp.post("/views")
@for_staff
def save() -> Answer:
    """Keep the list of this request under a name."""
    view_id = host().engine.save_view(request.form.get("name", ""), wanted().asked.told(), by=signed_in())
    note(say("View saved. Its address shows your colleagues their own tasks."))
    return redirect(to("tasks.index", {SAVED: view_id}), 303)


@bp.post("/views/<view_id>/rename")
@for_staff
def rename(view_id: str) -> Answer:
    """Give one's own view another name."""
    host().engine.rename_view(view_id, request.form.get("name", ""), by=signed_in())
    note(say("View renamed."))
    return redirect(to("tasks.index", {SAVED: view_id}), 303)


@bp.post("/views/<view_id>/delete")
@for_staff
def delete(view_id: str) -> Answer:
    """Throw one's own view away; keeping it again is offered at once."""
    saved = host().queries.saved_view(view_id, signed_in())
    host().engine.delete_view(view_id, by=signed_in())
    note(say("View “%(name)s” deleted.", name=saved.name),
         undo=Undo(url_for("tasks.save"), ((LIST, urlencode(saved.asked.told())), ("name", saved.name))))
    return redirect(to("tasks.index", saved.asked.told()), 303)
