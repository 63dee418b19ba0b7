"""All that the author of a handler needs: the registry, the task, the outcomes, the retry.

Owns: the contract between a service task of a diagram and the Python function that does it.
Leaves: when a handler runs and what its outcome does to `engine.service`; which handlers exist to `handlers.catalogue`.
Promises: a `local` handler runs once inside the transaction that moves the token; an `external` one runs from a job row after
the commit, at least once, and finds the same `task.key` at every try.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from engine.texts import Text

Kind = Literal["local", "external"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it goes out: subject and body in the reader's language, filled in."""

    template: str
    subject: str
    body: str


class Reader(Protocol):
    """What a task can look up in its definition and case; the engine meets it."""

    def letter(self, template: str, locale: str, extra: Mapping[str, Any]) -> Letter: ...
    def decide(self, decision: str, inputs: Mapping[str, Any]) -> Any: ...
    def document(self, document_id: str) -> tuple[str, str, bytes]: ...
    def who_did(self, elements: Collection[str]) -> frozenset[str]: ...


@dataclass(frozen=True)
class Task:
    """One service task, as its handler sees it.

    `task["name"]` gives an input of the task (its `jalon:input` mappings), else a variable of the case seen from there.

    Attributes:
        key: idempotency key, the same at every try of the same task, never the same for two tasks.
        now: the moment, aware; today: the civil day in the body's zone.
        instance_id, business_key: the case. element: id in the drawing. actor_id: who set the step off, if a person did.
    """

    key: str
    instance_id: str
    business_key: str | None
    element: str
    handler: str
    now: datetime
    today: date
    variables: Mapping[str, Any]
    actor_id: str | None = None
    reader: Reader | None = None

    def __getitem__(self, name: str) -> Any:
        return self.variables[name]

    def get(self, name: str, default: Any = None) -> Any:
        value = self.variables.get(name)
        return default if value is None else value

    def day(self, name: str) -> date:
        """Read an input as a civil day: a date, or ISO text. Raises: ValueError when it is neither."""
        value = self.variables[name]
        if isinstance(value, datetime):
            raise ValueError(f"{name} is a moment, not a day")
        return value if isinstance(value, date) else date.fromisoformat(value)


@dataclass(frozen=True)
class NewDocument:
    """A file a handler made; kept with the case in the command that takes its outcome.

    `result` names the result that takes the document's id, beside the list `document_ids`; "" for none.
    """

    name: str
    kind: str
    media_type: str
    content: bytes
    public_to_parties: bool = False
    result: str = ""


@dataclass(frozen=True)
class Party:
    """A person of the outside who belongs to the case: made or found by e-mail address, joined to the case."""

    email: str
    name: str
    role: str = "client"
    locale: str = "fr"
    may_answer: bool = True                                 #: complete the tasks of the parties, add files
    may_invite: bool = True                                 #: bring others in, change what they may, remove them


class Complete:
    """The task is done. Keyword arguments are its results: through the `jalon:output` mappings, else straight into variables.

    `title` and `business_key` (re)name the case; `parties` joins people of the outside to it; `documents` are kept with it and
    their ids are added to the results as `document_ids` (in order).
    """

    def __init__(self, *, documents: tuple[NewDocument, ...] = (), parties: tuple[Party, ...] = (), title: str | None = None,
                 business_key: str | None = None, **results: Any) -> None:
        self.documents, self.parties, self.title, self.business_key, self.results = documents, parties, title, business_key, results

    def __repr__(self) -> str:
        return f"Complete({self.results})"


@dataclass(frozen=True)
class BpmnError:
    """Something the diagram foresees: the error boundary event with this code takes it, and only that one."""

    code: str
    message: str = ""


@dataclass(frozen=True)
class Later:
    """Not yet: ask again after so many seconds, without using up a try. Only for external handlers."""

    seconds: float


Outcome = Complete | BpmnError | Later


@dataclass(frozen=True)
class Retry:
    """How often and how soon an external handler that raises is tried again: waits grow by `factor` up to `longest_wait_seconds`."""

    times: int = 5
    first_wait_seconds: float = 60
    factor: float = 4
    longest_wait_seconds: float = 6 * 3600

    def wait_seconds(self, tries: int) -> float:
        """Tell how long to wait after the try number `tries` (1 is the first) has failed."""
        return min(self.first_wait_seconds * self.factor ** (tries - 1), self.longest_wait_seconds)


@dataclass(frozen=True)
class Parameter:
    """An input or output of a handler, for the studio and the lint.

    Attributes:
        type: "string", "number", "boolean", "date", "list", "context" or "any".
        choices: the values it takes, each with its name for people; none: any value of the type.
        names: what of the process it names, for the studio to offer: a "letter" or a "group"; "" for nothing of the kind.
    """

    name: str
    type: str
    label: Text
    required: bool = True
    choices: tuple[tuple[str, Text], ...] = ()
    names: Literal["", "letter", "group"] = ""


@dataclass(frozen=True)
class Handler:
    """A registered handler."""

    name: str                                               #: subject.verb, "certificate.issue"
    kind: Kind
    call: Callable[..., Outcome]
    title: Text
    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()
    errors: tuple[str, ...] = ()                            #: BPMN error codes it may return
    retry: Retry = field(default_factory=Retry)


class Registry:
    """What handles what. One explicit registry, filled by the modules that `handlers.catalogue` lists."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}

    def local(self, name: str, *, title: Text, inputs: tuple[Parameter, ...] = (), outputs: tuple[Parameter, ...] = (),
              errors: tuple[str, ...] = ()) -> Callable[[Callable[..., Outcome]], Callable[..., Outcome]]:
        """Register a handler that runs inside the transaction and touches the database only."""
        return self._register(name, "local", title, inputs, outputs, errors, Retry())

    def external(self, name: str, *, title: Text, inputs: tuple[Parameter, ...] = (), outputs: tuple[Parameter, ...] = (),
                 errors: tuple[str, ...] = (), retry: Retry | None = None) -> Callable[[Callable[..., Outcome]], Callable[..., Outcome]]:
        """Register a handler that runs outside any transaction, at least once."""
        return self._register(name, "external", title, inputs, outputs, errors, retry or Retry())

    def _register(self, name: str, kind: Kind, title: Text, inputs: tuple[Parameter, ...], outputs: tuple[Parameter, ...],
                  errors: tuple[str, ...], retry: Retry) -> Callable[[Callable[..., Outcome]], Callable[..., Outcome]]:
        def add(call: Callable[..., Outcome]) -> Callable[..., Outcome]:
            if name in self._handlers:
                raise ValueError(f"two handlers are called {name!r}")
            self._handlers[name] = Handler(name, kind, call, title, inputs, outputs, errors, retry)
            return call
        return add

    def include(self, other: Registry) -> None:
        """Take over the handlers of another registry. Raises: ValueError, when a name is taken."""
        for handler in other:
            if handler.name in self._handlers:
                raise ValueError(f"two handlers are called {handler.name!r}")
            self._handlers[handler.name] = handler

    def __contains__(self, name: str) -> bool:
        return name in self._handlers

    def __iter__(self) -> Iterator[Handler]:
        return iter(self._handlers.values())

    def get(self, name: str) -> Handler:
        """Find a handler. Raises: KeyError when nothing handles that name."""
        return self._handlers[name]
