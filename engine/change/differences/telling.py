"""Sentences of differences: something was, and is another now.

Owns: the words that forms, tables, rules and letters share, and how long a value may be in them.
Leaves: what is compared to the modules beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from engine.bpmn.diff import Change
from engine.texts import Text

LONGEST = 240
_BLANKS = re.compile(r"[ \t\r\n]+")      #: no-break spaces stay


def value(facet: str, element: str, name: Text, said: Text, was: Text, now: Text) -> Iterator[Change]:
    """One value of something that is another now: from what to what; nothing when it is the same."""
    if was != now:
        sentence = _BECOMES if was.fr and now.fr else _NOW if now.fr else _NO_LONGER
        yield Change("changed", facet, "", element, sentence.format(name=name, what=said, old=both(was), new=both(now)))


def joined(parts: Iterable[Text]) -> Text:
    """Several texts in one line, empty ones left out."""
    every = [part for part in parts if part.fr]
    return Text(*(", ".join(part(locale) for part in every) for locale in ("fr", "en")))


def both(text: Text) -> Text:
    """A text short enough for a sentence, in both languages."""
    return Text(cut(text.fr), cut(text.en or text.fr))


def cut(text: str) -> str:
    """A text in one line, short enough for a sentence."""
    told = _BLANKS.sub(" ", text).strip()
    return told if len(told) <= LONGEST else told[:LONGEST - 1] + "…"


def lines(facet: str, element: str, name: Text, said: Text, was: str, now: str) -> Iterator[Change]:
    """The lines of a text that are different, each place as a change of its own."""
    old, new = was.splitlines(), now.splitlines()
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from value(facet, element, name, said, Text.of(" ".join(old[i:j])), Text.of(" ".join(new[k:m])))


def flag(value: bool) -> Text:
    """Yes or no."""
    return Text("oui", "yes") if value else Text("non", "no")


_BECOMES = Text("« {name} », {what} : « {old} » devient « {new} ».", "“{name}”, {what}: “{old}” becomes “{new}”.")
_NOW = Text("« {name} », {what} : « {new} » (rien avant).", "“{name}”, {what}: “{new}” (nothing before).")
_NO_LONGER = Text("« {name} », {what} : plus rien (avant : « {old} »).", "“{name}”, {what}: nothing any more (before: “{old}”).")
