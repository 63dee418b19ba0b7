"""What an expression gives and where its types clash, told without running it.

Owns: the type of each part of a FEEL tree as far as it is known, and the clashes on the way: places whose value can only be null or fail.
Leaves: which variables have which type to who asks; the words for people to `lint.types`.
Promises: no false alarm: what is not known for sure has no type and clashes with nothing; null goes with everything; a list of one and
its item go for each other, as FEEL converts them.
Rule: DMN 1.5, 10.3.2.3 (operators), 10.3.2.9 (types and conversions), tables 49 to 57.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from engine import feel
from engine.feel import tree
from engine.feel.builtins import Help, signatures
from engine.feel.types import Type, resolve, simple

NUMBER, STRING, BOOLEAN, LIST, CONTEXT = "number", "string", "boolean", "list", "context"
DATE, TIME, MOMENT, DAYS, MONTHS = "date", "time", "date and time", "days and time duration", "years and months duration"
_DURATIONS = frozenset({DAYS, MONTHS})
_DAYS_OR_MOMENTS = frozenset({DATE, MOMENT})
_ORDERED = frozenset({NUMBER, STRING, DATE, TIME, MOMENT, DAYS, MONTHS})
_WITHOUT_PARTS = frozenset({NUMBER, STRING, BOOLEAN})

Names = Mapping[str, Type | None]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two things that do not go together: an operator or function, and the kinds it was given. `position` is where, in the text."""

    what: str
    kinds: tuple[str, ...]
    position: int


def infer(root: tree.Node, names: Names) -> tuple[Type | None, tuple[Clash, ...]]:
    """Tell the type that an expression gives, and what clashes in it.

    Args:
        names: types of variables; a name that is not in it has an unknown type.
    Returns: the type, None when it is not known; the clashes in the order of the text.
    """
    work = _Inference()
    found = work.of(root, names)
    return found, tuple(sorted(dict.fromkeys(work.clashes), key=lambda clash: clash.position))


def common(types: Iterable[Type | None]) -> Type | None:
    """Tell the type that several values have together; None when one is unknown or they differ."""
    every = list(types)
    first = every[0] if every else None
    return first if first is not None and all(one is not None and one.kind == first.kind for one in every) else None


