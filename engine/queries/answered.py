"""What people have written in the forms of a case, for those who judge it.

Owns: finding the forms whose answers stand in variables: tasks and starts with a form and a `jalon:result`.
Leaves: who may see it to the page that asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions import Bundle
from engine.forms import Form
from engine.queries.shapes import Answered


def answered(bundle: Bundle, process_id: str, seen: Mapping[str, Any]) -> tuple[Answered, ...]:
    """List what was written and is seen, the step drawn last first; of forms that write the same variable, the first drawn stands for it.

    Args:
        process_id: the process whose forms are meant. seen: variables.
    """
    process = bundle.program.process(process_id)
    found: dict[str, Answered] = {}
    for element in process.elements.values():
        form = process.start_form if element.kind == "startEvent" else element.ext.form
        data = seen.get(element.ext.result) if form and element.ext.result else None
        if isinstance(data, Mapping):
            found.setdefault(element.ext.result, Answered(element.id, element.name, bundle.form(process_id, form), data))
    return tuple(reversed(found.values()))


def forms_of(bundle: Bundle) -> Iterator[tuple[str, Form]]:
    """Every form of a case that writes a variable, with that variable; "" for one whose answers are the variables themselves."""
    for package in bundle.packages.values():
        for process in package.processes:
            for element in process.elements.values():
                key = process.start_form if element.kind == "startEvent" else element.ext.form
                if key and key in package.forms:
                    yield element.ext.result, package.forms[key]
