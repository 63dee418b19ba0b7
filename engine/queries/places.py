"""Where a list that is sorted by moments goes on.

Owns: `Place`, written into an address and read back.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Place(NamedTuple):
    """Where a line stands: by moment, then by id."""

    at: datetime
    id: str

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"

    @classmethod
    def read(cls, text: str | None) -> Place | None:
        """Read a place back from an address; None for none or for one that nobody wrote."""
        try:
            at, _, line_id = (text or "").partition("~")
            return cls(datetime.fromisoformat(at), line_id) if line_id and at.endswith("+00:00") else None
        except ValueError:
            return None
