"""One process folder, read: diagrams, decisions, forms, rules, letters, texts.

Owns: `Package`, and which file becomes what.
Leaves: reading each kind to its own room; judging them together to `checks`.
Promises: immutable once read, shared by threads; never raises for what a process owner wrote: see `problems`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from engine import dmn
from engine.bpmn import reader
from engine.bpmn.model import Element, Model, Process
from engine.bpmn.reader import Reading
from engine.definitions.files import SCENARIOS, Files, version_hash
from engine.forms import Form
from engine.letters import Letters
from engine.problems import Problem
from engine.texts import Text
from engine.work.rules import Rules

PARIS = ZoneInfo("Europe/Paris")
TEXTS = "texts.en.yaml"
_MOST_KEPT = 64


@dataclass(frozen=True)
class Package:
    """The content of one version.

    Attributes:
        decisions: decision id → the file that holds it. forms: by key. scenarios: path → content, fixtures too.
        problems: what could not be read of decisions, forms, rules and letters; those of diagrams come with the lint.
    """

    key: str
    files: Files
    reading: Reading
    decisions: Mapping[str, dmn.Decisions]
    forms: Mapping[str, Form]
    rules: Rules
    letters: Letters
    problems: tuple[Problem, ...]

    @classmethod
    def read(cls, key: str, files: Files, zone: ZoneInfo = PARIS) -> Package:
        """Read the files of a folder. `zone` is the body's, for moments typed into forms.

        The same files are read once: what was read before is shared, for it never changes.
        """
        place = (key, version_hash(files), zone.key)
        with _reading:
            if place not in _read:
                _read[place] = cls._read(key, files, zone)
            _read.move_to_end(place)
            while len(_read) > _MOST_KEPT:
                _read.popitem(last=False)
            return _read[place]

    @classmethod
    def _read(cls, key: str, files: Files, zone: ZoneInfo) -> Package:
        texts, problems = _form_texts(files)
        tables, unreadable = _decisions(files)
        forms = _forms(files, texts, zone)
        rules = Rules.read(files["deadlines.yaml"]) if "deadlines.yaml" in files else Rules()
        letters = Letters.read(files["letters.yaml"]) if "letters.yaml" in files else Letters()
        problems += [*unreadable, *(problem for form in forms.values() for problem in form.problems), *rules.problems, *letters.problems]
        return cls(key, files, reader.read(files), tables, forms, rules, letters, tuple(problems))

    @property
    def model(self) -> Model:
        return self.reading.model

    @property
    def processes(self) -> tuple[Process, ...]:
        """The processes that may run, in the order of their files."""
        return tuple(process for process in self.model.processes.values() if process.executable)

    @property
    def main(self) -> Process | None:
        """The process people mean by the folder's name: the one with that id, else the only or first one that may run."""
        named = self.model.processes.get(self.key)
        return named or next(iter(self.processes or self.model.processes.values()), None)

    @property
    def name(self) -> Text:
        """What people call it: the name of its main process."""
        return self.main.name if self.main is not None and self.main.name.fr else Text(self.key, self.key)

    @property
    def scenarios(self) -> dict[str, bytes]:
        return {path: content for path, content in self.files.items() if PurePosixPath(path).parts[0] == SCENARIOS}

    def elements(self) -> Iterator[Element]:
        """Every element of every process that may run."""
        for process in self.processes:
            yield from process.elements.values()

    def calls(self) -> frozenset[str]:
        """Ids of the processes its call activities name and that are not drawn here."""
        named = {element.called for element in self.elements() if element.kind == "callActivity" and element.called}
        return frozenset(named - set(self.model.processes))


_read: OrderedDict[tuple[str, str, str], Package] = OrderedDict()
_reading = threading.Lock()


def _form_texts(files: Files) -> tuple[dict[str, Any], list[Problem]]:
    """English texts of forms; a file that is no YAML is told by the reader of diagrams, which reads it too."""
    try:
        tree = yaml.safe_load(files.get(TEXTS, b""))
    except (yaml.YAMLError, UnicodeDecodeError):
        return {}, []
    forms = tree.get("forms") if isinstance(tree, dict) else None
    if forms is None:
        return {}, []
    if isinstance(forms, dict) and all(isinstance(one, dict) for one in forms.values()):
        return forms, []
    return {}, [Problem(TEXTS, "", "texts.wrong_forms", "error", _WRONG_FORMS, _WRITE_FORMS)]


def _decisions(files: Files) -> tuple[dict[str, dmn.Decisions], list[Problem]]:
    """Read the decision files; those that import others are read once those are."""
    waiting = [path for path in sorted(files) if path.endswith(".dmn")]
    read, problems, found = list[dmn.Decisions](), list[Problem](), dict[str, dmn.Decisions]()
    for path in sorted(waiting, key=lambda path: b":import" in files[path] or b"<import" in files[path]):
        try:
            decisions = dmn.read(files[path], path, read)
        except dmn.NotReadable as error:
            problems.append(Problem(path, error.element, "dmn.not_readable", "error", error.sentence, _MEND_TABLE))
            continue
        read.append(decisions)
        for decision in decisions.ids:
            if decision in found:
                problems.append(Problem(path, decision, "dmn.id_twice", "error", _ID_TWICE.format(id=decision), _RENAME))
            found[decision] = decisions
    return found, problems


def _forms(files: Files, texts: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Form]:
    keys = {path: PurePosixPath(path).name.removesuffix(".form.json") for path in sorted(files) if path.endswith(".form.json")}
    return {key: Form.read(key, files[path], texts.get(key), path, zone) for path, key in keys.items()}


_WRONG_FORMS = Text("Les textes anglais des formulaires doivent s’écrire « forms: {formulaire: {clé: {label: …}}} ».",
                    "English texts of forms must be written “forms: {form: {key: {label: …}}}”.")
_WRITE_FORMS = Text("Écrivez une entrée par formulaire.", "Write one entry for each form.")
_MEND_TABLE = Text("Ouvrez la table dans l’éditeur et corrigez cet endroit.", "Open the table in the editor and mend this place.")
_ID_TWICE = Text("Deux décisions ont l’identifiant {id}.", "Two decisions have the id {id}.")
_RENAME = Text("Changez l’un des deux.", "Change one of them.")
