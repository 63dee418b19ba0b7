"""Which type a variable has that comes from around the diagrams of a process folder.

Owns: the types of what forms, handlers and decisions give, and of what handlers take.
Leaves: which names there are to `variables`; what the diagrams set themselves, and the judgement, to `engine.bpmn.lint`.
Promises: a name that two things fill with different types has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.definitions.package import Package
from engine.feel.types import ANY, Type, simple
from engine.forms.components import Choice, Component
from engine.forms.paths import fields_of
from engine.handler import Parameter, Registry

_TEMPORAL = {"date": "date", "time": "time", "datetime": "date and time"}


def types_around(package: Package, registry: Registry | None) -> dict[str, Type | None]:
    """Tell the types of variables that forms and handlers fill: None for one of which they differ or that nobody knows."""
    found: dict[str, list[Type | None]] = {}
    for handler in registry or ():
        for output in handler.outputs:
            found.setdefault(output.name, []).append(_declared(output))
    for form in package.forms.values():
        for name, one in _entered(list(fields_of(form.components))).items():
            found.setdefault(name, []).append(one)
    return {name: _together(types) for name, types in found.items()}


def decided(package: Package) -> dict[str, Type]:
    """Tell the types that decisions name for their results."""
    types = ((key, file.type_of(key)) for key, file in package.decisions.items())
    return {key: found for key, found in types if found is not None}


def taken(registry: Registry | None) -> dict[str, Mapping[str, Type]]:
    """Tell what each handler takes: name → type, those that take anything left out."""
    return {handler.name: {one.name: found for one in handler.inputs if (found := _declared(one)) is not None}
            for handler in registry or ()}


def _declared(parameter: Parameter) -> Type | None:
    found = simple(parameter.type)
    return None if found is None or found == ANY else found


def _entered(fields: Sequence[Component]) -> dict[str, Type | None]:
    """The variables of a form; keys that are paths make contexts."""
    heads: dict[str, list[Component]] = {}
    for component in fields:
        heads.setdefault(component.path[0], []).append(component)
    return {head: _together([_field(one) for one in those]) if all(len(one.path) == 1 for one in those) else Type("context")
            for head, those in heads.items()}


def _field(component: Component) -> Type | None:
    match component.type:
        case "number":
            return simple("number")
        case "checkbox":
            return simple("boolean")
        case "textfield" | "textarea":
            return simple("string")
        case "datetime":
            return simple(_TEMPORAL.get(component.subtype, "date"))
        case "checklist" | "taglist" | "dynamiclist":
            return Type("list")
        case "radio" | "select":
            return None if component.options_from is not None else _together(list(_chosen(component.options)))
    return None


def _chosen(options: Iterable[Choice]) -> Iterator[Type | None]:
    return (simple("string") if isinstance(one.value, str) else None for one in options)


def _together(types: Sequence[Type | None]) -> Type | None:
    first = types[0] if types else None
    return first if all(one == first for one in types) else None
