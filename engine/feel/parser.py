"""From text to tree.

Owns: the grammar of FEEL, full expressions and unary tests.
Leaves: words to `lexer`, stepping through them to `cursor`, names of several words to `names`, types to `type_parser`, meaning to
`compiler`.
Promises: what it accepts is FEEL; what it refuses is refused with line and column; nesting is bounded, so that no text overflows the stack.
Rule: DMN 1.5, 10.3.1.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal, DecimalException

from engine.feel import temporal
from engine.feel import tree as t
from engine.feel.errors import SyntaxError
from engine.feel.lexer import Token
from engine.feel.names import SIGNS_IN_NAMES, STOP
from engine.feel.type_parser import TypeParser
from engine.feel.values import number

MAX_CHAIN = 100             # `.name`, `[filter]` and `(call)` after one operand
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
FUNCTION_NAMES = ("date and time", "years and months duration")
_LITERALS = {"true": True, "false": False, "null": None}
_RESERVED = STOP | {"instance"}


def parse(text: str, known: Iterable[str] = ()) -> t.Node:
    """Read a full expression.

    Args:
        known: names in scope that hold signs or operator words; others are read without being known.
    Raises: SyntaxError.
    """
    return Parser(text, known).whole_expression()


def parse_unary_tests(text: str, known: Iterable[str] = ()) -> t.UnaryTests:
    """Read the unary tests of a cell, `-` included. Raises: SyntaxError."""
    return Parser(text, known).whole_unary_tests()


class Parser(TypeParser):
    """One reading of one text."""

    def __init__(self, text: str, known: Iterable[str] = ()) -> None:
        super().__init__(text, (*FUNCTION_NAMES, *known))
        self.open_ranges = 0
        #: expressions already read, by their first token, so that stepping back reads nothing twice
        self._read: dict[tuple[int, bool], tuple[t.Node, int]] = {}

    # --- wholes ---------------------------------------------------------------------------------------------------------------------

    def whole_expression(self) -> t.Node:
        node = self.expression()
        self.finish()
        return node

    def whole_unary_tests(self) -> t.UnaryTests:
        start = self.token.position
        if self.is_sign("-") and self.tokens[self.at + 1].kind == "end":
            return t.UnaryTests(start, [], False)
        negated = self.is_word("not") and self.tokens[self.at + 1].value == "(" and self._closes_at_the_end(self.at + 1)
        if negated:
            self.at += 2
        tests = self.tests()
        if negated:
            self.expect(")")
        self.finish()
        return t.UnaryTests(start, tests, negated)

    def _closes_at_the_end(self, at: int) -> bool:
        """Tell whether the parenthesis at a token is closed by the last token."""
        depth = 0
        for index in range(at, len(self.tokens)):
            token = self.tokens[index]
            if token.kind == "sign" and token.value in "()":
                depth += 1 if token.value == "(" else -1
                if depth == 0:
                    return self.tokens[index + 1].kind == "end"
        return False

    def finish(self) -> None:
        if self.token.kind != "end":
            raise self.error("la fin de l’expression est attendue", "the end of the expression is expected")

    def tests(self) -> list[t.Node]:
        found = [self.test()]
        while self.accept(","):
            found.append(self.test())
        return found

    def test(self) -> t.Node:
        """A positive unary test: an operator with its operand, or an expression."""
        token = self.token
        if token.kind == "sign" and token.value in COMPARISONS:
            self.at += 1
            return t.Test(token.position, token.value, self.additive())
        return self.expression()

    # --- operators, from the loosest to the tightest --------------------------------------------------------------------------------

    def expression(self) -> t.Node:
        self.go_deeper()
        start = (self.at, self.open_ranges > 0)
        if start in self._read:
            node, self.at = self._read[start]
        else:
            node = self.junction("or")
            self._read[start] = (node, self.at)
        self.nesting -= 1
        return node

    def junction(self, word: str) -> t.Node:
        start = self.token.position
        operands = [self.junction("and") if word == "or" else self.comparison()]
        while self.is_word(word):
            self.at += 1
            operands.append(self.junction("and") if word == "or" else self.comparison())
        return operands[0] if len(operands) == 1 else t.Junction(start, word, operands)

    def comparison(self) -> t.Node:
        left = self.additive()
        for _ in range(MAX_CHAIN):
            token = self.token
            if token.kind == "sign" and token.value in COMPARISONS:
                self.at += 1
                left = t.Comparison(token.position, token.value, left, self.additive())
            elif self.is_word("between"):
                self.at += 1
                low = self.additive()
                self.expect_word("and")
                left = t.Between(token.position, left, low, self.additive())
            elif self.is_word("in"):
                self.at += 1
                left = t.In(token.position, left, self.in_tests())
            else:
                return left
        raise self.error("trop de comparaisons se suivent", "too many comparisons in a row")

    def in_tests(self) -> list[t.Node]:
        """What stands after `in`: tests in parentheses, or one test."""
        start = self.at
        if self.accept("("):
            found = self.tests()
            if self.accept(")") and not self.is_sign("+", "-", "*", "/", "**", ".", "[", "("):
                return found
            self.at = start
        token = self.token
        if token.kind == "sign" and token.value in COMPARISONS:
            self.at += 1
            return [t.Test(token.position, token.value, self.additive())]
        return [self.additive()]

    def additive(self) -> t.Node:
        return self.arithmetic(("+", "-"), self.multiplicative)

    def multiplicative(self) -> t.Node:
        return self.arithmetic(("*", "/"), self.power)

    def power(self) -> t.Node:
        return self.arithmetic(("**",), self.signed)

    def arithmetic(self, signs: tuple[str, ...], operand: Callable[[], t.Node]) -> t.Node:
        start = self.token.position
        first = operand()
        rest: list[tuple[str, t.Node]] = []
        while self.is_sign(*signs):
            sign = self.token.value
            self.at += 1
            rest.append((sign, operand()))
        return t.Arithmetic(start, first, rest) if rest else first

    def signed(self) -> t.Node:
        position, count = self.token.position, 0
        while self.accept("-"):
            count += 1
        node = self.operand()
        for _ in range(count if count < 2 else 2 - count % 2):
            node = t.Negation(position, node)
        return node

    def operand(self) -> t.Node:
        node = self.chain(self.primary())
        while self.is_word("instance") and self.tokens[self.at + 1].value == "of":
            position = self.token.position
            self.at += 2
            node = t.InstanceOf(position, node, self.type())
        return node

    def chain(self, node: t.Node) -> t.Node:
        """Everything that may follow an operand: `.name`, `[filter]`, `(arguments)`."""
        for _ in range(MAX_CHAIN):
            position = self.token.position
            if self.accept("."):
                node = t.Path(position, node, self.name())
            elif self.is_sign("[") and not self._closes_a_range():
                self.at += 1
                node = t.Filter(position, node, self.expression())
                self.expect("]")
            elif self.accept("("):
                node = self.call(position, node)
            else:
                return node
        raise self.error("trop de chemins se suivent", "too many path steps in a row")

    def _closes_a_range(self) -> bool:
        """Tell whether the bracket here ends a range such as `]1..5[` rather than begin a filter."""
        after = self.tokens[self.at + 1]
        ends = after.kind == "end" or (after.kind == "sign" and after.value not in ("-", "(", "[", "{", "@", "]"))
        return self.open_ranges > 0 and (ends or after.value in _RESERVED)

    # --- operands -------------------------------------------------------------------------------------------------------------------

    def primary(self) -> t.Node:
        token = self.token
        if token.kind == "number":
            self.at += 1
            return t.Literal(token.position, self._number(token))
        if token.kind == "string":
            self.at += 1
            return t.Literal(token.position, token.value)
        if token.kind == "name":
            return self.word()
        match token.value if token.kind == "sign" else "":
            case "@":
                return self.at_literal()
            case "(":
                return self.parenthesis()
            case "[":
                return self.bracket()
            case "]":
                self.at += 1
                return self.range_after(token.position, self.expression(), False)
            case "{":
                return self.context()
        raise self.error("une valeur est attendue", "a value is expected")

    def _number(self, token: Token) -> int | Decimal | None:
        if token.value.isdigit() and len(token.value) <= 34:
            return int(token.value)
        try:
            value = Decimal(token.value)
            return number(value) if value == value.to_integral_value() and "." not in token.value else +value
        except DecimalException:
            raise SyntaxError("ce nombre est trop grand", "this number is too large", self.text, token.position) from None

    def at_literal(self) -> t.Node:
        position = self.token.position
        self.at += 1
        if self.token.kind != "string":
            raise self.error("un texte est attendu après @", "a string is expected after @")
        text = self.token.value
        self.at += 1
        return t.Literal(position, temporal.at_literal(text))

    def parenthesis(self) -> t.Node:
        position = self.token.position
        self.at += 1
        sign = self.token.value
        if self.token.kind == "sign" and sign in COMPARISONS:
            self.at += 1
            return self.unary_range(position, sign)
        node = self.expression()
        if self.is_sign(".."):
            return self.range_after(position, node, False)
        self.expect(")")
        return node

    def unary_range(self, position: int, sign: str) -> t.Node:
        """`(< 10)`: a range open on one side; `(= 10)`: a range of one value."""
        end = self.additive()
        self.expect(")")
        if sign == "=":
            return t.RangeNode(position, end, end, True, True, unary=False)
        if sign == "!=":
            return t.UnaryTests(position, [t.Test(position, "=", end)], True)
        if sign[0] == "<":
            return t.RangeNode(position, None, end, False, sign == "<=", unary=True)
        return t.RangeNode(position, end, None, sign == ">=", False, unary=True)

    def bracket(self) -> t.Node:
        position = self.token.position
        self.at += 1
        if self.accept("]"):
            return t.ListNode(position, [])
        first = self.expression()
        if self.is_sign(".."):
            return self.range_after(position, first, True)
        items = [first]
        while self.accept(","):
            items.append(self.expression())
        self.expect("]")
        return t.ListNode(position, items)

    def range_after(self, position: int, start: t.Node, included: bool) -> t.Node:
        """The rest of a range, from its two dots on."""
        self.expect("..")
        self.open_ranges += 1
        end = self.expression()
        self.open_ranges -= 1
        if not self.is_sign("]", ")", "["):
            raise self.error("la fin de l’intervalle est attendue", "the end of the range is expected")
        closing = self.token.value
        self.at += 1
        return t.RangeNode(position, start, end, included, closing == "]")

    def context(self) -> t.Node:
        position = self.token.position
        self.at += 1
        entries: list[tuple[str, t.Node]] = []
        with self.names.scope() as added:
            while not self.accept("}"):
                if entries:
                    self.expect(",")
                key = self.key()
                self.expect(":")
                entries.append((key, self.expression()))
                if self.names.add(key):
                    added.append(key)
        return t.ContextNode(position, entries)

    # --- words ----------------------------------------------------------------------------------------------------------------------

    def word(self) -> t.Node:
        """An operand that starts with a word: a keyword's expression, a literal or a name."""
        token, after = self.token, self.tokens[self.at + 1]
        name, end = self.names.find(self.tokens, self.at)
        if token.value in _RESERVED and end == self.at + 1:
            raise self.error("une valeur est attendue", "a value is expected")
        if token.value in _LITERALS and end == self.at + 1:
            self.at += 1
            return t.Literal(token.position, _LITERALS[token.value])
        if token.value == "if":
            return self.conditional()
        if token.value == "for" and after.kind == "name":
            return self.iteration()
        if token.value in ("some", "every") and after.kind == "name":
            return self.quantified()
        if token.value == "function" and after.value == "(":
            return self.function()
        self.at = end
        return t.Name(token.position, name)

    def conditional(self) -> t.Node:
        position = self.token.position
        branches: list[tuple[t.Node, t.Node]] = []
        while self.is_word("if"):
            self.at += 1
            condition = self.expression()
            self.expect_word("then")
            branches.append((condition, self.expression()))
            self.expect_word("else")
        return t.If(position, branches, self.expression())

    def iteration(self) -> t.Node:
        position = self.token.position
        self.at += 1
        iterators = self.iterators()
        self.expect_word("return")
        return t.For(position, iterators, self.expression())

    def quantified(self) -> t.Node:
        token = self.token
        self.at += 1
        iterators = self.iterators()
        self.expect_word("satisfies")
        return t.Quantified(token.position, token.value, iterators, self.expression())

    def iterators(self) -> list[t.Iterator]:
        found = [self.iterator()]
        while self.accept(","):
            found.append(self.iterator())
        return found

    def iterator(self) -> t.Iterator:
        position = self.token.position
        name = self.name()
        self.expect_word("in")
        source = self.expression()
        return t.Iterator(position, name, source, self.expression() if self.accept("..") else None)

    def function(self) -> t.Node:
        position = self.token.position
        self.at += 2
        parameters: list[tuple[str, t.TypeNode | None]] = []
        with self.names.scope() as added:
            while not self.accept(")"):
                if parameters:
                    self.expect(",")
                name = self.key()
                parameters.append((name, self.type() if self.accept(":") else None))
                if self.names.add(name):
                    added.append(name)
            external = self.is_word("external")
            if external:
                self.at += 1
            body = self.expression()
        return t.FunctionDefinition(position, parameters, None if external else body)

    def call(self, position: int, function: t.Node) -> t.Node:
        names: list[str] = []
        arguments: list[t.Node] = []
        named = self._starts_named_argument()
        while not self.accept(")"):
            if arguments:
                self.expect(",")
            if named:
                names.append(self.key())
                self.expect(":")
            arguments.append(self.expression())
        return t.Call(position, function, names, arguments)

    def _starts_named_argument(self) -> bool:
        at = self.at
        while self.tokens[at].kind in ("name", "number") or self.tokens[at].value in SIGNS_IN_NAMES:
            at += 1
        return at > self.at and self.tokens[self.at].kind == "name" and self.tokens[at].value == ":" and self.tokens[at].kind == "sign"
