"""The editors of a draft: their pages, and what they ask and give.

Owns: the pages of the editors under `/studio/drafts/…`, the JSON they read and write.
Leaves: every command to `engine.change.studio`; drawing to `web/editors/studio-*.ts`; what a diagram may name to `vocabulary`.
Promises: an editor never saves over what it has not seen; what it sends is judged by the same checks as at publishing; it is told as JSON
what is wrong, also that the log-in has run out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

from flask import Response, jsonify, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from engine import feel
from engine.bpmn import words
from engine.definitions.package import Package
from engine.errors import Conflict, Invalid, JalonError, NotAllowed, NotFound
from engine.forms import Form
from web.catalogue import locale, say
from web.errors import NotSignedIn
from web.host import host, signed_in
from web.security import allow_inline_styles
from web.studio import contents, drafting, english, previews, reading, tables, vocabulary
from web.studio.blueprint import bp
from web.studio.contents import FORM, Contents
from web.studio.reading import DraftAt, studio

P = ParamSpec("P")
LONGEST_EXPRESSION = 20_000


class NotTheFormat(Invalid):
    """What the editor sent cannot be read; reload the page and try again."""

    fr = "Ce que l’éditeur a envoyé ne peut pas être lu ; rechargez la page et réessayez."


@dataclass(frozen=True)
class EditorPage:
    """The page of one editor: the file, and all files of the draft beside it. `by`: id of who is there, whose work the browser keeps."""

    at: DraftAt
    path: str
    inside: Contents
    name: str
    by: str
    kind: str


@bp.get("/drafts/<draft_id>/draw/<path>")
def draw(draft_id: str, path: str) -> Answer:
    """The editor of a diagram. Raises: NotFound."""
    return _editor(draft_id, path, ".bpmn", "bpmn")


@bp.get("/drafts/<draft_id>/table/<path>")
def edit_table(draft_id: str, path: str) -> Answer:
    """The editor of a file of decision tables. Raises: NotFound."""
    return _editor(draft_id, path, ".dmn", "dmn")


@bp.get("/drafts/<draft_id>/form/<path>")
def edit_form(draft_id: str, path: str) -> Answer:
    """The editor of a form. Raises: NotFound."""
    return _editor(draft_id, path, FORM, "form")


def _editor(draft_id: str, path: str, ending: str, kind: str) -> Answer:
    """The page of an editor; the libraries set styles from script. Raises: NotFound."""
    at = reading.draft(draft_id)
    _file(at, path)
    if not path.endswith(ending):
        raise NotFound(path=path)
    inside = contents.of(at.package)
    page = EditorPage(at, path, inside, _name(inside, path), signed_in().id, kind)
    return allow_inline_styles(make_response(render_template("studio/draw.html" if kind == "bpmn" else "studio/edit.html", page=page)))


def answers_json(view: Callable[P, Response]) -> Callable[P, Response]:
    """Tell an error of the house as JSON: an editor shows the sentence beside what it holds."""
    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return view(*args, **kwargs)
        except JalonError as error:
            status = next((code for family, code in _STATUS if isinstance(error, family)), 500)
            sentence = error.fact(locale()) if isinstance(error, NotAllowed) and error.fact is not None else error.sentence(locale())
            return make_response(jsonify(sentence=sentence, log_in=url_for("auth.log_in")), status)
    return answer


_STATUS: tuple[tuple[type[JalonError], int], ...] = (
    (NotSignedIn, 401), (NotFound, 404), (NotAllowed, 403), (Conflict, 409), (Invalid, 422))


@bp.get("/drafts/<draft_id>/editor/<path:path>")
@answers_json
def editor_data(draft_id: str, path: str) -> Response:
    """What an editor begins with: the file, the revision it is of, everything a diagram may name, the English texts beside it."""
    at = reading.draft(draft_id)
    content = _file(at, path)
    told = vocabulary.of(at.package) if path.endswith(".bpmn") else {}
    beside = english.of_form(at.package, path.removesuffix(FORM)) if path.endswith(FORM) else english.of_elements(at.package)
    return jsonify(content=content.decode("utf-8", "replace"), revision=at.draft.revision, vocabulary=told, english=beside,
                   saved=_saved(at))


@bp.post("/drafts/<draft_id>/check")
@answers_json
def check(draft_id: str) -> Response:
    """Judge a draft with one file as it is being changed, not saved; of a diagram also the plan in text."""
    sent = _sent("path", "content")
    path, changes = str(sent["path"]), _held(draft_id, sent)
    found = studio().problems(draft_id, signed_in(), changes)
    package = _with(draft_id, changes)
    return jsonify(problems=[drafting.told(line) for line in drafting.problem_lines(draft_id, found)], plan=_plan(package, path))


@bp.post("/drafts/<draft_id>/files")
@answers_json
def save(draft_id: str) -> Response:
    """Keep what an editor holds."""
    sent = _sent("revision", "files")
    if not isinstance(sent["files"], dict) or not isinstance(sent["revision"], int):
        raise NotTheFormat()
    saved = studio().save(draft_id, _changes(draft_id, sent["files"], sent.get("english")), sent["revision"], signed_in())
    said = say("Saved at %(time)s", time=host().wording.hour(saved.saved_at).striptags())
    return jsonify(revision=saved.revision, said=said)


@bp.post("/drafts/<draft_id>/expression")
@answers_json
def expression(draft_id: str) -> Response:
    """Read an expression while it is being typed: where and why reading stops, if it does."""
    sent = _sent("text")
    text = str(sent["text"])[:LONGEST_EXPRESSION]
    signed_in()
    try:
        feel.compile_unary(text) if sent.get("kind") == "unary" else feel.compile(text.removeprefix("="))
    except feel.SyntaxError as error:
        return jsonify(fault={"line": error.line, "column": error.column, "message": error.fr if locale() == "fr" else error.en})
    return jsonify(fault=None)


@bp.post("/drafts/<draft_id>/decide")
@answers_json
def decide(draft_id: str) -> Response:
    """Try a decision of a file as it is being changed: what it asks for and, with values, which rows hold."""
    sent = _sent("path", "content", "decision", "values")
    if not isinstance(sent["values"], dict):
        raise NotTheFormat()
    package = _with(draft_id, _held(draft_id, sent))
    key = str(sent["decision"])
    decisions = package.decisions.get(key)
    if decisions is None:
        problems = [one for one in package.problems if one.file == sent["path"]]
        return jsonify(asks=[], result={"value": "", "matched": [], "faults": [one.message(locale()) for one in problems]})
    values = {str(name): str(value) for name, value in sent["values"].items()}
    result = tables.tried(decisions, key, values) if any(value.strip() for value in values.values()) else None
    return jsonify(asks=[one.told() for one in tables.asks(decisions, key)], result=result)


@bp.post("/drafts/<draft_id>/preview")
@answers_json
def preview(draft_id: str) -> Response:
    """A form as it is being changed, as people will meet it in one language, with what was typed into it so far."""
    sent = _sent("path", "content", "language", "values")
    if sent["language"] not in ("fr", "en") or not isinstance(sent["values"], list):
        raise NotTheFormat()
    package = _with(draft_id, _held(draft_id, sent))
    form = package.forms.get(str(sent["path"]).removesuffix(FORM)) or Form("", ())
    typed = MultiDict([(str(pair[0]), str(pair[1])) for pair in sent["values"] if isinstance(pair, list) and len(pair) == 2])
    return jsonify(html=previews.of(form, str(sent["language"]), typed))


def _held(draft_id: str, sent: dict[str, Any]) -> dict[str, bytes | None]:
    """The one file an editor holds, and the English texts beside it."""
    return _changes(draft_id, {str(sent["path"]): sent["content"]}, sent.get("english"))


def _changes(draft_id: str, files: dict[str, Any], texts: Any) -> dict[str, bytes | None]:
    beside = english.changed(_package(draft_id), texts) if texts else {}
    return {**{str(path): str(content).encode() for path, content in files.items()}, **beside}


def _with(draft_id: str, changes: dict[str, bytes | None]) -> Package:
    """The content of a draft as it is being changed."""
    package = _package(draft_id)
    files = {**package.files, **{path: data for path, data in changes.items() if data is not None}}
    return Package.read(package.key, files, host().zone)


def _package(draft_id: str) -> Package:
    view = studio().draft(draft_id, signed_in())
    return Package.read(view.draft.key, studio().files(draft_id, signed_in()), host().zone)


def _plan(package: Package, path: str) -> dict[str, list[str]]:
    """What is drawn, in the words of the outline: the lines about each element."""
    found: dict[str, list[str]] = {}
    for process in package.model.processes.values():
        if process.file == path:
            for line in words.lines(package.model, process.id, locale()):
                found.setdefault(line.element, []).append(line.text)
    return found


def _saved(at: DraftAt) -> str:
    return say("%(who)s, %(when)s", who=at.saved_by, when=host().wording.moment(at.draft.saved_at).striptags())


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
