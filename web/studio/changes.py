"""What is different between two versions, or between a draft and a version: in words and in the picture.

Owns: `/studio/changes`.
Leaves: finding the differences to `engine.change.differences`; drawing to `pictures`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.bpmn.diff import Change
from engine.change.differences import Differences, FileDifference
from engine.change.drafts import NoSuchDraft
from engine.definitions.package import Package
from engine.errors import NotFound
from web.catalogue import ngettext, say
from web.drawing.picture import anchor
from web.host import signed_in
from web.studio import pictures, reading
from web.studio.blueprint import bp
from web.studio.pictures import Drawn
from web.studio.reading import DraftAt, Process, studio


@dataclass(frozen=True)
class Side:
    """One of the two that are compared. `address`: its page."""

    id: str
    name: str
    address: str


@dataclass(frozen=True)
class Picture:
    """One drawing on which the differences are marked. `of`: whose drawing it is."""

    drawn: Drawn
    of: str


@dataclass(frozen=True)
class Line:
    """One thing that is different, and where it is in a drawing ("" for nowhere)."""

    change: Change
    address: str


@dataclass(frozen=True)
class FileShown:
    """One file that is different, with its drawings when it is a diagram. `count` by mark, for its head."""

    file: FileDifference
    lines: tuple[Line, ...]
    pictures: tuple[Picture, ...]
    count: Mapping[str, int]


@dataclass(frozen=True)
class ChangesPage:
    """Two sides and what is different, file by file, with pictures of both drawings where a drawing changed. `at`: when one is a draft."""

    process: Process
    before: Side
    after: Side
    files: tuple[FileShown, ...]
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
    files = tuple(_file(file, found, one, before, other, after) for file in found.files)
    page = ChangesPage(process, one, other, files, _sides(process), at if at is not None and at.is_open else None)
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


def _file(file: FileDifference, found: Differences, before: Side, old: Package, after: Side, new: Package) -> FileShown:
    pictures = tuple(_pictures(file, found, before, old, after, new)) if file.kind == "diagram" else ()
    lines = tuple(Line(change, _place(change, pictures)) for change in file.changes if not change.quiet)
    return FileShown(file, lines, pictures, Counter(line.change.mark for line in lines))


def _pictures(file: FileDifference, found: Differences, before: Side, old: Package, after: Side, new: Package) -> Iterator[Picture]:
    """The newer drawing with what is added and changed, and the older one when something is gone from it."""
    marks = found.marks(file.path)
    sides: tuple[tuple[str, Side, Package, tuple[str, ...]], ...] = (
        ("after", after, new, ("added", "changed")), ("before", before, old, ("removed",)))
    for name, side, package, kinds in sides:
        shown = {key: mark for key, mark in marks.items() if mark in kinds}
        for process in package.model.processes.values():
            there = {key: mark for key, mark in shown.items() if key in process.elements or key in process.flows
                     or any(lane.id == key for lane in process.lanes)}
            if process.file == file.path and (there or (name == "after" and not marks)):
                told = ngettext("%(num)d place is marked.", "%(num)d places are marked.", len(there)) % {"num": len(there)}
                yield Picture(pictures.changed(package, process, there, told, f"plan-{name}-{process.id}"), side.name)


def _place(change: Change, drawn: tuple[Picture, ...]) -> str:
    """Where a change is to be seen: in the newer drawing, or in the older one when it is gone."""
    wanted = f"plan-{'before' if change.mark == 'removed' else 'after'}-{change.process}"
    found = next((one for one in drawn if one.drawn.id == wanted and one.drawn.picture is not None), None)
    place = anchor(change.element, wanted)
    return f"#{place}" if found is not None and found.drawn.picture is not None and f'id="{place}"' in found.drawn.picture.svg else ""
