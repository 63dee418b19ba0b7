"""Ad-hoc sub-process: activities without an order.

Owns: which activities are begun, and when they are enough.
Leaves: what each does to its own node.
Promises: what no flow leads to is begun, side by side or one at a time in the order drawn; after each activity that is completed the
completion condition is asked. Without a condition everything is done once; while a condition does not hold, everything is begun
anew once it was done.
Rule: BPMN 2.0.2, 10.3.5 and 13.3.5, which leaves to the performers what we begin by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.lowering import Node
from engine.bpmn.model import AdHoc as Drawn
from engine.kernel import expressions
from engine.kernel.specs.activities import Activity
from engine.kernel.specs.containers import SubProcess
from engine.kernel.specs.node import ProcessSpec, Spec

if TYPE_CHECKING:
    from engine.kernel.tokens import Token


class AdHoc(SubProcess):
    """An ad-hoc sub-process."""

    def __init__(self, process: ProcessSpec, node: Node) -> None:
        super().__init__(process, node)
        self.drawn = node.element.ad_hoc or Drawn()

    def open_starts(self, token: Token, starts: list[Spec]) -> None:
        if not self.drawn.sequential:
            super().open_starts(token, starts)
            return
        number = token.note.get("next", 0)
        token.note["next"] = number + 1
        token.open(starts[number])

    def before_leaving(self, token: Token, child: Token) -> None:
        if self.drawn.completion and "enough" not in token.note and isinstance(child.spec, Activity) \
                and expressions.holds(child, self.drawn.completion):
            token.note["enough"] = True

    def rest(self, token: Token) -> None:
        if "enough" in token.note and self.drawn.cancels_rest:
            for child in token.inside:
                child.cancel()
        if any(child.counts for child in token.inside):
            return
        starts = self.body_of(token).starts
        if "enough" not in token.note:
            if self.drawn.sequential and token.note["next"] < len(starts):
                self.open_starts(token, starts)
                return
            if self.drawn.completion:
                token.note.pop("next", None)
                self.open_starts(token, starts)
                return
        self.over(token)
