"""Compiled expressions and unary tests, kept for reuse.

Owns: `Expression`, `UnaryTests` and their caches.
Promises: compiled once per text; both are immutable and may be shared by threads; a missing variable is null.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from engine.feel.budget import too_deep
from engine.feel.compiler import Code, Compiler, fixed_test
from engine.feel.errors import EvaluationError, FeelError
from engine.feel.lexer import is_plain_name
from engine.feel.operators import holds
from engine.feel.parser import parse, parse_unary_tests
from engine.feel.scope import NOTHING, Host, Run, Scope
from engine.feel.tree import Node, Test
from engine.feel.tree import UnaryTests as TestsNode
from engine.feel.types import Type

_SIGNS = re.compile(r"[-+*/.]|\b(?:and|or|in|between|then|else|return|satisfies|instance)\b")


class Expression:
    """An expression, ready to run.

    Attributes:
        text: as it was written.
        names: first names of the variables it reads. maybe: names read inside filters, each a variable or an entry of the items.
        calls: names of the functions it calls that it does not define itself.
    """

    __slots__ = ("_code", "calls", "maybe", "names", "text", "tree")

    def __init__(self, text: str, known: Iterable[str] = ()) -> None:
        self.text = text
        self.tree: Node = parse(text, known)
        compiler = Compiler()
        self._code: Code = compiler.compile(self.tree)
        self.names = frozenset(compiler.names)
        self.maybe = frozenset(compiler.maybe)
        self.calls = frozenset(compiler.calls)

    def evaluate(self, context: Mapping[str, Any], functions: Host = NOTHING, types: Mapping[str, Type] = NOTHING) -> Any:
        """Run the expression.

        Args:
            context: values of the variables. functions: the host's, called by position; `now` and `today` are among them.
            types: types that `instance of` and parameters may name.
        Returns: the value; None where FEEL says null, for a missing variable too.
        Raises: EvaluationError, when the budget is used up or a host's function fails.
        """
        return run(self._code, Scope(context, None, Run(functions, types)))

    def evaluate_in(self, scope: Scope) -> Any:
        """Run the expression inside a running evaluation, on its budget."""
        return self._code(scope)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class UnaryTests:
    """The tests of a cell of a decision table, ready to run. `names`, `maybe`, `calls` as for an expression, `?` left out."""

    __slots__ = ("_negated", "_tests", "calls", "maybe", "names", "text", "tree")

    def __init__(self, text: str, known: Iterable[str] = ()) -> None:
        self.text = text
        self.tree: TestsNode = parse_unary_tests(text, known)
        compiler = Compiler()
        self._tests = [_Test(compiler, node) for node in self.tree.tests]
        self._negated = self.tree.negated
        self.names = frozenset(compiler.names - {"?"})
        self.maybe = frozenset(compiler.maybe - {"?"})
        self.calls = frozenset(compiler.calls)

    def test(self, value: Any, context: Mapping[str, Any], functions: Host = NOTHING, types: Mapping[str, Type] = NOTHING) -> bool:
        """Tell whether a value passes the tests. Raises: EvaluationError, as `Expression.evaluate`."""
        return bool(run(lambda scope: self.test_in(value, scope), Scope(context, None, Run(functions, types))))

    def test_in(self, value: Any, scope: Scope) -> bool:
        """Tell whether a value passes, inside a running evaluation."""
        if not self._tests:
            return True
        inner = Scope({"?": value}, scope, scope.run)
        passed = any(test.passes(value, inner) for test in self._tests)
        return passed is not self._negated

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"


class _Test:
    """One positive test: `< 5`, a range, a value, or a condition on `?`.

    A condition (one that reads `?`, or gives a boolean where the value tested is none) passes when it is true; anything else is looked
    up as `in` would.
    """

    __slots__ = ("_code", "_condition", "_operator")

    def __init__(self, compiler: Compiler, node: Node) -> None:
        compiler.bound.append(frozenset({"?"}))
        compiler.input_read = False
        self._operator = compiler.test(node) if isinstance(node, (Test, TestsNode)) else fixed_test(node)
        self._code = compiler.compile(node) if self._operator is None else None
        self._condition = compiler.input_read
        compiler.bound.pop()

    def passes(self, value: Any, scope: Scope) -> bool:
        if self._operator is not None:
            return self._operator(value, scope) is True
        assert self._code is not None
        found = self._code(scope)
        if self._condition and (isinstance(found, bool) or found is None):
            return found is True
        if found is True and not isinstance(value, bool):
            return True
        return holds(found, value, scope.run) is True


def run(code: Code, scope: Scope) -> Any:
    """Run a closure as a whole evaluation: what is too deep is told, what is handed out is measured.

    Raises: EvaluationError, and nothing else: a fault of this room ends the expression, with its cause, and not the host.
    """
    try:
        value = code(scope)
        if type(value) is list or type(value) is dict:
            scope.run.measure(value)
        return value
    except RecursionError:
        raise too_deep() from None
    except FeelError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise EvaluationError(f"L’expression n’a pas pu être calculée ({type(error).__name__}).",
                              f"The expression could not be evaluated ({type(error).__name__}).") from error


@lru_cache(maxsize=4096)
def _expression(text: str, known: tuple[str, ...]) -> Expression:
    return Expression(text, known)


@lru_cache(maxsize=4096)
def _unary_tests(text: str, known: tuple[str, ...]) -> UnaryTests:
    return UnaryTests(text, known)


def compile(text: str, known: Iterable[str] = ()) -> Expression:
    """Compile an expression, or find it compiled.

    Args:
        known: names that hold signs or operator words (`pre-bureau risk`), which can only be read when known; others need not be named.
    Raises: SyntaxError, with line and column.
    """
    return _expression(text, _special(known))


def compile_unary(text: str, known: Iterable[str] = ()) -> UnaryTests:
    """Compile the unary tests of a cell, or find them compiled. Raises: SyntaxError."""
    return _unary_tests(text, _special(known))


def evaluate(text: str, context: Mapping[str, Any], functions: Host = NOTHING) -> Any:
    """Compile and run an expression; the names of the context are known to it. Raises: SyntaxError, EvaluationError."""
    return compile(text, _names_in(text, context)).evaluate(context, functions)


def unary_test(text: str, value: Any, context: Mapping[str, Any], functions: Host = NOTHING) -> bool:
    """Tell whether a value passes the unary tests of a cell. Raises: SyntaxError, EvaluationError."""
    return compile_unary(text, _names_in(text, context)).test(value, context, functions)


def _special(known: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in known if not is_plain_name(name) and _SIGNS.search(name)})) if known else ()


def _names_in(text: str, context: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of a context, its contexts included, when the text may need to know them."""
    if not _SIGNS.search(text):
        return ()
    found: list[str] = []
    _gather(context, found, 3)
    return tuple(found)


def _gather(value: Any, found: list[str], levels: int) -> None:
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, Mapping) or len(found) > 500:
        return
    for name, entry in value.items():
        found.append(str(name))
        if levels:
            _gather(entry, found, levels - 1)
