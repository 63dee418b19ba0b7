"""A draft meets the version that was published while it was being changed: what each changed, and which is right where both did.

Owns: `/studio/drafts/…/meeting` and `/studio/drafts/…/catch-up`.
Leaves: finding it out to `engine.change.meetings`, taking it in to `engine.change.drafts`.
Promises: nothing is taken in before every file that both changed has been decided; a choice is about what was seen, or it is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.change.drafts import BothChanged, DraftChanged, PublishedAgain
from engine.change.meetings import Meeting
from engine.change.publishing import VersionLine
from engine.errors import Conflict
from web.catalogue import locale, say
from web.host import signed_in
from web.notes import note
from web.studio import reading
from web.studio.blueprint import bp
from web.studio.reading import DraftAt, studio

CHOICE = "choice."


@dataclass(frozen=True)
class MeetingPage:
    """A draft beside what was published meanwhile. `told`: why nothing was taken in; `chosen`: what was chosen before, by path."""

    at: DraftAt
    meeting: Meeting
    theirs: VersionLine | None
    told: str = ""
    chosen: tuple[tuple[str, str], ...] = ()

    def choice(self, path: str) -> str:
        """What was chosen for a file, "" for nothing yet."""
        return dict(self.chosen).get(path, "")


@bp.get("/drafts/<draft_id>/meeting")
def meeting(draft_id: str) -> Answer:
    """What the draft and the published version have changed, file by file."""
    return _page(draft_id)


@bp.post("/drafts/<draft_id>/catch-up")
def catch_up(draft_id: str) -> Answer:
    """Take in what was published since the draft was opened; where both changed a file, ask which is right."""
    chosen = {name.removeprefix(CHOICE): value for name, value in request.form.items() if name.startswith(CHOICE)}
    keep = [path for path, side in chosen.items() if side == "mine"]
    take = [path for path, side in chosen.items() if side == "theirs"]
    revision, version = request.form.get("revision", ""), request.form.get("version", "")
    seen = (int(revision), version) if revision.isdigit() and version else None
    try:
        studio().catch_up(draft_id, signed_in(), keep, take, seen=seen)
    except BothChanged as error:
        if not chosen and seen is None:
            return redirect(url_for("studio.meeting", draft_id=draft_id), 303)
        return _page(draft_id, error, tuple(chosen.items()))
    except (DraftChanged, PublishedAgain) as error:
        return _page(draft_id, error)
    note(say("The published version has been taken into the draft."))
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


def _page(draft_id: str, error: Conflict | None = None, chosen: tuple[tuple[str, str], ...] = ()) -> Answer:
    at, found = reading.draft(draft_id), studio().meeting(draft_id, signed_in())
    if found is None:
        return redirect(url_for("studio.draft", draft_id=draft_id), 303)
    theirs = next((one for one in at.process.versions if one.id == found.version_id), None)
    page = MeetingPage(at, found, theirs, error.sentence(locale()) if error is not None else "", chosen)
    return make_response(render_template("studio/meeting.html", page=page), 409 if error is not None else 200)
