"""Ids of what comes into being one after the other.

Owns: ids that nobody can guess and that sort in the order they were made in this process.
Promises: two things that begin at the same moment of the engine's clock, which stands still in a rehearsal, keep their order: the same
calls give the same result.
"""

from __future__ import annotations

from itertools import count
from secrets import token_hex

_MADE = count()
_DIGITS = 12


def in_order() -> str:
    """Make an id of 32 hex digits: 12 that count, 20 that are drawn (80 bits)."""
    return f"{next(_MADE) % 16 ** _DIGITS:0{_DIGITS}x}{token_hex(10)}"
