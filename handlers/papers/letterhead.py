"""What every paper carries: who the body is, and how numbers and paragraphs are written on paper.

Owns: the head and foot of a paper. Leaves: dates and amounts in words to `engine.words`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from babel import Locale

from engine.settings import Settings
from engine.words import NBSP, THIN
from handlers.variables import text

Case = Mapping[str, Any]


def letterhead(settings: Settings, locale: str) -> dict[str, Any]:
    """Tell the head and foot: name, address, and the line of identity; what is not set is left out."""
    body = settings.body
    place = " ".join(part for part in (body.postcode, body.city) if part)
    legal = [f"SIREN{NBSP}{grouped(body.siren)}" if body.siren else ""]
    if body.accreditation_number:
        legal.append(f"Accréditation Cofrac n°{NBSP}{body.accreditation_number}" if locale == "fr"
                     else f"Cofrac accreditation no.{NBSP}{body.accreditation_number}")
        legal.append(body.accreditation_scope)
    return {"name": body.name, "address": ", ".join(part for part in (body.address, place) if part), "city": body.city,
            "legal": joined(legal), "contact": joined((body.email, body.phone, body.website)), "signatory": body.signatory,
            "signatory_title": body.signatory_title}


def joined(parts: Sequence[str]) -> str:
    """Set facts side by side."""
    return " · ".join(part for part in parts if part)


def grouped(number: str) -> str:
    """Write a SIREN in groups of three, a SIRET in three groups of three and the rest; anything else as it is."""
    if not number.isdigit() or len(number) not in (9, 14):
        return number
    head = [number[start:start + 3] for start in (0, 3, 6)]
    return THIN.join(head + ([number[9:]] if len(number) == 14 else []))


def paragraphs(value: Any) -> list[str]:
    """Part a text a person typed into its paragraphs; line breaks inside one stay."""
    return [block.strip() for block in text(value).replace("\r\n", "\n").split("\n\n") if block.strip()]


def postal(facts: Mapping[str, Any], locale: str = "fr") -> list[str]:
    """Write an address on its lines: street, postcode and town, name of the country when it is not France."""
    town = " ".join(part for part in (text(facts.get("postcode")), text(facts.get("city"))) if part)
    country = text(facts.get("country")).upper()
    named = "" if country in ("", "FR") else str(Locale(locale).territories.get(country, country))
    return [line for line in (text(facts.get("address")), town, named) if line]


def recipient(case: Case, locale: str) -> list[str]:
    """Write to whom a paper is addressed: the organisation, its contact, its address."""
    application = case["application"]
    organisation, person = application["organisation"], application.get("contact") or application["manager"]
    return [text(organisation["name"]), text(person.get("name")), *postal(organisation, locale)]
