"""How much an expression may use: steps, depth, sizes.

Owns: the limits, and the count of one evaluation.
Promises: an expression that would run long or grow large ends in an `EvaluationError` within about a tenth of a second. The count is of
steps, not of time, so that the same expression over the same values always ends the same way.
"""

from __future__ import annotations

from typing import Any

from engine.feel.errors import EvaluationError

#: one step is the evaluation of one node of the expression, or other work of about a quarter of a microsecond
MAX_STEPS = 200_000
MAX_CALL_DEPTH = 60
MAX_TEXT = 200_000          # characters of a string
MAX_EXPRESSION = 100_000    # characters of an expression
MAX_WORDS = 5_000           # words of an expression
MAX_ITEMS = 100_000         # items of a list


class Budget:
    """What one evaluation has left."""

    __slots__ = ("calls", "steps")

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.calls = 0

    def charge(self, steps: int) -> None:
        """Use up steps. Raises: EvaluationError when none are left."""
        self.steps -= steps
        if self.steps < 0:
            raise EvaluationError("L’expression demande trop de calculs ; elle a été arrêtée.",
                                  "The expression takes too many steps; it was stopped.")

    def enter(self) -> None:
        """Go into a function of the expression. Raises: EvaluationError when functions call each other too deep."""
        self.calls += 1
        if self.calls > MAX_CALL_DEPTH:
            raise EvaluationError("Les fonctions de l’expression s’appellent trop profondément.",
                                  "The functions of the expression call each other too deep.")

    def leave(self) -> None:
        self.calls -= 1

    def room_for_text(self, length: int) -> None:
        """Check that a string of so many characters may be made, and charge for making it."""
        if length > MAX_TEXT:
            raise EvaluationError(f"Un texte dépasserait {MAX_TEXT} caractères.", f"A string would exceed {MAX_TEXT} characters.")
        self.charge(length >> 7)

    def room_for_items(self, count: int) -> None:
        """Check that a list of so many items may be made, and charge for making it."""
        if count > MAX_ITEMS:
            raise EvaluationError(f"Une liste dépasserait {MAX_ITEMS} éléments.", f"A list would exceed {MAX_ITEMS} items.")
        self.charge(count >> 2)

    def measure(self, value: Any) -> None:
        """Charge for every part of a value, shared parts each time they are met: what is handed out must be of bounded size."""
        waiting = [value]
        while waiting:
            part = waiting.pop()
            if isinstance(part, dict):
                self.charge(2 + len(part))
                waiting.extend(part.values())
            elif isinstance(part, list):
                self.charge(2 + len(part))
                waiting.extend(part)


def too_deep() -> EvaluationError:
    """The error for an expression or value nested deeper than Python can follow."""
    return EvaluationError("L’expression ou ses valeurs sont imbriquées trop profondément.",
                           "The expression or its values are nested too deep.")
