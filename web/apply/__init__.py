"""The public application form: begun with an e-mail address, filled in step by step, left and taken up again by a mailed link, sent once.

Owns: the addresses under `/apply`.
Leaves: questions and steps to the start form of the process, what is right to `engine.forms`, keeping to `engine.service.intakes`.
Promises: works without script; what is typed is kept at every step, right or wrong; whoever has the link goes on, nobody else.
Rule: docs/applicants.md.
"""

from __future__ import annotations

from flask import Flask

from web.apply import filling, sending, starting
from web.apply.blueprint import bp

__all__ = ["install"]


def install(app: Flask) -> None:
    """Put the pages in: each module has added its own."""
    assert filling and sending and starting
    app.register_blueprint(bp)
