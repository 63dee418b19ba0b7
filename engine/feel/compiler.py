"""From tree to closures.

Owns: what each kind of node does when it runs, as Python functions `(scope) -> value`; which names an expression reads.
Leaves: operators, properties, types and built-ins to their modules; iteration and functions to `control`.
Promises: no eval, no exec, no attribute of a host's object. Loops and calls charge the budget; what is left is bounded by the text itself.
Rule: DMN 1.5, 10.3.2.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from engine.feel import control, properties
from engine.feel import tree as t
from engine.feel.builtins import BUILTINS
from engine.feel.literals import literal_value
from engine.feel.operators import OPERATORS, holds, negate, ordered
from engine.feel.scope import MISSING, Scope
from engine.feel.types import instance_of, resolve
from engine.feel.values import Range, compare, is_number, kind

Code = Callable[[Scope], Any]


class Compiler:
    """One compilation.

    After it, `names` holds the variables surely read, `maybe` those read inside filters, `calls` the functions called.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.maybe: set[str] = set()
        self.calls: set[str] = set()
        self.bound: list[frozenset[str]] = []      # names of the levels around the node at hand
        self.filters = 0                           # how many filters are around it
        self.input_read = False                    # whether `?` is read

    def compile(self, node: t.Node) -> Code:
        """Make the closure of a node."""
        method: Callable[[Any], Code] = getattr(self, "_" + type(node).__name__.lower())
        return method(node)

    # --- values and names -----------------------------------------------------------------------------------------------------------

    def _literal(self, node: t.Literal) -> Code:
        value = node.value
        return lambda scope: value

    def _name(self, node: t.Name) -> Code:
        name = node.name
        self.note(name)
        if "." in name:
            return self._dotted(name)
        if not self.bound:
            return lambda scope: found if (found := scope.names.get(name, MISSING)) is not MISSING else _outside(name, scope)
        return lambda scope: found if (found := scope.find(name)) is not MISSING else _outside(name, scope)

    def _dotted(self, name: str) -> Code:
        """A known name with a dot: the variable of that name, or else the path it also spells."""
        head, *rest = (part.strip() for part in name.split("."))
        path = self.compile(t.Name(0, head))
        for part in rest:
            path = self._step(path, part)
        return lambda scope: found if (found := scope.find(name)) is not MISSING else path(scope)

    def note(self, name: str) -> None:
        """Remember that a name is read."""
        if name == "?":
            self.input_read = True
        if any(name in level for level in self.bound):
            return
        if name not in BUILTINS:
            (self.maybe if self.filters else self.names).add(name)

    def within(self, names: frozenset[str], node: t.Node) -> Code:
        """Compile a node inside a level that binds some names."""
        self.bound.append(names)
        code = self.compile(node)
        self.bound.pop()
        return code

    # --- operators ------------------------------------------------------------------------------------------------------------------

    def _negation(self, node: t.Negation) -> Code:
        if isinstance(node.operand, t.Literal):
            value = negate(node.operand.value)
            return lambda scope: value
        operand = self.compile(node.operand)
        return lambda scope: negate(operand(scope))

    def _arithmetic(self, node: t.Arithmetic) -> Code:
        first = self.compile(node.first)
        steps = [(OPERATORS[sign], self.compile(operand)) for sign, operand in node.rest]
        if len(steps) == 1:
            operator, second = steps[0]
            return lambda scope: operator(first(scope), second(scope), scope.run)

        def run(scope: Scope) -> Any:
            value = first(scope)
            for operator, operand in steps:
                value = operator(value, operand(scope), scope.run)
            return value

        return run

    def _comparison(self, node: t.Comparison) -> Code:
        left, sign = self.compile(node.left), node.sign
        if isinstance(node.right, t.Literal):
            fast = _against_literal(left, sign, node.right.value)
            if fast is not None:
                return fast
        right = self.compile(node.right)
        return lambda scope: ordered(sign, left(scope), right(scope), scope.run)

    def _junction(self, node: t.Junction) -> Code:
        operands = [self.compile(operand) for operand in node.operands]
        stop = node.word == "or"                    # the value that settles the whole
        if len(operands) == 2:
            return _junction_of_two(operands[0], operands[1], stop)

        def run(scope: Scope) -> bool | None:
            result: bool | None = not stop
            for operand in operands:
                value: bool | None = operand(scope)
                if value is stop:
                    return value
                if value is not (not stop):
                    result = None
            return result

        return run

    def _between(self, node: t.Between) -> Code:
        value, low, high = self.compile(node.value), self.compile(node.low), self.compile(node.high)

        def run(scope: Scope) -> bool | None:
            found = value(scope)
            above, below = compare(found, low(scope)), compare(found, high(scope))
            if above is None or below is None:
                return None
            return above >= 0 and below <= 0

        return run

    def _in(self, node: t.In) -> Code:
        value = self.compile(node.value)
        tests = [self.test(one) for one in node.tests]

        def run(scope: Scope) -> bool | None:
            found, result = value(scope), False
            unknown = False
            for test in tests:
                held = test(found, scope)
                if held:
                    return True
                unknown = unknown or held is None
            return None if unknown else result

        return run

    def test(self, node: t.Node) -> Callable[[Any, Scope], bool | None]:
        """Compile one positive test on a value that stands outside it."""
        if isinstance(node, t.Test):
            operand, sign = self.compile(node.operand), node.sign
            return lambda value, scope: ordered(sign, value, operand(scope), scope.run)
        if isinstance(node, t.UnaryTests):
            tests = [self.test(one) for one in node.tests]
            return lambda value, scope: _not(any(test(value, scope) for test in tests))
        code = self.compile(node)
        return lambda value, scope: holds(code(scope), value, scope.run)

    def _unarytests(self, node: t.UnaryTests) -> Code:
        """`(!= 10)` standing as a value has none that FEEL could name."""
        return lambda scope: None

    def _instanceof(self, node: t.InstanceOf) -> Code:
        value, written, cost = self.compile(node.value), node.type, 8 * node.type.weight

        def run(scope: Scope) -> bool | None:
            scope.run.charge(cost)
            wanted = resolve(written, scope.run.types)
            return None if wanted is None else instance_of(value(scope), wanted, scope.run.charge)

        return run

    # --- structures -----------------------------------------------------------------------------------------------------------------

    def _if(self, node: t.If) -> Code:
        branches = [(self.compile(condition), self.compile(value)) for condition, value in node.branches]
        otherwise = self.compile(node.otherwise)

        def run(scope: Scope) -> Any:
            for condition, value in branches:
                if condition(scope) is True:
                    return value(scope)
            return otherwise(scope)

        return run

    def _path(self, node: t.Path) -> Code:
        return self._step(self.compile(node.source), node.name)

    def _step(self, source: Code, name: str) -> Code:
        def run(scope: Scope) -> Any:
            value = source(scope)
            return value.get(name) if type(value) is dict else properties.get(value, name, scope.run)

        return run

    def _listnode(self, node: t.ListNode) -> Code:
        items = [self.compile(item) for item in node.items]
        return lambda scope: [item(scope) for item in items]

    def _contextnode(self, node: t.ContextNode) -> Code:
        keys = [key for key, _ in node.entries]
        if len(set(keys)) != len(keys):
            return lambda scope: None
        entries: list[tuple[str, Code]] = []
        for index, (key, value) in enumerate(node.entries):
            # a function may call itself by the name of its entry, hence the entry's own name too
            own = keys[: index + 1] if isinstance(value, t.FunctionDefinition) else keys[:index]
            entries.append((key, self.within(frozenset(own), value)))

        def run(scope: Scope) -> dict[str, Any]:
            made: dict[str, Any] = {}
            inner = Scope(made, scope, scope.run)
            for key, value in entries:
                made[key] = value(inner)
            return made

        return run

    def _rangenode(self, node: t.RangeNode) -> Code:
        start = self.compile(node.start) if node.start is not None else None
        end = self.compile(node.end) if node.end is not None else None
        included = (node.start_included, node.end_included)
        unary = node.unary
        if _is_fixed(node.start) and _is_fixed(node.end):
            fixed = make_range(literal_value(node.start), literal_value(node.end), *included, unary)
            return lambda scope: fixed

        def run(scope: Scope) -> Range | None:
            low, high = start(scope) if start else None, end(scope) if end else None
            return make_range(low, high, *included, unary)

        return run

    # --- loops, filters and functions (see control) -----------------------------------------------------------------------------------

    def _for(self, node: t.For) -> Code:
        return control.iteration(self, node)

    def _quantified(self, node: t.Quantified) -> Code:
        return control.quantified(self, node)

    def _filter(self, node: t.Filter) -> Code:
        return control.filtered(self, node)

    def _call(self, node: t.Call) -> Code:
        return control.call(self, node)

    def _functiondefinition(self, node: t.FunctionDefinition) -> Code:
        return control.definition(self, node)


