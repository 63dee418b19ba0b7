"""The quote: days of audit times the rate, and the file fee.

Owns: `quote.compute`.
Leaves: the length of the audit to the decision `audit_duration` or the person who sets it; prices to the decision `quote_prices`.
Promises: no quote from a length nobody vouches for; amounts are exact and before tax.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from engine.handler import BpmnError, Complete, Outcome, Parameter, Registry, Task
from engine.texts import Text
from engine.words import say_amount, say_number
from handlers.inputs import APPLICATION, CASE_NUMBER, optional, reader_of
from handlers.variables import number

registry = Registry()
CENT = Decimal("0.01")


@registry.local("quote.compute", title=Text("Calculer le devis", "Compute the quote"),
                inputs=(APPLICATION, Parameter("audit_length", "context", Text("La durée calculée", "The length as computed")),
                        Parameter("duration_days", "number", Text("La durée fixée à la main, en jours", "The length set by hand, in days"),
                                  required=False), optional(CASE_NUMBER)),
                outputs=(Parameter("quote", "context", Text("Le devis", "The quote")),), errors=("DURATION_UNKNOWN",))
def compute(task: Task) -> Outcome:
    """Compute the quote of a case from the length of its audit and the body's prices.

    Args:
        task: variables `application`, `audit_length` and, when a person set it, `duration_days`.
    Returns: `quote`; the BPMN error DURATION_UNKNOWN when the length is not sourced and nobody set it.
    """
    days = _days(task)
    if days is None:
        return BpmnError("DURATION_UNKNOWN", "La durée de l’audit n’est pas sourcée : fixez-la avant de chiffrer le devis.")
    application = task["application"]
    prices = reader_of(task).decide("quote_prices", {
        "days": days, "categories": list(application["categories"]), "turnover_eur": application.get("turnover_eur"),
        "sites": len(application.get("sites") or ())})
    rate, fee = number(prices["day_rate_eur"], "day_rate_eur"), number(prices["file_fee_eur"], "file_fee_eur")
    audit = number((days * rate).quantize(CENT, ROUND_HALF_UP), "audit_eur")
    return Complete(quote={
        "number": f"D{task.get('case_number') or task.business_key or ''}", "days": days, "day_rate_eur": rate, "audit_eur": audit,
        "file_fee_eur": fee, "total_eur": number(audit + fee, "total_eur"), "to_validate": bool(prices.get("to_validate")),
        "source": prices.get("source") or "", "lines": [_audit_line(days, rate, audit), _line(Text("Frais de dossier", "File fee"), fee)]})


def _days(task: Task) -> Decimal | None:
    """The length set by hand, else the computed one unless it is to be validated."""
    if task.get("duration_days") is not None:
        return number(task["duration_days"], "duration_days")
    length = task.get("audit_length") or {}
    if length.get("to_validate") or length.get("days") is None:
        return None
    return number(length["days"], "audit_length.days")


def _audit_line(days: Decimal, rate: Decimal, amount: Decimal) -> dict[str, object]:
    many = abs(days) >= 2
    french = f"Audit initial\u00a0: {say_number(days, 'fr')}\u00a0{'jours' if many else 'jour'} à {say_amount(rate, 'fr')}"
    english = f"Initial audit: {say_number(days, 'en')} {'day' if days == 1 else 'days'} at {say_amount(rate, 'en')}"
    return _line(Text(french, english), amount)


def _line(label: Text, amount: Decimal) -> dict[str, object]:
    return {"label_fr": label.fr, "label_en": label.en, "amount_eur": amount}
