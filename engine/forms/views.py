"""A form as a page draws it: the visible fields with their values and faults.

Owns: `Option` and `FieldView`.
Leaves: markup to `web`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from engine.forms.faults import FieldError
from engine.texts import NO_TEXT, Text

FieldType = Literal["textfield", "textarea", "number", "datetime", "checkbox", "checklist", "radio", "select", "taglist", "group",
                    "dynamiclist", "text", "html", "spacer", "separator", "filepicker"]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a radio, select, checklist or taglist. `chosen`: it is (one of) the present value(s)."""

    value: str
    label: Text
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FieldView:
    """One visible component.

    Attributes:
        path: name in the form post, "organisation.name", "sites.0.name"; "" for what holds no value.
        type: see FieldType. subtype: of a datetime "date", "time" or "datetime".
        label: of a text or html component, its content (markdown or HTML as written; escape or clean before showing).
        expected: with the answers as they are now, it may not be left empty, though another answer might change that.
        drives: others are shown, asked or judged by what is answered here.
        value: typed value, or the text as it was typed when it is not right. text: the same as an input's value ("" for none).
        options: of a choice, those seen now. children: of a group.
        rows: of a dynamiclist, the fields of each item. blank: the fields of one more item, `__n__` in place of its number.
        columns: of 16 in its row, None: as wide as it gets. row: fields of the same row share it.
        step: of a number, smallest difference ("1", "0.01", "any").
        id: of the component in the form. why: why the question is asked, told on demand. rule: its source.
        validator: name of the registered check it is put to, "" for none. many: a file picker takes several files.
    """

    path: str
    type: FieldType
    label: Text
    help: Text = NO_TEXT
    required: bool = False
    expected: bool = False
    readonly: bool = False
    value: Any = None
    text: str = ""
    errors: tuple[FieldError, ...] = ()
    options: tuple[Option, ...] = ()
    children: tuple[FieldView, ...] = ()
    rows: tuple[tuple[FieldView, ...], ...] = ()
    blank: tuple[FieldView, ...] = ()
    subtype: str = ""
    columns: int | None = None
    row: str = ""
    prefix: Text = NO_TEXT                             #: shown before the input, "€"
    suffix: Text = NO_TEXT
    minimum: str = ""
    maximum: str = ""
    step: str = ""
    max_length: int | None = None
    min_rows: int = 0
    max_rows: int | None = None
    drives: bool = False
    input_type: str = "text"                                #: "email" and "tel" help phones; checked all the same
    id: str = ""
    why: Text = NO_TEXT
    rule: Text = NO_TEXT
    validator: str = ""
    many: bool = False
