"""The numbers that identify a training organisation: SIREN, SIRET, NDA.

Owns: whether such a number can exist. Leaves: whether it does exist to the company directory and the public list.
Rule: INSEE's rules for SIREN and SIRET as python-stdnum applies them; for the NDA the shape seen on published numbers (qualiopi.md, 5).
"""

from __future__ import annotations

import re

from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

_NDA = re.compile(r"\d{2}(\d{2}|2[AB])\d{5}\1")


def bare(number: str) -> str:
    """Strip the blanks and points people write into a number."""
    return re.sub(r"[\s.\-]", "", number).upper()


def siren_is_possible(number: str) -> bool:
    """Tell whether a SIREN has 9 digits and the right check digit (Luhn)."""
    return bool(stdnum_siren.is_valid(bare(number)))


def siret_is_possible(number: str) -> bool:
    """Tell whether a SIRET has 14 digits and the right check digit.

    Rule: Luhn over 14 digits; establishments of La Poste (356 000 000, its head office apart): the digits sum to a multiple of 5.
    """
    return bool(stdnum_siret.is_valid(bare(number)))


def siret_belongs_to(siret: str, siren: str) -> bool:
    """Tell whether an establishment is one of an enterprise: its SIRET begins with the SIREN."""
    return bare(siret)[:9] == bare(siren)


def nda_looks_right(number: str) -> bool:
    """Tell whether a declaration number has the usual 11 characters: region, department, serial number, department again.

    Numbers overseas and old ones may look otherwise and nothing official says how, so a "no" is a reason to look, never to refuse.
    """
    return _NDA.fullmatch(bare(number)) is not None
