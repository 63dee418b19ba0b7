"""The studio: process owners read, change, try and publish processes here.

Owns: the addresses under `/studio`, a module a page.
Leaves: what is done to `engine.change.studio`; drawing to the editors (`web/editors/studio-*.ts`).
"""

from __future__ import annotations

from flask import Flask

from web.studio import changes, contents, drafting, editing, letters, overview, publishing, rules
from web.studio.blueprint import bp

__all__ = ["changes", "drafting", "editing", "install", "letters", "overview", "publishing", "rules"]


def install(app: Flask) -> None:
    """Give the application the studio and its templates the words it uses."""
    app.register_blueprint(bp)
    app.jinja_env.filters.update(policy_name=contents.policy_name, offset_words=contents.offset_words, kind_name=changes.kind_name)
