"""All that one case runs on: its process, and the versions of what it calls, fixed when it started.

Owns: `Bundle`: finding a process, element, form, letter, decision or rule of a case.
Leaves: which versions those are to `library`.
Promises: immutable, shared by all cases on the same versions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from engine import dmn
from engine.bpmn.model import Process
from engine.definitions.package import PARIS, Package
from engine.errors import NotFound
from engine.forms import Form
from engine.handler import Letter
from engine.kernel.program import Program
from engine.letters import NoSuchLetter
from engine.texts import Text
from engine.work.rules import NoSuchRule, Rule

Functions = Mapping[str, Callable[..., Any]]


class NoSuchForm(NotFound):
    """There is no form {form} here."""

    fr = "Il n’y a pas de formulaire {form} ici."


class NoSuchTable(NotFound):
    """There is no decision {decision} here."""

    fr = "Il n’y a pas de décision {decision} ici."


@dataclass(frozen=True)
class Bundle:
    """A version with what it calls.

    Attributes:
        id: of the definition the case started on. bindings: folder key → definition id of what is called, and "" → the process that
            runs. process: that process. program: what runs it.
        packages: definition id → what it holds, the case's own first.
    """

    id: str
    bindings: Mapping[str, str]
    process: Process
    program: Program
    packages: Mapping[str, Package]
    zone: ZoneInfo = PARIS
    _homes: Mapping[str, str] = field(default_factory=dict)  #: process id → definition id

    @property
    def package(self) -> Package:
        return self.packages[self.id]

    def definition_of(self, process_id: str) -> str:
        """Id of the definition a process is drawn in; the case's own for one that nobody knows."""
        return self._homes.get(process_id, self.id)

    def package_of(self, process_id: str) -> Package:
        return self.packages[self.definition_of(process_id)]

    def form(self, process_id: str, key: str) -> Form:
        """A form of a process. Raises: NoSuchForm."""
        found = self.package_of(process_id).forms.get(key)
        if found is None:
            raise NoSuchForm(form=key)
        return found

    def letter(self, process_id: str, template: str, locale: str, variables: Mapping[str, Any],
               functions: Functions | None = None) -> Letter:
        """Fill in a letter of a process. Raises: NoSuchLetter; LetterNotFilled, naming the place without a value."""
        letters = self.package_of(process_id).letters
        if template not in letters:
            raise NoSuchLetter(letter=template)
        return letters[template].fill(locale, variables, self.zone, functions)

    def decide(self, process_id: str, decision: str, inputs: Mapping[str, Any], functions: Functions | None = None) -> dmn.Result:
        """Evaluate a decision of a process. Raises: NoSuchTable; feel.EvaluationError."""
        found = self.package_of(process_id).decisions.get(decision)
        if found is None:
            raise NoSuchTable(decision=decision)
        return found.evaluate(decision, inputs, functions)

    def rule(self, rule_id: str) -> tuple[Rule, str]:
        """A deadline rule, and the definition it is from: the case's own before those it calls. Raises: NoSuchRule."""
        for definition_id, package in self.packages.items():
            if rule_id in package.rules:
                return package.rules[rule_id], definition_id
        raise NoSuchRule(rule=rule_id)

    def element_name(self, process_id: str, element_id: str) -> Text:
        """What people call an element; its id when it has no name or is not drawn."""
        process = self.package_of(process_id).model.processes.get(process_id)
        element = process.elements.get(element_id) if process is not None else None
        return element.name if element is not None and element.name.fr else Text(element_id, element_id)
