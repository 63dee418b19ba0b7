"""What has just happened, said once on the next page, with the way to undo it.

Owns: the note. It is kept in a signed cookie until it is shown.
Leaves: undoing to the address it names, which is one of the pages' own commands.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, flash, get_flashed_messages


@dataclass(frozen=True)
class Undo:
    """How to undo it: the address to post to, and its fields."""

    address: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Note:
    """A sentence for the next page."""

    sentence: str
    undo: Undo | None = None


def note(sentence: str, *, undo: Undo | None = None) -> None:
    """Say something on the next page."""
    told = {"sentence": sentence, "undo": {"address": undo.address, "fields": undo.fields} if undo else None}
    flash(told, "note")  # type: ignore[arg-type]


def notes() -> list[Note]:
    """What there is to say, each once."""
    return [_note(told) for told in get_flashed_messages()]


def _note(told: object) -> Note:
    if not isinstance(told, dict):
        return Note(str(told))
    undo = told.get("undo")
    return Note(told["sentence"], Undo(undo["address"], tuple((name, value) for name, value in undo["fields"])) if undo else None)


def install(app: Flask) -> None:
    """Give the templates the notes."""
    app.jinja_env.globals["notes"] = notes
