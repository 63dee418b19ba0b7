"""The addresses under `/studio`.

Owns: the blueprint that the pages of the studio share.
Leaves: each page to its module.
"""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("studio", "web", url_prefix="/studio")
