"""Variables of a run, by scope.

Owns: which values stand in which scope, and what a scope sees of those around it.
Leaves: when a scope opens and closes to `specs`; storing to `engine.execution`, which reads this mapping and hands it back at load.
Promises: reading falls through to the scope around, except over a call activity; writing stays in the scope written to; values are
replaced, never changed in place, so that two branches cannot disturb each other.

Keys are opaque: "" is the process's own; an iteration's is its token; `<token>.call` is a called process's; `<token>.data` holds the data
objects of a sub-process, and only those: other names are written around it; `<token>.loop` and
`<token>.done` hold what a loop has gathered and what a failed completion brought, and nobody sees them.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any


class Scopes(Mapping[str, Mapping[str, Any]]):
    """All scopes of a run: a mapping from key to the values that stand there themselves."""

    def __init__(self, values: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self._values: dict[str, dict[str, Any]] = {key: dict(inner) for key, inner in (values or {}).items()}
        self._around: dict[str, str] = {}
        self._kept: dict[str, frozenset[str]] = {}
        self.revision = 0           #: grows with every change, so that conditions are looked at when there is something new
        self._values.setdefault("", {})

    def __getitem__(self, key: str) -> Mapping[str, Any]:
        return MappingProxyType(self._values[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def read(self, scope: str) -> Mapping[str, Any]:
        """Tell all variables a scope sees, its own first. The answer follows later writes; it cannot be written to."""
        return MappingProxyType(ChainMap(*(self._values[key] for key in self._chain(scope))))

    def seen(self, scope: str) -> Mapping[str, Any]:
        """The same for FEEL, which is quick on it and never writes: the values themselves where there is one scope only."""
        chain = [self._values[key] for key in self._chain(scope)]
        return chain[0] if len(chain) == 1 else ChainMap(*chain)

    def write(self, scope: str, values: Mapping[str, Any]) -> None:
        """Set variables in a scope itself; of one that keeps some names only, the others around it. Raises: KeyError, for no such scope."""
        kept = self._kept.get(scope)
        if kept is None:
            self._values[scope].update(values)
        else:
            self._values[scope].update({name: value for name, value in values.items() if name in kept})
            self.write(self._around[scope], {name: value for name, value in values.items() if name not in kept})
        self.revision += 1

    def open(self, scope: str, values: Mapping[str, Any], around: str | None, kept: Iterable[str] | None = None) -> None:
        """Open a scope. `around` is what it falls through to, None for nothing. `kept`: the only names that are written in it."""
        self._values[scope] = dict(values)
        self.revision += 1
        self.link(scope, around, kept)

    def link(self, scope: str, around: str | None, kept: Iterable[str] | None = None) -> None:
        """Say again, after a load, what a scope falls through to and what it keeps."""
        self._values.setdefault(scope, {})
        if around is not None:
            self._around[scope] = around
        if kept is not None:
            self._kept[scope] = frozenset(kept)

    def close(self, *scopes: str) -> None:
        """Forget scopes; one that is not open is no matter."""
        for scope in scopes:
            self._values.pop(scope, None)
            self._around.pop(scope, None)
            self._kept.pop(scope, None)

    def _chain(self, scope: str) -> Iterator[str]:
        key: str | None = scope
        while key is not None:
            yield key
            key = self._around.get(key)
