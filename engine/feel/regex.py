"""Regular expressions in bounded time.

Owns: running a pattern over a text, replacing and splitting.
Leaves: reading the pattern to `pattern`.
Promises: the work is at most (size of pattern) × (length of text), since no state is tried twice at one place; a pattern with back
references cannot have that and is stopped by the budget instead. Every step is charged.
Rule: XQuery 1.0 functions 7.6 (matches, replace, tokenize), to which DMN 1.5 table 80 refers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from engine.feel.pattern import Instruction, PatternError, assemble

Groups = tuple[int, ...]
STEP_COST = 2
_REFERENCE = re.compile(r"\\(.)|\$([0-9])|([\\$])", re.DOTALL)


class Program:
    """A pattern made ready: its instructions, the number of its groups, whether it refers back."""

    __slots__ = ("code", "groups", "refers_back")

    def __init__(self, code: list[Instruction], groups: int) -> None:
        self.code = code
        self.groups = groups
        self.refers_back = any(step[0] == "back" for step in code)

    def search(self, text: str, start: int, budget: Any) -> Groups | None:
        """Find the first match from a place on. Returns: start and end of the match and of each group (-1 for none); None without match."""
        tried: set[int] = set()
        for at in range(start, len(text) + 1):
            found = self._match(text, at, tried, budget)
            if found is not None:
                return found
            if self.refers_back:
                tried = set()
        return None

    def _match(self, text: str, start: int, tried: set[int], budget: Any) -> Groups | None:
        """Match at one place: the preferred way first, the others from a stack of what is still open."""
        size, width = len(text), len(text) + 1
        open_ways: list[tuple[int, int, Groups]] = [(0, start, (start, -1) + (-1, -1) * self.groups)]
        steps = 0
        while open_ways:
            pc, at, groups = open_ways.pop()
            while True:
                steps += 1
                if steps & 255 == 0:
                    budget.charge(STEP_COST * 256)
                if not self.refers_back:
                    state = pc * width + at
                    if state in tried:
                        break
                    tried.add(state)
                kind, one, other = self.code[pc]
                if kind == "char":
                    if at >= size or not one(text[at]):
                        break
                    at += 1
                elif kind == "split":
                    open_ways.append((other, at, groups))
                    pc = one
                    continue
                elif kind == "jump":
                    pc = one
                    continue
                elif kind == "save":
                    groups = (*groups[:one], at, *groups[one + 1 :])
                elif kind == "at":
                    if not one(text, at):
                        break
                elif kind == "back":
                    said = _said(text, groups, one)
                    if not other(text[at : at + len(said)], said):
                        break
                    at += len(said)
                else:
                    budget.charge(STEP_COST * (steps & 255))
                    return (start, at, *groups[2:])
                pc += 1
        budget.charge(STEP_COST * (steps & 255))
        return None


def _said(text: str, groups: Groups, number: int) -> str:
    start, end = groups[2 * number], groups[2 * number + 1]
    return text[start:end] if start >= 0 and end >= 0 else ""


@lru_cache(maxsize=512)
def compile(pattern: str, flags: str) -> Program | None:
    """Make a pattern ready; None when it or its flags are not right."""
    try:
        return Program(*assemble(pattern, flags))
    except (PatternError, RecursionError):
        return None


def ready(pattern: str, flags: str, budget: Any) -> Program | None:
    """Make a pattern ready, and charge for it once in an evaluation, whether it was kept from an earlier one or not."""
    program = compile(pattern, flags)
    if (pattern, flags) not in budget.patterns:
        budget.charge(20 * len(pattern) + (12 * len(program.code) if program is not None else 2000))
        budget.patterns.add((pattern, flags))
    return program


def replace(program: Program, text: str, replacement: str, budget: Any) -> str | None:
    """Replace every match; `$1` in the replacement is a group, `\\$` a dollar sign.

    Returns: None when the pattern matches the empty string or the replacement is not right.
    """
    if program.search("", 0, budget) is not None or any(match[3] for match in _REFERENCE.finditer(replacement)):
        return None
    parts: list[str] = []
    last = length = 0
    while (found := program.search(text, last, budget)) is not None:
        part = text[last : found[0]] + _REFERENCE.sub(lambda match, found=found: _filled(match, text, found), replacement)  # type: ignore[misc]
        parts.append(part)
        last, length = found[1], length + len(part)
        budget.room_for_text(length)
    return "".join([*parts, text[last:]])


def _filled(match: re.Match[str], text: str, found: Groups) -> str:
    if match[1]:
        return match[1]
    number = int(match[2])
    return _said(text, found, number) if 2 * number + 1 < len(found) else ""


def split(program: Program, text: str, budget: Any) -> list[str] | None:
    """Cut a text at every match; None when the pattern matches the empty string."""
    if program.search("", 0, budget) is not None:
        return None
    parts: list[str] = []
    last = 0
    while (found := program.search(text, last, budget)) is not None:
        parts.append(text[last : found[0]])
        last = found[1]
        budget.room_for_items(len(parts))
    return [*parts, text[last:]]
