"""Activities that run several times: multi-instance and standard loop.

Owns: how many rounds, each round's scope, what the rounds gather, when they are enough, what they tell when they are done.
Leaves: one round to the node that is repeated.
Promises: the collection is evaluated once; results come in the order of the collection, whoever finishes first; what a round writes
stays in its scope; a round costs the same whatever came before.
Rule: BPMN 2.0.2, 13.3.6 and 13.3.7. `loopCounter` counts from 1, as FEEL lists do.

A standard loop shares the scope around it, since its condition reads what a round has written; `loopCounter` (rounds done) is known to
its condition only. Without `collectValue` a round gives what it has written itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.bpmn.lowering import Node
from engine.bpmn.model import EventDefinition, Loop
from engine.kernel import expressions
from engine.kernel.specs.activities import Activity
from engine.kernel.specs.node import ProcessSpec, Spec

if TYPE_CHECKING:
    from engine.kernel.tokens import Token


class _Repeating(Activity):
    """Around a node that runs several times. It is told of only when there was nothing to run: its rounds tell of themselves."""

    opens = False
    repeated: Spec
    loop: Loop

    def __init__(self, process: ProcessSpec, node: Node) -> None:
        super().__init__(process, node)
        assert node.element.loop is not None
        self.loop = node.element.loop

    def link(self) -> None:
        super().link()
        self.repeated = self.process.task_specs[self.node.repeats]

    def work(self, token: Token) -> bool | None:
        self.arm(token)
        return self.begin(token)

    def tell_left(self, token: Token) -> None:
        if "none" in token.note:
            token.tell("taken")

    def resume(self, token: Token) -> None:
        token.hold()
        self.check(token)


class Many(_Repeating):
    """Multi-instance: one round for each item of a list or up to a number, side by side or one after the other."""

    def begin(self, token: Token) -> bool | None:
        loop = self.loop
        found: list[Any] = (expressions.items(token, loop.collection) if loop.collection
                            else [None] * expressions.count(token, loop.cardinality))
        token.tokens.scopes.open(f"{token.id}.loop", {}, None)
        token.note.update(done=0, all=len(found))
        if not found:
            token.note["none"] = True
            self._gathered(token)
            return True
        if loop.kind == "sequential":
            token.tokens.scopes.write(f"{token.id}.loop", {"items": found})
            self._round(token, 0, found[0])
        else:
            for number, item in enumerate(found):
                self._round(token, number, item)
        return None

    def _round(self, token: Token, number: int, item: Any) -> None:
        child = token.open(self.repeated, note={"round": number}, ready=False)
        variables = {"loopCounter": number + 1} | ({self.loop.item: item} if self.loop.item else {})
        token.tokens.scopes.open(child.id, variables, token.scope)
        child.scope = child.id
        self.repeated._update(child)

    def before_leaving(self, token: Token, child: Token) -> None:
        """Gather what the round gives, and see whether that is enough, while its scope still stands."""
        scopes, number = token.tokens.scopes, child.note["round"]
        gives = self._gives(child) if self.loop.collect else None
        done = token.note["done"] + 1
        facts = {"nrOfInstances": token.note["all"], "nrOfCompletedInstances": done, "nrOfActiveInstances": len(token._children) - 1}
        enough = bool(self.loop.completion) and expressions.holds(child, self.loop.completion, facts)
        told = list(self._told(child, facts))
        if self.loop.collect:
            scopes.write(f"{token.id}.loop", {f"#{number}": gives})
        token.note["done"] = done
        if enough:
            token.note["enough"] = True
        for event in told:
            self._announce(token, event)

    def _told(self, child: Token, facts: dict[str, Any]) -> Iterator[EventDefinition]:
        """Choose the events that this round throws when it is done."""
        for one in self.loop.behaviours:
            first = facts["nrOfCompletedInstances"] == 1
            if one.event is not None and (one.when == "each" or (one.when == "first" and first)
                                          or (one.when == "if" and expressions.holds(child, one.condition, facts))):
                yield one.event

    def _announce(self, token: Token, event: EventDefinition) -> None:
        """Let the boundary events of the activity have an event of its rounds; the rounds that are left go on."""
        around = token.around
        for boundary in (*self.boundaries, *self.catchers):
            if around is not None and boundary.node.event.tells(event):
                around.open(boundary, note={"fired": True})

    def _gives(self, child: Token) -> Any:
        if self.loop.collect_value:
            return expressions.evaluate(child, self.loop.collect_value)
        own = child.tokens.scopes[child.id]
        return {name: value for name, value in own.items() if name not in ("loopCounter", self.loop.item)}

    def check(self, token: Token) -> None:
        if not token.waiting:
            return
        if "enough" in token.note:
            for child in token.inside:
                child.cancel()
        if token._children:
            return
        done, items = token.note["done"], token.tokens.scopes[f"{token.id}.loop"].get("items")
        if items is not None and done < len(items) and "enough" not in token.note:
            self._round(token, done, items[done])
            return
        self._gathered(token)
        self.leave(token)

    def _gathered(self, token: Token) -> None:
        """Write the results of the rounds, in the order of the collection; rounds that were cut off give none."""
        if self.loop.collect:
            found = token.tokens.scopes[f"{token.id}.loop"]
            keys = (f"#{number}" for number in range(token.note["all"]))
            token.tokens.scopes.write(token.scope, {self.loop.collect: [found[key] for key in keys if key in found]})

    def left(self, token: Token) -> None:
        super().left(token)
        token.tokens.scopes.close(f"{token.id}.loop")


class Again(_Repeating):
    """Standard loop: again and again while its condition holds, at most so many times."""

    def begin(self, token: Token) -> bool | None:
        token.note["done"] = 0
        if self.loop.test_before and not self._goes_on(token):
            token.note["none"] = True
            return True
        if self.loop.maximum is not None and self.loop.maximum <= 0:
            token.note["none"] = True
            return True
        token.open(self.repeated)
        return None

    def _goes_on(self, token: Token) -> bool:
        done = token.note["done"]
        if self.loop.maximum is not None and done >= self.loop.maximum:
            return False
        if not self.loop.condition:
            return self.loop.maximum is not None
        return expressions.holds(token, self.loop.condition, {"loopCounter": done})

    def before_leaving(self, token: Token, child: Token) -> None:
        token.note["done"] += 1

    def check(self, token: Token) -> None:
        if token.waiting and not token._children:
            if self._goes_on(token):
                token.open(self.repeated)
            else:
                self.leave(token)
