"""Who takes what is thrown inside a run.

Owns: the way of an error or escalation from scope to scope, signals among the tokens of one run, waiting again, emptying a scope.
Promises: an error or escalation reaches the nearest event that names its code (or names none), and only that one; called processes
are climbed through like scopes.
Rule: BPMN 2.0.2, 10.5.6 (event handlers), 13.5.4 (errors, escalations, terminate).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from engine.kernel import timers
from engine.kernel.waits import Thrown

if TYPE_CHECKING:
    from engine.kernel.specs.events import Boundary, Trigger
    from engine.kernel.specs.node import Spec
    from engine.kernel.tokens import Token, Tokens

Raised = Literal["error", "escalation"]


def error(token: Token, code: str) -> bool:
    """Bring an error from a token to who takes it. Tells whether somebody did; then the token is gone."""
    return next((give(host, spec) for host, spec in _takers(token, "error", code)), False)


def can_catch(token: Token, kind: Raised, code: str) -> bool:
    """Tell whether anybody would take an error or escalation."""
    return next(_takers(token, kind, code), None) is not None


def uncaught(token: Token, code: str, element: str) -> None:
    """Tell the outside of an error nobody took."""
    token.tokens.thrown.append(Thrown("error", code, element))


def escalate(token: Token, code: str, element: str) -> None:
    """Bring an escalation to who takes it; if nobody does, it leaves the run and the token goes on."""
    for host, spec in _takers(token, "escalation", code):
        give(host, spec)
        return
    token.tokens.thrown.append(Thrown("escalation", code, element))


def signal(tokens: Tokens, name: str, payload: Mapping[str, Any]) -> None:
    """Let everybody in the run who waits for a signal have it, with what it brings."""
    for token in tokens:
        event = token.spec.node.event
        if token.alive and token.waiting and event.kind == "signal" and (event.name or event.ref) == name:
            tokens.guard(token, "run", lambda token=token: token.spec.take(token, payload))  # type: ignore[misc]


def wait_again(token: Token, previous: dict[str, Any], note: dict[str, Any]) -> None:
    """Open beside a fired event the one that waits for the next time; a timer without a next time is not opened."""
    around = token.around
    assert around is not None
    if token.spec.wait_kind is None:                        # thrown, not waited for
        return
    if token.spec.node.together:                            # all of them have to come once more
        for spec in _all_together(token):
            around.open(spec, note={**note, "held": True} if spec.wait_kind == "condition" else dict(note))
        return
    if token.spec.wait_kind == "timer":
        following = timers.following(previous, token.tokens.host.now())
        if following is None:
            return
        note = {**note, **following}
    elif token.spec.wait_kind == "condition":
        note = {**note, "held": True}
    elif "key" in previous:
        note = {**note, "key": previous["key"]}
    around.open(token.spec, note=note, ready=False).hold()


def _all_together(token: Token) -> list[Spec]:
    process, drawn = token.spec.process, token.spec.node.element.id
    return [process.task_specs[node.id] for node in process.graph.nodes.values() if node.together and node.element.id == drawn]


def empty(token: Token) -> None:
    """Take away everything in the scope around a token but the token itself."""
    around = token.around
    for other in around.inside if around is not None else ():
        if other is not token and other.alive:
            other.cancel()


def at_top(token: Token) -> bool:
    """Tell whether a token stands in the process itself or in one of its event sub-processes."""
    around = token.around
    while around is not None and around.spec.node.kind == "handler":
        around = around.around
    return around is None or around.around is None


def _takers(token: Token, kind: Raised, code: str) -> Iterator[tuple[Token, Boundary | Trigger]]:
    """From a token outwards: the boundary events of each activity, then the event sub-processes of the scope it stands in."""
    host: Token | None = token
    while host is not None:
        yield from ((host, found) for found in _matching(getattr(host.spec, "catchers", ()), kind, code))
        around = host.around
        if around is not None and host.spec.node.kind != "handler":     # a handler is not handled by its neighbours
            triggers = around.spec.thrown_triggers(around) if hasattr(around.spec, "thrown_triggers") else ()
            yield from ((around, found) for found in _matching(triggers, kind, code))
        host = around


def _matching(specs: Iterable[Any], kind: Raised, code: str) -> list[Any]:
    """Those of a kind that name this code, then those that name none."""
    found = [spec for spec in specs if spec.node.event.kind == kind and spec.node.event.code in (code, "")]
    return sorted(found, key=lambda spec: spec.node.event.code == "")


def give(host: Token, spec: Any) -> bool:
    """Open the event that takes it, in its place, and let it fire."""
    place = host if spec.node.kind == "trigger" else host.around
    assert place is not None
    taker = place.open(spec, note={"host": host.id} if spec.node.kind == "boundary" else None, ready=False)
    spec.fire(taker)
    return True
