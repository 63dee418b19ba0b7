"""The pages: thin views over the engine's commands and queries.

Owns: HTTP, sessions' cookies, templates, style, the catalogue of page texts.
Leaves: every rule to `engine` and `handlers`; a view reads the request, calls the engine once, and answers.
"""

from web.app import create_app

__all__ = ["create_app"]
