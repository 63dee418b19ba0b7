"""Words on a drawing: broken into lines that fit.

Owns: how wide a line of the pages' type is, near enough, and where it may be broken.
Promises: no line is wider than asked but one of a single letter; what does not fit in the lines there are ends in "…".
"""

from __future__ import annotations

from functools import lru_cache

LINE = 14.4
_NARROW, _WIDE = "iIljtf.,:;!'’|()[] \u00a0\u202f", "mwMWÆŒ@%"


def width(words: str, size: float = 12.0) -> float:
    """How wide a line is, in units of the drawing."""
    return sum(0.31 if one in _NARROW else 0.9 if one in _WIDE else 0.68 if one.isupper() else 0.56 for one in words) * size


@lru_cache(maxsize=4096)
def lines(words: str, room: float, most: int = 12, size: float = 12.0) -> tuple[str, ...]:
    """Break words into lines no wider than `room`."""
    found: list[str] = []
    for word in words.split():
        joined = f"{found[-1]} {word}" if found else word
        if found and width(joined, size) <= room:
            found[-1] = joined
        else:
            found += _pieces(word, room, size)
    if len(found) > most:
        found = [*found[:most - 1], f"{found[most - 1].rstrip(' ,;:')}…"]
    return tuple(found)


def _pieces(word: str, room: float, size: float) -> list[str]:
    """A word too long for one line, in pieces with hyphens."""
    pieces: list[str] = []
    while width(word, size) > room and len(word) > 1:
        end = next((at for at in range(len(word) - 1, 0, -1) if width(f"{word[:at]}-", size) <= room), 1)
        pieces.append(f"{word[:end]}-" if not word[:end].endswith("-") else word[:end])
        word = word[end:]
    return [*pieces, word]
