"""What is different in letters and scenarios, line by line.

Owns: telling which letter, in which language, or which scenario.
Leaves: the sentences to `telling`.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from engine.bpmn.diff import Change
from engine.change.differences.telling import lines, value
from engine.definitions.package import Package
from engine.letters import LetterTemplate
from engine.texts import NO_TEXT, Text


def letters(_path: str, before: Package, after: Package) -> Iterator[Change]:
    """What is different in the letters, language by language and line by line."""
    for key, letter in after.letters.items():
        if key not in before.letters:
            yield Change("added", "letter", "", key, _NEW_LETTER.format(name=key, subject=_subject(letter)))
            continue
        old = before.letters[key]
        yield from value("to", key, _LETTER.format(name=key), Text("le destinataire", "the reader"), old.to, letter.to)
        for locale, language in (("fr", Text("en français", "in French")), ("en", Text("en anglais", "in English"))):
            was, now = getattr(old, locale), getattr(letter, locale)
            name = _LETTER_IN.format(name=key, language=language)
            yield from lines("subject", key, name, Text("l’objet", "the subject"), was.subject.text, now.subject.text)
            yield from lines("body", key, name, Text("le corps", "the body"), was.body.text, now.body.text)
    for key in before.letters:
        if key not in after.letters:
            yield Change("removed", "letter", "", key, _NO_LETTER.format(name=key))


def _subject(letter: LetterTemplate) -> Text:
    return Text(letter.fr.subject.text, letter.en.subject.text)


def scenario(path: str, before: Package, after: Package) -> Iterator[Change]:
    """What is different in a scenario, line by line."""
    told = says(after.files[path])
    name = told if told.fr else Text.of(path)
    yield from lines("story", path, name, Text("le récit", "the story"), *(
        package.files[path].decode("utf-8", "replace") for package in (before, after)))


def says(data: bytes) -> Text:
    """What a scenario says of itself; nothing when it cannot be read."""
    try:
        tree = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return NO_TEXT
    return Text.of(tree.get("says") or "") if isinstance(tree, dict) else NO_TEXT


_LETTER = Text("lettre {name}", "letter {name}")
_LETTER_IN = Text("lettre {name} {language}", "letter {name} {language}")
_NEW_LETTER = Text("Nouvelle lettre {name} : « {subject} ».", "New letter {name}: “{subject}”.")
_NO_LETTER = Text("La lettre {name} est retirée.", "The letter {name} is removed.")
