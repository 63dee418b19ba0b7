"""The four categories of action a certificate may cover, with their legal names.

Owns: codes and names. Rule: code du travail, L. 6313-1, 1° to 4°.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.texts import Text
from engine.words import NBSP

NAMES = {
    "OF": Text("actions de formation", "training"),
    "BC": Text("bilans de compétences", "skills assessments"),
    "VAE": Text("actions permettant de faire valider les acquis de l’expérience", "validation of acquired experience"),
    "CFA": Text("actions de formation par apprentissage", "apprenticeship training"),
}


def ordered(categories: Iterable[str]) -> tuple[str, ...]:
    """Put categories in the order of the law, each once."""
    asked = set(categories)
    return tuple(code for code in NAMES if code in asked)


def mention(categories: Iterable[str]) -> tuple[str, str]:
    """Write the sentence that must go with the Qualiopi mark, word for word: its fixed beginning, and the categories.

    The beginning covers one category as well as several; a singular wording exists, but no official source gives it.
    Rule: conditions of use of the mark (qualiopi.md, 8.3).
    """
    beginning = f"La certification qualité a été délivrée au titre de la ou des catégories d’actions suivantes{NBSP}:"
    return beginning, f"{NBSP}; ".join(NAMES[code].fr for code in ordered(categories))
