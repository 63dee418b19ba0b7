"""Letters as process owners write them in `letters.yaml`.

Owns: reading them with every fault named, and filling one in for a reader.
Leaves: sending to `handlers`; the variables to the case.
Promises: a letter goes out only when every place in it has a value; dates are told in words of its language.
Rule: format in docs/diagrams.md, section 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from engine.errors import Invalid, NotFound
from engine.handler import Letter
from engine.places import PlaceEmpty, PlaceNotReadable, Template
from engine.problems import Problem
from engine.texts import NO_TEXT, Text

FILE = "letters.yaml"
Functions = Mapping[str, Callable[..., Any]]


class NoSuchLetter(NotFound, KeyError):
    """There is no letter {letter} here."""

    fr = "Il n’y a pas de lettre {letter} ici."


class LetterNotFilled(Invalid):
    """The letter {letter} cannot be filled in: {why}"""

    fr = "La lettre {letter} ne peut pas être remplie : {why}"


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and body in one language."""

    subject: Template
    body: Template


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """One letter, read. `to` says for people whom it is for."""

    id: str
    to: Text
    fr: Wording
    en: Wording

    @property
    def names(self) -> frozenset[str]:
        """Names of the variables its places read."""
        return frozenset[str]().union(*(part.names for form in (self.fr, self.en) for part in (form.subject, form.body)))

    def fill(self, locale: str, variables: Mapping[str, Any], zone: ZoneInfo, functions: Functions | None = None) -> Letter:
        """Fill the letter in. Raises: LetterNotFilled, naming the place without a value."""
        wording = self.en if locale == "en" else self.fr
        try:
            subject, body = (part.fill(variables, locale, zone, functions) for part in (wording.subject, wording.body))
        except PlaceEmpty as error:
            raise LetterNotFilled(letter=self.id, why=error.sentence) from error
        return Letter(self.id, " ".join(subject.split()), body.strip() + "\n")


class Letters(Mapping[str, LetterTemplate]):
    """All letters of one process folder, by id. `problems` names what could not be read; those letters are left out."""

    def __init__(self, letters: Mapping[str, LetterTemplate] | None = None, problems: tuple[Problem, ...] = ()) -> None:
        self._letters, self.problems = dict(letters or {}), problems

    @classmethod
    def read(cls, data: bytes, file: str = FILE) -> Letters:
        """Read `letters.yaml`. Never raises: what is wrong is in `problems`, each naming its letter."""
        try:
            tree = yaml.safe_load(data)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            return cls(problems=(_problem(file, "", "not_yaml", _NOT_YAML, _MEND, why=" ".join(str(error).split())),))
        letters = tree.get("letters") if isinstance(tree, dict) else None
        if not isinstance(letters, dict):
            return cls(problems=(_problem(file, "", "no_letters", _NO_LETTERS, _START),))
        read, problems = dict[str, LetterTemplate](), list[Problem]()
        for name, content in letters.items():
            try:
                read[str(name)] = _letter(str(name), content)
            except _Fault as fault:
                problems.append(_problem(file, str(name), fault.code, fault.message, fault.remedy, **fault.facts))
        return cls(read, tuple(problems))

    def __getitem__(self, letter: str) -> LetterTemplate:
        try:
            return self._letters[letter]
        except KeyError:
            raise NoSuchLetter(letter=letter) from None

    def __contains__(self, letter: object) -> bool:
        return letter in self._letters

    def __iter__(self) -> Iterator[str]:
        return iter(self._letters)

    def __len__(self) -> int:
        return len(self._letters)


class _Fault(Exception):
    def __init__(self, code: str, message: Text, remedy: Text, **facts: object) -> None:
        super().__init__(code)
        self.code, self.message, self.remedy, self.facts = code, message, remedy, facts


def _problem(file: str, letter: str, code: str, message: Text, remedy: Text, **facts: object) -> Problem:
    return Problem(file, letter, f"letters.{code}", "error", message.format(**facts), remedy.format(**facts))


def _letter(name: str, content: Any) -> LetterTemplate:
    if not isinstance(content, dict):
        raise _Fault("not_a_letter", _NOT_A_LETTER, _SEE)
    unknown = sorted(str(key) for key in content if key not in ("to", "subject", "body"))
    if unknown:
        raise _Fault("unknown_key", _UNKNOWN_KEY, _SEE, keys=", ".join(unknown))
    wordings = {locale: Wording(_template(content, "subject", locale), _template(content, "body", locale)) for locale in ("fr", "en")}
    return LetterTemplate(name, Text.of(content["to"]) if content.get("to") else NO_TEXT, wordings["fr"], wordings["en"])


def _template(content: Mapping[str, Any], part: str, locale: str) -> Template:
    texts = content.get(part)
    text = texts.get(locale) if isinstance(texts, dict) else texts
    if not isinstance(text, str) or not text.strip():
        raise _Fault("missing", _MISSING, _WRITE, part=part, locale=locale)
    try:
        return Template(text)
    except PlaceNotReadable as error:
        raise _Fault("not_feel", error.sentence, _MEND) from error


_NOT_YAML = Text("Ce fichier n’est pas du YAML : {why}", "This file is not YAML: {why}")
_MEND = Text("Corrigez l’endroit nommé.", "Mend the place named.")
_NO_LETTERS = Text("Il manque « letters: » en tête du fichier.", "“letters:” is missing at the top of the file.")
_START = Text("Commencez par letters: puis une lettre par nom.", "Start with letters: and then one letter a name.")
_NOT_A_LETTER = Text("Cette lettre n’a ni objet ni corps.", "This letter has neither subject nor body.")
_SEE = Text("Le format est décrit dans docs/diagrams.md, section 5.", "The format is described in docs/diagrams.md, section 5.")
_UNKNOWN_KEY = Text("Cette lettre a une clé inconnue : {keys}.", "This letter has an unknown key: {keys}.")
_MISSING = Text("Il manque « {part} » en « {locale} ».", "“{part}” is missing in “{locale}”.")
_WRITE = Text("Écrivez les deux langues.", "Write both languages.")
