"""Reading a regular expression.

Owns: the syntax of XML Schema and XQuery patterns, and turning one into instructions for `regex`.
Promises: a pattern that is not right raises `PatternError`; repetition is unrolled up to a bounded size.
Rule: XML Schema part 2, appendix F, with the additions of XQuery functions 7.6.1 (anchors, reluctant quantifiers, groups, back references).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

Instruction = tuple[str, Any, Any]
CharTest = Callable[[str], bool]
MAX_INSTRUCTIONS = 5_000

_SPACES = " \t\n\r"
_CATEGORIES = frozenset((
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
    "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn",
))
#: the blocks people name; others are refused
_BLOCKS = {
    "BasicLatin": (0x0, 0x7F), "Latin-1Supplement": (0x80, 0xFF), "LatinExtended-A": (0x100, 0x17F), "LatinExtended-B": (0x180, 0x24F),
    "Greek": (0x370, 0x3FF), "Cyrillic": (0x400, 0x4FF), "Hebrew": (0x590, 0x5FF), "Arabic": (0x600, 0x6FF),
    "GeneralPunctuation": (0x2000, 0x206F), "CurrencySymbols": (0x20A0, 0x20CF), "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF), "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
}
_LETTERS = (r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
            r"\u3001-\ud7ff")
_NAME_START = re.compile(f"[:_A-Za-z{_LETTERS}]")
_NAME_PART = re.compile(rf"[:_A-Za-z0-9.\-\u00b7\u0300-\u036f\u203f\u2040{_LETTERS}]")


class PatternError(ValueError):
    """A pattern or its flags are not right."""


def assemble(pattern: str, flags: str) -> tuple[list[Instruction], int]:
    """Read a pattern. Returns: its instructions, and how many groups it has. Raises: PatternError."""
    if not set(flags) <= set("smix"):
        raise PatternError(flags)
    if "q" in flags:
        raise PatternError(flags)
    if "x" in flags:
        pattern = _without_space(pattern)
    reader = _Reader(pattern, flags)
    code = reader.alternatives()
    if reader.at < len(pattern):
        raise PatternError(pattern)
    return [*code, ("end", None, None)], reader.groups


def _without_space(pattern: str) -> str:
    """Drop spaces outside of character classes; inside \\p{…} they go too."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for char in pattern:
        if escaped or char == "\\":
            escaped = not escaped
        elif char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
        if depth > 0 or char not in _SPACES:
            kept.append(char)
        elif escaped is False and kept and kept[-1] == "\\":
            continue
    return "".join(kept)


