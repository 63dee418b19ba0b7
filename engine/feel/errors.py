"""What goes wrong in FEEL, in French and in English.

Owns: the two errors of the language. Everything else that fails inside an expression is a null, as FEEL says.
"""

from __future__ import annotations


class FeelError(ValueError):
    """An expression cannot be used. `fr` and `en` say why, in a sentence each."""

    def __init__(self, fr: str, en: str) -> None:
        self.fr, self.en = fr, en
        super().__init__(en)


class SyntaxError(FeelError):
    """An expression cannot be read.

    Attributes:
        line, column: where reading stopped, both counted from 1.
        text: the whole expression.
    """

    def __init__(self, fr: str, en: str, text: str, position: int) -> None:
        before = text[:position]
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        self.text = text
        super().__init__(f"Ligne {self.line}, colonne {self.column} : {fr}", f"Line {self.line}, column {self.column}: {en}")


class EvaluationError(FeelError):
    """An expression was stopped: it used up its budget, or a function of the host failed (then `__cause__` is that failure)."""
