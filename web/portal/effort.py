"""How long answering takes, as a person is told beforehand.

Owns: the estimate. It is counted from the questions, so that it changes with the form and nobody has to keep it true.
"""

from __future__ import annotations

from engine.forms import Form

#: What a question takes, in minutes: to read it, to find the answer, to write it.
MINUTES = {"textarea": 4.0, "dynamiclist": 5.0}
USUAL, STEP_MINUTES = 0.5, 5


def minutes(form: Form | None) -> int:
    """About how many minutes a form takes, in steps of five; 2 for a form of a few ticks, 1 for none."""
    if form is None:
        return 1
    fields = [component for component in form.all_components() if component.holds_value and not component.readonly]
    spent = sum(MINUTES.get(component.type, USUAL) for component in fields)
    return 2 if spent <= 2 else max(STEP_MINUTES, round(spent / STEP_MINUTES) * STEP_MINUTES)
