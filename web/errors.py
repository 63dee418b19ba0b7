"""What a person sees when something goes wrong: each family of errors mapped to a status and a page, once.

Owns: the errors of the pages themselves, the mapping, the error pages' data.
Leaves: what went wrong in words to the errors (`engine.errors`).
Promises: a refusal says rule, fact and who can instead; an unforeseen error shows a number that is also in the log, and nothing else.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from engine.errors import Conflict, Invalid, JalonError, NotAllowed, NotFound
from web.catalogue import say
from web.pages import ErrorPage

log = logging.getLogger(__name__)
#: Headers of requests that a page's script makes, and deals with the answer itself.
ASKED_BY_SCRIPT = ("X-Draft", "X-Typing", "X-Piece")


class NotSignedIn(NotAllowed):
    """Log in first."""

    fr = "Connectez-vous d’abord."


class ForgedRequest(NotAllowed):
    """This request did not come from a page of this site, so nothing was done."""

    fr = "Cette requête ne vient pas d’une page de ce site : rien n’a été fait."


def install(app: Flask) -> None:
    """Answer each family with its page."""
    app.register_error_handler(NotSignedIn, _to_log_in)
    app.register_error_handler(NotFound, _family(404))
    app.register_error_handler(NotAllowed, _family(403))
    app.register_error_handler(Conflict, _family(409))
    app.register_error_handler(Invalid, _family(422))
    app.register_error_handler(JalonError, _family(500))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _to_log_in(error: NotSignedIn) -> Response:
    """To the log-in page and back; a form that was sent comes back by its draft. A script is told, and keeps what it holds."""
    address = url_for("auth.log_in", next=request.full_path.rstrip("?") if request.method == "GET" else _sent_from())
    if error.details.get("outside"):                        # they have no password
        address = url_for("auth.ask_link", over="1")
    if any(name in request.headers for name in ASKED_BY_SCRIPT):
        return make_response("", 401)
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(sentence=error.sentence(g.get("locale", "fr")), log_in=url_for("auth.log_in")), 401)
    if request.headers.get("HX-Request"):
        response = make_response("", 401)
        response.headers["HX-Redirect"] = address
        return response
    return make_response(redirect(address, 303))


def _sent_from() -> str | None:
    """The page of this site that a form was sent from, to come back to."""
    sent = urlsplit(request.referrer or "")
    if sent.netloc != request.host or not sent.path:
        return None
    return f"{sent.path}?{sent.query}" if sent.query else sent.path


def _family(status: int) -> Callable[[JalonError], Response]:
    def answer(error: JalonError) -> Response:
        log.info("%s %s: %s %s", request.method, request.path, status, error)
        return render(ErrorPage.of(status, error))
    return answer


def _http(error: HTTPException) -> Response:
    """Werkzeug's own: no such address, wrong method, too large."""
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    status = error.code
    sentence = {
        404: say("There is no page at this address."),
        405: say("This address does not take that kind of request."),
        413: say("What was sent is too large."),
    }.get(status, say("This request cannot be read."))
    return render(ErrorPage(status=status, sentence=sentence))


def _unforeseen(error: Exception) -> Response:
    number = uuid.uuid4().hex[:8]
    log.error("unforeseen error %s at %s %s", number, request.method, request.path, exc_info=error)
    return render(ErrorPage(status=500, sentence=say("Something failed on our side. Nothing of what you asked was done."), number=number))


def render(page: ErrorPage) -> Response:
    """Write an error page."""
    return make_response(render_template("errors/show.html", page=page), page.status)
