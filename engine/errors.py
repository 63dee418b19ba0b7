"""The errors of the house, in four families.

Owns: what can go wrong in words a person understands. The docstring of a class is the sentence in English, `fr` the same in
French; `details` are for the log. Pages map a family to a status once (`web/errors.py`); the command line maps it to exit code 2.
"""

from __future__ import annotations

from typing import ClassVar

from engine.texts import Text


class JalonError(Exception):
    """Something went wrong."""

    fr: ClassVar[str] = "Quelque chose s’est mal passé."

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(f"{self.sentence.en} {details}" if details else self.sentence.en)

    @property
    def sentence(self) -> Text:
        """The sentence a person reads, its `{named}` places filled from the details."""
        english = " ".join((type(self).__doc__ or "").split("\n\n")[0].split())
        text = Text(type(self).fr, english)
        try:
            return text.format(**self.details)
        except (KeyError, IndexError, ValueError):
            return text


class NotFound(JalonError):
    """There is nothing here under that name."""

    fr = "Rien n’existe ici sous ce nom."


class NotAllowed(JalonError):
    """You may not do this.

    `rule` names what forbids it (`group`, `claim`, `separation_of_duties`, `four_eyes`, `party`), `fact` says why in this case,
    `who_can` names those who may instead (names of people or groups).
    """

    fr = "Vous ne pouvez pas faire cela."

    def __init__(self, rule: str = "", fact: Text | None = None, who_can: tuple[str, ...] = (), **details: object) -> None:
        self.rule, self.fact, self.who_can = rule, fact, who_can
        super().__init__(rule=rule, **details)


class Conflict(JalonError):
    """Somebody else was faster; look at the current state and try again."""

    fr = "Quelqu’un d’autre a été plus rapide ; regardez l’état actuel et recommencez."


class Invalid(JalonError):
    """This input is not right."""

    fr = "Cette saisie n’est pas correcte."
