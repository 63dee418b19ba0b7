"""The checks that a machine can make before a person studies the admissibility of an application.

Owns: one function a check, each telling `ok`, `warn` or `block` with its sentence and source.
Leaves: asking the outside to `handlers.admissibility`; the judgement to the person who studies the case.
Promises: what is unsure warns and never blocks.
Rule: arrêté of 6 June 2019, art. 1 (data of the application); qualiopi.md, 5 and 4.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.texts import Text
from engine.work.calendars import plus_months
from handlers.ports import Company, Listed
from handlers.qualiopi import numbers
from handlers.qualiopi.checks import Check
from handlers.variables import day_or_none, text

NDA_PROOF_MONTHS = 3
EEA = frozenset({"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
                 "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO"})
ARRETE_1 = "arrêté du 6 juin 2019, art. 1"
REPRESENTATIVE = "code du travail, R. 6351-3"


def siren_to_check(application: Mapping[str, Any]) -> str:
    """Tell which SIREN stands for the applicant: its own, or its representative's."""
    own = text(application["organisation"].get("siren"))
    return numbers.bare(own or text((application.get("representative") or {}).get("siren")))


def check_siren(application: Mapping[str, Any]) -> Check:
    """Check that the SIREN is possible. Rule: Luhn over 9 digits (INSEE)."""
    siren = siren_to_check(application)
    if numbers.siren_is_possible(siren):
        return Check("siren", "ok", Text(f"Le SIREN {siren} est bien formé.", f"SIREN {siren} is well formed."), "INSEE")
    return Check("siren", "block", Text(f"Le SIREN « {siren} » n’est pas valable : 9 chiffres avec une clé de contrôle.",
                                        f"SIREN “{siren}” is not valid: 9 digits with a check digit."), "INSEE")


def check_sirets(application: Mapping[str, Any]) -> Check:
    """Check the SIRET of the head office and of each site.

    Rule: Luhn over 14 digits or La Poste's sum; its first 9 digits are the SIREN.
    """
    siren = siren_to_check(application)
    given = [text(application["organisation"].get("siret")), *(text(site.get("siret")) for site in application.get("sites") or ())]
    wrong = [siret for siret in given if siret and not (numbers.siret_is_possible(siret) and numbers.siret_belongs_to(siret, siren))]
    if wrong:
        listed = ", ".join(dict.fromkeys(wrong))
        return Check("siret", "block", Text(f"SIRET mal formé ou étranger au SIREN {siren} : {listed}.",
                                            f"SIRET badly formed or not of SIREN {siren}: {listed}."), "INSEE")
    return Check("siret", "ok", Text("Les SIRET sont bien formés et portent le SIREN.", "The SIRETs are well formed and carry the SIREN."),
                 "INSEE")


def check_nda(application: Mapping[str, Any], on: date) -> Check:
    """Check the declaration of activity, or the proof that it was filed.

    Args:
        on: civil day of the check.
    Rule: arrêté, art. 1: a proof of filing less than 3 months old; the number's shape is not official, so it only warns.
    """
    organisation = application["organisation"]
    if organisation.get("nda_status") == "pending":
        return _check_filing(day_or_none(organisation.get("nda_filed_on"), "nda_filed_on"), on)
    nda = numbers.bare(text(organisation.get("nda")))
    if not nda:
        return Check("nda", "block", Text("Ni NDA, ni preuve de dépôt de la déclaration d’activité.",
                                          "Neither a declaration number nor a proof of filing."), ARRETE_1)
    if numbers.nda_looks_right(nda):
        return Check("nda", "ok", Text(f"Le NDA {nda} a la forme habituelle.", f"Declaration number {nda} has the usual shape."), ARRETE_1)
    return Check("nda", "warn", Text(f"Le NDA « {nda} » n’a pas la forme habituelle (11 caractères) : à vérifier.",
                                     f"Declaration number “{nda}” does not have the usual shape (11 characters): look at it."),
                 "forme constatée sur des numéros publiés", to_validate=True)


def _check_filing(filed_on: date | None, on: date) -> Check:
    if filed_on is None or filed_on > on:
        return Check("nda_filing", "block", Text("La date de dépôt de la déclaration d’activité manque ou est dans l’avenir.",
                                                 "The day the declaration was filed is missing or in the future."), ARRETE_1)
    if on >= plus_months(filed_on, NDA_PROOF_MONTHS):
        return Check("nda_filing", "block", Text("La preuve de dépôt de la déclaration d’activité a trois mois ou plus.",
                                                 "The proof of filing of the declaration is three months old or more."), ARRETE_1)
    return Check("nda_filing", "warn", Text("Déclaration d’activité déposée, NDA en attente : le certificat attendra le NDA.",
                                            "Declaration filed, number awaited: the certificate will wait for it."), ARRETE_1)


def check_sworn(application: Mapping[str, Any], on: date) -> Check:
    """Check that the sworn statement is accepted, signed and dated. Rule: arrêté, art. 1 (qualiopi.md, 5)."""
    sworn = application.get("sworn") or {}
    signed_on = day_or_none(sworn.get("signed_on"), "sworn.signed_on")
    if sworn.get("accepted") is True and text(sworn.get("signed_by")) and signed_on and signed_on <= on:
        return Check("sworn", "ok", Text("La déclaration sur l’honneur est signée et datée.", "The sworn statement is signed and dated."),
                     ARRETE_1)
    return Check("sworn", "block", Text("La déclaration sur l’honneur n’est pas acceptée, signée et datée.",
                                        "The sworn statement is not accepted, signed and dated."), ARRETE_1)


