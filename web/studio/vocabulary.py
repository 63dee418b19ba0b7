"""What a diagram of a draft may name: groups, forms, decisions, rules, letters, handlers with their parameters, processes, variables.

Owns: the JSON the BPMN editor builds its questions from, in the reader's language.
Leaves: variables to `variables`, functions to `functions`, sums to `sums`; which names are right to the lint.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.definitions.package import Package
from engine.handler import Handler, Parameter
from engine.work.rules import Rule
from web.catalogue import locale, say
from web.host import host
from web.studio import contents, functions, sums, variables

Choices = list[dict[str, Any]]


def of(package: Package) -> dict[str, Any]:
    """Everything a diagram of this folder may name."""
    published = [one for one in host().engine.library.published().values() if one.key != package.key]
    registry = host().engine.around.registry
    return {
        "groups": [_choice(one.id, one.name(locale())) for one in host().groups.values()],
        "forms": [_choice(key, ", ".join(contents.users(package, key)[:2]) or key, key) for key in package.forms],
        "decisions": [_choice(table.id, table.name) for table in contents.tables(package)],
        "rules": [_rule(rule) for rule in package.rules.values()],
        "letters": [_choice(key, (letter.en if locale() == "en" else letter.fr).subject.text)
                    for key, letter in package.letters.items()],
        "processes": [_choice(process.id, process.name(locale()) or process.id)
                      for one in (package, *published) for process in one.processes],
        "activities": [_choice(element.id, element.name(locale()) or element.id) for one in (package, *published)
                       for element in one.elements() if element.kind in ("userTask", "manualTask")],
        "handlers": [_handler(one) for one in sorted(registry, key=lambda one: one.title(locale()))],
        "variables": [one.told() for one in variables.of(package)],
        "functions": [one.told() for one in functions.known()],
    }


def _choice(key: str, name: str, hint: str = "") -> dict[str, Any]:
    return {"id": key, "name": name, **({"hint": hint} if hint else {})}


def _rule(rule: Rule) -> dict[str, Any]:
    """A rule with its source and its sum from today: what choosing it means."""
    version = rule.versions[-1]
    name = f"{rule.title(locale())}, {version.length.text(locale())}"
    told = _choice(rule.id, name, say("Counted from: %(anchor)s.", anchor=rule.anchor(locale())))
    offsets = {kind: [contents.offset(one) for one in found] for kind, found in
               (("reminders", version.reminders), ("escalations", version.escalations))}
    return {**told, **offsets, "basis": say("set by law") if version.basis == "law" else say("set by the body"),
            "source": version.source(locale()), "toValidate": version.to_validate, "sum": sums.worked(rule, host().wording.today()).told()}


def _handler(handler: Handler) -> dict[str, Any]:
    return {**_choice(handler.name, handler.title(locale()), handler.name), "inputs": _parameters(handler.inputs),
            "outputs": _parameters(handler.outputs), "errors": list(handler.errors), "tries": handler.retry.times,
            "outside": handler.kind == "external"}


def _parameters(parameters: Iterable[Parameter]) -> Choices:
    return [{"name": one.name, "type": one.type, "label": one.label(locale()), "required": one.required, "names": one.names,
             "typeName": variables.type_name(one.type), "choices": [_choice(value, name(locale())) for value, name in one.choices]}
            for one in parameters]
