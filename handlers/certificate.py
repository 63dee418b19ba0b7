"""Issuing a certificate: entered in the directory of certified clients, once a case.

Owns: `certificate.issue`.
Leaves: the decision to the person who takes it; the printed page to `handlers.documents`.
Promises: asked twice for the same case, it answers with the same certificate.
Rule: ISO/IEC 17065:2012, 7.7 and 7.8; arrêté of 6 June 2019 (three years).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Invalid
from engine.handler import Complete, Outcome, Parameter, Registry, Task
from engine.settings import Settings
from engine.texts import Text
from handlers.inputs import APPLICATION, ORGANISATION_ID
from handlers.qualiopi.categories import ordered
from handlers.qualiopi.validity import certificate_ends_on
from handlers.registers import Certificate, Organisation, Registers
from handlers.variables import text

registry = Registry()


class ScopeEmpty(Invalid):
    """The decision names no category of action to certify."""

    fr = "La décision ne nomme aucune catégorie d’actions à certifier."


class NdaAwaited(Invalid):
    """The activity declaration of {organisation} has no number yet: the certificate waits for it (order of 6 June 2019, art. 1)."""

    fr = ("La déclaration d’activité de {organisation} n’est pas encore enregistrée : le certificat attend son NDA "
          "(arrêté du 6 juin 2019, art. 1).")


@registry.local("certificate.issue", title=Text("Délivrer le certificat", "Issue the certificate"),
                inputs=(ORGANISATION_ID, APPLICATION,
                        Parameter("decision_on", "date", Text("Le jour de la décision", "The day of the decision"))),
                outputs=(Parameter("certificate", "context", Text("Le certificat", "The certificate")),))
def issue(task: Task, registers: Registers, settings: Settings) -> Outcome:
    """Enter a certificate that starts on the day it is issued and lasts three years.

    It is issued with the decision, unless the decision had to wait for the declaration number. No source names the last day of the three
    years word for word, so the variable says that it is to be validated.

    Args:
        task: variables `organisation_id`, `application` (its categories and sites) and `decision_on`.
        settings: for the address at which the public verifies the certificate.
    Raises: ScopeEmpty; NdaAwaited; OrganisationNotFound.
    """
    application, decided_on = task["application"], task.day("decision_on")
    categories = ordered(application.get("categories") or ())
    if not categories:
        raise ScopeEmpty()
    organisation, known = registers.certificates.holder_of(task.instance_id, task["organisation_id"])
    if organisation.nda_status == "pending":
        raise NdaAwaited(organisation=organisation.name)
    certificate = known or registers.certificates.enter(
        task.instance_id, organisation_id=organisation.id, holder=_holder(organisation), sites=_sites(application), categories=categories,
        decided_on=decided_on, starts_on=task.today, ends_on=certificate_ends_on(task.today))
    return Complete(certificate=as_variable(certificate, settings))


def as_variable(certificate: Certificate, settings: Settings) -> dict[str, Any]:
    """Tell a certificate as diagrams, letters and papers see it."""
    return {"id": certificate.id, "number": certificate.number, "starts_on": certificate.starts_on, "ends_on": certificate.ends_on,
            "categories": list(certificate.categories), "verify_url": f"{settings.base_url}/verify/{certificate.number}",
            "ends_on_to_validate": True}


def _holder(organisation: Organisation) -> dict[str, Any]:
    return {name: getattr(organisation, name)
            for name in ("name", "trading_name", "siren", "nda", "address", "postcode", "city", "country")}


def _sites(application: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{name: text(site.get(name)) for name in ("name", "address", "postcode", "city")} for site in application.get("sites") or ()]
