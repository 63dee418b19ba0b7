"""Where names are looked up while an expression runs.

Owns: `Scope` (names of one level, the level around it) and `Run` (what one evaluation shares: budget, host functions, types).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel.budget import Budget
from engine.feel.types import Type

Host = Mapping[str, Callable[..., Any]]
MISSING: Any = object()
NOTHING: Mapping[str, Any] = {}


class Run(Budget):
    """One evaluation: what is left of its budget, the host's functions and the known types by name, the patterns that were paid for."""

    __slots__ = ("functions", "patterns", "types")

    def __init__(self, functions: Host = NOTHING, types: Mapping[str, Type] = NOTHING) -> None:
        super().__init__()
        self.functions = functions
        self.patterns: set[tuple[str, str]] = set()
        self.types = types


class Scope:
    """The names of one level."""

    __slots__ = ("names", "parent", "run")

    def __init__(self, names: Mapping[str, Any], parent: Scope | None, run: Run) -> None:
        self.names = names
        self.parent = parent
        self.run = run

    def find(self, name: str) -> Any:
        """Find a name from here outward; MISSING when no level has it."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return MISSING
