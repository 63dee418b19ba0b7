"""What keeps an auditor from a client: links with it, a qualification or a language that is missing.

Owns: the reasons, in words. Leaves: what links are known to the register of auditors.
Rule: ISO/IEC 17065:2012, 4.2 and 6.1.2; two years after a link ends (qualiopi.md, 5: from memory, to validate, and some bodies take three).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from engine.texts import Text
from engine.words import day_text
from engine.work.calendars import plus_months
from handlers.registers import Auditor, Interest

INTEREST_YEARS = 2
KINDS = {
    "employment": Text("emploi", "employment"), "consultancy": Text("conseil", "consultancy"), "training": Text("formation", "training"),
    "internal_audit": Text("audit interne", "internal audit"), "ownership": Text("participation", "ownership"),
    "family": Text("lien familial", "family tie"), "other": Text("autre lien", "other link"),
}


def still_bars(interest: Interest, on: date) -> bool:
    """Tell whether a link bars an audit on a day: it lasts, or ended less than two years before. The day two years after is free again."""
    return interest.to_on is None or on < plus_months(interest.to_on, 12 * INTEREST_YEARS)


def reasons_against(auditor: Auditor, *, siren: str, categories: Sequence[str], language: str | None, on: date,
                    advised: Collection[str] = ()) -> tuple[Text, ...]:
    """List what keeps an auditor from auditing a client on a day; empty when nothing does.

    Args:
        siren: of the client. categories: of the audit. on: first day of the audit.
        language: ISO 639-1 code the auditor must master, None when any will do.
        advised: ids of the people who carried out the diagnostic of this case.
    """
    reasons = [_link(auditor.name, interest) for interest in auditor.interests if interest.siren == siren and still_bars(interest, on)]
    if auditor.person_id in advised:
        reasons.append(Text(f"{auditor.name} a mené le diagnostic de ce dossier.",
                            f"{auditor.name} carried out the diagnostic of this case."))
    lacking = ", ".join(code for code in categories if not auditor.may_audit([code], on))
    if lacking:
        reasons.append(Text(f"{auditor.name} n’est pas qualifié pour : {lacking}.", f"{auditor.name} is not qualified for: {lacking}."))
    if language and language not in auditor.languages:
        reasons.append(Text(f"{auditor.name} n’audite pas dans la langue des preuves ({language}).",
                            f"{auditor.name} does not audit in the language of the evidence ({language})."))
    return tuple(reasons)


def _link(name: str, interest: Interest) -> Text:
    kind = KINDS.get(interest.kind, KINDS["other"])
    if interest.to_on is None:
        return Text("{name} a un lien en cours avec {organisation} ({kind}).",
                    "{name} has an ongoing link with {organisation} ({kind}).").format(
            name=name, organisation=interest.organisation_name, kind=kind)
    return Text("{name} a eu un lien avec {organisation} ({kind}, jusqu’au {day}) ; deux ans doivent s’écouler (délai à valider).",
                "{name} had a link with {organisation} ({kind}, until {day}); two years must pass (period to validate).").format(
        name=name, organisation=interest.organisation_name, kind=kind, day=day_text(interest.to_on))
