"""A form in steps, one after the other, for people who fill in much.

Owns: which steps a form has, whose answer stands where, putting the answers of one step into those of the whole form.
Leaves: checking to `Form.validate`, pages to `web`.
Promises: each component of the form stands in exactly one step; what a step does not show keeps what was typed there before.
Rule: docs/diagrams.md, 8: each group at the top of a form is a step; what stands outside a group belongs to the step before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from engine.forms.components import Component
from engine.forms.faults import FieldError
from engine.forms.form import Form
from engine.forms.paths import dig, fields_of, put
from engine.forms.views import FieldView
from engine.texts import NO_TEXT, Text


@dataclass(frozen=True)
class Step:
    """One step. `id`: of its first component; `form`: its own part of the form; `components`: ids of what it is made of."""

    id: str
    label: Text
    help: Text
    form: Form
    components: frozenset[str]

    @property
    def fields(self) -> tuple[Component, ...]:
        """What holds a value in it."""
        return tuple(fields_of(self.form.components))

    def owns(self, path: str) -> bool:
        """Tell whether the field of a path ("sites.0.city") stands in this step."""
        return any(path == own or path.startswith(own + ".") for own in (".".join(field.path) for field in self.fields))


def steps_of(form: Form) -> tuple[Step, ...]:
    """The steps of a form, in the order they are drawn; one step when it has no groups."""
    parts: list[list[Component]] = []
    for component in form.components:
        if component.type == "group" or not parts:
            parts.append([component])
        else:
            parts[-1].append(component)
    return tuple(_step(form, part) for part in parts)


def shown(steps: Iterable[Step], views: Iterable[FieldView]) -> tuple[tuple[Step, tuple[FieldView, ...]], ...]:
    """The steps that have something to show now, each with its part of the page. `views`: of the whole form, as it stands."""
    pages = tuple(views)
    found = ((step, tuple(view for view in pages if view.id in step.components)) for step in steps)
    return tuple((step, part) for step, part in found if part)


def starting_answers(form: Form) -> dict[str, Any]:
    """The answers a fresh form begins with: its defaults, and the rows its lists start with."""
    answers: dict[str, Any] = {}
    for field in fields_of(form.components):
        if field.type == "dynamiclist" and field.min_rows:
            put(answers, field.path, [{} for _ in range(field.min_rows)])
        elif field.default is not None:
            put(answers, field.path, field.default)
    return answers


def with_first_rows(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as a page shows them: a list nobody has filled in yet has the rows it starts with."""
    whole = deepcopy(dict(answers))
    for field in fields_of(form.components):
        if field.type == "dynamiclist" and field.min_rows and not dig(whole, field.path):
            put(whole, field.path, [{} for _ in range(field.min_rows)])
    return whole


def merged(step: Step, answers: Mapping[str, Any], given: Mapping[str, Any], visible: Iterable[FieldView]) -> dict[str, Any]:
    """The answers of the whole form with those given on one step's page.

    Args:
        visible: what that page showed; a field it did not show keeps its answer, so that going back and forth loses nothing.
    """
    paths = set(_paths(visible))
    whole = deepcopy(dict(answers))
    for field in step.fields:
        value = dig(given, field.path)
        if ".".join(field.path) in paths or value not in (None, [], False):
            put(whole, field.path, value)
    return whole


def faults_of(step: Step, errors: Mapping[str, list[FieldError]]) -> dict[str, list[FieldError]]:
    """Of the faults of a form, those of one step."""
    return {path: found for path, found in errors.items() if step.owns(path)}


def _step(form: Form, part: list[Component]) -> Step:
    first = part[0]
    label, text = (first.label, first.help) if first.type == "group" else (NO_TEXT, NO_TEXT)
    return Step(first.id, label, text, Form(form.key, tuple(part), (), form.zone), frozenset(one.id for one in part))


def _paths(views: Iterable[FieldView]) -> Iterator[str]:
    for view in views:
        if view.path:
            yield view.path
        yield from _paths(view.children)
