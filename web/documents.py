"""Files kept with cases, for those who may read them.

Owns: `/documents/<id>`, its preview, and adding one to a case.
Leaves: who may to `engine.queries`; what may be sent to `uploads`.
Promises: a file is shown only when it is of a kind that cannot run anything, in a frame of this site and nobody else's; every other is
downloaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as Answer

from web import uploads
from web.catalogue import say
from web.host import host, signed_in
from web.notes import note
from web.preferences import local

bp = Blueprint("documents", __name__, url_prefix="/documents")
PICTURES = {"image/png", "image/jpeg"}
TEXTS = {"text/plain", "text/csv"}
SHOWN = {"application/pdf", *PICTURES, "text/plain"}
LONGEST_PREVIEW = 100_000   #: letters of a text
#: What a person of the outside sent must not act as a page of this site. The viewer of PDF does not work inside a sandbox.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


@dataclass(frozen=True)
class PreviewPage:
    """A file to look at. `kind`: pdf, picture or text; "" for one that is only downloaded. `cut`: `text` is its beginning."""

    id: str
    name: str
    kind: str
    size_bytes: int
    text: str = ""
    cut: bool = False


@bp.get("/<document_id>")
def show(document_id: str) -> Response:
    """The file. Raises: NotFound; NotAllowed (`party`)."""
    name, media_type, content = host().queries.document(document_id, signed_in())
    shown = media_type in SHOWN and "download" not in request.args
    answer = send_file(BytesIO(content), mimetype=media_type if shown else "application/octet-stream", as_attachment=not shown,
                       download_name=name, max_age=0)
    answer.headers["Content-Security-Policy"] = POLICY if shown and media_type == "application/pdf" else f"sandbox; {POLICY}"
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@bp.get("/<document_id>/preview")
def preview(document_id: str) -> Response:
    """The file in place: a PDF or picture in a frame, a text as text. Asked by script, the piece alone. Raises: NotFound; NotAllowed."""
    name, media_type, content = host().queries.document(document_id, signed_in())
    kind = "pdf" if media_type == "application/pdf" else "picture" if media_type in PICTURES else "text" if media_type in TEXTS else ""
    told = uploads.decoded(content) if kind == "text" else ""
    page = PreviewPage(document_id, name, kind, len(content), told[:LONGEST_PREVIEW], len(told) > LONGEST_PREVIEW)
    piece = bool(request.headers.get("X-Piece"))
    return make_response(render_template("documents/_preview.html" if piece else "documents/preview.html", page=page))


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
    app.jinja_env.tests["previewed"] = lambda media_type: media_type in SHOWN or media_type in TEXTS
