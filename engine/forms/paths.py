"""Keys and nested data: "sites.0.city" and `{"sites": [{"city": …}]}`.

Owns: going from one to the other, and finding what a form has no field for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.forms.components import Component
from engine.forms.faults import FieldError
from engine.texts import Text

DEEPEST = 8  #: levels of nesting a post may name
UNKNOWN_FIELD = FieldError("unknown", Text("Ce formulaire n’a pas de champ de ce nom.", "This form has no field of that name."))


def fields_of(components: Sequence[Component]) -> Iterator[Component]:
    """What holds a value, inside groups too; a dynamic list is one of them, its items are not."""
    for component in components:
        yield from component.fields()


def dig(data: Any, path: Sequence[str]) -> Any:
    """Find the value at a path; None when there is none."""
    for key in path:
        if not isinstance(data, Mapping):
            return None
        data = data.get(key)
    return data


def put(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set the value at a path, making what is between."""
    for key in path[:-1]:
        inner = data.get(key)
        if not isinstance(inner, dict):
            inner = data[key] = {}
        data = inner
    data[path[-1]] = value


def nest(post: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
    """Turn a flat post into nested mappings; numbers of rows stay keys. Names that are too deep are left out."""
    nested: dict[str, Any] = {}
    for name, value in post.items():
        path = name.split(".")
        if len(path) <= DEEPEST:
            put(nested, path, value if isinstance(value, str) else _one_or_all(list(value)))
    return nested


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def row_number(key: str) -> int:
    """The number of a row in a post; keys that are no number come last."""
    return int(key) if key.isdecimal() and len(key) < 9 else 10**9


def is_blank(row: Any) -> bool:
    """Tell whether nothing was typed in a row of a post."""
    if isinstance(row, Mapping):
        return all(is_blank(value) for value in row.values())
    if isinstance(row, list):
        return all(is_blank(value) for value in row)
    return not isinstance(row, str) or not row.strip()


def unknown_paths(components: Sequence[Component], data: Any, above: tuple[str, ...] = ()) -> Iterator[str]:
    """Paths in the data that no component has."""
    known = {component.path: component for component in fields_of(components)}
    prefixes = {path[:length] for path in known for length in range(1, len(path))}
    yield from _unknown(known, prefixes, data, (), above)


def _unknown(known: Mapping[tuple[str, ...], Component], prefixes: set[tuple[str, ...]], data: Any, path: tuple[str, ...],
             above: tuple[str, ...]) -> Iterator[str]:
    for key, value in data.items():
        here = (*path, str(key))
        component = known.get(here)
        if component is None and here in prefixes and isinstance(value, Mapping):
            yield from _unknown(known, prefixes, value, here, above)
        elif component is None and not (here in prefixes and value is None):
            yield ".".join((*above, *here))
        elif component is not None and component.type == "dynamiclist" and isinstance(value, list):
            for number, row in enumerate(value):
                if isinstance(row, Mapping):
                    yield from unknown_paths(component.children, row, (*above, *here, str(number)))