def _is_fixed(node: t.Node | None) -> bool:
    """Tell whether an end of a range is always the same: none, a literal, a negated literal."""
    return node is None or isinstance(node.operand if isinstance(node, t.Negation) else node, t.Literal)


def fixed_test(node: t.Node) -> Callable[[Any, Scope], bool | None] | None:
    """The tests most cells of tables are, without detours: a number, a string, or a range of such. None for any other."""
    if isinstance(node, t.Literal) and kind(node.value) in ("number", "string"):
        return _equal_to(node.value)
    if isinstance(node, t.RangeNode) and _is_fixed(node.start) and _is_fixed(node.end):
        low, high = literal_value(node.start), literal_value(node.end)
        fixed = make_range(low, high, node.start_included, node.end_included, node.unary)
        return None if fixed is None or not (is_number(low) and is_number(high)) else _within(fixed)
    return None


def _equal_to(literal: Any) -> Callable[[Any, Scope], bool | None]:
    own = (str,) if isinstance(literal, str) else (int, Decimal)
    return lambda value, scope: value == literal if type(value) in own else holds(literal, value, scope.run)


def _within(test: Range) -> Callable[[Any, Scope], bool | None]:
    low, high = test.start, test.end
    above, below = ge if test.start_included else gt, le if test.end_included else lt
    return lambda value, scope: above(value, low) and below(value, high) if type(value) in (int, Decimal) else test.includes(value)


