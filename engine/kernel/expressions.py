"""FEEL seen from a token.

Owns: which variables and functions an expression of the diagram gets, and what its answer must be.
Promises: nothing but FEEL is ever run; an expression cannot change what it reads.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from engine import feel, values
from engine.bpmn.model import Assignment
from engine.kernel.faults import Fault
from engine.kernel.waits import DeadlineRef
from engine.texts import Text

if TYPE_CHECKING:
    from engine.kernel.tokens import Token

_NOTHING: Mapping[str, Any] = {}

_NOT_BOOLEAN = Text("La condition « {text} » donne {value} au lieu de vrai ou faux.",
                    "The condition “{text}” gives {value}, neither true nor false.")
_NOT_A_LIST = Text("La collection « {text} » donne {value} au lieu d’une liste.", "The collection “{text}” gives {value}, not a list.")
_NOT_WHOLE = Text("« {text} » donne {value} au lieu d’un nombre entier positif ou nul.",
                  "“{text}” gives {value}, not a whole number of zero or more.")


def evaluate(token: Token, text: str, extra: Mapping[str, Any] = _NOTHING, *, scope: str | None = None,
             seen: list[DeadlineRef] | None = None) -> Any:
    """Evaluate an expression over what a token sees.

    Args:
        extra: names laid over the variables. scope: another scope to look from. seen: takes the deadlines the expression names.
    Raises: feel.FeelError, when it cannot be read or was stopped.
    """
    tokens = token.tokens
    scope = token.scope if scope is None else scope
    expression = feel.compile(text)
    variables = tokens.scopes.seen(scope)
    functions = tokens.host.functions(scope, [] if seen is None else seen) if expression.calls else _NOTHING
    seen_here = ChainMap(dict(extra), cast("MutableMapping[str, Any]", variables)) if extra else variables
    value = expression.evaluate(seen_here, functions)
    # A variable called like a built-in (`number`, `count`) that nobody has set yet reads as that function: here it is null.
    return None if isinstance(value, feel.Function) else value


def holds(token: Token, text: str, extra: Mapping[str, Any] = _NOTHING) -> bool:
    """Tell whether a condition is true. Raises: Fault, when it gives no boolean; null is none."""
    value = evaluate(token, text, extra)
    if not isinstance(value, bool):
        raise Fault(_NOT_BOOLEAN.format(text=text, value=shown(value)))
    return value


def items(token: Token, text: str) -> list[Any]:
    """Evaluate the collection of a loop. Raises: Fault, when it is no list."""
    value = feel.adopt(evaluate(token, text))
    if not isinstance(value, list):
        raise Fault(_NOT_A_LIST.format(text=text, value=shown(value)))
    return value


def count(token: Token, text: str) -> int:
    """Evaluate a number of rounds. Raises: Fault, when it is no whole number of zero or more."""
    value = feel.adopt(evaluate(token, text))
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Fault(_NOT_WHOLE.format(text=text, value=shown(value)))
    return value


def assign(token: Token, assignments: tuple[Assignment, ...], extra: Mapping[str, Any] = _NOTHING,
           scope: str | None = None) -> dict[str, Any]:
    """Evaluate mappings in order; each line sees the lines before it."""
    found: dict[str, Any] = {}
    for line in assignments:
        if line.variable:
            seen = ChainMap(found, dict(extra), dict(token.tokens.scopes.seen(token.scope if scope is None else scope)))
            found[line.name] = seen.get(line.variable)
        else:
            found[line.name] = evaluate(token, line.expression, {**extra, **found}, scope=scope)
    return found


def packed(value: Any) -> str:
    """Write a value so that a token can keep it. Raises: NotAValue, for what FEEL has no value for."""
    return values.encode(value).decode()


def unpacked(written: str | None) -> Any:
    """Read back what `packed` wrote; nothing is null."""
    return None if written is None else values.decode(written.encode())


def shown(value: Any) -> str:
    """Write a value the way a sentence shows it, cut short."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    words = f'"{value}"' if isinstance(value, str) else str(value)
    return words if len(words) <= 60 else words[:59] + "…"
