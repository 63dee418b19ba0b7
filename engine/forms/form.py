"""One form of a process.

Owns: `Form`: walking its components over nested data, to read a post, to check, and to lay out.
Leaves: reading the JSON to `reader`, single values to `entries` and `checks`, markup to `web`.
Promises: immutable once read, shared by threads; `validate` names every fault and changes nothing it was given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from engine.forms import entries
from engine.forms.checks import Validator, faults_of
from engine.forms.components import Component
from engine.forms.faults import FieldError, FormInvalid
from engine.forms.layout import Layout
from engine.forms.paths import UNKNOWN_FIELD, dig, fields_of, is_blank, nest, put, row_number, unknown_paths
from engine.forms.reader import FormReader
from engine.forms.views import FieldView
from engine.problems import Problem

__all__ = ["Form", "Validator"]
PARIS = ZoneInfo("Europe/Paris")
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
Functions = Mapping[str, Callable[..., Any]]


class Form:
    """A form. `problems` names what could not be read of it; such a form is not deployed."""

    def __init__(self, key: str, components: tuple[Component, ...], problems: tuple[Problem, ...] = (), zone: ZoneInfo = PARIS) -> None:
        self.key, self.components, self.problems, self.zone = key, components, problems, zone

    @classmethod
    def read(cls, key: str, data: bytes, texts: Mapping[str, Any] | None = None, file: str = "", zone: ZoneInfo = PARIS) -> Form:
        """Read form-js JSON. Never raises: see `problems`.

        Args:
            texts: English texts of this form by key or component id. file: its path, for problems.
            zone: of moments typed without one.
        """
        reader = FormReader(file or f"{key}.form.json", texts or {})
        return cls(key, reader.read(data), tuple(reader.problems), zone)

    def all_components(self) -> Iterator[Component]:
        """Every component, those inside others too."""
        waiting = list(self.components)
        while waiting:
            component = waiting.pop(0)
            yield component
            waiting.extend(component.children)

    @property
    def validators(self) -> frozenset[str]:
        """Names of the registered checks it calls."""
        return frozenset(component.validator for component in self.all_components() if component.validator)

    def parse(self, post: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
        """Turn a flat form post (`organisation.name=…`, `sites.0.city=…`) into nested data; unknown names are left out.

        What cannot be read as its type stays the text that was typed, for `validate` to name and the page to show again.
        Choices stay texts until `validate` sees the options.
        """
        return self._parsed(self.components, nest(post))

    def validate(self, data: Mapping[str, Any], context: Mapping[str, Any] | None = None, *,
                 validators: Mapping[str, Validator] | None = None, functions: Functions | None = None) -> dict[str, Any]:
        """Check data (of `parse`, or JSON) and return it clean: typed, hidden fields left out, empty ones None.

        Args:
            context: variables the conditions and checks may read besides the form's own data.
            validators: checks by name. functions: `today` and `now` for FEEL.
        Raises: FormInvalid, naming every fault; fields the form does not have are faults.
        """
        run = _Run(context or {}, validators or {}, functions or {}, self.zone)
        whole = run.typed(self.components, data, {})
        clean = run.checked(self.components, whole, whole, ())
        for path in unknown_paths(self.components, data):
            run.errors.setdefault(path, []).append(UNKNOWN_FIELD)
        if run.errors:
            raise FormInvalid(self.key, run.errors)
        return clean

    def fields(self, context: Mapping[str, Any] | None = None, data: Mapping[str, Any] | None = None, *,
               errors: Mapping[str, Sequence[FieldError]] | None = None, functions: Functions | None = None) -> tuple[FieldView, ...]:
        """The components seen now, in order, ready to draw.

        Args:
            context: variables of the case; a field without data shows the variable of its path, else its default.
            data: what was filled in so far: a draft, a refused post, or None for a fresh form.
        """
        return Layout(context or {}, errors or {}, functions or {}, self.zone, self._read).views(self.components, data)

    @cached_property
    def _read(self) -> frozenset[str]:
        """Names, with their dots, of all that conditions, checks and lists of choices read: a change of these may change other fields."""
        expressions = [one for component in self.all_components() for one in (component.hide, component.check, component.options_from)]
        return frozenset(name for expression in expressions if expression for name in _NAME.findall(expression.text)) - {"value"}

    def _parsed(self, components: Sequence[Component], raw: Any) -> dict[str, Any]:
        parsed: dict[str, Any] = {}
        for component in fields_of(components):
            value = dig(raw, component.path)
            if component.type == "dynamiclist":
                rows = [value[key] for key in sorted(value, key=row_number)] if isinstance(value, dict) else []
                put(parsed, component.path, [self._parsed(component.children, row) for row in rows if not is_blank(row)])
            else:
                put(parsed, component.path, entries.typed(component, value, (), self.zone))
        return parsed


@dataclass
class _Run:
    """One validation: what it may read, and the faults so far."""

    context: Mapping[str, Any]
    validators: Mapping[str, Validator]
    functions: Functions
    zone: ZoneInfo
    errors: dict[str, list[FieldError]] = field(default_factory=dict)

    def typed(self, components: Sequence[Component], data: Any, around: Mapping[str, Any]) -> dict[str, Any]:
        """All values as their types, hidden ones too: conditions and checks read them."""
        values: dict[str, Any] = {}
        for component in fields_of(components):
            raw = dig(data, component.path)
            if component.type == "dynamiclist":
                rows = [self.typed(component.children, row, values) if isinstance(row, Mapping) else row for row in raw] if isinstance(
                    raw, list) else raw
                put(values, component.path, [] if rows is None else rows)
                continue
            choices = entries.choices_of(component, {**self.context, **around, **values}, self.functions)
            put(values, component.path, entries.typed(component, raw, choices, self.zone))
        return values

    def checked(self, components: Sequence[Component], values: Mapping[str, Any], scope: Mapping[str, Any],
                above: tuple[str, ...]) -> dict[str, Any]:
        """The values of the components seen, each checked."""
        clean: dict[str, Any] = {}
        for component in self.seen(components, scope):
            put(clean, component.path, self._value(component, dig(values, component.path), scope, (*above, *component.path)))
        return clean

    def seen(self, components: Sequence[Component], scope: Mapping[str, Any]) -> Iterator[Component]:
        """What holds a value and is not hidden, inside groups too."""
        for component in components:
            if self.is_hidden(component, scope):
                continue
            if component.type == "group":
                yield from self.seen(component.children, scope)
            elif component.holds_value:
                yield component

    def is_hidden(self, component: Component, scope: Mapping[str, Any]) -> bool:
        return component.hide is not None and component.hide.evaluate({**self.context, **scope}, self.functions) is True

    def _value(self, component: Component, value: Any, scope: Mapping[str, Any], path: tuple[str, ...]) -> Any:
        seen = {**self.context, **scope}
        choices = entries.choices_of(component, seen, self.functions)
        faults = faults_of(component, value, choices, seen, self.validators, self.functions)
        if faults:
            self.errors.setdefault(".".join(path), []).extend(faults)
        return self._rows(component, value, scope, path) if component.type == "dynamiclist" and isinstance(value, list) else value

    def _rows(self, component: Component, rows: list[Any], scope: Mapping[str, Any], path: tuple[str, ...]) -> list[Any]:
        clean = []
        for number, row in enumerate(rows):
            where = (*path, str(number))
            if isinstance(row, dict):
                clean.append(self.checked(component.children, row, {**scope, **row}, where))
            else:
                self.errors.setdefault(".".join(where), []).append(UNKNOWN_FIELD)
        return clean
