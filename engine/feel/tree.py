"""The tree of an expression: what the parser makes and the compiler reads.

Owns: the kinds of node. `weight` is the number of nodes below and including one: what one evaluation of it costs at most without loops.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(slots=True)
class Node:
    """Any part of an expression. `position` is where it starts in the text."""

    position: int
    weight: int = field(default=1, init=False)
    depth: int = field(default=1, init=False)

    def __post_init__(self) -> None:
        weight, depth = 1, 0
        for child in self.children():
            weight += child.weight
            depth = max(depth, child.depth)
        self.weight, self.depth = weight, depth + 1

    def children(self) -> list[Node]:
        """The nodes directly below."""
        return [node for name in _parts(type(self)) for node in _nodes(getattr(self, name))]


#: by the name of a kind of node: its attributes that may hold nodes
_PARTS: dict[str, tuple[str, ...]] = {}
_PLAIN = frozenset({"position", "weight", "depth", "name", "names", "sign", "word"})


def _parts(kind: type[Node]) -> tuple[str, ...]:
    found = _PARTS.get(kind.__name__)
    if found is None:
        found = _PARTS[kind.__name__] = tuple(one.name for one in fields(kind) if one.name not in _PLAIN)
    return found


def _nodes(value: Any) -> list[Node]:
    if isinstance(value, Node):
        return [value]
    if isinstance(value, (list, tuple)):
        return [node for item in value for node in _nodes(item)]
    return []


@dataclass(slots=True)
class Literal(Node):
    value: Any


@dataclass(slots=True)
class Name(Node):
    name: str


@dataclass(slots=True)
class Negation(Node):
    operand: Node


@dataclass(slots=True)
class Arithmetic(Node):
    """A chain of the same precedence: first, then (sign, operand) in order."""

    first: Node
    rest: list[tuple[str, Node]]


@dataclass(slots=True)
class Comparison(Node):
    sign: str
    left: Node
    right: Node


@dataclass(slots=True)
class Junction(Node):
    """`and` or `or` over two or more operands."""

    word: str
    operands: list[Node]


@dataclass(slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(slots=True)
class In(Node):
    value: Node
    tests: list[Node]


@dataclass(slots=True)
class InstanceOf(Node):
    value: Node
    type: TypeNode


@dataclass(slots=True)
class TypeNode(Node):
    """A type as it is written: a name, with arguments (list<…>, context<a: …>, function<…> -> …)."""

    name: str
    arguments: list[tuple[str, TypeNode]]
    result: TypeNode | None = None


@dataclass(slots=True)
class If(Node):
    """(condition, value) pairs of an `if … else if …` chain, and what stands after the last `else`."""

    branches: list[tuple[Node, Node]]
    otherwise: Node


@dataclass(slots=True)
class Iterator(Node):
    """`name in source`, or `name in source..last`."""

    name: str
    source: Node
    last: Node | None


@dataclass(slots=True)
class For(Node):
    iterators: list[Iterator]
    result: Node


@dataclass(slots=True)
class Quantified(Node):
    """`some` or `every`."""

    word: str
    iterators: list[Iterator]
    condition: Node


@dataclass(slots=True)
class Filter(Node):
    source: Node
    condition: Node


@dataclass(slots=True)
class Path(Node):
    source: Node
    name: str


@dataclass(slots=True)
class Call(Node):
    """A call by position (`names` empty) or by name (`names` as long as `arguments`)."""

    function: Node
    names: list[str]
    arguments: list[Node]


@dataclass(slots=True)
class FunctionDefinition(Node):
    parameters: list[tuple[str, TypeNode | None]]
    body: Node | None


@dataclass(slots=True)
class ListNode(Node):
    items: list[Node]


@dataclass(slots=True)
class ContextNode(Node):
    entries: list[tuple[str, Node]]


@dataclass(slots=True)
class RangeNode(Node):
    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool
    unary: bool = False


@dataclass(slots=True)
class Test(Node):
    """A unary test `< 5`, `= x`, `!= x` on a value that stands elsewhere."""

    sign: str
    operand: Node


@dataclass(slots=True)
class UnaryTests(Node):
    """A cell: its tests, or their negation; no tests for `-`."""

    tests: list[Node]
    negated: bool
