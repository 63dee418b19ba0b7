"""Findings of an audit: whether they may stand, and how they count.

Owns: gravity allowed or not, findings told twice, which minors count as majors.
Leaves: which gravity an indicator allows and how many minors count as majors to the decision tables of the process.
Rule: arrêté of 6 June 2019, art. 5 (17 indicators are major only); guide: the fifth open minor counts as a major (qualiopi.md, 1.2 and 2).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from handlers.variables import text

#: A finding on the display of the certificate or the use of the mark belongs to no indicator.
BEYOND_INDICATORS = 0


def gravity_is_allowed(gravity: str, allowed: str) -> bool:
    """Tell whether a finding may have this gravity.

    Args:
        gravity: "minor" or "major". allowed: "major_only" or "minor_or_major", of the indicator.
    Rule: arrêté, art. 5: a shortcoming on a major-only indicator is a major, however partial.
    """
    return gravity == "major" or (gravity == "minor" and allowed == "minor_or_major")


def not_applicable(findings: Sequence[Mapping[str, Any]], indicators: Collection[int]) -> tuple[int, ...]:
    """List the indicators findings name that are not in the scope of the audit."""
    named = dict.fromkeys(int(finding["indicator"]) for finding in findings)
    return tuple(number for number in named if number != BEYOND_INDICATORS and number not in indicators)


def told_twice(findings: Sequence[Mapping[str, Any]]) -> tuple[int, ...]:
    """List the indicators on which the same fact is found twice; blanks and capitals do not make a fact another one."""
    seen: set[tuple[int, str]] = set()
    twice: dict[int, None] = {}
    for finding in findings:
        key = (int(finding["indicator"]), " ".join(text(finding.get("fact")).casefold().split()))
        if key in seen:
            twice[key[0]] = None
        seen.add(key)
    return tuple(twice)


def counted(gravities: Sequence[str], minors_as_majors: int) -> tuple[str, ...]:
    """Tell how each finding counts: the last minors in order of finding count as majors.

    Args:
        gravities: as found, in order of finding. minors_as_majors: how many minors count as majors (0 up to four minors).
    Rule: five open minors count as a major; those up to the fourth remain minors.
    """
    minors = [position for position, gravity in enumerate(gravities) if gravity == "minor"]
    raised = set(minors[len(minors) - minors_as_majors:]) if minors_as_majors else set()
    return tuple("major" if position in raised else gravity for position, gravity in enumerate(gravities))
