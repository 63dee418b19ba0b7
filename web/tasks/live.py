"""Whether an open page is still true: has somebody else acted on its task or its list?

Owns: `/tasks/pulse`, which a page asks every quarter of a minute while it is looked at.
Leaves: what has changed to `engine.queries.pulse`, the notice to the script: it never replaces what somebody is typing.
Promises: an answer that has not changed has no body (304).
"""

from __future__ import annotations

from flask import jsonify, request
from werkzeug.wrappers import Response as Answer

from web.access import for_staff
from web.host import host, signed_in
from web.tasks.asked import wanted
from web.tasks.blueprint import bp
from web.tasks.words import changes


@bp.get("/pulse")
@for_staff
def pulse() -> Answer:
    """The mark of the list, and of each part of the task with the sentence that says how it is now."""
    found = host().queries.pulse(signed_in(), wanted().asked, request.args.get("task", ""))
    answer = jsonify(list=found.list_mark, task=changes(found.task) if found.task else {})
    answer.add_etag()
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)
