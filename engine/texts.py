"""A text that a person reads, in the languages Jalon speaks.

Owns: the pair French + English that data and errors carry. Pages have their own catalogue (`web`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Locale = Literal["fr", "en"]
LOCALES: tuple[Locale, ...] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in French and English. French is the language of the diagrams and the fall-back."""

    fr: str
    en: str

    def __call__(self, locale: str) -> str:
        """Tell the text in a language; French when that language is missing or unknown."""
        return (self.en or self.fr) if locale == "en" else (self.fr or self.en)

    def __str__(self) -> str:
        return self.en or self.fr

    def __bool__(self) -> bool:
        return bool(self.fr or self.en)

    def format(self, **facts: object) -> Text:
        """Fill the `{named}` places of both languages. A fact that is itself a Text is told in the language of its place."""
        return Text(self.fr.format(**_in("fr", facts)), self.en.format(**_in("en", facts)))

    def to_json(self) -> dict[str, str]:
        return {"fr": self.fr, "en": self.en}

    @classmethod
    def of(cls, value: Any) -> Text:
        """Read a text from data: `{"fr": …, "en": …}`, a plain string (the same in both), or a Text."""
        if isinstance(value, Text):
            return value
        if isinstance(value, dict):
            fr, en = str(value.get("fr") or ""), str(value.get("en") or "")
            return cls(fr or en, en or fr)
        return cls(str(value), str(value))


#: No text at all.
NO_TEXT = Text("", "")


def _in(locale: str, facts: dict[str, object]) -> dict[str, object]:
    return {name: fact(locale) if isinstance(fact, Text) else fact for name, fact in facts.items()}
