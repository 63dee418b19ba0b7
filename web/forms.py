"""Forms on pages: what was typed, what is wrong with it, and lists that grow and shrink without script.

Owns: reading a post, the buttons `_add`, `_remove` and `_refresh`, the summary of faults, text components as HTML.
Leaves: types, rules and visibility to `engine.forms`; markup to `templates/forms`.
Promises: what was typed is never lost, right or wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, request
from markupsafe import Markup, escape

from engine.forms import FieldError, FieldView, Form, FormInvalid
from engine.queries.shapes import Answered
from engine.texts import Text
from web.catalogue import locale, say
from web.wording import Wording

#: Names of the buttons that change the form and send nothing.
EDITS = ("_add", "_remove", "_refresh")


@dataclass(frozen=True)
class Fault:
    """One line of the summary: the field's name, where it is on the page ("" when it is not shown), what is wrong."""

    label: str
    anchor: str
    message: Text


@dataclass(frozen=True)
class Filled:
    """A form as it stands: its visible fields, and what is wrong."""

    fields: tuple[FieldView, ...]
    faults: tuple[Fault, ...] = ()


def posted(form: Form) -> dict[str, Any]:
    """Read the form of this request into nested data, then do what an `_add` or `_remove` button asks."""
    data = form.parse({name: values if len(values) > 1 else values[0] for name, values in request.form.lists() if not name.startswith("_")})
    if edits():
        _keep_blank_rows(data)
    if "_add" in request.form:
        _list_at(data, request.form["_add"]).append({})
    elif "_remove" in request.form:
        path, _, index = request.form["_remove"].rpartition(".")
        items = _list_at(data, path)
        if index.isdigit() and int(index) < len(items):
            del items[int(index)]
    return data


def edits() -> bool:
    """Tell whether this request only changes the form: a row more or less, or questions to show."""
    return any(name in request.form for name in EDITS)


def _keep_blank_rows(data: dict[str, Any]) -> None:
    """Put back the rows nobody has typed in yet: a form that is sent leaves them out, one that is still being filled in keeps them."""
    blank: dict[tuple[str, ...], dict[int, bool]] = {}
    for name, values in request.form.lists():
        parts = tuple(name.split("."))
        for at, part in enumerate(parts[1:], start=1):
            if part.isdigit():
                rows = blank.setdefault(parts[:at], {})
                rows[int(part)] = rows.get(int(part), True) and not any(value.strip() for value in values)
    for path in sorted(blank, key=len):
        items = _list_at(data, ".".join(path))
        for position, (_, is_blank) in enumerate(sorted(blank[path].items())):
            if is_blank:
                items.insert(position, {})


def _list_at(data: dict[str, Any], path: str) -> list[Any]:
    """The list at a path like `sites` or `sites.0.people`; an empty one is put where nothing stands, and none over what does."""
    place: Any = data
    *above, last = path.split(".")
    for name in above:
        if isinstance(place, list):
            place = place[int(name)] if name.isdigit() and int(name) < len(place) else {}
        elif isinstance(place, dict):
            place = place.setdefault(name, {})
    if not isinstance(place, dict):
        return []
    items = place.setdefault(last, [])
    return items if isinstance(items, list) else []


def fill(form: Form, context: Mapping[str, Any], data: Mapping[str, Any] | None, wording: Wording,
         invalid: FormInvalid | None = None) -> Filled:
    """Lay a form out with what was typed and what is wrong with it."""
    errors = invalid.errors if invalid else {}
    fields = form.fields(context, data, errors=errors, functions={"today": wording.today, "now": wording.now})
    return Filled(fields, summary(fields, errors))


def summary(fields: Iterable[FieldView], errors: Mapping[str, Sequence[FieldError]]) -> tuple[Fault, ...]:
    """What is wrong, one line a fault, each leading to its field."""
    return tuple(_summary(tuple(fields), errors))


def _summary(fields: Iterable[FieldView], errors: Mapping[str, Sequence[FieldError]]) -> Iterator[Fault]:
    """Each fault in the order of the page; then those of fields that are not on it."""
    seen = set()
    for field, label in walk(fields):
        if field.path in errors and field.path not in seen:
            seen.add(field.path)
            yield from (Fault(label, f"f-{field.path.replace('.', '-')}", error.message) for error in errors[field.path])
    for path, found in errors.items():
        if path not in seen:
            yield from (Fault(path, "", error.message) for error in found)


