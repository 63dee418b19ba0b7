"""The studio's first page and the pages of one version, read only.

Owns: `/studio`, `/studio/versions/…`, opening a draft, retiring a version, the ZIP of a version.
Leaves: what there is to `reading`, what is inside to `contents`, the commands to `engine.change.studio`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.change import archive
from engine.change.approvals import Approval
from engine.change.drafts import Draft
from engine.change.publishing import VersionLine
from engine.errors import Conflict
from web.catalogue import say
from web.host import signed_in
from web.notes import note
from web.studio import contents, reading
from web.studio.blueprint import bp
from web.studio.contents import Contents
from web.studio.reading import Process, studio


class KeyTaken(Conflict):
    """There is a process {key} already; open a draft of it, or choose another key."""

    fr = "Il y a déjà un processus {key} ; ouvrez-en un brouillon, ou choisissez une autre clé."


@dataclass(frozen=True)
class StudioPage:
    """The studio: every process, and what waits for a second person. `names`: who saved each draft last, by id of the draft."""

    processes: tuple[Process, ...]
    waiting: tuple[tuple[Draft, Approval], ...]
    names: Mapping[str, str]


@dataclass(frozen=True)
class VersionPage:
    """One version with everything in it."""

    line: VersionLine
    process: Process
    inside: Contents


@bp.before_request
def _section() -> None:
    g.section = "studio"


@bp.get("")
def index() -> str:
    """All processes with their versions and drafts."""
    every = reading.processes()
    names = {}
    for one in (draft for process in every for draft in process.line.drafts):
        view = studio().draft(one.id, signed_in())
        names[one.id] = view.names.get(one.saved_by, "")
    return render_template("studio/index.html", page=StudioPage(every, tuple(studio().waiting_for_approval(signed_in())), names))


@bp.get("/versions/<version_id>")
def version(version_id: str) -> str:
    """One version, read only."""
    line, process, package = reading.version(version_id)
    page = VersionPage(line, process, contents.of(package))
    return render_template("studio/version.html", page=page)


@bp.get("/versions/<version_id>/zip")
@bp.get("/drafts/<version_id>/zip")
def as_zip(version_id: str) -> Response:
    """All files of a version or a draft in one."""
    answer = Response(studio().export_zip(version_id, signed_in()), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{version_id[:8]}.zip"'
    return answer


@bp.get("/zip")
def all_as_zip() -> Response:
    """The version new cases take of every process, a folder each, in one file."""
    answer = Response(studio().export_all(signed_in()), mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="processes.zip"'
    return answer


@bp.post("/processes")
def bring_in() -> Answer:
    """Open the first draft of a new process, with what a ZIP file holds when one was sent."""
    sent, key = request.files.get("file"), request.form.get("key", "").strip()
    files = archive.unpack(sent.read()) if sent is not None and sent.filename else {}
    if any(process.line.key == key for process in reading.processes()):
        raise KeyTaken(key=key)
    opened = studio().open_draft(key, request.form.get("name", ""), signed_in())
    if files:
        studio().save(opened.id, dict(files), opened.revision, signed_in())
    return redirect(url_for("studio.draft", draft_id=opened.id), 303)


@bp.post("/processes/<key>/drafts")
def open_draft(key: str) -> Answer:
    """Open a draft of a process, from an older version when one is named."""
    opened = studio().open_draft(key, request.form.get("name", ""), signed_in(), version_id=request.form.get("version") or None)
    return redirect(url_for("studio.draft", draft_id=opened.id), 303)


@bp.post("/versions/<version_id>/retire")
def retire(version_id: str) -> Answer:
    """Take a version out: no new case starts on it."""
    studio().retire(version_id, request.form.get("reason", ""), signed_in())
    note(say("Version retired. Running cases go on."))
    return redirect(url_for("studio.version", version_id=version_id), 303)
