"""The audit report on paper, in French: what was audited, what was found, what the auditor thinks.

Leaves: the decision, which is not the auditor's. Rule: report fields of qualiopi.md, 7; ISO/IEC 17065:2012, 7.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from engine.settings import Settings
from engine.words import NBSP, say_day, say_number
from handlers.papers.letterhead import Case, grouped, letterhead, paragraphs, postal
from handlers.qualiopi.categories import NAMES, ordered
from handlers.variables import day, number, text

GRAVITIES = {"minor": "mineure", "major": "majeure"}
OPINIONS = {"favourable": "favorable", "favourable_after_remediation": "favorable après levée des non-conformités",
            "unfavourable": "défavorable"}


def content(case: Case, settings: Settings, on: date, auditor_name: str) -> dict[str, Any]:
    """Tell what the report says.

    Args:
        case: variables `application`, `planning`, `audit`, `indicators`, `nonconformities`, `counts`, `case_number`.
        on: civil day it is made. auditor_name: of the auditor the plan names.
    """
    application, audit = case["application"], case["audit"]
    return {
        "lang": "fr", "head": letterhead(settings, "fr"), "dated": say_day(on, "fr"), "case_number": case["case_number"],
        "client": text(application["organisation"]["name"]), "facts": _facts(case, auditor_name),
        "activity": paragraphs((application.get("activity") or {}).get("description")),
        "sites": [" — ".join([text(site.get("name")), ", ".join(postal(site))]) for site in application.get("sites") or ()],
        "indicators": _numbers(case["indicators"]), "conform": _numbers(audit.get("conform") or ()),
        "evidence": [line for line in map(_evidence, audit.get("notes") or ()) if line], "summary": paragraphs(audit.get("summary")),
        "strengths": paragraphs(audit.get("strengths")), "tally": _tally(case["counts"]),
        "findings": [_finding(one) for one in case["nonconformities"]],
        "opinion": OPINIONS.get(text(audit.get("opinion")), text(audit.get("opinion"))),
    }


def _facts(case: Case, auditor_name: str) -> list[list[str]]:
    organisation, planning = case["application"]["organisation"], case["planning"]
    days = number(planning["days"], "planning.days")
    siren = grouped("".join(text(organisation.get("siren")).split()))
    rows = [["Client", text(organisation["name"])], ["SIREN", siren], ["NDA", text(organisation.get("nda")) or "en cours de déclaration"],
            ["Type d’audit", "initial"], ["Catégories", ", ".join(NAMES[code].fr for code in ordered(case["application"]["categories"]))],
            ["Auditeur", auditor_name], ["Début de l’audit", say_day(day(planning["audit_on"], "planning.audit_on"), "fr")],
            ["Réunion de clôture", say_day(day(case["audit"]["closed_on"], "audit.closed_on"), "fr")],
            ["Durée", f"{say_number(days, 'fr')}\u00a0{'jours' if days >= 2 else 'jour'}"], ["Lieu", text(planning.get("place"))]]
    return [row for row in rows if row[1]]


def _numbers(indicators: Iterable[Any]) -> str:
    return ", ".join(str(int(one)) for one in indicators)


def _evidence(notes: Mapping[str, Any]) -> str:
    """What was consulted on an indicator, with the sample; "" when nothing was noted."""
    seen = [f"{text(one.get('name'))} ({sample})" if (sample := text(one.get("seen"))) else text(one.get("name"))
            for one in notes.get("evidence") or ()]
    return f"Indicateur {int(notes['indicator'])}{NBSP}: " + f"{NBSP}; ".join(seen) if seen else ""


def _tally(counts: Mapping[str, Any]) -> str:
    """Say how many were found, and how the minors beyond the fourth count."""
    minor, major, counted = int(counts["minor"]), int(counts["major"]), int(counts["counted_major"])
    if not minor + major:
        return "Aucune non-conformité."
    said = " et ".join(_many(count, gravity) for count, gravity in ((major, "majeure"), (minor, "mineure")) if count) + "."
    return said + (f" {_many(counted, 'mineure')} compte{'nt' if counted > 1 else ''} comme majeure{'s' if counted > 1 else ''}, "
                   "à partir de la cinquième." if counted else "")


def _many(count: int, gravity: str) -> str:
    many = "s" if count > 1 else ""
    return f"{count} {gravity}{many}"


def _finding(one: Mapping[str, Any]) -> dict[str, Any]:
    counted = one["counted_as"] != one["gravity"]
    return {"number": str(one["number"]), "indicator": int(one["indicator"]), "title": one["title_fr"],
            "gravity": GRAVITIES[one["gravity"]] + (", comptée comme majeure" if counted else ""),
            "major": one["counted_as"] == "major", "fact": paragraphs(one.get("fact")), "requirement": paragraphs(one.get("requirement")),
            "risk": paragraphs(one.get("risk"))}