class _Reader:
    """One reading of one pattern. Instructions carry targets relative to the start of their piece, moved when pieces join."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.fold = "i" in flags
        self.dot_all = "s" in flags
        self.lines = "m" in flags
        self.depth = 0

    @property
    def char(self) -> str:
        return self.pattern[self.at] if self.at < len(self.pattern) else ""

    def take(self) -> str:
        char = self.char
        if not char:
            raise PatternError(self.pattern)
        self.at += 1
        return char

    # --- structure ------------------------------------------------------------------------------------------------------------------

    def alternatives(self) -> list[Instruction]:
        self.depth += 1
        if self.depth > 40:
            raise PatternError(self.pattern)
        ways = [self.sequence()]
        while self.char == "|":
            self.at += 1
            ways.append(self.sequence())
            if len(ways) > MAX_INSTRUCTIONS:
                raise PatternError(self.pattern)
        self.depth -= 1
        return self.bounded(_either(ways))

    def sequence(self) -> list[Instruction]:
        code: list[Instruction] = []
        while self.char and self.char not in "|)":
            code += _moved(self.piece(), len(code))
            self.bounded(code)
        return code

    def bounded(self, code: list[Instruction]) -> list[Instruction]:
        if len(code) > MAX_INSTRUCTIONS:
            raise PatternError(self.pattern)
        return code

    def piece(self) -> list[Instruction]:
        atom = self.atom()
        char = self.char
        if char not in ("?", "*", "+", "{") or not char:
            return atom
        low, high = self.quantity()
        reluctant = self.char == "?"
        if reluctant:
            self.at += 1
        if self.char and self.char in "?*+{":
            raise PatternError(self.pattern)
        return self.repeated(atom, low, high, reluctant)

    def quantity(self) -> tuple[int, int | None]:
        char = self.take()
        if char != "{":
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[char]
        match = re.compile(r"([0-9]{1,5})(,([0-9]{0,5}))?\}").match(self.pattern, self.at)
        if match is None:
            raise PatternError(self.pattern)
        self.at = match.end()
        low = int(match[1])
        high = low if match[2] is None else int(match[3]) if match[3] else None
        if high is not None and high < low:
            raise PatternError(self.pattern)
        return low, high

    def repeated(self, atom: list[Instruction], low: int, high: int | None, reluctant: bool) -> list[Instruction]:
        if len(atom) * max(low, high or 0, 1) > MAX_INSTRUCTIONS:
            raise PatternError(self.pattern)
        code: list[Instruction] = []
        for _ in range(low):
            code += _moved(atom, len(code))
        if high is None:
            start = len(code)
            code += [_fork(start + 1, start + len(atom) + 2, reluctant), *_moved(atom, start + 1), ("jump", start, None)]
            return code
        end = len(code) + (high - low) * (len(atom) + 1)
        for _ in range(high - low):
            code += [_fork(len(code) + 1, end, reluctant), *_moved(atom, len(code) + 1)]
        return code

    def atom(self) -> list[Instruction]:
        char = self.take()
        if char == "(":
            return self.group()
        if char == "[":
            return [("char", self.remembered(self.char_class()), None)]
        if char == "^":
            return [("at", _line_start if self.lines else _text_start, None)]
        if char == "$":
            return [("at", _line_end if self.lines else _text_end, None)]
        if char == ".":
            return [("char", (lambda c: True) if self.dot_all else (lambda c: c not in "\n\r"), None)]
        if char == "\\":
            return self.escape()
        if char in "?*+{}])":
            raise PatternError(self.pattern)
        return [("char", self.literal(char), None)]

    def group(self) -> list[Instruction]:
        if self.pattern.startswith("?:", self.at):
            self.at += 2
            code = self.alternatives()
        else:
            if self.char == "?":
                raise PatternError(self.pattern)
            self.groups += 1
            number = self.groups
            inner = self.alternatives()
            self.closed.add(number)
            code = [("save", 2 * number, None), *_moved(inner, 1), ("save", 2 * number + 1, None)]
        if self.take() != ")":
            raise PatternError(self.pattern)
        return code

    def escape(self) -> list[Instruction]:
        if self.char.isdigit():
            number = int(self.take())
            while self.char.isdigit() and number * 10 + int(self.char) <= self.groups:
                number = number * 10 + int(self.take())
            if number not in self.closed:
                raise PatternError(self.pattern)
            same = (lambda a, b: a.casefold() == b.casefold()) if self.fold else (lambda a, b: a == b)
            return [("back", number, same)]
        return [("char", self.remembered(self.escaped()), None)]

    # --- characters -----------------------------------------------------------------------------------------------------------------

    def remembered(self, test: CharTest) -> CharTest:
        """Tell characters apart by a test asked once for each of them."""
        return lru_cache(maxsize=1024)(test)

    def literal(self, char: str) -> CharTest:
        if not self.fold:
            return char.__eq__
        forms = _forms(char)
        return lambda c: c in forms or char in _forms(c)

    def escaped(self) -> CharTest:
        """The class an escape stands for, behind its backslash."""
        char = self.take()
        if char in "pP":
            wanted = self.category()
            return wanted if char == "p" else (lambda c: not wanted(c))
        test = _CLASSES.get(char.lower())
        if test is not None:
            return test if char.islower() else (lambda c: not test(c))
        if char in "nrt":
            return {"n": "\n", "r": "\r", "t": "\t"}[char].__eq__
        if char in "\\|.?*+(){}-[]^$":
            return self.literal(char)
        raise PatternError(self.pattern)

    def category(self) -> CharTest:
        match = re.compile(r"\{([A-Za-z0-9-]+)\}").match(self.pattern, self.at)
        if match is None:
            raise PatternError(self.pattern)
        self.at = match.end()
        name = match[1]
        if name.startswith("Is") and name[2:] in _BLOCKS:
            low, high = _BLOCKS[name[2:]]
            return lambda c: low <= ord(c) <= high
        if name not in _CATEGORIES:
            raise PatternError(self.pattern)
        return lambda c: unicodedata.category(c).startswith(name)

    def char_class(self) -> CharTest:
        """What stands in brackets, behind the opening one: members, ranges, and perhaps a class taken away."""
        self.depth += 1
        negative = self.char == "^"
        if negative:
            self.at += 1
        tests: list[CharTest] = []
        taken: CharTest | None = None
        while self.char != "]" or not tests:
            if self.char == "-" and self.pattern.startswith("[", self.at + 1) and tests:
                self.at += 2
                if self.depth > 40:
                    raise PatternError(self.pattern)
                taken = self.char_class()
                break
            tests.append(self.member())
        if self.take() != "]":
            raise PatternError(self.pattern)
        self.depth -= 1
        return lambda c: (any(test(c) for test in tests) is not negative) and not (taken is not None and taken(c))

    def member(self) -> CharTest:
        char = self.take()
        if char == "[":
            raise PatternError(self.pattern)
        if char == "\\":
            if self.char not in "nrt\\|.?*+(){}-[]^$":
                return self.escaped()
            char = {"n": "\n", "r": "\r", "t": "\t"}.get(self.char, self.char)
            self.at += 1
        elif char == "-" and self.char not in ("]", "-") and not self.pattern.startswith("-", self.at - 2):
            return self.literal("-")
        if self.char != "-" or self.pattern[self.at + 1 : self.at + 2] in ("]", "[", ""):
            return self.literal(char)
        self.at += 1
        return self.span(char)

    def span(self, low: str) -> CharTest:
        high = self.take()
        if high == "\\":
            high = self.take()
            high = {"n": "\n", "r": "\r", "t": "\t"}.get(high, high)
        if high < low:
            raise PatternError(self.pattern)
        if self.fold:
            return lambda c: any(low <= form <= high for form in _forms(c))
        return lambda c: low <= c <= high


def _forms(char: str) -> set[str]:
    return {char, char.lower(), char.upper()}


def _moved(code: list[Instruction], by: int) -> list[Instruction]:
    """Move the targets of a piece that is put behind so many instructions."""
    if not by:
        return code
    return [(kind, one + by, other + by) if kind == "split" else (kind, one + by, None) if kind == "jump" else (kind, one, other)
            for kind, one, other in code]


def _either(ways: list[list[Instruction]]) -> list[Instruction]:
    """Alternatives, tried in order: before each but the last a split to it or on to the next, behind it a jump to the end."""
    end = sum(map(len, ways)) + 2 * (len(ways) - 1)
    code: list[Instruction] = []
    for way in ways[:-1]:
        at = len(code)
        code += [("split", at + 1, at + len(way) + 2), *_moved(way, at + 1), ("jump", end, None)]
    return code + _moved(ways[-1], len(code))


def _fork(inside: int, outside: int, reluctant: bool) -> Instruction:
    return ("split", outside, inside) if reluctant else ("split", inside, outside)


def _text_start(text: str, at: int) -> bool:
    return at == 0


def _text_end(text: str, at: int) -> bool:
    return at == len(text)


def _line_start(text: str, at: int) -> bool:
    return at == 0 or (text[at - 1] == "\n" and at < len(text))


def _line_end(text: str, at: int) -> bool:
    return at == len(text) or text[at] == "\n"


_CLASSES: dict[str, CharTest] = {
    "d": lambda c: unicodedata.category(c) == "Nd",
    "s": lambda c: c in _SPACES,
    "w": lambda c: unicodedata.category(c)[0] not in "PZC",
    "i": lambda c: _NAME_START.match(c) is not None,
    "c": lambda c: _NAME_PART.match(c) is not None,
}
