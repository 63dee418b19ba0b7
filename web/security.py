"""What every request is checked for and every answer carries.

Owns: the check against forged requests, the content security policy, the other security headers, what may be kept in a cache.
Leaves: who may do what to `engine.people`; the session to `auth`.
Promises: a request that changes something comes from a page of this site; no page runs a script or a style that is not a file of ours;
the editors' libraries alone may set styles from script.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Flask, Response, request

from web.assets import keep_seconds
from web.errors import ForgedRequest

SAFE = {"GET", "HEAD", "OPTIONS"}
POLICY = {
    "default-src": "'self'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:", "font-src": "'self'",
    "connect-src": "'self'", "object-src": "'none'", "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'",
}


def _written(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


#: The editors' libraries set styles in attributes; scripts stay files of ours there too.
EDITOR_POLICY = _written({**POLICY, "style-src": "'self' 'unsafe-inline'"})
HEADERS = {
    "Content-Security-Policy": _written(POLICY),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TWO_YEARS_SECONDS = 2 * 365 * 24 * 3600


def allow_inline_styles(response: Response) -> Response:
    """Let the page of an editor set styles from its script."""
    response.headers["Content-Security-Policy"] = EDITOR_POLICY
    return response


def install(app: Flask, *, secure: bool) -> None:
    """Check requests and mark answers. `secure`: the site is reached over HTTPS only."""
    app.before_request(refuse_forged)
    app.after_request(lambda response: _mark(response, secure=secure))


def refuse_forged() -> None:
    """Refuse a request that changes something and does not come from a page of this site.

    Every browser says where such a request comes from: `Sec-Fetch-Site`, or `Origin` in older ones. One that says neither is refused.
    Raises: ForgedRequest.
    """
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site == "same-origin":
            return
    elif urlsplit(request.headers.get("Origin", "")).netloc == request.host:
        return
    raise ForgedRequest(site=site, origin=request.headers.get("Origin"))


def _mark(response: Response, *, secure: bool) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS_SECONDS}")
    if request.endpoint == "static":
        seconds = keep_seconds((request.view_args or {}).get("filename", ""), request.args.get("v"))
        response.headers["Cache-Control"] = f"public, max-age={seconds}, immutable" if seconds else "no-cache"
    else:
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.add("Vary", "Cookie, Accept-Language")
    return response
