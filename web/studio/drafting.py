"""A draft: what is in it, its saves, its problems, and the ways to the editors.

Owns: the page of a draft, taking in a ZIP file or a folder, giving up; the address where a problem can be mended.
Leaves: every command to `engine.change.studio`; the editors to `editing`, `rules` and `letters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.problems import Problem
from web.catalogue import locale, say
from web.host import signed_in
from web.notes import note
from web.studio import contents, reading
from web.studio.blueprint import bp
from web.studio.contents import Contents
from web.studio.reading import DraftAt, studio


@dataclass(frozen=True)
class ProblemLine:
    """One problem, in the reader's language. `address`: of the editor of its file, "" when there is none."""

    problem: Problem
    address: str

    @property
    def is_error(self) -> bool:
        return self.problem.level != "warning"


@dataclass(frozen=True)
class DraftPage:
    """A draft with everything in it."""

    at: DraftAt
    inside: Contents
    problems: tuple[ProblemLine, ...]


@bp.get("/drafts/<draft_id>")
def draft(draft_id: str) -> str:
    """A draft: what is in it, with the way to each editor."""
    at = reading.draft(draft_id)
    found = problem_lines(at.draft.id, studio().problems(draft_id, signed_in()))
    return render_template("studio/draft.html", page=DraftPage(at, contents.of(at.package), found))


@bp.post("/drafts/<draft_id>/discard")
def discard(draft_id: str) -> Answer:
    """Give a draft up."""
    studio().discard(draft_id, signed_in())
    note(say("Draft given up."))
    return redirect(url_for("studio.index"), 303)


@bp.post("/drafts/<draft_id>/zip")
def from_zip(draft_id: str) -> Answer:
    """Make a draft what a ZIP file holds."""
    sent = request.files.get("file")
    at = reading.draft(draft_id)
    studio().import_zip(draft_id, sent.read() if sent else b"", at.draft.revision, signed_in())
    note(say("The files have been taken into the draft."))
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


@bp.post("/drafts/<draft_id>/folder")
def from_folder(draft_id: str) -> Answer:
    """Make a draft what a folder holds, sent file by file by the browser."""
    at = reading.draft(draft_id)
    sent = {str(one.filename): one.read() for one in request.files.getlist("files") if one.filename}
    studio().import_folder(draft_id, sent, at.draft.revision, signed_in())
    note(say("The files have been taken into the draft."))
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


def problem_lines(draft_id: str, problems: list[Problem]) -> tuple[ProblemLine, ...]:
    """Problems with the way to where each can be mended."""
    return tuple(ProblemLine(one, _address(draft_id, one)) for one in problems)


def editor_address(draft_id: str, path: str, element: str = "") -> str:
    """The address of the editor of a file, at an element; "" for a file without one."""
    for ending, page in ((".bpmn", "studio.draw"), (".dmn", "studio.edit_table"), (".form.json", "studio.edit_form")):
        if path.endswith(ending):
            return url_for(page, draft_id=draft_id, path=path) + (f"#{quote(element)}" if element else "")
    if path == "deadlines.yaml" and element:
        return url_for("studio.rule", draft_id=draft_id, rule_id=element)
    if path == "letters.yaml" and element:
        return url_for("studio.letter", draft_id=draft_id, letter_id=element)
    return ""


def _address(draft_id: str, problem: Problem) -> str:
    return editor_address(draft_id, problem.file, problem.element)


def told(line: ProblemLine) -> dict[str, str]:
    """A problem as the editors read it."""
    one = line.problem
    return {"file": one.file, "element": one.element, "level": one.level, "code": one.code, "address": line.address,
            "message": one.message(locale()), "remedy": one.remedy(locale())}
