"""What is different between two versions, or between a draft and a version: in words and in the picture.

Owns: `/studio/changes`.
Leaves: finding the differences to `engine.change.differences`; drawing the marks to `web/editors/viewer.ts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.change.differences import Differences, FileDifference
from engine.change.drafts import NoSuchDraft
from engine.definitions.package import Package
from engine.errors import NotFound
from web.catalogue import say
from web.host import signed_in
from web.studio import contents, reading
from web.studio.blueprint import bp
from web.studio.reading import DraftAt, Process, studio


@dataclass(frozen=True)
class Side:
    """One of the two that are compared. `address`: its page."""

    id: str
    name: str
    address: str


@dataclass(frozen=True)
class Picture:
    """One drawing on which the differences are marked. `marks`: JSON of the viewer; `of`: whose drawing it is; `lines`: how many marks."""

    name: str
    address: str
    marks: str
    of: str


@dataclass(frozen=True)
class ChangesPage:
    """Two sides and what is different, file by file, with pictures of both drawings where a drawing changed. `at`: when one is a draft."""

    process: Process
    before: Side
    after: Side
    found: Differences
    pictures: tuple[Picture, ...]
    sides: tuple[Side, ...]
    at: DraftAt | None = None


@bp.get("/drafts/<draft_id>/changes")
def draft_changes(draft_id: str) -> Answer:
    """A draft beside the version new cases take. Raises: NotFound, when none is published."""
    at = reading.draft(draft_id)
    if at.process.newest is None:
        raise NotFound(version="none")
    return redirect(url_for("studio.changes", before=at.process.newest.id, after=draft_id), 303)


@bp.get("/changes")
def changes() -> str:
    """Any two of the versions and drafts of a process."""
    before_id, after_id = request.args.get("before", ""), request.args.get("after", "")
    found = studio().differences(before_id, after_id, signed_in())
    at, process, after = _looked_up(after_id)
    earlier, _, before = _looked_up(before_id)
    one, other = _side(before_id, earlier, process), _side(after_id, at, process)
    drawn = [file for file in found.files if file.kind == "diagram"]
    pictures = tuple(picture for file in drawn for picture in _pictures(file, found, one, before, other, after))
    page = ChangesPage(process, one, other, found, pictures, _sides(process), at if at is not None and at.is_open else None)
    return render_template("studio/changes.html", page=page)


def kind_name(kind: str) -> str:
    """What kind of file is different, in words."""
    return {
        "diagram": say("Diagram"), "table": say("Decision table"), "form": say("Form"), "deadlines": say("Deadline rules"),
        "letters": say("Letters"), "scenario": say("Scenario"), "texts": say("English texts"),
    }.get(kind, say("File"))


def _looked_up(content_id: str) -> tuple[DraftAt | None, Process, Package]:
    try:
        at = reading.draft(content_id)
        return at, at.process, at.package
    except NoSuchDraft:
        _, process, package = reading.version(content_id)
        return None, process, package


def _side(content_id: str, at: DraftAt | None, process: Process) -> Side:
    if at is not None:
        return Side(content_id, say("draft “%(name)s”", name=at.draft.name), url_for("studio.draft", draft_id=content_id))
    return Side(content_id, say("version %(number)s", number=process.number(content_id)), url_for("studio.version", version_id=content_id))


def _sides(process: Process) -> tuple[Side, ...]:
    drafts = [Side(one.id, say("Draft “%(name)s”", name=one.name), "") for one in process.line.drafts]
    return (*drafts, *(Side(one.id, say("Version %(number)s", number=one.number), "") for one in process.versions))


def _pictures(file: FileDifference, found: Differences, before: Side, old: Package, after: Side, new: Package) -> list[Picture]:
    """The newer drawing with what is added and changed, and the older one when something is gone from it."""
    marks = found.marks(file.path)
    wanted: list[tuple[Side, Package, tuple[str, ...]]] = [(after, new, ("added", "changed"))] if file.path in new.files else []
    if file.path in old.files and (not wanted or "removed" in marks.values()):
        wanted.append((before, old, ("removed",)))
    made = []
    for side, package, kinds in wanted:
        name = next((one.name for one in contents.diagrams(package) if one.path == file.path), file.path)
        shown = orjson.loads(contents.english_names(package))
        shown["changes"] = {key: mark for key, mark in marks.items() if mark in kinds}
        made.append(Picture(name, url_for("studio.drawing", version_id=side.id, path=file.path), orjson.dumps(shown).decode(), side.name))
    return made
