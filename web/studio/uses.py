"""Where a rule or a letter of a draft is used: the steps and letters that name it, with the way to each.

Owns: finding the names in expressions; the lines the pages show.
Leaves: what a name means to the lint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.model import Element
from engine.bpmn.words import kind_of
from engine.definitions.package import Package
from engine.letters import FILE as LETTERS
from web.catalogue import locale, say
from web.studio import drafting


@dataclass(frozen=True)
class Use:
    """One place: what it is called, what it is, and the address where it can be changed."""

    name: str
    kind: str
    address: str


def of_rule(package: Package, draft_id: str, rule_id: str) -> tuple[Use, ...]:
    """The steps whose days are counted by a rule, and the letters that tell one."""
    named = _naming(rule_id)
    letters = tuple(Use(key, say("letter"), drafting.editor_address(draft_id, LETTERS, key)) for key, letter in package.letters.items()
                    if any(named.search(text.text) for wording in (letter.fr, letter.en) for text in (wording.subject, wording.body)))
    return (*_steps(package, draft_id, named), *letters)


def of_letter(package: Package, draft_id: str, letter_id: str) -> tuple[Use, ...]:
    """The steps that send a letter."""
    return tuple(_steps(package, draft_id, _naming(letter_id)))


def _naming(key: str) -> re.Pattern[str]:
    return re.compile(rf'"{re.escape(key)}"')


def _steps(package: Package, draft_id: str, named: re.Pattern[str]) -> Iterator[Use]:
    files = {process.id: process.file for process in package.model.processes.values()}
    for element in package.elements():
        if any(named.search(text) for text in _expressions(element)):
            yield Use(element.name(locale()) or element.id, kind_of(element)(locale()),
                      drafting.editor_address(draft_id, files.get(element.process, ""), element.id))


def _expressions(element: Element) -> Iterator[str]:
    ext = element.ext
    yield from (ext.due, ext.follow_up, ext.priority, ext.subject, ext.assignee, element.script)
    yield from (line.expression for line in (*ext.inputs, *ext.outputs))
    yield from (event.expression for event in element.events)
