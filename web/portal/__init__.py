"""The applicant's place: what to do next and by when, where the case stands, documents, contacts, withdrawal.

Owns: the addresses under `/portal`.
Leaves: what a party may see to `engine.queries`, findings to `handlers.registers`.
Promises: nothing of another organisation is reachable by link or guess: every page asks the engine with the person, and what is not theirs
answers like what does not exist.
Rule: docs/applicants.md.
"""

from __future__ import annotations

from flask import Flask

from web.portal import cases, contacts, effort
from web.portal.blueprint import bp

__all__ = ["install"]


def install(app: Flask) -> None:
    """Put the pages in: each module has added its own."""
    assert cases and contacts
    app.register_blueprint(bp)
    app.jinja_env.filters["minutes"] = effort.minutes