def check_first_actions(application: Mapping[str, Any], on: date) -> Check:
    """Check that each category asked for has an action already carried out. Rule: prerequisite of the initial audit (qualiopi.md, 3)."""
    done = {action.get("category") for action in application.get("first_actions") or ()
            if (day_or_none(action.get("carried_out_on"), "first_actions.carried_out_on") or date.max) <= on}
    lacking = ", ".join(code for code in application["categories"] if code not in done)
    source = "prérequis à l’audit initial (FAQ du ministère)"
    if lacking:
        return Check("first_actions", "block", Text(f"Aucune action déjà réalisée pour : {lacking}.",
                                                    f"No action carried out yet for: {lacking}."), source)
    return Check("first_actions", "ok", Text("Chaque catégorie demandée compte au moins une action réalisée.",
                                             "Each category asked for has at least one action carried out."), source)


def check_scope(application: Mapping[str, Any]) -> Check:
    """Check that categories and described activity go together: apprenticeship is work-study. Rule: qualiopi.md, 5 (scope coherence)."""
    activity = application.get("activity") or {}
    if "CFA" in application["categories"] and not activity.get("alternance"):
        return Check("scope", "warn", Text("Catégorie CFA demandée, mais aucune formation en alternance n’est déclarée.",
                                           "Category CFA is asked for, but no work-study training is declared."), ARRETE_1)
    return Check("scope", "ok", Text("Les catégories demandées vont avec l’activité décrite.",
                                     "The categories asked for go with the activity described."), ARRETE_1)


def is_foreign(application: Mapping[str, Any]) -> bool:
    """Tell whether the head office is outside France."""
    return (text(application["organisation"].get("country")) or "FR").upper() != "FR"


def check_representative(application: Mapping[str, Any]) -> Check | None:
    """Check that a foreign organisation names a representative in France; None for a French one.

    Rule: code du travail, R. 6351-3: exempt is a head office in the European Union or the EEA with only occasional activity in France.
    The form does not ask whether activity is occasional, so the exemption is left to the person who studies the case.
    """
    if not is_foreign(application):
        return None
    named = application.get("representative") or {}
    if text(named.get("name")) and text(named.get("address")) and day_or_none(named.get("appointed_on"), "representative.appointed_on"):
        return Check("representative", "warn", Text("Organisme étranger : la preuve de désignation du représentant est à vérifier.",
                                                    "Foreign organisation: look at the evidence of the representative’s appointment."),
                     REPRESENTATIVE)
    if text(application["organisation"].get("country")).upper() in EEA:
        return Check("representative", "warn", Text(
            "Représentant en France absent ou incomplet ; dispense possible si l’activité en France est occasionnelle (UE ou EEE).",
            "Representative in France missing or incomplete; exempt if activity in France is occasional (EU or EEA)."), REPRESENTATIVE)
    return Check("representative", "block", Text("Organisme étranger sans représentant domicilié en France.",
                                                 "Foreign organisation without a representative domiciled in France."), REPRESENTATIVE)


def check_company(company: Company | None, application: Mapping[str, Any]) -> Check:
    """Judge what the company directory says of the SIREN. Rule: the SIREN is active (qualiopi.md, 5)."""
    siren, source = siren_to_check(application), "annuaire des entreprises"
    if company is None:
        return Check("company", "warn", Text(f"L’annuaire des entreprises ne connaît pas le SIREN {siren} : à vérifier.",
                                             f"The company directory does not know SIREN {siren}: look at it."), source)
    if not company.active:
        return Check("company", "block", Text(f"L’entreprise {company.name} ({siren}) a cessé son activité.",
                                              f"The company {company.name} ({siren}) has ceased its activity."), source)
    return Check("company", "ok", Text(f"L’entreprise {siren} est active.", f"Company {siren} is active."), source)


def check_listed(listed: Listed | None, application: Mapping[str, Any]) -> Check:
    """Judge what the public list of training organisations says of the NDA. Rule: the NDA is listed under this SIREN (qualiopi.md, 5)."""
    nda, siren = numbers.bare(text(application["organisation"].get("nda"))), siren_to_check(application)
    source = "liste publique des organismes de formation"
    if listed is None:
        return Check("public_list", "warn", Text(f"Le NDA {nda} ne figure pas sur la liste publique : à vérifier.",
                                                 f"Declaration number {nda} is not on the public list: look at it."), source)
    if listed.siren and listed.siren != siren:
        return Check("public_list", "block", Text(f"Le NDA {nda} appartient à un autre SIREN ({listed.siren}).",
                                                  f"Declaration number {nda} belongs to another SIREN ({listed.siren})."), source)
    return Check("public_list", "ok", Text(f"Le NDA {nda} figure sur la liste publique.",
                                           f"Declaration number {nda} is on the public list."), source)


def unanswered(check: str, name: Text, source: str) -> Check:
    """Note that the outside did not answer: a person looks for himself, the case goes on."""
    sentence = Text("{name} n’a pas répondu : à vérifier à la main.", "{name} did not answer: check by hand.")
    return Check(check, "warn", sentence.format(name=name), source)
