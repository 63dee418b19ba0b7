"""The built-in functions as an editor of expressions offers them.

Owns: `signatures()`, the names, parameters, results and descriptions of all functions that any host has.
Leaves: what they do to the functions themselves; the words to `descriptions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.feel.builtins.descriptions import DESCRIPTIONS
from engine.feel.builtins.registry import Builtin, Parameter


@dataclass(frozen=True, slots=True)
class Help:
    """One way to call one function.

    Attributes:
        name: of the function, `substring before`.
        parameters: `name`, `type` (of FEEL), `optional`, `many` (takes all that follow) of each, in order.
        result: the type of what it gives. subject: `text`, `number`, `list`, `context`, `date`, `range` or `logic`.
        fr, en: what it is for. example, value: an expression and what it gives, both FEEL.
    """

    name: str
    parameters: tuple[Parameter, ...]
    result: str
    subject: str
    fr: str
    en: str
    example: str
    value: str

    @property
    def text(self) -> str:
        """The signature as people read it: `substring(string, start position, [length])`."""
        return f"{self.name}({', '.join(map(_shown, self.parameters))})"

    def to_json(self) -> dict[str, Any]:
        """The function for a page: texts in both languages, parameters by name and type."""
        parameters = [{"name": one.name, "type": one.type.kind, "optional": one.optional, "many": one.many} for one in self.parameters]
        return {"name": self.name, "text": self.text, "parameters": parameters, "result": self.result, "subject": self.subject,
                "description": {"fr": self.fr, "en": self.en}, "example": self.example, "value": self.value}


def _shown(parameter: Parameter) -> str:
    return f"[{parameter.name}]" if parameter.optional else f"{parameter.name}…" if parameter.many else parameter.name


@cache
def signatures(builtins: tuple[Builtin, ...]) -> tuple[Help, ...]:
    """Tell every way to call every function, by name and then in the order of the standard, `now()` and `today()` of the host included."""
    hosted = [_help(name, ()) for name in ("now", "today")]
    return tuple(sorted([*(one for builtin in builtins for one in _helps(builtin)), *hosted], key=lambda one: one.name))


def _helps(builtin: Builtin) -> Iterator[Help]:
    return (_help(builtin.name, one.parameters) for one in builtin.signatures)


def _help(name: str, parameters: tuple[Parameter, ...]) -> Help:
    known = DESCRIPTIONS[name]
    return Help(name, parameters, known.result, known.subject, known.fr, known.en, known.example, known.value)
