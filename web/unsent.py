"""What was typed into a task when the session was already over: kept as its draft, so that logging in again finds it.

Owns: recognising whose session it was, and keeping the form that was posted.
Leaves: who may keep a draft to `engine.service`; where one logs in to `auth`.
Promises: nothing is shown to, or done for, a session that is over but this: its person's own draft is kept.
"""

from __future__ import annotations

from flask import request

from engine.errors import JalonError
from engine.people.person import Person
from web import forms
from web.host import host

#: The addresses whose forms have drafts.
WITH_DRAFTS = ("tasks.complete", "tasks.draft")


def keep(token: str) -> Person | None:
    """Keep the form of this request for who had this session lately; tell who that is, None when there is nobody or nothing to keep."""
    person = host().engine.lately_signed_in(token) if token else None
    if person is None or request.method != "POST" or request.endpoint not in WITH_DRAFTS:
        return person
    task_id = str((request.view_args or {}).get("task_id", ""))
    try:
        form = host().queries.task_form(task_id).form
        if form is not None:
            host().engine.save_draft(task_id, forms.posted(form), by=person)
    except JalonError:                                      # done by another meanwhile, or never theirs: the page they come back to says so
        return person
    return person
