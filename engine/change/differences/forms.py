"""What is different in a form, field by field.

Owns: which of a field's settings people are told, and in which words.
Leaves: the sentences to `telling`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from engine import feel
from engine.bpmn.diff import Change
from engine.change.differences.telling import flag, joined, value
from engine.definitions.package import Package
from engine.forms.components import Component
from engine.places import Template
from engine.texts import NO_TEXT, Text

_FORM_WORDS = {
    "label": Text("le libellé", "the label"), "help": Text("l’aide", "the help"), "type": Text("le type", "the type"),
    "required": Text("obligatoire", "required"), "readonly": Text("en lecture seule", "read only"),
    "default": Text("la valeur de départ", "the first value"), "hide": Text("caché quand", "hidden when"),
    "options": Text("les choix", "the choices"), "options_from": Text("les choix viennent de", "the choices come from"),
    "minimum": Text("le minimum", "the minimum"), "maximum": Text("le maximum", "the maximum"),
    "decimals": Text("les décimales", "the decimals"), "min_length": Text("la longueur minimale", "the shortest length"),
    "max_length": Text("la longueur maximale", "the greatest length"), "pattern": Text("le motif", "the pattern"),
    "check": Text("le contrôle", "the check"), "message": Text("le message du contrôle", "the message of the check"),
    "rule": Text("la règle citée", "the rule cited"), "validator": Text("le contrôle enregistré", "the registered check"),
    "template": Text("le texte", "the text"), "min_rows": Text("le nombre minimal de lignes", "the least number of rows"),
    "max_rows": Text("le nombre maximal de lignes", "the greatest number of rows"),
    "no_past": Text("pas de jour passé", "no day in the past"),
}
_NOT_SAID = frozenset({"id", "path", "children", "columns", "row", "step"})


def form(path: str, before: Package, after: Package) -> Iterator[Change]:
    """What is different in a form, field by field."""
    key = path.removesuffix(".form.json")
    old, new = (_fields(package.forms[key].components) for package in (before, after))
    for name, one in new.items():
        if name not in old:
            yield Change("added", "field", "", name, _NEW_FIELD.format(name=_field(one, name)))
            continue
        for field in fields(Component):
            if field.name not in _NOT_SAID:
                said = _FORM_WORDS.get(field.name, Text.of(field.name))
                yield from value(field.name, name, _FIELD.format(name=_field(one, name)), said,
                                  _shown(getattr(old[name], field.name)), _shown(getattr(one, field.name)))
    for name, one in old.items():
        if name not in new:
            yield Change("removed", "field", "", name, _NO_FIELD.format(name=_field(one, name)))
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield Change("changed", "order", "", path, _FIELD_ORDER)


def _fields(components: Iterable[Component], above: str = "") -> dict[str, Component]:
    """Every component by its path for people: groups do not count, lists do."""
    found: dict[str, Component] = {}
    for one in components:
        name = above + (".".join(one.path) or one.id)
        found[name] = one
        found.update(_fields(one.children, f"{name}." if one.type == "dynamiclist" else above))
    return found


def _field(component: Component, name: str) -> Text:
    return component.label if component.label.fr else Text.of(name)


def _shown(found: Any) -> Text:
    """A value of a form as people read it."""
    if isinstance(found, Text):
        return found
    if isinstance(found, bool):
        return flag(found)
    if isinstance(found, feel.Expression):
        return Text.of(found.text)
    if isinstance(found, tuple) and all(isinstance(one, Template) for one in found):
        return Text(*(one.text for one in found)) if found else NO_TEXT
    if isinstance(found, tuple):
        return joined(one.label if hasattr(one, "label") else _shown(one) for one in found)
    pattern = getattr(found, "pattern", None)
    return NO_TEXT if found is None else Text.of(pattern if pattern is not None else found)


_FIELD = Text("champ {name}", "field {name}")
_NEW_FIELD = Text("Nouveau champ « {name} ».", "New field “{name}”.")
_NO_FIELD = Text("Le champ « {name} » est retiré.", "The field “{name}” is removed.")
_FIELD_ORDER = Text("Les champs changent d’ordre.", "The fields change their order.")
