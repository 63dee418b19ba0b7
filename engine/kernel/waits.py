"""What a run waits for after a step, and what it tells of the step: the whole vocabulary between kernel and execution.

Owns: `Wait`, `Passed`, `Thrown`, `DeadlineRef`, and `Host`, what the kernel asks of its surroundings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from engine.texts import Text

NO_REASON = Text("", "")
WaitKind = Literal["user", "service", "decision", "timer", "message", "signal", "condition", "call", "failed"]


@dataclass(frozen=True, slots=True)
class DeadlineRef:
    """A deadline that an expression named: rule and anchor, in the scope the expression was seen from."""

    rule: str
    anchor: date
    scope: str


@dataclass(frozen=True, slots=True)
class Wait:
    """One token that waits.

    Attributes:
        token: 32 hex digits, the same from the day the wait opens until it closes, across save and restore.
        element, process: where it stands in the drawing.
        kind: `user` a person; `service` a handler (execution runs it: local at once, external from a job); `decision` a
            business rule task; `call` a called process whose version is chosen now; `timer`, `message`, `signal`, `condition` an event;
            `failed` an element that cannot go on (see `reason`).
        scope: variable scope it sees; "" is the process's own. The key is opaque: a token, or a token with a suffix.
        due_at: of a timer, the next moment it fires. deadlines: what its timer expression named.
        name, correlation: of a message or signal; the correlation is the evaluated value, None when there is none.
        reason, cause: of a failed element: sentence for the incident, and "expression", "loop", "stall" or "error" (uncaught).
    """

    token: str
    element: str
    process: str
    kind: WaitKind
    scope: str = ""
    due_at: datetime | None = None
    deadlines: tuple[DeadlineRef, ...] = ()
    name: str = ""
    correlation: Any = None
    reason: Text = NO_REASON
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """Something a token did in the step, in order.

    `entered` an activity or wait opened; `completed` it was left the normal way; `cancelled` it was interrupted;
    `taken` an event or gateway was passed; `ended` an end event was reached.
    """

    element: str
    process: str
    event: Literal["entered", "completed", "cancelled", "taken", "ended", "failed"]
    token: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message or signal that leaves the instance; or an error or escalation nobody inside has caught.

    A signal has already been caught by whoever waits for it inside the same run; it is for the *other* instances. A message is for
    whoever matches, the same instance included. `name` is the name of the message or signal, the code of the error or escalation.
    """

    kind: Literal["message", "signal", "error", "escalation"]
    name: str
    element: str
    correlation: Any = None
    payload: Mapping[str, Any] | None = None


class Host(Protocol):
    """What the kernel asks of its surroundings."""

    def now(self) -> datetime:
        """The moment of the step, aware."""

    def functions(self, scope: str, seen: list[DeadlineRef]) -> Mapping[str, Callable[..., Any]]:
        """FEEL functions a diagram may call (`now`, `today`, `deadline`, `reminders` …). Those that name a deadline append to `seen`."""

    def moment(self, day: date) -> datetime:
        """The moment a civil day is over in the body's zone: when a timer that names a day fires."""
