"""What has just happened, said once on the next page.

Owns: the note. It is kept in a signed cookie until it is shown.
"""

from __future__ import annotations

from flask import flash


def note(sentence: str) -> None:
    """Say something on the next page."""
    flash(sentence, "note")
