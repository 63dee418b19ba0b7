"""Types as they are written.

Owns: the grammar of types: names, list<…>, range<…>, context<name: …>, function<…> -> …
Leaves: what they mean to `types`.
Rule: DMN 1.5, 10.3.1.2, grammar rule 52.
"""

from __future__ import annotations

from engine.feel import tree as t
from engine.feel.cursor import Cursor

TYPE_NAMES = ("date and time", "days and time duration", "years and months duration")


class TypeParser(Cursor):
    """Reads types."""

    def type(self) -> t.TypeNode:
        """A type: a name, or list<…>, range<…>, context<name: …>, function<…> -> …"""
        self.go_deeper()
        position, name = self.token.position, self.type_name()
        arguments: list[tuple[str, t.TypeNode]] = []
        result = None
        if name in ("list", "range", "context", "function") and self.accept("<"):
            while not self.accept(">"):
                if arguments:
                    self.expect(",")
                key = self.key() if name == "context" else ""
                if name == "context":
                    self.expect(":")
                arguments.append((key, self.type()))
            if name == "function" and self.accept("->"):
                result = self.type()
        self.nesting -= 1
        return t.TypeNode(position, name, arguments, result)

    def type_name(self) -> str:
        words = " ".join(token.value for token in self.tokens[self.at : self.at + 4])
        for phrase in TYPE_NAMES:
            if words.startswith(phrase):
                self.at += len(phrase.split())
                return phrase
        name = self.name()
        while self.accept("."):
            name += "." + self.name()
        return name
