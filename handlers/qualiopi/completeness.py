"""What an application must hold before the initial audit.

Owns: the list of items, each with its words and source. Leaves: the form's checks by field to the form; truth to admissibility.
Promises: all missing items at once, in the order of the law.
Rule: arrêté of 6 June 2019, art. 1, as changed in 2023 (qualiopi.md, 6); representative: code du travail, R. 6351-3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.texts import Text
from handlers.qualiopi.admissibility import ARRETE_1, REPRESENTATIVE, check_first_actions, check_nda, check_sworn, is_foreign
from handlers.variables import text

Application = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """Something an application must hold. `lacks` tells from the application and the civil day whether it does not."""

    item: str
    text: Text
    source: str
    lacks: Callable[[Application, date], bool]

    def to_json(self) -> dict[str, Any]:
        return {"item": self.item, "fr": self.text.fr, "en": self.text.en, "source": self.source}


def missing(application: Application, on: date) -> tuple[Item, ...]:
    """List what an application lacks on a day."""
    return tuple(item for item in ITEMS if item.lacks(application, on))


def last_report_is_stale(bpf_year: int, on: date) -> bool:
    """Tell whether a yearly report is too old to be the last one sent.

    The report of a year is filed in spring of the next one; sources disagree on the day (30 April or 31 May), so until the end of the
    year the report of two years ago is accepted.
    Rule: arrêté, art. 1: the last BPF sent (qualiopi.md, 5).
    """
    return bpf_year < on.year - 2


def _lacks(*path: str) -> Callable[[Application, date], bool]:
    def lacks(application: Application, on: date) -> bool:
        value: Any = application
        for name in path:
            value = (value or {}).get(name)
        return value is None or value == "" or value == []
    return lacks


def _lacks_in_each(name: str, *fields: str) -> Callable[[Application, date], bool]:
    def lacks(application: Application, on: date) -> bool:
        rows = application.get(name) or ()
        return not rows or any(not text(row.get(field)) for row in rows for field in fields)
    return lacks


def _lacks_income(application: Application, on: date) -> bool:
    if application.get("turnover_eur") is None:
        return True
    if application.get("new_entrant"):
        return False
    year = application.get("bpf_year")
    return year is None or last_report_is_stale(int(year), on)


def _lacks_representative(application: Application, on: date) -> bool:
    named = application.get("representative") or {}
    wanted = ("name", "email", "siren", "address", "postcode", "city", "appointed_on")
    return is_foreign(application) and any(not text(named.get(name)) for name in wanted)


ITEMS = (
    Item("organisation.name", Text("La dénomination de l’organisme", "The name of the organisation"), ARRETE_1,
         _lacks("organisation", "name")),
    Item("organisation.siren", Text("Le SIREN", "The SIREN"), ARRETE_1, _lacks("organisation", "siren")),
    Item("organisation.legal_status", Text("La forme juridique", "The legal status"), ARRETE_1, _lacks("organisation", "legal_status")),
    Item("organisation.address", Text("L’adresse du siège", "The address of the head office"), ARRETE_1,
         lambda application, on: any(_lacks("organisation", name)(application, on) for name in ("address", "postcode", "city"))),
    Item("manager", Text("Le nom et les coordonnées du dirigeant", "The manager’s name and contact details"), ARRETE_1,
         lambda application, on: any(_lacks("manager", name)(application, on) for name in ("name", "email"))),
    Item("organisation.nda", Text("Le NDA, ou une preuve de dépôt de la déclaration d’activité de moins de trois mois",
                                  "The declaration number, or a proof of filing less than three months old"), ARRETE_1,
         lambda application, on: check_nda(application, on).result == "block"),
    Item("representative", Text("Le représentant domicilié en France : nom, SIREN, adresse, courriel et date de désignation",
                                "The representative domiciled in France: name, SIREN, address, e-mail and day of appointment"),
         REPRESENTATIVE, _lacks_representative),
    Item("categories", Text("Les catégories d’actions à certifier", "The categories of action to certify"), ARRETE_1, _lacks("categories")),
    Item("activity", Text("La description de l’activité", "The description of the activity"), ARRETE_1, _lacks("activity", "description")),
    Item("sites", Text("La liste complète des sites, avec leurs adresses", "The full list of sites, with their addresses"), ARRETE_1,
         _lacks_in_each("sites", "name", "address", "postcode", "city")),
    Item("staff", Text("L’organigramme : noms et fonctions", "The organisation chart: names and functions"), ARRETE_1,
         _lacks_in_each("staff", "name", "function")),
    Item("income", Text("Le dernier bilan pédagogique et financier, ou les produits par financeur la première année",
                        "The last yearly report (BPF), or the income by funder in the first year"), ARRETE_1, _lacks_income),
    Item("first_actions", Text("Une action déjà réalisée pour chaque catégorie demandée (commencée pour l’apprentissage)",
                               "An action already carried out for each category asked for (started for apprenticeship)"),
         "prérequis à l’audit initial (FAQ du ministère)",
         lambda application, on: bool(application.get("categories")) and check_first_actions(application, on).result == "block"),
    Item("sworn", Text("La déclaration sur l’honneur, datée et signée", "The sworn statement, dated and signed"), ARRETE_1,
         lambda application, on: check_sworn(application, on).result == "block"),
)
