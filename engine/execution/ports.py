"""What handlers ask of their surroundings, bound to their parameters by name.

Owns: `Ports`: a local port is made anew for each transaction (`factory(work)`), an external one is an object for the whole life of the
process.
Leaves: which ports exist to `jalon.py`.
Promises: a local handler gets local ports only and an external one external ports only, so that neither can reach out of its place.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from engine.handler import Handler, Registry
from engine.store.unit_of_work import UnitOfWork

LocalPort = Callable[[UnitOfWork], Any]


class Ports:
    """The ports of one installation, by parameter name."""

    def __init__(self, local: Mapping[str, LocalPort] | None = None, external: Mapping[str, Any] | None = None) -> None:
        self.local, self.external = dict(local or {}), dict(external or {})
        self._wanted: dict[Callable[..., Any], tuple[str, ...]] = {}

    def for_local(self, handler: Handler, work: UnitOfWork) -> dict[str, Any]:
        """Make the ports of a local handler inside a transaction. Raises: LookupError for a parameter no port answers to."""
        return {name: self._find(self.local, name, handler)(work) for name in self._names(handler)}

    def for_external(self, handler: Handler) -> dict[str, Any]:
        """Find the ports of an external handler. Raises: LookupError for a parameter no port answers to."""
        return {name: self._find(self.external, name, handler) for name in self._names(handler)}

    def check(self, registry: Registry) -> None:
        """Raises: LookupError, naming the first handler that asks for a port nobody has put in: at start, not at night."""
        for handler in registry:
            for name in self._names(handler):
                self._find(self.local if handler.kind == "local" else self.external, name, handler)

    def users_of(self, port: str, registry: Registry) -> tuple[str, ...]:
        """Names of the handlers that ask for a port: those that mail, those that print."""
        return tuple(handler.name for handler in registry if port in self._names(handler))

    def _names(self, handler: Handler) -> tuple[str, ...]:
        if handler.call not in self._wanted:
            self._wanted[handler.call] = tuple(inspect.signature(handler.call).parameters)[1:]  # the first is the task
        return self._wanted[handler.call]

    @staticmethod
    def _find(ports: Mapping[str, Any], name: str, handler: Handler) -> Any:
        try:
            return ports[name]
        except KeyError:
            raise LookupError(f"the handler {handler.name!r} asks for {name!r}, but no {handler.kind} port has that name") from None
