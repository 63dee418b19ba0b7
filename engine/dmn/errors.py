"""What goes wrong with decision files."""

from __future__ import annotations

from engine.errors import Invalid, NotFound
from engine.texts import Text


class NotReadable(Invalid):
    """This decision file cannot be read: {reason}

    `element` names the element the reason is about, "" for the file as a whole.
    """

    fr = "Ce fichier de décision est illisible : {reason}"

    def __init__(self, reason: Text, element: str = "", file: str = "") -> None:
        self.reason, self.element, self.file = reason, element, file
        super().__init__(reason=reason, element=element, file=file)


class NoSuchDecision(NotFound):
    """There is no decision {decision} in {file}."""

    fr = "Il n’y a pas de décision {decision} dans {file}."
