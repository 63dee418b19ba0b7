"""The words of an expression.

Owns: cutting a text into tokens, each with its position.
Leaves: which words together make one name to `parser`, since names may hold spaces and signs.
Rule: DMN 1.5, 10.3.1.2, grammar rules 21 to 41 and 57 to 66.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.feel.budget import MAX_EXPRESSION, MAX_WORDS
from engine.feel.errors import SyntaxError

_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040'’"
_SPACE = "\u0009-\u000d\u0020\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

_TOKEN = re.compile(
    rf"""(?P<space>[{_SPACE}]+|//[^\n]*|/\*[\s\S]*?(?:\*/|\Z))
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+(?![{_PART}]))?)
    |(?P<string>"(?:[^"\\]|\\[\s\S])*")
    |(?P<name>[{_START}][{_PART}]*)
    |(?P<sign>\*\*|\.\.|->|<=|>=|!=|[-+*/=<>()\[\]{{}},.:@])""",
    re.VERBOSE,
)
_CLOSED = re.compile(r"/\*[\s\S]*\*/")
_ESCAPE = re.compile(r"""\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))""", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """One word: `kind` is number, string, name, sign or end; `value` its text (of a string: what it means)."""

    kind: str
    value: str
    position: int
    end: int


def tokens(text: str) -> list[Token]:
    """Cut an expression into its words, with an `end` token last.

    Raises: SyntaxError at a character that starts no word, and for a text longer than the limits.
    """
    if len(text) > MAX_EXPRESSION:
        raise SyntaxError(f"l’expression dépasse {MAX_EXPRESSION} caractères", f"the expression exceeds {MAX_EXPRESSION} characters",
                          text[:100], 0)
    found: list[Token] = []
    position = count = 0
    while position < len(text):
        count += 1
        if count > 2 * MAX_WORDS or len(found) >= MAX_WORDS:
            raise SyntaxError(f"l’expression dépasse {MAX_WORDS} mots", f"the expression exceeds {MAX_WORDS} words", text, position)
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        kind = match.lastgroup or ""
        if kind == "space" and match.group().startswith("/*") and not _CLOSED.fullmatch(match.group()):
            raise SyntaxError("un commentaire n’est pas fermé", "a comment is not closed", text, position)
        if kind != "space":
            value = match.group()
            found.append(Token(kind, unescape(value[1:-1]) if kind == "string" else value, position, match.end()))
        position = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found


def _unreadable(text: str, position: int) -> SyntaxError:
    if text[position] == '"':
        return SyntaxError("un texte entre guillemets n’est pas fermé", "a string is not closed", text, position)
    sign = text[position]
    return SyntaxError(f"le signe « {sign} » n’a pas de sens ici", f"the sign {sign!r} means nothing here", text, position)


def unescape(body: str) -> str:
    r"""Read the escapes of a string: \n \t \" \\ \uXXXX (pairs of surrogates joined) \UXXXXXX; any other stays as it is written."""
    if "\\" not in body:
        return body
    plain = _ESCAPE.sub(_escaped, body)
    try:
        return plain.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return plain.encode("utf-8", "replace").decode("utf-8")


def _escaped(match: re.Match[str]) -> str:
    digits = match.group(1) or match.group(2)
    if digits:
        code = int(digits, 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    return _PLAIN_ESCAPES.get(match.group(3), match.group())


def is_plain_name(name: str) -> bool:
    """Tell whether a name is one word, so that it needs no knowledge of the context to be read."""
    return _PLAIN.fullmatch(name) is not None


_PLAIN = re.compile(rf"[{_START}][{_PART}]*")
