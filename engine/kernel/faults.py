"""What cannot go on inside a run, and the sentence that says so.

Owns: `Fault`, which never leaves the kernel: it becomes a failed wait. `NoSuchWait` and `NotLoadable`, which do leave it.
"""

from __future__ import annotations

from typing import Literal

from engine import feel
from engine.errors import Conflict, Invalid
from engine.texts import Text

Cause = Literal["expression", "loop", "stall", "error"]


class Fault(Exception):
    """An element cannot go on. `reason` is the sentence of the incident."""

    def __init__(self, reason: Text, cause: Cause = "expression") -> None:
        self.reason, self.cause = reason, cause
        super().__init__(reason.en)


class NoSuchWait(Conflict):
    """Nothing waits here any more: somebody was faster, or the branch was left."""

    fr = "Plus rien n’attend ici : quelqu’un a été plus rapide, ou la branche a été quittée."


class NotLoadable(Invalid):
    """This saved state does not fit the diagram: {what}."""

    fr = "Cet état enregistré ne va pas avec le diagramme : {what}."


def reason_of(error: BaseException) -> Text:
    """Tell in a sentence why an element failed, whatever was raised."""
    if isinstance(error, Fault):
        return error.reason
    if isinstance(error, feel.FeelError):
        cause = error.__cause__
        detail = _sentence(cause) if cause is not None else Text("", "")
        return Text(f"{error.fr} {detail.fr}".strip(), f"{error.en} {detail.en}".strip())
    return _sentence(error)


def _sentence(error: BaseException) -> Text:
    found = getattr(error, "sentence", None)
    if isinstance(found, Text):
        return found
    words = str(error) or type(error).__name__
    return Text(f"{type(error).__name__} : {words}", f"{type(error).__name__}: {words}")
