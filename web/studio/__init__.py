"""The studio: process owners read, change, try and publish processes here.

Owns: the addresses under `/studio`, a module a page.
Leaves: what is done to `engine.change.studio`; drawing to the editors (`web/editors/studio-*.ts`).
"""

from __future__ import annotations

from flask import Flask

from engine.change.trials.words import length_of, part_name
from web.catalogue import locale
from web.studio import changes, contents, drafting, editing, letters, meeting, overview, publishing, recording, rules, scenarios, trying
from web.studio.blueprint import bp

__all__ = ["changes", "drafting", "editing", "install", "letters", "meeting", "overview", "publishing", "recording", "rules", "scenarios",
           "trying"]


def install(app: Flask) -> None:
    """Give the application the studio and its templates the words it uses."""
    app.register_blueprint(bp)
    app.jinja_env.filters.update(policy_name=contents.policy_name, offset_words=contents.offset_words, kind_name=changes.kind_name,
                                  length_words=lambda text: length_of(text)(locale()), part_name=lambda part: part_name(part)(locale()))
