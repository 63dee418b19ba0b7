"""The letter that tells a client the decision on its certification, in its language.

Leaves: the decision and its reason to the person who takes it.
Rule: ISO/IEC 17065:2012, 7.6 (the client is told of a refusal and its reasons) and 7.13 (appeals); a new application after three months
(qualiopi.md, 10). Days to appeal are the body's and not confirmed by law, so the letter names none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.settings import Settings
from engine.texts import Text
from engine.words import say_day
from handlers.papers.letterhead import Case, letterhead, paragraphs, recipient
from handlers.qualiopi.categories import NAMES, ordered
from handlers.variables import day, text

GRANTED = Text("Votre certification est accordée", "Your certification is granted")
REFUSED = Text("Votre certification est refusée", "Your certification is refused")
GREETING = Text("Madame, Monsieur,", "Dear Sir or Madam,")
GRANTED_SENTENCE = Text(
    "Après l’audit et la revue de votre dossier, nous accordons à {client} la certification Qualiopi au titre de : {categories}.",
    "After the audit and the review of your case, we grant {client} the Qualiopi certification for: {categories}.")
REFUSED_SENTENCE = Text(
    "Après l’audit et la revue de votre dossier, nous refusons à {client} la certification Qualiopi demandée au titre de : {categories}.",
    "After the audit and the review of your case, we refuse {client} the Qualiopi certification applied for: {categories}.")
MAJOR_LAPSED = Text(
    "Une non-conformité majeure n’a pas été levée dans les trois mois qui suivent sa notification. La loi ne laisse alors pas le choix : "
    "la certification est refusée (arrêté du 6 juin 2019, art. 5).",
    "A major non-conformity was not lifted within the three months after its notification. The law then leaves no choice: "
    "certification is refused (order of 6 June 2019, art. 5).")
THIS_MAJOR_LAPSED = Text(
    "La non-conformité n°\u00a0{number} (indicateur {indicator}, {title}), majeure ou comptée comme telle, n’a pas été levée au plus tard "
    "le {day}, dernier jour des trois mois qui suivent sa notification. La loi ne laisse alors pas le choix\u00a0: la certification est "
    "refusée (arrêté du 6 juin 2019, art. 5).",
    "Non-conformity no. {number} (indicator {indicator}, {title}), major or counted as one, was not lifted by {day}, the last day of the "
    "three months after its notification. The law then leaves no choice: certification is refused (order of 6 June 2019, art. 5).")
THIS_PLAN_MISSING = Text(
    "Aucun plan d’actions recevable n’a été remis au plus tard le {day} pour la non-conformité mineure n°\u00a0{number} (indicateur "
    "{indicator}, {title})\u00a0: la certification est refusée (arrêté du 6 juin 2019, art. 5).",
    "No acceptable action plan was given by {day} for minor non-conformity no. {number} (indicator {indicator}, {title}): certification is "
    "refused (order of 6 June 2019, art. 5).")
NO_PLAN = Text(
    "Aucun plan d’action recevable n’a été remis dans le délai pour une non-conformité mineure (arrêté du 6 juin 2019, art. 5).",
    "No acceptable action plan was given in time for a minor non-conformity (order of 6 June 2019, art. 5).")
MAJOR_OR_PLAN = Text(
    "Une non-conformité majeure n’a pas été levée, ou aucun plan d’action recevable n’a été remis pour une mineure, dans le délai qui suit "
    "la notification : la certification est refusée (arrêté du 6 juin 2019, art. 5).",
    "A major non-conformity was not lifted, or no acceptable action plan was given for a minor one, in the time that follows the "
    "notification: certification is refused (order of 6 June 2019, art. 5).")
APPEAL = Text(
    "Vous pouvez contester cette décision par un appel écrit et motivé, adressé à {body}. Il sera examiné par des personnes qui n’ont "
    "pas pris part à la décision ; notre procédure d’appel vous est remise sur simple demande.",
    "You may contest this decision by a written appeal with its reasons, sent to {body}. People who took no part in the decision will "
    "study it; our appeal procedure is given to you on request.")
AGAIN = Text("Une nouvelle demande est possible trois mois après cette décision.",
             "A new application is possible three months after this decision.")
MINORS = Text("Les non-conformités mineures restées ouvertes seront vérifiées au prochain audit.",
              "Minor non-conformities still open will be checked at the next audit.")
CLOSING = Text("Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.", "Yours faithfully,")
GRAVITIES = {"minor": Text("mineure", "minor"), "major": Text("majeure", "major")}
WORDS = {"case": Text("Dossier", "Case"), "reasons": Text("Motifs", "Reasons"), "reservations": Text("Réserves", "Reservations"),
         "findings": Text("Non-conformités constatées", "Non-conformities found"), "indicator": Text("Indicateur", "Indicator"),
         "gravity": Text("Gravité", "Gravity"), "what": Text("Constat", "Finding"), "appeal": Text("Recours", "Appeal")}


def content(case: Case, settings: Settings, on: date, locale: str) -> dict[str, Any]:
    """Tell what the letter says.

    Args:
        case: variables `application`, `case_number`, `client_name`, `nonconformities`, `decision_on` and `decision`, which names what
            `lapsed` when the law decides (see `handlers.decision`).
        on: civil day the letter is made.
    """
    decision = case.get("decision") or {}
    granted = decision.get("outcome") == "granted"
    decided_on = day(case.get("decision_on") or on, "decision_on")
    return {
        "lang": locale, "head": letterhead(settings, locale), "recipient": recipient(case, locale), "dated": say_day(decided_on, locale),
        "words": {name: words(locale) for name, words in WORDS.items()}, "case_number": case["case_number"], "granted": granted,
        "subject": (GRANTED if granted else REFUSED)(locale), "greeting": GREETING(locale),
        "opening": _opening(case, granted, locale), "reasons": _reasons(case, granted, locale),
        "reservations": paragraphs(decision.get("reservations")), "findings": _findings(case.get("nonconformities") or (), locale),
        "after": _after(case, settings, granted, locale), "closing": CLOSING(locale),
    }


def _opening(case: Case, granted: bool, locale: str) -> str:
    categories = ", ".join(NAMES[code](locale) for code in ordered(case["application"]["categories"]))
    sentence = (GRANTED_SENTENCE if granted else REFUSED_SENTENCE)(locale)
    return sentence.format(client=text(case["client_name"]), categories=categories)


def _reasons(case: Case, granted: bool, locale: str) -> list[str]:
    """The reason the decider gave; when a time limit decided, what lapsed; of a case decided before that was kept, what is possible."""
    decision = case.get("decision") or {}
    given = paragraphs(decision.get("reason"))
    if given or granted:
        return given
    if decision.get("lapsed"):
        return [_lapse(one, locale) for one in decision["lapsed"]]
    counted = {one["counted_as"] for one in case.get("nonconformities") or ()}
    lapsed = NO_PLAN if counted == {"minor"} else MAJOR_OR_PLAN if "minor" in counted else MAJOR_LAPSED
    return [lapsed(locale)]


def _lapse(one: Mapping[str, Any], locale: str) -> str:
    if not one.get("last_on"):
        return (MAJOR_LAPSED if one["counted_as"] == "major" else NO_PLAN)(locale)
    sentence = THIS_MAJOR_LAPSED if one["counted_as"] == "major" else THIS_PLAN_MISSING
    return sentence(locale).format(number=str(one["number"]), indicator=str(one["indicator"]), title=one[f"title_{locale}"],
                                   day=say_day(day(one["last_on"], "lapsed.last_on"), locale))


def _findings(nonconformities: Sequence[Mapping[str, Any]], locale: str) -> list[dict[str, str]]:
    return [{"indicator": str(int(one["indicator"])), "title": one[f"title_{locale}"], "gravity": GRAVITIES[one["counted_as"]](locale)}
            for one in nonconformities]


def _after(case: Case, settings: Settings, granted: bool, locale: str) -> list[str]:
    if granted:
        return [MINORS(locale)] if any(one["counted_as"] == "minor" for one in case.get("nonconformities") or ()) else []
    return [APPEAL(locale).format(body=settings.body.name), AGAIN(locale)]
