"""The inbox: lists of tasks, one task with its form, and what people do with them.

Owns: the addresses under `/tasks`. `asked` reads what a page is asked for, `lists` and `beside` put pages together, `pages` shows them;
`actions` and `several` do what is asked, `views` keeps saved views, `live` tells open pages what has changed.
Leaves: what a person may do to the engine; forms to `web.forms`.
Promises: what was typed is never lost: a fault shows it again, a conflict keeps it beside what the other person did.
"""

from __future__ import annotations

from flask import Flask

from web.tasks import actions, live, pages, several, views
from web.tasks.beside import beside, filled
from web.tasks.blueprint import bp

__all__ = ["actions", "beside", "filled", "install", "live", "pages", "several", "views"]


def install(app: Flask) -> None:
    app.register_blueprint(bp)
