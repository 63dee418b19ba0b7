"""One task with what its page needs.

Owns: the form as it stands, the colleagues who may take a task over, what others may change of it.
Leaves: the task to `engine.queries`, forms to `web.forms`.
"""

from __future__ import annotations

import json

from engine.people.accounts import Accounts
from engine.queries.shapes import Answered, TaskPage
from web import forms
from web.audit.brief import brief
from web.forms import Filled
from web.host import host, signed_in
from web.pages import Option
from web.tasks.shapes import TaskBeside
from web.tasks.words import changes, holder


def filled(found: TaskPage) -> Filled | None:
    """A task's form as it stands: with the draft when there is one."""
    return forms.fill(found.form, found.values, found.draft, host().wording) if found.form else None


def beside(found: TaskPage, form: Filled | None, *, typed: dict[str, object] | None = None) -> TaskBeside:
    """A task with what its page needs. `typed`: what could not be sent, because somebody else acted."""
    overtaken = holder(found.pulse) if typed is not None else ""
    kept = (Answered(found.line.element, found.line.name, found.form, typed),) if found.form and typed else ()
    parts = {name: mark for name, (mark, _) in changes(found.pulse).items()}
    return TaskBeside(found, form, _colleagues(found), forms.tell(found.answered, host().wording), overtaken,
                      forms.tell(kept, host().wording), json.dumps(parts), brief(found))


def _colleagues(found: TaskPage) -> tuple[Option, ...]:
    line = found.line
    if line.state != "open" or not signed_in().is_staff or not (found.may_release or found.may_claim or line.mine):
        return ()
    with host().store.read() as connection:
        members = Accounts(connection).members(line.groups)
    return tuple(Option(one.id, one.name) for one in members if one.name in found.candidates and one.id != line.assignee_id)
