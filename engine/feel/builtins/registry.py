"""How a built-in function is declared and called.

Owns: `Register`, which turns a signature as the standard writes it into checks of arguments; `Builtin`, the function as a value.
Promises: a call that fits no signature is null. Arguments are fitted to their types before the function sees them; a null where the
signature does not allow one (no `!` behind the type) makes the result null.
Rule: DMN 1.5, 10.3.4 and 10.3.2.9.4 (implicit conversions).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import DecimalException
from typing import Any

from engine.feel.types import ANY, Type, fitted, simple
from engine.feel.values import Function

_SIGNATURE = re.compile(r"([a-z ]+)\((.*)\)")
_ABSENT: Any = object()
Call = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: `optional` may be left out, `nullable` may be null, `many` takes all that follow as one list."""

    name: str
    type: Type
    optional: bool
    nullable: bool
    many: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function.

    Attributes:
        needs_run: the function takes the running evaluation first. cost: steps of a call. walk: sixteenths of a step for each item of a
            list it is given.
    """

    parameters: tuple[Parameter, ...]
    call: Callable[..., Any]
    needs_run: bool
    cost: int
    walk: int

    def by_position(self, arguments: list[Any]) -> list[Any] | None:
        """Arrange positional arguments; None when there are too many or too few."""
        if self.parameters and self.parameters[-1].many:
            fixed = len(self.parameters) - 1
            return [*arguments[:fixed], list(arguments[fixed:])] if len(arguments) > fixed else None
        if len(arguments) > len(self.parameters):
            return None
        left_out = self.parameters[len(arguments) :]
        return None if any(not one.optional for one in left_out) else arguments

    def by_name(self, names: list[str], arguments: list[Any]) -> list[Any] | None:
        """Arrange named arguments; None when a name is unknown, given twice, or a needed one is missing.

        What takes all that follow has no name.
        """
        if any(one.many for one in self.parameters):
            return None
        given = dict(zip(names, arguments, strict=True))
        known = {one.name for one in self.parameters}
        if len(given) != len(names) or not given.keys() <= known:
            return None
        if any(one.name not in given and not one.optional for one in self.parameters):
            return None
        return [given.get(one.name, _ABSENT) for one in self.parameters]

    def fit(self, arguments: list[Any], run: Any) -> list[Any] | None:
        """Fit arranged arguments to their types; None when one does not fit."""
        found: list[Any] = []
        for parameter, value in zip(self.parameters, arguments, strict=False):
            if value is _ABSENT:
                value = None
            elif value is None:
                if not parameter.nullable:
                    return None
            elif parameter.type.kind != "Any":
                value = fitted(value, parameter.type, run.charge)
                if value is None:
                    return None
            found.append(value)
        return found


class Builtin(Function):
    """A built-in function with its signatures, tried in order."""

    __slots__ = ("signatures",)

    def __init__(self, name: str) -> None:
        super().__init__(name, (), self.run)
        self.signatures: list[Signature] = []

    def run(self, run: Any, arguments: list[Any], names: list[str] | None = None) -> Any:
        """Call with arguments by position, or by name when names are given. What has no meaning is null."""
        run.charge(8)
        for signature in self.signatures:
            arranged = signature.by_name(names, arguments) if names else signature.by_position(arguments)
            ready = None if arranged is None else signature.fit(arranged, run)
            if ready is not None:
                return _called(signature, run, ready)
        return None


def _called(signature: Signature, run: Any, arguments: list[Any]) -> Any:
    run.charge(signature.cost)
    for value in arguments:
        if isinstance(value, list):
            run.charge(len(value) * signature.walk >> 4)
        elif isinstance(value, str):
            run.charge(len(value) >> 6)
    try:
        return signature.call(run, *arguments) if signature.needs_run else signature.call(*arguments)
    except (DecimalException, OverflowError, ZeroDivisionError):
        return None


class Register:
    """The built-ins of one module: `@register("substring(string: string, start position: number, length?: number)")`.

    Behind a name: `?` may be left out, `…` takes all that follow. Behind a type: `!` null is welcome. `run=True` hands the function the
    running evaluation first, to charge for its work; `cost` and `walk` as for `Signature`.
    """

    def __init__(self) -> None:
        self.table: dict[str, Builtin] = {}

    def __call__(self, *signatures: str, run: bool = False, cost: int = 6, walk: int = 16) -> Callable[[Call], Call]:
        def add(call: Call) -> Call:
            for text in signatures:
                name, parameters = _read(text)
                builtin = self.table.setdefault(name, Builtin(name))
                builtin.signatures.append(Signature(parameters, call, run, cost, walk))
                builtin.parameters = max(builtin.parameters, tuple(one.name for one in parameters), key=len)
            return call

        return add


def _read(text: str) -> tuple[str, tuple[Parameter, ...]]:
    match = _SIGNATURE.fullmatch(text)
    assert match is not None, text
    return match[1], tuple(_parameter(part.strip()) for part in match[2].split(",") if part.strip())


def _parameter(text: str) -> Parameter:
    name, _, type_name = (part.strip() for part in text.partition(":"))
    nullable = type_name.endswith("!") or not type_name
    found = simple(type_name.rstrip("!")) if type_name else ANY
    assert found is not None, text
    return Parameter(name.rstrip("?…"), found, "?" in name, nullable, "…" in name)
