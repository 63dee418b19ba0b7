"""The built-in functions of FEEL, one module a subject.

Owns: the table of all of them by name, `BUILTINS`.
Rule: DMN 1.5, 10.3.4, tables 78 to 90.
"""

from __future__ import annotations

from engine.feel.builtins.contexts import register as contexts
from engine.feel.builtins.conversion import register as conversion
from engine.feel.builtins.help import Help
from engine.feel.builtins.help import signatures as _signatures
from engine.feel.builtins.lists import register as lists
from engine.feel.builtins.numbers import register as numbers
from engine.feel.builtins.ranges import register as ranges
from engine.feel.builtins.registry import Builtin
from engine.feel.builtins.strings import register as strings
from engine.feel.builtins.temporal import register as temporal

BUILTINS: dict[str, Builtin] = {
    name: found for register in (conversion, strings, lists, numbers, ranges, temporal, contexts) for name, found in register.table.items()
}


def signatures() -> tuple[Help, ...]:
    """Tell every way to call every built-in function, sorted by name, for an editor that completes expressions and for the docs.

    Returns: `Help`s; `to_json()` of one is what a page needs. `now()` and `today()`, which every host gives, are among them.
    """
    return _signatures(tuple(BUILTINS.values()))


__all__ = ["BUILTINS", "Builtin", "Help", "signatures"]
