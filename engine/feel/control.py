"""Iteration, filters and functions: the parts of an expression that run others.

Owns: `for`, `some`, `every`, filters, function definitions and calls, and finding a function by its name.
Promises: each turn of a loop charges the weight of its body; calls are counted in depth; a host's function is called by position only.
Rule: DMN 1.5, 10.3.2.5 (lists and filters), 10.3.2.14 (for, some, every), 10.3.2.12 and 10.3.2.13.4 (functions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from engine.feel import tree as t
from engine.feel import wide
from engine.feel.budget import MAX_ITEMS
from engine.feel.builtins import BUILTINS, Builtin
from engine.feel.errors import EvaluationError, FeelError
from engine.feel.scope import MISSING, Run, Scope
from engine.feel.types import Type, fitted, resolve
from engine.feel.values import Function, Range, adopt, compare, is_date, is_number, whole
from engine.feel.wide import Date

if TYPE_CHECKING:
    from engine.feel.compiler import Code, Compiler

#: name, source, end of a range written without brackets, steps that finding the source costs
Level = tuple[str, "Code", "Code | None", int]


# --- for, some, every -----------------------------------------------------------------------------------------------------------------


def iteration(compiler: Compiler, node: t.For) -> Code:
    levels, names = _levels(compiler, node.iterators)
    body = compiler.within(frozenset({*names, "partial"}), node.result)
    partial, cost = _reads(node.result, "partial"), 4 + node.result.weight

    def run(scope: Scope) -> list[Any] | None:
        results: list[Any] = []
        for inner in _turns(levels, scope):
            if inner is None:
                return None
            scope.run.charge(cost)
            if len(results) >= MAX_ITEMS:
                scope.run.room_for_items(len(results) + 1)
            if partial:
                scope.run.room_for_items(len(results))
                inner = Scope({"partial": list(results)}, inner, scope.run)
            results.append(body(inner))
        return results

    return run


def quantified(compiler: Compiler, node: t.Quantified) -> Code:
    levels, names = _levels(compiler, node.iterators)
    condition, cost = compiler.within(frozenset(names), node.condition), 4 + node.condition.weight
    settles = node.word == "some"

    def run(scope: Scope) -> bool | None:
        result: bool | None = not settles
        for inner in _turns(levels, scope):
            if inner is None:
                return None
            scope.run.charge(cost)
            value: bool | None = condition(inner)
            if value is settles:
                return settles
            if not isinstance(value, bool):
                result = None
        return result

    return run


def _levels(compiler: Compiler, iterators: list[t.Iterator]) -> tuple[list[Level], list[str]]:
    names: list[str] = []
    levels: list[Level] = []
    for one in iterators:
        around = frozenset(names)
        last = compiler.within(around, one.last) if one.last is not None else None
        levels.append((one.name, compiler.within(around, one.source), last, 6 + one.weight))
        names.append(one.name)
    return levels, names


def _turns(levels: list[Level], scope: Scope, at: int = 0) -> Iterator[Scope | None]:
    """Give the scope of each turn; None once when a source cannot be gone through."""
    name, source, last, cost = levels[at]
    scope.run.charge(cost)
    items = _between(source(scope), last(scope), scope.run) if last is not None else _items(source(scope), scope.run)
    if items is None:
        yield None
        return
    for value in items:
        inner = Scope({name: value}, scope, scope.run)
        if at + 1 == len(levels):
            yield inner
        else:
            scope.run.charge(2)
            yield from _turns(levels, inner, at + 1)


def _items(source: Any, run: Run) -> Iterable[Any] | None:
    source = adopt(source)
    if isinstance(source, Range):
        return _inside(source, run)
    return source if isinstance(source, list) or source is None else [source]


def _inside(source: Range, run: Run) -> Iterable[Any] | None:
    """The values of a range of whole numbers or days, upward; a range that runs backward has none to go through."""
    start, end = source.start, source.end
    if (compare(start, end) or 0) > 0:
        return None
    found = _between(start, end, run)
    if found is None:
        return None
    return (value for value in found if (value != start or source.start_included) and (value != end or source.end_included))


def _between(start: Any, end: Any, run: Run) -> Iterable[Any] | None:
    """Whole numbers or days from one to another, upward or downward."""
    if is_number(start) and is_number(end):
        first, last = whole(start), whole(end)
        return None if first is None or last is None else _upward_or_downward(first, last)
    return _days(start, end, run) if is_date(start) and is_date(end) else None


def _upward_or_downward(first: int, last: int) -> range:
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def _days(start: Date, end: Date, run: Run) -> Iterator[Date | None]:
    for number in _upward_or_downward(wide.day_number(start), wide.day_number(end)):
        run.charge(8)
        yield wide.numbered_day(number)


def _reads(node: t.Node, name: str) -> bool:
    return (isinstance(node, t.Name) and node.name == name) or any(_reads(child, name) for child in node.children())


# --- filters --------------------------------------------------------------------------------------------------------------------------


def filtered(compiler: Compiler, node: t.Filter) -> Code:
    source = compiler.compile(node.source)
    compiler.filters += 1
    condition = compiler.within(frozenset({"item"}), node.condition)
    compiler.filters -= 1
    cost = 4 + node.condition.weight

    def run(scope: Scope) -> Any:
        value = adopt(source(scope))
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        found: list[Any] = []
        for item in items or [None]:
            scope.run.charge(cost)
            keep = condition(_item_scope(item, scope))
            if is_number(keep):
                return _at(items, keep)
            if keep is True and items:
                found.append(item)
        return found

    return run


def _item_scope(item: Any, scope: Scope) -> Scope:
    """An item is `item`, and its entries are names, when it is a context; an entry `item` goes first."""
    if type(item) is dict:
        scope.run.charge(1 + (len(item) >> 1))
        return Scope({"item": item, **item}, scope, scope.run)
    return Scope({"item": item}, scope, scope.run)


def _at(items: list[Any], position: Any) -> Any:
    index = whole(position) or 0
    if index == 0 or abs(index) > len(items):
        return None
    return items[index - 1] if index > 0 else items[index]


# --- functions ------------------------------------------------------------------------------------------------------------------------


def definition(compiler: Compiler, node: t.FunctionDefinition) -> Code:
    names = tuple(name for name, _ in node.parameters)
    if node.body is None:
        return lambda scope: None
    # what a function reads is needed when it is called; its parameters are its own
    body, cost = compiler.within(frozenset(names), node.body), 10 + node.body.weight
    written = [type for _, type in node.parameters]

    def run(scope: Scope) -> Function:
        types = tuple(resolve(one, scope.run.types) if one is not None else None for one in written)
        return make_function("", names, types, body, scope, cost)

    return run


def make_function(name: str, parameters: tuple[str, ...], types: tuple[Type | None, ...], body: Code, around: Scope | None,
                  cost: int = 15) -> Function:
    """Make a function of a body that runs in a scope of its parameters.

    Args:
        types: of the parameters, None for any; a call whose arguments do not fit gives null.
        around: the scope the function is defined in. cost: steps each call is charged.
    """
    def call(run: Run, arguments: list[Any]) -> Any:
        run.charge(cost)
        ready = _fitted(arguments, types, run)
        if ready is None:
            return None
        run.enter()
        try:
            return body(Scope(dict(zip(parameters, ready, strict=True)), around, run))
        finally:
            run.leave()

    return Function(name, parameters, call, types)


def _fitted(arguments: list[Any], types: tuple[Any, ...], run: Run) -> list[Any] | None:
    if len(arguments) != len(types):
        return None
    ready: list[Any] = []
    for value, wanted in zip(arguments, types, strict=True):
        fit = fitted(value, wanted, run.charge) if wanted is not None else value
        if fit is None and value is not None:
            return None
        ready.append(fit)
    return ready


def call(compiler: Compiler, node: t.Call) -> Code:
    names = node.names
    arguments = [compiler.compile(argument) for argument in node.arguments]
    if isinstance(node.function, t.Name):
        name = node.function.name
        if not any(name in level for level in compiler.bound):
            compiler.calls.add(name)
        return lambda scope: invoke(function_named(name, scope), [argument(scope) for argument in arguments], names, scope.run)
    function = compiler.compile(node.function)
    return lambda scope: invoke(function(scope), [argument(scope) for argument in arguments], names, scope.run)


def function_named(name: str, scope: Scope) -> Any:
    """Find a function: a variable that is one, else the host's, else a built-in; None when there is none."""
    found = scope.find(name)
    if isinstance(found, Function):
        return found
    host = scope.run.functions.get(name, MISSING)
    return _hosted(name, host) if host is not MISSING else BUILTINS.get(name)


def invoke(function: Any, arguments: list[Any], names: list[str], run: Run) -> Any:
    """Call a function value, by position or (with names) by name; null when it is none or the arguments do not suit it."""
    if isinstance(function, Builtin):
        return function.run(run, arguments, names)
    run.charge(4)
    if not isinstance(function, Function):
        return None
    if names:
        given = dict(zip(names, arguments, strict=True))
        if set(given) != set(function.parameters):
            return None
        arguments = [given[name] for name in function.parameters]
    return function.call(run, arguments)


def _hosted(name: str, host: Callable[..., Any]) -> Function:
    """A function of the host as a value; what it raises is told as an EvaluationError with its cause."""
    def call(run: Run, arguments: list[Any]) -> Any:
        run.charge(5)
        try:
            return adopt(host(*arguments))
        except FeelError:
            raise
        except Exception as error:
            raise EvaluationError(f"La fonction {name} a échoué : {error}", f"The function {name} failed: {error}") from error

    return Function(name, (), call)