def walk(fields: Iterable[FieldView], above: str = "") -> Iterator[tuple[FieldView, str]]:
    """Every field with its name for people; one inside a list says which item it belongs to."""
    for field in fields:
        label = field.label(locale())
        if field.path and field.type not in ("group", "text", "html"):
            yield field, f"{above}{label}"
        yield from walk(field.children, above)
        for number, row in enumerate(field.rows, start=1):
            yield from walk(row, say("%(list)s, number %(n)s", list=label, n=number) + say(": "))


@dataclass(frozen=True)
class Told:
    """A form to read, not to fill in: what it is, and name and answer of each field that has one."""

    name: str
    lines: tuple[tuple[str, str], ...]


def tell(answered: Iterable[Answered], wording: Wording) -> tuple[Told, ...]:
    """What was written in forms, for those who judge it; forms left empty are left out."""
    told = (Told(one.name(locale()), tuple(_lines(one.form.fields(one.data, one.data), wording))) for one in answered)
    return tuple(one for one in told if one.lines)


def answers(fields: Iterable[FieldView], wording: Wording) -> Iterator[tuple[str, str]]:
    """Question and answer of each field that has one, in the order of the page."""
    return _lines(fields, wording)


def _lines(fields: Iterable[FieldView], wording: Wording) -> Iterator[tuple[str, str]]:
    return ((label, answer) for field, label in walk(fields) if (answer := _answer(field, wording)))


def _answer(field: FieldView, wording: Wording) -> str:
    """What stands in a field, in words; "" for nothing, and for a list, whose rows are told one by one."""
    if field.type in ("radio", "select", "checklist", "taglist"):
        return ", ".join(option.label(locale()) for option in field.options if option.chosen)
    if field.type == "checkbox":
        return say("yes") if field.value is True else ""
    if field.type == "dynamiclist" or field.value is None:
        return ""
    return str(wording.day(field.value, year=True).striptags()) if type(field.value) is date else field.text


def in_rows(fields: Iterable[FieldView]) -> list[list[FieldView]]:
    """Fields that share a row side by side, the others alone."""
    rows: list[list[FieldView]] = []
    for field in fields:
        if field.row and field.columns and rows and rows[-1][0].row == field.row and rows[-1][0].columns:
            rows[-1].append(field)
        else:
            rows.append([field])
    return rows


# --- text components: the little of markdown that process owners use -------------------------------

_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^\s)]+)\)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")


def markdown(source: str, depth: int = 3) -> Markup:
    """A text component as HTML: headings, paragraphs, lists, bold, links; anything else is shown as it was typed.

    Args:
        depth: level of its highest heading, so that headings of the page leave no gap.
    """
    blocks = re.split(r"\n\s*\n", source.replace("\r\n", "\n"))
    return Markup("\n").join(_block(block.strip("\n"), depth) for block in blocks if block.strip())


def _block(block: str, depth: int) -> Markup:
    lines = [line.strip() for line in block.split("\n")]
    if lines[0].startswith("#"):
        head = Markup("<h{0}>{1}</h{0}>").format(min(depth, 6), _inline(lines[0].lstrip("# ")))
        return head + (_block("\n".join(lines[1:]), depth) if lines[1:] else Markup(""))
    if all(line[:2] in ("- ", "* ") for line in lines):
        return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(_inline(line[2:])) for line in lines))
    return Markup("<p>{}</p>").format(Markup("<br>").join(_inline(line) for line in lines))


def _inline(line: str) -> Markup:
    told = str(escape(line))
    told = _LINK.sub(r'<a href="\2">\1</a>', told)
    return Markup(_STRONG.sub(r"<strong>\1</strong>", told))


def plain(source: str) -> str:
    """The words of an HTML component without its tags."""
    return str(Markup(re.sub(r"</(p|div|li|h\d)>", "\n\n", source)).striptags()) if "<" in source else source


def install(app: Flask) -> None:
    """Give the templates what forms need."""
    app.jinja_env.filters.update(markdown=markdown, plain=plain, in_rows=in_rows)
