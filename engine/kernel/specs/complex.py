"""Complex gateway.

Owns: when it lets tokens through, when it is ready for the next round, what its expressions may name.
Leaves: the tokens that arrive to `gateways`, whose joins it shares.
Promises: its activation condition is asked as each token arrives; when it holds, one token of each flow that has any goes on as one.
Then it waits for a token on every other flow from which one can still come, takes those away, and is ready for the next round.
Rule: BPMN 2.0.2, 13.4.5. The condition sees `activationCount` (all tokens that wait) and each incoming flow's tokens under the flow's
id; conditions behind the gateway see `waitingForStart`. At the reset only flows whose condition names `waitingForStart` are taken:
with the others every branch that comes late would begin a second time what the first ones have begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.kernel import expressions
from engine.kernel.faults import Fault
from engine.kernel.specs.gateways import Join
from engine.kernel.specs.node import NO_WAY, Spec, Way

if TYPE_CHECKING:
    from engine.kernel.tokens import Token

_START = "waitingForStart"


class Complex(Join):
    """Splits into the ways whose condition is true; joins as its activation condition says."""

    def link(self) -> None:
        super().link()
        arrows = [(node.id, arrow.flow) for node in self.process.graph.nodes.values() for arrow in node.arrows if arrow.target == self.name]
        self.flows = {flow: [source for source, other in arrows if other == flow] for _, flow in arrows}
        self.at_reset = tuple(way for way in self.ways if way.condition and _START in feel.compile(way.condition).names)

    @property
    def depends_on_all(self) -> bool:  # type: ignore[override]
        return len(self._inputs) > 1

    def _update_hook(self, token: Token) -> bool:
        if self._passes(token):
            return True
        token._set_state(TaskState.WAITING)
        token.tokens.guard(token, "run", lambda: self._activate(token))
        return False

    def work(self, token: Token) -> bool | None:
        if self._passes(token):
            return super().work(token)
        token._set_state(TaskState.WAITING)                 # tried again after its condition failed
        self._activate(token)
        return None

    def _passes(self, token: Token) -> bool:
        return len(self._inputs) < 2 or "from" not in token.note

    def _activate(self, token: Token) -> None:
        """Let one token of each flow through, when the condition holds and no round is under way."""
        around, arrived = token.around, self._arrived(token)
        assert around is not None
        if self.name in around.note.get("complex", {}) or not self._enough(token, arrived):
            return
        around.note.setdefault("complex", {})[self.name] = sorted(arrived)
        self._merge([found[0] for found in arrived.values()])

    def _enough(self, token: Token, arrived: dict[str, list[Token]]) -> bool:
        condition = self.node.element.activation
        if not condition:
            return True
        count = {source: len(found) for source, found in arrived.items()}
        facts: dict[str, Any] = {flow: sum(count.get(source, 0) for source in sources) for flow, sources in self.flows.items()}
        return expressions.holds(token, condition, {**facts, "activationCount": sum(count.values())})

    def settle(self, token: Token) -> None:
        if token._state != TaskState.WAITING or (around := token.around) is None:
            return
        seen = set(around.note.get("complex", {}).get(self.name, ()))
        if seen and not self._reset(token, seen):
            return
        if token.alive and token._state == TaskState.WAITING:
            self._activate(token)

    def _reset(self, token: Token, seen: set[str]) -> bool:
        """End the round when nothing can come any more on the flows that have brought nothing. Tells whether it has ended."""
        around, arrived = token.around, self._arrived(token)
        assert around is not None
        late = {source: found[0] for source, found in arrived.items() if source not in seen}
        if self.can_come(token, set(self._inputs) - seen - set(late), seen | set(late)):
            return False
        del around.note["complex"][self.name]
        if late:
            first, *others = late.values()
            first.note["reset"] = True
            self._merge([first, *others])
        return True

    def routes(self, token: Token) -> list[Spec]:
        if "reset" in token.note:
            return [way.target for way in self.at_reset if self._holds(token, way)]
        if len(self.ways) == 1 and not self.ways[0].condition:
            return [self.ways[0].target]
        chosen = [way.target for way in self.ways if not way.default and (not way.condition or self._holds(token, way))]
        chosen = chosen or [way.target for way in self.ways if way.default]
        if not chosen and self.ways:
            raise Fault(NO_WAY)
        return chosen

    @staticmethod
    def _holds(token: Token, way: Way) -> bool:
        return expressions.holds(token, way.condition, {_START: "reset" not in token.note})
