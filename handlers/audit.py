"""Choosing an auditor and planning the audit.

Owns: `audit.list_auditors`, `audit.check_conflict`, `audit.schedule`.
Leaves: who the auditors are to their register; the rules to `handlers.qualiopi.impartiality`; the choice to a person.
Promises: nobody is proposed whom the check would then refuse on the same day.
Rule: ISO/IEC 17065:2012, 4.2, 6.1.2 and 7.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.handler import Complete, Outcome, Parameter, Registry, Task
from engine.texts import Text
from handlers.inputs import APPLICATION, INDICATORS, ORGANISATION_ID, PLANNING, optional, reader_of
from handlers.qualiopi.admissibility import siren_to_check
from handlers.qualiopi.categories import ordered
from handlers.qualiopi.impartiality import reasons_against
from handlers.registers import Auditor, Organisation, Registers
from handlers.registers.auditors import AuditorNotFound
from handlers.variables import day, number, text

registry = Registry()
INITIAL = "initial"
#: Activities whose performer advised the client and may not audit it, unless the diagram names others.
ADVISING = ("Activity_CarryOutDiagnostic",)
FOREIGN = Parameter("foreign", "context", Text("L’étude de l’organisme étranger", "The study of the foreign organisation"), required=False)
NOT_WHO_DID = Parameter("not_who_did", "list", Text("Les activités dont l’auteur ne peut pas auditer",
                                                    "The activities whose performer may not audit"), required=False)
KIND = Parameter("kind", "string", Text("Le type d’audit", "The kind of audit"), required=False)


@registry.local("audit.list_auditors", title=Text("Lister les auditeurs possibles", "List the possible auditors"),
                inputs=(APPLICATION, FOREIGN, NOT_WHO_DID),
                outputs=(Parameter("auditors", "list", Text("Les auditeurs possibles", "The possible auditors")),))
def list_auditors(task: Task, registers: Registers) -> Outcome:
    """List the auditors who are qualified for all categories, speak the language of the evidence and have no link with the client.

    Args:
        task: variables `application` and, for a foreign organisation, `foreign`.
    """
    application = task["application"]
    free = [auditor for auditor in registers.auditors.all() if not _reasons(task, auditor, application, task.today)]
    return Complete(auditors=[{"value": auditor.person_id, "label": _label(auditor)} for auditor in free])


@registry.local("audit.check_conflict", title=Text("Vérifier l’absence de conflit d’intérêts", "Check for a conflict of interest"),
                inputs=(ORGANISATION_ID, PLANNING, optional(APPLICATION), FOREIGN, NOT_WHO_DID),
                outputs=(Parameter("conflict", "context", Text("Le conflit et ses raisons", "The conflict and its reasons")),))
def check_conflict(task: Task, registers: Registers) -> Outcome:
    """Check the auditor chosen against the client, on the day of the audit.

    Args:
        task: variables `organisation_id` and `planning`; `application` and `foreign` when the case has them.
    """
    planning = task["planning"]
    application = task.get("application") or _registered(registers.organisations.get(task["organisation_id"]))
    try:
        auditor = registers.auditors.get(planning["auditor_id"])
    except AuditorNotFound as error:
        return Complete(conflict={"found": True, "reasons": [error.sentence.to_json()]})
    reasons = _reasons(task, auditor, application, day(planning["audit_on"], "planning.audit_on"))
    return Complete(conflict={"found": bool(reasons), "reasons": [reason.to_json() for reason in reasons]})


@registry.local("audit.schedule", title=Text("Inscrire l’audit au planning", "Enter the audit in the schedule"),
                inputs=(ORGANISATION_ID, PLANNING, INDICATORS, KIND),
                outputs=(Parameter("audit_id", "string", Text("L’audit au registre", "The audit in the register")),))
def schedule(task: Task, registers: Registers) -> Outcome:
    """Enter the audit of a case in the register, or change the one planned before.

    Args:
        task: variables `organisation_id`, `planning` and `indicators`; `kind` is "initial" unless the diagram says otherwise.
    """
    planning = task["planning"]
    return Complete(audit_id=registers.audits.schedule(
        task.instance_id, task.get("kind", INITIAL), organisation_id=task["organisation_id"], auditor_id=planning["auditor_id"],
        audit_on=day(planning["audit_on"], "planning.audit_on"), days=number(planning["days"], "planning.days"),
        place=text(planning.get("place")), indicators=[int(indicator) for indicator in task["indicators"]]))


def _registered(organisation: Organisation) -> dict[str, Any]:
    """What the register knows of a client whose case has no application."""
    return {"organisation": {"siren": organisation.siren}, "categories": []}


def _reasons(task: Task, auditor: Auditor, application: Mapping[str, Any], on: Any) -> Sequence[Text]:
    advised = reader_of(task).who_did(task.get("not_who_did", ADVISING))
    return reasons_against(auditor, siren=siren_to_check(application), categories=ordered(application["categories"]),
                           language=_language(application, task.get("foreign") or {}), on=on, advised=advised)


def _language(application: Mapping[str, Any], foreign: Mapping[str, Any]) -> str | None:
    """The language the auditor must master: that of the evidence, unless the study says a translation will do."""
    if foreign and not foreign.get("bilingual_auditor_needed"):
        return None
    language = text(foreign.get("evidence_language") or application.get("evidence_language")) or "fr"
    return None if language == "other" else language


def _label(auditor: Auditor) -> str:
    categories = ", ".join(ordered(qualification.category for qualification in auditor.qualifications))
    return f"{auditor.name} ({categories} ; {', '.join(auditor.languages)})"
