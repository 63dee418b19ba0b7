"""The findings of an audit: consolidated, counted, and settled one by one.

Owns: `findings.consolidate`, `nonconformity.settle`.
Leaves: gravities allowed, titles and counting to the decisions `allowed_gravity` and `nc_counting`; time limits to deadline rules.
Promises: a finding that may not stand is refused with its number; consolidating again keeps what is settled.
Rule: arrêté of 6 June 2019, art. 5 (qualiopi.md, 2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import Invalid
from engine.handler import BpmnError, Complete, Outcome, Parameter, Registry, Task
from engine.texts import Text
from handlers.inputs import AUDIT, COUNTS, INDICATORS, NONCONFORMITIES, ORGANISATION_ID, optional, reader_of
from handlers.qualiopi import findings as rules
from handlers.registers import Nonconformity, NonconformityState, Registers
from handlers.variables import day_or_none, text

registry = Registry()


class IndicatorNotApplicable(Invalid):
    """Findings name indicators that do not apply to this case: {indicators}."""

    fr = "Des constats portent sur des indicateurs qui ne s’appliquent pas à ce dossier : {indicators}."


class FindingToldTwice(Invalid):
    """The same finding is entered twice on these indicators: {indicators}."""

    fr = "Le même constat est saisi deux fois sur ces indicateurs : {indicators}."


@registry.local("findings.consolidate", title=Text("Consolider les constats", "Consolidate the findings"),
                inputs=(AUDIT, INDICATORS, optional(ORGANISATION_ID)), outputs=(NONCONFORMITIES, COUNTS), errors=("GRAVITY_NOT_ALLOWED",))
def consolidate(task: Task, registers: Registers) -> Outcome:
    """Number the findings of an audit, tell how each counts, and enter them in the register.

    Args:
        task: variables `audit` (with `findings`, `closed_on`, `opinion`) and `indicators` (those in scope).
    Returns: `nonconformities` and `counts`; the BPMN error GRAVITY_NOT_ALLOWED when an indicator does not allow the gravity given.
    Raises: IndicatorNotApplicable, FindingToldTwice.
    """
    audit, findings = task["audit"], task["audit"].get("findings") or []
    _refuse_what_cannot_stand(findings, task["indicators"])
    facts = {int(finding["indicator"]): reader_of(task).decide("allowed_gravity", {"indicator": int(finding["indicator"])}) or {}
             for finding in findings}
    too_light = [finding for finding in findings
                 if not rules.gravity_is_allowed(finding["gravity"], facts[int(finding["indicator"])].get("gravity", "major_only"))]
    if too_light:
        return BpmnError("GRAVITY_NOT_ALLOWED", "Majeure seulement (arrêté du 6 juin 2019, art. 5) : indicateur "
                         + ", ".join(dict.fromkeys(str(int(finding["indicator"])) for finding in too_light)))
    counts = _counts(task, [finding["gravity"] for finding in findings])
    counted = rules.counted([finding["gravity"] for finding in findings], counts["counted_major"])
    nonconformities = [_nonconformity(number, finding, counts_as, facts[int(finding["indicator"])])
                       for number, (finding, counts_as) in enumerate(zip(findings, counted, strict=True), start=1)]
    _enter(task, registers, audit, nonconformities)
    return Complete(nonconformities=nonconformities, counts=counts)


@registry.local("nonconformity.settle", title=Text("Solder une non-conformité", "Settle a non-conformity"),
                inputs=(Parameter("nc", "context", Text("La non-conformité", "The non-conformity")),
                        Parameter("settlement", "string", Text("Son issue", "What became of it"), choices=(
                            ("lifted", Text("levée", "lifted")), ("plan_accepted", Text("plan accepté", "plan accepted")),
                            ("lapsed", Text("délai dépassé", "time limit over")))),
                        Parameter("due_on", "date", Text("Le dernier jour du délai qui la tient, ou qui est passé",
                                                         "The last day of the time limit it has, or had"), required=False)))
def settle(task: Task, registers: Registers) -> Outcome:
    """Write what became of a non-conformity in the register.

    Args:
        task: variables `nc` (one of `nonconformities`), `settlement` and, when a time limit goes with it, `due_on`.
    Raises: NonconformityNotFound; ValueError for an unknown settlement.
    """
    registers.nonconformities.settle(task.instance_id, int(task["nc"]["number"]), NonconformityState(task["settlement"]),
                                     day_or_none(task.get("due_on"), "due_on"))
    return Complete()


def _refuse_what_cannot_stand(findings: Sequence[Mapping[str, Any]], indicators: Sequence[Any]) -> None:
    strangers = rules.not_applicable(findings, {int(indicator) for indicator in indicators})
    if strangers:
        raise IndicatorNotApplicable(indicators=", ".join(map(str, strangers)))
    twice = rules.told_twice(findings)
    if twice:
        raise FindingToldTwice(indicators=", ".join(map(str, twice)))


def _counts(task: Task, gravities: Sequence[str]) -> dict[str, int]:
    found = Counter(gravities)
    counting = reader_of(task).decide("nc_counting", {"minor": found["minor"], "major": found["major"]}) or {}
    return {"minor": found["minor"], "major": found["major"], "counted_major": int(counting.get("counted_major") or 0)}


def _nonconformity(number: int, finding: Mapping[str, Any], counted_as: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    indicator = int(finding["indicator"])
    return {"number": number, "indicator": indicator, "title_fr": facts.get("title_fr") or f"Indicateur {indicator}",
            "title_en": facts.get("title_en") or f"Indicator {indicator}", "gravity": finding["gravity"], "counted_as": counted_as,
            "fact": text(finding.get("fact")), "requirement": text(finding.get("requirement")), "risk": text(finding.get("risk")) or None}


def _enter(task: Task, registers: Registers, audit: Mapping[str, Any], nonconformities: Sequence[Mapping[str, Any]]) -> None:
    closed_on = day_or_none(audit.get("closed_on"), "audit.closed_on") or task.today
    registers.audits.close(task.instance_id, task.get("kind", "initial"), closed_on, text(audit.get("opinion")))
    registers.nonconformities.enter(task.instance_id, task.get("organisation_id"), [
        Nonconformity(one["number"], one["indicator"], one["gravity"], one["counted_as"], one["fact"], one["requirement"], one["risk"],
                      closed_on) for one in nonconformities])
