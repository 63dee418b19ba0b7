"""The quote on paper. Rule: the scheme asks for a contract; price and its parts are the body's (qualiopi.md, 6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from engine.settings import Settings
from engine.texts import Text
from engine.words import say_amount, say_day, say_number
from handlers.papers.letterhead import Case, grouped, letterhead, recipient
from handlers.qualiopi.categories import NAMES, ordered
from handlers.variables import number, text

WORDS = {
    "title": Text("Devis", "Quote"),
    "subject": Text("Certification Qualiopi, audit initial", "Qualiopi certification, initial audit"),
    "scope": Text("Ce que couvre ce devis", "What this quote covers"), "line": Text("Prestation", "Service"),
    "amount": Text("Montant HT", "Amount before tax"), "total": Text("Total hors taxes", "Total before tax"),
    "tax": Text("La TVA s’ajoute au taux en vigueur au jour de la facture.",
                "VAT is added at the rate in force on the day of the invoice."),
    "expenses": Text(
        "La préparation, le rapport et le traitement des réponses aux non-conformités sont compris ; aucun conseil n’est fourni.",
        "Preparation, the report and the handling of replies to non-conformities are included; no advice is given."),
    "agreed": Text("Bon pour accord", "Agreed"), "agreed_on": Text("Le", "On"), "agreed_by": Text("Nom et qualité", "Name and function"),
    "signature": Text("Signature", "Signature"),
    "provisional": Text("Tarif d’exemple, à valider par le certificateur avant tout envoi.",
                        "Sample prices, to be validated by the certification body before any use."),
}


def content(case: Case, settings: Settings, on: date, locale: str) -> dict[str, Any]:
    """Tell what the quote says, in the client's language.

    Args:
        case: variables `application`, `quote`, `case_number`. on: civil day it is made.
    """
    quote = case["quote"]
    return {
        "lang": locale, "head": letterhead(settings, locale), "words": {name: words(locale) for name, words in WORDS.items()},
        "recipient": recipient(case, locale), "dated": say_day(on, locale), "reference": _reference(case, locale),
        "scope": _scope(case, locale),
        "lines": [{"label": line[f"label_{locale}"], "amount": _amount(line["amount_eur"], locale)} for line in quote["lines"]],
        "total": _amount(quote["total_eur"], locale), "provisional": bool(quote.get("to_validate")),
    }


def _reference(case: Case, locale: str) -> list[list[str]]:
    siren = grouped("".join(text(case["application"]["organisation"].get("siren")).split()))
    rows = [[WORDS["title"](locale), case["quote"]["number"]], [Text("Dossier", "Case")(locale), case["case_number"]], ["SIREN", siren]]
    return [row for row in rows if row[1]]


def _scope(case: Case, locale: str) -> list[list[str]]:
    application, days = case["application"], number(case["quote"]["days"], "quote.days")
    categories = ", ".join(NAMES[code](locale) for code in ordered(application["categories"]))
    unit = Text("jours" if days >= 2 else "jour", "day" if days == 1 else "days")(locale)
    return [[Text("Catégories d’actions", "Categories of action")(locale), categories],
            [Text("Sites déclarés", "Sites declared")(locale), str(len(application.get("sites") or ()))],
            [Text("Durée de l’audit sur site", "Length of the audit on site")(locale), f"{say_number(days, locale)}\u00a0{unit}"]]


def _amount(value: int | Decimal, locale: str) -> str:
    return say_amount(number(value, "amount_eur"), locale)