class _Inference:
    """The work on one expression."""

    def __init__(self) -> None:
        self.clashes: list[Clash] = []
        self._of: dict[type[tree.Node], Callable[..., Type | None]] = {
            tree.Literal: self._literal, tree.Name: self._name, tree.Negation: self._negation, tree.Arithmetic: self._arithmetic,
            tree.Comparison: self._comparison, tree.Junction: self._junction, tree.Between: self._between, tree.In: self._in,
            tree.InstanceOf: self._instance_of, tree.If: self._if, tree.For: self._for, tree.Quantified: self._quantified,
            tree.Filter: self._filter, tree.Path: self._path, tree.Call: self._call, tree.ListNode: self._list,
            tree.ContextNode: self._context, tree.RangeNode: self._range, tree.FunctionDefinition: self._function,
        }

    def of(self, node: tree.Node, names: Names) -> Type | None:
        handle = self._of.get(type(node))
        return None if handle is None else handle(node, names)

    def _clash(self, what: str, node: tree.Node, *types: Type | None) -> None:
        self.clashes.append(Clash(what, tuple(one.kind for one in types if one is not None), node.position))

    def _literal(self, node: tree.Literal, names: Names) -> Type | None:
        return None if node.value is None else simple(feel.kind(node.value))

    def _name(self, node: tree.Name, names: Names) -> Type | None:
        return names.get(node.name)

    def _negation(self, node: tree.Negation, names: Names) -> Type | None:
        found = _alone(self.of(node.operand, names))
        if found is not None and found.kind not in _DURATIONS | {NUMBER}:
            self._clash("-", node, found)
        return found

    def _arithmetic(self, node: tree.Arithmetic, names: Names) -> Type | None:
        left = _alone(self.of(node.first, names))
        for sign, operand in node.rest:
            right = _alone(self.of(operand, names))
            kind = _result(sign, left, right)
            if kind == "" and left is not None and right is not None:
                self._clash(sign, node, left, right)
            left = simple(kind) if kind else None
        return left

    def _comparison(self, node: tree.Comparison, names: Names) -> Type | None:
        left, right = _alone(self.of(node.left, names)), _alone(self.of(node.right, names))
        ordered = node.sign not in ("=", "!=")
        if left is not None and right is not None and (left.kind != right.kind or (ordered and left.kind not in _ORDERED)):
            self._clash(node.sign, node, left, right)
        return simple(BOOLEAN)

    def _junction(self, node: tree.Junction, names: Names) -> Type | None:
        for operand in node.operands:
            self._wants_boolean(node.word, operand, names)
        return simple(BOOLEAN)

    def _wants_boolean(self, word: str, node: tree.Node, names: Names) -> None:
        found = _alone(self.of(node, names))
        if found is not None and found.kind != BOOLEAN:
            self._clash(word, node, found)

    def _between(self, node: tree.Between, names: Names) -> Type | None:
        value = _alone(self.of(node.value, names))
        for end in (node.low, node.high):
            self._same("between … and", node, value, _alone(self.of(end, names)))
        return simple(BOOLEAN)

    def _same(self, what: str, node: tree.Node, one: Type | None, other: Type | None) -> None:
        if one is not None and other is not None and one.kind != other.kind:
            self._clash(what, node, one, other)

    def _in(self, node: tree.In, names: Names) -> Type | None:
        value = _alone(self.of(node.value, names))
        for test in node.tests:
            for part in _tested(test):
                self._same("in", node, value, _alone(self.of(part, names)))
        return simple(BOOLEAN)

    def _instance_of(self, node: tree.InstanceOf, names: Names) -> Type | None:
        self.of(node.value, names)
        return simple(BOOLEAN)

    def _if(self, node: tree.If, names: Names) -> Type | None:
        for condition, _ in node.branches:
            self._wants_boolean("if", condition, names)
        values = [*(value for _, value in node.branches), node.otherwise]
        return common([self.of(value, names) for value in values if not _is_null(value)])

    def _for(self, node: tree.For, names: Names) -> Type | None:
        inside = self._iterated(node.iterators, names)
        return Type(LIST, item=self.of(node.result, {**inside, "partial": None}))

    def _quantified(self, node: tree.Quantified, names: Names) -> Type | None:
        self._wants_boolean(node.word, node.condition, self._iterated(node.iterators, names))
        return simple(BOOLEAN)

    def _iterated(self, iterators: list[tree.Iterator], names: Names) -> Names:
        inside = dict(names)
        for one in iterators:
            source = self.of(one.source, inside)
            if one.last is not None:
                self.of(one.last, inside)
            inside[one.name] = source.item if source is not None and source.kind == LIST and one.last is None else None
        return inside

    def _filter(self, node: tree.Filter, names: Names) -> Type | None:
        source, condition = self.of(node.source, names), node.condition
        if isinstance(condition, tree.Literal | tree.Negation):
            return source.item if source is not None and source.kind == LIST else None
        return source if source is not None and source.kind == LIST else None   # inside, the items' own entries hide names: not judged

    def _path(self, node: tree.Path, names: Names) -> Type | None:
        source = self.of(node.source, names)
        if source is not None and source.kind in _WITHOUT_PARTS:
            self._clash(f".{node.name}", node, source)
        return source.fields.get(node.name) if source is not None and source.kind == CONTEXT and source.fields is not None else None

    def _call(self, node: tree.Call, names: Names) -> Type | None:
        given = [self.of(argument, names) for argument in node.arguments]
        if not isinstance(node.function, tree.Name) or node.function.name in names:
            return None
        ways = _ways(node.function.name)
        if ways and not any(_fits(way, node.names, given) for way in ways):
            self._clash(node.function.name, node, *given)
        if node.function.name == "duration" and len(node.arguments) == 1 and isinstance(node.arguments[0], tree.Literal):
            return _written_duration(node.arguments[0].value)
        results = {way.result for way in ways}
        return simple(results.pop()) if len(results) == 1 else None

    def _list(self, node: tree.ListNode, names: Names) -> Type | None:
        return Type(LIST, item=common([self.of(item, names) for item in node.items if not _is_null(item)]))

    def _context(self, node: tree.ContextNode, names: Names) -> Type | None:
        inside, fields = dict(names), {}
        for name, value in node.entries:
            inside[name] = fields[name] = self.of(value, inside)
        return Type(CONTEXT, fields={name: found for name, found in fields.items() if found is not None})

    def _range(self, node: tree.RangeNode, names: Names) -> Type | None:
        ends = [_alone(self.of(end, names)) for end in (node.start, node.end) if end is not None]
        if len(ends) == 2:
            self._same("..", node, *ends)
        return Type("range", item=common(ends))

    def _function(self, node: tree.FunctionDefinition, names: Names) -> Type | None:
        if node.body is not None:
            given = {name: resolve(written, {}) if written is not None else None for name, written in node.parameters}
            self.of(node.body, {**names, **given})
        return simple("function")


