"""The result of one check: what was checked, how it turned out, and the rule behind it.

Owns: `Check`. Leaves: the rules to the modules beside this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from engine.texts import Text

Result = Literal["ok", "warn", "block"]


@dataclass(frozen=True)
class Check:
    """How one check turned out. `to_validate` marks a rule that no official source confirms yet."""

    check: str                                              #: stable name, "siren"
    result: Result
    text: Text
    source: str
    to_validate: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"check": self.check, "result": self.result, "fr": self.text.fr, "en": self.text.en, "source": self.source,
                "to_validate": self.to_validate}
