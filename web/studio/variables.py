"""The variables an expression of a draft may use, each with what it holds and where it comes from.

Owns: `Variable`, and gathering them from forms, handlers, tables, loops, calls and messages.
Leaves: which names are right to the lint; what the editors offer to `web/editors/studio/feel`.
Promises: a name stands once; where several things give it, the first in the order of the diagram is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.model import Element, Process
from engine.definitions.package import Package
from engine.definitions.variables import set_around
from engine.dmn.tables import Table
from engine.forms.components import Component
from engine.forms.paths import fields_of
from engine.handler import Registry
from web.catalogue import locale, say
from web.host import host
from web.studio import contents

MOST = 600


@dataclass(frozen=True)
class Variable:
    """A variable. `type`: what it holds, `origin`: what gives it, both in the reader's words, "" when nothing is known."""

    name: str
    type: str = ""
    origin: str = ""

    def told(self) -> dict[str, str]:
        """The variable as the editors read it."""
        return {"id": self.name, "type": self.type, "from": self.origin}


def of(package: Package) -> tuple[Variable, ...]:
    """Every variable of a folder as far as it is known, by name."""
    engine = host().engine
    registry = engine.around.registry
    found: dict[str, Variable] = {}
    for process in package.processes:
        for variable in _of_process(package, process, registry):
            found.setdefault(variable.name, variable)
    for name in set_around(package, engine.library.published().values(), registry) or ():
        found.setdefault(name, Variable(name, origin=say("brought by what starts or calls the process")))
    return tuple(sorted(found.values(), key=lambda one: one.name))[:MOST]


def type_name(kind: str) -> str:
    """What a parameter holds, in words."""
    return {
        "string": say("text"), "number": say("number"), "boolean": say("yes or no"), "date": say("day"), "list": say("list"),
        "context": say("set of values"), "any": say("any value"),
    }.get(kind, kind)


def _of_process(package: Package, process: Process, registry: Registry) -> Iterator[Variable]:
    for element in process.elements.values():
        yield from _asked(package, element, process.start_form if element.kind == "startEvent" else element.ext.form)
        yield from _given(package, element, registry)
        yield from _repeated(element)


def _asked(package: Package, element: Element, key: str) -> Iterator[Variable]:
    """The fields of a form, under the name that takes its answers."""
    form = package.forms.get(key)
    if form is None:
        return
    before, origin = (element.ext.result,) if element.ext.result else (), say("form of “%(task)s”", task=_called(element))
    if before:
        yield Variable(element.ext.result, type_name("context"), origin)
    for component in fields_of(form.components):
        yield Variable(".".join((*before, *component.path)), contents.kind_of(component), _labelled(component, origin))


def _labelled(component: Component, origin: str) -> str:
    label = component.label(locale())
    return f"{label}, {origin}" if label else origin


def _given(package: Package, element: Element, registry: Registry) -> Iterator[Variable]:
    """What a step gives: its output mappings, else the results of its handler, the result of its table or calculation."""
    ext, name = element.ext, _called(element)
    handler = registry.get(ext.handler) if ext.handler in registry else None
    kinds = {one.name: type_name(one.type) for one in handler.outputs} if handler is not None else {}
    for line in ext.outputs:
        yield Variable(line.name, kinds.get(line.expression.strip(), ""), say("kept by “%(step)s”", step=name))
    if handler is not None and not ext.outputs:
        given = say("given by “%(step)s”", step=name)
        yield from (Variable(one.name, kinds[one.name], f"{one.label(locale())}, {given}") for one in handler.outputs)
    if ext.result and element.kind in ("businessRuleTask", "scriptTask", "startEvent"):
        yield Variable(ext.result, "", say("result of “%(step)s”", step=name))
        yield from (Variable(f"{ext.result}.{output}", "", say("result of “%(step)s”", step=name)) for output in _columns(package, element))


def _columns(package: Package, element: Element) -> tuple[str, ...]:
    """The names of the results of a table that has several."""
    decisions = package.decisions.get(element.ext.decision)
    decided = decisions.elements.get(element.ext.decision) if decisions is not None else None
    logic = decided.logic if decided is not None else None
    return tuple(one.name for one in logic.outputs if one.name) if isinstance(logic, Table) and len(logic.outputs) > 1 else ()


def _repeated(element: Element) -> Iterator[Variable]:
    if element.loop is not None:
        if element.loop.item:
            yield Variable(element.loop.item, "", say("one item of the list of “%(step)s”", step=_called(element)))
            yield Variable("loopCounter", type_name("number"), say("number of the round, from 1"))
        if element.loop.collect:
            yield Variable(element.loop.collect, type_name("list"), say("results of the rounds of “%(step)s”", step=_called(element)))


def _called(element: Element) -> str:
    return element.name(locale()) or element.id
