"""The values that a step should have given, asked of who completes it by hand.

Owns: which fields that takes, and reading them from a form.
Leaves: what completing does to `engine.service`.
Promises: what cannot be read names its field and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from engine.bpmn.model import Element
from engine.errors import Invalid
from engine.queries.shapes import CasePage, IncidentLine
from web.case_pages import Expected
from web.catalogue import locale
from web.host import host

PREFIX = "value."


class ValueNotRight(Invalid):
    """“{field}” cannot be read as {type}: {value}"""

    fr = "« {field} » ne se lit pas comme {type} : {value}"


def expected(case: CasePage, incident: IncidentLine) -> tuple[Expected, ...]:
    """What the step of an incident gives: its handler's outputs; of a decision or script, its one result; else nothing."""
    element = _element(case, incident)
    if element is None:
        return ()
    registry = host().engine.around.registry
    if element.ext.handler and element.ext.handler in registry:
        return tuple(Expected(one.name, one.label(locale()), one.type, one.required) for one in registry.get(element.ext.handler).outputs)
    return (Expected(element.ext.result, element.ext.result, "any", True),) if element.ext.result else ()


def read(fields: tuple[Expected, ...], form: Mapping[str, str]) -> dict[str, Any]:
    """Read the values of a form by their types; empty ones are left out. Raises: ValueNotRight."""
    return {one.name: _read(one, written) for one in fields if (written := form.get(PREFIX + one.name, "").strip())}


def _element(case: CasePage, incident: IncidentLine) -> Element | None:
    bundle = host().engine.library.bundle(case.definition_id, case.bindings)
    process = bundle.package_of(incident.process).model.processes.get(incident.process)
    return process.elements.get(incident.element) if process is not None else None


def _read(field: Expected, written: str) -> Any:
    """Text and days as they are written; anything else as JSON, a bare word of any kind as text."""
    try:
        if field.type == "string":
            return written
        if field.type == "date":
            return date.fromisoformat(written)
        return orjson.loads(written)
    except ValueError:
        if field.type == "any":
            return written
        raise ValueNotRight(field=field.label, type=field.type, value=written) from None
