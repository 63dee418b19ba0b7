"""Letters of a draft as a form, in both languages, with a preview.

Owns: `/studio/drafts/…/letters/…`, from the form to one entry of `letters.yaml`; filling the places of a preview.
Leaves: what a letter must say to `engine.letters`; the examples to `samples`; which steps send it to `uses`; saving to the studio.
Promises: a letter that would not be read is not saved, and what was typed stays in the form; a preview sends nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, NotFound
from engine.letters import FILE, Letters
from engine.places import PlaceEmpty, PlaceNotReadable, Template
from engine.work.rules import Rules
from web.catalogue import locale, say
from web.host import host, signed_in
from web.notes import note
from web.studio import contents, reading, samples, uses, yaml_files
from web.studio.blueprint import bp
from web.studio.contents import Contents
from web.studio.reading import DraftAt, studio
from web.studio.sums import worked
from web.studio.uses import Use

ROOT, NEW = "letters", "new"
PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True)
class Preview:
    """A letter as it would read, places filled with examples; a place without one stays marked."""

    language: str
    subject: Markup
    body: Markup


@dataclass(frozen=True)
class LetterPage:
    """The form of one letter. `typed`: every field by name; `uses`: the steps that send it; `faults`: why it was not saved."""

    at: DraftAt
    inside: Contents
    path: str
    key: str
    typed: Mapping[str, str]
    previews: tuple[Preview, ...]
    uses: tuple[Use, ...]
    faults: tuple[str, ...] = field(default=())


@bp.get("/drafts/<draft_id>/letters/<letter_id>")
def letter(draft_id: str, letter_id: str) -> str:
    """The form of a letter; `new` begins one."""
    at = reading.draft(draft_id)
    entries = yaml_files.read(at.package.files.get(FILE), ROOT)
    if letter_id != NEW and letter_id not in entries:
        raise NotFound(letter=letter_id)
    return render_template("studio/letter.html", page=_page(at, letter_id, _typed(entries.get(letter_id) or {})))


@bp.post("/drafts/<draft_id>/letters/<letter_id>")
def save_letter(draft_id: str, letter_id: str) -> Answer:
    """Keep a letter, or show how it reads without keeping it."""
    at, form = reading.draft(draft_id), request.form.to_dict()
    if form.get("do") == "preview":
        return make_response(render_template("studio/letter.html", page=_page(at, letter_id, form)))
    data = at.package.files.get(FILE)
    entries = yaml_files.read(data, ROOT)
    key = form.get("key", "").strip() if letter_id == NEW else letter_id
    faults = _misnamed(key, letter_id, entries, yaml_files.is_readable(data, ROOT))
    written = b""
    if not faults:
        entries[key] = _entry(form)
        written = yaml_files.write(data, ROOT, entries)
        faults = [f"{one.message(locale())} {one.remedy(locale())}" for one in Letters.read(written).problems if one.element == key]
    if not faults:
        try:
            studio().save(draft_id, {FILE: written}, int(form.get("revision") or 0), signed_in())
        except Conflict as error:
            # who is told of a colleague's save has seen it: the next save counts from there
            faults, form["revision"] = [error.sentence(locale())], ""
    if faults:
        page = _page(reading.draft(draft_id), letter_id, form, tuple(faults))
        return make_response(render_template("studio/letter.html", page=page), 422)
    note(say("Letter saved."))
    return redirect(url_for("studio.letter", draft_id=draft_id, letter_id=key), 303)


def _page(at: DraftAt, letter_id: str, typed: Mapping[str, str], faults: tuple[str, ...] = ()) -> LetterPage:
    key = "" if letter_id == NEW else letter_id
    sends = uses.of_letter(at.package, at.draft.id, key) if key else ()
    values = samples.of(at.package)
    previews = tuple(_preview(at.package.rules, values, typed, language) for language in ("fr", "en")) if typed.get("body_fr") else ()
    return LetterPage(at, contents.of(at.package), FILE, key, typed, previews, sends, faults)


def _misnamed(key: str, letter_id: str, entries: Mapping[str, Any], readable: bool) -> list[str]:
    if not readable:
        return [say("The file of the letters cannot be read as it is; mend it first.")]
    if not key or not key.replace("_", "a").isalnum() or not key.isascii() or key != key.lower():
        return [say("The name of a letter has small letters, digits and underscores.")]
    return [say("There is a letter of this name already.")] if letter_id == NEW and key in entries else []


def _typed(entry: Mapping[str, Any]) -> dict[str, str]:
    typed = {}
    for name in ("to", "subject", "body"):
        value = entry.get(name)
        for language in ("fr", "en"):
            typed[f"{name}_{language}"] = str(value.get(language) or "") if isinstance(value, dict) else str(value or "")
    return typed


def _entry(form: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("to", "subject", "body"):
        texts = {language: form.get(f"{name}_{language}", "").replace("\r\n", "\n").strip() for language in ("fr", "en")}
        if name == "body":
            texts = {language: text + "\n" for language, text in texts.items() if text}
        if any(texts.values()):
            found[name] = {language: text for language, text in texts.items() if text}
    return found


# --- the preview ----------------------------------------------------------------------------------

def _preview(rules: Rules, values: Mapping[str, Any], typed: Mapping[str, str], language: str) -> Preview:
    subject, body = typed.get(f"subject_{language}", ""), typed.get(f"body_{language}", "").replace("\r\n", "\n")
    paragraphs = [part for part in body.split("\n\n") if part.strip()]
    told = Markup("").join(Markup("<p>{}</p>").format(_filled(rules, values, part.strip(), language)) for part in paragraphs)
    return Preview(language, _filled(rules, values, subject, language), told)


def _filled(rules: Rules, values: Mapping[str, Any], text: str, language: str) -> Markup:
    """A text with its places filled from examples; what no example fills is marked as it is written."""
    pieces = PLACE.split(text)
    return Markup("").join(_place(rules, values, piece, language) if number % 2 else Markup.escape(piece)
                           for number, piece in enumerate(pieces))


def _place(rules: Rules, values: Mapping[str, Any], expression: str, language: str) -> Markup:
    try:
        template = Template("{{" + expression + "}}")
        known = {name: values.get(name) for name in template.names}
        return Markup("<b>{}</b>").format(template.fill(known, language, host().zone, _functions(rules)))
    except (PlaceNotReadable, PlaceEmpty):
        return Markup("<mark>{}</mark>").format(expression.strip())


def _functions(rules: Rules) -> dict[str, Any]:
    """What the functions of a diagram give in a preview: a rule is counted by its own sum."""
    today = host().wording.today()

    def last_day(rule: str, anchor: Any) -> date | None:
        return worked(rules[rule], anchor).due_on if rule in rules and isinstance(anchor, date) else None

    return {"day": last_day, "deadline": last_day, "today": lambda: today, "now": host().clock.now}
