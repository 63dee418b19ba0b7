"""Telling people from programs that fill in every form they meet, without asking anybody anything and without a third party.

Owns: the field that people do not see, and the moment the page was made.
Promises: a program learns nothing: a filled trap is answered like anything else. A person is never locked out: who is quick is asked to
press once more.
"""

from __future__ import annotations

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer

from web.host import host

#: The field of the trap: programs like to fill in such names.
TRAP = "company_website"


def stamp() -> str:
    """When a page was made, signed."""
    return str(_signer().dumps(host().clock.now().timestamp()))


def is_caught() -> bool:
    """Tell whether the field that people do not see was filled in."""
    return bool(request.form.get(TRAP, "").strip())


def is_quick() -> bool:
    """Tell whether a form came back faster than a person reads it, or without its stamp."""
    try:
        made = float(_signer().loads(request.form.get("made", "")))
    except (BadSignature, TypeError, ValueError):
        return True
    return host().clock.now().timestamp() - made < host().settings.links.shortest_seconds


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(host().settings.secret(), salt="jalon.made")
