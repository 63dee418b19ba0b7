"""The blueprint of the inbox.

Owns: `bp`, which the modules beside this one add their addresses to.
"""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("tasks", __name__, url_prefix="/tasks")
