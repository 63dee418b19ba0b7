"""Named checks for the fields of forms: a form says `"validator": "siret"` and gets the fault in both languages, with its rule.

Owns: the checks by name (`VALIDATORS`, handed to `engine.forms`).
Leaves: checks over several fields to FEEL in the form; what a number means to `handlers.qualiopi.numbers`.
Promises: an empty value is no fault (`required` is the form's word); blanks and points inside a number do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from engine.forms.faults import FieldError
from engine.texts import Text
from handlers.qualiopi import numbers

Validator = Callable[[Any], FieldError | None]
INSEE = Text("règles de l’INSEE", "rules of INSEE")
_POSTCODE = re.compile(r"\d{5}")
_COUNTRY = re.compile(r"[A-Z]{2}")


def _validator(name: str, is_right: Callable[[str], bool], message: Text, rule: Text) -> Validator:
    """Make a check of a text. What is not text is wrong too: a number loses its leading zeros."""
    def check(value: Any) -> FieldError | None:
        if value is None or value == "":
            return None
        return None if isinstance(value, str) and is_right(value.strip()) else FieldError(f"validator.{name}", message, rule)
    return check


def _nda(value: str) -> bool:
    """A declaration number has 11 characters. Its inner shape is not official, so an unusual one passes here and warns at admissibility."""
    return re.fullmatch(r"\d{2}[0-9AB]{9}", numbers.bare(value)) is not None


VALIDATORS: Mapping[str, Validator] = {
    "siren": _validator("siren", numbers.siren_is_possible, Text(
        "Ce SIREN n’est pas valable : 9 chiffres, dont le dernier est une clé de contrôle.",
        "This SIREN is not valid: 9 digits, the last one a check digit."), INSEE),
    "siret": _validator("siret", numbers.siret_is_possible, Text(
        "Ce SIRET n’est pas valable : 14 chiffres, dont le dernier est une clé de contrôle.",
        "This SIRET is not valid: 14 digits, the last one a check digit."), INSEE),
    "nda": _validator("nda", _nda, Text(
        "Ce numéro de déclaration d’activité n’est pas valable : 11 caractères, par exemple 11 75 39666 75.",
        "This declaration number is not valid: 11 characters, such as 11 75 39666 75."),
        Text("forme constatée sur des numéros publiés, à valider", "shape seen on published numbers, to validate")),
    "postcode": _validator("postcode", lambda value: _POSTCODE.fullmatch(value) is not None, Text(
        "Un code postal français a 5 chiffres.", "A French postcode has 5 digits."), Text("La Poste", "La Poste")),
    "country": _validator("country", lambda value: _COUNTRY.fullmatch(value) is not None, Text(
        "Le pays s’écrit en deux lettres, par exemple FR.", "A country is written in two letters, such as FR."),
        Text("norme ISO 3166-1", "ISO 3166-1")),
}
