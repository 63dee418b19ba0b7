"""Names of several words.

Owns: finding the longest known name at a place of the token list, and joining what must be one name without being known.
Promises: a name holding signs or operator words (`pre-bureau risk`, `date and time`) is read as one when it is known; a name of plain words
(`years of service`) is always read as one, since FEEL never puts two operands side by side.
Rule: DMN 1.5, 10.3.1.2 and 10.3.1.4 (ambiguity is resolved by the names in scope, longest first).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise

from engine.feel.errors import SyntaxError
from engine.feel.lexer import Token, is_plain_name, tokens

Words = tuple[str, ...]
#: words that end a name of plain words
STOP = frozenset({"and", "or", "in", "between", "then", "else", "return", "satisfies"})
SIGNS_IN_NAMES = frozenset({"+", "-", "*", "/", ".", "**"})


class Names:
    """The names in scope that cannot be read without knowing them."""

    def __init__(self, known: Iterable[str]) -> None:
        #: by their first word: by how many words they have: name by words
        self._by_first: dict[str, dict[int, dict[Words, str]]] = {}
        self._words: dict[str, Words] = {}
        for name in known:
            self.add(name)

    def add(self, name: str) -> bool:
        """Make a name known. Returns whether it was new and needed it."""
        if is_plain_name(name) or name in self._words:
            return False
        try:
            words = tuple(token.value for token in tokens(name)[:-1])
        except SyntaxError:
            return False
        if not words or words in self._by_first.get(words[0], {}).get(len(words), {}):
            return False
        self._by_first.setdefault(words[0], {}).setdefault(len(words), {})[words] = name
        self._words[name] = words
        return True

    def remove(self, name: str) -> None:
        words = self._words.pop(name)
        del self._by_first[words[0]][len(words)][words]

    @contextmanager
    def scope(self) -> Iterator[list[str]]:
        """Forget on leaving the names that were put on the list (those `add` said were new)."""
        added: list[str] = []
        try:
            yield added
        finally:
            for name in added:
                self.remove(name)

    def find(self, found: list[Token], at: int) -> tuple[str, int]:
        """Read the name that starts at a token. Returns: the name, and the index of the token after it."""
        starting = self._by_first.get(found[at].value)
        for length in sorted(starting, reverse=True) if starting else ():
            name = starting[length].get(tuple(token.value for token in found[at : at + length])) if starting else None
            if name is not None and at + length < len(found):
                return (name, at + length) if length >= plain_end(found, at) - at else joined(found, at)
        return joined(found, at)


def plain_end(found: list[Token], at: int) -> int:
    """Tell the index after the plain words (and whole numbers) that follow each other from a token on."""
    end = at + 1
    while True:
        token = found[end]
        if token.kind == "name":
            if token.value in STOP or (token.value == "instance" and found[end + 1].value == "of"):
                return end
        elif token.kind != "number" or not token.value.isdigit():
            return end
        end += 1


def joined(found: list[Token], at: int) -> tuple[str, int]:
    """Join the plain words from a token on with one space each."""
    end = plain_end(found, at)
    return " ".join(token.value for token in found[at:end]), end


def spelled(found: list[Token]) -> str:
    """Spell a name as it was written, runs of spaces made one."""
    parts = [found[0].value]
    for before, token in pairwise(found):
        parts.append((" " if token.position > before.end else "") + token.value)
    return "".join(parts)
