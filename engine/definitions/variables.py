"""Which variables anything sets in a process folder: what an expression may name.

Owns: `set_around`, the names that forms, handlers, callers and senders of messages bring.
Leaves: the names that the diagrams themselves set, and the judgement, to `engine.bpmn.lint`.
Promises: None as soon as some start may bring anything; then names are not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.model import Element, Process
from engine.definitions.package import Package
from engine.forms.paths import fields_of
from engine.handler import Registry

_THROWS = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})


def set_around(package: Package, others: Iterable[Package], registry: Registry) -> frozenset[str] | None:
    """Tell the names that come from around the diagrams of a folder; None when a start may bring anything.

    A message that comes in the middle of a case brings what its `jalon:output` names.
    """
    every = (package, *others)
    found = {output.name for handler in registry for output in handler.outputs}
    for element in package.elements():
        found |= _typed(package, element, element.ext.form)
    for process in package.processes:
        for start in process.starts():
            brought = _brought(process, start, every)
            if brought is None:
                return None
            found |= brought | _typed(package, start, process.start_form)
    return frozenset(found)


def _typed(package: Package, element: Element, key: str) -> set[str]:
    """The fields of a form, where they become variables under their own names or are read by output mappings."""
    form = package.forms.get(key)
    if form is None or (element.ext.result and not element.ext.outputs):
        return set()
    return {component.path[0] for component in fields_of(form.components)}


def _brought(process: Process, start: Element, every: Iterable[Package]) -> set[str] | None:
    """What a start brings beside its form: a call or a message brings its input mappings; None: anything."""
    kinds = {event.kind for event in start.events}
    if "conditional" in kinds:                              # whoever tells facts may tell any
        return None
    if process.start_form or kinds - {"message"}:
        return set()
    givers = list(_senders(start, every) if "message" in kinds else _callers(process, every))
    if not givers or not all(giver.ext.inputs for giver in givers):
        return None
    return {line.name for giver in givers for line in giver.ext.inputs}


def _callers(process: Process, every: Iterable[Package]) -> Iterator[Element]:
    return (element for package in every for element in package.elements()
            if element.kind == "callActivity" and element.called == process.id)


def _senders(start: Element, every: Iterable[Package]) -> Iterator[Element]:
    names = {event.name for event in start.events}
    return (element for package in every for element in package.elements()
            if element.kind in _THROWS and any(event.kind == "message" and event.name in names for event in element.events))
