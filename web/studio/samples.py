"""Examples of what a case holds, for previews of letters.

Owns: values that look like those of a case: what every case has, and one for each field of the forms of a folder.
Leaves: which places a letter has to `letters`.
Promises: nothing of a real case; days are told from today, so that a sum in a letter can be followed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.definitions.package import Package
from engine.forms.components import Component
from engine.forms.paths import fields_of
from web.catalogue import locale, say
from web.host import host


def of(package: Package) -> dict[str, Any]:
    """Example values by name, nested as in a case."""
    found: dict[str, Any] = {}
    for process in package.processes:
        for element in process.elements.values():
            form = package.forms.get(process.start_form if element.kind == "startEvent" else element.ext.form)
            for component in fields_of(form.components) if form is not None else ():
                _put(found, (*([element.ext.result] if element.ext.result else []), *component.path), _example(component))
            for name in (line.name for line in element.ext.outputs if line.name.endswith("_on")):
                found.setdefault(name, host().wording.today())
    return found | _everywhere()


def _everywhere() -> dict[str, Any]:
    today = host().wording.today()
    days = {name: today for name in ("notified_on", "plan_asked_on", "decision_on", "decided_on", "audit_on", "received_on", "sent_on")}
    nc = {"number": 2, "indicator": 11, "gravity": "minor", "fact": say("an example of a fact"), "notified_on": today}
    return {**days, "case_number": "2027-0412", "client_name": "Lisière Formation", "client_email": "contact@lisiere.example", "nc": nc,
            "portal_url": f"{host().settings.base_url}/portal/…", "certificate_number": "CRV-2027-0118"}


def _example(component: Component) -> Any:
    if component.type == "number":
        return component.minimum if component.minimum is not None and component.minimum > 0 else Decimal(3)
    if component.type == "datetime":
        return host().wording.today() if component.subtype in ("", "date") else host().clock.now()
    if component.type == "checkbox":
        return True
    if component.type == "dynamiclist":
        return [{part: _example(one) for one in component.children for part in one.path[:1]}]
    choices = [one.value for one in component.options]
    if component.type in ("checklist", "taglist"):
        return choices[:2]
    return choices[0] if choices else say("example: %(label)s", label=component.label(locale()) or ".".join(component.path))


def _put(found: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    *above, last = path
    for part in above:
        inner = found.setdefault(part, {})
        if not isinstance(inner, dict):
            return
        found = inner
    found.setdefault(last, value)
