"""The texts of the pages, in French and English.

Owns: the catalogue (`translations/*.po`; the English text is the key), which language a request is in, and how a template asks.
Leaves: texts of data and errors to `engine.texts.Text`; days and amounts in words to `engine.words`.
Promises: a strict catalogue (the tests') refuses a text it has no French for; a lenient one shows the English.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from flask import Flask, current_app, g, has_request_context

FRENCH = Path(__file__).parent / "translations"


class MissingText(LookupError):
    """A page text has no French."""


class Catalogue:
    """French for each English text: one form, or (one, many)."""

    def __init__(self, french: Mapping[str, str | tuple[str, str]], *, strict: bool = False) -> None:
        self._french, self._strict = french, strict

    @classmethod
    def read(cls, folder: Path = FRENCH, *, strict: bool = False) -> Catalogue:
        """Read the catalogue: every file of a folder, `studio.po` beside `fr.po`. Texts marked fuzzy or empty count as missing."""
        messages = []
        for path in sorted(folder.glob("*.po")):
            with path.open("rb") as file:
                messages += [m for m in read_po(file, locale="fr") if m.id and not m.fuzzy]
        french: dict[str, str | tuple[str, str]] = {}
        for message in messages:
            told = message.string
            if isinstance(message.id, (list, tuple)) and isinstance(told, (list, tuple)) and all(told):
                french[message.id[0]] = (told[0], told[1])
            elif isinstance(message.id, str) and isinstance(told, str) and told:
                french[message.id] = told
        return cls(french, strict=strict)

    def one(self, english: str, locale: str) -> str:
        """Tell a text. Raises: MissingText, when strict."""
        if locale == "en":
            return english
        found = self._french.get(english)
        return found if isinstance(found, str) else self._missing(english)

    def many(self, one: str, many: str, count: int, locale: str) -> str:
        """Tell a text about a number of things; French says one of nought, English says many."""
        if locale == "en":
            return one if count == 1 else many
        found = self._french.get(one)
        if isinstance(found, tuple):
            return found[0] if abs(count) < 2 else found[1]
        return self._missing(one if count == 1 else many)

    def _missing(self, english: str) -> str:
        if self._strict:
            raise MissingText(english)
        return english


def locale() -> str:
    """The language of this request, `fr` outside of one."""
    return g.get("locale", "fr") if has_request_context() else "fr"


def gettext(message: str) -> str:
    """Tell a page text in the language of this request."""
    return _catalogue().one(message, locale())


def ngettext(one: str, many: str, count: int) -> str:
    """Tell a page text about `count` things in the language of this request."""
    return _catalogue().many(one, many, count, locale())


def say(message: str, **facts: Any) -> str:
    """Tell a page text with its `%(named)s` places filled, for views; templates have `_`."""
    return gettext(message) % facts if facts else gettext(message)


def _catalogue() -> Catalogue:
    found: Catalogue = current_app.extensions["jalon.catalogue"]
    return found


def install(app: Flask, *, strict: bool = False) -> None:
    """Give the app its catalogue and the templates `_`, `ngettext` and `{% trans %}`."""
    app.extensions["jalon.catalogue"] = Catalogue.read(strict=strict)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
