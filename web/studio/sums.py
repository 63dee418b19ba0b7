"""What a deadline rule comes to, worked out for a day.

Owns: `WorkedExample`: the sum, its reminders and escalations as days, in the reader's language.
Leaves: the sum itself to `engine.work.reckoning`, its words to `engine.work.explanations`.
Promises: the same function as in a living case; nothing is opened in any ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.work.explanations import Telling
from engine.work.reckoning import reckon
from engine.work.rules import Rule, RuleNotInForce
from web.catalogue import locale
from web.host import host


@dataclass(frozen=True)
class WorkedExample:
    """A rule counted from a day. `refused`: why it cannot be counted from that day, "" when it can; then `telling` is there."""

    anchor: date
    telling: Telling | None
    due_on: date | None = None
    reminders: tuple[date, ...] = ()
    escalations: tuple[date, ...] = ()
    refused: str = ""

    def told(self) -> dict[str, Any]:
        """The sum as the editors read it."""
        if self.telling is None:
            return {"lines": [], "remarks": [self.refused], "consequence": ""}
        lines = [[line.sign, line.figure, line.note] for line in self.telling.lines]
        return {"lines": lines, "remarks": list(self.telling.remarks), "consequence": self.telling.consequence}


def worked(rule: Rule, anchor: date) -> WorkedExample:
    """Count a rule from a day."""
    try:
        found = reckon(rule, anchor, calendar=host().engine.around.calendar)
    except RuleNotInForce as error:
        return WorkedExample(anchor, None, refused=error.sentence(locale()))
    except OverflowError:
        return WorkedExample(anchor, None, refused=RuleNotInForce(rule=rule.id, day=anchor.isoformat()).sentence(locale()))
    day_of = host().wording.day_of
    return WorkedExample(anchor, found.explanation.tell(locale()), found.due_on, tuple(day_of(one) for one in found.reminders),
                         tuple(day_of(one) for one in found.escalations))
