"""A draft meets the version that was published while it was being changed.

Owns: what each of the two has changed since the draft was opened, file by file, and where both did.
Leaves: telling differences to `differences`, taking them in to `drafts`.
Promises: a file that both changed in the same way is no conflict; every other file that either changed is told once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.change.differences import Differences, FileDifference, compare, kind_of
from engine.definitions import Package

#: Who is asked: nobody when one side alone changed it, the author when both did.
Side = Literal["mine", "theirs", "both"]


@dataclass(frozen=True)
class Met:
    """One file. `mine`, `theirs`: what the draft and the published version changed in it, None for nothing."""

    path: str
    kind: str
    side: Side
    mine: FileDifference | None
    theirs: FileDifference | None


@dataclass(frozen=True)
class Meeting:
    """All files that either has changed, those first on which the author is asked. `version_id`: of what was published."""

    version_id: str
    files: tuple[Met, ...]
    mine: Differences
    theirs: Differences

    def of(self, side: Side) -> tuple[Met, ...]:
        return tuple(one for one in self.files if one.side == side)


def meet(version_id: str, base: Package, mine: Package, theirs: Package) -> Meeting:
    """Tell what both have changed since `base`."""
    ours, others = compare(base, mine), compare(base, theirs)
    by_path = [{file.path: file for file in found.files} for found in (ours, others)]
    found = []
    for path in sorted({*base.files, *mine.files, *theirs.files}):
        was, one, other = (package.files.get(path) for package in (base, mine, theirs))
        if was == one == other:
            continue
        side: Side = "theirs" if one == was else "mine" if other == was or one == other else "both"
        told = [known.get(path) if now != was else None for known, now in zip(by_path, (one, other), strict=True)]
        found.append(Met(path, kind_of(path), side, *told))
    return Meeting(version_id, tuple(sorted(found, key=lambda one: ("both", "theirs", "mine").index(one.side))), ours, others)
