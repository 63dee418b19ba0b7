"""Gateways.

Owns: which ways an exclusive or inclusive gateway takes; when a parallel or inclusive join lets a token through; the race behind an
event-based gateway.
Promises: a parallel join takes one token from each incoming flow and leaves what is in excess; an inclusive join follows the standard
within its scope: it waits as long as a token may still arrive on an empty flow. Tokens inside sub-processes stand for their
sub-process. Two inclusive joins that wait for each other stall, as the standard has it.
Rule: BPMN 2.0.2, 13.4.1 to 13.4.4.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.kernel import expressions
from engine.kernel.faults import Fault
from engine.kernel.specs.node import NO_WAY, Spec
from engine.texts import Text

if TYPE_CHECKING:
    from engine.kernel.tokens import Token

_BARE_FLOW = Text("Le flux « {flow} » n’a pas de condition et n’est pas le flux par défaut.",
                  "The flow “{flow}” has no condition and is not the default flow.")


class Exclusive(Spec):
    """Takes the first way whose condition is true, else the default. What comes in passes, token by token."""

    def routes(self, token: Token) -> list[Spec]:
        if len(self.ways) == 1 and not self.ways[0].condition:
            return [self.ways[0].target]
        for way in self.ways:
            if way.default:
                continue
            if not way.condition:
                raise Fault(_BARE_FLOW.format(flow=way.flow))
            if expressions.holds(token, way.condition):
                return [way.target]
        chosen = [way.target for way in self.ways if way.default]
        if not chosen and self.ways:
            raise Fault(NO_WAY)
        return chosen


class FirstOf(Spec):
    """Event-based gateway: all events behind it wait, the first to happen takes the others away."""

    listens = True

    def leave(self, token: Token) -> None:
        tokens, race = token.tokens, token.note.get("race", token.id)      # one event of several may itself stand for several
        around = token.around
        super().leave(token)
        for other in around.inside if around is not None else ():
            if other.id in token._children:
                other.note["race"] = race
        assert token.id not in tokens.tasks


class Join(Spec):
    """A gateway where several flows meet. Tokens that have to wait stand in state WAITING."""

    joins = True

    def _arrived(self, token: Token) -> dict[str, list[Token]]:
        """The tokens that stand before this join in the same scope, by the node they came from, the first to come first."""
        around = token.around
        arrived: dict[str, list[Token]] = {}
        for other in around.inside if around is not None else [token]:
            if other.task_spec is self and other._state == TaskState.WAITING:
                arrived.setdefault(other.note.get("from", ""), []).append(other)
        return arrived

    def _merge(self, taken: list[Token]) -> None:
        """Let the first of these tokens through and take the others away: they have become one."""
        taken[0].note.pop("from", None)
        taken[0].tokens.merge(taken)

    def can_come(self, token: Token, empty: set[str], arrived: set[str]) -> bool:
        """Tell whether another token of the scope can still arrive on an empty flow, and on none that has brought one."""
        coming = self._sources(empty) - self._sources(arrived)
        around = token.around
        return any(other.task_spec is not self and other.counts and other.spec.name in coming
                   for other in (around.inside if around is not None else ()))

    def _sources(self, inputs: set[str]) -> set[str]:
        """All nodes from which one of these inputs can be reached without passing this gateway, the inputs included."""
        found, queue = set(inputs), list(inputs)
        while queue:
            spec = self.process.task_specs[queue.pop()]
            before = [*spec._inputs, *([spec.node.host] if spec.node.host else [])]
            for name in before:
                if name != self.name and name not in found:
                    found.add(name)
                    queue.append(name)
        return found


class Parallel(Join):
    """Splits into all ways; joins when each incoming flow has brought a token."""

    def _update_hook(self, token: Token) -> bool:
        if len(self._inputs) < 2 or "from" not in token.note:
            return True
        token._set_state(TaskState.WAITING)
        arrived = self._arrived(token)
        needed: Counter[str] = Counter(self._inputs)
        if all(len(arrived.get(source, ())) >= number for source, number in needed.items()):
            self._merge([found for source, number in needed.items() for found in arrived[source][:number]])
        return False


class Inclusive(Join):
    """Splits into the ways whose condition is true; joins when no other token can arrive any more on a flow that is still empty."""

    @property
    def depends_on_all(self) -> bool:  # type: ignore[override]
        return len(self._inputs) > 1

    def _update_hook(self, token: Token) -> bool:
        if len(self._inputs) < 2 or "from" not in token.note:
            return True
        token._set_state(TaskState.WAITING)
        return False

    def routes(self, token: Token) -> list[Spec]:
        if len(self.ways) == 1 and not self.ways[0].condition:
            return [self.ways[0].target]
        return super().routes(token)

    def settle(self, token: Token) -> None:
        if token._state != TaskState.WAITING:
            return
        arrived = self._arrived(token)
        if not self.can_come(token, set(self._inputs) - set(arrived), set(arrived)):
            self._merge([found[0] for found in arrived.values()])
