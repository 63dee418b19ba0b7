"""Everything that is wrong with a process folder, before it is deployed.

Owns: `check`: diagrams, decisions, forms, deadline rules, letters and what they name of each other and of the house.
Leaves: each kind's own judgement to its room; scenarios to `engine.change`.
Promises: a folder without problems of level error or draft can be deployed and runs as drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from engine.bpmn import lint
from engine.bpmn.lint import Known
from engine.bpmn.model import Element
from engine.bpmn.reader import is_diagram
from engine.definitions import schedule
from engine.definitions.files import NAMES, SUFFIXES, Files, belongs
from engine.definitions.kinds import decided, taken, types_around
from engine.definitions.package import Package
from engine.definitions.variables import set_around
from engine.handler import Registry
from engine.kernel.program import Program
from engine.problems import Level, Problem
from engine.texts import Text

_UNREADABLE = re.compile(r"file\.|dmn\.not_readable$|\w+\.not_(json|yaml)$")
_NO_KIND = Text("Ce fichier n’est ni un diagramme, ni une table, ni un formulaire.", "This file is no diagram, no table and no form.")
_KINDS = Text("Donnez un fichier .bpmn, .dmn ou .form.json.", "Give a .bpmn, .dmn or .form.json file.")
_LITERAL = re.compile(r'\s*"([^"\\]*)"\s*')


@dataclass(frozen=True)
class Around:
    """What exists around a folder: handlers, registered form checks, groups, and the other folders it may call.

    None stands for "nobody knows": then that kind of name is not checked.
    """

    registry: Registry | None = None
    validators: frozenset[str] | None = None
    groups: frozenset[str] | None = None
    others: tuple[Package, ...] = ()

    def known(self, package: Package) -> Known:
        """What the lint of diagrams may take for known."""
        others = tuple(one for one in self.others if one.key != package.key)
        return Known(
            handlers=frozenset(handler.name for handler in self.registry) if self.registry is not None else None,
            forms=frozenset(package.forms), decisions=frozenset(package.decisions), rules=frozenset(package.rules), groups=self.groups,
            processes=frozenset(process.id for one in others for process in one.processes),
            activities=frozenset(element.id for one in others for element in one.elements()),
            variables=set_around(package, others, self.registry) if self.registry is not None else None,
            types=types_around(package, self.registry), decided=decided(package), taken=taken(self.registry))


def check(package: Package, around: Around) -> list[Problem]:
    """Judge one folder. Returns: problems, those that forbid deploying first."""
    found = [*lint.check(package.reading, around.known(package)), *package.problems]
    found += [problem for file in {id(one): one for one in package.decisions.values()}.values() for problem in file.check()]
    found += _validators(package, around.validators)
    found += _letters(package)
    if not stops(found):
        found += _lowering(package) or schedule.problems(package)
    order = {"error": 0, "draft": 1, "warning": 2}
    return sorted(dict.fromkeys(found), key=lambda problem: (order[problem.level], problem.file, problem.element))


def check_all(packages: Iterable[Package], around: Around) -> dict[str, list[Problem]]:
    """Judge several folders that are deployed together: each may call the others."""
    every = tuple(packages)
    together = (*every, *(one for one in around.others if one.key not in {package.key for package in every}))
    beside = Around(around.registry, around.validators, around.groups, together)
    return {package.key: check(package, beside) for package in every}


def stops(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that forbid deploying."""
    return [problem for problem in problems if problem.level != "warning"]


def unreadable(problems: Iterable[Problem]) -> list[Problem]:
    """The problems of files that cannot be read at all."""
    return [problem for problem in problems if problem.level == "error" and _UNREADABLE.match(problem.code)]


def unknown_kinds(files: Files, alone: bool = True) -> list[Problem]:
    """Name the files that are nothing of a process: nobody reads them, and that is said.

    Args:
        alone: nothing else is judged beside them; when no file among them is one of a process, that is an error, else advice.
    """
    unknown = [path for path in sorted(files) if not _is_of_a_process(path)]
    level: Level = "error" if alone and len(unknown) == len(files) else "warning"
    return [Problem(path, "", "file.unknown_kind", level, _NO_KIND, _KINDS) for path in unknown]


def _is_of_a_process(path: str) -> bool:
    return is_diagram(path) or belongs(path) or path.endswith(SUFFIXES) or PurePosixPath(path).name in NAMES


def _validators(package: Package, known: frozenset[str] | None) -> list[Problem]:
    if known is None:
        return []
    return [Problem(f"{form.key}.form.json", component.id, "form.unknown_validator", "error",
                    _NO_VALIDATOR.format(name=component.validator), _KNOWN_VALIDATORS.format(names=", ".join(sorted(known))))
            for form in package.forms.values() for component in form.all_components()
            if component.validator and component.validator not in known]


def _letters(package: Package) -> list[Problem]:
    """Letters that a step names by a plain text in its input `letter` and that are not written."""
    return [Problem(_file_of(package, element), element.id, "letters.unknown", "error", _NO_LETTER.format(letter=letter), _WRITE_LETTER)
            for element in package.elements() for letter in _named_letters(element) if letter not in package.letters]


def _named_letters(element: Element) -> list[str]:
    texts = [_LITERAL.fullmatch(one.expression) for one in element.ext.inputs if one.name == "letter"]
    return [found.group(1) for found in texts if found is not None]


def _lowering(package: Package) -> list[Problem]:
    """What only building the program finds."""
    try:
        Program(package.reading)
    except Exception as error:  # whatever it is, the folder cannot run: it is told, not raised
        return [Problem("", "", "kernel.not_built", "error", _NOT_BUILT.format(why=error), _TELL_US)]
    return []


def _file_of(package: Package, element: Element) -> str:
    process: Mapping[str, str] = {one.id: one.file for one in package.model.processes.values()}
    return process.get(element.process, "")


_NO_VALIDATOR = Text("Aucun contrôle enregistré ne s’appelle {name}.", "No registered check is called {name}.")
_KNOWN_VALIDATORS = Text("Contrôles enregistrés : {names}.", "Registered checks: {names}.")
_NO_LETTER = Text("La lettre {letter} n’est pas dans letters.yaml.", "The letter {letter} is not in letters.yaml.")
_WRITE_LETTER = Text("Écrivez-la, ou nommez-en une autre.", "Write it, or name another one.")
_NOT_BUILT = Text("Ces diagrammes ne peuvent pas être préparés pour l’exécution : {why}",
                  "These diagrams cannot be made ready to run: {why}")
_TELL_US = Text("Simplifiez l’endroit nommé.", "Simplify the place named.")
