"""The components of a form, as plain frozen data.

Owns: `Component` and `Choice`.
Leaves: reading them from form-js JSON to `reader`, checking values to `checks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine import feel
from engine.forms.views import FieldType
from engine.places import Template
from engine.texts import NO_TEXT, Text

CHOICES = frozenset({"radio", "select", "checklist", "taglist"})
MANY = frozenset({"checklist", "taglist"})
SILENT = frozenset({"text", "html", "spacer", "separator", "filepicker"})  #: they hold no value in the data of a form


@dataclass(frozen=True, slots=True)
class Choice:
    """One option as written: its value (text or number) and its label."""

    value: Any
    label: Text


@dataclass(frozen=True, slots=True)
class Component:
    """One component.

    Attributes:
        path: keys from its container (the form, or the item of a dynamic list): ("organisation", "name").
        children: of a group or of the items of a dynamic list.
        hide: FEEL; true hides it with its children. options_from: FEEL giving the options.
        check: FEEL over `value` and the form's data; anything but true is a fault told by `message`.
        minimum, maximum, decimals: of a number. min_rows: rows a dynamic list starts with. no_past: of a day.
        template: French and English text of a text component, with places.
        why: why the question is asked. many: a file picker takes several files.
    """

    type: FieldType
    id: str
    path: tuple[str, ...] = ()
    label: Text = NO_TEXT
    help: Text = NO_TEXT
    children: tuple[Component, ...] = ()
    required: bool = False
    readonly: bool = False
    default: Any = None
    hide: feel.Expression | None = None
    options: tuple[Choice, ...] = ()
    options_from: feel.Expression | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    step: str = ""
    min_length: int | None = None
    max_length: int | None = None
    pattern: re.Pattern[str] | None = None
    kind: str = ""                                          #: "email", "phone"
    subtype: str = ""
    no_past: bool = False
    min_rows: int = 0
    max_rows: int | None = None
    check: feel.Expression | None = None
    message: Text = NO_TEXT
    rule: Text = NO_TEXT
    validator: str = ""
    prefix: Text = NO_TEXT
    suffix: Text = NO_TEXT
    columns: int | None = None
    row: str = ""
    template: tuple[Template, Template] | None = None
    why: Text = NO_TEXT
    many: bool = False
    display: str = ""                                       #: how pages show it when not as usual: "one_by_one"

    @property
    def holds_value(self) -> bool:
        return self.type not in SILENT and self.type != "group"

    def fields(self) -> Iterator[Component]:
        """Itself and what is inside groups, down to what holds a value; a dynamic list is one of them."""
        if self.holds_value:
            yield self
        for child in self.children if self.type == "group" else ():
            yield from child.fields()
