"""A form that is being changed, as people will meet it.

Owns: the markup of a form in one language, from the same templates as a task.
Leaves: reading and laying out to `engine.forms`; the editor to `web/editors/studio-form.ts`.
Promises: the same markup as on a task; nothing is kept, nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g, render_template
from werkzeug.datastructures import MultiDict

from engine.forms import Form
from web import forms
from web.host import host


def of(form: Form, language: str, typed: MultiDict[str, str]) -> str:
    """A form in a language, with what was typed into it: questions that depend on an answer come and go."""
    data = form.parse({name: values if len(values) > 1 else values[0] for name, values in typed.lists()}) if typed else None
    with _spoken(language):
        filled = forms.fill(form, {}, data, host().wording)
        return render_template("studio/_preview.html", filled=filled)


@contextmanager
def _spoken(language: str) -> Iterator[None]:
    """Write what stands inside in another language than the reader's."""
    before = g.locale
    g.locale = language
    try:
        yield
    finally:
        g.locale = before
