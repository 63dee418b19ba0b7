"""A draft: what is in it, its saves, and what the editors ask and give.

Owns: `/studio/drafts/…`, the pages of the editors, the JSON they read and write.
Leaves: every command to `engine.change.studio`; drawing to `web/editors/studio-*.ts`; what a diagram may name to `vocabulary`.
Promises: an editor never saves over what it has not seen; what it sends is judged by the same checks as at publishing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec
from urllib.parse import quote

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, Invalid, JalonError, NotAllowed, NotFound
from engine.problems import Problem
from web.catalogue import locale, say
from web.host import host, signed_in
from web.notes import note
from web.security import allow_inline_styles
from web.studio import contents, reading, vocabulary
from web.studio.blueprint import bp
from web.studio.contents import Contents
from web.studio.reading import DraftAt, studio

P = ParamSpec("P")


class NotTheFormat(Invalid):
    """What the editor sent cannot be read; reload the page and try again."""

    fr = "Ce que l’éditeur a envoyé ne peut pas être lu ; rechargez la page et réessayez."


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
    marks: str
    problems: tuple[ProblemLine, ...]


@dataclass(frozen=True)
class EditorPage:
    """The page of one editor: the file, and all files of the draft beside it."""

    at: DraftAt
    path: str
    inside: Contents
    name: str


@bp.get("/drafts/<draft_id>")
def draft(draft_id: str) -> str:
    """A draft: what is in it, with the way to each editor."""
    at = reading.draft(draft_id)
    found = problem_lines(at.draft.id, studio().problems(draft_id, signed_in()))
    return render_template("studio/draft.html", page=DraftPage(at, contents.of(at.package), contents.english_names(at.package), found))


@bp.get("/drafts/<draft_id>/draw/<path>")
def draw(draft_id: str, path: str) -> Answer:
    """The editor of a diagram. Raises: NotFound."""
    return editor(draft_id, path, ".bpmn", "studio/draw.html")


@bp.get("/drafts/<draft_id>/table/<path>")
def edit_table(draft_id: str, path: str) -> Answer:
    """The editor of a file of decision tables. Raises: NotFound."""
    return editor(draft_id, path, ".dmn", "studio/edit_table.html")


@bp.get("/drafts/<draft_id>/form/<path>")
def edit_form(draft_id: str, path: str) -> Answer:
    """The editor of a form. Raises: NotFound."""
    return editor(draft_id, path, ".form.json", "studio/edit_form.html")


@bp.get("/drafts/<draft_id>/editor/<path:path>")
def editor_data(draft_id: str, path: str) -> Response:
    """What an editor begins with: the file, the revision it is of, and everything a diagram may name. Raises: NotFound."""
    at = reading.draft(draft_id)
    content = _file(at, path)
    told = vocabulary.of(at.package) if path.endswith(".bpmn") else {}
    return jsonify(content=content.decode("utf-8", "replace"), revision=at.draft.revision, vocabulary=told)


def editor(draft_id: str, path: str, ending: str, template: str) -> Answer:
    """The page of an editor; the libraries set styles from script. Raises: NotFound."""
    at = reading.draft(draft_id)
    _file(at, path)
    if not path.endswith(ending):
        raise NotFound(path=path)
    inside = contents.of(at.package)
    answer = make_response(render_template(template, page=EditorPage(at, path, inside, _name(inside, path))))
    return allow_inline_styles(answer)


def answers_json(view: Callable[P, Response]) -> Callable[P, Response]:
    """Tell an error of the house as JSON: an editor shows the sentence beside what it holds."""
    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return view(*args, **kwargs)
        except JalonError as error:
            status = next((code for family, code in _STATUS if isinstance(error, family)), 500)
            sentence = error.fact(locale()) if isinstance(error, NotAllowed) and error.fact is not None else error.sentence(locale())
            return make_response(jsonify(sentence=sentence), status)
    return answer


_STATUS: tuple[tuple[type[JalonError], int], ...] = ((NotFound, 404), (NotAllowed, 403), (Conflict, 409), (Invalid, 422))


@bp.post("/drafts/<draft_id>/check")
@answers_json
def check(draft_id: str) -> Response:
    """Judge a draft with one file as it is being drawn, not saved."""
    sent = _sent("path", "content")
    found = studio().problems(draft_id, signed_in(), {str(sent["path"]): str(sent["content"]).encode()})
    return jsonify(problems=[_told(line) for line in problem_lines(draft_id, found)])


@bp.post("/drafts/<draft_id>/files")
@answers_json
def save(draft_id: str) -> Response:
    """Keep what an editor holds."""
    sent = _sent("revision", "files")
    if not isinstance(sent["files"], dict) or not isinstance(sent["revision"], int):
        raise NotTheFormat()
    changes = {str(path): str(content).encode() for path, content in sent["files"].items()}
    saved = studio().save(draft_id, changes, sent["revision"], signed_in())
    said = say("Saved at %(time)s", time=host().wording.hour(saved.saved_at).striptags())
    return jsonify(revision=saved.revision, said=said)


@bp.post("/drafts/<draft_id>/catch-up")
def catch_up(draft_id: str) -> Answer:
    """Take in what was published since the draft was opened."""
    studio().catch_up(draft_id, signed_in(), keep=request.form.getlist("keep"))
    note(say("The published version has been taken into the draft."))
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


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


def problem_lines(draft_id: str, problems: list[Problem]) -> tuple[ProblemLine, ...]:
    """Problems with the way to where each can be mended."""
    return tuple(ProblemLine(one, _address(draft_id, one)) for one in problems)


def editor_address(draft_id: str, path: str, element: str = "") -> str:
    """The address of the editor of a file, at an element; "" for a file without one."""
    if path.endswith(".bpmn"):
        return url_for("studio.draw", draft_id=draft_id, path=path) + (f"#{quote(element)}" if element else "")
    if path.endswith(".dmn"):
        return url_for("studio.edit_table", draft_id=draft_id, path=path)
    if path.endswith(".form.json"):
        return url_for("studio.edit_form", draft_id=draft_id, path=path)
    if path == "deadlines.yaml" and element:
        return url_for("studio.rule", draft_id=draft_id, rule_id=element)
    if path == "letters.yaml" and element:
        return url_for("studio.letter", draft_id=draft_id, letter_id=element)
    return ""


def _address(draft_id: str, problem: Problem) -> str:
    return editor_address(draft_id, problem.file, problem.element)


def _told(line: ProblemLine) -> dict[str, str]:
    one = line.problem
    return {"file": one.file, "element": one.element, "level": one.level, "address": line.address, "message": one.message(locale()),
            "remedy": one.remedy(locale())}


def _file(at: DraftAt, path: str) -> bytes:
    found = at.package.files.get(path)
    if found is None:
        raise NotFound(path=path)
    return found


def _name(inside: Contents, path: str) -> str:
    """What people call a file: its drawing, its first table, or the task that shows its form."""
    named = [(one.path, one.name) for one in inside.diagrams] + [(one.path, one.name) for one in inside.tables]
    named += [(one.path, one.used_by[0] if one.used_by else one.key) for one in inside.forms]
    return next((name for there, name in named if there == path), path)


def _sent(*keys: str) -> dict[str, Any]:
    """The JSON of an editor. Raises: NotTheFormat."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or any(key not in sent for key in keys):
        raise NotTheFormat()
    return sent
