"""Small pieces of HTML that every template may call: icons, the mark, the language link.

Owns: their markup.
Leaves: everything else to the templates.
"""

from __future__ import annotations

from flask import Flask, current_app
from markupsafe import Markup, escape

from web.assets import Assets
from web.catalogue import locale, say
from web.preferences import here

MARK = Markup('<svg viewBox="0 0 8 24" aria-hidden="true"><rect class="band" width="8" height="7"/>'
              '<rect class="gap" y="8" width="8" height="3"/>'
              '<rect class="band" y="12" width="8" height="7"/><path class="gap" d="M0 20h8l-4 4z"/></svg>')


def icon(name: str, label: str | None = None) -> Markup:
    """One icon of the sheet. With a label it speaks for itself; without, the words beside it do."""
    assets: Assets = current_app.extensions["jalon.assets"]
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" viewBox="0 0 20 20" {}><use href="{}#i-{}"/></svg>').format(said, assets.icons, name)


def language_link(long: bool = False) -> Markup:
    """The way to this page in the other language, named in that language."""
    other, name, whole = ("en", "English", "English version") if locale() == "fr" else ("fr", "Français", "version française")
    short = Markup('{}<span class="visually-hidden"> ({})</span>').format(other.upper(), whole)
    inside = escape(name) if long else short
    return Markup('<a class="bar-lang" href="{}" lang="{}" hreflang="{}">{}</a>').format(here(lang=other), other, other, inside)


def rule_name(rule: str) -> str:
    """A rule of access in words."""
    return {
        "separation_of_duties": say("separation of duties, ISO/IEC 17065, 7.5 and 7.6"),
        "four_eyes": say("four eyes: a second person confirms"),
        "group": say("each task belongs to a group"),
        "claim": say("one person at a time"),
        "party": say("each organisation sees its own cases only"),
    }.get(rule, "")


def install(app: Flask, assets: Assets) -> None:
    """Give the templates these pieces."""
    app.extensions["jalon.assets"] = assets
    app.jinja_env.globals.update(icon=icon, mark=lambda: MARK, language_link=language_link, rule_name=rule_name, assets=assets,
                                 static=assets.plain)
