"""What is marked on a drawing: where tokens are, where they have been, what is late or stands still.

Owns: `Marks`, and which class an element or a flow gets from them.
Leaves: finding out to whoever knows the case (`web.diagrams`), a draft or a difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Link:
    """Where an element leads, and what a reader is told of it who does not see the drawing."""

    address: str
    told: str


@dataclass(frozen=True)
class Marks:
    """The marks of one drawing, by element id.

    Attributes:
        here: how many tokens wait there. passed: how often it was left. late, failed: what is past its day, what stands still.
        skipped: branches that were not followed. taken: ids of sequence flows a token went along.
        links: elements that lead somewhere. classes: further words ("added", "changed"), for differences and rehearsals.
    """

    here: Mapping[str, int] = field(default_factory=dict)
    passed: Mapping[str, int] = field(default_factory=dict)
    late: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    links: Mapping[str, Link] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)

    def of(self, element: str) -> str:
        """The class of an element or flow, "" for none; what asks for a look goes before what is well."""
        for word, chosen in (("risk", self.failed), ("late", self.late), ("active", self.here), ("done", self.passed), ("done", self.taken),
                             ("skipped", self.skipped)):
            if element in chosen:
                return f"{word} {self.classes[element]}" if element in self.classes else word
        return self.classes.get(element, "")
