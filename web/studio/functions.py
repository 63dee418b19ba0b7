"""The functions an expression may call, for the editors to offer.

Owns: those that a diagram has besides FEEL's own, told in both languages; the list the editors complete from.
Leaves: what FEEL's own are, take and give to `engine.feel`; running them to the engine.
Rule: docs/diagrams.md, section 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine import feel
from engine.feel.builtins import signatures
from web.catalogue import locale, say


@dataclass(frozen=True)
class Function:
    """A function. `call`: how it is written, `reminders(rule, anchor)`; `about`: what it gives; `example`: one, "" for none."""

    name: str
    call: str
    about: str
    example: str = ""

    def told(self) -> dict[str, str]:
        """The function as the editors read it."""
        return {"id": self.name, "call": self.call, "about": self.about, "example": self.example}


def known() -> tuple[Function, ...]:
    """Every way to call every function, those of Jalon first."""
    rule, anchor = say("rule"), say("anchor")
    counted = f"({rule}, {anchor})"
    ours = (
        Function("deadline", f"deadline{counted}", say("The last day of a deadline rule; opens it in the ledger of deadlines.")),
        Function("reminders", f"reminders{counted}", say("The moments at which a deadline rule reminds.")),
        Function("escalations", f"escalations{counted}", say("The moments at which a deadline rule escalates.")),
        Function("day", f"day{counted}", say("The last day of a deadline rule, without opening it.")),
    )
    return (*ours, *(_of_feel(one) for one in signatures()))


def _of_feel(told: feel.Help) -> Function:
    example = f"{told.example} = {told.value}" if told.example else ""
    return Function(told.name, told.text, told.fr if locale() == "fr" else told.en, example)