def make_range(low: Any, high: Any, start_included: bool, end_included: bool, unary: bool) -> Range | None:
    """Make a range of two ends that can be compared; null otherwise."""
    if low is not None and high is not None and compare(low, high) is None:
        return None
    if any(end is not None and compare(end, end) is None for end in (low, high)) or (low is None and high is None):
        return None
    return Range(low, high, start_included and low is not None, end_included and high is not None, unary)


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _outside(name: str, scope: Scope) -> Any:
    """A name the innermost level lacks: a variable further out, a function of the host or a built-in as a value, else null."""
    if scope.parent is not None and (found := scope.parent.find(name)) is not MISSING:
        return found
    return control.function_named(name, scope)


def _junction_of_two(left: Code, right: Code, stop: bool) -> Code:
    go = not stop

    def run(scope: Scope) -> bool | None:
        one: bool | None = left(scope)
        if one is stop:
            return one
        other: bool | None = right(scope)
        if other is stop:
            return other
        return go if one is go and other is go else None

    return run


def _against_literal(left: Code, sign: str, literal: Any) -> Code | None:
    """The common comparisons, against a number or string written in the expression, without detours."""
    if kind(literal) not in ("number", "string"):
        return None
    direct = _DIRECT[sign]
    own = (str,) if isinstance(literal, str) else (int, Decimal)

    def run(scope: Scope) -> bool | None:
        value = left(scope)
        return direct(value, literal) if type(value) in own else ordered(sign, value, literal, scope.run)

    return run


_DIRECT: dict[str, Callable[[Any, Any], Any]] = {
    "=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}
