"""Types: which values belong to one, and how a value is fitted to one.

Owns: `Type`, `instance of`, and the implicit conversions at parameters and results.
Leaves: how a type is written to `parser`; item definitions of a DMN file to `engine.dmn`, which builds `Type`s of them.
Rule: DMN 1.5, 10.3.2.9 (types, conformance, conversions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.feel.timeline import midnight_utc
from engine.feel.tree import TypeNode
from engine.feel.values import Charge, Function, Range, adopt, is_date, kind

SIMPLE = frozenset({
    "Any", "Null", "number", "string", "boolean", "date", "time", "date and time", "days and time duration",
    "years and months duration", "list", "context", "range", "function",
})
_SPELLINGS = {
    "dateTime": "date and time", "dayTimeDuration": "days and time duration", "yearMonthDuration": "years and months duration",
    "any": "Any", "null": "Null",
}


@dataclass(frozen=True, slots=True)
class Type:
    """A set of values.

    Attributes:
        kind: one of the simple types. item: of a list or range, what it holds.
        fields: of a context, its known entries and their types.
        parameters, result: of a function. allowed: tells whether a value is one of those the type allows.
    """

    kind: str
    item: Type | None = None
    fields: Mapping[str, Type] | None = None
    parameters: tuple[Type, ...] | None = None
    result: Type | None = None
    allowed: Callable[[Any], bool] | None = field(default=None, compare=False)


ANY = Type("Any")
_SIMPLE_TYPES = {name: Type(name) for name in SIMPLE}


def _free(steps: int) -> None:
    """Outside of an evaluation nothing is charged."""


def simple(name: str) -> Type | None:
    """Find a simple type by its name, the old spellings of DMN included."""
    return _SIMPLE_TYPES.get(_SPELLINGS.get(name, name))


def resolve(node: TypeNode, known: Mapping[str, Type]) -> Type | None:
    """Tell the type that is written; None when a name in it is not known."""
    if not node.arguments and node.result is None:
        return known.get(node.name) or simple(node.name)
    arguments = [(name, resolve(argument, known)) for name, argument in node.arguments]
    if any(found is None for _, found in arguments):
        return None
    types = [found for _, found in arguments if found is not None]
    if node.name in ("list", "range"):
        return Type(node.name, item=types[0]) if len(types) == 1 else None
    if node.name == "context":
        return Type("context", fields={name: found for (name, _), found in zip(arguments, types, strict=True)})
    result = resolve(node.result, known) if node.result is not None else ANY
    return Type("function", parameters=tuple(types), result=result)


def conforms(value: Any, type: Type, strict: bool = True, charge: Charge = _free) -> bool:
    """Tell whether a value belongs to a type; `strict` looks at its allowed values too. Null belongs to every type.

    `charge` pays for each part that is looked at.
    """
    charge(5)
    value = adopt(value)
    if value is None or type.kind == "Any":
        return True
    if kind(value) != type.kind or not _parts_conform(value, type, strict, charge):
        return False
    return not strict or type.allowed is None or type.allowed(value)


def _parts_conform(value: Any, type: Type, strict: bool, charge: Charge) -> bool:
    if type.kind == "list" and type.item is not None:
        return all(conforms(item, type.item, strict, charge) for item in value)
    if type.kind == "context" and type.fields is not None:
        return all(name in value and conforms(value[name], wanted, strict, charge) for name, wanted in type.fields.items())
    if isinstance(value, Range) and type.item is not None:
        return all(end is None or conforms(end, type.item, strict, charge) for end in (value.start, value.end))
    if isinstance(value, Function) and type.parameters is not None:
        return _function_conforms(value, type)
    return True


def _function_conforms(value: Function, type: Type) -> bool:
    """A function's parameters may be wider than asked, not narrower; one without types takes anything."""
    wanted = type.parameters or ()
    if len(value.parameters) != len(wanted):
        return False
    own = [found or ANY for found in value.types] or [ANY] * len(wanted)
    return all(one.kind in ("Any", asked.kind) for one, asked in zip(own, wanted, strict=False))


def instance_of(value: Any, type: Type, charge: Charge = _free) -> bool:
    """Tell what `instance of` tells: null is an instance of `Null` only, allowed values do not count."""
    return type.kind == "Null" if value is None else conforms(value, type, False, charge)


def fitted(value: Any, type: Type, charge: Charge = _free) -> Any:
    """Fit a value to a type: a list of one to its item, one value to a list of one, a day to its midnight UTC.

    Returns: the fitted value; None when it does not belong to the type.
    """
    value = adopt(value)
    if value is None or type.kind == "Any" or conforms(value, type, True, charge):
        return value
    if type.kind == "list" and not isinstance(value, list):
        return [value] if conforms([value], type, True, charge) else None
    if type.kind == "date and time" and is_date(value):
        return midnight_utc(value)
    if isinstance(value, list) and len(value) == 1 and type.kind != "list":
        return value[0] if conforms(value[0], type, True, charge) else None
    return None
