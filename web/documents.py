"""Files kept with cases, for those who may read them.

Owns: `/documents/<id>`.
Leaves: who may to `engine.queries`.
Promises: a file is shown only when it is of a kind that cannot run anything; every other is downloaded.
"""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Flask, Response, send_file

from web.host import host, signed_in

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


def install(app: Flask) -> None:
    app.register_blueprint(bp)
