"""What a diagram of a draft may name: groups, forms, decisions, rules, letters, handlers with their parameters, processes, variables.

Owns: the JSON the BPMN editor builds its questions from, in the reader's language.
Leaves: which names are right to the lint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from engine.bpmn.model import Element, Process
from engine.definitions.package import Package
from engine.definitions.variables import set_around
from engine.forms.paths import fields_of
from engine.handler import Handler, Parameter
from engine.work.rules import Rule
from web.catalogue import locale, say
from web.host import host
from web.studio import contents

Choices = list[dict[str, Any]]
MOST_VARIABLES = 500


def of(package: Package) -> dict[str, Any]:
    """Everything a diagram of this folder may name."""
    published = [one for one in host().engine.library.published().values() if one.key != package.key]
    registry = host().engine.around.registry
    return {
        "groups": [_choice(one.id, one.name(locale())) for one in host().groups.values()],
        "forms": [_choice(key, ", ".join(contents.users(package, key)[:2]) or key, key) for key in package.forms],
        "decisions": [_choice(table.id, table.name) for table in contents.tables(package)],
        "rules": [_choice(rule.id, f"{rule.title(locale())}, {rule.versions[-1].length.text(locale())}", _source(rule))
                  for rule in package.rules.values()],
        "letters": [_choice(key, (letter.en if locale() == "en" else letter.fr).subject.text)
                    for key, letter in package.letters.items()],
        "processes": [_choice(process.id, process.name(locale()) or process.id)
                      for one in (package, *published) for process in one.processes],
        "activities": [_choice(element.id, element.name(locale()) or element.id) for one in (package, *published)
                       for element in one.elements() if element.kind in ("userTask", "manualTask")],
        "handlers": [_handler(one) for one in sorted(registry, key=lambda one: one.title(locale()))],
        "variables": variables(package),
    }


def variables(package: Package) -> list[str]:
    """Names an expression may use, as far as they are known: what forms, steps and tables give, with the fields of each form."""
    registry = host().engine.around.registry
    found = dict.fromkeys(sorted(set_around(package, host().engine.library.published().values(), registry) or ()))
    for process in package.processes:
        for name in _names(package, process):
            found.setdefault(name)
    return sorted(found)[:MOST_VARIABLES]


def _names(package: Package, process: Process) -> Iterator[str]:
    for element in process.elements.values():
        yield from _given(package, element, process.start_form if element.kind == "startEvent" else element.ext.form)


def _given(package: Package, element: Element, form: str) -> Iterator[str]:
    ext = element.ext
    yield from (name for name in (ext.result, ext.item, ext.collect, *(one.name for one in ext.outputs)) if name)
    if element.loop is not None:
        yield from (name for name in (element.loop.item, element.loop.collect) if name)
    shown = package.forms.get(form)
    if shown is not None:
        before = [ext.result] if ext.result else []
        yield from (".".join([*before, *component.path]) for component in fields_of(shown.components))


def _choice(key: str, name: str, hint: str = "") -> dict[str, Any]:
    return {"id": key, "name": name, **({"hint": hint} if hint else {})}


def _source(rule: Rule) -> str:
    version, counted = rule.versions[-1], say("Counted from: %(anchor)s.", anchor=rule.anchor(locale()))
    doubt = say("To validate.") if version.to_validate else ""
    return " ".join(part for part in (f"{version.source(locale())}.", counted, doubt) if part)


def _handler(handler: Handler) -> dict[str, Any]:
    return {**_choice(handler.name, handler.title(locale()), handler.name), "inputs": _parameters(handler.inputs),
            "outputs": _parameters(handler.outputs)}


def _parameters(parameters: Iterable[Parameter]) -> Choices:
    return [{"name": one.name, "type": one.type, "label": one.label(locale()), "required": one.required} for one in parameters]
