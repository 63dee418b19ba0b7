"""Stepping through the words of an expression.

Owns: the place of reading, what is asked of the word there, names and keys, how deep the reading has gone, the error that tells the place.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.feel.errors import SyntaxError
from engine.feel.lexer import Token, tokens
from engine.feel.names import SIGNS_IN_NAMES, Names, spelled

MAX_NESTING = 50


class Cursor:
    """A place in the words of a text. `nesting` counts what is open around it."""

    def __init__(self, text: str, known: Iterable[str]) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = 0
        self.names = Names(known)
        self.nesting = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def is_sign(self, *signs: str) -> bool:
        token = self.tokens[self.at]
        return token.kind == "sign" and token.value in signs

    def is_word(self, word: str) -> bool:
        token = self.tokens[self.at]
        return token.kind == "name" and token.value == word

    def accept(self, sign: str) -> bool:
        if self.is_sign(sign):
            self.at += 1
            return True
        return False

    def expect(self, sign: str) -> None:
        if not self.accept(sign):
            raise self.error(f"« {sign} » est attendu", f"{sign!r} is expected")

    def expect_word(self, word: str) -> None:
        if not self.is_word(word):
            raise self.error(f"« {word} » est attendu", f"{word!r} is expected")
        self.at += 1

    def error(self, fr: str, en: str) -> SyntaxError:
        token = self.token
        found = (", mais l’expression est finie", ", but the expression ends") if token.kind == "end" else (
            f", pas « {self.text[token.position:token.end]} »", f", not {self.text[token.position:token.end]!r}")
        return SyntaxError(fr + found[0], en + found[1], self.text, token.position)

    def go_deeper(self) -> None:
        """Count one more level of nesting. Raises: SyntaxError when there are too many."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise SyntaxError("l’expression est imbriquée trop profondément", "the expression is nested too deep", self.text,
                              self.token.position)

    def name(self) -> str:
        if self.token.kind != "name":
            raise self.error("un nom est attendu", "a name is expected")
        found, self.at = self.names.find(self.tokens, self.at)
        return found

    def key(self) -> str:
        """The key of a context entry: a string, or a name up to its colon."""
        if self.token.kind == "string":
            self.at += 1
            return self.tokens[self.at - 1].value
        start = self.at
        while self.token.kind in ("name", "number") or (self.token.kind == "sign" and self.token.value in SIGNS_IN_NAMES):
            self.at += 1
        if self.at == start or self.tokens[start].kind != "name":
            raise self.error("une clé est attendue", "a key is expected")
        return spelled(self.tokens[start : self.at])
