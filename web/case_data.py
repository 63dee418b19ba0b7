"""What a case knows, told in the words of its forms.

Owns: naming each variable by the label of the field that wrote it, and telling its value.
Leaves: what is known to `engine.queries`, what may be seen after an erasure too.
Promises: a value no form has written is told by its name; nothing is left out but what was erased.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine import values
from engine.errors import NotAllowed
from engine.forms import Form
from engine.people.person import Person
from engine.queries.shapes import CaseData
from engine.service import STEWARDS
from engine.texts import Text
from web.case_pages import DataGroup, DataPage, DataRow
from web.catalogue import locale, say
from web.host import host

_FOR_STEWARDS = Text("Les données brutes sont pour les personnes qui pilotent les dossiers.", "Raw data are for people who steer cases.")
_LIST = "[]"
NO_OPTIONS: Mapping[str, str] = {}


def told(found: CaseData, *, may_see_raw: bool) -> DataPage:
    """The page of a case's data, one group a scope."""
    labels = _labels(found.forms)
    groups = tuple(DataGroup(" · ".join(part for part in (scope.process(locale()), scope.subject) if part),
                             tuple(_rows(scope.variables, labels))) for scope in found.scopes)
    return DataPage(found.line, groups, found.erased, may_see_raw)


def raw(found: CaseData, person: Person) -> dict[str, Any]:
    """The data as they are kept. Raises: NotAllowed (`group`), for who does not steer cases."""
    if not person.is_in(*STEWARDS):
        raise NotAllowed("group", _FOR_STEWARDS, tuple(sorted(STEWARDS)))
    return {"case": found.line.number or found.line.id, "erased": found.erased,
            "scopes": [{"process": scope.process.to_json(), "subject": scope.subject, "variables": values.plain(scope.variables)}
                       for scope in found.scopes]}


def _labels(forms: tuple[tuple[str, Form], ...]) -> dict[tuple[str, ...], tuple[str, Mapping[str, str]]]:
    """Path of a variable → what its field is called, and the words of its options."""
    found: dict[tuple[str, ...], tuple[str, Mapping[str, str]]] = {}
    for variable, form in forms:
        _learn(found, form.components, (variable,) if variable else ())
    return found


def _learn(found: dict[tuple[str, ...], tuple[str, Mapping[str, str]]], components: Any, above: tuple[str, ...]) -> None:
    for component in components:
        path = (*above, *component.path)
        if component.path and component.label(locale()):
            options = {str(one.value): one.label(locale()) for one in component.options}
            found.setdefault(path, (component.label(locale()), options))
        _learn(found, component.children, (*path, _LIST) if component.type == "dynamiclist" else above)


def _rows(variables: Mapping[str, Any], labels: Mapping[tuple[str, ...], tuple[str, Mapping[str, str]]]) -> Iterator[DataRow]:
    for name, value in sorted(variables.items()):
        for path, leaf in _leaves(value, (name,)):
            label, options = labels.get(tuple(_LIST if part.isdigit() else part for part in path), ("", {}))
            yield DataRow(label, ".".join(path), say_value(leaf, options))


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each plain value with its path; a list of plain values is one."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _leaves(inner, (*path, str(name)))
    elif isinstance(value, list) and any(isinstance(one, (Mapping, list)) for one in value):
        for number, inner in enumerate(value, 1):
            yield from _leaves(inner, (*path, str(number)))
    else:
        yield path, value


def say_value(value: Any, options: Mapping[str, str] = NO_OPTIONS) -> str:
    """A value in words."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, list):
        return ", ".join(say_value(one, options) for one in value)
    if isinstance(value, datetime):
        return str(host().wording.moment(value).striptags())
    if isinstance(value, date):
        return str(host().wording.day(value, year=True).striptags())
    if isinstance(value, Decimal):
        return str(value).replace(".", "," if locale() == "fr" else ".")
    return options.get(str(value), str(value))
