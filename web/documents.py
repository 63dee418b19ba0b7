"""Files kept with cases, for those who may read them.

Owns: `/documents/<id>`, and adding one to a case.
Leaves: who may to `engine.queries`.
Promises: a file is shown only when it is of a kind that cannot run anything; every other is downloaded.
"""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Flask, Response, redirect, request, send_file
from werkzeug.wrappers import Response as Answer

from web import uploads
from web.catalogue import say
from web.host import host, signed_in
from web.notes import note
from web.preferences import local

bp = Blueprint("documents", __name__, url_prefix="/documents")
SHOWN = {"application/pdf", "image/png", "image/jpeg", "text/plain"}


@bp.get("/<document_id>")
def show(document_id: str) -> Response:
    """The file. Raises: NotFound; NotAllowed (`party`)."""
    name, media_type, content = host().queries.document(document_id, signed_in())
    shown = media_type in SHOWN
    answer = send_file(BytesIO(content), mimetype=media_type if shown else "application/octet-stream", as_attachment=not shown,
                       download_name=name, max_age=0)
    # what a person of the outside sent must not act as a page of this site
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@bp.post("/of/<instance_id>")
def add(instance_id: str) -> Answer:
    """Keep a file with a case. What a party sends, the parties may read; what staff add, when they say so."""
    person = signed_in()
    shared = not person.is_staff or request.form.get("shared") == "yes"
    document = uploads.posted_file(kind="evidence" if not person.is_staff else "attachment", public_to_parties=shared)
    host().engine.add_document(instance_id, document, by=person)
    note(say("“%(name)s” is kept with the case.", name=document.name))
    return redirect(local(request.form.get("next")), 303)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["accepted_files"] = uploads.accepted
