"""A second, small interpreter of BPMN's token rules, to hold the kernel against.

Written from the standard and from nothing of ours: tokens lie on sequence flows, a node takes them and gives others. It knows user tasks,
exclusive, parallel and inclusive gateways, sub-processes, message boundary events, plain ends and terminate ends. It saves nothing, is
slow, and is meant to be read.
Rule: BPMN 2.0.2, 13.2 to 13.5 (13.4.1 exclusive, 13.4.2 inclusive, 13.4.3 parallel).

A condition is a number that has to be among the `bits` of the moment. Where the standard leaves the moment open (an inclusive join may be
looked at at any time), it is looked at when nothing else can move, as docs/diagrams.md says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Node:
    """A drawn node. `kind`: start, task, sub, xor, and, or, end, terminate, boundary; `scope`: the sub-process around it, "" for none."""

    kind: str
    scope: str = ""
    host: str = ""                      #: of a boundary event
    interrupting: bool = True


@dataclass(frozen=True)
class Flow:
    """A sequence flow. `bit`: its condition, None for none."""

    source: str
    target: str
    bit: int | None = None
    default: bool = False


@dataclass
class Diagram:
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)

    def into(self, node: str) -> list[str]:
        return [key for key, flow in self.flows.items() if flow.target == node]

    def out_of(self, node: str) -> list[str]:
        return [key for key, flow in self.flows.items() if flow.source == node]

    def start(self, scope: str) -> str:
        return next(key for key, node in self.nodes.items() if node.kind == "start" and node.scope == scope)

    def borders(self, host: str) -> list[str]:
        return [key for key, node in self.nodes.items() if node.kind == "boundary" and node.host == host]


class Place:
    """A scope that runs: tokens on its flows, and the activities that are open in it."""

    def __init__(self) -> None:
        self.tokens: Counter[str] = Counter()
        self.open: list[Open] = []

    @property
    def empty(self) -> bool:
        return not self.open and not self.tokens.total()


@dataclass(eq=False)
class Open:
    """An activity that is open; a sub-process has a place inside."""

    node: str
    inside: Place | None = None


class Reference:
    """A case."""

    def __init__(self, diagram: Diagram, bits: Collection[int]) -> None:
        self.diagram, self.bits = diagram, bits
        self.root = self._place("")
        self._settle()

    # --- looking ----------------------------------------------------------------------------------

    @property
    def ended(self) -> bool:
        return self.root.empty

    def waiting(self) -> list[str]:
        """The tasks and boundary events that wait, sorted."""
        found = []
        for place in self._places():
            for activity in place.open:
                found += [activity.node] if activity.inside is None else []
                found += self.diagram.borders(activity.node)
        return sorted(found)

    def stalled(self) -> bool:
        """Whether in some scope all that is left are tokens before joins."""
        return any(place.tokens.total() and not place.open for place in self._places())

    def choices(self) -> list[str]:
        """What may happen next: tasks and boundary events, those left out that wait in several scopes at once."""
        holders: dict[str, set[int]] = {}
        for number, place in enumerate(self._places()):
            for activity in place.open:
                for key in [*([activity.node] if activity.inside is None else []), *self.diagram.borders(activity.node)]:
                    holders.setdefault(key, set()).add(number)
        return sorted(key for key, numbers in holders.items() if len(numbers) == 1)

    # --- what happens -----------------------------------------------------------------------------

    def happen(self, key: str, bits: Collection[int]) -> None:
        """A task is completed, or the message of a boundary event comes."""
        self.bits = bits
        node = self.diagram.nodes[key]
        place, activity = next((place, activity) for place in self._places() for activity in place.open
                               if activity.node == (node.host or key))
        if node.kind == "task" or node.interrupting:
            place.open.remove(activity)
        self._give(place, key)
        self._settle()

    # --- moving -----------------------------------------------------------------------------------

    def _places(self) -> Iterator[Place]:
        queue = [self.root]
        while queue:
            place = queue.pop(0)
            yield place
            queue += [activity.inside for activity in place.open if activity.inside is not None]

    def _place(self, scope: str) -> Place:
        place = Place()
        self._give(place, self.diagram.start(scope))
        return place

    def _give(self, place: Place, node: str) -> None:
        """Put tokens on the flows that leave a node: on all of them, but for deciding gateways."""
        place.tokens.update(self._chosen(node))

    def _chosen(self, node: str) -> list[str]:
        flows, kind = self.diagram.out_of(node), self.diagram.nodes[node].kind
        if kind not in ("xor", "or") or len(flows) == 1:
            return flows
        true = [key for key in flows if self.diagram.flows[key].bit in self.bits]
        otherwise = [key for key in flows if self.diagram.flows[key].default]
        return (true[:1] if kind == "xor" else true) or otherwise

    def _settle(self) -> None:
        """Move whatever can move; inclusive joins are looked at when nothing else can, all of them at once."""
        while self._move_one() or self._join_inclusive():
            pass

    def _move_one(self) -> bool:
        for place in self._places():
            for activity in place.open:
                if activity.inside is not None and activity.inside.empty:
                    place.open.remove(activity)
                    self._give(place, activity.node)
                    return True
            for flow in [key for key, count in place.tokens.items() if count]:
                if self._take(place, flow):
                    return True
        return False

    def _take(self, place: Place, flow: str) -> bool:
        """Let the node at the end of a flow take the token, if it can. Tells whether it did."""
        key = self.diagram.flows[flow].target
        kind, incoming = self.diagram.nodes[key].kind, self.diagram.into(key)
        if kind == "and" and any(not place.tokens[one] for one in incoming):
            return False
        if kind == "or" and len(incoming) > 1:
            return False
        place.tokens.subtract(incoming if kind == "and" else [flow])
        if kind == "terminate":
            place.tokens.clear()
            place.open.clear()
        elif kind == "task":
            place.open.append(Open(key))
        elif kind == "sub":
            place.open.append(Open(key, self._place(key)))
        elif kind != "end":
            self._give(place, key)
        return True

    def _join_inclusive(self) -> bool:
        ready = [(place, key) for place in self._places() for key, node in self.diagram.nodes.items()
                 if node.kind == "or" and len(self.diagram.into(key)) > 1 and self._may_pass(place, key)]
        for place, key in ready:
            place.tokens.subtract([flow for flow in self.diagram.into(key) if place.tokens[flow]])
        for place, key in ready:
            self._give(place, key)
        return bool(ready)

    def _may_pass(self, place: Place, join: str) -> bool:
        """13.4.2: a token has come, and none that could come on an empty flow could not come on one that has a token as well."""
        filled = {flow for flow in self.diagram.into(join) if place.tokens[flow]}
        if not filled:
            return False
        empty = set(self.diagram.into(join)) - filled
        held = [flow for flow, count in place.tokens.items() if count and flow not in filled]
        held += [flow for activity in place.open for flow in self._ways_on(activity.node)]
        blocking = [flow for flow in held if self._leads(flow, empty, join) and not self._leads(flow, filled, join)]
        return not blocking

    def _ways_on(self, node: str) -> list[str]:
        """The flow into an open activity stands for its token: what it may reach is what leaves it or its border."""
        return self.diagram.into(node)[:1]

    def _leads(self, flow: str, wanted: set[str], join: str) -> bool:
        """Whether a path from a flow ends with one of the wanted flows without visiting the join; borders lead on from their host."""
        seen, queue = set(), [flow]
        while queue:
            one = queue.pop()
            if one in seen:
                continue
            seen.add(one)
            if one in wanted:
                return True
            target = self.diagram.flows[one].target
            if target != join:
                queue += [key for node in (target, *self.diagram.borders(target)) for key in self.diagram.out_of(node)]
        return False
