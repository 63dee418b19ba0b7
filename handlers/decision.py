"""The decision that the law takes in the body's place: refusal, because a non-conformity was not dealt with in time.

Owns: `decision.refuse_by_law`.
Leaves: every other decision to a person; the time limits to the deadline rules; the letter to `handlers.papers`.
Promises: the refusal names what lapsed as the register holds it: which non-conformity, how it counts, the last day it had.
Rule: arrêté of 6 June 2019, art. 5 (qualiopi.md, 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.handler import Complete, Outcome, Parameter, Registry, Task
from engine.texts import Text
from handlers.inputs import NONCONFORMITIES
from handlers.registers import Nonconformity, NonconformityState, Registers

registry = Registry()


@registry.local("decision.refuse_by_law", title=Text("Refuser de plein droit", "Refuse by operation of law"), inputs=(NONCONFORMITIES,),
                outputs=(Parameter("decision", "context", Text("La décision et sa cause", "The decision and its cause")),
                         Parameter("decision_on", "date", Text("Le jour de la décision", "The day of the decision"))))
def refuse_by_law(task: Task, registers: Registers) -> Outcome:
    """Refuse, and name each non-conformity whose time limit passed.

    Args:
        task: variable `nonconformities`, for the titles of their indicators.
    """
    titles = {int(one["number"]): one for one in task.get("nonconformities") or ()}
    lapsed = [_named(one, titles.get(one.number, {})) for one in registers.nonconformities.of_case(task.instance_id)
              if one.state is NonconformityState.LAPSED]
    return Complete(decision={"outcome": "refused", "by_law": True, "reason": None, "lapsed": lapsed}, decision_on=task.today)


def _named(one: Nonconformity, told: Mapping[str, Any]) -> dict[str, Any]:
    return {"number": one.number, "indicator": one.indicator, "title_fr": told.get("title_fr") or f"Indicateur {one.indicator}",
            "title_en": told.get("title_en") or f"Indicator {one.indicator}", "counted_as": one.counted_as, "last_on": one.due_on}