def _alone(found: Type | None) -> Type | None:
    """A list may hold one value and go for it, and `Any` says nothing: both are unknown to an operator on single values."""
    return None if found is None or found.kind in (LIST, "Any", "Null") else found


def _written_duration(text: object) -> Type | None:
    found = feel.parse_duration(text) if isinstance(text, str) else None
    return simple(feel.kind(found)) if found is not None else None


def _is_null(node: tree.Node) -> bool:
    return isinstance(node, tree.Literal) and node.value is None


def _tested(test: tree.Node) -> list[tree.Node]:
    """The values that a test of `in` compares with: ends of a range, items of a list, the operand of `< 5`, a literal."""
    match test:
        case tree.RangeNode():
            return [end for end in (test.start, test.end) if end is not None]
        case tree.Test():
            return [test.operand]
        case tree.ListNode():
            return [part for item in test.items for part in _tested(item)]
        case tree.Literal() | tree.Negation():
            return [test]
    return []


def _result(sign: str, left: Type | None, right: Type | None) -> str | None:
    """The kind that an operator gives: None when it is not known, "" when there is none. Rule: DMN 1.5, tables 51 to 55."""
    one, other = (left.kind if left else None), (right.kind if right else None)
    if one is None or other is None:
        return NUMBER if sign == "**" else None
    match sign:
        case "+":
            return _sum(one, other)
        case "-":
            return _difference(one, other)
        case "*":
            return one if other == NUMBER and one in _DURATIONS | {NUMBER} else other if one == NUMBER and other in _DURATIONS else ""
        case "/":
            return NUMBER if one == other and one in _DURATIONS | {NUMBER} else one if one in _DURATIONS and other == NUMBER else ""
    return NUMBER if one == other == NUMBER else ""


def _sum(one: str, other: str) -> str:
    if one == other and one in _DURATIONS | {NUMBER, STRING}:
        return one
    for moment, duration in ((one, other), (other, one)):
        if (moment in _DAYS_OR_MOMENTS and duration in _DURATIONS) or (moment == TIME and duration == DAYS):
            return moment
    return ""


def _difference(one: str, other: str) -> str:
    if one == other and one in _DURATIONS | {NUMBER}:
        return one
    if (one in _DAYS_OR_MOMENTS and other in _DAYS_OR_MOMENTS) or (one == other == TIME):
        return DAYS
    return one if (one in _DAYS_OR_MOMENTS and other in _DURATIONS) or (one == TIME and other == DAYS) else ""


@cache
def _every_way() -> dict[str, tuple[Help, ...]]:
    found: dict[str, tuple[Help, ...]] = {}
    for way in signatures():
        found[way.name] = (*found.get(way.name, ()), way)
    return found


def _ways(name: str) -> tuple[Help, ...]:
    return _every_way().get(name, ())


def _fits(way: Help, names: list[str], given: list[Type | None]) -> bool:
    """Whether a call may fit a signature: unknown arguments fit anything; lists of one and days at midnight are converted."""
    parameters = list(way.parameters)
    if names:
        by_name = {one.name: one for one in parameters}
        return all(name in by_name and _taken(found, by_name[name].type) for name, found in zip(names, given, strict=True))
    if parameters and parameters[-1].many:
        last = parameters.pop()
        parameters += [last] * max(0, len(given) - len(parameters))
    if len(given) > len(parameters):
        return False
    return all(_taken(found, one.type) for found, one in zip(given, parameters, strict=False))


def _taken(found: Type | None, wanted: Type) -> bool:
    if found is None or wanted.kind in ("Any", LIST, found.kind) or found.kind in (LIST, "Any", "Null"):
        return True
    return wanted.kind == MOMENT and found.kind == DATE
