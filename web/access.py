"""Which pages want a log-in, and which are the staff's.

Owns: the mark `public` on a view, every other one wants somebody (`auth`); `for_staff`, which sends a party to their own place.
Leaves: what each person may see to `engine.queries`: these are matters of comfort.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import redirect, url_for
from werkzeug.wrappers import Response

from web.host import signed_in

P = ParamSpec("P")
R = TypeVar("R")


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that needs no log-in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def for_staff(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Mark a page of the staff's place: a party who comes by is sent to the portal."""
    @wraps(view)
    def seen(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        return view(*args, **kwargs) if signed_in().is_staff else redirect(url_for("portal.index"))
    return seen
