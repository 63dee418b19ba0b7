"""A trial becomes a scenario: what must hold, what it will say, and its name.

Owns: `/studio/trials/…/record`.
Leaves: playing it once more and writing it to `engine.change`; the sentences to `engine.change.story_words`.
Promises: what is saved is what was shown; a trial that does not lead the same way twice is told by the step where it parts, and nothing
is saved.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.change import scenarios, story_words
from engine.change.ground import Ground
from engine.change.recorder import NoSentence
from engine.change.story_words import Line
from engine.change.studio import LONGEST_STORY_NAME
from engine.change.trials import TrialShown
from engine.change.trials.words import processes_of
from engine.errors import JalonError
from engine.texts import Text
from web.catalogue import locale, say
from web.host import host, signed_in
from web.notes import note
from web.studio import trial_pages
from web.studio.blueprint import bp
from web.studio.reading import DraftAt, studio
from web.studio.trial_pages import Subject


@dataclass(frozen=True)
class RecordPage:
    """A trial before it is written down. `lines`, `written`: the scenario in words and as its file; `refused`: why it cannot be."""

    subject: Subject
    shown: TrialShown
    fr: str
    en: str
    name: str
    lines: tuple[Line, ...] = ()
    written: str = ""
    refused: str = ""

    @property
    def at(self) -> DraftAt | None:
        return self.subject.at


@bp.get("/trials/<trial_id>/record")
def record(trial_id: str) -> Answer:
    """Say what must hold; below, the scenario as it would be."""
    return _page(trial_id)


@bp.post("/trials/<trial_id>/record")
def keep(trial_id: str) -> Answer:
    """Look at the scenario, or save it into the draft."""
    if request.form.get("do") == "look":
        return _page(trial_id)
    typed, shown = request.form, studio().trials.show(trial_id, signed_in())
    says, name = _says(), typed.get("name", "").strip() or slug(typed.get("fr") or typed.get("en") or "")
    try:
        if not (says.fr or says.en):
            raise NoSentence()
        draft = studio().draft(shown.kept.content_id, signed_in()).draft
        studio().record(draft.id, trial_id, name, says, draft.revision, signed_in(), replace=typed.get("replace") == "yes")
    except JalonError as error:
        return _page(trial_id, error.sentence(locale()), 409)
    note(say("Scenario saved into the draft."))
    return redirect(url_for("studio.scenario", kind="drafts", content_id=draft.id, path=f"{name}.yaml"), 303)


def slug(sentence: str) -> str:
    """A name for a file, from a sentence: its first words without accents."""
    plain = unicodedata.normalize("NFKD", sentence.lower()).encode("ascii", "ignore").decode()
    words = "".join(one if one.isalnum() else " " for one in plain).split()
    short = ""
    for word in words:
        if len(short) + len(word) >= min(LONGEST_STORY_NAME, 48):
            break
        short = f"{short}_{word}" if short else word
    return short


def lines_of(name: str, data: bytes, ground: Ground) -> tuple[Line, ...]:
    """A scenario in words. Raises: NotAScenario."""
    names = {login: str(facts.get("name") or login) for login, facts in ground.cast.items()}
    letters = {key: Text(one.fr.subject.text, one.en.subject.text) for package in ground.packages.values()
               for key, one in package.letters.items()}
    return story_words.tell(scenarios.parse(Path(ground.key) / name, data), processes_of(ground), names, host().zone, letters)


def _says() -> Text:
    return Text(request.form.get("fr", "").strip(), request.form.get("en", "").strip())


def _page(trial_id: str, refused: str = "", status: int = 200) -> Answer:
    shown = studio().trials.show(trial_id, signed_in())
    typed = request.form
    page = RecordPage(trial_pages.subject(shown.kept.content_id), shown, typed.get("fr", ""), typed.get("en", ""), typed.get("name", ""))
    lines: tuple[Line, ...] = ()
    written = ""
    try:
        says = _says()
        data = studio().trials.written(trial_id, says if says.fr or says.en else Text.of("…"), signed_in())
        lines, written = lines_of("story.yaml", data, shown.ground), data.decode()
    except JalonError as error:
        refused = refused or error.sentence(locale())
    page = RecordPage(page.subject, shown, page.fr, page.en, page.name, lines, written, refused)
    return make_response(render_template("studio/record.html", page=page), status)
