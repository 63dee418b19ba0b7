"""The blueprint of the application form, and what all its answers carry."""

from __future__ import annotations

from flask import Blueprint, Response, request

bp = Blueprint("apply", __name__, url_prefix="/apply")
#: The process whose letters the pages send, the message that begins a case of it, and the letter with the link to an application.
LETTERS_OF, MESSAGE, LETTER = "certification", "application.received", "application_link"


@bp.after_request
def keep_secret(response: Response) -> Response:
    """Pages behind a secret link are for nobody's cache, and for no search engine."""
    if request.view_args and "token" in request.view_args:
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
