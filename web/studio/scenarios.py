"""The scenarios of a draft or version: what each says, whether it holds on this content, and what none of them takes.

Owns: `/studio/…/scenarios` and the page of one scenario.
Leaves: playing to `engine.change`, the words to `engine.change.story_words`, writing a new one to `recording`.
Promises: a file that cannot be read is shown as it is, with what is wrong; an edit is saved by the rules of a draft.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.change import scenarios as stories
from engine.change.ground import Ground, Story, is_story
from engine.change.looks import StoryBook
from engine.change.proofs import Missing, StoryProof
from engine.change.runs import Run
from engine.change.story_words import Line
from engine.definitions.checks import stops
from engine.errors import Conflict, Invalid, JalonError, NotFound
from engine.texts import Text
from web.catalogue import locale, say
from web.drawing import Link
from web.host import host, signed_in
from web.notes import note
from web.studio import pictures, trial_pages
from web.studio.blueprint import bp
from web.studio.pictures import Drawn
from web.studio.publishing import look_again
from web.studio.reading import DraftAt, studio
from web.studio.recording import lines_of
from web.studio.trial_pages import Subject
from web.wording import Mark


class TooLongAStory(Invalid):
    """A scenario has 200,000 characters at most."""

    fr = "Un scénario a 200 000 caractères au plus."


LONGEST = 200_000


@dataclass(frozen=True)
class StoryRow:
    """One scenario in the list. `passed_at`: when it held last, on whatever content."""

    name: str
    says: str
    address: str
    mark: Mark
    proof: StoryProof | None
    passed_at: datetime | None


@dataclass(frozen=True)
class Untaken:
    """A branch or timer that no scenario takes, and where it is in the drawing."""

    missing: Missing
    address: str


@dataclass(frozen=True)
class ScenariosPage:
    """The scenarios that concern a draft or version. `own`: of its own folder; `others`: of processes that call it."""

    subject: Subject
    own: tuple[StoryRow, ...]
    others: tuple[StoryRow, ...]
    waiting: int
    run: Run | None
    drawn: tuple[Drawn, ...]
    untaken: tuple[Untaken, ...]
    is_sound: bool

    @property
    def at(self) -> DraftAt | None:
        return self.subject.at

    @property
    def failed(self) -> int:
        return sum(one.proof is not None and not one.proof.holds for one in (*self.own, *self.others))

    @property
    def holds(self) -> int:
        return sum(one.proof is not None and one.proof.holds for one in (*self.own, *self.others))


@dataclass(frozen=True)
class ScenarioPage:
    """One scenario. `fault`: why its file cannot be read; `written`: the file; `told`: why it was not saved."""

    subject: Subject
    name: str
    path: str
    says: str
    lines: tuple[Line, ...]
    written: str
    row: StoryRow | None
    fault: str = ""
    told: str = ""

    @property
    def at(self) -> DraftAt | None:
        return self.subject.at

    @property
    def may_change(self) -> bool:
        return self.subject.at is not None and self.subject.at.is_open


@bp.get("/<any(drafts, versions):kind>/<content_id>/scenarios")
def scenario_list(kind: str, content_id: str) -> Answer:
    """All scenarios, and what none of them takes. While they are being played, the page looks again by itself."""
    book, about = studio().stories(content_id, signed_in()), trial_pages.subject(content_id)
    run = studio().runs.of(content_id)
    rows = [_row(content_id, about, book, one) for one in book.ground.stories()]
    own = tuple(row for one, row in zip(book.ground.stories(), rows, strict=True) if one.folder == book.ground.key)
    sound = not stops(host().engine.check_files(book.ground.draft.files, book.ground.key))
    page = ScenariosPage(about, own, tuple(row for row in rows if row not in own), len(book.proofs.waiting), run,
                         _drawn(content_id, about, book) if book.proofs.told else (), _untaken(book) if book.proofs.told else (), sound)
    answer = make_response(render_template("studio/scenarios.html", page=page))
    if run is not None and run.is_under_way:
        answer.headers["Refresh"] = look_again(url_for("studio.scenario_list", kind=kind, content_id=content_id))
    return answer


@bp.post("/drafts/<content_id>/scenarios/run")
def run_scenarios(content_id: str) -> Answer:
    """Play what has not been played on this content, beside the request."""
    studio().begin_run(content_id, "scenarios", signed_in())
    return redirect(url_for("studio.scenario_list", kind="drafts", content_id=content_id), 303)


@bp.get("/<any(drafts, versions):kind>/<content_id>/scenarios/<path>")
def scenario(kind: str, content_id: str, path: str) -> Answer:
    """One scenario of the folder: its steps in words, its file, how it went. Raises: NotFound."""
    return _shown(content_id, path)


@bp.post("/contents/<content_id>/scenarios/<path>/play")
def play_scenario(content_id: str, path: str) -> Answer:
    """Play one scenario now."""
    name = f"{studio().grounds.content(content_id)[0]}/{Path(path).stem}"
    try:
        proof = studio().play_story(content_id, name, signed_in())
    except (Conflict, Invalid) as error:
        return _shown(content_id, path, told=error.sentence(locale()), status=409)
    note(say("The scenario holds.") if proof.holds else say("The scenario does not hold; the step is marked."))
    return redirect(_address(trial_pages.subject(content_id), path), 303)


@bp.post("/drafts/<content_id>/scenarios/<path>")
def save_scenario(content_id: str, path: str) -> Answer:
    """Save what was written into the draft, or take the scenario out of it."""
    at = trial_pages.subject(content_id).at
    typed = request.form.get("written", "").replace("\r\n", "\n")
    revision = int(request.form.get("revision", "0")) if request.form.get("revision", "").isdigit() else 0
    file = f"scenarios/{path}"
    if at is None or not is_story(file):
        raise NotFound(path=path)
    if request.form.get("do") == "remove":
        studio().save(content_id, {file: None}, revision, signed_in())
        note(say("The scenario is out of the draft."))
        return redirect(url_for("studio.scenario_list", kind="drafts", content_id=content_id), 303)
    try:
        if len(typed) > LONGEST:
            raise TooLongAStory()
        stories.parse(Path(at.draft.key) / "scenarios" / path, typed.encode())
        studio().save(content_id, {file: typed.encode()}, revision, signed_in())
    except JalonError as error:
        return _shown(content_id, path, typed=typed, told=error.sentence(locale()), status=409 if isinstance(error, Conflict) else 422)
    note(say("Scenario saved into the draft."))
    return redirect(url_for("studio.scenario", kind="drafts", content_id=content_id, path=path), 303)


# --- inside ---------------------------------------------------------------------------------------

def _shown(content_id: str, path: str, *, typed: str | None = None, told: str = "", status: int = 200) -> Answer:
    book, about = studio().stories(content_id, signed_in()), trial_pages.subject(content_id)
    file, ground = f"scenarios/{path}", book.ground
    if not is_story(file) or (file not in ground.draft.files and typed is None):
        raise NotFound(path=path)
    written = ground.draft.files.get(file, b"")
    lines: tuple[Line, ...] = ()
    says, fault = "", ""
    try:
        lines, says = lines_of(path, written, ground), stories.parse(Path(path), written).says(locale())
    except JalonError as error:
        fault = error.sentence(locale())
    story = Story(ground.key, file)
    page = ScenarioPage(about, story.name, path, says or Path(path).stem, lines,
                        typed if typed is not None else written.decode("utf-8", "replace"), _row(content_id, about, book, story), fault,
                        told)
    return make_response(render_template("studio/scenario.html", page=page), status)


def _row(content_id: str, about: Subject, book: StoryBook, story: Story) -> StoryRow:
    proof = next((one for one in book.proofs.told if one.story == story), None)
    says = _says(book.ground, story) or (proof.says if proof is not None else Text.of(story.name))
    return StoryRow(story.name, says(locale()), _address(about, Path(story.path).name) if story.folder == book.ground.key else "",
                    _mark(proof), proof, book.passed.get(story.name))


def _says(ground: Ground, story: Story) -> Text | None:
    try:
        return stories.parse(Path(story.folder) / story.path, ground.packages[story.folder].files[story.path]).says
    except (JalonError, KeyError):
        return None


def _mark(proof: StoryProof | None) -> Mark:
    if proof is None:
        return Mark("is-idle", "open", say("To play"))
    return Mark("is-done", "done", say("Holds")) if proof.holds else Mark("is-risk", "alert", say("Does not hold"))


def _address(about: Subject, path: str) -> str:
    return url_for("studio.scenario", kind=about.kind, content_id=about.id, path=path)


def _drawn(content_id: str, about: Subject, book: StoryBook) -> tuple[Drawn, ...]:
    """The drawings with what the scenarios take; what none takes leads to trying it."""
    missing = book.proofs.missing(book.ground.draft.processes)
    links = {one.element: Link(about.address, one.text(locale())) for one in missing
             if any(one.element in process.elements for process in book.ground.draft.processes)}
    return pictures.covered(book.ground.draft, book.proofs.elements, book.proofs.flows, links)


def _untaken(book: StoryBook) -> tuple[Untaken, ...]:
    return tuple(Untaken(one, f"#plan-{one.process}-at-{one.element}") for one in book.proofs.missing(book.ground.draft.processes))
