"""FEEL, the expression language of DMN, whole and on its own.

Owns: reading, checking and running expressions and unary tests; their values.
Leaves: who supplies variables and functions to the host; decision tables to `engine.dmn`; timers that say `P3M` without quotes to the host,
which reads them with `parse_duration`.
Promises: imports nothing of ours; runs no Python of a diagram; reads no clock; what an expression may use is bounded.
Rule: DMN 1.5, chapter 10.3.
"""

from __future__ import annotations

from engine.feel.builtins import BUILTINS, Help, signatures
from engine.feel.control import invoke, make_function
from engine.feel.errors import EvaluationError, FeelError, SyntaxError
from engine.feel.expression import Expression, UnaryTests, compile, compile_unary, evaluate, unary_test
from engine.feel.expression import run as run_code
from engine.feel.lexer import is_plain_name
from engine.feel.literals import literal_tests, literal_value
from engine.feel.scope import Run, Scope
from engine.feel.temporal import add_months, at_literal, duration_text, parse_date, parse_date_and_time, parse_duration, parse_time
from engine.feel.temporal import text_of as temporal_text
from engine.feel.text import string_literal
from engine.feel.timeline import months_between
from engine.feel.types import Type, conforms, fitted, simple
from engine.feel.values import Function, Months, Range, adopt, compare, equal, kind
from engine.feel.wide import WideDate, WideDuration, WideMoment, WideTime

__all__ = [
    "BUILTINS", "EvaluationError", "Expression", "FeelError", "Function", "Help", "Months", "Range", "Run", "Scope", "SyntaxError",
    "Type", "UnaryTests", "WideDate", "WideDuration", "WideMoment", "WideTime", "add_months", "adopt", "at_literal", "compare", "compile",
    "compile_unary", "conforms", "duration_text", "equal", "evaluate", "fitted", "invoke", "is_plain_name", "kind", "literal_tests",
    "literal_value", "make_function", "months_between", "parse_date", "parse_date_and_time", "parse_duration", "parse_time", "run_code",
    "signatures", "simple", "string_literal", "temporal_text", "unary_test",
]
