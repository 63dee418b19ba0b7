"""The certificate on paper, in French, as the law wants it read.

Leaves: what is certified to the register; checking it to the page behind the QR code.
Rule: content after qualiopi.md, 8.3 (name, scope, sites, dates, body, NDA, SIREN, reference to L. 6316-1). Number, accreditation mark and
exact layout are usual and not confirmed: to validate.
"""

from __future__ import annotations

import io
from typing import Any

import segno

from engine.settings import Settings
from engine.words import say_day
from handlers.papers.letterhead import Case, grouped, letterhead, postal
from handlers.qualiopi.categories import mention, ordered
from handlers.variables import day, text

#: More sites than fit under the holder's name go to an annex.
SITES_ON_THE_FACE = 3


def content(case: Case, settings: Settings) -> dict[str, Any]:
    """Tell what the certificate says.

    Args:
        case: variables `certificate`, `application`. The day on its face is the first day of validity.
    """
    certificate, application = case["certificate"], case["application"]
    organisation, categories = application["organisation"], ordered(case["certificate"]["categories"])
    sites = [{"name": text(site.get("name")), "address": ", ".join(postal(site))} for site in application.get("sites") or ()]
    starts_on = day(certificate["starts_on"], "certificate.starts_on")
    return {
        "lang": "fr", "head": letterhead(settings, "fr"), "number": certificate["number"], "holder": text(organisation["name"]),
        "trading_name": text(organisation.get("trading_name")), "address": ", ".join(postal(organisation)),
        "identity": _identity(application), "sites": sites if len(sites) <= SITES_ON_THE_FACE else [],
        "annex": sites if len(sites) > SITES_ON_THE_FACE else [], "starts": say_day(starts_on, "fr"),
        "ends": say_day(day(certificate["ends_on"], "certificate.ends_on"), "fr"), "mention": mention(categories),
        "verify_url": certificate["verify_url"],
    }


def images(case: Case) -> dict[str, bytes]:
    """Draw the QR code that leads to the verification page."""
    out = io.BytesIO()
    segno.make(case["certificate"]["verify_url"], error="m", micro=False).save(out, kind="svg", border=0, dark="#123563", xmldecl=False)
    return {"qr": out.getvalue()}


def _identity(application: Any) -> list[list[str]]:
    organisation = application["organisation"]
    siren = "".join(text(organisation.get("siren") or (application.get("representative") or {}).get("siren")).split())
    rows = [["SIREN", grouped(siren)], ["NDA", "".join(text(organisation.get("nda")).split()) or "en cours d’enregistrement"]]
    named = application.get("representative") or {}
    if text(organisation.get("country")) not in ("", "FR") and text(named.get("name")):
        rows.append(["Représenté en France par", ", ".join([text(named["name"]), *postal(named)])])
    return rows
