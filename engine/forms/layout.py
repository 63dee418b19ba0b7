"""A form laid out for a page: what is seen now, with values, options and faults.

Owns: making `FieldView`s from components and data.
Leaves: markup to `web`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine import feel
from engine.forms import entries
from engine.forms.components import MANY, Component
from engine.forms.faults import FieldError
from engine.forms.paths import dig, fields_of, put
from engine.forms.views import FieldView
from engine.texts import NO_TEXT, Text

BLANK = "__n__"
_INPUTS = {"email": "email", "phone": "tel"}


@dataclass(frozen=True)
class Layout:
    """One page's form: what it may read, and the faults to show beside the fields."""

    context: Mapping[str, Any]
    errors: Mapping[str, Sequence[FieldError]]
    functions: Mapping[str, Callable[..., Any]]
    zone: ZoneInfo
    read: frozenset[str] = frozenset()      #: names of the answers that conditions and checks of other fields read

    def views(self, components: Sequence[Component], data: Mapping[str, Any] | None) -> tuple[FieldView, ...]:
        """The components seen now; without data, each field shows the variable of its path, else its default."""
        values = self._values(components, data, self.context)
        return self._seen(components, values, values, ())

    def _values(self, components: Sequence[Component], data: Mapping[str, Any] | None, variables: Any) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for component in fields_of(components):
            if data is not None:
                value = dig(data, component.path)
            else:
                found = dig(variables, component.path)
                value = component.default if found is None else found
                if component.type == "dynamiclist" and not isinstance(value, list):
                    value = [self._values(component.children, None, {}) for _ in range(component.min_rows)]
            put(values, component.path, self._typed(component, value, values))
        return values

    def _typed(self, component: Component, value: Any, values: Mapping[str, Any]) -> Any:
        if component.type == "dynamiclist":
            rows = value if isinstance(value, list) else []
            return [self._values(component.children, row, {}) for row in rows if isinstance(row, Mapping)]
        choices = entries.choices_of(component, {**self.context, **values}, self.functions)
        return entries.typed(component, value, choices, self.zone)

    def _seen(self, components: Sequence[Component], values: Mapping[str, Any], scope: Mapping[str, Any],
              above: tuple[str, ...]) -> tuple[FieldView, ...]:
        seen = {**self.context, **scope}
        shown = [component for component in components
                 if component.hide is None or component.hide.evaluate(seen, self.functions) is not True]
        return tuple(self._view(component, values, scope, above) for component in shown)

    def _view(self, component: Component, values: Mapping[str, Any], scope: Mapping[str, Any], above: tuple[str, ...]) -> FieldView:
        path = (*above, *component.path) if component.holds_value else ()
        value = dig(values, component.path) if component.holds_value else None
        name = ".".join(path)
        choices = entries.choices_of(component, {**self.context, **scope}, self.functions)
        rows, blank = self._rows(component, value, scope, path)
        return FieldView(
            path=name, type=component.type, label=self._label(component, scope), help=component.help, required=component.required,
            expected=component.required or self._is_expected(component, scope),
            drives=component.holds_value and ".".join(component.path) in self.read,
            readonly=component.readonly, value=value, text=entries.as_text(value), errors=tuple(self.errors.get(name, ())),
            options=entries.options(component, choices, value),
            children=self._seen(component.children, values, scope, above) if component.type == "group" else (),
            rows=rows, blank=blank, subtype=component.subtype, columns=component.columns, row=component.row, prefix=component.prefix,
            suffix=component.suffix, minimum=_figure(component.minimum), maximum=_figure(component.maximum), step=_step(component),
            max_length=component.max_length, min_rows=component.min_rows, max_rows=component.max_rows,
            input_type=_INPUTS.get(component.kind, "text"), id=component.id, why=component.why, rule=component.rule,
            validator=component.validator, many=component.many)

    def _rows(self, component: Component, value: Any, scope: Mapping[str, Any],
              path: tuple[str, ...]) -> tuple[tuple[tuple[FieldView, ...], ...], tuple[FieldView, ...]]:
        """The fields of each item of a dynamic list, and those of one more."""
        if component.type != "dynamiclist":
            return (), ()
        items = value if isinstance(value, list) else []
        rows = tuple(self._seen(component.children, item, {**scope, **item}, (*path, str(number))) for number, item in enumerate(items))
        fresh = self._values(component.children, None, {})
        return rows, self._seen(component.children, fresh, {**scope, **fresh}, (*path, BLANK))

    def _is_expected(self, component: Component, scope: Mapping[str, Any]) -> bool:
        """Tell whether its own check would refuse to have it empty, with the answers there are."""
        if component.check is None or not component.holds_value:
            return False
        try:
            empty: Any = [] if component.type in MANY else None
            return component.check.evaluate({**self.context, **scope, "value": empty}, self.functions) is False
        except feel.EvaluationError:
            return False

    def _label(self, component: Component, scope: Mapping[str, Any]) -> Text:
        if component.template is None:
            return component.label
        seen = {**self.context, **scope}
        french, english = component.template
        return Text(french.fill(seen, "fr", self.zone, self.functions, empty="…"),
                    english.fill(seen, "en", self.zone, self.functions, empty="…")) if french.text else NO_TEXT


def _figure(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"


def _step(component: Component) -> str:
    if component.type != "number":
        return ""
    if component.step:
        return component.step
    return "any" if component.decimals is None else f"{Decimal(1).scaleb(-component.decimals):f}"
